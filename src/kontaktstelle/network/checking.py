"""Checking: an office dials the number, reads the page and says "geprüft"; after six months it is asked again.

Nothing shipped is checked by itself. Numbers rot and get misprinted, also on official pages.
"""

import calendar
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from kontaktstelle.privacy import trail

from .models import Body, HelpLine, RegisterRow, Service

MONTHS_VALID = 6
BERLIN = ZoneInfo("Europe/Berlin")


@dataclass(frozen=True, slots=True)
class Due:
    """A row somebody should check: never checked, checked too long ago, or with newer facts waiting."""

    register: str
    key: str
    name: str
    checked_on: date | None
    to_review: bool
    source: str


@transaction.atomic
def confirm(row: RegisterRow, by: str, at: datetime, *, contact_point: int = 0) -> RegisterRow:
    """Say that a row's facts are right today.

    Args:
        row: of any register.
        by: the staff member's key, never a name.
        at: when, aware; its day in Berlin is "geprüft am".
        contact_point: number of the office acting, 0 for the installation.
    """
    row.checked_on, row.checked_by, row.to_review = at.astimezone(BERLIN).date(), by, False
    row.save(update_fields=["checked_on", "checked_by", "to_review"])
    trail.record(
        by,
        "network.confirmed",
        object_type=row.label,
        object_id=row.pk,
        at=at,
        contact_point=contact_point,
        fields=["checked_on"],
    )
    return row


def overdue(on: date, *, bodies: bool = False) -> list[Due]:
    """Return what was never checked, was checked more than six months ago, or has newer facts to look at.

    Args:
        on: today.
        bodies: with the supra-regional bodies, which are many and less urgent.

    Returns:
        Help lines first, then services, then bodies; in the order of the register.
    """
    registers: list[tuple[str, type[RegisterRow]]] = [("helplines", HelpLine), ("services", Service)]
    if bodies:
        registers.append(("bodies", Body))
    limit = _months_before(on, MONTHS_VALID)
    found = []
    for name, register in registers:
        rows = register.objects.filter(hidden=False).order_by("position", "key")
        found += [
            Due(name, row.key, row.name, row.checked_on, row.to_review, row.source)
            for row in rows
            if row.checked_on is None or row.checked_on < limit or row.to_review
        ]
    return found


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
