"""What a group changes by itself, public at once: a date falls out, another room, a pause, no new people, and back.

Each is told to staff as a `LiveNotice`. Of a protected group nothing that tells of place or time goes public: what it says is
passed on to staff in words.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, GroupChange, LiveNotice
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import formats

from . import proposals

BY_GROUP, BY_NIGHT = "group", "nightly"
AHEAD = timedelta(days=366)
LONGEST_ROOM = 80
Kind = LiveNotice.Kind
_STOPPED = {f"group.{Stage.PAUSED}", f"group.{Stage.INTAKE_STOP}", "venue.closed"}
# A room needs no address of the web, no mail and no number to call: what goes public unread must not invite anywhere.
_NO_ROOM = re.compile(r"@|www\.|https?:|\.(?:de|com|net|org|info)\b|(?:\d[\s/()-]?){5,}", re.IGNORECASE)


class DayUnfit(StepRefused):
    """A day that is over, or further ahead than a year."""

    sentence = "Bitte wählen Sie einen Tag ab heute, höchstens ein Jahr voraus."


class RoomUnfit(StepRefused):
    """No room, or more than a room."""

    sentence = "Bitte nennen Sie nur den Raum, höchstens 80 Zeichen, ohne Telefonnummer und Internetadresse."


class NotTheirs(StepRefused):
    """The office or the closing of a venue paused the group."""

    sentence = "Das hat die Kontaktstelle so eingetragen. Bitte rufen Sie uns an, dann ändern wir es."


def cancel(group: Group, on: date | None, *, at: datetime) -> bool:
    """Say that the group does not meet on a day.

    Returns:
        Whether it is public now; False: it was passed on to staff.
    """
    on = _fit(on, at)
    if group.protected:
        return _passed_on(group, f"Das Treffen am {formats.german_date(on)} fällt aus.", at=at)
    return _days(group, Kind.CANCELLED, on, at=at, cancelled=True)


def take_place(group: Group, on: date | None, *, at: datetime) -> bool:
    """Say that the group meets on that day after all."""
    on = _fit(on, at)
    if group.protected:
        return _passed_on(group, f"Das Treffen am {formats.german_date(on)} findet doch statt.", at=at)
    return _days(group, Kind.NOT_CANCELLED, on, at=at, cancelled=False)


def use_room(group: Group, on: date | None, room: str, *, at: datetime) -> bool:
    """Say that the group meets in another room on a day; "" for the usual one again."""
    on, room = _fit(on, at), " ".join(room.split())
    if len(room) > LONGEST_ROOM or _NO_ROOM.search(room):
        raise RoomUnfit
    if group.protected:
        where = f"in einem anderen Raum: {room}" if room else "doch im gewohnten Raum"
        return _passed_on(group, f"Das Treffen am {formats.german_date(on)} ist {where}.", at=at)
    return _days(group, Kind.ROOM if room else Kind.USUAL_ROOM, on, at=at, room=room)


def pause(group: Group, until: date | None, *, at: datetime) -> None:
    """Pause, until a day or until the group says it is back."""
    _move(group, Stage.PAUSED, Kind.PAUSED, until, at=at)


def stop_intake(group: Group, until: date | None, *, at: datetime) -> None:
    """Take no new people, until a day or until the group says it does again."""
    _move(group, Stage.INTAKE_STOP, Kind.INTAKE_STOP, until, at=at)


@transaction.atomic
def come_back(group: Group, *, at: datetime) -> None:
    """End the group's own pause or stop.

    Raises:
        NotTheirs: somebody else set it.
    """
    stored = _locked(group)
    if stored.stage not in {Stage.PAUSED, Stage.INTAKE_STOP}:
        return
    if not is_own_pause(stored):
        raise NotTheirs
    listing.move(stored, _before(stored), by=BY_GROUP, at=at)
    _tell(stored, Kind.BACK, None, at=at)


def is_own_pause(group: Group) -> bool:
    """Say whether the group itself set the pause or stop it is in."""
    last = GroupChange.objects.filter(group=group, action__in=_STOPPED).order_by("-at", "-stamp").first()
    return last is not None and last.by == BY_GROUP and not group.paused_by_venue


@transaction.atomic
def seen(notices: list[Any], *, by: Staff, at: datetime) -> int:
    """Note that staff looked through what groups changed.

    Returns:
        How many were new.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    rows = LiveNotice.objects.select_for_update().filter(pk__in=notices, seen_at=None)
    count = 0
    for row in rows:
        row.seen_at, row.seen_by = at, str(by.pk)
        row.save(update_fields=["seen_at", "seen_by"])
        count += 1
    return count


def resume_everywhere(*, at: datetime) -> int:
    """End the pauses whose last day is over: the night's work."""
    ended = 0
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            over = Group.objects.filter(
                stage=Stage.PAUSED, paused_by_venue=False, paused_until__lt=day_of(at)
            )
            for group in over.order_by("pk"):
                listing.move(group, _before(group), by=BY_NIGHT, at=at)
                ended += 1
    return ended


@transaction.atomic
def _days(
    group: Group,
    kind: Kind,
    on: date,
    *,
    at: datetime,
    cancelled: bool | None = None,
    room: str | None = None,
) -> bool:
    stored = _locked(group)
    today, day = day_of(at).isoformat(), on.isoformat()
    out = {each for each in stored.cancelled_on if each >= today}
    rooms = {each: said for each, said in (stored.other_rooms or {}).items() if each >= today}
    if cancelled is not None:
        (out.add if cancelled else out.discard)(day)
    if room is not None:
        rooms.pop(day, None)
        rooms |= {day: room} if room else {}
    values: Mapping[str, Any] = {"cancelled_on": sorted(out), "other_rooms": rooms or None}
    said_already = cancelled is not None and (day in stored.cancelled_on) == cancelled
    if said_already or (room is not None and (stored.other_rooms or {}).get(day, "") == room):
        return True  # a second click
    listing.change(stored, dict(values), by=BY_GROUP, at=at)
    _tell(stored, kind, on, at=at)
    return True


@transaction.atomic
def _move(group: Group, to: Stage, kind: Kind, until: date | None, *, at: datetime) -> None:
    if until is not None:
        until = _fit(until, at)
    stored = _locked(group)
    known = stored.paused_until if to == Stage.PAUSED else stored.intake_stop_until
    if stored.stage == to and known == until:
        return
    if stored.stage == Stage.PAUSED and not is_own_pause(stored):
        raise NotTheirs
    listing.move(stored, to, by=BY_GROUP, at=at, until=until)
    _tell(stored, kind, until, at=at)


def _before(group: Group) -> Stage:
    before = Stage(group.stage_before_pause or Stage.OPEN)
    return Stage.OPEN if before == group.stage else before


def _passed_on(group: Group, words: str, *, at: datetime) -> bool:
    proposals.say_words(group, words, at=at)
    return False


def _fit(on: date | None, at: datetime) -> date:
    today = day_of(at)
    if on is None or not today <= on <= today + AHEAD:
        raise DayUnfit
    return on


def _locked(group: Group) -> Group:
    stored: Group = Group.objects.select_for_update().get(pk=group.pk)
    return stored


def _tell(group: Group, kind: Kind, on: date | None, *, at: datetime) -> None:
    row = LiveNotice.objects.create(
        contact_point_id=group.contact_point_id, group=group, kind=kind, on=on, said_at=at
    )
    trail.record(
        BY_GROUP, f"live-notice.{kind}", object_type="groups.livenotice", object_id=row.pk, at=at, contact_point=group.contact_point_id
    )  # fmt: skip
