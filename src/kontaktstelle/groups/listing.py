"""Eintrag ins Verzeichnis: list and unlist a group, change it, move it through its stages; venues close and open.

Every step is one transaction, takes the group as it stands now, writes trail and history and tells the directory
(`signals.listing_changed`). A page says which state it showed (`seen`); if that is not the state any more the step
is refused and whoever typed can compare.
"""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import history, rhythm
from .lifecycle import Stage, check_step
from .models import Group, Venue
from .plain import fields_of
from .signals import listing_changed
from .visibility import is_open

SLUG_LENGTH = 80
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
# What has a step of its own, or never changes: a form's field of that name must not get past the step.
NOT_BY_CHANGE = frozenset({
    "id", "pk", "contact_point", "contact_point_id", "slug", "listed", "basis", "basis_on", "basis_by", "stage", "stage_before_pause",
    "paused_until", "paused_by_venue", "intake_stop_until", "dissolved_on",
})  # fmt: skip
_AT_REST = frozenset({Stage.PAUSED, Stage.DISSOLVED})


class NoBasis(StepRefused):
    """Nobody said on what ground the entry may be public."""

    sentence = (
        "Ohne Grundlage der Veröffentlichung (Einwilligung und ihr Datum) kann die Gruppe nicht erscheinen."
    )


class GroupChangedMeanwhile(StepRefused):
    """Somebody else changed the group since the page was opened."""

    sentence = "Das hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."


class VenueIsClosed(StepRefused):
    """The venue is closed, or is open already."""

    sentence = "Dieser Treffpunkt ist schon geschlossen."


class VenueIsOpen(StepRefused):
    """The venue is not closed."""

    sentence = "Dieser Treffpunkt ist nicht geschlossen."


@transaction.atomic
def create(contact_point: int, values: dict[str, Any], *, by: str, at: datetime, number: UUID) -> Group:
    """Make a group known to the office, not listed.

    Args:
        contact_point: the office.
        values: fields as `change` takes them, `name` among them.
        by: who.
        at: when.
        number: the new group's key; said twice it is the same group, so a double click makes one.

    Raises:
        TypeError: as `change`.
    """
    known = Group.objects.everywhere().filter(pk=number, contact_point=contact_point).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    _check_names(values)
    group = Group(id=number, contact_point_id=contact_point)
    put(group, values)
    taken = set(Group.objects.everywhere().values_list("slug", flat=True))
    group.slug = free_slug(group.name, group.town if tells_its_town(group) else "", taken)
    return _saved(group, "group.created", by=by, at=at, fields=sorted(values), before=None)


@transaction.atomic
def list_group(
    group: Group, *, basis: Group.Basis, basis_on: date, by: str, at: datetime, seen: datetime | None = None
) -> Group:
    """Put a group into the directory.

    Raises:
        NoBasis: the basis of publication is missing.
        GroupChangedMeanwhile: the page is stale.
    """
    if basis == Group.Basis.NONE:
        raise NoBasis
    before = _as_it_stands(group, seen)
    group.listed, group.basis, group.basis_on, group.basis_by = True, basis, basis_on, by
    _hide_town_in_address(group, was_told=False)
    return _saved(group, "group.listed", by=by, at=at, fields=["listed", "basis"], before=before)


@transaction.atomic
def unlist_group(group: Group, *, by: str, at: datetime, seen: datetime | None = None) -> Group:
    """Take a group out of the directory: known to the office, not public."""
    before = _as_it_stands(group, seen)
    group.listed = False
    return _saved(group, "group.unlisted", by=by, at=at, fields=["listed"], before=before)


@transaction.atomic
def change(
    group: Group, values: dict[str, Any], *, by: str, at: datetime, seen: datetime | None = None
) -> Group:
    """Change fields of a group; `meeting_text` is read anew. Moved from a closed venue to another one it goes on.

    Raises:
        TypeError: a field with a step of its own (`NOT_BY_CHANGE`) or none of the group's.
        GroupChangedMeanwhile: the page is stale.
    """
    _check_names(values)
    before = _as_it_stands(group, seen)
    told_its_town, venue = tells_its_town(group), group.venue_id
    put(group, values)
    _hide_town_in_address(group, was_told=told_its_town)
    if group.paused_by_venue and group.venue_id != venue:
        group.stage, group.stage_before_pause, group.paused_by_venue = (
            group.stage_before_pause or Stage.OPEN,
            "",
            False,
        )
        group.paused_until = None
    return _saved(group, "group.changed", by=by, at=at, fields=list(values), before=before)


def put(group: Group, values: dict[str, Any]) -> None:
    """Set fields of a group without saving it; what follows from them is set too."""
    for name, value in values.items():
        setattr(group, name, value)
    if "meeting_text" in values:
        group.rhythm = rhythm.read(group.meeting_text).as_json() if group.meeting_text else {}


@transaction.atomic
def move(
    group: Group,
    to: Stage,
    *,
    by: str,
    at: datetime,
    until: date | None = None,
    seen: datetime | None = None,
) -> Group:
    """Move a group to another stage.

    Args:
        group: the group.
        to: the stage; `lifecycle.STEPS` knows the moves.
        by: who.
        at: when.
        until: end of an intake stop, or of a pause.
        seen: the group's `changed_at` as the page showed it.

    Raises:
        lifecycle.WrongStage: no such move.
        GroupChangedMeanwhile: the page is stale.
    """
    before = _as_it_stands(group, seen)
    longer = (to == Stage.INTAKE_STOP and until != group.intake_stop_until) or (
        to == Stage.PAUSED and until != group.paused_until and not group.paused_by_venue
    )
    if not (to == group.stage and longer):
        check_step(Stage(group.stage), to)  # only the same stop or pause may get another end
    if group.stage != Stage.PAUSED or to != Stage.PAUSED:
        group.stage_before_pause = group.stage if to == Stage.PAUSED else ""
    group.stage, group.paused_by_venue = to, False
    group.paused_until = until if to == Stage.PAUSED else None
    group.intake_stop_until = until if to == Stage.INTAKE_STOP else None
    group.dissolved_on = at.date() if to == Stage.DISSOLVED else None
    return _saved(group, f"group.{to}", by=by, at=at, fields=["stage"], before=before)


@transaction.atomic
def revive(group: Group, values: dict[str, Any], *, by: str, at: datetime) -> Group:
    """Put a dissolved group back to the stage it had (`entry.farewell`); at a venue closed meanwhile it pauses.

    Args:
        group: dissolved.
        values: stage, stage before a pause, whether its venue paused it, end of an intake stop.
        by: who.
        at: when.
    """
    _as_it_stands(group, None)
    for name, value in (values | {"dissolved_on": None}).items():
        setattr(group, name, value)
    closed = group.venue is not None and group.venue.closed_since is not None
    if closed and group.stage != Stage.PAUSED:
        group.stage_before_pause, group.stage, group.paused_by_venue = group.stage, Stage.PAUSED, True
        group.intake_stop_until = None
    return _saved(group, "group.revived", by=by, at=at, fields=["stage"], before=None)


@transaction.atomic
def undo_last(group: Group, *, by: str, at: datetime) -> Group:
    """Put back what the last change of a group changed, to the letter.

    Raises:
        history.NothingToUndo: there is none, or something was done since.
    """
    _as_it_stands(group, None)
    restored = history.before_last(group)
    for name, value in restored.items():
        setattr(group, name, value)
    if group.venue is not None and group.venue.closed_since is not None and group.stage not in _AT_REST:
        raise history.NothingToUndo("Der Treffpunkt von vorher ist inzwischen geschlossen.")
    history.forget(group)
    return _saved(group, "group.undone", by=by, at=at, fields=sorted(restored), before=None)


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
        history.record(group, "venue.closed", by=by, at=at, fields=["stage"])
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
        history.record(group, "venue.opened", by=by, at=at, fields=["stage"])
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


def _check_names(values: dict[str, Any]) -> None:
    known = {field.name for field in Group._meta.get_fields()} | {"note", "venue_id", "site_id"}  # noqa: SLF001 - Django's public meta interface
    if wrong := sorted(name for name in values if name in NOT_BY_CHANGE or name not in known):
        raise TypeError(f"change() does not know {', '.join(wrong)}")


def _as_it_stands(group: Group, seen: datetime | None) -> dict[str, Any]:
    """Bring a group up to date, keep it from others till the step is done, and return its columns."""
    stored = Group.objects.everywhere().select_for_update().filter(pk=group.pk).first()
    if stored is None or (seen is not None and stored.changed_at != seen):
        raise GroupChangedMeanwhile
    for name in fields_of(Group):
        setattr(group, name, getattr(stored, name))
    return history.columns(group)


def _saved(
    group: Group, action: str, *, by: str, at: datetime, fields: list[str], before: dict[str, Any] | None
) -> Group:
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
    history.record(group, action, by=by, at=at, before=before, fields=fields if before is None else ())
    listing_changed.send(sender=Group, groups=[group])
    return group
