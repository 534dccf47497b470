"""What an office's form offers in a year: the lists of `codes`, less what the office switched off, under its own keys.

A switch counts from a year on. It never touches a contact: a value that is no longer offered stays readable wherever it
was said, and is counted as before.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import transaction

from kontaktstelle.organisation import earlier
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from . import access, codes, days
from .keeping import traced
from .models import CodeSwitch

# The list of the optional fields themselves, which have no values of their own here.
FIELDS = "fields"
NO_KEY = " "
_LIST = "code-list"


class NotSwitchable(StepRefused):
    """No such field or value, or a year that is over."""

    sentence = "Dieses Feld lässt sich nicht umstellen. Abgelaufene Jahre bleiben, wie sie waren."


class NothingLeft(StepRefused):
    """All values of a list would be off."""

    sentence = "Ein Wert muss bleiben, sonst lässt sich nichts mehr erfassen."


class ShortcutTaken(StepRefused):
    """Two values of a list under one key, or a key that is none."""

    sentence = "Jede Taste gibt es in einer Liste nur einmal: ein Buchstabe oder eine Ziffer."


def fields(year: int) -> list[str]:
    """Return the optional fields this office keeps in a year."""
    switches = _switches(year)
    return [field for field in codes.OPTIONAL_FIELDS if switches.get((field, ""), (False, None))[0]]


def values(name: str, year: int) -> list[codes.Code]:
    """Return the values of a list this office offers in a year, under its own keys."""
    switches = _switches(year)
    shown = []
    for code in codes.offered(name, year=year):
        is_on, shortcut = switches.get((name, code.key), (True, None))
        if is_on:
            shown.append(code if shortcut is None else replace(code, shortcut=shortcut.strip()))
    return shown


def state(name: str, year: int) -> dict[str, list[Any]]:
    """Return of every value of a list, or of every optional field (`FIELDS`), whether it is on, and its key."""
    switches = _switches(year)
    if name == FIELDS:
        return {field: [switches.get((field, ""), (False, None))[0], ""] for field in codes.OPTIONAL_FIELDS}
    found = {}
    for code in codes.offered(name, year=year):
        is_on, shortcut = switches.get((name, code.key), (True, None))
        found[code.key] = [is_on, code.shortcut if shortcut is None else shortcut.strip()]
    return found


def switch(
    field: str, *, value: str = "", is_on: bool, from_year: int, by: Staff, at: datetime
) -> CodeSwitch:
    """Switch a field, or one value of a list, on or off from a year on.

    Raises:
        NotSwitchable: no such field or value, or the year is over.
    """
    access.check_leads(by)
    known = value in codes.LISTS.get(field, {}) if value else field in codes.OPTIONAL_FIELDS
    if not known or from_year < days.local_day(at).year:
        raise NotSwitchable
    row: CodeSwitch
    row, _ = CodeSwitch.objects.update_or_create(
        contact_point_id=current(), field=field, value=value, from_year=from_year, defaults={"is_on": is_on}
    )
    traced(by, "form.switched", row, at=at, fields=[field])
    return row


@transaction.atomic
def arrange(
    name: str,
    *,
    on: AbstractSet[str],
    shortcuts: Mapping[str, str],
    from_year: int,
    seen: str = "",
    by: Staff,
    at: datetime,
) -> dict[str, list[Any]]:
    """Say of a whole list what is offered from a year on, and under which keys.

    Args:
        name: a list of `codes.LISTS`, or `FIELDS` for the optional fields.
        on: the values, or fields, that are offered.
        shortcuts: the key of each value, "" for none; who is not named keeps theirs.
        from_year: this year or a coming one.
        seen: the mark of what the page showed (`earlier.fingerprint` of `state`).
        by: who.
        at: when.

    Returns:
        The list as it is now, as `state` says it.

    Raises:
        rights.NotAllowed, NotSwitchable, NothingLeft, ShortcutTaken: as they say.
        earlier.ChangedMeanwhile: somebody else arranged it since.
    """  # fmt: skip
    access.check_leads(by)
    if name not in {FIELDS, *codes.LISTS} or from_year < days.local_day(at).year:
        raise NotSwitchable
    was = state(name, from_year)
    earlier.check_unchanged(seen, was)
    wanted = {
        key: [key in on, "" if name == FIELDS else shortcuts.get(key, shortcut).strip().lower()]
        for key, (_, shortcut) in was.items()
    }
    if not set(on) <= set(was):
        raise NotSwitchable
    _check(name, wanted)
    return _put(name, from_year, was, wanted, by=by, at=at)


@transaction.atomic
def take_back(name: str, from_year: int, *, by: Staff, at: datetime) -> dict[str, list[Any]]:
    """Take the last arrangement of a list back.

    Raises:
        rights.NotAllowed, earlier.NothingToTakeBack, earlier.ChangedMeanwhile: as they say.
    """
    access.check_leads(by)
    if from_year < days.local_day(at).year:
        raise NotSwitchable
    now = state(name, from_year)
    was = earlier.take(_LIST, f"{name}/{from_year}", now, at=at)
    return _put(name, from_year, now, now | was, by=by, at=at, keep=False)


def last_change(name: str, year: int) -> Any:
    """Return the last arrangement of a list that can be taken back, None if there is none."""
    return earlier.last(_LIST, f"{name}/{year}")


def _check(name: str, wanted: Mapping[str, list[Any]]) -> None:
    if name == FIELDS:
        return
    if not any(is_on for is_on, _ in wanted.values()):
        raise NothingLeft
    used = [shortcut for is_on, shortcut in wanted.values() if is_on and shortcut]
    if len(set(used)) < len(used) or any(len(each) != 1 or not each.isalnum() for each in used):
        raise ShortcutTaken


def _put(
    name: str, year: int, was: Mapping[str, list[Any]], wanted: Mapping[str, list[Any]], *, by: Staff, at: datetime, keep: bool = True
) -> dict[str, list[Any]]:  # fmt: skip
    for key, (is_on, shortcut) in wanted.items():
        if was[key] == [is_on, shortcut]:
            continue
        field, value = (key, "") if name == FIELDS else (name, key)
        row, _ = CodeSwitch.objects.update_or_create(
            contact_point_id=current(), field=field, value=value, from_year=year,
            defaults={"is_on": is_on, "shortcut": None if name == FIELDS else shortcut or NO_KEY},
        )  # fmt: skip
        traced(by, "form.switched", row, at=at, fields=[field])
    now = state(name, year)
    if keep:
        earlier.keep(_LIST, f"{name}/{year}", was, now, by=by, at=at)
    return now


def _switches(year: int) -> dict[tuple[str, str], tuple[bool, str | None]]:
    """Return what was chosen up to a year: the latest word on whether something is on, and on its key."""
    chosen: dict[tuple[str, str], tuple[bool, str | None]] = {}
    for each in CodeSwitch.objects.filter(from_year__lte=year).order_by("from_year"):
        before = chosen.get((each.field, each.value), (True, None))
        chosen[each.field, each.value] = (each.is_on, before[1] if each.shortcut is None else each.shortcut)
    return chosen
