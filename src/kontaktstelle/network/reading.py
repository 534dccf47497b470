"""Read a register's data file, or what somebody typed at the desk, into facts that may be stored and shown.

A row that is wrong stops the whole file with a German sentence naming file, entry and field: a register that is half
loaded, or shows a wrong number, is worse than yesterday's.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from . import hours
from .kinds import KINDS
from .lands import LANDS
from .models import Body, HelpLine, HolidayRule, RegisterRow, Service

DATA = Path(__file__).parent / "data"
FILES: dict[type[RegisterRow], Path] = {
    HelpLine: DATA / "helplines.toml",
    Body: DATA / "bodies.toml",
    Service: DATA / "services.toml",
}
LARGEST_FILE = 2_000_000
MOST_ROWS = 2_000
MOST_ENTRIES = 40
EVERY_TOPIC = "*"

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_NUMBER = re.compile(r"\+?\d[\d /-]{1,22}\d")
_WEBSITE = re.compile(r"(?:[a-z0-9äöü](?:[a-z0-9äöü-]*[a-z0-9äöü])?\.)+[a-z]{2,24}(?:/[\w./~-]*)?")
_PARTIAL_DATE = re.compile(r"(?:19|20)\d\d(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")
_DAY_OF_YEAR = re.compile(r"(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])")
_REGION = re.compile(r"(?:0[1-9]|1[0-6])\d{3}")


class RegisterUnreadable(StepRefused):
    """A data file, or values meant for a register, cannot be used."""

    sentence = "Diese Angaben können nicht in das Register."


class _Unusable(ValueError):  # noqa: N818 - carries the half sentence the reader completes
    """A value is not usable; the message says why, in German."""


Check = Callable[[Any], Any]


def facts_in(register: type[RegisterRow], file: Path | None = None) -> list[dict[str, Any]]:
    """Return the checked facts of every row of a data file, in its order.

    Args:
        register: which register the file is for.
        file: the register's own file if none is given.

    Raises:
        RegisterUnreadable: the file is damaged or one of its rows is wrong.
    """
    file = file or FILES[register]
    rows, defaults = _rows(file)
    taken: set[str] = set()
    found = []
    for number, row in enumerate(rows, start=1):
        where = f"{file.name}, Eintrag {number}"
        if not isinstance(row, dict):
            raise RegisterUnreadable(f"{where}: Das ist kein Eintrag, sondern nur ein Wert.")
        named = (
            f"{where} („{row['key']}“)"
            if isinstance(row.get("key"), str) and _KEY.fullmatch(row["key"])
            else where
        )
        facts = checked(register, {**defaults, **row}, where=named)
        if facts["key"] in taken:
            raise RegisterUnreadable(
                f"{named}: Diesen Schlüssel gibt es schon. Jeder Eintrag braucht seinen eigenen."
            )
        taken.add(facts["key"])
        found.append(facts)
    return found


def checked(
    register: type[RegisterRow], values: Mapping[str, Any], *, where: str, partial: bool = False
) -> dict[str, Any]:
    """Return values as they may be stored.

    Args:
        register: which register they are for.
        values: by field name; hours as `open`, a list of written spans.
        where: what to name in a refusal.
        partial: some fields only, for a change of a row that exists.

    Raises:
        RegisterUnreadable: an unknown, missing or unusable field.
    """
    checks, required = FIELDS[register]
    for field in values:
        if field not in checks:
            raise RegisterUnreadable(f"{where}: Das Feld „{str(field)[:40]}“ gibt es hier nicht.")
    if not partial and (missing := [field for field in required if not values.get(field)]):
        raise RegisterUnreadable(f"{where}: Es fehlt „{missing[0]}“.")
    facts: dict[str, Any] = {}
    for field, value in values.items():
        try:
            facts[field] = checks[field](value)
        except _Unusable as unusable:
            raise RegisterUnreadable(f"{where}, Feld „{field}“: {unusable}") from unusable
        if partial and field in required and not facts[field]:
            raise RegisterUnreadable(f"{where}: „{field}“ darf nicht leer sein.")
    return _with_hours(facts)


def _with_hours(facts: dict[str, Any]) -> dict[str, Any]:
    """Turn the written spans into stored ones, and into words where no words were given."""
    if "open" in facts:
        facts["spans"] = facts.pop("open")
        if not facts.get("hours"):
            facts["hours"] = hours.in_words([(day, opens, closes) for day, opens, closes in facts["spans"]])
    return facts


def _rows(file: Path) -> tuple[list[Any], dict[str, Any]]:
    try:
        if file.stat().st_size > LARGEST_FILE:
            raise RegisterUnreadable(
                f"{file.name}: Die Datei ist größer als {LARGEST_FILE // 1_000_000} MB. Das ist kein Register."
            )
        content = tomllib.loads(file.read_bytes().decode("utf-8"))
    except OSError as error:
        raise RegisterUnreadable(f"{file.name}: Die Datei fehlt oder ist nicht lesbar.") from error
    except UnicodeDecodeError as error:
        raise RegisterUnreadable(f"{file.name}: Die Datei ist nicht in UTF-8 geschrieben.") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise RegisterUnreadable(f"{file.name}: Die Datei ist beschädigt ({str(error)[:120]}).") from error
    rows, defaults = content.get("row"), content.get("defaults", {})
    if (
        not isinstance(rows, list)
        or not rows
        or not isinstance(defaults, dict)
        or set(content) - {"row", "defaults"}
    ):
        raise RegisterUnreadable(f"{file.name}: Die Datei enthält keine Einträge der Form [[row]].")
    if len(rows) > MOST_ROWS:
        raise RegisterUnreadable(f"{file.name}: Mehr als {MOST_ROWS} Einträge. Das ist kein Register.")
    return rows, defaults


# --- What a field may hold ----------------------------------------------------------------------


def _text(limit: int) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str):
            raise _Unusable("Hier gehört Text hin.")
        text = value.strip()
        if len(text) > limit:
            raise _Unusable(f"Der Text ist länger als {limit} Zeichen.")
        if any(unicodedata.category(letter).startswith("C") for letter in text):
            raise _Unusable("Der Text enthält unsichtbare Zeichen oder Zeilenumbrüche.")
        if "<" in text or ">" in text:
            raise _Unusable("Der Text enthält spitze Klammern. Gestaltung gehört nicht in ein Register.")
        return text

    return check


def _matching(pattern: re.Pattern[str], limit: int, sentence: str) -> Check:
    as_text = _text(limit)

    def check(value: Any) -> str:
        text: str = as_text(value)
        if text and not pattern.fullmatch(text):
            raise _Unusable(f"{text!r} {sentence}")
        return text

    return check


def _list_of(each: Check) -> Check:
    def check(value: Any) -> list[Any]:
        if not isinstance(value, list):
            raise _Unusable("Hier gehört eine Liste hin.")
        if len(value) > MOST_ENTRIES:
            raise _Unusable(f"Mehr als {MOST_ENTRIES} Angaben.")
        found = [each(entry) for entry in value]
        if "" in found:
            raise _Unusable("Eine Angabe ist leer.")
        if len(set(found)) < len(found):
            raise _Unusable("Eine Angabe steht doppelt.")
        return found

    return check


def _one_of(allowed: Mapping[str, object], sentence: str) -> Check:
    def check(value: Any) -> str:
        if not isinstance(value, str) or value not in allowed:
            raise _Unusable(f"{str(value)[:60]!r} {sentence}")
        return value

    return check


def _region(value: Any) -> str:
    if isinstance(value, str) and (value in LANDS or _REGION.fullmatch(value)):
        return value
    raise _Unusable(f"{str(value)[:60]!r} ist weder das Kürzel eines Landes noch ein Kreisschlüssel.")


def _spans(value: Any) -> list[list[Any]]:
    if not isinstance(value, list):
        raise _Unusable("Hier gehört eine Liste von Zeiten hin.")
    try:
        return [list(span) for span in hours.read(value[:MOST_ENTRIES])]
    except hours.HoursUnclear as unclear:
        raise _Unusable(str(unclear)) from unclear


def _yes_or_no(value: Any) -> bool:
    if not isinstance(value, bool):
        raise _Unusable("Hier gehört true oder false hin.")
    return value


def _choices(choices: Any) -> Mapping[str, object]:
    return dict(choices.choices)


_number = _matching(_NUMBER, 30, "ist keine Rufnummer.")
_website = _matching(_WEBSITE, 120, "ist keine Internetadresse ohne https:// davor.")
_COMMON: dict[str, Check] = {
    "key": _matching(_KEY, 60, "ist kein Schlüssel aus Kleinbuchstaben, Ziffern und Bindestrichen."),
    "name": _text(160),
    "note": _text(400),
    "source": _text(300),
    "source_date": _matching(_PARTIAL_DATE, 10, "ist kein Datum der Form 2021, 2021-02 oder 2021-02-09."),
}
_HOURS: dict[str, Check] = {
    "hours": _text(200),
    "open": _spans,
    "on_holidays": _one_of(_choices(HolidayRule), "ist keine Regel für Feiertage."),
    "regions": _list_of(_region),
    "cost": _text(120),
    "numbers": _list_of(_number),
}
FIELDS: dict[type[RegisterRow], tuple[dict[str, Check], tuple[str, ...]]] = {
    HelpLine: (
        {
            **_COMMON,
            **_HOURS,
            "operator": _text(200),
            "kinds": _list_of(_one_of(KINDS, "ist keine bekannte Art von Hilfe.")),
            "for_whom": _text(200),
            "closed_days": _list_of(_matching(_DAY_OF_YEAR, 5, "ist kein Tag der Form 12-24.")),
            "languages": _text(200),
            "is_fallback": _yes_or_no,
        },
        ("key", "name", "numbers", "operator", "kinds", "source"),
    ),
    Body: (
        {
            **_COMMON,
            "what": _text(300),
            "for_whom": _text(200),
            "topics": _list_of(_one_of({EVERY_TOPIC: None, **tree.TOPICS}, "ist kein bekanntes Thema.")),
            "reach": _one_of(_choices(Body.Reach), "ist keine Reichweite."),
            "land": _one_of({"": None, **LANDS}, "ist kein Kürzel eines Landes."),
            "website": _website,
            "phone": _number,
        },
        ("key", "name", "what", "topics", "source"),
    ),
    Service: (
        {
            **_COMMON,
            **_HOURS,
            "kind": _one_of(_choices(Service.Kind), "ist keine bekannte Art."),
            "what": _text(400),
            "for_whom": _text(200),
            "website": _website,
        },
        ("key", "name", "kind", "what", "source"),
    ),
}
