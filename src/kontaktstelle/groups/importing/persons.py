"""Private persons in a list: contact persons in their columns, and names, numbers and addresses hidden in prose.

Nothing of it may stand in a public text. What is found in prose is cut out there and goes, with the sentence around it,
sealed to the group's contact persons.
"""

import re
from dataclasses import dataclass, field, fields
from functools import lru_cache
from pathlib import Path

from . import cells

_MAIL = re.compile(
    r"[\w.+\-]{1,64}(?:@|\s?[\[(]\s?(?:at|ät|@)\s?[\])]\s?)[\w\-]{1,63}(?:(?:\.|\s?[\[(](?:dot|punkt)[\])]\s?)[\w\-]{1,63}){1,5}"
)
_LABEL = r"(?:(?:Tel(?:efon)?|Fon|Fax|Handy|Mobil(?:telefon)?|Festnetz|Ruf(?:nummer)?|Telefonnummer|Kontakt|Anmeldung|Info(?:s)?|unter|T|M)[.: ]{1,3}(?:unter |Nr\.? )?)"
_NUMBER = (
    r"(?:(?:\+|00)\d{1,3}[ /\-]?(?:\(0\)[ /\-]?)?|\(?0[1-9]\d{1,4}\)?[ /\-–]{0,3})\d(?:[ /\-–]{0,3}\d){3,11}"
)
_PHONE = re.compile(rf"(?<![\d.,:\w])({_LABEL})?({_NUMBER})(?![\d.:])")
_LABELLED_PHONE = re.compile(
    r"(?<!\w)(?:Tel(?:efon)?|Fon|Handy|Mobil(?:telefon)?|Festnetz|Ruf(?:nummer)?)[.: ]{1,3}(?:unter |Nr\.? )?\d(?:[ /.\-–]{0,2}\d){4,14}"
)
_MAIL_LABEL = re.compile(r"(?:E-?Mail|Mail|Kontakt|oder|und|unter|an|per)[.: ]*$", re.IGNORECASE)
_CAPITAL = r"[A-ZÄÖÜÇŞİĞ][a-zäöüßçşığéèáóñ]+(?:-[A-ZÄÖÜÇŞİĞ][a-zäöüßçşığéèáóñ]+)?"
_TITLED = re.compile(
    rf"\b(?:Frau|Herrn?|Familie|Fam\.|Eheleute|Ehepaar)\s+(?:(?:Dr|Prof|Dipl)\.\S*\s+){{0,2}}(?:[A-Z]\.\s*)?({_CAPITAL})"
)
_HEADED = re.compile(
    rf"\b(?:Ansprechpartner(?:in(?:nen)?)?|Ansprechperson(?:en)?|Kontaktperson|Kontakt|Gruppenleit(?:er|erin|ung)|Leitung|Leiterin|Leiter|Gründerin|Gründer|Anmeldung bei|Infos? bei)\b"
    rf"(?:\s+(?:ist|sind|sei|bei|durch|über))?\s*[:\-]?\s*(?:(?:Dr|Prof)\.\S*\s+)?({_CAPITAL}|[A-Z]\.)\s+({_CAPITAL}|[A-Z]\.)"
)
_PAIR = re.compile(rf"\b({_CAPITAL})\s+(?:von\s+|van\s+|de\s+|[A-Z]\.\s+)?({_CAPITAL}|[A-Z]\.)")
_AGED = re.compile(rf"\b{_CAPITAL}\s+(?:{_CAPITAL}|[A-Z]\.)\s+\(\d{{2}}(?:\s?J(?:ahre|\.))?\)")
# After a name that belongs to a house or an illness rather than a person.
_NO_PERSON_AFTER = re.compile(
    r"^(?:-|\s)*(?:Haus|Straße|Str\.|Platz|Weg|Allee|Kirche|Gemeinde|Stift|Stiftung|Klinik|Schule|Heim|Saal|Zentrum|Krankenhaus|Hospital|Syndrom|Krankheit|Gymnasium|Akademie|Institut|Werk|Park|Preis|Verein)",
    re.IGNORECASE,
)
_NO_SURNAME = re.compile(
    r"(?:haus|straße|kirche|gemeinde|stift|stiftung|klinik|schule|heim|saal|zentrum|krankenhaus|syndrom|krankheit|verein|gruppe|treff|kreis|cafe|café|abend|selbsthilfe|angehörige|betroffene|eltern|kinder|jahre|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)$|^(?:Frauen|Männer|Jahr|Monat|Woche|Menschen|Familien|Uhr|Sucht|Krebs|Angst|Trauer|Reha|Therapie|Erkrankte|Patienten)$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-ZÄÖÜ„\"(])|(?<=[;\n])\s*")
_ABBREVIATED = re.compile(
    r"(?:\b(?:Dr|Prof|Tel|Nr|St|Str|z\. ?B|ca|bzw|evtl|inkl|ev|kath|Fam|Hr|Fr|u\. ?a|d\. ?h|[A-Z]|\d{1,2})\.)$"
)
_HINT_OF_A_PERSON = re.compile(r"[@\dA-ZÄÖÜ]|[(\[]\s?(?:at|ät)")
_DIGITS = re.compile(r"\d.*\d.*\d.*\d", re.DOTALL)
FEWEST_WORDS_LEFT = 3
FEWEST_DIGITS = 8
LONGEST_LOOKED_THROUGH = 20_000


@dataclass(slots=True)
class Person:
    """What a list says of one contact person; None where it says nothing."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    note: str | None = None
    consent: str | None = None

    def ways(self) -> dict[str, str | None]:
        """Return what is kept in `relay`, without what was not said."""
        return {
            each.name: getattr(self, each.name)
            for each in fields(self)
            if each.name != "consent" and getattr(self, each.name) is not None
        }

    def is_empty(self) -> bool:
        """Say whether there is nobody."""
        return not any(self.ways().values())


@dataclass(slots=True)
class Cut:
    """A text without persons, and what was taken out of it."""

    text: str
    taken: list[str] = field(default_factory=list)


@lru_cache(maxsize=1)
def first_names() -> frozenset[str]:
    """Return common first names, lower case, from `first_names.txt`."""
    return frozenset((Path(__file__).parent / "first_names.txt").read_text(encoding="utf-8").lower().split())


def cut(text: str, *, names: bool) -> Cut:
    """Take persons, telephone numbers and mail addresses out of a text.

    Args:
        text: prose of a cell.
        names: also look for names of persons without a title ("Erika Muster"); not in places, which bear names.
    """
    if len(text) > LONGEST_LOOKED_THROUGH or not _may_hold(text):
        return Cut(text)
    kept: list[str] = []
    taken: list[str] = []
    for segment in _segments(text):
        rest, found = _without_numbers(segment)
        if _names_somebody(segment, names=names):
            # The whole sentence goes: what is left of a sentence without its person is rarely one.
            taken.append(segment.strip())
        elif found and len(re.findall(r"\w{2,}", rest)) < FEWEST_WORDS_LEFT:
            taken.append(segment.strip())
        else:
            taken += found
            kept.append(rest if found else segment)
    if not taken:
        return Cut(text)
    return Cut(re.sub(r"[ \t]{2,}", " ", "".join(kept)).strip(" \n,;–-"), taken)


def _may_hold(text: str) -> bool:
    return _HINT_OF_A_PERSON.search(text) is not None


def _segments(text: str) -> list[str]:
    """Split prose into sentences, keeping every character; a dot after an abbreviation or a day ends none."""
    segments: list[str] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() > start and not _ABBREVIATED.search(text[max(0, match.start() - 12) : match.start()]):
            segments.append(text[start : match.end()])
            start = match.end()
    segments.append(text[start:])
    return [segment for segment in segments if segment]


def _without_numbers(segment: str) -> tuple[str, list[str]]:
    found: list[str] = []

    def take(match: re.Match[str]) -> str:
        found.append(match[0].strip())
        return ""

    def take_number(match: re.Match[str]) -> str:
        if not match[1] and sum(character.isdigit() for character in match[2]) < FEWEST_DIGITS:
            return match[0]
        return take(match)

    rest = segment
    if any(mark in segment for mark in ("@", "(at", "[at", "( at", "[ at", "(ät", "[ät")):
        rest = _MAIL.sub(take, rest)
        if found:
            rest = _MAIL_LABEL.sub("", rest.rstrip()) + segment[len(segment.rstrip()) :]
    if _DIGITS.search(rest):
        rest = _PHONE.sub(take_number, rest)
        rest = _LABELLED_PHONE.sub(take, rest)
    if found:
        rest = re.sub(r"\s+([.,;)])", r"\1", re.sub(r"[(\[]\s*[)\]]", "", rest))
    return rest, found


def _names_somebody(segment: str, *, names: bool) -> bool:
    if _TITLED.search(segment):
        return True
    if not names:
        return False
    if _AGED.search(segment):
        return True
    for match in _HEADED.finditer(segment):
        if match[1].lower() in first_names() or (not _NO_SURNAME.search(match[2]) and match[2].endswith(".")):
            return True
    known = first_names()
    for match in _PAIR.finditer(segment):
        first = match[1].split("-")[0].lower()
        if (
            first in known
            and not _NO_SURNAME.search(match[2])
            and not _NO_PERSON_AFTER.search(segment[match.end() : match.end() + 20])
        ):
            return True
    return False


def read_person(text: str) -> tuple[Person, str]:
    """Read a cell that names a contact person, perhaps with number and address in it.

    Returns:
        The person, and a sentence if something about a number had to be said.
    """
    person = Person()
    rest = text
    mails = _MAIL.findall(rest)
    if mails:
        person.email = " / ".join(mails)
        rest = _MAIL.sub(" ", rest)
    said = ""
    numbers = [match[0] for match in _LABELLED_PHONE.finditer(rest)] or [
        match[2] for match in _PHONE.finditer(rest)
    ]
    if numbers:
        person.phone = " / ".join(re.sub(rf"^{_LABEL}", "", number).strip() for number in numbers)
        for number in numbers:
            rest = rest.replace(number, " ")
        rest = re.sub(rf"{_LABEL}\s*(?=$|[,;/\n])", " ", rest)
    rest = re.sub(r"(?:E-?Mail|Tel(?:efon)?|Handy|Mobil)[.: ]*(?=$|[,;\n/]|\s\s)", " ", rest)
    rest = cells.on_one_line(rest).strip(" ,;/|:-–()")
    person.name = re.sub(r"\s*[,;/|]\s*(?=[,;/|]|$)", "", rest)
    return person, said
