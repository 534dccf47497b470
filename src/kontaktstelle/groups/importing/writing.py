"""Write plans in batches, and remember what it takes to undo them.

Only what a row changes is written; what stood there before is kept sealed with the run, persons as the ciphertext they
were, so that destroying a key reaches there too.
"""

import hashlib
import json
import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import connection, models
from django.utils import timezone

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.listing import free_slug, tells_its_town
from kontaktstelle.groups.models import ContactPerson, Group, ImportRun
from kontaktstelle.groups.plain import fields_of, plain
from kontaktstelle.groups.signals import listing_changed
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.privacy import trail
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, sealed_party

from .planning import PersonStep, Plan
from .venues import VenueShelf
from .waiting import PlanQueue

BATCH = 1000
SEALED = ("name_sealed", "phone_sealed", "email_sealed", "address_sealed", "note_sealed")
SLUG_ROOM = 100


class _Noted:
    """A JSON object or list that only grows, kept as text: a long import's entries as Python values take four times as much."""

    def __init__(self, ends: str) -> None:
        self._ends = ends
        self._parts: list[str] = []

    def add(self, entries: Mapping[str, Any] | Sequence[Any]) -> None:
        """Note the entries of a batch; of a name noted twice the later entry counts, as ever in JSON."""
        if entries:
            self._parts.append(json.dumps(entries, separators=(",", ":"))[1:-1])

    def pieces(self) -> Iterator[str]:
        """Yield the text, piece by piece."""
        yield self._ends[0]
        for place, part in enumerate(self._parts):
            yield f",{part}" if place else part
        yield self._ends[1]


def _object() -> _Noted:
    return _Noted("{}")


def _list() -> _Noted:
    return _Noted("[]")


@dataclass(slots=True)
class Before:
    """What stood there, and marks of what stands now: `groups` number → attributes before, `stamps` number → changed_at now.

    `parties` number → sealed columns before, `consents` person → consent before, `marks` party → `mark` now; `persons` and
    `venues` are what was made.
    """

    groups: _Noted = field(default_factory=_object)
    stamps: _Noted = field(default_factory=_object)
    parties: _Noted = field(default_factory=_object)
    consents: _Noted = field(default_factory=_object)
    marks: _Noted = field(default_factory=_object)
    persons: _Noted = field(default_factory=_list)
    venues: _Noted = field(default_factory=_list)

    def as_json(self) -> str:
        """Return all of it as text, for sealing."""
        return "".join(self._pieces())

    def _pieces(self) -> Iterator[str]:
        for place, name in enumerate(self.__slots__):
            yield f'{"," if place else "{"}"{name}":'
            yield from getattr(self, name).pieces()
        yield "}"


def write(
    new: PlanQueue,
    changed: PlanQueue,
    *,
    contact_point: ContactPoint,
    file_name: str,
    venues: VenueShelf,
    by: str,
    at: datetime,
    progress: Callable[[int, int], None],
) -> uuid.UUID | None:
    """Write plans, tell the directory, leave one line in the trail.

    Call it inside a transaction and acting for the office; the queues are empty afterwards.

    Returns:
        The number of the run, None if there was nothing to write.
    """
    made, total = len(new), len(new) + len(changed)
    if not total:
        progress(1, 1)
        return None
    before = Before()
    run = ImportRun(contact_point=contact_point, at=at, by=by, file_name=file_name)
    used = {id(venue) for queue in (new, changed) for venue in queue.venues()}
    before.venues.add([venue.pk for venue in venues.save_new(used)])
    slugs = _Slugs()
    for plans in new.batches():
        run.created += _create(plans, contact_point, slugs, before, on=at.date())
        progress(made - len(new), total)
    for plans in changed.batches():
        _change(plans, contact_point, slugs, before, on=at.date())
        progress(total - len(changed), total)
    told = before.as_json()
    del before  # sealing makes copies of the text; what it was made of need not stand beside them
    run.before = told
    run.save(force_insert=True)
    trail.record(
        by,
        "groups.imported",
        object_type="groups.importrun",
        object_id=run.pk,
        at=at,
        contact_point=contact_point.pk,
        fields=[f"new:{made}", f"changed:{total - made}"],
    )
    progress(total, total)
    return run.pk


class _Slugs:
    """Addresses nobody has yet. Counts on per name, so that a thousand groups of one name take no million looks."""

    def __init__(self) -> None:
        # An address is unique in the whole installation; nothing else of other offices is read.
        self._taken = set(Group.objects.everywhere().values_list("slug", flat=True))
        self._next: dict[str, int] = defaultdict(lambda: 2)

    def take(self, wanted: str, name: str, town: str) -> str:
        slug = wanted if wanted and wanted not in self._taken else free_slug(name, town, set())[:SLUG_ROOM]
        base = slug
        while slug in self._taken:
            slug = f"{base}-{self._next[base]}"
            self._next[base] += 1
        self._taken.add(slug)
        return slug


def _create(
    plans: Sequence[Plan], contact_point: ContactPoint, slugs: _Slugs, before: Before, *, on: date
) -> list[str]:
    groups: list[Group] = []
    for plan in plans:
        group = Group(contact_point=contact_point, key=plan.key, venue=plan.venue, **plan.values)
        group.slug = slugs.take(plan.slug, group.name, group.town if tells_its_town(group) else "")
        if plan.note:
            group.note = plan.note
        plan.group = group.pk
        groups.append(group)
    Group.objects.bulk_create(groups, batch_size=BATCH)
    before.stamps.add({str(group.pk): group.changed_at.isoformat() for group in groups})
    _write_persons(
        [(group.pk, step) for plan, group in zip(plans, groups, strict=True) for step in plan.persons],
        contact_point,
        before,
        on=on,
    )
    if listed := [group for group in groups if group.listed]:
        listing_changed.send(sender=Group, groups=listed)
    return [str(group.pk) for group in groups]


def _change(
    plans: Sequence[Plan], contact_point: ContactPoint, slugs: _Slugs, before: Before, *, on: date
) -> None:
    groups = Group.objects.select_related("contact_point", "venue").in_bulk([plan.group for plan in plans])
    stamp = timezone.now()
    updates: list[tuple[Any, dict[str, Any]]] = []
    was: dict[str, dict[str, Any]] = {}
    for plan in plans:
        group = groups[plan.group]
        values: dict[str, Any] = dict(plan.values)
        old = {name: getattr(group, name) for name in values}
        for name, value in values.items():
            setattr(group, name, value)
        if plan.sets_venue:
            old["venue_id"], group.venue = group.venue_id, plan.venue
            values["venue_id"] = group.venue_id
            _follow_venue(group, values, old)
        if group.protected and not old.get("protected", True):
            # The old address may name the town, which nobody may learn any more.
            old["slug"], group.slug = group.slug, slugs.take("", group.name, "")
            values["slug"] = group.slug
        if plan.note is not None:
            old["note_sealed"] = group.note_sealed
            group.note = plan.note or None
            values["note_sealed"] = group.note_sealed
        old["changed_at"], values["changed_at"] = group.changed_at, stamp
        was[str(group.pk)] = {name: plain(value) for name, value in old.items()}
        updates.append((group.pk, values))
    before.groups.add(was)
    before.stamps.add(dict.fromkeys(was, stamp.isoformat()))
    update_rows(Group, updates)
    _write_persons(
        [(plan.group, step) for plan in plans for step in plan.persons], contact_point, before, on=on
    )
    listing_changed.send(sender=Group, groups=list(groups.values()))


def _follow_venue(group: Group, values: dict[str, Any], old: dict[str, Any]) -> None:
    """A group paused by its venue's closing goes on when it moves to one that is open."""
    if (
        group.paused_by_venue
        and (group.venue is None or group.venue.closed_since is None)
        and "stage" not in values
    ):
        after = {
            "stage": group.stage_before_pause or Stage.OPEN,
            "stage_before_pause": "",
            "paused_by_venue": False,
        }
        for name, value in after.items():
            old[name] = getattr(group, name)
            setattr(group, name, value)
        values |= after


def _write_persons(
    steps: Sequence[tuple[Any, PersonStep]], contact_point: ContactPoint, before: Before, *, on: date
) -> None:
    parties: list[Party] = []
    persons: list[ContactPerson] = []
    changed: list[tuple[Any, dict[str, Any]]] = []
    consents: list[tuple[Any, dict[str, Any]]] = []
    ways_before: dict[str, dict[str, Any]] = {}
    consents_before: dict[str, str] = {}
    marks: dict[str, str] = {}
    there = ContactPerson.objects.in_bulk([step.existing for _, step in steps if step.existing])
    addresses = Party.objects.in_bulk([step.party for _, step in steps if step.party])
    for group, step in steps:
        if step.existing is None or step.party is None:
            party = sealed_party(Address(**step.ways), contact_point=contact_point.pk, on=on)
            person = ContactPerson(
                contact_point=contact_point,
                group_id=group,
                party=party.pk,
                position=step.position,
                consent=step.consent or ContactPerson.Consent.UNCLEAR,
            )
            parties.append(party)
            persons.append(person)
            marks[str(party.pk)] = mark(party)
            continue
        if step.ways:
            party = addresses[step.party]
            columns = [f"{way}_sealed" for way in step.ways]
            ways_before[str(party.pk)] = {column: plain(getattr(party, column)) for column in columns}
            for way, text in step.ways.items():
                setattr(party, way, text or None)
            marks[str(party.pk)] = mark(party)
            changed.append((party.pk, {column: getattr(party, column) for column in columns}))
        if step.consent is not None:
            consents_before[str(step.existing)] = there[step.existing].consent
            consents.append((step.existing, {"consent": step.consent}))
    before.persons.add([str(person.pk) for person in persons])
    before.marks.add(marks)
    before.parties.add(ways_before)
    before.consents.add(consents_before)
    Party.objects.bulk_create(parties, batch_size=BATCH)
    ContactPerson.objects.bulk_create(persons, batch_size=BATCH)
    update_rows(Party, changed)
    update_rows(ContactPerson, consents)


def update_rows(model: type[models.Model], rows: Iterable[tuple[Any, Mapping[str, Any]]]) -> None:
    """Update rows whose changed columns differ, one statement per set of columns (Django's bulk update needs the same columns for all)."""
    by_columns: dict[tuple[str, ...], list[tuple[Any, Mapping[str, Any]]]] = defaultdict(list)
    for number, values in rows:
        if values:
            by_columns[tuple(sorted(values))].append((number, values))
    meta = model._meta  # noqa: SLF001 - Django's public meta interface
    quote = connection.ops.quote_name
    pk = meta.pk
    by_attname = fields_of(model)
    for names, same in by_columns.items():
        columns = [by_attname[name] for name in names]
        sets = ", ".join(f"{quote(str(each.column))} = %s" for each in columns)
        statement = f"UPDATE {quote(meta.db_table)} SET {sets} WHERE {quote(str(pk.column))} = %s"  # noqa: S608 - names are ours
        with connection.cursor() as cursor:
            cursor.executemany(
                statement,
                [
                    [
                        *(each.get_db_prep_save(values[each.attname], connection) for each in columns),
                        pk.get_db_prep_save(number, connection),
                    ]
                    for number, values in same
                ],
            )


def mark(party: Party) -> str:
    """Return a mark by which a party changed since is seen: its ciphertext is never the same twice."""
    parts = [bytes(value) if (value := getattr(party, column)) is not None else b"-" for column in SEALED]
    return hashlib.sha256(b"|".join(parts)).hexdigest()[:24]
