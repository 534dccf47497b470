"""Four eyes, and the form for an office of one: a delicate step is confirmed by a second person, or waits.

Alone it takes all three: two days, a call-back on the number already stored (never on a new one), and a written
reason. Every part is in the trail; whoever comes to the office later can see and take back what still waits.
"""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import IntegrityError, transaction

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import rights
from .models import ContactPoint, DelicateStep, Staff
from .rights import Right

ALONE_AFTER = timedelta(hours=48)
GOOD_FOR = timedelta(days=14)
SHORTEST_REASON = 10
Result = TypeVar("Result")


class ReasonMissing(StepRefused):
    """Nobody will understand later why this was done."""

    sentence = "Bitte schreiben Sie in einem Satz, warum das nötig ist."


class AskedAlready(StepRefused):
    """The same step waits already."""

    sentence = "Dieser Schritt ist schon veranlasst und wartet auf Bestätigung."


class SecondPersonNeeded(StepRefused):
    """One person is not two."""

    sentence = "Bestätigen muss eine zweite Person. Allein geht es nach 48 Stunden und einem Rückruf."


class TooNewToConfirm(StepRefused):
    """The right to confirm was given only now: perhaps by whoever asked."""

    sentence = "Bestätigen kann, wer dieses Recht hier seit mindestens 48 Stunden hat."


class StillWaiting(StepRefused):
    """Neither confirmed nor waited and called back."""

    sentence = (
        "Dieser Schritt wartet noch: auf die Bestätigung einer zweiten Person, oder auf den Rückruf unter der "
        "gespeicherten Nummer und 48 Stunden."
    )


class NoLongerOpen(StepRefused):
    """Done, taken back, or asked for too long ago."""

    sentence = "Dieser Schritt ist erledigt, zurückgenommen oder zu lange her. Bitte veranlassen Sie ihn neu."


@transaction.atomic
def ask(
    kind: str,
    object_id: object,
    *,
    right: Right,
    reason: str,
    contact_point: ContactPoint,
    by: Staff,
    at: datetime,
) -> DelicateStep:
    """Ask for a delicate step.

    Args:
        kind: verb of the field, e.g. `staff.access_renewed`.
        object_id: key of the row it is about.
        right: what the step takes; whoever asks holds it.
        reason: why, in a sentence; kept sealed.
        contact_point: where.
        by: who asks.
        at: when.

    Raises:
        rights.NotAllowed: the right is missing.
        ReasonMissing: no reason.
        AskedAlready: it waits already.
    """
    rights.check(by, right, contact_point)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    DelicateStep.objects.filter(
        kind=kind, object_id=str(object_id), done_at=None, withdrawn_at=None, asked_at__lt=at - GOOD_FOR
    ).update(withdrawn_at=at)
    step = DelicateStep(
        contact_point=contact_point, kind=kind, object_id=str(object_id), asked_by=by, asked_at=at
    )
    step.reason = reason.strip()
    try:
        with transaction.atomic():
            step.save(force_insert=True)
    except IntegrityError as error:
        raise AskedAlready from error
    _trace(step, "asked", by, at)
    return step


@transaction.atomic
def confirm(step: DelicateStep, *, right: Right, by: Staff, at: datetime) -> DelicateStep:
    """Confirm somebody else's step.

    Args:
        step: which.
        right: what confirming takes; it may be another right than asking takes.
        by: who.
        at: now.

    Raises:
        rights.NotAllowed: the right is missing.
        SecondPersonNeeded: it is one's own, or about oneself.
        TooNewToConfirm: they hold the right for less than `ALONE_AFTER`.
        NoLongerOpen: it is not open.
    """
    step = _open(step, at)
    rights.check(by, right, step.contact_point_id)
    if by.pk == step.asked_by_id or str(by.pk) == step.object_id:
        raise SecondPersonNeeded
    # Otherwise one person could invite the second pair of eyes and be it.
    if not rights.has_held(by, right, step.contact_point_id, since=at - ALONE_AFTER):
        raise TooNewToConfirm
    step.confirmed_by, step.confirmed_at = by, at
    step.save(update_fields=["confirmed_by", "confirmed_at"])
    _trace(step, "confirmed", by, at)
    return step


@transaction.atomic
def called_back(step: DelicateStep, *, right: Right, by: Staff, at: datetime) -> DelicateStep:
    """Record that the person concerned was called on the number already stored and agreed.

    Raises:
        rights.NotAllowed: the right is missing.
        NoLongerOpen: it is not open.
    """
    step = _open(step, at)
    rights.check(by, right, step.contact_point_id)
    step.called_back_at = at
    step.save(update_fields=["called_back_at"])
    _trace(step, "called_back", by, at)
    return step


@transaction.atomic
def withdraw(step: DelicateStep, *, right: Right, by: Staff, at: datetime) -> None:
    """Take a waiting step back; anybody with the right may, and whoever it is about.

    Raises:
        rights.NotAllowed: the right is missing.
        NoLongerOpen: it is not open.
    """
    step = _open(step, at)
    if str(by.pk) != step.object_id:
        rights.check(by, right, step.contact_point_id)
    step.withdrawn_at = at
    step.save(update_fields=["withdrawn_at"])
    _trace(step, "withdrawn", by, at)


@transaction.atomic
def carry_out(
    step: DelicateStep,
    act: Callable[[], Result],
    *,
    right: Right,
    by: Staff,
    at: datetime,
    takes_two: bool = False,
) -> Result:
    """Do the step, once; both or neither: if `act` refuses, the step stays open.

    Args:
        step: which.
        act: what is done.
        right: what it takes.
        by: who does it.
        at: now.
        takes_two: waiting and a call-back are not enough: a second person has confirmed.

    Raises:
        rights.NotAllowed: the right is missing.
        NoLongerOpen: it is not open.
        StillWaiting: not confirmed, and not called back and waited.
    """
    step = _open(step, at)
    rights.check(by, right, step.contact_point_id)
    if not is_ready(step, at) or (takes_two and step.confirmed_at is None):
        raise StillWaiting
    step.done_at = at
    step.save(update_fields=["done_at"])
    _trace(step, "done", by, at)
    return act()


def forget_reasons(kind: str, object_ids: Iterable[object]) -> None:
    """Erase why steps were asked for, when what they were about is erased; that they were taken stays."""
    DelicateStep.objects.filter(kind=kind, object_id__in=[str(each) for each in object_ids]).update(
        reason_sealed=None
    )


def is_ready(step: DelicateStep, at: datetime) -> bool:
    """Say whether a step may be carried out now."""
    alone = step.called_back_at is not None and at >= step.asked_at + ALONE_AFTER
    return step.confirmed_at is not None or alone


def about(somebody: Staff, *, at: datetime) -> list[DelicateStep]:
    """Return the open steps about somebody that another person asked for: they are told, and may take them back."""
    return [
        step
        for step in waiting(at=at)
        if step.object_id == str(somebody.pk) and step.asked_by_id != somebody.pk
    ]


def waiting(*, at: datetime, kind: str = "") -> list[DelicateStep]:
    """Return the open steps of the contact point being acted for, oldest first."""
    steps = DelicateStep.objects.filter(done_at=None, withdrawn_at=None, asked_at__gte=at - GOOD_FOR)
    return list((steps.filter(kind=kind) if kind else steps).order_by("asked_at"))


def _open(step: DelicateStep, at: datetime) -> DelicateStep:
    row: DelicateStep | None = (
        DelicateStep.objects.select_for_update()
        .filter(pk=step.pk, done_at=None, withdrawn_at=None, asked_at__gte=at - GOOD_FOR)
        .first()
    )
    if row is None:
        raise NoLongerOpen
    return row


def _trace(step: DelicateStep, what: str, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk),
        f"four_eyes.{what}",
        object_type="organisation.delicatestep",
        object_id=step.pk,
        at=at,
        contact_point=step.contact_point_id,
        fields=[step.kind],
    )
