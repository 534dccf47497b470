"""What the form of the quick log says, read from a request, and what it offers. Rules stand in `enquiries.log`."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.http import QueryDict

from kontaktstelle import places
from kontaktstelle.enquiries import codes, log, offer, periods
from kontaktstelle.organisation.models import ContactPoint, Site
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

# In the order of a call.
FIRST = (("channel", "Weg"), ("who", "Wer"), ("concern", "Anliegen"))
LAST = (("outcome", "Ergebnis"), ("visit", "Kontakt"))
SEVERAL = frozenset({"concern", "outcome"})
# What is asked before one thinks of it: behind "Weiteres".
REST = (("direction", "Richtung"),)
MOST_TYPED = 200
LONGEST_NUMBER = 7


class PlaceUnclear(StepRefused):
    """A place nobody knows, or of which there are several."""

    sentence = "Diesen Ort kennen wir nicht. Eine Postleitzahl, ein Ort oder ein Kreis genügt; das Feld darf leer bleiben."


class DayUnreadable(StepRefused):
    """A day that is none."""

    sentence = "Dieses Datum lesen wir nicht. Bitte schreiben Sie es wie 24.11.2026."


class NumberUnreadable(StepRefused):
    """A number of people that is none."""

    sentence = "Bitte schreiben Sie die Zahl der Menschen in Ziffern, von 1 bis 100 000, zum Beispiel 40."


@dataclass(frozen=True, slots=True)
class Choices:
    """One list of the form."""

    name: str
    label: str
    codes: list[codes.Code]
    several: bool


@dataclass(slots=True)
class ContactForm:
    """The values of the form as typed, so that nothing is lost when something is refused."""

    form_key: str = field(default_factory=lambda: str(uuid.uuid4()))
    chosen: dict[str, list[str]] = field(default_factory=dict)
    topics: list[str] = field(default_factory=list)
    topic_words: str = ""
    asked_about: str = ""
    place: str = ""
    reached: str = ""
    site: str = ""
    day: str = ""
    note: str = ""

    @classmethod
    def read(cls, post: QueryDict) -> "ContactForm":
        """Read a form that was sent."""
        names = [name for name, _ in (*FIRST, *LAST, *REST)]
        return cls(
            form_key=post.get("form_key", ""),
            chosen={name: post.getlist(name) for name in [*names, *codes.OPTIONAL_FIELDS]},
            topics=post.getlist("topics"),
            topic_words=post.get("topic_words", "")[:MOST_TYPED],
            asked_about=post.get("asked_about", "")[:MOST_TYPED],
            place=post.get("place", "")[:MOST_TYPED].strip(),
            reached=post.get("reached", "").strip(),
            site=post.get("site", ""),
            day=post.get("day", "").strip(),
            note=post.get("note", ""),
        )

    def values(self, office: ContactPoint) -> dict[str, Any]:
        """Return the arguments of `log.log_contact`.

        Raises:
            PlaceUnclear, DayUnreadable, NumberUnreadable: as their sentences say.
        """
        one = {
            name: next(iter(self.chosen.get(name, [])), "")
            for name in ("channel", "direction", "who", "visit")
        }
        extras = {
            name: each[0] for name in codes.OPTIONAL_FIELDS if (each := self.chosen.get(name)) and each[0]
        }
        return {
            **one,
            "concerns": self.chosen.get("concern", []),
            "outcomes": self.chosen.get("outcome", []),
            "topics": self.topics,
            "extras": extras,
            "site": Site.objects.filter(contact_point=office, code=self.site).first() if self.site else None,
            "reached": number(self.reached),
            "note": self.note,
            "day": day(self.day),
            "form_key": key(self.form_key),
            **_place(self.place),
        }

    def means_something_unasked(self) -> bool:
        """Say whether there are words for a topic, none was chosen, and nobody was asked yet which they mean."""
        words = self.topic_words.strip()
        return bool(words) and not self.topics and words != self.asked_about.strip()

    def labelled_topics(self) -> list[tuple[str, str]]:
        """Return the topics chosen, with their labels."""
        return [(topic, tree.label(topic)) for topic in self.topics if topic in tree.TOPICS]

    def is_chosen(self, name: str, key: str) -> bool:
        """Say whether a value is chosen."""
        return key in self.chosen.get(name, ())


def offered(fields: tuple[tuple[str, str], ...], year: int) -> list[Choices]:
    """Return the lists of some fields as this office offers them."""
    return [Choices(name, label, offer.values(name, year), name in SEVERAL) for name, label in fields]


def optional(year: int) -> list[Choices]:
    """Return the lists an office switched on."""
    return [
        Choices(name, codes.OPTIONAL_FIELDS[name], offer.values(name, year), several=False)
        for name in offer.fields(year)
    ]


def page_parts(form: ContactForm, office: ContactPoint, year: int) -> dict[str, Any]:
    """Return what every page with the fields of a contact shows."""
    return {
        "form": form,
        "first": offered(FIRST, year),
        "last": offered(LAST, year),
        "rest": [*offered(REST, year), *optional(year)],
        "sites": list(office.sites.order_by("name")),
        "longest_note": log.LONGEST_NOTE,
        "note_days": periods.days_of(periods.CONTACT),
    }


def found_place(typed: str) -> places.Place | None:
    """Return the place somebody typed, or None if it is empty, unknown or one of several."""
    return places.find(typed).place if typed.strip() else None


def _place(typed: str) -> Mapping[str, str]:
    if not typed:
        return {}
    finding = places.find(typed)
    if finding.place is None:
        raise PlaceUnclear(
            "Diesen Ort gibt es mehrmals: "
            + ", ".join(place.label() for place in finding.choices[:6])
            + ". Bitte ergänzen Sie den Kreis oder die Postleitzahl."
            if finding.choices
            else None
        )
    return {
        "kreis_key": finding.place.kreis_key,
        "municipality": finding.place.name,
        "postcode_area": typed[:3] if typed.isdigit() else "",
    }


def day(typed: str) -> date | None:
    """Return a day as Germans write it, or ISO; None if nothing was typed.

    Raises:
        DayUnreadable: as its sentence says.
    """
    if not typed:
        return None
    parts = typed.replace("-", ".").rstrip(".").split(".")
    try:
        first, month, last = (int(part) for part in parts)
        return date(first, month, last) if first > 31 else date(last + 2000 * (last < 100), month, first)  # noqa: PLR2004 - a year comes first in ISO
    except (ValueError, OverflowError) as error:
        raise DayUnreadable from error


def number(typed: str) -> int | None:
    """Return a number of people, with or without dots; None if nothing was typed.

    Raises:
        NumberUnreadable: as its sentence says.
    """
    digits = typed.replace(".", "").replace(" ", "")
    if not digits:
        return None
    if not (digits.isascii() and digits.isdigit() and len(digits) <= LONGEST_NUMBER):
        raise NumberUnreadable
    return int(digits)


def key(typed: str) -> uuid.UUID | None:
    """Return the key of a form, or None if there is none."""
    try:
        return uuid.UUID(typed)
    except ValueError:
        return None
