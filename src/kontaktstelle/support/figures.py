"""Counts of support, never rows; the same before and after the notes are gone, and never per member of staff.

Two units, never added up with each other: entries of the log (a talk, a visit, an accompaniment, a conflict …), which add
up in every breakdown; and groups reached, which do not: a group visited in March and in May is one group in the year.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import TextChoices

from kontaktstelle.enquiries.figures import Period

from .models import SupportEntry


class Unit(TextChoices):
    """What is counted."""

    ENTRIES = "entries", "Beratungen, Begleitungen und Besuche von Gruppen"
    GROUPS = "groups", "erreichte Gruppen"
    MINUTES = "minutes", "Minuten, soweit die Dauer notiert ist"


class By(TextChoices):
    """By what it is broken down."""

    MONTH = "month", "Monat"
    OFFICE = "contact_point", "Kontaktstelle"
    KIND = "kind", "Art"
    SITE = "site", "Standort"


@dataclass(frozen=True, slots=True)
class Counts:
    """A table: `total` counts the unit once each; the values of entries and minutes add up to it, those of groups need not."""

    unit: Unit
    by: tuple[By, ...]
    total: int
    values: tuple[tuple[tuple[str, ...], int], ...]

    def of(self, *key: str) -> int:
        """Return the count of one key, 0 if it does not occur."""
        return dict(self.values).get(key, 0)


_Row = tuple[str, str, str, str, UUID, int]
_KEY: dict[By, Callable[[_Row], str]] = {
    By.MONTH: lambda row: row[0],
    By.OFFICE: lambda row: row[1],
    By.KIND: lambda row: row[2],
    By.SITE: lambda row: row[3],
}


def counted(period: Period, *by: By, unit: Unit = Unit.ENTRIES) -> Counts:
    """Count the support of the office being acted for.

    Args:
        period: months, both included.
        by: up to as many breakdowns as there are; keys are texts: month as 2026-03, kind by its key, office and site by number
            or code, "" where no site was said.
        unit: what is counted.
    """
    rows = _rows(period)
    if unit == Unit.GROUPS:
        reached = {(tuple(_KEY[each](row) for each in by), row[4]) for row in rows}
        values = Counter(key for key, _ in reached)
        return Counts(unit, by, len({row[4] for row in rows}), tuple(sorted(values.items())) if by else ())
    values = Counter()
    for row in rows:
        values[tuple(_KEY[each](row) for each in by)] += 1 if unit == Unit.ENTRIES else row[5]
    return Counts(unit, by, sum(values.values()), tuple(sorted(values.items())) if by else ())


def _rows(period: Period) -> list[_Row]:
    found = SupportEntry.objects.filter(month__gte=period.first, month__lte=period.last)
    return [
        (f"{month:%Y-%m}", str(office), kind, site or "", group, minutes or 0)
        for month, office, kind, site, group, minutes in found.values_list(
            "month", "contact_point_id", "kind", "site__code", "group_id", "minutes"
        )
    ]
