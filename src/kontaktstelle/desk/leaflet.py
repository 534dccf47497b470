"""Merkzettel: the answer in the hand. Up to three groups with what is public of them, help lines, our number; no person.

Nothing is kept: what stands on it is chosen in a form and gone with the page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kontaktstelle.directory import cards, entries
from kontaktstelle.directory import help as shown_help
from kontaktstelle.directory.help import HelpLine
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.ui import chrome, formats

MOST_GROUPS = 3
MOST_DATES = 3
MOST_LINES = 4
HELP = ("suicide",)
FIRST_VISIT = (
    "Sie dürfen beim ersten Mal einfach zuhören. Niemand muss etwas erzählen.",
    "Es leiten Menschen, die Ähnliches erlebt haben. Eine Therapie ersetzt die Gruppe nicht.",
    "Was in der Gruppe gesagt wird, bleibt in der Gruppe.",
    "Passt es nicht? Rufen Sie uns an, wir suchen weiter.",
)


@dataclass(frozen=True, slots=True)
class OnTheLeaflet:
    """A group on the sheet: every string is final and public."""

    slug: str
    name: str
    who: str
    when: str
    dates: list[str]
    where: str
    contact: str
    asked: list[str]
    note: str


@dataclass(frozen=True, slots=True)
class Leaflet:
    """The sheet. Days are those of the day it was made (`made_on`)."""

    office: str
    phone: str
    hours: str
    made_on: date
    groups: list[OnTheLeaflet]
    first_visit: tuple[str, ...]
    lines: list[HelpLine]

    def as_text(self) -> str:
        """Return the sheet as plain text for a mail."""
        parts = []
        for group in self.groups:
            rows = [group.name, group.who, group.when, "Nächste Treffen: " + ", ".join(group.dates) if group.dates else "", group.where, group.contact]  # fmt: skip
            parts.append(
                "\n".join(
                    row
                    for row in [*rows, "Vorher: " + ", ".join(group.asked) if group.asked else "", group.note]
                    if row
                )
            )
        if self.groups:
            parts.append("Beim ersten Mal\n" + "\n".join(f"- {line}" for line in self.first_visit))
        helped = [
            f"{line.name}: {', '.join(phone.text for phone in line.phones)} ({line.hours or line.now})"
            for line in self.lines
        ]
        parts.append("Wenn es schwer wird\n" + "\n".join(helped))
        parts.append("\n".join(row for row in [self.office, self.phone, self.hours] if row))
        return "\n\n".join(parts) + "\n"


def made(slugs: Sequence[str], office: ContactPoint, *, at: datetime, kreis_key: str = "") -> Leaflet:
    """Return the sheet for these groups, in the order given, at most three.

    Raises:
        Http404: one of them is not public.
    """
    found = [entries.public_entry(slug) for slug in list(dict.fromkeys(slugs))[:MOST_GROUPS]]
    shown = chrome.office(office.slug)
    on = at.date()
    return Leaflet(
        office=office.name,
        phone=str(formats.phone(office.phone).striptags()) if office.phone else "",
        hours=shown.there or shown.next,
        made_on=on,
        groups=[_group(entry, on, shown.phone) for entry in found],
        first_visit=FIRST_VISIT,
        lines=shown_help.lines_for(HELP, land=office.land, kreis_key=kreis_key, at=at, limit=MOST_LINES),
    )


def _group(entry: PublicEntry, on: date, our_phone: str) -> OnTheLeaflet:
    if entry.withheld:
        where = "Ort und Zeit nennt Ihnen die Kontaktstelle."
    else:
        at_the_place = " ".join(part for part in (entry.postcode, entry.town) if part)
        where = ", ".join(part for part in (entry.venue, entry.street, at_the_place) if part) or entry.kreis
    if entry.only_via_office or not (entry.phone or entry.email):
        contact = f"Kontakt über {entry.office_name}: {_phone(entry.office_phone or our_phone)}"
    else:
        ways = [_phone(entry.phone) if entry.phone else "", entry.email]
        contact = "Kontakt: " + ", ".join(way for way in ways if way)
    return OnTheLeaflet(
        slug=entry.slug,
        name=entry.name,
        who=cards.audience_said(entry),
        when=entry.meeting,
        dates=[formats.short_date(day) for day in cards.dates_ahead(entry, on)[:MOST_DATES]],
        where=where,
        contact=contact,
        asked=[str(CONDITIONS[key].short) for key in entry.conditions if key in CONDITIONS],
        note="" if entry.takes_newcomers(on) else "Die Gruppe nimmt zurzeit niemanden auf.",
    )


def _phone(number: str) -> str:
    return str(formats.phone(number).striptags())
