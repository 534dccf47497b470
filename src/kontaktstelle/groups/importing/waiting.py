"""Plans that wait until the whole file is planned, packed: a row takes some hundred bytes instead of some thousand.

All or nothing means that nothing is written before the last row is planned. What waits stays in memory, since it names
persons and must not lie on a disk unsealed.
"""

import json
import uuid
import zlib
from collections import deque
from collections.abc import Iterator
from typing import Any

from kontaktstelle.groups.models import ContactPerson, Group, Venue
from kontaktstelle.groups.plain import Fields, back, fields_of, plain

from .planning import PersonStep, Plan

BATCH = 1000
_FASTEST = 1


class PlanQueue:
    """Plans in the order in which they came; a venue keeps its identity, all else comes out equal to what went in."""

    def __init__(self) -> None:
        self._packed: deque[tuple[bytes, list[Venue | None]]] = deque()
        self._last: list[Plan] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def append(self, plan: Plan) -> None:
        """Let a plan wait; do not change it afterwards."""
        self._last.append(plan)
        self._count += 1
        if len(self._last) == BATCH:
            self._pack()

    def venues(self) -> Iterator[Venue]:
        """Yield the venues of the plans that wait, each as often as it is meant."""
        self._pack()
        return (venue for _, venues in self._packed for venue in venues if venue is not None)

    def batches(self) -> Iterator[list[Plan]]:
        """Take the plans out, at most `BATCH` at a time; what was taken is let go."""
        self._pack()
        fields = fields_of(Group)
        while self._packed:
            packed, venues = self._packed.popleft()
            told = json.loads(zlib.decompress(packed))
            self._count -= len(told)
            yield [_plan(each, venue, fields) for each, venue in zip(told, venues, strict=True)]

    def _pack(self) -> None:
        if self._last:
            # A venue stands beside the bytes: many groups meet in one, and it is told apart by being the same object.
            told = json.dumps([_told(plan) for plan in self._last], ensure_ascii=False, separators=(",", ":"))
            self._packed.append((zlib.compress(told.encode(), _FASTEST), [plan.venue for plan in self._last]))
            self._last = []


def _told(plan: Plan) -> list[Any]:
    return [
        plain(plan.group),
        plan.key,
        plan.slug,
        {name: plain(value) for name, value in plan.values.items()},
        plan.sets_venue,
        plan.note,
        [
            [step.position, step.ways, plain(step.consent), plain(step.existing), plain(step.party)]
            for step in plan.persons
        ],
    ]


def _plan(told: list[Any], venue: Venue | None, fields: Fields) -> Plan:
    group, key, slug, values, sets_venue, note, persons = told
    return Plan(
        _number(group),
        key,
        slug,
        {name: back(fields[name], value) for name, value in values.items()},
        sets_venue=sets_venue,
        venue=venue,
        note=note,
        persons=[
            PersonStep(
                position,
                ways,
                ContactPerson.Consent(consent) if consent is not None else None,
                _number(existing),
                _number(party),
            )
            for position, ways, consent, existing, party in persons
        ],
    )


def _number(text: str | None) -> uuid.UUID | None:
    return None if text is None else uuid.UUID(text)
