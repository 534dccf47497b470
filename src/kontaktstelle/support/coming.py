"""What is next in supporting groups, and for whom."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff

from .models import SupportEntry


@dataclass(frozen=True, slots=True)
class Next:
    """A date with a group: which, when, for whom (nobody: whoever is there). What it is about is not said here."""

    entry: UUID
    group: Group
    on: date
    by: Staff | None


def due(on: date) -> list[Next]:
    """Return the dates with groups of the office being acted for that have come by a day, the oldest first."""
    return _nexts(SupportEntry.objects.filter(next_on__lte=on))


def ahead() -> list[Next]:
    """Return all dates with groups, the next one first."""
    return _nexts(SupportEntry.objects.filter(next_on__isnull=False))


def _nexts(rows: Iterable[SupportEntry]) -> list[Next]:
    found = rows.select_related("group", "next_by").order_by("next_on", "pk")  # type: ignore[attr-defined]
    return [Next(row.pk, row.group, row.next_on, row.next_by) for row in found]
