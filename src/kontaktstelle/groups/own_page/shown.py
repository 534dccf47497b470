"""What a group's own page shows: what is public where, the next dates, what waits, and the own record of who reads it."""

import json
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from kontaktstelle.groups import public, rhythm
from kontaktstelle.groups.lifecycle import ProposalStatus, Stage
from kontaktstelle.groups.models import Group, LiveNotice, OwnPageKey, Proposal, YearlyUpdate
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE, WITHHELD, is_open
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of
from kontaktstelle.ui import formats

from . import live, proposals

DATES, NEWS = 6, timedelta(days=60)
PUBLIC_CHANNELS = {name: words for name, words in CHANNELS.items() if name != "staff"}


@dataclass(frozen=True, slots=True)
class DateShown:
    """One of the next dates."""

    day: str
    words: str
    cancelled: bool
    room: str


@dataclass(frozen=True, slots=True)
class FieldShown:
    """One field of the record: what stands there, and on which channels it is public."""

    name: str
    label: str
    value: str
    channels: list[str]
    withheld: bool


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """What the group proposed, and how far it has come."""

    label: str
    wish: str
    status: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class PageShown:
    """Everything on the page; hold it no longer than one answer takes."""

    group: Group
    stage: str
    is_listed: bool
    address: str
    stand: date | None
    is_asked: bool
    entry: list[tuple[str, str]]
    fields: list[FieldShown]
    dates: list[DateShown]
    is_stopped: bool
    may_come_back: bool
    until: date | None
    waiting: list[ProposalShown]
    notices: list[tuple[datetime, str]]
    expires_on: date
    person: Address | None = field(default=None, repr=False)
    consent: str = ""


def page(key: OwnPageKey, *, at: datetime) -> PageShown:
    """Return what a key shows; that a person's own record was opened for them is traced."""
    group = Group.objects.select_related("contact_point", "venue").get(pk=key.group_id)
    on = day_of(at)
    person = _own_record(key, at=at)
    stopped = group.stage in {Stage.PAUSED, Stage.INTAKE_STOP}
    return PageShown(
        group=group,
        stage=str(Stage(group.stage).label),
        is_listed=group.listed,
        address=group.slug if group.listed else "",
        stand=group.confirmed_on,
        is_asked=YearlyUpdate.objects.filter(group=group, closed_on__isnull=True).exists(),
        entry=_entry(group, on),
        fields=_fields(group),
        dates=_dates(group, on),
        is_stopped=stopped,
        may_come_back=stopped and live.is_own_pause(group),
        until=group.paused_until if group.stage == Stage.PAUSED else group.intake_stop_until,
        waiting=_proposals(group, at),
        notices=[
            (each.said_at, LiveNotice.Kind(each.kind).label + (f": {formats.german_date(each.on)}" if each.on else ""))
            for each in LiveNotice.objects.filter(group=group, said_at__gte=at - NEWS).order_by("-said_at")[:10]
        ],
        expires_on=key.expires_on,
        person=person,
        consent=str(key.person.get_consent_display()) if key.person and person else "",
    )  # fmt: skip


def said(field_name: str, value: Any) -> str:
    """Return a value of a proposal or a record as people read it."""
    if field_name == "visibility" and isinstance(value, dict):
        lines = [
            f"{OPENABLE[name]}: {', '.join(PUBLIC_CHANNELS[each] for each in value[name] if each in PUBLIC_CHANNELS)}"
            for name in OPENABLE
            if value.get(name)
        ]
        return "\n".join(lines) or "nichts ist freigegeben"
    if isinstance(value, dict):
        names = {"name": "Name", "phone": "Telefon", "email": "E-Mail", "address": "Anschrift"}
        return "\n".join(f"{label}: {value[name]}" for name, label in names.items() if value.get(name))
    if field_name == proposals.REMOVAL and value:
        return "Bitte löschen Sie meine Angaben."
    return str(value or "")


def _own_record(key: OwnPageKey, *, at: datetime) -> Address | None:
    # Whoever reads a protected group's mail along learns nothing of its people here.
    if key.person is None or key.group.protected:
        return None
    try:
        address = address_of(key.person.party)
    except Party.DoesNotExist:
        return None
    trail.record(
        "group", "group-contact.shown-to-self", object_type="groups.contactperson", object_id=key.person.pk, at=at,
        contact_point=key.contact_point_id,
    )  # fmt: skip
    return address


def _entry(group: Group, on: date) -> list[tuple[str, str]]:
    """Return the public entry in lines: only what `public.shape` lets through."""
    entry = public.as_the_site_would_show(group, on=on)
    place = ", ".join(
        part for part in (entry.venue, entry.street, f"{entry.postcode} {entry.town}".strip()) if part
    )
    rows = [
        ("Name", entry.name),
        ("Wann", entry.meeting),
        ("Wo", place or (f"nur der Kreis: {entry.kreis}" if entry.kreis else "")),
        ("Beschreibung", entry.description),
        ("Telefon", entry.phone),
        ("E-Mail", entry.email),
        ("Internet", entry.website),
        ("Online", entry.online_note),
        ("Gegründet", entry.founded),
        ("Kontakt", f"über die Kontaktstelle, {entry.office_phone}" if entry.only_via_office else ""),
    ]
    return [(label, value) for label, value in rows if value]


def _fields(group: Group) -> list[FieldShown]:
    venue = group.venue
    values = {
        "venue": ", ".join(part for part in (venue.name, venue.street, venue.town) if part) if venue else "",
        "meeting": group.meeting_text,
        "access": venue.access_note if venue else "",
    }
    return [
        FieldShown(
            name,
            label,
            values[name] if name in values else str(getattr(group, name, "") or ""),
            [
                channel
                for channel in PUBLIC_CHANNELS
                if is_open(name, channel, group.visibility, protected=group.protected)
            ],
            group.protected and name in WITHHELD,
        )
        for name, label in OPENABLE.items()
    ]


def _dates(group: Group, on: date) -> list[DateShown]:
    reading = rhythm.from_json(group.rhythm) if group.rhythm else None
    if (
        group.protected
        or reading is None
        or not reading.understood
        or group.stage in {Stage.PAUSED, Stage.DISSOLVED}
    ):
        return []
    ahead = rhythm.upcoming(
        reading, after=on, land=group.contact_point.land, limit=DATES, first=group.first_on, cancelled=[]
    )
    days = {moment.date().isoformat(): moment for moment in ahead}
    rooms = group.other_rooms or {}
    return [
        DateShown(
            day,
            formats.german_date(day) + (f", {formats.time(moment)}" if reading.start else ""),
            day in group.cancelled_on,
            rooms.get(day, ""),
        )
        for day, moment in sorted(days.items())
    ]


def _proposals(group: Group, at: datetime) -> list[ProposalShown]:
    """Return what waits, and what was decided lately. What was said of persons is not repeated: others may hold the next key."""
    rows = Proposal.objects.filter(group=group).exclude(status=ProposalStatus.REPLACED)
    found = []
    for row in rows.order_by("-said_at"):
        if row.status != ProposalStatus.OPEN and (row.decided_at or at) < at - NEWS:
            continue
        wish = (
            ""
            if row.field in proposals.NAMES_PEOPLE
            else said(row.field, json.loads(row.wish) if row.wish else "")
        )
        found.append(
            ProposalShown(
                proposals.LABELS[row.field], wish, str(ProposalStatus(row.status).label), row.said_at
            )
        )
    return found
