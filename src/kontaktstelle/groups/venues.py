"""Treffpunkte kept by staff: make, change, delete while nobody meets there; closing and opening stand in `listing`."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from kontaktstelle import places
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import listing
from .checking import ValuesUnfit, is_postcode, too_long
from .models import Answer, Group, Venue
from .signals import listing_changed

FIELDS = ("name", "street", "postcode", "town", "step_free", "access_note")
_SAME = ("name", "street", "postcode", "town")


class VenueChangedMeanwhile(StepRefused):
    """Somebody else changed or deleted the venue since the page was opened."""

    sentence = "Diesen Treffpunkt hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."


class VenueInUse(StepRefused):
    """Groups meet there."""

    sentence = (
        "Hier treffen sich Gruppen. Ein Treffpunkt wird erst gelöscht, wenn keine Gruppe mehr auf ihn zeigt."
    )


class VenueThere(StepRefused):
    """Another venue has this name and address."""

    sentence = "Diesen Treffpunkt gibt es schon, mit demselben Namen und derselben Anschrift."


@transaction.atomic
def create(values: Mapping[str, str], *, by: Staff, at: datetime) -> Venue:
    """Make a venue; one of the same name and address is there once, so a double click makes one.

    Raises:
        ValuesUnfit: with a sentence per field.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    _check(values)
    # Two clicks at once wait for each other.
    ContactPoint.objects.select_for_update().get(pk=current())
    known = Venue.objects.filter(**{name: values[name] for name in _SAME}).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    venue = Venue(contact_point_id=current(), **{name: values[name] for name in FIELDS})
    _place(venue)
    venue.save()
    _traced("venue.created", venue, FIELDS, by=by, at=at)
    return venue


@transaction.atomic
def change(
    venue: Venue, values: Mapping[str, str], *, by: Staff, at: datetime, seen: datetime | None
) -> Venue:
    """Change a venue; its groups' entries change with it.

    Args:
        venue: as the page knows it.
        values: fields of `FIELDS`.
        by: who.
        at: when.
        seen: its `changed_at` as the page showed it.

    Raises:
        ValuesUnfit, VenueThere, VenueChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    stored = _as_it_stands(venue)
    differing = [name for name in FIELDS if getattr(stored, name) != values[name]]
    if not differing:
        return stored
    if seen is not None and stored.changed_at != seen:
        raise VenueChangedMeanwhile
    _check(values)
    if Venue.objects.exclude(pk=stored.pk).filter(**{name: values[name] for name in _SAME}).exists():
        raise VenueThere
    for name in differing:
        setattr(stored, name, values[name])
    if {"postcode", "town"} & set(differing):
        _place(stored)
    stored.save()
    _traced("venue.changed", stored, differing, by=by, at=at)
    listing_changed.send(sender=Group, groups=list(_groups(stored).select_related("contact_point", "venue")))
    return stored


@transaction.atomic
def close(venue: Venue, note: str, *, by: Staff, at: datetime) -> list[Group]:
    """Close a venue; its groups pause."""
    rights.check(by, Right.EDIT_GROUP, current())
    _raise_if(too_long(Venue, {"closed_note": note}))
    return listing.close_venue(_as_it_stands(venue), note=note, by=str(by.pk), at=at)


@transaction.atomic
def reopen(venue: Venue, *, by: Staff, at: datetime) -> list[Group]:
    """Open a venue again; the groups its closing paused go on."""
    rights.check(by, Right.EDIT_GROUP, current())
    return listing.open_venue(_as_it_stands(venue), by=str(by.pk), at=at)


@transaction.atomic
def delete(venue: Venue, *, by: Staff, at: datetime) -> None:
    """Delete a venue nobody meets at.

    Raises:
        VenueInUse: groups meet there, dissolved ones too.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    stored = _as_it_stands(venue)
    if _groups(stored).exists():
        raise VenueInUse
    _traced("venue.deleted", stored, (), by=by, at=at)
    stored.delete()


def _as_it_stands(venue: Venue) -> Venue:
    row: Venue | None = Venue.objects.select_for_update().filter(pk=venue.pk).first()
    if row is None:
        raise VenueChangedMeanwhile("Diesen Treffpunkt hat inzwischen jemand gelöscht.")
    return row


def _groups(venue: Venue) -> Any:
    return Group.objects.filter(venue=venue)


def _check(values: Mapping[str, str]) -> None:
    wrong = too_long(Venue, values)
    if not values["name"].strip():
        wrong["name"] = "Der Treffpunkt braucht einen Namen."
    if not is_postcode(values["postcode"]):
        wrong["postcode"] = "Eine Postleitzahl hat fünf Ziffern."
    if values["step_free"] not in set(Answer):
        wrong["step_free"] = "Bitte wählen Sie ja, nein oder unbekannt."
    _raise_if(wrong)


def _raise_if(wrong: Mapping[str, str]) -> None:
    if wrong:
        raise ValuesUnfit(wrong)


def _place(venue: Venue) -> None:
    """Put a venue on the map where its postcode is; a venue without one is where its group is."""
    venue.lat = venue.lon = None
    if not venue.postcode:
        return
    found = places.find(f"{venue.postcode} {venue.town}")
    if found.kind == "found" and found.place:
        venue.lat, venue.lon = found.place.lat, found.place.lon


def _traced(action: str, venue: Venue, fields: Any, *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="groups.venue", object_id=venue.pk, at=at,
        contact_point=venue.contact_point_id, fields=fields,
    )  # fmt: skip
