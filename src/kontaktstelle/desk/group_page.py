"""A group's page at the desk: everything staff may know of it, what comes next, and what was done to it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse
from django.utils.text import Truncator

from kontaktstelle import places
from kontaktstelle.directory import cards, group_page
from kontaktstelle.enquiries.models import Arrangement
from kontaktstelle.groups import history, persons, public, rhythm, upkeep
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.entry import decisions
from kontaktstelle.groups.importing.choices import FORMS, LANGUAGES
from kontaktstelle.groups.lifecycle import STEPS, Stage
from kontaktstelle.groups.models import Group, GroupChange
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE, WITHHELD
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.topics import tree
from kontaktstelle.ui import formats

from . import group_form, typed
from .duties import called
from .support import shown as support

DATES_AHEAD = 5
_DONE = {
    "group.created": "angelegt",
    "group.changed": "geändert",
    "group.listed": "ins Verzeichnis aufgenommen",
    "group.unlisted": "aus dem Verzeichnis genommen",
    "group.undone": "letzte Änderung zurückgenommen",
    "group.revived": "Abschied zurückgenommen",
    "venue.closed": "pausiert: Der Treffpunkt ist geschlossen",
    "venue.opened": "geht weiter: Der Treffpunkt ist wieder offen",
    "person.added": "Ansprechperson hinzugefügt",
    "person.changed": "Ansprechperson geändert",
    "person.removed": "Ansprechperson entfernt",
}
# "Jeden 2. Dienstag": the second of the month, or every other one? Only the group knows.
_TWO_WAYS = re.compile(
    r"\bjeden\s+([2-4])\.\s*(\w+(?:tag|woch|abend))\b(?!.*\bmonat)", re.IGNORECASE | re.DOTALL
)
# The buttons of a stage: what is pressed, and what it makes of the group.
_MOVES = {
    Stage.OPEN: "Nimmt wieder auf",
    Stage.FULL: "Ist voll",
    Stage.FOUNDING: "Ist in Gründung",
}


@dataclass(frozen=True, slots=True)
class Seen:
    """One field of a group and where it may be seen."""

    label: str
    value: str
    where: str
    withheld: bool


@dataclass(frozen=True, slots=True)
class Done:
    """One step of the history."""

    at: datetime
    who: str
    what: str
    fields: str


def group_of(number: UUID) -> Group:
    """Return a group of the contact point being acted for.

    Raises:
        Http404: there is none.
    """
    row: Group | None = (
        Group.objects.select_related("venue", "contact_point", "site").filter(pk=number).first()
    )
    if row is None:
        raise Http404
    return row


def context(group: Group, *, by: Staff, on: date) -> dict[str, Any]:
    """Return what the page shows to somebody."""
    held = rights.rights_of(rights.roles_of(by, current()))
    stage = Stage(group.stage)
    return {
        "group": group,
        "seen": group.changed_at.isoformat(),
        "stage": str(stage.label),
        "is_dissolved": stage == Stage.DISSOLVED,
        "is_paused": stage == Stage.PAUSED,
        "back_to": str(Stage(group.stage_before_pause or Stage.OPEN).label),
        "moves": [(to.value, words) for to, words in _MOVES.items() if to in STEPS[stage] and stage != Stage.PAUSED],
        "may_stop": (Stage.INTAKE_STOP in STEPS[stage] and stage != Stage.PAUSED) or stage == Stage.INTAKE_STOP,
        "may_pause": Stage.PAUSED in STEPS[stage],
        "missing": [] if stage == Stage.DISSOLVED else upkeep.missing(group, on=on),
        "is_stale": upkeep.is_stale(group, on),
        "public_address": reverse("directory:group", args=[group.slug]) if group.listed and stage != Stage.DISSOLVED else "",
        "topics": [tree.label(topic) for topic in group.topics if topic in tree.TOPICS],
        "audience": ", ".join(tree.AUDIENCES[key] for key in group.audience if key in tree.AUDIENCES),
        "languages": ", ".join(LANGUAGES.get(key, key) for key in group.languages),
        "forms": ", ".join(FORMS.get(key, key) for key in group.forms),
        "kreis": places.kreis_name(group.kreis_key) if group.kreis_key else "",
        "asked": _conditions(group, on),
        "seen_where": seen_where(group),
        "rhythm": reading(group, on=on),
        "consents": persons.consents(group),
        "may_publish": group.listed or decisions.allows(group),
        "may_see_persons": Right.SEE_GROUP_CONTACT in held,
        "may_arrange": Right.REFER in held,
        "support": support.beside_group(group, today=on) if Right.SUPPORT in held else None,
        "may_fund": Right.FUNDING in held,
        "arrangement": _arrangement(group) if Right.REFER in held else None,
        "bases": [(key, words) for key, words in Group.Basis.choices if key != "none" and (key != "example" or group.is_example)],
        "history": done(history.changes(group)),
        "can_undo": history.last_undoable(group) is not None,
        "today": on,
        "in_three_months": on + timedelta(days=90),
        "answer_words": {"yes": "ja", "no": "nein", "unknown": "unbekannt"},
    }  # fmt: skip


def preview(group: Group, *, on: date) -> dict[str, Any]:
    """Return the card and the page the public would see of a group, saved or not."""
    entry = public.as_the_site_would_show(group, on=on)
    return {"card": cards.listed([entry], on=on, level=3), **group_page.facts(entry)}


def reading(group: Group, *, on: date) -> dict[str, Any]:
    """Return how the words about meetings are understood, and the next dates that follow."""
    if not group.meeting_text.strip():
        return {"said": "", "understood": False, "text": "", "dates": [], "hint": ""}
    read = rhythm.from_json(group.rhythm)
    dates = rhythm.upcoming(
        read,
        after=on,
        land=group.contact_point.land,
        limit=DATES_AHEAD,
        first=group.first_on,
        cancelled=[date.fromisoformat(day) for day in group.cancelled_on],
    )
    hint = ""
    if not read.understood and (both := _TWO_WAYS.search(group.meeting_text)):
        hint = f"Das kann zweierlei heißen. Bitte schreiben Sie „jeden {both[1]}. {both[2]} im Monat“ oder „alle {both[1]} Wochen {both[2].lower()}s“."
    elif not read.understood:
        hint = "Das verstehen wir nicht als Rhythmus. Es erscheint, wie es dasteht, ohne Termine."
    elif not dates and not read.anchored and group.first_on is None:
        hint = "Ab wann gezählt wird, steht nicht da. Mit dem Tag eines Treffens gibt es Termine."
    elif not dates:
        hint = "Daraus folgen keine sicheren Termine."
    return {
        "said": group.meeting_text,
        "understood": read.understood,
        "text": read.text,
        "dates": [
            cards.moment_said(moment.isoformat(timespec="minutes"), read.end or "")
            if read.start
            else formats.german_date(moment.date())
            for moment in dates
        ],
        "hint": hint,
    }


def seen_where(group: Group) -> list[Seen]:
    """Return what of a group may be seen where, field by field."""
    shown = {
        "description": Truncator(group.description).chars(60), "town": group.town, "venue": group.venue.name if group.venue else "", "meeting": group.meeting_text,
        "access": group.venue.access_note if group.venue else "", "public_phone": group.public_phone, "public_email": group.public_email,
        "website": group.website, "online_note": group.online_note, "founded": group.founded,
    }  # fmt: skip
    rows = []
    for name, words in OPENABLE.items():
        withheld = group.protected and name in WITHHELD
        channels = [key for key in CHANNELS if key in group.visibility.get(name, ())]
        where = ", ".join(CHANNELS[key] for key in channels)
        if len(channels) == len(CHANNELS) - 1:
            where = "überall"
        rows.append(
            Seen(words, shown[name], "nirgends: geschützt" if withheld else where or "nur intern", withheld)
        )
    return rows


def done(rows: Sequence[GroupChange]) -> list[Done]:
    """Return steps in words, with who took them."""
    names = _names({row.by for row in rows})
    found = []
    for row in rows:
        what = _DONE.get(row.action, "")
        if not what:
            stage = row.action.removeprefix("group.")
            what = f"jetzt: {Stage(stage).label}" if stage in set(Stage) else "geändert"
        told = (
            dict.fromkeys(group_form.label(name) for name in row.fields)
            if row.action == "group.changed"
            else {}
        )
        found.append(Done(row.at, names.get(row.by, "vom Server oder einem Import"), what, ", ".join(told)))
    return found


def _names(numbers: set[str]) -> dict[str, str]:
    keys = [UUID(each) for each in numbers if typed.is_number(each)]
    return {str(each.pk): called(each) for each in Staff.objects.filter(pk__in=keys)}


def _conditions(group: Group, on: date) -> list[tuple[str, str]]:
    asked = public.as_the_site_would_show(group, on=on).conditions
    return [(CONDITIONS[key].label, str(CONDITIONS[key].sentence)) for key in asked]


def _arrangement(group: Group) -> dict[str, Any]:
    row = Arrangement.objects.filter(group=group).first()
    said = []
    if row is not None:
        said = [str(Arrangement.How(row.how).label), str(Arrangement.Rhythm(row.rhythm).label)]
        if row.new_per_month is not None:
            said.append(f"höchstens {row.new_per_month} im Monat")
    return {"said": ", ".join(said), "on": row.agreed_on if row else None, "address": reverse("desk:arrangement", args=[group.slug])}  # fmt: skip
