"""Checking: an office dials the number, reads the page and says "geprüft"; after six months it is asked again.

Nothing shipped is checked by itself. Numbers rot and get misprinted, also on official pages.
"""

import calendar
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import get_close_matches
from zoneinfo import ZoneInfo

from django.db import transaction

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import fresh

from .models import Body, HelpLine, RegisterRow, Service

MONTHS_VALID = 6
BERLIN = ZoneInfo("Europe/Berlin")


class KeyUnknown(StepRefused):
    """No row has this key."""

    sentence = "Diesen Schlüssel gibt es im Register nicht."


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
    fresh.changed()
    return row


@transaction.atomic
def confirm_keys(
    keys: Sequence[str],
    registers: Sequence[type[RegisterRow]],
    *,
    by: str,
    at: datetime,
    contact_point: int = 0,
) -> list[RegisterRow]:
    """Say of several rows that their facts are right today: all of them or, if one key is unknown, none.

    Args:
        keys: as `overdue` names them; one said twice counts once.
        registers: where to look for them.
        by: the staff member's key, never a name.
        at: when, aware.
        contact_point: number of the office acting, 0 for the installation.

    Returns:
        The rows, in the order of the keys.

    Raises:
        KeyUnknown: a key is in none of these registers; the sentence names it and what may be meant.
    """
    wanted = list(dict.fromkeys(keys))
    rows = {row.key: row for register in registers for row in register.objects.filter(key__in=wanted)}
    if unknown := [key for key in wanted if key not in rows]:
        known = [key for register in registers for key in register.objects.values_list("key", flat=True)]
        raise KeyUnknown(_unknown(unknown, known))
    return [confirm(rows[key], by, at, contact_point=contact_point) for key in wanted]


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


def _unknown(unknown: Sequence[str], known: Sequence[str]) -> str:
    meant = [near for key in unknown for near in get_close_matches(key, known, n=2)]
    names = ", ".join(f"„{key[:60]}“" for key in unknown)
    perhaps = f" Gemeint vielleicht: {', '.join(dict.fromkeys(meant))}?" if meant else ""
    return f"Im Register gibt es {names} nicht; es wurde nichts bestätigt.{perhaps}"


def _months_before(day: date, months: int) -> date:
    count = day.year * 12 + day.month - 1 - months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
