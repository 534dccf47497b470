"""The log of activities: note what was done, once or several times; change it, take it out, and each back again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.keeping import ChangedMeanwhile, once, once_many
from kontaktstelle.groups.importing.cells import cleaned
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import kinds
from .models import ActivityRecord

LONGEST_TEXT = 200
MOST_TIMES = 999
MOST_REACHED = 9_999_999
MOST_MINUTES = 600_000
YEARS_BACK = 12


class DayUnfit(StepRefused):
    """A day that has not come, or lies so far back that it is a slip."""

    sentence = "Dieser Tag liegt in der Zukunft oder zu weit zurück. Bitte prüfen Sie ihn."


class NumberUnfit(StepRefused):
    """A number nobody reached."""

    sentence = "Diese Zahl ist zu groß oder keine. Bitte prüfen Sie sie."


class PlaceUnfit(StepRefused):
    """A site, or a group, of nobody here."""

    sentence = "Das gehört nicht zu Ihrer Kontaktstelle."


class NothingToUndo(StepRefused):
    """Nothing was changed, or somebody changed it since."""

    sentence = "Hier lässt sich nichts zurücknehmen: Es wurde nichts geändert."


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says.

    Args:
        kind: a key of `kinds`.
        month: any day of it.
        day: the day, where it is known; then the month is its.
        times: how often; several at once are one record.
        reached: people, pieces or groups, as the kind counts; None if nobody counted.
        waiting: who found no place.
        minutes: how long in all.
        site: at which site, if at one.
        text: what it was about, in words that may be printed; names nobody who asked.
        group: number of a group it had to do with.
        founding: number of a founding.
    """

    kind: str
    month: date
    day: date | None = None
    times: int = 1
    reached: int | None = None
    waiting: int | None = None
    minutes: int | None = None
    site: Site | None = None
    text: str = ""
    group: UUID | None = None
    founding: UUID | None = None


@once(ActivityRecord)
def note(facts: Facts, *, by: Staff, at: datetime, form_key: UUID | None = None) -> ActivityRecord:
    """Note an activity of the office being acted for.

    Args:
        facts: what it was.
        by: who notes it; the record keeps no staff, the trail does.
        at: when.
        form_key: of the form, so that a double click counts once.

    Raises:
        DayUnfit, NumberUnfit, PlaceUnfit, kinds.UnknownKind: as their sentences say.
        rights.NotAllowed: not for this person.
    """
    _check_may(by)
    return _made(facts, by=by, at=at)


@once_many(ActivityRecord)
def note_all(
    several: Sequence[Facts], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> list[ActivityRecord]:
    """Note several activities, all of them or none; raises what `note` raises."""
    _check_may(by)
    return [_made(facts, by=by, at=at) for facts in several]


@transaction.atomic
def change(record: ActivityRecord, facts: Facts, *, by: Staff, at: datetime, seen: int) -> ActivityRecord:
    """Change a record; what stood there stays for `undo`.

    Raises:
        ChangedMeanwhile: the page showed another version; and what `note` raises.
    """
    _check_may(by)
    stored = _locked(record, seen=seen)
    before = _stored(stored)
    _put(stored, facts, at=at)
    if _stored(stored) == before:
        return stored
    stored.before = before
    return _kept(stored, "activity.changed", by=by, at=at)


@transaction.atomic
def undo(record: ActivityRecord, *, by: Staff, at: datetime, seen: int) -> ActivityRecord:
    """Take the last change back, exactly.

    Raises:
        NothingToUndo, ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    _check_may(by)
    stored = _locked(record, seen=seen)
    if not stored.before:
        raise NothingToUndo
    for name, value in stored.before.items():
        setattr(stored, name, date.fromisoformat(value) if name in {"month", "day"} and value else value)
    stored.before = {}
    return _kept(stored, "activity.undone", by=by, at=at)


@transaction.atomic
def take_out(record: ActivityRecord, *, by: Staff, at: datetime) -> None:
    """Take a record out; taken out twice it stays so.

    Raises:
        rights.NotAllowed: not for this person.
    """
    _check_may(by)
    for stored in ActivityRecord.objects.select_for_update().filter(pk=record.pk):
        _traced("activity.taken-out", stored, by=by, at=at)
        stored.delete()


def record_for(by: Staff, number: UUID) -> ActivityRecord:
    """Return a record of the contact point being acted for, or 404."""
    try:
        _check_may(by)
        return ActivityRecord.objects.select_related("site").get(pk=number)  # type: ignore[no-any-return]
    except (rights.NotAllowed, ActivityRecord.DoesNotExist) as error:
        raise Http404 from error


def of_months(first: date, last: date) -> list[ActivityRecord]:
    """Return the records of some months, both included by their first days, latest first."""
    found = ActivityRecord.objects.filter(month__gte=first, month__lte=last).select_related("site")
    return sorted(found, key=lambda row: (row.month, row.day or row.month, row.entered_at), reverse=True)


def last_noted() -> ActivityRecord | None:
    """Return what was noted last: to be copied, or taken back."""
    row: ActivityRecord | None = ActivityRecord.objects.order_by("-entered_at", "pk").first()
    return row


def facts_of(record: ActivityRecord) -> Facts:
    """Return what a record says."""
    return Facts(**{name: getattr(record, name) for name in Facts.__dataclass_fields__})


def _check_may(by: Staff) -> None:
    rights.check(by, Right.LOG_CONTACT, current())


def _made(facts: Facts, *, by: Staff, at: datetime) -> ActivityRecord:
    record = ActivityRecord(contact_point_id=current(), entered_at=at)
    _put(record, facts, at=at)
    record.save(force_insert=True)
    _traced("activity.noted", record, by=by, at=at)
    return record


def _put(record: ActivityRecord, facts: Facts, *, at: datetime) -> None:
    today = days.local_day(at)
    month = days.month_of(facts.day or facts.month)
    earliest = date(today.year - YEARS_BACK, 1, 1)
    if month < earliest or month > today or (facts.day is not None and facts.day > today):
        raise DayUnfit
    kinds.checked(facts.kind, year=month.year)
    for number, least, most in (
        (facts.times, 1, MOST_TIMES),
        (facts.reached, 0, MOST_REACHED),
        (facts.waiting, 0, MOST_REACHED),
        (facts.minutes, 0, MOST_MINUTES),
    ):
        if number is not None and not least <= number <= most:
            raise NumberUnfit
    if facts.site is not None and facts.site.contact_point_id != current():
        raise PlaceUnfit
    if facts.group is not None and not Group.objects.filter(pk=facts.group).exists():
        raise PlaceUnfit
    for name in Facts.__dataclass_fields__:
        setattr(record, name, getattr(facts, name))
    record.month, record.text = month, " ".join(cleaned(facts.text).split())[:LONGEST_TEXT]


def _stored(record: ActivityRecord) -> dict[str, Any]:
    """Return what a record says as JSON can hold it, by column."""
    said = {
        name: getattr(record, name)
        for name in ("kind", "month", "day", "times", "reached", "waiting", "minutes", "site_id", "text")
    }
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in said.items()}


def _locked(record: ActivityRecord, *, seen: int) -> ActivityRecord:
    stored: ActivityRecord | None = ActivityRecord.objects.select_for_update().filter(pk=record.pk).first()
    if stored is None or stored.version != seen:
        raise ChangedMeanwhile
    return stored


def _kept(record: ActivityRecord, action: str, *, by: Staff, at: datetime) -> ActivityRecord:
    record.version += 1
    record.save()
    _traced(action, record, by=by, at=at)
    return record


def _traced(action: str, record: ActivityRecord, *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk),
        action,
        object_type="activities.activityrecord",
        object_id=record.pk,
        at=at,
        contact_point=record.contact_point_id,
    )
