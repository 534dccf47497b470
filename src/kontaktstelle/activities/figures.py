"""Counts of activities for working figures and the Tätigkeitsbericht, from the records alone.

How to use it (for `reporting`): `counted(period, By.KIND, By.MONTH, By.SITE)` returns one table of one unit over months, with
up to four breakdowns; without a breakdown its total. Units are never added up with each other: how often, people
(or pieces, or groups: as the kind counts), people on waiting lists, minutes. Every breakdown adds up to the total; a
record of no site counts under "". Kinds keep their keys for ever: `kinds.KINDS[key]` has the words and the field (chapter).

    counted(Period.year(2025), By.KIND).of("post")                                 -> 83 posts
    counted(Period.year(2025), By.KIND, unit=Unit.REACHED).of("training")          -> people in trainings
    titles(Period.year(2025), "training")                                          -> [("Erste-Hilfe-Auffrischung", 3), …]

No figure is of a person: none is ever suppressed (issue 5, part 5).
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import TextChoices

from kontaktstelle.enquiries.figures import Period

from . import kinds
from .models import ActivityRecord

WITHOUT_TITLE = ""


class Unit(TextChoices):
    """What is counted."""

    TIMES = "times", "Aktivitäten"
    REACHED = "reached", "erreicht, soweit gezählt"
    WAITING = "waiting", "auf Wartelisten"
    MINUTES = "minutes", "Minuten, soweit notiert"


class By(TextChoices):
    """By what they are broken down."""

    KIND = "kind", "Art"
    FIELD = "field", "Bereich"
    MONTH = "month", "Monat"
    SITE = "site", "Standort"


@dataclass(frozen=True, slots=True)
class Counts:
    """One table of one unit; its values add up to the total. Keys are texts: a month is 2026-03, a site its code or ""."""

    unit: Unit
    by: tuple[By, ...]
    total: int
    values: tuple[tuple[tuple[str, ...], int], ...]

    def of(self, *key: str) -> int:
        """Return the count of one key, 0 if it does not occur."""
        return dict(self.values).get(key, 0)


_KEY: dict[By, Callable[[dict[str, Any]], str]] = {
    By.KIND: lambda row: row["kind"],
    By.FIELD: lambda row: kinds.KINDS[row["kind"]].field.value if row["kind"] in kinds.KINDS else "",
    By.MONTH: lambda row: f"{row['month']:%Y-%m}",
    By.SITE: lambda row: row["site__code"] or "",
}


def counted(period: Period, *by: By, unit: Unit = Unit.TIMES) -> Counts:
    """Count the activities of the office being acted for.

    Args:
        period: months, both included.
        by: breakdowns, in the order in which keys are to be read; none for the total alone.
        unit: what is counted.
    """
    values: Counter[tuple[str, ...]] = Counter()
    for row in _rows(period).values("kind", "month", "site__code", unit.value):
        if row[unit.value]:
            values[tuple(_KEY[each](row) for each in by)] += row[unit.value]
    return Counts(unit, by, sum(values.values()), tuple(sorted(values.items())) if by else ())


def titles(period: Period, kind: str) -> list[tuple[str, int]]:
    """Return what the activities of a kind were about and how often each was, most first: „drei Erste-Hilfe-Auffrischungen“.

    What has no text counts under `WITHOUT_TITLE`.
    """
    found: Counter[str] = Counter()
    for text, times in _rows(period).filter(kind=kind).values_list("text", "times"):
        found[text or WITHOUT_TITLE] += times
    return sorted(found.items(), key=lambda each: (-each[1], each[0]))


def _rows(period: Period) -> Any:
    return ActivityRecord.objects.filter(month__gte=period.first, month__lte=period.last)
