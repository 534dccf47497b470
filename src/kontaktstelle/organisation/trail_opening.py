"""Das Zugriffsprotokoll öffnen: for a written reason, confirmed by a second person, so many days of one office, for 24 hours.

Nobody opens it alone. The Datenschutz asks; who leads, or a second Datenschutz, confirms. Names of staff are put beside their
numbers only here; what a line is about stays a mark that leads back to nobody. Asking, confirming, opening and every look are
themselves in the trail.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.refusal import StepRefused

from . import four_eyes, rights
from .hours import BERLIN
from .models import ContactPoint, DelicateStep, Staff
from .rights import Right
from .tenancy import current

KIND = "trail.opened"
OPEN_FOR = timedelta(hours=24)
MOST_DAYS = 31
MARK = 8


class SpanWrong(StepRefused):
    """No span, one that lies ahead, or a longer one than is looked through for one reason."""

    sentence = "Bitte nennen Sie einen ersten und einen letzten Tag, nicht in der Zukunft, höchstens 31 Tage."


class NotOpen(StepRefused):
    """Not opened yet, or over."""

    sentence = (
        "Dieses Protokoll ist nicht offen. Es schließt sich nach 24 Stunden; veranlassen Sie es bitte neu."
    )


class NotThere(NotOpen):
    """No such opening at this office: it looks like one that never was."""


@dataclass(frozen=True, slots=True)
class Opening:
    """One opening of the trail: which days, why, who; from when until when it is open."""

    number: UUID
    first: date
    last: date
    reason: str
    asked_by: Staff
    asked_at: datetime
    confirmed_by: Staff | None
    opened_at: datetime | None
    closes_at: datetime | None

    def is_open(self, at: datetime) -> bool:
        """Say whether it can be looked into at a moment."""
        return self.closes_at is not None and at < self.closes_at


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it is shown: the step, when, who, and a mark of what it was about; the same mark is the same thing."""

    number: int
    at: datetime
    who: str
    action: str
    about: str
    mark: str
    fields: str


@transaction.atomic
def ask(first: date | None, last: date | None, *, reason: str, contact_point: ContactPoint, by: Staff, at: datetime) -> Opening:  # fmt: skip
    """Ask for days of an office's trail.

    Args:
        first: the first day.
        last: the last day.
        reason: why, in a sentence; kept sealed, and read by whoever confirms.
        contact_point: of which office.
        by: who asks.
        at: now.

    Raises:
        rights.NotAllowed, SpanWrong, four_eyes.ReasonMissing, four_eyes.AskedAlready: as their sentences say.
    """
    rights.check(by, Right.SEE_TRAIL, contact_point)
    today = at.astimezone(BERLIN).date()
    if first is None or last is None or not first <= last <= today or (last - first).days >= MOST_DAYS:
        raise SpanWrong
    step = four_eyes.ask(
        KIND, f"{first}/{last}", right=Right.SEE_TRAIL, reason=reason, contact_point=contact_point, by=by, at=at
    )  # fmt: skip
    return _opening(step)


def confirm(number: UUID, *, by: Staff, at: datetime) -> None:
    """Confirm as the second person: who leads, or a second Datenschutz.

    Raises:
        rights.NotAllowed, four_eyes.SecondPersonNeeded, four_eyes.TooNewToConfirm, four_eyes.NoLongerOpen: as their sentences say.
    """
    four_eyes.confirm(_step(number), right=Right.CONFIRM_TRAIL, by=by, at=at)


def withdraw(number: UUID, *, by: Staff, at: datetime) -> None:
    """Take back, or refuse, what waits.

    Raises:
        rights.NotAllowed, four_eyes.NoLongerOpen: as their sentences say.
    """
    four_eyes.withdraw(_step(number), right=Right.CONFIRM_TRAIL, by=by, at=at)


def open_now(number: UUID, *, by: Staff, at: datetime) -> None:
    """Open what is confirmed, once; it closes by itself.

    Raises:
        rights.NotAllowed, four_eyes.StillWaiting, four_eyes.NoLongerOpen: as their sentences say.
    """
    four_eyes.carry_out(_step(number), lambda: None, right=Right.SEE_TRAIL, by=by, at=at, takes_two=True)


def openings(*, by: Staff, at: datetime) -> list[Opening]:
    """Return what waits and what is open at the contact point being acted for, oldest first.

    Raises:
        rights.NotAllowed: neither to open nor to confirm is theirs.
    """
    rights.check(by, Right.CONFIRM_TRAIL, current())
    waiting = four_eyes.waiting(at=at, kind=KIND)
    done = DelicateStep.objects.filter(kind=KIND, done_at__gt=at - OPEN_FOR).order_by("asked_at")
    return [_opening(step) for step in [*waiting, *done]]


def opening(number: UUID, *, by: Staff) -> Opening:
    """Return one opening.

    Raises:
        rights.NotAllowed: it is not for this person.
        NotThere: there is none here.
    """
    rights.check(by, Right.CONFIRM_TRAIL, current())
    return _opening(_step(number))


@transaction.atomic
def lines(
    number: UUID,
    *,
    by: Staff,
    at: datetime,
    actor: str = "",
    about: Collection[tuple[str, object]] | None = None,
) -> list[Line]:
    """Look into an opened trail, oldest line first; the look is a line of its own.

    Args:
        number: of the opening.
        by: who looks.
        at: now.
        actor: only what this one did, as the trail knows them.
        about: only what was about one of these rows: label and key of each.

    Raises:
        rights.NotAllowed: it is not for this person.
        NotOpen: it is not open, or not any more.
    """
    rights.check(by, Right.SEE_TRAIL, current())
    found = _opening(_step(number))
    if not found.is_open(at):
        raise NotOpen
    rows = TrailEntry.objects.filter(contact_point=current(), **_span(found.first, found.last))
    if actor:
        rows = rows.filter(actor=actor)
    if about is not None:
        rows = rows.filter(object_mac__in=[trail.object_mac(label, key) for label, key in about])
    shown = list(rows.order_by("number"))
    trail.record(
        str(by.pk), "trail.read", object_type="organisation.delicatestep", object_id=number, at=at, contact_point=current()
    )  # fmt: skip
    names = _names({row.actor for row in shown})
    return [
        Line(
            row.number,
            row.at.astimezone(BERLIN),
            names.get(row.actor, row.actor),
            row.action,
            row.object_type,
            row.object_mac[:MARK],
            row.fields,
        )
        for row in shown
    ]


def who_acted(number: UUID, *, by: Staff, at: datetime) -> list[tuple[str, str]]:
    """Return who acted in an opened span: as the trail knows them, and by name; for the choice on the page.

    Raises:
        rights.NotAllowed, NotOpen: as their sentences say.
    """
    rights.check(by, Right.SEE_TRAIL, current())
    found = _opening(_step(number))
    if not found.is_open(at):
        raise NotOpen
    rows = TrailEntry.objects.filter(contact_point=current(), **_span(found.first, found.last))
    actors = set(rows.values_list("actor", flat=True).distinct())
    names = _names(actors)
    return sorted(((each, names.get(each, each)) for each in actors), key=lambda pair: pair[1].casefold())


def broken_at(*, by: Staff) -> int | None:
    """Return the number of the first line of this office that was changed or is missing; None if the chain is unbroken.

    Raises:
        rights.NotAllowed: it is not for this person.
    """
    rights.check(by, Right.SEE_TRAIL, current())
    return trail.broken_at(current())


def _step(number: UUID) -> DelicateStep:
    step: DelicateStep | None = DelicateStep.objects.filter(pk=number, kind=KIND).first()
    if step is None:
        raise NotThere
    return step


def _opening(step: DelicateStep) -> Opening:
    first, last = (date.fromisoformat(day) for day in step.object_id.split("/"))
    return Opening(
        number=step.pk,
        first=first,
        last=last,
        reason=step.reason or "",
        asked_by=step.asked_by,
        asked_at=step.asked_at,
        confirmed_by=step.confirmed_by,
        opened_at=step.done_at,
        closes_at=step.done_at + OPEN_FOR if step.done_at else None,
    )


def _span(first: date, last: date) -> dict[str, datetime]:
    return {
        "at__gte": datetime.combine(first, time.min, tzinfo=BERLIN),
        "at__lt": datetime.combine(last + timedelta(days=1), time.min, tzinfo=BERLIN),
    }


def _names(actors: Collection[str]) -> dict[str, str]:
    numbers = [each for each in actors if _is_number(each)]
    return {str(each.pk): each.name or each.email for each in Staff.objects.filter(pk__in=numbers)}


def _is_number(actor: str) -> bool:
    try:
        UUID(actor)
    except ValueError:
        return False
    return True
