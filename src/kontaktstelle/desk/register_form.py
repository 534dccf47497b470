"""The registers as their pages show them, and what is typed into a row's form as `network.keeping` takes it."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, QueryDict

from kontaktstelle.network import checking, hours, keeping, kinds, lands
from kontaktstelle.network.models import Body, HelpLine, HolidayRule, RegisterRow, Service
from kontaktstelle.organisation import earlier, own_record
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.places.finding import kreis_name
from kontaktstelle.refusal import StepRefused

REGISTERS: dict[str, type[RegisterRow]] = {"telefon": HelpLine, "dienst": Service, "ueberregional": Body}
# What an office adds to the registers; lines and bodies come with the programme.
ADDED: type[RegisterRow] = Service
LABELS = {
    "name": "Name", "numbers": "Rufnummern", "operator": "Träger", "kinds": "Wofür", "kind": "Art", "what": "Was", "for_whom": "Für wen",
    "open": "Zeiten", "hours": "Zeiten", "on_holidays": "An Feiertagen", "regions": "Gebiet", "cost": "Kosten", "languages": "Sprachen",
    "website": "Internetadresse", "note": "Hinweis", "source": "Quelle", "closed_days": "geschlossen am",
}  # fmt: skip
FIELDS: dict[type[RegisterRow], tuple[str, ...]] = {
    HelpLine: ("name", "numbers", "operator", "kinds", "for_whom", "open", "on_holidays", "regions", "languages", "cost", "note", "source"),
    Service: ("kind", "name", "what", "for_whom", "numbers", "open", "on_holidays", "regions", "cost", "website", "note", "source"),
    Body: ("name", "what", "for_whom", "website", "note", "source"),
}  # fmt: skip
_HINTS = {
    "numbers": "Mit Komma dazwischen.",
    "open": "Eine Zeit in jeder Zeile: „Mo-Do 9-17“, „täglich 0-24“. Leer heißt: unbekannt.",
    "regions": "Kreise oder Länder, mit Komma dazwischen. Leer heißt: überall in Deutschland.",
    "website": "Ohne https:// davor.",
    "note": "Zum Beispiel die Adresse oder wie man sich anmeldet.",
    "source": "Woher Sie es wissen: Name und Adresse, zum Beispiel „Flyer des Kreises, kreis.example“.",
    "languages": "Zum Beispiel: Deutsch, Türkisch",
}
_LONG = {"what", "open", "note"}
_REQUIRED = {"name", "numbers", "operator", "kinds", "kind", "what", "source"}
_CLOCK = re.compile(r"(?<!\d)(\d{1,2})(?:[:.](\d\d))?(?!\d)")


@dataclass(frozen=True, slots=True)
class RowShown:
    """A row as a list shows it; `is_due` asks for a look now."""

    register: str
    key: str
    name: str
    ways: str
    what: str
    where: str
    source: str
    checked_on: date | None
    is_due: bool
    to_review: bool
    hidden: bool
    is_ours: bool
    is_near: bool


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a row's form."""

    name: str
    label: str
    value: str
    hint: str
    long: bool
    required: bool
    choices: list[tuple[str, str]]
    chosen: list[str]
    several: bool


def row_of(register: str, key: str) -> RegisterRow:
    """Return a row this office may see.

    Raises:
        Http404: there is none, or it is another office's own.
    """
    row = REGISTERS[register].objects.filter(key=key).first() if register in REGISTERS else None
    if row is None or (isinstance(row, Service) and not keeping.may_change(row)):
        raise Http404
    return row


def rows(office: ContactPoint, on: date, *, bodies: bool) -> list[RowShown]:
    """Return the rows of the registers, those that ask for a look first: near ones, never checked, then the longest ago.

    Args:
        office: whose own services are among them.
        on: today.
        bodies: the supra-regional ones, else help lines and services.
    """
    due = {(each.register, each.key) for each in checking.overdue(on, bodies=True)}
    found = [
        _shown(slug, row, due, office)
        for slug, register in REGISTERS.items()
        if (register is Body) == bodies
        for row in register.objects.order_by("position", "key")
        if not isinstance(row, Service) or row.contact_point_id in {None, office.pk}
    ]
    return sorted(
        found,
        key=lambda row: (
            row.hidden,
            not row.is_due,
            not row.is_ours,
            not row.is_near,
            row.checked_on or date.min,
        ),
    )


def form_of(
    register: type[RegisterRow], row: RegisterRow | None, post: QueryDict | None, office: ContactPoint
) -> list[Field]:
    """Return the fields of a form, filled with what was typed, else with what stands."""
    stored = (
        keeping.facts(row)
        if row
        else {"regions": _own_regions(office), "on_holidays": HolidayRule.UNKNOWN.value}
    )
    return [_field(name, register, stored, post) for name in FIELDS[register]]


def typed(register: type[RegisterRow], post: QueryDict) -> dict[str, Any]:
    """Return what was typed, as the step takes it.

    Raises:
        own_record.AreaUnclear: a region nobody knows.
    """
    values: dict[str, Any] = {}
    for name in FIELDS[register]:
        said = post.get(name, "").replace("\r\n", "\n").strip()
        if name == "kinds":
            values[name] = post.getlist(name)
        elif name == "numbers":
            values[name] = [part.strip() for part in re.split(r"[,;\n]", said) if part.strip()]
        elif name == "open":
            values[name] = [_span(line) for line in re.split(r"[\n;]", said) if line.strip()]
        elif name == "regions":
            values[name] = [_region(part.strip()) for part in re.split(r"[,;\n]", said) if part.strip()]
        else:
            values[name] = " ".join(said.split())
    return values


def said_in_german(refused: StepRefused) -> str:
    """Return a refusal with the labels of the form instead of the names of fields."""
    return re.sub(r"„([a-z_]+)“", lambda name: f"„{LABELS.get(name[1], name[1])}“", refused.sentence)


def mark_of(row: RegisterRow) -> str:
    """Return the mark by which a step knows what the page showed."""
    return earlier.fingerprint(keeping.facts(row))


def _shown(slug: str, row: RegisterRow, due: set[tuple[str, str]], office: ContactPoint) -> RowShown:
    names = {HelpLine: "helplines", Service: "services", Body: "bodies"}
    ways = [*getattr(row, "numbers", []), getattr(row, "phone", ""), getattr(row, "website", "")]
    what = getattr(row, "what", "") or ", ".join(
        kinds.KINDS[kind] for kind in getattr(row, "kinds", []) if kind in kinds.KINDS
    )
    where = ", ".join(_region_said(region) for region in getattr(row, "regions", [])) or lands.LANDS.get(
        getattr(row, "land", ""), ""
    )
    return RowShown(
        slug, row.key, row.name, " · ".join(way for way in ways if way), what, where or "bundesweit", row.source, row.checked_on,
        (names[type(row)], row.key) in due, row.to_review, row.hidden,
        isinstance(row, Service) and row.contact_point_id == office.pk, _is_near(row, office),
    )  # fmt: skip


def _is_near(row: RegisterRow, office: ContactPoint) -> bool:
    regions = set(getattr(row, "regions", [])) | {land for land in [getattr(row, "land", "")] if land}
    return not regions or not regions.isdisjoint({office.land, *_own_regions(office)})


def _field(name: str, register: type[RegisterRow], stored: dict[str, Any], post: QueryDict | None) -> Field:
    choices: list[tuple[str, str]] = []
    if name == "kinds":
        choices = list(kinds.KINDS.items())
    elif name == "kind":
        choices = [(str(value), str(label)) for value, label in Service.Kind.choices]
    elif name == "on_holidays":
        choices = [(str(value), str(label)) for value, label in HolidayRule.choices]
    chosen = post.getlist(name) if post is not None else _chosen(name, stored)
    value = post.get(name, "") if post is not None else _value(name, stored)
    return Field(
        name, LABELS[name], value, _HINTS.get(name, ""), name in _LONG,
        name in _REQUIRED and not (name == "numbers" and register is Service), choices, chosen, name == "kinds",
    )  # fmt: skip


def _chosen(name: str, stored: dict[str, Any]) -> list[str]:
    value = stored.get(name, "")
    return list(value) if isinstance(value, list) else [str(value)]


def _value(name: str, stored: dict[str, Any]) -> str:
    if name == "open":
        return "\n".join(
            hours.written([(day, opens, closes) for day, opens, closes in stored.get("spans", [])])
        )
    value = stored.get(name, "")
    if name == "regions":
        return ", ".join(_region_said(region) for region in value)
    return ", ".join(value) if isinstance(value, list) else str(value)


def _own_regions(office: ContactPoint) -> list[str]:
    return [area.kreis_key for area in office.areas.order_by("pk") if area.kreis_key]


def _region_said(region: str) -> str:
    return lands.LANDS.get(region) or kreis_name(region) or region


def _region(said: str) -> str:
    by_name = {name.casefold(): code for code, name in lands.LANDS.items()}
    # Hamburg is a Land and a Kreis; a Land is more than its Kreis, so the Land is meant.
    return by_name.get(said.casefold()) or (said if said in lands.LANDS else own_record.kreis_key_of(said))


def _span(line: str) -> str:
    """Write a line as `hours.read` reads it: "Mo–Do 9–17 Uhr" is "Mo-Do 09:00-17:00"."""
    plain = re.sub(r"\s*[–—-]\s*|\s+bis\s+", "-", line.strip().replace(" Uhr", ""))
    plain = re.sub(r",\s+", ",", plain)
    return _CLOCK.sub(lambda clock: f"{int(clock[1]):02}:{clock[2] or '00'}", plain)
