"""The register of programmes and rounds: load what is shipped, add and check what an office knows, carry it into the next year.

A date is worth what somebody's check is worth: nothing shipped is checked, a changed date is not checked any more, and a round
carried into the next year is not checked either. `checked_rounds` is the only way from here to a group.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import Max, Q, QuerySet

from kontaktstelle.network import checking
from kontaktstelle.network.lands import LANDS
from kontaktstelle.network.models import RegisterRow
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics.tree import rows

from .models import FundingRound, Programme

DATA = Path(__file__).parent / "data"
ROLLS_FROM_MONTH = 7
_FEBRUARY, _LEAP_DAY = 2, 29


class FundingUnreadable(StepRefused):
    """A line of a data file cannot be used."""

    sentence = "Eine Zeile der Förderdaten ist nicht lesbar; es wurde nichts geändert."


class DayMissing(StepRefused):
    """A date is checked, and there is none."""

    sentence = (
        "Bitte nennen Sie die Frist, oder vermerken Sie, dass man das ganze Jahr über Anträge stellen kann."
    )


class NotTheirs(StepRefused):
    """Another office's own programme."""

    sentence = "Dieses Programm gehört einer anderen Kontaktstelle."


class RoundChangedMeanwhile(StepRefused):
    """Somebody else has changed the round since the page was opened."""

    sentence = "Diese Frist wurde inzwischen geändert. Unten steht noch, was Sie eingegeben haben; bitte vergleichen Sie."


class YearTooFar(StepRefused):
    """Rounds are carried into this year and the next only."""

    sentence = "Fristen lassen sich nur in dieses und das nächste Jahr übernehmen."


@dataclass(slots=True)
class Counts:
    """What loading did, in rows."""

    added: int = 0
    updated: int = 0
    kept: int = 0
    to_review: int = 0


@transaction.atomic
def load(*, at: datetime, folder: Path = DATA) -> Counts:
    """Bring the register up to date with the data files; may be repeated. What an office changed or checked stays its own.

    Raises:
        FundingUnreadable: a line is damaged; nothing is changed.
    """
    counts = Counts()
    try:
        programmes = [_programme(cells) for cells in rows(folder / "programmes.tsv")]
        rounds = [_round(cells) for cells in rows(folder / "rounds.tsv")]
    except (ValueError, KeyError) as damaged:
        raise FundingUnreadable from damaged
    for position, facts in enumerate(programmes):
        _put(Programme, facts, position, counts)
    keys = dict(Programme.objects.values_list("key", "pk"))
    for position, facts in enumerate(rounds):
        if facts["programme"] not in keys:
            raise FundingUnreadable
        _put(FundingRound, {**facts, "programme": keys[facts["programme"]]}, position, counts)
    if counts.added or counts.updated or counts.to_review:
        trail.record("setup", "funding.loaded", object_type="funding", object_id="register", at=at)
    return counts


@transaction.atomic
def add_programme(values: Mapping[str, Any], *, by: Staff, at: datetime) -> Programme:
    """Add a programme of the office's own place, e.g. its town's. `values` are fields of `Programme`, with a source."""
    rights.check(by, Right.KEEP_REGISTER, current())
    programme = Programme(**values, contact_point_id=current(), changed_at_desk=at)
    programme.full_clean()
    programme.save(force_insert=True)
    _traced(programme, "funding.programme-added", by=by, at=at)
    return programme


def add_own_programme(
    values: Mapping[str, Any], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> Programme:
    """Add a programme of the office's own place as a form says it; the same form sent twice adds it once."""
    key = f"eigenes-{(form_key or uuid4()).hex}"
    known = Programme.objects.filter(key=key, contact_point=current()).first()
    return known or add_programme({**values, "key": key}, by=by, at=at)


@transaction.atomic
def add_round(
    programme: Programme, values: Mapping[str, Any], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> FundingRound:
    """Add a deadline to a programme: unchecked, as every date begins; the same form sent twice adds it once."""
    _check_theirs(programme, by)
    if form_key is not None:
        values = {**values, "key": f"eigene-{form_key.hex}"}
        if known := FundingRound.objects.filter(programme=programme, key=values["key"]).first():
            return known
    last = FundingRound.objects.aggregate(last=Max("pk"))["last"] or 0
    made = FundingRound(
        **{"name": f"{programme.name} {values['year']}"[:160], "key": f"eigene-{last + 1}", **values},
        programme=programme, changed_at_desk=at,
    )  # fmt: skip
    made.full_clean()
    made.save(force_insert=True)
    _hide_what_was_only_carried(made)
    _traced(made, "funding.round-added", by=by, at=at)
    return made


@transaction.atomic
def change_round(
    number: int, values: Mapping[str, Any], *, by: Staff, at: datetime, seen: str | None = None
) -> FundingRound:
    """Change what is known of a round. Its date was checked as it stood: changed, it is unchecked again.

    Args:
        number: of the round.
        values: fields of `FundingRound`.
        by: who.
        at: when.
        seen: `standing` of the round as the page showed it.

    Raises:
        RoundChangedMeanwhile: it stands otherwise now.
    """
    stored = FundingRound.objects.select_for_update(of=("self",)).select_related("programme").get(pk=number)
    _check_theirs(stored.programme, by)
    if seen is not None and seen != standing(stored):
        raise RoundChangedMeanwhile
    differing = {name: value for name, value in values.items() if getattr(stored, name) != value}
    if not differing:
        return stored
    for name, value in differing.items():
        setattr(stored, name, value)
    stored.changed_at_desk, stored.checked_on, stored.checked_by = at, None, ""
    stored.full_clean()
    stored.save()
    _traced(stored, "funding.round-changed", by=by, at=at, fields=differing)
    return stored


@transaction.atomic
def check_round(number: int, *, by: Staff, at: datetime, has_no_date: bool = False) -> FundingRound:
    """Say that a round's facts are right: from now on groups are told of it.

    Args:
        number: of the round.
        by: who has rung up or read the page.
        at: when.
        has_no_date: that one may apply all year is what was checked.

    Raises:
        DayMissing: there is no date to check.
    """
    stored = FundingRound.objects.select_for_update(of=("self",)).select_related("programme").get(pk=number)
    _check_theirs(stored.programme, by)
    if stored.due_on is None and not has_no_date:
        raise DayMissing
    checking.confirm(stored, str(by.pk), at, contact_point=current())
    return stored


@transaction.atomic
def confirm_round(
    number: int, values: Mapping[str, Any], *, by: Staff, at: datetime, seen: str | None = None
) -> FundingRound:
    """Note a round's facts as somebody has just found them, and that they are checked; see `change_round`, `check_round`.

    A round without a date, checked, says that one may apply all year.
    """
    changed = change_round(number, values, by=by, at=at, seen=seen)
    return check_round(number, by=by, at=at, has_no_date=changed.due_on is None)


def standing(row: FundingRound) -> str:
    """Return a mark that changes whenever what matters of a round changes: day, form, source, checked or not."""
    facts = [row.due_on, row.delivery, row.source, row.is_final, row.hidden, row.checked_on, row.checked_by]
    return hashlib.sha256(json.dumps(facts, default=str).encode()).hexdigest()[:16]


def carry_over(to_year: int, *, by: Staff, at: datetime) -> int:
    """Carry rounds into a year because somebody asks for it now; see `roll_over`.

    Raises:
        YearTooFar: neither this year nor the next.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.KEEP_REGISTER, current())
    this = day_of(at).year
    if to_year not in {this, this + 1}:
        raise YearTooFar
    return roll_over(to_year, at=at, by=str(by.pk))


@transaction.atomic
def roll_over(to_year: int, *, at: datetime, by: str = "nightly") -> int:
    """Carry the last known rounds of each programme into a year that has none, unchecked: shown, and mailed to nobody.

    May be repeated. What somebody has entered for that year is not carried beside it.

    Returns:
        How many were carried.
    """
    known = set(FundingRound.objects.filter(year=to_year).values_list("programme", "purpose"))
    latest: dict[tuple[int, str], list[FundingRound]] = {}
    earlier = FundingRound.objects.filter(year__lt=to_year, hidden=False, programme__hidden=False)
    for old in earlier.select_related("programme").order_by("year", "pk"):
        found = latest.setdefault((old.programme_id, old.purpose), [])
        if found and found[0].year != old.year:
            found.clear()
        found.append(old)
    carried = [old for which, found in latest.items() if which not in known for old in found]
    for old in carried:
        FundingRound.objects.create(
            key=f"{_base(old)}-{to_year}", name=f"{old.programme.name} {to_year}"[:160], note=old.note, source=old.source,
            source_date=old.source_date, programme=old.programme, year=to_year, purpose=old.purpose,
            due_on=_in_later_year(old.due_on, to_year - old.year), is_final=old.is_final, delivery=old.delivery,
            position=old.position, rolled_from=old, changed_at_desk=at,
        )  # fmt: skip
    if carried:
        trail.record(by, "funding.rolled-over", object_type="funding", object_id=to_year, at=at)
    return len(carried)


def roll_over_what_is_due(*, at: datetime, on: date) -> int:
    """Carry rounds into this year, and from July on into the next: early enough to be checked before their weeks begin."""
    years = [on.year, on.year + 1] if on.month >= ROLLS_FROM_MONTH else [on.year]
    return sum(roll_over(year, at=at) for year in years)


def programmes_of(office: int) -> QuerySet[Programme]:
    """Return the programmes an office deals with: those for all, and its own."""
    return Programme.objects.filter(
        Q(contact_point__isnull=True) | Q(contact_point=office), hidden=False
    ).order_by("position", "key")


def checked_rounds(office: int) -> QuerySet[FundingRound]:
    """Return the rounds an office may tell groups of: checked by somebody, not hidden."""
    return FundingRound.objects.filter(
        checked_on__isnull=False, hidden=False, programme__in=programmes_of(office)
    ).select_related("programme")


def unchecked_rounds(office: int, *, on: date) -> QuerySet[FundingRound]:
    """Return the rounds still ahead that nobody has checked: shown striped, and as something to do."""
    return FundingRound.objects.filter(
        Q(due_on__gte=on) | Q(due_on__isnull=True, year__gte=on.year),
        checked_on__isnull=True, hidden=False, programme__in=programmes_of(office),
    ).select_related("programme")  # fmt: skip


def _hide_what_was_only_carried(new: FundingRound) -> None:
    """A date somebody knows takes the place of last year's, carried on and still unchecked."""
    FundingRound.objects.filter(
        programme=new.programme_id, purpose=new.purpose, year=new.year, rolled_from__isnull=False, checked_on__isnull=True
    ).exclude(pk=new.pk).update(hidden=True)  # fmt: skip


def _check_theirs(programme: Programme, by: Staff) -> None:
    rights.check(by, Right.KEEP_REGISTER, current())
    if programme.contact_point_id not in {None, current()}:
        raise NotTheirs


def _traced(
    row: RegisterRow, action: str, *, by: Staff, at: datetime, fields: Mapping[str, Any] | None = None
) -> None:
    trail.record(
        str(by.pk), action, object_type=row.label, object_id=row.pk, at=at, contact_point=current(), fields=list(fields or ())
    )  # fmt: skip


def _base(old: FundingRound) -> str:
    """Return a key without the year it was carried into, so that keys do not grow from year to year."""
    return (old.key.removesuffix(f"-{old.year}") if old.rolled_from_id else old.key)[:55]


def _in_later_year(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    is_leap_day = (day.month, day.day) == (_FEBRUARY, _LEAP_DAY)
    return day.replace(year=day.year + years, day=_LEAP_DAY - 1 if is_leap_day else day.day)


def _put(register: type[RegisterRow], facts: dict[str, Any], position: int, counts: Counts) -> None:
    digest = hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
    known = register.objects.filter(key=facts["key"]).first()
    if known is not None and known.shipped_digest == digest:
        return
    if known is not None and known.is_own:
        known.shipped_digest, known.to_review = digest, True
        known.save(update_fields=["shipped_digest", "to_review"])
        counts.kept, counts.to_review = counts.kept + 1, counts.to_review + 1
        return
    row = known or register(key=facts["key"])
    for name, value in facts.items():
        setattr(row, "programme_id" if name == "programme" else name, value)
    row.position, row.shipped_digest = position, digest
    row.save()
    if known is None and isinstance(row, FundingRound):
        _hide_what_was_only_carried(row)
    counts.added, counts.updated = counts.added + (known is None), counts.updated + (known is not None)


def _programme(cells: list[str]) -> dict[str, Any]:
    (key, name, kind, land, whom, law, amount, members, months, account, minutes, own_lead, fields, source, source_date, *note) = cells  # fmt: skip
    if land and land not in LANDS:
        raise ValueError(land)
    return {
        "key": key, "name": name, "kind": Programme.Kind(kind), "land": land, "law": law, "amount": amount,
        "for_groups": "groups" in whom.split(), "for_offices": "offices" in whom.split(),
        "min_members": int(members) if members else None, "min_months": int(months) if months else None,
        "wants_account": account == "ja", "wants_minutes": minutes == "ja", "wants_own_lead": own_lead == "ja",
        "topic_fields": [each for each in fields.split(";") if each],
        "source": source, "source_date": source_date, "note": "".join(note),
    }  # fmt: skip


def _round(cells: list[str]) -> dict[str, Any]:
    key, programme, year, purpose, due_on, final, delivery, source, source_date, *note = cells
    return {
        "key": key, "programme": programme, "year": int(year), "name": f"{programme} {year}",
        "purpose": FundingRound.Purpose(purpose), "due_on": date.fromisoformat(due_on) if due_on else None,
        "is_final": final == "ja", "delivery": FundingRound.Delivery(delivery),
        "source": source, "source_date": source_date, "note": "".join(note),
    }  # fmt: skip
