"""From a row's texts to what the list wants of a group: values, persons, venue, ground of publication, and what to say.

Nothing here touches the database. A refusal stops the whole file; a hint asks somebody to look.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from kontaktstelle.groups import rhythm
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.topics.folding import words

from . import cells, choices, values
from .columns import Columns
from .fields import heading_of
from .persons import Person, cut, read_person
from .topic_cells import TopicReader
from .wanted import Wanted, fits, name_key

_PLACE_IN_PROSE = re.compile(
    r"(?:(?P<before>.*?)[,;]?\s*)??(?:D-)?(?P<postcode>\d{5})\s+(?P<town>[A-ZÄÖÜ][^\d,;]{1,60})", re.DOTALL
)
_FOUNDING = re.compile(
    r"\b(?:in|im) (?:Gründung|Aufbau)\b|\bin Gr\.|\bNeugründung\b|\bGründungstreffen\b|\bGruppe ist geplant\b",
    re.IGNORECASE,
)
_INTAKE_STOP = re.compile(
    r"\bAufnahmestopp?\b(?: bis (?:zum )?(\d{1,2}\.\d{1,2}\.\d{2,4}))?|\bkeine neuen (?:Mitglieder|Teilnehmer)",
    re.IGNORECASE,
)
_FULL = re.compile(
    r"\b(?:zurzeit|derzeit|zur Zeit|momentan|Gruppe ist|bereits) (?:voll|voll besetzt|ausgebucht|belegt)\b|\balle Plätze (?:sind )?(?:belegt|vergeben)\b",
    re.IGNORECASE,
)
_YOUNG = re.compile(r"\bjunge selbsthilfe\b", re.IGNORECASE)
_SEVERAL: dict[str, Callable[[str], tuple[Any, list[str]]]] = {
    "audience": choices.read_audience,
    "languages": choices.read_languages,
    "forms": choices.read_forms,
    "conditions": choices.read_conditions,
}


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
        _composed_meeting(said)
        _town_in_prose(wanted, said)
        for name, text in said.items():
            if text is not None:
                self._read(wanted, name, text)
        _read_persons(wanted, said)
        _read_venue(wanted, said)
        _conclude(wanted)
        wanted.name_key = name_key(wanted.values.get("name", ""), wanted.values.get("town", ""))
        return wanted

    def _shifted(self, wanted: Wanted, row: list[str]) -> None:
        width = self._columns.count
        if len(row) > width and any(cell.strip() for cell in row[width:]):
            wanted.refusals.append(
                f"Die Zeile hat {len(row)} Zellen, die Überschriften haben {width}. Vermutlich steht ein Trennzeichen in einem Text; die Spalten wären verschoben."
            )

    def _read(self, wanted: Wanted, name: str, text: str) -> None:
        if reader := values.READERS.get(name):
            reader(wanted, name, text)
        elif name in _SEVERAL:
            self._several(wanted, name, text)
        elif name == "topics":
            self._topics_of(wanted, text)
        elif name == "meeting_text":
            self._meeting(wanted, name, text)
        elif name == "site":
            self._site(wanted, text)

    def _several(self, wanted: Wanted, name: str, text: str) -> None:
        found = self._choices.get((name, text))
        if found is None:
            found = self._choices[name, text] = _SEVERAL[name](text)
        wanted.values[name], unknown = found
        if unknown:
            wanted.hints.append(
                f"{heading_of(name)}: {', '.join(f'„{word[:40]}“' for word in unknown)} kennen wir nicht; nicht übernommen."
            )

    def _topics_of(self, wanted: Wanted, text: str) -> None:
        topics = self._topics.read(text, wanted.line)
        wanted.values["topics"], wanted.values["unknown_topics"] = topics.known, topics.unknown
        if topics.unknown:
            wanted.hints.append(f"Thema ohne Zuordnung: {', '.join(f'„{word}“' for word in topics.unknown)}.")

    def _meeting(self, wanted: Wanted, name: str, text: str) -> None:
        """Keep the text; read a rhythm from it unless a spreadsheet made a day of it."""
        values.prose(wanted, name, cells.on_one_line(text))
        text = wanted.values[name]
        if cells.is_mangled_day(text):
            wanted.values["rhythm"] = {}
            wanted.hints.append(
                f"Treffen „{text}“: Die Tabellenkalkulation hat hier vermutlich aus einem Text ein Datum gemacht. Die Gruppe hat keine Termine, bis jemand nachsieht."
            )
            return
        reading = self._rhythms.get(text)
        if reading is None:
            reading = self._rhythms[text] = rhythm.read(text).as_json() if text else {}
        wanted.values["rhythm"] = reading

    def _site(self, wanted: Wanted, text: str) -> None:
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
            wanted.hints.append(
                f"{heading_of(name)}: Die Tabellenkalkulation zeigte „{text[:12]}“ statt eines Wertes; wir haben nichts übernommen."
            )


def _composed_meeting(said: dict[str, str | None]) -> None:
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
    parts = {
        name.removeprefix("venue_") if name != "venue" else "name": text
        for name in (
            "venue",
            "venue_street",
            "venue_postcode",
            "venue_town",
            "venue_step_free",
            "venue_access",
        )
        if (text := said.get(name)) is not None
    }
    if not parts:
        return
    for part in ("name", "street", "access"):
        if part in parts:
            found = cut(parts[part], names=False)
            parts[part] = cells.on_one_line(found.text)
            if found.taken:
                wanted.cuts["venue"] = wanted.cuts.get("venue", []) + found.taken
                wanted.hints.append(
                    "Treffpunkt: Name, Telefonnummer oder Mailadresse herausgenommen und versiegelt bei den Ansprechpersonen abgelegt."
                )
            if not fits(wanted, "venue" if part == "name" else f"venue_{part}", parts[part]):
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
    known = wanted.values
    if "stage" not in known and known.get("dissolved_on"):
        known["stage"] = Stage.DISSOLVED
    if "stage" not in known and known.get("intake_stop_until"):
        known["stage"] = Stage.INTAKE_STOP
    text = f"{known.get('name', '')}\n{known.get('description', '')}\n{known.get('meeting_text', '')}"
    if "stage" not in known:
        if match := _INTAKE_STOP.search(text):
            wanted.conclusions["stage"] = Stage.INTAKE_STOP
            wanted.conclusions["intake_stop_until"] = cells.day(match[1]) if match[1] else None
        elif _FULL.search(text):
            wanted.conclusions["stage"] = Stage.FULL
        elif _FOUNDING.search(text):
            wanted.conclusions["stage"] = Stage.FOUNDING
    if "is_young" not in known and _YOUNG.search(known.get("name", "")):
        wanted.conclusions["is_young"] = True
    if known.get("is_young") is False and _YOUNG.search(known.get("name", "")):
        wanted.hints.append("Der Name spricht von Junger Selbsthilfe, die Spalte sagt nein.")
