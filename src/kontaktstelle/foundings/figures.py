"""Counts of foundings and of who came forward, never rows; the same before and after the people are gone.

Units are named and never added up: attempts begun, attempts that ended, people who came forward for a founding.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import TextChoices

from kontaktstelle.enquiries.figures import Period

from .models import Founding, Interest


class Unit(TextChoices):
    """What is counted."""

    BEGUN = "begun", "begonnene Gründungen"
    ENDED = "ended", "beendete Gründungen"
    INTERESTED = "interested", "Menschen, die sich für eine Gründung meldeten"


@dataclass(frozen=True, slots=True)
class Counts:
    """One breakdown of a unit; it adds up to the total."""

    unit: Unit
    total: int
    values: tuple[tuple[str, int], ...]

    def of(self, key: str) -> int:
        """Return the count of one key, 0 if it does not occur."""
        return dict(self.values).get(key, 0)


def begun(period: Period) -> Counts:
    """Count the attempts begun in some months, by from whom they came."""
    rows = Founding.objects.filter(begun_month__gte=period.first, begun_month__lte=period.last)
    return _counts(Unit.BEGUN, rows.values_list("origin", flat=True))


def ended(period: Period) -> Counts:
    """Count the attempts that ended in some months, by how: settled, joined, or given up and why (`given-up/too-few`)."""
    rows = Founding.objects.filter(ended_month__gte=period.first, ended_month__lte=period.last)
    return _counts(
        Unit.ENDED,
        (
            f"{status}/{reason}" if reason else status
            for status, reason in rows.values_list("status", "reason")
        ),
    )


def interested(period: Period) -> Counts:
    """Count who came forward for a founding in some months, by where they heard: a way of calling (`call/press`), or a code."""
    rows = Interest.objects.filter(
        kind=Interest.Kind.FOUNDING, month__gte=period.first, month__lte=period.last
    )
    return _counts(
        Unit.INTERESTED,
        (f"call/{way}" if way else heard for way, heard in rows.values_list("outreach__way", "heard")),
    )


def _counts(unit: Unit, keys: Iterable[str]) -> Counts:
    counted = Counter(keys)
    return Counts(unit, sum(counted.values()), tuple(sorted(counted.items())))
