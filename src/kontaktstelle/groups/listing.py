"""Eintrag ins Verzeichnis: list and unlist a group, change it, move it through its stages; venues close and open.

Every step is one transaction, writes the trail and tells the directory (`signals.listing_changed`).
"""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import rhythm
from .lifecycle import Stage, check_step
from .models import Group, Venue
from .signals import listing_changed
from .visibility import is_open

SLUG_LENGTH = 80
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
# What has a step of its own, or never changes: a form's field of that name must not get past the step.
NOT_BY_CHANGE = frozenset({
    "id", "pk", "contact_point", "contact_point_id", "slug", "listed", "basis", "basis_on", "basis_by", "stage", "stage_before_pause",
    "paused_by_venue", "intake_stop_until", "dissolved_on",
})  # fmt: skip


class NoBasis(StepRefused):
    """Nobody said on what ground the entry may be public."""

    sentence = (
        "Ohne Grundlage der Veröffentlichung (Einwilligung und ihr Datum) kann die Gruppe nicht erscheinen."
    )


class VenueIsClosed(StepRefused):
    """The venue is closed, or is open already."""

    sentence = "Dieser Treffpunkt ist schon geschlossen."


class VenueIsOpen(StepRefused):
    """The venue is not closed."""

    sentence = "Dieser Treffpunkt ist nicht geschlossen."


@transaction.atomic
def list_group(group: Group, *, basis: Group.Basis, basis_on: date, by: str, at: datetime) -> Group:
    """Put a group into the directory.

    Raises:
        NoBasis: the basis of publication is missing.
    """
    if basis == Group.Basis.NONE:
        raise NoBasis
    group.listed, group.basis, group.basis_on, group.basis_by = True, basis, basis_on, by
    _hide_town_in_address(group, was_told=False)
    return _saved(group, "group.listed", by=by, at=at, fields=["listed", "basis"])


@transaction.atomic
def unlist_group(group: Group, *, by: str, at: datetime) -> Group:
    """Take a group out of the directory: known to the office, not public."""
    group.listed = False
    return _saved(group, "group.unlisted", by=by, at=at, fields=["listed"])


@transaction.atomic
def change(group: Group, values: dict[str, Any], *, by: str, at: datetime) -> Group:
    """Change fields of a group; `meeting_text` is read anew.

    Raises:
        TypeError: a field with a step of its own (`NOT_BY_CHANGE`) or none of the group's.
    """
    known = {field.name for field in Group._meta.get_fields()} | {"note", "venue_id", "site_id"}  # noqa: SLF001 - Django's public meta interface
    if wrong := sorted(name for name in values if name in NOT_BY_CHANGE or name not in known):
        raise TypeError(f"change() does not know {', '.join(wrong)}")
    told_its_town = tells_its_town(group)
    for name, value in values.items():
        setattr(group, name, value)
    _hide_town_in_address(group, was_told=told_its_town)
    if "meeting_text" in values:
        group.rhythm = rhythm.read(group.meeting_text).as_json() if group.meeting_text else {}
    return _saved(group, "group.changed", by=by, at=at, fields=list(values))


@transaction.atomic
def move(group: Group, to: Stage, *, by: str, at: datetime, until: date | None = None) -> Group:
    """Move a group to another stage.

    Args:
        group: the group.
        to: the stage; `lifecycle.STEPS` knows the moves.
        by: who.
        at: when.
        until: end of an intake stop.

    Raises:
        lifecycle.WrongStage: no such move.
    """
    check_step(Stage(group.stage), to)
    group.stage_before_pause = group.stage if to == Stage.PAUSED else ""
    group.stage, group.paused_by_venue = to, False
    group.intake_stop_until = until if to == Stage.INTAKE_STOP else None
    group.dissolved_on = at.date() if to == Stage.DISSOLVED else None
    return _saved(group, f"group.{to}", by=by, at=at, fields=["stage"])


@transaction.atomic
def close_venue(venue: Venue, *, note: str, by: str, at: datetime) -> list[Group]:
    """Close a venue: its active groups pause and remember where they stood.

    Returns:
        The groups that paused.

    Raises:
        VenueIsClosed: it is closed already.
    """
    if _as_stored(venue).closed_since is not None:
        raise VenueIsClosed
    venue.closed_since, venue.closed_note = at.date(), note
    venue.save()
    paused = list(Group.objects.filter(venue=venue).exclude(stage__in=[Stage.PAUSED, Stage.DISSOLVED]))
    for group in paused:
        group.stage_before_pause, group.stage, group.paused_by_venue = group.stage, Stage.PAUSED, True
        group.save()
    trail.record(
        by,
        "venue.closed",
        object_type="groups.venue",
        object_id=venue.pk,
        at=at,
        contact_point=venue.contact_point_id,
    )
    listing_changed.send(sender=Group, groups=paused)
    return paused


@transaction.atomic
def open_venue(venue: Venue, *, by: str, at: datetime) -> list[Group]:
    """Open a venue again: the groups its closing paused go back to where they stood; others stay as they are.

    Raises:
        VenueIsOpen: it is not closed.
    """
    if _as_stored(venue).closed_since is None:
        raise VenueIsOpen
    venue.closed_since, venue.closed_note = None, ""
    venue.save()
    back = list(Group.objects.filter(venue=venue, paused_by_venue=True))
    for group in back:
        group.stage, group.stage_before_pause, group.paused_by_venue = (
            group.stage_before_pause or Stage.OPEN,
            "",
            False,
        )
        group.save()
    trail.record(
        by,
        "venue.opened",
        object_type="groups.venue",
        object_id=venue.pk,
        at=at,
        contact_point=venue.contact_point_id,
    )
    listing_changed.send(sender=Group, groups=back)
    return back


def tells_its_town(group: Group) -> bool:
    """Say whether the own site may name a group's town: only then may its address."""
    return is_open("town", "site", group.visibility, protected=group.protected)


def _hide_town_in_address(group: Group, *, was_told: bool) -> None:
    """Give a group whose town nobody may learn, or no longer, an address that does not name it."""
    names_it = bool(group.town) and slugify(group.town.translate(_GERMAN)) in group.slug
    if tells_its_town(group) or not (was_told or names_it):
        return
    group.slug = free_slug(
        group.name, "", set(Group.objects.everywhere().exclude(pk=group.pk).values_list("slug", flat=True))
    )


def _as_stored(venue: Venue) -> Venue:
    """Return the row as it stands now, kept from others till the step is done: two may have the page open at once."""
    row: Venue = Venue.objects.select_for_update().get(pk=venue.pk)
    return row


def free_slug(name: str, town: str, taken: set[str]) -> str:
    """Return a readable address for a group that nobody has yet, and take it.

    Args:
        name: the group's name.
        town: its town, or "" where nobody may learn it from the address.
        taken: all addresses there are; the new one is added.
    """
    base = (
        slugify(f"{name} {'' if town.lower() in name.lower() else town}".translate(_GERMAN))[
            :SLUG_LENGTH
        ].strip("-")
        or "gruppe"
    )
    slug, number = base, 2
    while slug in taken:
        slug, number = f"{base}-{number}", number + 1
    taken.add(slug)
    return slug


def _saved(group: Group, action: str, *, by: str, at: datetime, fields: list[str]) -> Group:
    try:
        group.save()
    except IntegrityError as error:
        if "listed_group_has_a_basis" in str(error):
            raise NoBasis from error
        raise
    trail.record(
        by,
        action,
        object_type="groups.group",
        object_id=group.pk,
        at=at,
        contact_point=group.contact_point_id,
        fields=fields,
    )
    listing_changed.send(sender=Group, groups=[group])
    return group
