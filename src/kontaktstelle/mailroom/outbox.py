"""The outbox: put a message in, within the transaction of the step that causes it; take it back; try it again.

Nothing is sent here. A step that is rolled back leaves no message behind, a step that is committed loses none.
"""

import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kontaktstelle.privacy import ledger, trail
from kontaktstelle.privacy.tenancy import acting_for
from kontaktstelle.refusal import StepRefused

from . import pace
from .addresses import MailAddress, PostalAddress, Recipient, Sender, SenderRefused
from .lifecycle import Kind, Status, Way, check_step
from .models import Dispatch, Enclosure
from .wording import Content, WordingWrong, wording


class IsBeingSent(StepRefused):
    """A worker is handing it over at this moment."""

    sentence = "Diese Nachricht wird gerade versandt. Bitte sehen Sie in einigen Minuten noch einmal nach."


class AlreadyErased(StepRefused):
    """Address and text were erased; there is nothing left to send."""

    sentence = "Anschrift und Text dieser Nachricht sind schon gelöscht. Bitte schreiben Sie eine neue."


def queue(
    template: str,
    *,
    to: Recipient,
    sender: Sender,
    kind: Kind,
    at: datetime,
    not_before: datetime | None = None,
    about: uuid.UUID | None = None,
    path: str | None = None,
    until: date | None = None,
) -> uuid.UUID:
    """Put one message for one recipient into the outbox, in the caller's transaction.

    Args:
        template: `<app>/mail/<name>`; see `wording`.
        to: who gets it: a `MailAddress` is sent, a `PostalAddress` printed. It is sealed here.
        sender: the office (`organisation.letterhead`); answers go to its address.
        kind: how urgent; `Kind.BUNDLED` waits for the next of two posting days a month.
        at: now, aware.
        not_before: when it may go out at the earliest.
        about: opaque number of what it concerns. Of Sammelpost: of the group it is gathered for.
        path: where on this site it leads, if the template names a link.
        until: the date it names, if the template names one.

    Returns:
        Its number, for `withdraw`.

    Raises:
        TransactionManagementError: outside a transaction, where it could be sent for a step that never happened.
        wording.WordingWrong: template and values do not fit.
        SenderRefused: a letter without the office's own address.
    """
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError(
            "A message belongs into the transaction of the step it tells of."
        )
    if isinstance(to, PostalAddress) and not (sender.street and sender.town):
        raise SenderRefused
    content = Content(wording(template).say(kind=kind, sender=sender, path=path, until=until), sender)
    if kind == Kind.BUNDLED:
        return _enclose(template, to, content, about=about, at=at, not_before=not_before)
    return new_dispatch(template, to, content, kind=kind, about=about, at=at, not_before=not_before)


def withdraw(*, about: uuid.UUID, by: str, at: datetime) -> int:
    """Take back whatever has not left yet about one thing (a withdrawn consent, an erased person), and erase it.

    Returns:
        How many messages were taken back. What a worker is handing over at this very moment is not among them.
    """
    with transaction.atomic():
        Enclosure.objects.filter(about=about).delete()
        open_ones = [Status.WAITING, Status.TO_PRINT, Status.FAILED]
        taken = [
            dispatch
            for dispatch in Dispatch.objects.select_for_update().filter(about=about, status__in=open_ones)
            if not _in_work(dispatch, at)
        ]
        for dispatch in taken:
            _end(dispatch, by=by, at=at)
        return len(taken)


def facts(about: Iterable[uuid.UUID]) -> list[tuple[datetime, str, str]]:
    """Return what is left of the post about some matters: when it was queued, its way and where it stands, in words."""
    rows = Dispatch.objects.filter(about__in=list(about)).order_by("queued_at", "id")
    return [(row.queued_at, str(Way(row.way).label), str(Status(row.status).label)) for row in rows]


@transaction.atomic
def cancel(number: uuid.UUID, *, by: str, at: datetime) -> None:
    """Take back one message that has not left, or lay a failed one aside; its address and text are erased.

    Raises:
        Dispatch.DoesNotExist: unknown, or another contact point's: these look alike.
        lifecycle.WrongStatus: it has left already.
        IsBeingSent: a worker has it in hand.
    """
    dispatch = Dispatch.objects.select_for_update().get(pk=number)
    if _in_work(dispatch, at):
        raise IsBeingSent
    _end(dispatch, by=by, at=at)


@transaction.atomic
def send_again(number: uuid.UUID, *, by: str, at: datetime) -> None:
    """Try a failed message again from the start.

    Raises:
        Dispatch.DoesNotExist: unknown, or another contact point's.
        lifecycle.WrongStatus: it did not fail.
        AlreadyErased: it failed more than a week ago.
    """
    dispatch = Dispatch.objects.select_for_update().get(pk=number)
    check_step(dispatch.status, Status.WAITING)
    if dispatch.recipient_sealed is None:
        raise AlreadyErased
    dispatch.status, dispatch.next_at, dispatch.done_at = Status.WAITING, at, None
    dispatch.tries, dispatch.first_tried_at = 0, None
    dispatch.reason, dispatch.reply_code = "", None
    dispatch.save()
    _tell(dispatch, "dispatch.sent_again", by=by, at=at)


def new_dispatch(
    template: str,
    to: Recipient,
    content: Content,
    *,
    kind: Kind,
    about: uuid.UUID | None,
    at: datetime,
    not_before: datetime | None = None,
    posting: pace.Posting | None = None,
) -> uuid.UUID:
    """Write the row of a dispatch and return its number (for this app: `queue` is the way in)."""
    dispatch = Dispatch(
        contact_point_id=content.sender.contact_point,
        template=template,
        kind=kind,
        way=way_of(to),
        status=Status.WAITING if way_of(to) == Way.MAIL else Status.TO_PRINT,
        about=about,
        queued_at=at,
        next_at=max(at, not_before or at),
        posting_month=posting.month if posting else None,
        posting_half=posting.half if posting else None,
    )
    dispatch.recipient, dispatch.content = written(to), content.as_json()
    with acting_for(content.sender.contact_point):
        dispatch.save(force_insert=True)
    return dispatch.pk


def way_of(to: Recipient) -> Way:
    """Return by which way a recipient is reached."""
    return Way.MAIL if isinstance(to, MailAddress) else Way.LETTER


def written(to: Recipient) -> str:
    """Return a recipient as the one text that is sealed."""
    return to.text if isinstance(to, MailAddress) else "\n".join(to.lines)


def read(way: str, text: str) -> Recipient:
    """Return the recipient that was sealed; what is not exactly one recipient is refused here a second time."""
    return MailAddress(text) if way == Way.MAIL else PostalAddress(tuple(text.split("\n")))


def _enclose(
    template: str,
    to: Recipient,
    content: Content,
    *,
    about: uuid.UUID | None,
    at: datetime,
    not_before: datetime | None,
) -> uuid.UUID:
    if about is None:
        raise WordingWrong("Sammelpost is gathered for a group: `about` is its number")
    posting = pace.next_posting(at)
    while not_before is not None and posting.at < not_before:
        posting = pace.next_posting(posting.at)
    piece = Enclosure(
        contact_point_id=content.sender.contact_point,
        template=template,
        about=about,
        way=way_of(to),
        posting_month=posting.month,
        posting_half=posting.half,
        queued_at=at,
    )
    piece.recipient, piece.content = written(to), content.as_json()
    with acting_for(content.sender.contact_point):
        piece.save(force_insert=True)
    return piece.pk


def _in_work(dispatch: Dispatch, at: datetime) -> bool:
    return dispatch.leased_until is not None and dispatch.leased_until > at


def _end(dispatch: Dispatch, *, by: str, at: datetime) -> None:
    check_step(dispatch.status, Status.CANCELLED)
    dispatch.status, dispatch.done_at, dispatch.reason = Status.CANCELLED, at, ""
    dispatch.recipient_sealed = dispatch.content_sealed = None
    dispatch.leased_until = dispatch.leased_by = None
    dispatch.save()
    ledger.record(Dispatch, [dispatch.pk], on=at.astimezone(pace.BERLIN).date(), stays=True)
    _tell(dispatch, "dispatch.cancelled", by=by, at=at)


def _tell(dispatch: Dispatch, action: str, *, by: str, at: datetime, **more: Any) -> None:
    trail.record(
        by,
        action,
        object_type="mailroom.dispatch",
        object_id=dispatch.pk,
        at=at,
        contact_point=dispatch.contact_point_id,
        **more,
    )
