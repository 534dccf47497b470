"""Groups that add up to given numbers, year after year: a stock, what came, what went, where they meet."""

import itertools
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, GroupChange, Venue
from kontaktstelle.organisation.models import Site
from kontaktstelle.reporting.definitions import GROUPINGS
from kontaktstelle.topics import tree

from .records import BLOCK, Year

GONE_ON = (11, 30)


def write(office: Any, years: list[Year]) -> list[Any]:
    """Write all groups; return the keys of those that are there in the last year."""
    made = _Made(office)
    for year in years:
        made.live_through(year)
    made.save()
    return [group.pk for group in made.groups if group.dissolved_on is None]


class _Made:
    """Groups in memory until their years are complete."""

    def __init__(self, office: Any) -> None:
        self.office = office
        self.groups: list[Group] = []
        self.known: dict[Any, datetime] = {}
        self.listed: dict[Any, datetime] = {}
        self.rooms: dict[str, Venue] = {}
        self.number = itertools.count(1)

    def there(self) -> list[Group]:
        """Return the groups that are not dissolved."""
        return [group for group in self.groups if group.dissolved_on is None]

    def live_through(self, year: Year) -> None:
        """Let groups come, go, meet and be listed in a year as its numbers say."""
        stock = year.of("groups.end")
        founded, listed = year.of("groups.founded") or 0, year.of("groups.listed") or 0
        gone, before = year.of("groups.dissolved"), len(self.there())
        parts = max(
            (sum(year.parts("groups.end", by).values()) for by in ("kinds", "main-field", "association")),
            default=0,
        )
        if not self.groups:
            came = max(founded, listed, year.of("groups.new") or 0)
            least = max(
                parts, sum(year.parts("rooms.groups", "house").values()), year.of("rooms.groups") or 0
            )
            end = stock if stock is not None else max(came, least)
            came = min(came, end)
            self._make(end - came + (gone or 0), date(year.year - 1, 2, 1))
        else:
            end = stock if stock is not None else before + max(founded, listed) - (gone or 0)
            came = max(founded, listed, end - before + (gone or 0))
        new = self._make(came, date(year.year, 2, 1))
        self._dissolve(len(self.there()) - end, year)
        for group in itertools.islice(itertools.chain(new, self.there()), founded):
            group.founded = str(year.year)
        ready = [group for group in [*new, *self.there()] if group.pk not in self.listed]
        for group in list({group.pk: group for group in ready}.values())[:listed]:
            self.listed[group.pk] = datetime(year.year, 3, 1, 10, tzinfo=UTC)
        self._meet(year, new)
        self._describe(year)

    def save(self) -> None:
        """Write them all."""
        Venue.objects.bulk_create(self.rooms.values())
        for block in _blocks(self.groups):
            Group.objects.bulk_create(block)
        for at in set(self.known.values()):
            keys = [key for key, known in self.known.items() if known == at]
            for block in _blocks(keys):
                Group.objects.filter(pk__in=block).update(created_at=at)
        changes = [
            GroupChange(
                contact_point=self.office, group_id=key, at=at, by="nachgestellt", action="group.listed", fields=["listed"], stamp=at
            )
            for key, at in self.listed.items()
        ]  # fmt: skip
        for block in _blocks(changes):
            GroupChange.objects.bulk_create(block)

    def _make(self, count: int, on: date) -> list[Group]:
        made = []
        for _ in range(max(0, count)):
            number = next(self.number)
            group = Group(
                contact_point=self.office, id=uuid4(), slug=f"{self.office.slug}-{number}", name=f"Gruppe {number}", stage=Stage.OPEN
            )  # fmt: skip
            self.known[group.pk] = datetime.combine(on, datetime.min.time(), UTC).replace(hour=10)
            made.append(group)
        self.groups += made
        return made

    def _dissolve(self, count: int, year: Year) -> None:
        candidates = sorted(self.there(), key=lambda group: (group.venue is not None, self.known[group.pk]))
        for group in candidates[: max(0, count)]:
            group.stage, group.dissolved_on = Stage.DISSOLVED, date(year.year, *GONE_ON)

    def _meet(self, year: Year, new: list[Group]) -> None:
        """Give groups a room of the office; of those there already none moves, for the year before stands."""
        rooms = year.of("rooms")
        houses = year.parts("rooms.groups", "house")
        wanted = year.of("rooms.groups")
        if wanted is not None:
            houses = {**houses, "haupt": houses.get("haupt", 0) + wanted - sum(houses.values())}
        sites = {site.code: site for site in Site.objects.filter(contact_point=self.office)}
        for code, count in houses.items():
            room = self._room(f"{code}-1", sites[code])
            meeting = [group for group in self.there() if group.venue is room]
            free = [
                group for group in [*new, *self.there()] if group.venue is None and group.dissolved_on is None
            ]
            free = list({group.pk: group for group in free}.values())
            for group in free[: max(0, count - len(meeting))]:
                group.venue = room
        while rooms is not None and len(self.rooms) < rooms:
            self._room(f"haupt-{len(self.rooms) + 1}", sites["haupt"])

    def _room(self, key: str, site: Site) -> Venue:
        if key not in self.rooms:
            self.rooms[key] = Venue(
                contact_point=self.office, name=f"Raum {key}", street=site.street, postcode=site.postcode, town=site.town
            )  # fmt: skip
        return self.rooms[key]

    def _describe(self, year: Year) -> None:
        there = self.there()
        for name, count in year.parts("groups.end", "main-field").items():
            self._set(there, count, lambda group: not group.topics, topics=[tree.FIELDS[name][0].id])
        for name, count in year.parts("groups.end", "kinds").items():
            of_kind = next(each for each, kind in GROUPINGS["kinds"].items() if kind == name)
            self._set(there, count, lambda group: not group.topics, topics=[tree.FIELDS[of_kind][0].id])
        for name, count in year.parts("groups.end", "association").items():
            self._set(there, count, lambda group: not group.association, association=name[:160])
        self._set(there, year.of("groups.young") or 0, lambda group: not group.is_young, is_young=True)
        self._set(
            there,
            year.of("groups.multilingual") or 0,
            lambda group: not group.languages,
            languages=["de", "tr"],
        )

    @staticmethod
    def _set(groups: list[Group], count: int, fits: Callable[[Group], bool], **values: Any) -> None:
        for group in [group for group in groups if fits(group)][:count]:
            for name, value in values.items():
                setattr(group, name, value)


def _blocks(rows: Iterable[Any]) -> Iterable[list[Any]]:
    every = list(rows)
    size = min(BLOCK, 500)
    return (every[start : start + size] for start in range(0, len(every), size))
