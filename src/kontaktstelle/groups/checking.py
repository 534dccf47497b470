"""What a field of a group or a venue may hold, asked before a step writes it: every problem as one German sentence."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.db import models

from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from .conditions import CONDITIONS
from .importing.choices import FORMS, LANGUAGES
from .models import Answer, Group
from .visibility import CHANNELS, OPENABLE

LONGEST_NOTE = 20_000
MOST_DATES = 60
OLDEST = 120
_FOUNDED = re.compile(r"(?:1[89]|20)\d\d(?:-(?:0[1-9]|1[0-2]))?")
_POSTCODE = re.compile(r"\d{5}")
_web = URLValidator(schemes=["http", "https"])


class ValuesUnfit(StepRefused):
    """Some of what was typed cannot be kept: `problems` says which field, and why, in a sentence."""

    sentence = "Einige Angaben können wir so nicht übernehmen."

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__(" ".join(problems.values()))
        self.problems = dict(problems)


def check_group(values: Mapping[str, Any], *, whole: Mapping[str, Any]) -> None:
    """Refuse values a group cannot hold.

    Args:
        values: fields that are to change.
        whole: all fields as they would stand then, for those that depend on each other.

    Raises:
        ValuesUnfit: with a sentence per field.
    """
    wrong = too_long(Group, values)
    wrong |= {name: said for name, value in values.items() if (said := _CHECKS.get(name, _fits)(value))}
    if "name" in values and not str(values["name"]).strip():
        wrong["name"] = "Die Gruppe braucht einen Namen."
    low, high = whole.get("age_from"), whole.get("age_to")
    if {"age_from", "age_to"} & set(values) and low and high and low > high:
        wrong.setdefault("age_to", f"Das Alter geht von {low} bis {high}; bitte andersherum.")
    if wrong:
        raise ValuesUnfit(wrong)


def too_long(model: type[models.Model], values: Mapping[str, Any]) -> dict[str, str]:
    """Return a sentence for every text that is longer than its column."""
    limits = {
        each.name: (each.max_length, str(each.verbose_name))
        for each in model._meta.concrete_fields  # noqa: SLF001 - Django's public meta interface
        if each.max_length
    }
    return {
        name: f"{limits[name][1]}: {len(value)} Zeichen sind zu viel; höchstens {limits[name][0]} haben Platz."
        for name, value in values.items()
        if name in limits and isinstance(value, str) and len(value) > limits[name][0]
    }


def is_postcode(text: str) -> bool:
    """Say whether a text is a postcode, or nothing."""
    return not text or (text.isascii() and _POSTCODE.fullmatch(text) is not None)


def _fits(_value: Any) -> str:
    return ""


def _among(known: Iterable[str], said: str) -> Any:
    return lambda value: "" if set(value) <= set(known) else said


def _number(said: str, most: int) -> Any:
    return lambda value: "" if value is None or 0 <= value <= most else f"{said} ist eine Zahl bis {most}."


def _email(value: str) -> str:
    try:
        if value:
            validate_email(value)
    except ValidationError:
        return "Die E-Mail der Gruppe sieht nicht wie eine Adresse aus."
    return ""


def _website(value: str) -> str:
    try:
        if value:
            _web(value)
    except ValidationError:
        return "Die Internetseite beginnt mit https:// und hat eine gültige Adresse."
    return ""


def _visibility(value: Mapping[str, Iterable[str]]) -> str:
    known = set(OPENABLE) >= set(value) and all(set(CHANNELS) >= set(each) for each in value.values())
    return "" if known else "Was sichtbar ist, wählen Sie bitte aus den Feldern der Seite."


def _conditions(value: Mapping[str, bool]) -> str:
    return "" if set(CONDITIONS) >= set(value) else "Diese Voraussetzung kennen wir nicht."


def _answer(value: str) -> str:
    return "" if value in set(Answer) else "Bitte wählen Sie ja, nein oder unbekannt."


def _founded(value: str) -> str:
    return (
        ""
        if not value or _FOUNDED.fullmatch(value)
        else "Gegründet: ein Jahr oder ein Monat, wie 2019 oder 2019-03."
    )


def _cancelled(value: list[str]) -> str:
    if len(value) > MOST_DATES:
        return f"Höchstens {MOST_DATES} Tage, an denen es ausfällt."
    try:
        for each in value:
            date.fromisoformat(each)
    except ValueError:
        return "Ein Tag, an dem es ausfällt, ist kein Datum."
    return ""


def _note(value: str | None) -> str:
    return (
        ""
        if len(value or "") <= LONGEST_NOTE
        else f"Die Bemerkung ist zu lang; höchstens {LONGEST_NOTE} Zeichen."
    )


_CHECKS: dict[str, Any] = {
    "topics": _among(tree.TOPICS, "Eines der Themen kennen wir nicht."),
    "audience": _among(tree.AUDIENCES, "Für wen: Bitte wählen Sie aus der Liste."),
    "languages": _among(LANGUAGES, "Sprachen: Bitte wählen Sie aus der Liste."),
    "forms": _among(FORMS, "Form: Bitte wählen Sie aus der Liste."),
    "age_from": _number("Das Alter", OLDEST),
    "age_to": _number("Das Alter", OLDEST),
    "members": _number("Die Zahl der Mitglieder", 9999),
    "attending": _number("Wie viele regelmäßig kommen,", 9999),
    "postcode": lambda value: "" if is_postcode(value) else "Eine Postleitzahl hat fünf Ziffern.",
    "public_email": _email,
    "website": _website,
    "visibility": _visibility,
    "conditions": _conditions,
    "step_free": _answer,
    "led_by_professionals": _answer,
    "founded": _founded,
    "cancelled_on": _cancelled,
    "note": _note,
}
