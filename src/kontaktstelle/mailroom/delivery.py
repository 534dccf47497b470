"""Sending: take a message on lease, hand it over, mark it. At least once, and as a rule once.

A worker that dies before the server answered leaves the message waiting, and its lease runs out; one that dies after
the answer sends the same bytes with the same Message-ID again. What was taken is erased in the transaction that marks it.
"""

import logging
import time
import uuid
from datetime import datetime, timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet

from kontaktstelle.privacy import ledger
from kontaktstelle.privacy.keys import KeyUnavailable
from kontaktstelle.privacy.tenancy import acting_for

from . import bundling, carriers, pace
from .addresses import MailAddress
from .lifecycle import Reason, Status, Way
from .models import Dispatch, Outage
from .serialising import Mail
from .signals import bounced
from .wording import Content, whole_text

# One round ends soon, so that the worker hears when it is to stop; the next follows at once.
SECONDS_A_ROUND, MESSAGES_A_ROUND = 10, 50
BROKEN_LINES_A_ROUND = 3
# What is left of a lease when the text is handed over must be enough for the server's answer.
TO_HAND_OVER = timedelta(minutes=1)

logger = logging.getLogger("kontaktstelle.mailroom")


class _Clock:
    """The time that was told, and what has passed since."""

    def __init__(self, at: datetime) -> None:
        self.told, self.started = at, time.monotonic()

    @property
    def passed(self) -> float:
        return time.monotonic() - self.started

    @property
    def now(self) -> datetime:
        return self.told + timedelta(seconds=self.passed)


def work_once(at: datetime) -> int:
    """Make the bundles that are due and send what is due, for some seconds at most.

    Args:
        at: now, aware.

    Returns:
        How many messages were handed over; if more than none, there may be more to do at once.
    """
    clock = _Clock(at)
    bundling.gather(at=at)
    if not _due(at).exists() or Outage.objects.filter(retry_at__gt=at).exists():
        return 0
    sent, broken, connected = 0, 0, False
    with carriers.carrier() as carrier:
        for _ in range(MESSAGES_A_ROUND):
            try:
                carrier.be_ready()
            except carriers.ServerAway as away:
                _note_outage(away.cause, at=clock.now)
                break
            if not connected:
                connected = True
                Outage.objects.all().delete()
            dispatch = _lease(clock.now)
            if dispatch is None:
                break
            outcome = _hand_over(dispatch, carrier, clock)
            sent += outcome is True
            broken += outcome is None
            if broken >= BROKEN_LINES_A_ROUND or clock.passed > SECONDS_A_ROUND:
                break
    return sent


def _due(at: datetime) -> QuerySet[Dispatch]:
    free = Q(leased_until__isnull=True) | Q(leased_until__lte=at)
    due: QuerySet[Dispatch] = Dispatch.objects.everywhere().filter(
        free, status=Status.WAITING, next_at__lte=at
    )
    return due.order_by("next_at", "id")


@transaction.atomic
def _lease(at: datetime) -> Dispatch | None:
    """Take the message that has waited longest and that nobody else has in hand.

    PostgreSQL skips what another worker looks at; on SQLite the transaction itself keeps others out.
    """
    dispatch: Dispatch | None = _due(at).select_for_update(skip_locked=True).first()
    if dispatch is not None:
        dispatch.leased_by, dispatch.leased_until = uuid.uuid4(), at + pace.LEASE
        dispatch.tries, dispatch.first_tried_at = dispatch.tries + 1, dispatch.first_tried_at or at
        with acting_for(dispatch.contact_point_id):
            dispatch.save(update_fields=["leased_by", "leased_until", "tries", "first_tried_at"])
    return dispatch


def _hand_over(dispatch: Dispatch, carrier: carriers.Carrier, clock: _Clock) -> bool | None:
    """Send one message and mark what became of it.

    Returns:
        True if it was taken, False if not, None if the line broke.
    """
    try:
        carrier.carry(_mail(dispatch), still_mine=lambda: _is_mine(dispatch, clock.now))
    except carriers.NotNow as refused:
        _later(dispatch, refused.reply_code or None, at=clock.now)
        return False if refused.reply_code else None
    except carriers.Never as refused:
        _fail(_mine(dispatch), Reason.REFUSED, at=clock.now, reply_code=refused.reply_code)
    except KeyUnavailable:
        _later(dispatch, None, at=clock.now)
    except carriers.ServerAway as away:
        _later(dispatch, None, at=clock.now)
        _note_outage(away.cause, at=clock.now)
        return None
    except DatabaseError:
        raise  # that is no fault of the message: its lease runs out and it is tried again
    except Exception:
        # Sealed wrongly, not one recipient, not the allowed bytes, or something nobody thought of: whatever a message
        # does to the code, it is put aside once and does not come again for ever.
        logger.warning("mail put aside", exc_info=True)
        _fail(_mine(dispatch), Reason.POISON, at=clock.now)
    else:
        _mark_sent(dispatch, at=clock.now)
        return True
    return False


def _mail(dispatch: Dispatch) -> Mail:
    content = Content.from_json(dispatch.content or "")
    office = MailAddress(content.sender.email)
    return Mail(
        number=dispatch.pk.hex,
        to=MailAddress(dispatch.recipient or ""),
        origin=carriers.origin(office),
        name=content.sender.name,
        reply_to=office,
        subject=content.piece.subject,
        text=whole_text(content, way=Way.MAIL),
        on=dispatch.queued_at,
    )


def _mine(dispatch: Dispatch) -> QuerySet[Dispatch]:
    mine: QuerySet[Dispatch] = Dispatch.objects.everywhere().filter(
        pk=dispatch.pk, status=Status.WAITING, leased_by=dispatch.leased_by
    )
    return mine


def _is_mine(dispatch: Dispatch, at: datetime) -> bool:
    return _mine(dispatch).filter(leased_until__gt=at + TO_HAND_OVER).exists()


@transaction.atomic
def _mark_sent(dispatch: Dispatch, *, at: datetime) -> None:
    """Mark and erase in one: whoever holds the lease by now, the server has it."""
    ledger.record(Dispatch, [dispatch.pk], on=at.astimezone(pace.BERLIN).date(), stays=True)
    Dispatch.objects.everywhere().filter(pk=dispatch.pk, status=Status.WAITING).update(
        status=Status.SENT,
        done_at=at,
        recipient_sealed=None,
        content_sealed=None,
        leased_until=None,
        leased_by=None,
        reply_code=None,
    )


def _later(dispatch: Dispatch, reply_code: int | None, *, at: datetime) -> None:
    """Let a message wait for its next try; after three days of tries it is shown to the desk instead."""
    if dispatch.first_tried_at is not None and at - dispatch.first_tried_at >= pace.TRIES_FOR:
        _fail(_mine(dispatch), Reason.GIVEN_UP, at=at, reply_code=reply_code)
        return
    _mine(dispatch).update(
        next_at=at + pace.wait_after(dispatch.tries), leased_until=None, leased_by=None, reply_code=reply_code
    )


@transaction.atomic
def _fail(which: QuerySet[Dispatch], reason: Reason, *, at: datetime, reply_code: int | None = None) -> None:
    """Show messages to the desk as not delivered; they keep their content for a week, to be sent again."""
    for dispatch in which.select_for_update():
        Dispatch.objects.everywhere().filter(pk=dispatch.pk).update(
            status=Status.FAILED,
            reason=reason,
            reply_code=reply_code,
            done_at=at,
            leased_until=None,
            leased_by=None,
        )
        bounced.send(
            sender=Dispatch,
            number=dispatch.pk,
            about=dispatch.about,
            contact_point=dispatch.contact_point_id,
            reason=reason,
        )


@transaction.atomic
def _note_outage(cause: Outage.Cause, *, at: datetime) -> None:
    """Leave the server alone for a while. No message's own tries are counted, but its three days run."""
    beginning = {"since": at, "tries": 0, "retry_at": at, "cause": cause}
    outage, _ = Outage.objects.select_for_update().get_or_create(pk=1, defaults=beginning)
    outage.tries, outage.cause = outage.tries + 1, cause
    outage.retry_at = at + pace.outage_wait(outage.tries)
    outage.save()
    _due(at).filter(first_tried_at__isnull=True).update(first_tried_at=at)
    _fail(_due(at).filter(first_tried_at__lte=at - pace.TRIES_FOR), Reason.GIVEN_UP, at=at)
