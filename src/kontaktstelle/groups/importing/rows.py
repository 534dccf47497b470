"""From a row's texts to what the list wants of a group: values, persons, venue, ground of publication, and what to say.

Nothing here touches the database. A refusal stops the whole file; a hint asks somebody to look.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import models

from kontaktstelle.topics.folding import words

from kontaktstelle.groups import rhythm
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, Group
from . import cells, choices
from .columns import Columns
from .fields import heading_of
from .persons import Person, cut, read_person
from .topic_cells import TopicReader

LIMITS: dict[str, int] = {each.name: each.max_length for each in Group._meta.get_fields() if isinstance(each, models.Field) and each.max_length}  # noqa: SLF001 - Django's public meta interface
LIMITS |= {"venue": 200, "venue_street": 160, "venue_town": 120, "venue_access": 300, "note": 20_000}
MOST_AGE = 120
MOST_COUNT = 32_767
LONGEST_PLAIN_TOWN = 60
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_URL = re.compile(r"https?://[^\s/$.?#<>\"'][^\s<>\"']*\.[^\s<>\"']{2,}", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+\-]{1,64}@[A-Za-z0-9\-]{1,63}(?:\.[A-Za-z0-9\-]{1,63})*\.[A-Za-z]{2,24}")
_PLACE_IN_PROSE = re.compile(r"(?:(?P<before>.*?)[,;]?\s*)??(?:D-)?(?P<postcode>\d{5})\s+(?P<town>[A-ZÄÖÜ][^\d,;]{1,60})", re.DOTALL)
_FOUNDING = re.compile(r"\b(?:in|im) (?:Gründung|Aufbau)\b|\bin Gr\.|\bNeugründung\b|\bGründungstreffen\b|\bGruppe ist geplant\b", re.IGNORECASE)
_INTAKE_STOP = re.compile(r"\bAufnahmestopp?\b(?: bis (?:zum )?(\d{1,2}\.\d{1,2}\.\d{2,4}))?|\bkeine neuen (?:Mitglieder|Teilnehmer)", re.IGNORECASE)
_FULL = re.compile(r"\b(?:zurzeit|derzeit|zur Zeit|momentan|Gruppe ist|bereits) (?:voll|voll besetzt|ausgebucht|belegt)\b|\balle Plätze (?:sind )?(?:belegt|vergeben)\b", re.IGNORECASE)
_YOUNG = re.compile(r"\bjunge selbsthilfe\b", re.IGNORECASE)
_YEAR = re.compile(r"(?:seit |ca\. ?|etwa )?(\d{4})(?:[.,]0+)?")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[./](\d{4})|([A-Za-zäÄ]+)\.? (\d{4})")
_AGES = re.compile(r"(?:ab |von )?(\d{1,3})\s*(?:-|–|bis)\s*(\d{1,3})(?: Jahren?)?|(?:ab|über) (\d{1,3})(?: Jahren?)?|(\d{1,3})\s?\+|bis (\d{1,3})(?: Jahren?)?", re.IGNORECASE)


@dataclass(slots=True)
class Wanted:
    """What a row wants. `values` holds only what the list speaks about; `conclusions` only what a new group takes over."""

    line: int
    key: str = ""
    name_key: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    conclusions: dict[str, Any] = field(default_factory=dict)
    raw: dict[str, str] = field(default_factory=dict)
    cuts: dict[str, list[str]] = field(default_factory=dict)
    persons: dict[int, Person] = field(default_factory=dict)
    venue: dict[str, str] | None = None
    note: str | None = None
    slug: str = ""
    basis: Group.Basis | None = None
    basis_on: date | None = None
    basis_by: str = ""
    listed: bool | None = None
    visibility: dict[str, list[str]] | None = None
    hints: list[str] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)

    def says(self) -> tuple[Any, ...]:
        """Return everything the row wants, to tell a plain double from a contradiction."""
        return (self.key, self.values, self.persons, self.venue, self.note, self.basis, self.basis_on, self.basis_by, self.listed, self.visibility, self.cuts)


def name_key(name: str, town: str) -> str:
    """Return by what a group without a key is known again: its name and town, folded."""
    return f"{' '.join(words(name))}|{' '.join(words(town))}"


class RowReader:
    """Reads the rows of one file."""

    def __init__(self, columns: Columns, *, topics: TopicReader, sites: Mapping[str, int]) -> None:
        self._columns = columns
        self._topics = topics
        self._sites = sites
        self._rhythms: dict[str, dict[str, Any]] = {}
        self._choices: dict[tuple[str, str], tuple[Any, list[str]]] = {}

    def read(self, line: int, row: list[str], *, missing: str | None) -> Wanted:
        """Read a row; `missing` stands for cells a short row does not have: "" empty, None not spoken about."""
        wanted = Wanted(line)
        said = self._columns.cells(row, missing)
        _note_errors(wanted, said)
        self._shifted(wanted, row)
        _composed_meeting(wanted, said)
        _town_in_prose(wanted, said)
        for name, text in said.items():
            if text is not None and (reader := _READERS.get(name)):
                reader(self, wanted, name, text)
        _read_persons(wanted, said)
        _read_venue(wanted, said)
        _conclude(wanted)
        wanted.name_key = name_key(wanted.values.get("name", ""), wanted.values.get("town", ""))
        return wanted

    def _shifted(self, wanted: Wanted, row: list[str]) -> None:
        width = self._columns.count
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            wanted.refusals.append(f"Die Zeile hat {len(row)} Zellen, die Überschriften haben {width}. Vermutlich steht ein Trennzeichen in einem Text; die Spalten wären verschoben.")

    def chosen(self, name: str, text: str, read: Callable[[str], tuple[Any, list[str]]]) -> tuple[Any, list[str]]:
        """Read a cell of known values once per file."""
        found = self._choices.get((name, text))
        if found is None:
            found = self._choices[name, text] = read(text)
        return found

    def topics(self, wanted: Wanted, name: str, text: str) -> None:
        """Read topics; what nobody knows stays beside them."""
        topics = self._topics.read(text, wanted.line)
        wanted.values[name], wanted.values["unknown_topics"] = list(topics.known), list(topics.unknown)
        if topics.unknown:
            wanted.hints.append(f"Thema ohne Zuordnung: {', '.join(f'„{word}“' for word in topics.unknown)}.")

    def meeting(self, wanted: Wanted, name: str, text: str) -> None:
        """Keep the text; read a rhythm from it unless a spreadsheet made a day of it."""
        _prose(self, wanted, name, cells.on_one_line(text))
        text = wanted.values[name]
        if cells.is_mangled_day(text):
            wanted.values["rhythm"] = {}
            wanted.hints.append(f"Treffen „{text}“: Die Tabellenkalkulation hat hier vermutlich aus einem Text ein Datum gemacht. Die Gruppe hat keine Termine, bis jemand nachsieht.")
            return
        reading = self._rhythms.get(text)
        if reading is None:
            reading = self._rhythms[text] = rhythm.read(text).as_json() if text else {}
        wanted.values["rhythm"] = reading

    def site(self, wanted: Wanted, name: str, text: str) -> None:
        """Find the office's site by its code or name."""
        number = self._sites.get(" ".join(words(text))) if text else None
        if text and number is None:
            wanted.hints.append(f"Den Standort „{text[:60]}“ gibt es nicht.")
        elif text:
            wanted.values["site_id"] = number
        else:
            wanted.values["site_id"] = None


def _note_errors(wanted: Wanted, said: dict[str, str | None]) -> None:
    for name, text in said.items():
        if text and text[0] == "#" and cells.is_error(text):
            said[name] = None
            wanted.hints.append(f"{heading_of(name)}: Die Tabellenkalkulation zeigte „{text[:12]}“ statt eines Wertes; wir haben nichts übernommen.")


def _composed_meeting(wanted: Wanted, said: dict[str, str | None]) -> None:
    """Make one text of day, begin and end where a list keeps them apart."""
    parts = [said.pop(name, None) for name in ("meeting_day", "meeting_start", "meeting_end")]
    text = said.get("meeting_text")
    if text and (time := cells.clock(text)):
        said["meeting_text"] = text = time
    if all(part is None for part in parts):
        return
    day, start, end = (part or "" for part in parts)
    start, end = cells.clock(start) or start, cells.clock(end) or end
    if re.fullmatch(r"\d{1,2}(?:[.:]\d{2})?", start):
        start += " Uhr"
    if start and end:
        start = f"{start.removesuffix(' Uhr')} bis {end if 'Uhr' in end else f'{end} Uhr'}"
    elif end:
        start = f"bis {end if 'Uhr' in end else f'{end} Uhr'}"
    said["meeting_text"] = ", ".join(part for part in (text or "", day, start) if part)


def _town_in_prose(wanted: Wanted, said: dict[str, str | None]) -> None:
    """Take "Gemeindehaus, Beispielstraße 5, 59423 Unna" in the column of towns apart."""
    town = said.get("town")
    if not town or not any(character.isdigit() for character in town):
        return
    match = _PLACE_IN_PROSE.fullmatch(cells.on_one_line(town))
    if match is None:
        return
    said["town"] = match["town"].strip()
    if not said.get("postcode"):
        said["postcode"] = match["postcode"]
    before = (match["before"] or "").strip(" ,;")
    if before and not said.get("venue"):
        house, _, street = before.partition(",")
        said["venue"], said["venue_street"] = house.strip(), street.strip()
        wanted.hints.append("In der Spalte „Ort“ stand auch ein Treffpunkt; wir haben beides getrennt.")


def _fits(wanted: Wanted, name: str, text: str) -> bool:
    limit = LIMITS.get(name)
    if limit and len(text) > limit:
        wanted.refusals.append(f"{heading_of(name)} ist zu lang: {len(text)} Zeichen, höchstens {limit}.")
        return False
    return True


def _text(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if _fits(wanted, name, text):
        wanted.values[name] = cells.on_one_line(text)


def _prose(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    """Take a text over without the persons in it."""
    found = cut(text, names=name == "description")
    if found.taken:
        wanted.raw[name], wanted.cuts[name] = text, found.taken
        wanted.hints.append(f"{heading_of(name)}: Name, Telefonnummer oder Mailadresse herausgenommen und versiegelt bei den Ansprechpersonen abgelegt.")
    if _fits(wanted, name, found.text):
        wanted.values[name] = found.text


def _name(reader: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.refusals.append("Der Name der Gruppe fehlt.")
        return
    if cells.is_mangled_day(text):
        wanted.hints.append(f"Name „{text}“: Die Tabellenkalkulation hat hier vermutlich aus einem Text ein Datum gemacht.")
    _prose(reader, wanted, name, cells.on_one_line(text))
    if not wanted.values.get(name) and not wanted.refusals:
        wanted.refusals.append("Im Namen der Gruppe steht nur eine Person oder Nummer.")


def _postcode(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.values[name] = ""
        return
    code, _sep, rest = text.partition(" ")
    found = cells.postcode(code if rest and not code.startswith("D") else text)
    if found is None:
        wanted.refusals.append(f"PLZ: „{text[:20]}“ ist keine Postleitzahl.")
        return
    wanted.values[name] = found[0]
    if found[1]:
        wanted.hints.append(f"PLZ {text} → {found[0]}: Die Tabellenkalkulation hatte die Null am Anfang verloren.")


def _date(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    found = cells.day(text) if text else None
    if text and found is None:
        wanted.refusals.append(f"{heading_of(name)}: „{text[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr).")
        return
    wanted.values[name] = found


def _dates(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    found = []
    for part in re.split(r"[;,\n]", text):
        if part.strip():
            day = cells.day(part.strip())
            if day is None:
                wanted.refusals.append(f"{heading_of(name)}: „{part.strip()[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr).")
                return
            found.append(day.isoformat())
    wanted.values[name] = found


def _flag(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    answer = cells.yes_or_no(text) if text else False
    if answer is None:
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen.")
    else:
        wanted.values[name] = answer


def _answer(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    answer = cells.yes_or_no(text) if text else None
    if text and answer is None and text.lower() != Answer.UNKNOWN.label:
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen.")
        return
    wanted.values[name] = Answer.UNKNOWN if answer is None else Answer.YES if answer else Answer.NO


def _number(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    found = cells.whole_number(text) if text else None
    most = MOST_AGE if name.startswith("age") else MOST_COUNT
    if text and (found is None or found > most):
        wanted.hints.append(f"{heading_of(name)}: „{text[:30]}“ ist keine Anzahl; nicht übernommen.")
    else:
        wanted.values[name] = found


def _ages(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    match = _AGES.fullmatch(text)
    if match:
        low, high = match[1] or match[3] or match[4], match[2] or match[5]
        wanted.values["age_from"], wanted.values["age_to"] = int(low) if low else None, int(high) if high else None
    elif text:
        wanted.hints.append(f"Alter: „{text[:30]}“ verstehen wir nicht; nicht übernommen.")


def _founded(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if not text:
        wanted.values[name] = ""
    elif match := _YEAR.fullmatch(text):
        wanted.values[name] = match[1]
    elif full := cells.day(text):
        wanted.values[name] = f"{full:%Y-%m}"
    elif (match := _MONTH.fullmatch(text)) and (month := int(match[2] or match[3] or cells.MONTHS.get((match[5] or "").lower(), 0))) in range(1, 13):
        wanted.values[name] = f"{match[1] or match[4] or match[6]}-{month:02d}"
    else:
        wanted.hints.append(f"Gegründet: „{text[:30]}“ ist weder Jahr noch Monat; nicht übernommen.")


def _several(read: Callable[[str], tuple[Any, list[str]]]) -> Callable[[RowReader, Wanted, str, str], None]:
    def reader(rows: RowReader, wanted: Wanted, name: str, text: str) -> None:
        values, unknown = rows.chosen(name, text, read)
        wanted.values[name] = values
        if unknown:
            wanted.hints.append(f"{heading_of(name)}: {', '.join(f'„{word[:40]}“' for word in unknown)} kennen wir nicht; nicht übernommen.")

    return reader


def _stage(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if not text:
        return
    stage = choices.read_stage(text)
    if stage is None:
        wanted.refusals.append(f"Den Status „{text[:40]}“ kennen wir nicht. Möglich sind: {', '.join(each.label for each in Stage)}.")
        return
    wanted.values[name] = stage
    if stage == Stage.INTAKE_STOP and (match := re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text)) and (until := cells.day(match[0])):
        wanted.values["intake_stop_until"] = until


def _public_phone(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    number, said = cells.phone(cells.on_one_line(text))
    if said:
        wanted.hints.append(f"{heading_of(name)}: {said}")
    if _fits(wanted, name, number):
        wanted.values[name] = number


def _public_email(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    address = text.removeprefix("mailto:").strip()
    if address and not _MAIL.fullmatch(address):
        wanted.hints.append(f"{heading_of(name)}: Das ist keine Mailadresse; nicht übernommen.")
    else:
        wanted.values[name] = address


def _website(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    address = text if not text or "://" in text else f"https://{text}"
    if address and not _URL.fullmatch(address):
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ ist keine Internetadresse; nicht übernommen.")
    elif _fits(wanted, name, address):
        wanted.values[name] = address


def _degree(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    try:
        degree = float(text.replace(",", ".")) if text else None
    except ValueError:
        degree = 999.0
    if degree is not None and not (46 < degree < 56 if name == "lat" else 5 < degree < 16):  # noqa: PLR2004 - Germany lies there
        wanted.hints.append(f"{heading_of(name)}: „{text[:20]}“ liegt nicht in Deutschland; wir nehmen den Ort.")
    elif degree is not None:
        wanted.values[name] = degree


def _kreis_key(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if re.fullmatch(r"\d{4,5}(?:[.,]0+)?", text):
        wanted.values[name] = re.split(r"[.,]", text)[0].zfill(5)
    elif text:
        wanted.hints.append(f"{heading_of(name)}: „{text[:20]}“ ist kein Kreisschlüssel; wir nehmen den Ort.")


def _key(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if _fits(wanted, name, text):
        wanted.key = re.sub(r"[.,]0+$", "", text) if re.fullmatch(r"\d+[.,]0+", text) else text


def _note(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if _fits(wanted, name, text):
        wanted.note = text


def _slug(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if text and SLUG.fullmatch(text) and len(text) <= LIMITS["slug"]:
        wanted.slug = text


def _listed(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if text:
        wanted.listed = cells.yes_or_no(text)
        if wanted.listed is None:
            wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ verstehen wir weder als ja noch als nein; nicht übernommen.")


def _consent(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if not text:
        return
    if day := cells.day(text):
        wanted.basis, wanted.basis_on = Group.Basis.CONSENT_FORM, wanted.basis_on or day
        return
    wanted.basis = choices.read_basis(text)
    if wanted.basis is None:
        wanted.hints.append(f"{heading_of(name)}: „{text[:40]}“ verstehen wir nicht als Einwilligung.")
    elif (match := re.search(r"\d{1,2}\.\d{1,2}\.\d{2,4}", text)) and (day := cells.day(match[0])):
        wanted.basis_on = wanted.basis_on or day


def _consent_on(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if text:
        day = cells.day(text)
        if day is None:
            wanted.refusals.append(f"{heading_of(name)}: „{text[:30]}“ ist kein Datum, das es gibt (Tag.Monat.Jahr).")
        else:
            wanted.basis_on = day


def _consent_by(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if _fits(wanted, "basis_by", text):
        wanted.basis_by = text


def _visibility(_: RowReader, wanted: Wanted, name: str, text: str) -> None:
    if text:
        wanted.visibility, unknown = choices.read_visibility(text)
        if unknown:
            wanted.hints.append(f"{heading_of(name)}: {', '.join(f'„{word[:40]}“' for word in unknown)} verstehen wir nicht; es bleibt geschlossen.")


_READERS: dict[str, Callable[[RowReader, Wanted, str, str], None]] = {
    "key": _key, "name": _name, "topics": RowReader.topics, "audience": _several(choices.read_audience), "description": _prose,
    "town": _text, "postcode": _postcode, "district": _text, "meeting_text": RowReader.meeting, "first_on": _date, "cancelled_on": _dates,
    "stage": _stage, "stage_before_pause": lambda reader, wanted, name, text: _stage(reader, wanted, name, text), "intake_stop_until": _date, "dissolved_on": _date, "founded": _founded,
    "is_young": _flag, "age": _ages, "age_from": _number, "age_to": _number, "languages": _several(choices.read_languages), "forms": _several(choices.read_forms),
    "online_note": _prose, "step_free": _answer, "sign_language": _flag, "easy_language": _flag, "induction_loop": _flag, "conditions": _several(choices.read_conditions),
    "takes_referrals_only_via_office": _flag, "public_phone": _public_phone, "public_email": _public_email, "website": _website, "listed": _listed,
    "consent": _consent, "consent_on": _consent_on, "consent_by": _consent_by, "visibility": _visibility, "protected": _flag, "confirmed_on": _date,
    "members": _number, "attending": _number, "association": _text, "is_anonymous_fellowship": _flag, "led_by_professionals": _answer, "source": _text,
    "site": RowReader.site, "kreis_key": _kreis_key, "lat": _degree, "lon": _degree, "slug": _slug, "note": _note,
}  # fmt: skip


def _read_persons(wanted: Wanted, said: dict[str, str | None]) -> None:
    for name, text in said.items():
        if text is None or not name.startswith("person"):
            continue
        number, _, way = name.removeprefix("person").partition("_")
        person = wanted.persons.setdefault(int(number), Person())
        if way == "name":
            found, _said = read_person(text)
            person.name = found.name
            person.phone, person.email = person.phone or found.phone, person.email or found.email
        elif way == "phone":
            phone, hint = cells.phone(text)
            person.phone = phone or person.phone or ""
            if hint:
                wanted.hints.append(f"Ansprechperson {number}: {hint}")
        elif way == "consent":
            person.consent = text
        elif text or getattr(person, way) is None:
            setattr(person, way, text)


def _read_venue(wanted: Wanted, said: dict[str, str | None]) -> None:
    parts = {name.removeprefix("venue_") if name != "venue" else "name": text for name in ("venue", "venue_street", "venue_postcode", "venue_town", "venue_step_free", "venue_access") if (text := said.get(name)) is not None}
    if not parts:
        return
    for part in ("name", "street", "access"):
        if part in parts:
            found = cut(parts[part], names=False)
            parts[part] = cells.on_one_line(found.text)
            if found.taken:
                wanted.cuts["venue"] = wanted.cuts.get("venue", []) + found.taken
                wanted.hints.append("Treffpunkt: Name, Telefonnummer oder Mailadresse herausgenommen und versiegelt bei den Ansprechpersonen abgelegt.")
            if not _fits(wanted, "venue" if part == "name" else f"venue_{part}", parts[part]):
                return
    if parts.get("postcode"):
        code = cells.postcode(parts["postcode"])
        if code is None:
            wanted.refusals.append(f"Treffpunkt PLZ: „{parts['postcode'][:20]}“ ist keine Postleitzahl.")
            return
        parts["postcode"] = code[0]
    if not parts.get("name") and parts.get("street"):
        parts["name"] = parts["street"]
    wanted.venue = parts if parts.get("name") else ({} if "name" in parts else None)


def _conclude(wanted: Wanted) -> None:
    """Conclude a stage and the like from words; only a new group takes these over."""
    values = wanted.values
    if "stage" not in values and values.get("dissolved_on"):
        values["stage"] = Stage.DISSOLVED
    if "stage" not in values and values.get("intake_stop_until"):
        values["stage"] = Stage.INTAKE_STOP
    text = f"{values.get('name', '')}\n{values.get('description', '')}\n{values.get('meeting_text', '')}"
    if "stage" not in values:
        if match := _INTAKE_STOP.search(text):
            wanted.conclusions["stage"] = Stage.INTAKE_STOP
            wanted.conclusions["intake_stop_until"] = cells.day(match[1]) if match[1] else None
        elif _FULL.search(text):
            wanted.conclusions["stage"] = Stage.FULL
        elif _FOUNDING.search(text):
            wanted.conclusions["stage"] = Stage.FOUNDING
    if "is_young" not in values and _YOUNG.search(values.get("name", "")):
        wanted.conclusions["is_young"] = True
    if values.get("is_young") is False and _YOUNG.search(values.get("name", "")):
        wanted.hints.append("Der Name spricht von Junger Selbsthilfe, die Spalte sagt nein.")
