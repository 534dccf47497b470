"""The form of a group: what stands there as text, what was typed as values, and two people's changes side by side."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import QueryDict

from kontaktstelle.groups.checking import ValuesUnfit
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.importing.choices import FORMS, LANGUAGES
from kontaktstelle.groups.models import Answer, Group, Venue
from kontaktstelle.groups.visibility import AS_IN_A_PUBLIC_LIST, CHANNELS, OPENABLE
from kontaktstelle.organisation.models import Site
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree
from kontaktstelle.ui import formats

from . import typed

Texts = dict[str, Any]
TEXT = (
    "name", "description", "online_note", "town", "postcode", "district", "meeting_text", "founded", "public_phone", "public_email",
    "website", "association", "source",
)  # fmt: skip
NUMBERS = ("age_from", "age_to", "members", "attending")
DATES = ("first_on", "confirmed_on")
ROWS = ("venue_id", "site_id")
ANSWERS = ("step_free", "led_by_professionals")
FLAGS = (
    "is_young", "sign_language", "easy_language", "induction_loop", "takes_referrals_only_via_office", "protected", "is_anonymous_fellowship",
)  # fmt: skip
LISTS: dict[str, tuple[str, ...]] = {
    "topics": tuple(tree.TOPICS),
    "audience": tuple(tree.AUDIENCES),
    "languages": tuple(LANGUAGES),
    "forms": tuple(FORMS),
}
# Of a copy these belong to the first group alone.
NOT_COPIED = ("public_phone", "public_email", "website", "first_on", "confirmed_on", "source", "founded", "members", "attending")  # fmt: skip
USUAL_LANGUAGES = ("de", "en", "tr", "pl", "ru", "uk", "ar", "fa")
_OWN_LABELS = {
    "visibility": "Was wo sichtbar ist", "conditions": "Voraussetzungen", "cancelled_on": "Fällt aus am", "note": "Bemerkung", "venue_id": "Treffpunkt",
    "site_id": "Standort", "forms": "Form", "confirmed_on": "Stand (bestätigt am)", "persons": "Ansprechpersonen", "lat": "Lage", "lon": "Lage",
    "kreis_key": "Lage", "slug": "Adresse der Seite", "stage": "Stand",
}  # fmt: skip
_ANSWER = {Answer.YES.value: "ja", Answer.NO.value: "nein", Answer.UNKNOWN.value: "unbekannt"}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A field somebody else changed since the page was opened; `taken` if nothing else was typed there."""

    label: str
    theirs: str
    taken: bool


def label(name: str) -> str:
    """Return how a field is called on the screen."""
    if name in _OWN_LABELS:
        return _OWN_LABELS[name]
    if name.startswith("c-") and name[2:] in CONDITIONS:
        return CONDITIONS[name[2:]].label
    fields = {each.name: each for each in Group._meta.concrete_fields}  # noqa: SLF001 - Django's public meta interface
    return str(fields[name].verbose_name) if name in fields else name


def texts(group: Group, *, note: str | None) -> Texts:
    """Return what stands in a group as the form shows it; `note` None for those who do not read it."""
    shown: Texts = {name: getattr(group, name) or "" for name in TEXT}
    if note is not None:
        shown["note"] = note
    shown |= {name: "" if getattr(group, name) is None else str(getattr(group, name)) for name in NUMBERS}
    shown |= {name: value.isoformat() if (value := getattr(group, name)) else "" for name in DATES}
    shown |= {name: "" if getattr(group, name) is None else str(getattr(group, name)) for name in ROWS}
    shown |= {name: str(getattr(group, name)) for name in ANSWERS}
    shown |= {name: "1" if getattr(group, name) else "" for name in FLAGS}
    shown |= {name: [key for key in known if key in getattr(group, name)] for name, known in LISTS.items()}
    shown["topics"] = [topic for topic in group.topics if topic in tree.TOPICS]
    shown["cancelled_on"] = ", ".join(f"{date.fromisoformat(day):%d.%m.%Y}" for day in group.cancelled_on)
    shown["visibility"] = _boxes(group.visibility)
    for key in CONDITIONS:
        answer = group.conditions.get(key)
        shown[f"c-{key}"] = "" if answer is None else "yes" if answer else "no"
    return shown


def new(*, note: str | None) -> Texts:
    """Return what an empty form begins with: closed, but for what an office's list has always shown."""
    shown = texts(Group(languages=["de"], forms=["in-person"]), note=note)
    return shown | {"visibility": _boxes(AS_IN_A_PUBLIC_LIST)}


def of_copy(group: Group, *, note: str | None) -> Texts:
    """Return what a copy of a group begins with: without what belongs to the first one alone."""
    shown = texts(group, note=note)
    return shown | dict.fromkeys(NOT_COPIED, "") | {"cancelled_on": "", "name": f"{group.name} (Kopie)"}


def read(post: QueryDict, *, with_note: bool) -> Texts:
    """Return what was sent, as text."""
    said: Texts = {
        name: _said(post.get(name, "")) for name in (*TEXT, *NUMBERS, *DATES, *ROWS, *ANSWERS, "cancelled_on")
    }
    if with_note:
        said["note"] = _said(post.get("note", ""))
    said |= {name: "1" if post.get(name) else "" for name in FLAGS}
    said |= {name: [key for key in known if key in post.getlist(name)] for name, known in LISTS.items()}
    said["topics"] = list(dict.fromkeys(each for each in post.getlist("topics") if each in tree.TOPICS))
    sent = set(post.getlist("visibility"))
    said["visibility"] = [box for box in _all_boxes() if box in sent]
    said |= {f"c-{key}": post.get(f"c-{key}", "") for key in CONDITIONS}
    return said


def values(said: Texts) -> dict[str, Any]:
    """Return a form's texts as values of a group.

    Raises:
        ValuesUnfit: something is no number, no day, no row.
    """
    wrong: dict[str, str] = {}
    found: dict[str, Any] = {name: said[name] for name in (*TEXT, *ANSWERS)}
    found |= {name: bool(said[name]) for name in FLAGS} | {name: said[name] for name in LISTS}
    if "note" in said:
        found["note"] = said["note"]
    found["name"] = " ".join(found["name"].split())
    for name in (*NUMBERS, *ROWS):
        text = said[name].strip()
        if text and not (text.isascii() and text.isdigit() and len(text) < 10):  # noqa: PLR2004 - more digits are no count
            wrong[name] = f"{label(name)}: Bitte eine Zahl, oder leer lassen."
        else:
            found[name] = int(text) if text else None
    for name in DATES:
        found[name] = _day(name, said[name], wrong)
    days = [_day("cancelled_on", part, wrong) for part in said["cancelled_on"].replace(";", ",").split(",")]
    found["cancelled_on"] = sorted({day.isoformat() for day in days if day})
    found["visibility"] = {}
    for box in said["visibility"]:
        name, _, channel = box.partition(":")
        found["visibility"].setdefault(name, []).append(channel)
    found["conditions"] = {
        key: said[f"c-{key}"] == "yes" for key in CONDITIONS if said[f"c-{key}"] in {"yes", "no"}
    }
    if wrong:
        raise ValuesUnfit(wrong)
    return found


def as_hidden(shown: Texts) -> str:
    """Return what a page showed, to be sent along with the form."""
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def compare(mine: Texts, sent: str, stored: Texts) -> tuple[Texts, list[Meanwhile]]:
    """Return what the form shows after somebody else changed the group, and what they changed.

    Where nothing was typed here their change is taken over; where both changed a field, what was typed stays and theirs
    is said beside.

    Args:
        mine: what was typed.
        sent: what the page had shown, as `as_hidden` made it.
        stored: what stands there now.
    """
    shown = _shown(sent)
    merged, told = dict(mine), []
    for name, theirs in stored.items():
        if theirs == mine.get(name) or theirs == shown.get(name):
            continue
        taken = mine.get(name) == shown.get(name)
        if taken:
            merged[name] = theirs
        told.append(Meanwhile(label(name), said_in_words(name, theirs), taken))
    return merged, told


def said_in_words(name: str, text: Any) -> str:
    """Return a form's text as a person reads it."""
    if name in _SAID:
        return str(_SAID[name](text))
    if name in LISTS:
        return ", ".join(_LABELS.get(key, key) for key in text) or "nichts gewählt"
    if name in FLAGS:
        return "ja" if text else "nein"
    if name in ANSWERS or name.startswith("c-"):
        return _ANSWER.get(text) or "wie im Themenfeld"
    return str(text) or "leer"


def offered(said: Texts, stored: Group | None) -> dict[str, Any]:
    """Return the lists the form offers."""
    here = stored.venue_id if stored else None
    venues = [
        each for each in Venue.objects.order_by("name", "pk") if each.closed_since is None or each.pk == here
    ]
    return {
        "venues": [(str(each.pk), _venue_said(each)) for each in venues],
        "sites": [(str(each.pk), each.name) for each in Site.objects.filter(contact_point=current()).order_by("name")],
        "audiences": list(tree.AUDIENCES.items()),
        "forms": list(FORMS.items()),
        "languages": [(key, LANGUAGES[key]) for key in USUAL_LANGUAGES],
        "more_languages": [(key, name) for key, name in sorted(LANGUAGES.items(), key=lambda each: each[1]) if key not in USUAL_LANGUAGES],
        "has_more_languages": bool(set(said["languages"]) - set(USUAL_LANGUAGES)),
        "answers": list(_ANSWER.items()),
        "condition_answers": [("", "wie im Themenfeld"), ("yes", "ja"), ("no", "nein")],
        "conditions": list(CONDITIONS.values()),
        "openable": list(OPENABLE.items()),
        "channels": [(key, words) for key, words in CHANNELS.items() if key != "staff"],
        "topics": [(topic, tree.label(topic)) for topic in said["topics"]],
    }  # fmt: skip


def _venue_said(venue: Venue) -> str:
    town = f", {venue.town}" if venue.town and venue.town not in venue.name else ""
    return f"{venue.name}{town}{' (geschlossen)' if venue.closed_since else ''}"


def _shown(sent: str) -> Mapping[str, Any]:
    try:
        shown = json.loads(sent)
    except (ValueError, RecursionError):
        return {}
    return shown if isinstance(shown, dict) else {}


def _said(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _day(name: str, text: str, wrong: dict[str, str]) -> date | None:
    try:
        return typed.day(text)
    except StepRefused as refused:
        wrong[name] = f"{label(name)}: {refused.sentence}"
        return None


def _all_boxes() -> list[str]:
    return [f"{name}:{channel}" for name in OPENABLE for channel in CHANNELS if channel != "staff"]


def _boxes(opened: Mapping[str, Any]) -> list[str]:
    return [
        f"{name}:{channel}" for name in OPENABLE for channel in CHANNELS if channel in opened.get(name, ())
    ]


def _venue_called(number: str) -> str:
    return next((each.name for each in Venue.objects.filter(pk=number or 0)), "keiner")


_LABELS: dict[str, str] = {**tree.AUDIENCES, **LANGUAGES, **FORMS}
_SAID: dict[str, Any] = {
    "topics": lambda text: ", ".join(tree.label(topic) for topic in text) or "keine",
    "visibility": lambda text: f"{len(text)} von {len(_all_boxes())} Häkchen",
    "venue_id": _venue_called,
    "first_on": lambda text: formats.german_date(text) if text else "leer",
    "confirmed_on": lambda text: formats.german_date(text) if text else "leer",
}
