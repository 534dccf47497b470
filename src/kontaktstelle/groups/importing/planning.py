"""What is to be written for a row: all of a new group, or only what differs in one that is there."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from kontaktstelle.groups.lifecycle import Stage, WrongStage, check_step
from kontaktstelle.groups.models import ContactPerson, Group, Venue
from kontaktstelle.groups.visibility import AS_IN_A_PUBLIC_LIST
from kontaktstelle.relay.models import Party
from kontaktstelle.topics import tree

from . import choices
from .cells import on_one_line, read_back
from .fields import heading_of
from .persons import Person
from .placing import PlaceReader
from .venues import VenueShelf
from .wanted import Wanted

_HEADING_OF = {
    "venue_id": "venue",
    "site_id": "site",
    "note_sealed": "note",
    "basis": "consent",
    "basis_on": "consent_on",
    "basis_by": "consent_by",
    "unknown_topics": "topics",
}
_SILENT = {"rhythm", "lat", "lon", "kreis_key", "stage_before_pause", "paused_by_venue"}
# What a file shows by having the column.
_SHOWN_BY: dict[str, tuple[str, ...]] = {
    "description": ("description",),
    "town": ("town", "postcode", "district"),
    "venue": ("venue",),
    "meeting": ("meeting_text", "meeting_day", "meeting_start"),
    "access": (
        "step_free",
        "sign_language",
        "easy_language",
        "induction_loop",
        "venue_step_free",
        "venue_access",
    ),
    "website": ("website",),
    "online_note": ("online_note",),
}
_PLACE = ("postcode", "town", "district")
NOT_IN_EXAMPLES_ONLY = "Die Grundlage „Beispiel“ gibt es nur in Beispiel-Kontaktstellen; nicht übernommen."


@dataclass(frozen=True, slots=True)
class Ground:
    """The basis of publication given for a whole file; NONE if none was."""

    basis: Group.Basis = Group.Basis.NONE
    on: date | None = None
    by: str = ""


@dataclass(slots=True)
class PersonStep:
    """One contact person to make (`existing` is None) or to change; `existing` and `party` are numbers of rows."""

    position: int
    ways: dict[str, str]
    consent: ContactPerson.Consent | None
    existing: uuid.UUID | None = None
    party: uuid.UUID | None = None


@dataclass(slots=True)
class Plan:
    """What is to be written for a row. `group` is None for a new one; `values` are attributes of `Group`.

    A plan does not hold the row it was made from: all plans of a file stand in memory until the first is written.
    `key` and `slug` are what the row gives a new group.
    """

    group: uuid.UUID | None
    key: str = ""
    slug: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    sets_venue: bool = False
    venue: Venue | None = None
    note: str | None = None
    persons: list[PersonStep] = field(default_factory=list)

    def headings(self) -> tuple[str, ...]:
        """Return the headings of what changes."""
        names = [_HEADING_OF.get(name, name) for name in self.values if name not in _SILENT]
        found = [heading_of(name) for name in names]
        found += [heading_of("venue")] if self.sets_venue else []
        found += [heading_of("note")] if self.note is not None else []
        found += ["Ansprechpersonen"] if self.persons else []
        if not found and self.values:
            found = ["Lage"] if {"lat", "lon", "kreis_key"} & set(self.values) else ["Rhythmus"]
        return tuple(dict.fromkeys(found))

    def changes(self) -> bool:
        """Say whether there is anything to write."""
        return bool(self.values or self.sets_venue or self.note is not None or self.persons)


class Planner:
    """Plans the rows of one file for one office."""

    def __init__(
        self,
        *,
        places: PlaceReader,
        venues: VenueShelf,
        ground: Ground,
        by: str,
        at: datetime,
        columns: set[str],
        allows_example: bool,
    ) -> None:
        self._places = places
        self._venues = venues
        self._ground = ground
        self._by = by
        self._at = at
        self._allows_example = allows_example
        self._shown = {
            name: list(AS_IN_A_PUBLIC_LIST[name])
            for name, needed in _SHOWN_BY.items()
            if columns.intersection(needed)
        }

    def new(self, wanted: Wanted) -> Plan:
        """Plan a group that is not there yet."""
        # A new group takes the row's own values further; a copy of each would double the memory of a long list.
        plan = Plan(None, wanted.key, wanted.slug, wanted.values, note=wanted.note or None)
        values = plan.values
        for name, value in wanted.conclusions.items():
            values.setdefault(name, value)
        _stage_of_new(plan, wanted, self._at)
        self._place(plan, wanted, [values.get(part, "") for part in _PLACE])
        if wanted.venue:
            self._take_venue(plan, wanted, town=values.get("town", ""), current=None)
            if (
                plan.venue is not None
                and plan.venue.closed_since is not None
                and values.get("stage", Stage.OPEN) not in {Stage.PAUSED, Stage.DISSOLVED}
            ):
                values |= {
                    "stage_before_pause": values.get("stage", Stage.OPEN),
                    "stage": Stage.PAUSED,
                    "paused_by_venue": True,
                }
                wanted.hints.append("Der Treffpunkt ist geschlossen; die Gruppe pausiert.")
        self._protect(plan, wanted, before=())
        self._publish_new(plan, wanted)
        consent = (
            ContactPerson.Consent.INTERNAL
            if values.get("basis", Group.Basis.NONE) != Group.Basis.NONE
            else ContactPerson.Consent.UNCLEAR
        )
        for number, person in wanted.persons.items():
            if not person.is_empty():
                plan.persons.append(PersonStep(number, _filled(person), _consent(person, wanted) or consent))
        self._keep_cuts(plan, wanted, (), consent)
        return plan

    def change(self, wanted: Wanted, group: Group, persons: Sequence[tuple[ContactPerson, Party]]) -> Plan:
        """Plan what differs in a group that is there; a field the file has no column for is left alone."""
        plan = Plan(group.pk)
        for name, value in wanted.values.items():
            if name in wanted.raw and wanted.raw[name] == getattr(group, name):
                # Staff entered it this way on purpose; a list that repeats it changes nothing.
                wanted.cuts.pop(name, None)
                continue
            if name not in {"rhythm", "lat", "lon", "kreis_key"} and not _same(getattr(group, name), value):
                plan.values[name] = value
        if "meeting_text" in plan.values:
            plan.values["rhythm"] = wanted.values["rhythm"]
        if wanted.key and wanted.key not in (group.key, str(group.pk)):
            plan.values["key"] = wanted.key
        _stage_of_existing(plan, wanted, group, self._at)
        self._place_again(plan, wanted, group)
        if wanted.venue is not None:
            self._venue_again(plan, wanted, group)
        if wanted.note is not None and wanted.note != read_back(group.note or ""):
            plan.note = wanted.note
        if "topics" in plan.values:
            self._protect(plan, wanted, before=group.topics)
        self._publish_again(plan, wanted, group)
        _persons_again(plan, wanted, persons, listed=group.basis != Group.Basis.NONE)
        self._keep_cuts(
            plan,
            wanted,
            persons,
            ContactPerson.Consent.INTERNAL
            if group.basis != Group.Basis.NONE
            else ContactPerson.Consent.UNCLEAR,
        )
        return plan

    # --- where -------------------------------------------------------------------------------------
    def _place(self, plan: Plan, wanted: Wanted, words: Sequence[str]) -> None:
        found = self._places.place(*words)
        given = wanted.values
        if found.hint and not ("lat" in given and "lon" in given):
            wanted.hints.append(found.hint)
        for name, value in (("lat", found.lat), ("lon", found.lon), ("kreis_key", found.kreis_key)):
            plan.values[name] = given.get(name, value)

    def _place_again(self, plan: Plan, wanted: Wanted, group: Group) -> None:
        moved = any(part in plan.values for part in _PLACE)
        given = wanted.values
        if moved:
            self._place(plan, wanted, [plan.values.get(part, getattr(group, part)) for part in _PLACE])
        else:
            plan.values |= {name: given[name] for name in ("lat", "lon", "kreis_key") if name in given}
        for name in ("lat", "lon", "kreis_key"):
            if name in plan.values and plan.values[name] == getattr(group, name):
                del plan.values[name]

    def _take_venue(self, plan: Plan, wanted: Wanted, *, town: str, current: Venue | None) -> None:
        plan.venue, hint = self._venues.find(wanted.venue or {}, town=town, current=current)
        plan.sets_venue = current is None or plan.venue is not current
        if hint:
            wanted.hints.append(hint)

    def _venue_again(self, plan: Plan, wanted: Wanted, group: Group) -> None:
        if not wanted.venue:
            plan.sets_venue = group.venue_id is not None
            return
        self._take_venue(plan, wanted, town=plan.values.get("town", group.town), current=group.venue)
        if plan.venue is not None and plan.venue.pk is not None and plan.venue.pk == group.venue_id:
            plan.sets_venue = False

    # --- public or not --------------------------------------------------------------------------------
    def _protect(self, plan: Plan, wanted: Wanted, before: Sequence[str]) -> None:
        if "protected" in wanted.values:
            return
        new = [
            topic
            for topic in plan.values.get("topics", ())
            if topic not in before and topic in tree.TOPICS and tree.TOPICS[topic].protected
        ]
        if new:
            plan.values["protected"] = True
            wanted.hints.append(
                f"Thema „{tree.label(new[0])}“: Die Gruppe ist geschützt; Ort, Zeit und Personen erscheinen nirgends. Ändern Sie das nur auf Wunsch der Gruppe."
            )

    def _said_ground(self, wanted: Wanted) -> Ground:
        """Return the ground a row names, filled up by the one given for the file; NONE if it is not complete."""
        basis = wanted.basis if wanted.basis is not None else self._ground.basis
        if basis == Group.Basis.EXAMPLE and not self._allows_example:
            wanted.hints.append(NOT_IN_EXAMPLES_ONLY)
            basis = Group.Basis.NONE
        on, by = wanted.basis_on or self._ground.on, wanted.basis_by or self._ground.by or self._by
        if basis == Group.Basis.NONE:
            return Ground()
        if on is None:
            wanted.hints.append(
                "Die Einwilligung hat kein Datum; ohne Datum kommt die Gruppe nicht ins Verzeichnis."
            )
            return Ground()
        return Ground(basis, on, by)

    def _publish_new(self, plan: Plan, wanted: Wanted) -> None:
        ground = self._said_ground(wanted)
        has_ground = ground.basis != Group.Basis.NONE
        if wanted.listed and not has_ground:
            wanted.hints.append("Ohne Grundlage der Veröffentlichung kommt die Gruppe nicht ins Verzeichnis.")
        listed = has_ground and wanted.listed is not False
        opened = wanted.visibility if wanted.visibility is not None else self._shown if listed else {}
        plan.values |= {"listed": listed, "visibility": opened}
        if has_ground:
            plan.values |= {"basis": ground.basis, "basis_on": ground.on, "basis_by": ground.by}
            if ground.basis == Group.Basis.EXAMPLE:
                plan.values["is_example"] = True

    def _publish_again(self, plan: Plan, wanted: Wanted, group: Group) -> None:
        after: dict[str, Any] = {
            "listed": group.listed,
            "basis": group.basis,
            "basis_on": group.basis_on,
            "basis_by": group.basis_by,
        }
        if wanted.basis == Group.Basis.NONE:
            after = {"listed": False, "basis": Group.Basis.NONE, "basis_on": None, "basis_by": ""}
        elif group.basis == Group.Basis.NONE:
            ground = self._said_ground(wanted)
            if ground.basis != Group.Basis.NONE:
                after = {"listed": True, "basis": ground.basis, "basis_on": ground.on, "basis_by": ground.by}
        elif wanted.basis is not None and (wanted.basis != Group.Basis.EXAMPLE or self._allows_example):
            after |= {
                "basis": wanted.basis,
                "basis_on": wanted.basis_on or group.basis_on,
                "basis_by": wanted.basis_by or group.basis_by,
            }
        if wanted.listed is not None:
            after["listed"] = wanted.listed and after["basis"] != Group.Basis.NONE
            if wanted.listed and not after["listed"]:
                wanted.hints.append(
                    "Ohne Grundlage der Veröffentlichung kommt die Gruppe nicht ins Verzeichnis."
                )
        opened = choices.plain_visibility(group.visibility)
        wants = wanted.visibility if wanted.visibility is not None else opened
        if wanted.visibility is None and after["listed"] and not group.listed and not opened:
            wants = self._shown
        if wants != opened:
            after["visibility"] = dict(wants)
        plan.values |= {name: value for name, value in after.items() if getattr(group, name) != value}

    # --- persons ------------------------------------------------------------------------------------
    def _keep_cuts(
        self,
        plan: Plan,
        wanted: Wanted,
        persons: Sequence[tuple[ContactPerson, Party]],
        consent: ContactPerson.Consent,
    ) -> None:
        """Lay what was cut out of prose to the contact persons, once."""
        lines = [f"Aus „{heading_of(name)}“: {text}" for name, taken in wanted.cuts.items() for text in taken]
        if not lines:
            return
        said = {step.position: step for step in plan.persons}
        notes = [step.ways.get("note", "") for step in plan.persons] + [
            party.note or "" for _, party in persons
        ]
        lines = [line for line in lines if not any(line in note for note in notes)]
        if not lines:
            return
        for person, party in persons:
            before = party.note or ""
            if before.startswith("Aus „") and person.position not in said:
                plan.persons.append(
                    PersonStep(
                        person.position, {"note": "\n".join([before, *lines])}, None, person.pk, party.pk
                    )
                )
                return
        taken = [*said, *(person.position for person, _ in persons), *wanted.persons]
        plan.persons.append(PersonStep(max(taken, default=0) + 1, {"note": "\n".join(lines)}, consent))


def _same(old: Any, new: Any) -> bool:
    if old == new:
        return True
    return (
        isinstance(old, str) and isinstance(new, str) and new in (read_back(old), on_one_line(read_back(old)))
    )


def _stage_of_new(plan: Plan, wanted: Wanted, at: datetime) -> None:
    values = plan.values
    stage = values.get("stage", Stage.OPEN)
    if stage == Stage.DISSOLVED and not values.get("dissolved_on"):
        values["dissolved_on"] = at.date()
        wanted.hints.append("Die Gruppe ist aufgelöst, ohne Datum; wir nehmen heute.")
    if stage != Stage.DISSOLVED and values.get("dissolved_on"):
        wanted.refusals.append("Ein Auflösungsdatum hat nur eine Gruppe mit dem Status „aufgelöst“.")
    if stage != Stage.PAUSED:
        values.pop("stage_before_pause", None)


def _stage_of_existing(plan: Plan, wanted: Wanted, group: Group, at: datetime) -> None:
    values = plan.values
    if "stage" not in values:
        if "dissolved_on" in values and (values["dissolved_on"] is None) == (group.stage == Stage.DISSOLVED):
            if values["dissolved_on"] is not None:
                wanted.refusals.append("Ein Auflösungsdatum hat nur eine Gruppe mit dem Status „aufgelöst“.")
            del values["dissolved_on"]
        if group.stage != Stage.PAUSED:
            values.pop("stage_before_pause", None)
        return
    to = Stage(values["stage"])
    try:
        check_step(Stage(group.stage), to)
    except WrongStage as refused:
        wanted.refusals.append(refused.sentence)
        return
    before = wanted.values.get("stage_before_pause") or group.stage
    after: Mapping[str, Any] = {
        "stage_before_pause": before if to == Stage.PAUSED else "",
        "paused_by_venue": False,
        "paused_until": None,
        "intake_stop_until": wanted.values.get("intake_stop_until") if to == Stage.INTAKE_STOP else None,
        "dissolved_on": wanted.values.get("dissolved_on") or at.date() if to == Stage.DISSOLVED else None,
    }
    for name, value in after.items():
        values.pop(name, None)
        if getattr(group, name) != value:
            values[name] = value


def _filled(person: Person) -> dict[str, str]:
    return {way: text for way, text in person.ways().items() if text}


def _consent(person: Person, wanted: Wanted) -> ContactPerson.Consent | None:
    text = (person.consent or "").strip()
    if not text:
        return None
    key = text.lower()
    for consent in ContactPerson.Consent:
        if key in (consent.value, consent.label.lower()):
            return consent
    if key.startswith(("ja", "liegt vor", "intern", "nur intern")):
        return ContactPerson.Consent.INTERNAL
    if not key.startswith(("nein", "unklar", "ungeklärt", "keine")):
        wanted.hints.append(
            "Die Einwilligung einer Ansprechperson verstehen wir nicht; sie gilt als ungeklärt."
        )
    return ContactPerson.Consent.UNCLEAR


def _persons_again(
    plan: Plan, wanted: Wanted, persons: Sequence[tuple[ContactPerson, Party]], *, listed: bool
) -> None:
    there = {person.position: (person, party) for person, party in persons}
    for number, person in wanted.persons.items():
        consent = _consent(person, wanted)
        if number not in there:
            if not person.is_empty():
                plan.persons.append(
                    PersonStep(
                        number,
                        _filled(person),
                        consent
                        or (ContactPerson.Consent.INTERNAL if listed else ContactPerson.Consent.UNCLEAR),
                    )
                )
            continue
        existing, party = there[number]
        if person.is_empty():
            if person.name == "" and party.name:
                wanted.hints.append(
                    f"Ansprechperson {number} steht nicht mehr in der Liste. Sie bleibt hier, bis jemand sie löscht."
                )
            continue
        changed = {
            way: text or ""
            for way, text in person.ways().items()
            if read_back(getattr(party, way) or "") != (text or "")
        }
        new_consent = consent if consent is not None and consent != existing.consent else None
        if changed or new_consent:
            plan.persons.append(PersonStep(number, changed, new_consent, existing.pk, party.pk))
