"""What the form of a promise says (Rückruf, Zusenden, Termin), read from a request, and what it offers."""

import uuid
from collections.abc import Mapping
from datetime import time
from typing import Any, TypeVar

from kontaktstelle.enquiries.models import CallBack
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

from . import contact_form

Choice = TypeVar("Choice", CallBack.Kind, CallBack.Machine)


class TimeUnreadable(StepRefused):
    """A time that is none."""

    sentence = "Diese Uhrzeit lesen wir nicht. Bitte schreiben Sie sie wie 14:30."


def empty() -> dict[str, str]:
    """Return the values of a form nobody filled in yet."""
    return {"form_key": str(uuid.uuid4()), "kind": CallBack.Kind.CALL.value}


def values(typed: Mapping[str, str]) -> dict[str, Any]:
    """Return the arguments of `call_backs.promise`.

    Raises:
        TimeUnreadable, contact_form.DayUnreadable: as their sentences say.
    """
    said = {
        name: typed.get(name, "").strip() or None for name in ("name", "phone", "email", "address", "wish")
    }
    return {
        "kind": _one_of(CallBack.Kind, typed.get("kind", ""), CallBack.Kind.CALL),
        "person": Address(said["name"], said["phone"], said["email"], said["address"], said["wish"]),
        "due_on": contact_form.day(typed.get("due_on", "").strip()),
        "window": (_time(typed.get("from", "")), _time(typed.get("until", ""))),
        "machine": _one_of(CallBack.Machine, typed.get("machine", ""), CallBack.Machine.NOTHING),
        "form_key": contact_form.key(typed.get("form_key", "")),
    }


def choices() -> dict[str, list[tuple[str, str]]]:
    """Return what may be promised and what may be said to a machine, with their words."""
    return {
        "kinds": [(each.value, str(each.label)) for each in CallBack.Kind],
        "machines": [(each.value, str(each.label)) for each in CallBack.Machine],
    }


def words_of(row: CallBack) -> dict[str, Any]:
    """Return the words of a promise, and whether anything may be said to the machine."""
    return {
        "kind": CallBack.Kind(row.kind).label,
        "machine": CallBack.Machine(row.machine).label,
        "may_speak": row.machine != CallBack.Machine.NOTHING,
    }


def _one_of(choices: type[Choice], typed: str, otherwise: Choice) -> Choice:
    return choices(typed) if typed in choices.values else otherwise


def _time(typed: str) -> time | None:
    text = typed.strip().replace(".", ":").removesuffix("Uhr").strip()
    if not text:
        return None
    try:
        return time.fromisoformat(f"{int(text):02}:00" if text.isdigit() else text.zfill(5))
    except ValueError as error:
        raise TimeUnreadable from error
