"""Groups kept by staff at the desk: create, change, move, publish, undo, each asking for its right.

The steps themselves are those of `listing`; here stands what a person at the desk needs around them: what was typed is
checked as a whole, a place is found from its words, a topic that needs protection brings it, and only what differs is
written, so that a second click does nothing.
"""

from collections.abc import Mapping
from copy import copy
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Area, Site, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from . import history, listing
from .checking import ValuesUnfit, check_group
from .entry import decisions, farewell
from .importing.placing import PlaceReader, Placing
from .lifecycle import Stage
from .models import Group, Venue

# "Stand" older than this is to be asked again.
CURRENT_FOR = timedelta(days=365)
_PLACE = ("postcode", "town", "district")


class ProtectionStays(StepRefused):
    """Only who leads takes a group's protection away."""

    sentence = "Den Schutz einer Gruppe nimmt nur die Leitung zurück, und nur auf Wunsch der Gruppe."


class DayAhead(StepRefused):
    """A consent, or what a group confirmed, cannot lie in the future."""

    sentence = "Dieser Tag liegt in der Zukunft."


class BasisUnclear(StepRefused):
    """No ground an office can name by hand."""

    sentence = "Bitte wählen Sie, auf welcher Grundlage die Gruppe erscheint."


@transaction.atomic
def create(values: Mapping[str, Any], *, by: Staff, at: datetime, number: UUID) -> Group:
    """Make a group known to the office being acted for, not listed.

    Args:
        values: fields as typed, checked here.
        by: who.
        at: when.
        number: the key of the form and of the new group: a double click makes one.

    Raises:
        ValuesUnfit: with a sentence per field.
        rights.NotAllowed: not for this person.
    """
    _check_may_edit(by, values)
    draft, wanted = _draft(None, {"name": "", **values}, _day(at))
    check_group(wanted, whole=vars(draft))
    return listing.create(current(), wanted, by=str(by.pk), at=at, number=number)


@transaction.atomic
def change(
    group: Group, values: Mapping[str, Any], *, by: Staff, at: datetime, seen: datetime | None
) -> Group:
    """Change what differs; nothing where nothing does.

    Args:
        group: the group as the page knows it.
        values: fields as typed.
        by: who.
        at: when.
        seen: the group's `changed_at` as the page showed it.

    Raises:
        ValuesUnfit: with a sentence per field.
        listing.GroupChangedMeanwhile: somebody else changed it, and something is left to write.
        ProtectionStays: the protection is not theirs to take.
        rights.NotAllowed: not for this person.
    """
    _check_may_edit(by, values)
    stored = Group.objects.select_for_update().filter(pk=group.pk).first()
    if stored is None:
        raise listing.GroupChangedMeanwhile
    draft, wanted = _draft(stored, values, _day(at))
    differing = {name: value for name, value in wanted.items() if getattr(stored, name) != value}
    if not differing:
        return stored  # type: ignore[no-any-return]
    check_group(differing, whole=vars(draft))
    if stored.protected and differing.get("protected") is False:
        _check_may_release(by)
    return listing.change(stored, differing, by=str(by.pk), at=at, seen=seen)


def draft(group: Group | None, values: Mapping[str, Any], *, on: date) -> Group:
    """Return a group as it would stand with these values, unsaved: for the preview.

    Raises:
        ValuesUnfit: with a sentence per field.
    """
    made, wanted = _draft(group, values if group else {"name": "", **values}, on)
    check_group(wanted, whole=vars(made))
    return made


def may_read_note(by: Staff) -> bool:
    """Say whether somebody reads what an office notes of a group for itself: it may name people."""
    held = rights.roles_of(by, current())
    return Right.SEE_GROUP_CONTACT in rights.rights_of(held) and not rights.wants_reason(
        held, Right.SEE_GROUP_CONTACT
    )


@transaction.atomic
def note_of(group: Group, *, by: Staff, at: datetime) -> str | None:
    """Open what the office notes of a group, "" for nothing; None for those who do not read it. Opening is traced."""
    if not may_read_note(by):
        return None
    if group.note:
        trail.record(
            str(by.pk), "group.note-read", object_type="groups.group", object_id=group.pk, at=at,
            contact_point=group.contact_point_id,
        )  # fmt: skip
    return group.note or ""


def place_hint(values: Mapping[str, Any]) -> str:
    """Return a sentence where the place is not certain, "" where it is."""
    return _placing(values).hint


@transaction.atomic
def move(
    group: Group, to: Stage, *, by: Staff, at: datetime, until: date | None = None, seen: datetime | None
) -> Group:
    """Move a group to another stage; where it stands already, nothing happens.

    Raises:
        DayAhead: an intake stop that ends before it begins.
        lifecycle.WrongStage, listing.GroupChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    if until is not None and until < _day(at):
        raise DayAhead("Der Aufnahmestopp endet an einem Tag, der schon vorbei ist.")
    stored = Group.objects.select_for_update().get(pk=group.pk)
    until = until if to == Stage.INTAKE_STOP else None
    if to == Stage.DISSOLVED and stored.stage != to:
        farewell.dissolve(stored, farewell.Reason.UNKNOWN, on=_day(at), by=by, at=at, seen=seen)
        return Group.objects.get(pk=stored.pk)  # type: ignore[no-any-return]
    if stored.stage == to and stored.intake_stop_until == until and not stored.paused_by_venue:
        return stored  # type: ignore[no-any-return]
    return listing.move(stored, to, by=str(by.pk), at=at, until=until, seen=seen)


@transaction.atomic
def resume(group: Group, *, by: Staff, at: datetime, seen: datetime | None) -> Group:
    """End a pause: back to where the group stood before it."""
    stored = Group.objects.get(pk=group.pk)
    if stored.venue is not None and stored.venue.closed_since is not None and stored.paused_by_venue:
        raise listing.VenueIsClosed(
            f"Der Treffpunkt „{stored.venue.name}“ ist geschlossen. Wählen Sie zuerst einen anderen, oder öffnen Sie ihn wieder."
        )
    return move(stored, Stage(stored.stage_before_pause or Stage.OPEN), by=by, at=at, seen=seen)


@transaction.atomic
def publish(
    group: Group, basis: str, basis_on: date | None, *, by: Staff, at: datetime, seen: datetime | None
) -> Group:
    """Put a group into the directory on a ground that has its day.

    Raises:
        BasisUnclear, DayAhead, decisions.DecisionMissing, listing.NoBasis, listing.GroupChangedMeanwhile, rights.NotAllowed.
    """
    rights.check(by, Right.PUBLISH_GROUP, current())
    allowed = {str(each) for each in Group.Basis} - {str(Group.Basis.NONE)}
    if not group.is_example:
        allowed -= {str(Group.Basis.EXAMPLE)}
    if basis not in allowed:
        raise BasisUnclear
    if basis_on is None:
        raise listing.NoBasis
    if basis_on > _day(at):
        raise DayAhead
    stored = Group.objects.select_for_update().get(pk=group.pk)
    if stored.listed and stored.basis == basis and stored.basis_on == basis_on:
        return stored  # type: ignore[no-any-return]
    if not decisions.allows(stored):
        raise decisions.DecisionMissing
    return listing.list_group(
        stored, basis=Group.Basis(basis), basis_on=basis_on, by=str(by.pk), at=at, seen=seen
    )


@transaction.atomic
def take_out(group: Group, *, by: Staff, at: datetime, seen: datetime | None) -> Group:
    """Take a group out of the directory."""
    rights.check(by, Right.PUBLISH_GROUP, current())
    stored = Group.objects.select_for_update().get(pk=group.pk)
    if not stored.listed:
        return stored  # type: ignore[no-any-return]
    return listing.unlist_group(stored, by=str(by.pk), at=at, seen=seen)


@transaction.atomic
def confirm(group: Group, *, by: Staff, at: datetime) -> Group:
    """Note that the group has confirmed its facts today."""
    return change(group, {"confirmed_on": _day(at)}, by=by, at=at, seen=None)


@transaction.atomic
def undo(group: Group, *, by: Staff, at: datetime) -> Group:
    """Take the last change back.

    Raises:
        history.NothingToUndo, ProtectionStays, decisions.DecisionMissing, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    before = history.before_last(group)
    if before.get("protected") is False:
        _check_may_release(by)
    if before.get("listed") is True and not decisions.allows(group):
        raise decisions.DecisionMissing
    return listing.undo_last(group, by=str(by.pk), at=at)


def missing(group: Group, *, on: date) -> list[str]:
    """Return what a group lacks to be found and understood, a sentence each, the weightiest first."""
    lacks = [
        (group.basis == Group.Basis.NONE, "Die Einwilligung der Gruppe mit ihrem Datum fehlt. Ohne sie erscheint nichts."),
        (not group.topics, "Ein Thema fehlt. Ohne Thema findet man die Gruppe nur über die Worte der Beschreibung."),
        (not group.kreis_key and "online" not in group.forms, "Der Ort fehlt oder ist nicht eindeutig. Ohne ihn steht die Gruppe bei keiner Suche in der Nähe."),
        (not group.description.strip(), "Eine Beschreibung fehlt."),
        (not group.meeting_text.strip() and not group.protected, "Wann sich die Gruppe trifft, fehlt."),
        (bool(group.meeting_text.strip()) and not group.rhythm.get("understood"), "Die Treffen verstehen wir nicht als Rhythmus; sie erscheinen als Text, ohne Termine."),
        (not any(group.visibility.values()), "Nichts ist freigegeben: Man sieht nur Name, Themen und Ihre Nummer."),
        (is_stale(group, on), "Der Stand ist älter als ein Jahr oder unbekannt. Bitte fragen Sie nach und bestätigen Sie ihn."),
    ]  # fmt: skip
    return [sentence for holds, sentence in lacks if holds]


def is_stale(group: Group, on: date) -> bool:
    """Say whether what is known of a group is older than a year, or of no known day."""
    return group.confirmed_on is None or group.confirmed_on < on - CURRENT_FOR


def _draft(group: Group | None, values: Mapping[str, Any], on: date) -> tuple[Group, dict[str, Any]]:
    """Return the group as it would stand, and the values with what follows from them."""
    made = copy(group) if group else Group(contact_point_id=current())
    wanted = dict(values)
    unplaced = not made.kreis_key and not group
    if unplaced or any(name in wanted and wanted[name] != getattr(made, name) for name in _PLACE):
        placing = _placing({name: wanted.get(name, getattr(made, name)) for name in _PLACE})
        wanted |= {"lat": placing.lat, "lon": placing.lon, "kreis_key": placing.kreis_key}
    new = set(wanted.get("topics", ())) - set(made.topics)
    if any(topic in tree.TOPICS and tree.TOPICS[topic].protected for topic in new):
        wanted["protected"] = True
    _check_rows(made, wanted, on)
    if note := wanted.pop("note", None):
        # Sealed again it would differ each time: only another text is another note.
        if made.note != note:
            wanted["note"] = note
    elif "note" in values and made.note:
        wanted["note"] = None
    listing.put(made, {name: value for name, value in wanted.items() if name != "note"})
    return made, wanted


def _check_rows(group: Group, wanted: Mapping[str, Any], on: date) -> None:
    """Refuse a venue or site of another office, a new one that is closed, a day ahead."""
    wrong = {}
    venue = wanted.get("venue_id")
    if venue is not None and venue != group.venue_id:
        found = Venue.objects.filter(pk=venue).first()
        if found is None:
            wrong["venue_id"] = "Diesen Treffpunkt gibt es nicht."
        elif found.closed_since is not None:
            wrong["venue_id"] = f"Der Treffpunkt „{found.name}“ ist zurzeit geschlossen."
    site = wanted.get("site_id")
    if site is not None and not Site.objects.filter(pk=site, contact_point=current()).exists():
        wrong["site_id"] = "Diesen Standort gibt es nicht."
    stand = wanted.get("confirmed_on")
    if stand is not None and stand > on:
        wrong["confirmed_on"] = "Der Stand liegt in der Zukunft."
    if wrong:
        raise ValuesUnfit(wrong)


def _placing(values: Mapping[str, Any]) -> Placing:
    home = Area.objects.filter(contact_point=current()).exclude(kreis_key="")
    return PlaceReader(home.values_list("kreis_key", flat=True)).place(
        *(str(values.get(name, "")) for name in _PLACE)
    )


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _check_may_edit(by: Staff, values: Mapping[str, Any]) -> None:
    rights.check(by, Right.EDIT_GROUP, current())
    if "note" in values and not may_read_note(by):
        raise rights.NotAllowed


def _check_may_release(by: Staff) -> None:
    if not rights.may(by, Right.RELEASE_PROTECTED, current()):
        raise ProtectionStays
