"""What became of a telling: its mail left, its letter was printed, it came back, somebody called, it is not needed any more."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models, transaction

from kontaktstelle.mailroom.lifecycle import Kind, Status
from kontaktstelle.mailroom.models import Dispatch, Enclosure
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy.retention import day as day_of

from .applications import declines, submits, wants
from .lifecycle import TELLING_STEPS, TellingStatus, check_step
from .models import Application, Telling
from .moving import move, trace
from .telling import ACTOR, Due, call_instead

_LEFT = {Status.SENT: TellingStatus.TOLD, Status.PRINTED: TellingStatus.TOLD}
_CAME_TO_NOTHING = {Status.FAILED, Status.CANCELLED}


class Said(models.TextChoices):
    """What came of a call."""

    TOLD = "told", "erreicht und gesagt"
    WANTS = "wants", "will einen Antrag stellen"
    SUBMITTED = "submitted", "hat den Antrag schon gestellt"
    DECLINES = "declines", "will nicht"
    NOBODY = "nobody", "niemand erreicht"


def settle(*, at: datetime) -> int:
    """Look after what is on its way, for the office being acted for; and give up calls whose deadline has passed.

    The mailroom forgets a dispatch after a month; here the fact and its moment stay, for they are the proof.

    Returns:
        How many tellings moved.
    """
    moved = 0
    for telling in Telling.objects.filter(status=TellingStatus.ON_ITS_WAY).select_related("group", "round"):
        moved += _settle_one(telling, at=at)
    passed = Telling.objects.filter(status=TellingStatus.TO_CALL, due_on__lt=day_of(at))
    for telling in passed:
        with transaction.atomic():
            move(telling.pk, TellingStatus.NOT_REACHED, by=ACTOR, at=at)
            moved += 1
    return moved


@transaction.atomic
def called(number: UUID, said: Said, *, by: Staff, at: datetime) -> Telling:
    """Note a call: what the group said, or that nobody was there (then it stays to be made).

    Args:
        number: of the telling.
        said: what came of it.
        by: who called.
        at: when.

    Raises:
        Telling.DoesNotExist: unknown, or another contact point's.
        lifecycle.WrongStatus: the call was made already.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.FUNDING, current())
    telling: Telling = Telling.objects.select_for_update().get(pk=number)
    if said == Said.NOBODY:
        check_step(TELLING_STEPS, TellingStatus(telling.status), TellingStatus.TOLD)
        telling.tries += 1
        telling.save(update_fields=["tries"])
        trace(telling, "telling.nobody", by=str(by.pk), at=at)
        return telling
    telling = move(number, TellingStatus.TOLD, by=str(by.pk), at=at)
    application = Application.objects.filter(group=telling.group_id, round=telling.round_id).first()
    step = {Said.WANTS: wants, Said.SUBMITTED: submits, Said.DECLINES: declines}.get(said)
    if application is not None and step is not None:
        step(application.pk, by=by, at=at)
    return telling


@transaction.atomic
def on_bounced(*, number: UUID, about: UUID | None, contact_point: int, **_: Any) -> None:
    """Hear that a message came back: the telling failed, and somebody is asked to call."""
    with acting_for(contact_point):
        at = Dispatch.objects.get(pk=number).done_at
        its = models.Q(dispatch=number)
        if about is not None:
            # What went with the Sammelpost is known by its group.
            its |= models.Q(group=about, about__in=[Telling.About.NONE, Telling.About.ALL_YEAR])
        for telling in Telling.objects.filter(its, status=TellingStatus.ON_ITS_WAY).select_related(
            "group", "round"
        ):
            _failed(telling, at=at)


def _settle_one(telling: Telling, *, at: datetime) -> int:
    if Enclosure.objects.filter(pk=telling.dispatch).exists():
        return 0  # it waits for its posting day
    dispatch = _dispatch_of(telling)
    status = Status(dispatch.status) if dispatch is not None else Status.CANCELLED
    with transaction.atomic():
        if status in _LEFT:
            when = dispatch.done_at if dispatch is not None and dispatch.done_at else at
            move(telling.pk, _LEFT[status], by=ACTOR, at=when)
            return 1
        if status in _CAME_TO_NOTHING:
            _failed(telling, at=at)
            return 1
    return 0


def _dispatch_of(telling: Telling) -> Dispatch | None:
    if telling.due_on is not None:
        return Dispatch.objects.filter(pk=telling.dispatch).first()
    bundles = Dispatch.objects.filter(
        about=telling.group_id, kind=Kind.BUNDLED, queued_at__gt=telling.made_at
    )
    return bundles.order_by("queued_at").first()


def _failed(telling: Telling, *, at: datetime) -> None:
    move(telling.pk, TellingStatus.FAILED, by=ACTOR, at=at)
    call_instead(Due.of(telling), Telling.Step.BOUNCE, at=at)
