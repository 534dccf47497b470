"""What a channel may receive of a group: the one place where a record becomes public shape.

`shape` reads the record and returns only what `visibility` allows; whatever is built on its result (pages, print,
feeds) cannot show more. Coordinates of a group whose town is not public are those of its Kreis.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from typing import Any

from kontaktstelle import places
from kontaktstelle.topics import folding, tree

from . import conditions, rhythm
from .lifecycle import Stage, takes_newcomers
from .models import Answer, ConditionDefault, Group
from .visibility import is_open

DATES_AHEAD = 6
# A time, a day of the week, a street, a number to call, an address: what a protected group's own words must not tell.
_TELLS = re.compile(
    r"\d[:.]\d\d\b|\d ?(?:uhr|h)\b|\b(?:montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonnabend|sonntag)|stra(?:ß|ss)e|str\.|\d{4}|@|www\.|https?:",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class PublicEntry:
    """Everything the open side ever receives of a group, and nothing more.

    Dates and times are ISO strings in Europe/Berlin; `other_rooms` are days, each followed by a room in words; `lat`/`lon` are of the place or, where that is withheld, of
    the Kreis (then `place_is_kreis`). `withheld` says that place and time are told by the office only.
    """

    slug: str
    name: str
    topics: list[str]
    audience: list[str]
    stage: str
    conditions: list[str]
    languages: list[str]
    forms: list[str]
    office: str
    office_name: str
    office_phone: str
    kreis_key: str = ""
    kreis: str = ""
    lat: float | None = None
    lon: float | None = None
    place_is_kreis: bool = False
    withheld: bool = False
    description: str = ""
    town: str = ""
    venue: str = ""
    street: str = ""
    postcode: str = ""
    meeting: str = ""
    rules: list[str] = field(default_factory=list)
    starts_at: str = ""
    ends_at: str = ""
    next_dates: list[str] = field(default_factory=list)
    other_rooms: list[str] = field(default_factory=list)
    access: list[str] = field(default_factory=list)
    access_note: str = ""
    phone: str = ""
    email: str = ""
    website: str = ""
    online_note: str = ""
    founded: str = ""
    confirmed_on: str = ""
    is_young: bool = False
    age_from: int | None = None
    age_to: int | None = None
    intake_stop_until: str = ""
    paused_until: str = ""
    only_via_office: bool = False
    is_example: bool = False

    def as_dict(self) -> dict[str, Any]:
        """Return plain values, without those that are empty, for storing."""
        return {key: value for key, value in asdict(self).items() if value not in ("", [], None, False)}

    def takes_newcomers(self, on: date) -> bool:
        """Say whether the group takes new people on a day."""
        return takes_newcomers(
            self.stage, date.fromisoformat(self.intake_stop_until) if self.intake_stop_until else None, on
        )


def shape(group: Group, channel: str, *, on: date, defaults: Mapping[str, Mapping[str, bool]]) -> PublicEntry:
    """Return what a channel may receive of a listed group.

    Args:
        group: with `contact_point` and `venue` loaded.
        channel: one of `visibility.CHANNELS`.
        on: the day next dates are counted from.
        defaults: the office's conditions per topic field.
    """

    def may(name: str) -> bool:
        return is_open(name, channel, group.visibility, protected=group.protected)

    office = group.contact_point
    lat, lon, exact = _coordinates(group, exact=may("town"), venue_is_open=may("venue"))
    known: dict[str, Any] = {
        "slug": group.slug,
        "name": group.name,
        "topics": [topic for topic in group.topics if topic in tree.TOPICS],
        "audience": group.audience,
        "stage": group.stage,
        "conditions": _conditions(group, defaults),
        "languages": group.languages,
        "forms": group.forms,
        "office": office.slug,
        "office_name": office.name,
        "office_phone": office.phone,
        "kreis_key": group.kreis_key,
        "kreis": places.kreis_name(group.kreis_key) if group.kreis_key else "",
        "lat": lat,
        "lon": lon,
        "place_is_kreis": not exact,
        "withheld": group.protected,
        "is_young": group.is_young,
        "age_from": group.age_from,
        "age_to": group.age_to,
        "confirmed_on": group.confirmed_on.isoformat() if group.confirmed_on else "",
        "intake_stop_until": group.intake_stop_until.isoformat() if group.intake_stop_until else "",
        "only_via_office": group.takes_referrals_only_via_office or group.protected,
        "is_example": group.is_example,
    }
    if may("description") and not (group.protected and _gives_away(group)):
        known["description"] = group.description
    if may("town"):
        known["town"] = group.town
    if may("venue"):
        known |= _venue(group)
    if may("meeting"):
        known |= _meeting(group, on=on) | _as_the_group_said(group, on, venue_is_open=may("venue"))
    if may("access"):
        known |= _access(group)
    for name, key in (
        ("public_phone", "phone"),
        ("public_email", "email"),
        ("website", "website"),
        ("online_note", "online_note"),
        ("founded", "founded"),
    ):
        if may(name):
            known[key] = getattr(group, name)
    if known["only_via_office"]:
        known["phone"] = known["email"] = ""
    known["website"] = _web_address(known.get("website", ""))
    return PublicEntry(**known)


def as_the_site_would_show(group: Group, *, on: date) -> PublicEntry:
    """Return what the own site would receive of a group of the contact point being acted for, listed or not, saved or not."""
    defaults = {each.field: each.conditions for each in ConditionDefault.objects.all()}
    return shape(group, "site", on=on, defaults=defaults)


def _web_address(text: str) -> str:
    """Return an address of the web, "" for anything else: it becomes a link."""
    return text if text.startswith(("https://", "http://")) else ""


def _gives_away(group: Group) -> bool:
    """Say whether a group's own words may tell where, when or through whom it meets; rather once too often."""
    names = [group.town, group.district]
    if group.venue is not None:
        names += [group.venue.name, group.venue.street, group.venue.town]
    said = f" {' '.join(word for part in group.description.split() for word in folding.words(part))} "
    folded = [" ".join(folding.words(name)) for name in names]
    return _TELLS.search(group.description) is not None or any(f" {name} " in said for name in folded if name)


def _coordinates(
    group: Group, *, exact: bool, venue_is_open: bool
) -> tuple[float | None, float | None, bool]:
    if exact and venue_is_open and group.venue is not None and group.venue.lat is not None:
        return group.venue.lat, group.venue.lon, True
    if exact and group.lat is not None:
        return group.lat, group.lon, True
    if group.kreis_key:
        centre = places.kreis_centre(group.kreis_key)
        if centre:
            return centre[0], centre[1], False
    return None, None, False


def _conditions(group: Group, defaults: Mapping[str, Mapping[str, bool]]) -> list[str]:
    fields = {tree.TOPICS[topic].field for topic in group.topics if topic in tree.TOPICS}
    asked = conditions.effective(
        [defaults[name] for name in sorted(fields) if name in defaults], group.conditions
    )
    if (group.takes_referrals_only_via_office or group.protected) and "only_via_office" not in asked:
        asked.append("only_via_office")
    return [key for key in conditions.CONDITIONS if key in asked]


def _venue(group: Group) -> dict[str, Any]:
    venue = group.venue
    if venue is None:
        return {}
    return {"venue": venue.name, "street": venue.street, "postcode": venue.postcode or group.postcode}


def _meeting(group: Group, *, on: date) -> dict[str, Any]:
    reading = rhythm.from_json(group.rhythm) if group.rhythm else None
    if reading is None or not reading.understood:
        return {"meeting": group.meeting_text}
    dates: Sequence[Any] = ()
    if group.stage not in {Stage.PAUSED, Stage.DISSOLVED}:
        cancelled = [date.fromisoformat(day) for day in group.cancelled_on]
        dates = rhythm.upcoming(
            reading,
            after=on,
            land=group.contact_point.land,
            limit=DATES_AHEAD,
            first=group.first_on,
            cancelled=cancelled,
        )
    dated = reading.anchored or group.first_on is not None
    return {
        "meeting": reading.text or group.meeting_text,
        # A rule with exceptions (holidays, odd weeks) would claim dates on which nobody meets: then only dates are told.
        "rules": list(reading.rules) if dated and not reading.exceptions else [],
        "starts_at": reading.start or "",
        "ends_at": reading.end or "",
        "next_dates": [
            moment.isoformat(timespec="minutes") if reading.start else moment.date().isoformat()
            for moment in dates
        ],
    }


def _as_the_group_said(group: Group, on: date, *, venue_is_open: bool) -> dict[str, Any]:
    """Return what a group said of single dates on its own page: another room, and until when it pauses."""
    rooms = sorted((group.other_rooms or {}).items()) if venue_is_open else []
    return {
        "paused_until": group.paused_until.isoformat() if group.paused_until else "",
        "other_rooms": [f"{day} {room}" for day, room in rooms if day >= on.isoformat()],
    }


def _access(group: Group) -> dict[str, Any]:
    step_free = (
        group.step_free if group.step_free != Answer.UNKNOWN or group.venue is None else group.venue.step_free
    )
    marks = {
        "step-free": step_free == Answer.YES,
        "not-step-free": step_free == Answer.NO,
        "sign-language": group.sign_language,
        "easy-language": group.easy_language,
        "induction-loop": group.induction_loop,
    }
    return {
        "access": [mark for mark, holds in marks.items() if holds],
        "access_note": group.venue.access_note if group.venue else "",
    }
