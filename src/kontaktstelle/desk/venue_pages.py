"""Treffpunkte at the desk: the list, a venue with the groups that meet there, and its form."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, QueryDict

from kontaktstelle.groups import venues
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, Group, Venue
from kontaktstelle.organisation.tenancy import current

ANSWERS = [("yes", "ja"), ("no", "nein"), ("unknown", "unbekannt")]


@dataclass(frozen=True, slots=True)
class Row:
    """One venue of the list."""

    number: int
    name: str
    where: str
    access: str
    groups: int
    closed: bool


def rows() -> list[Row]:
    """Return the office's venues by name, with how many groups meet there."""
    meeting: dict[int, int] = dict(
        Group.objects.exclude(venue=None)
        .exclude(stage=Stage.DISSOLVED)
        .values_list("venue")
        .annotate(n=Count("pk"))
    )
    return [
        Row(
            each.pk,
            each.name,
            ", ".join(part for part in (each.street, f"{each.postcode} {each.town}".strip()) if part),
            {"yes": "stufenlos", "no": "nicht stufenlos"}.get(each.step_free, ""),
            meeting.get(each.pk, 0),
            each.closed_since is not None,
        )
        for each in Venue.objects.order_by("name", "town", "pk")
    ]


def venue_of(number: int) -> Venue:
    """Return a venue of the contact point being acted for.

    Raises:
        Http404: there is none.
    """
    row: Venue | None = Venue.objects.filter(pk=number).first() if number < 2**63 else None
    if row is None:
        raise Http404
    return row


def read(post: QueryDict) -> dict[str, str]:
    """Return what was typed."""
    return {name: " ".join(post.get(name, "").split()) for name in venues.FIELDS}


def texts(venue: Venue | None) -> dict[str, str]:
    """Return what the form shows of a venue, or of a new one."""
    if venue is None:
        return dict.fromkeys(venues.FIELDS, "") | {"step_free": Answer.UNKNOWN.value}
    return {name: str(getattr(venue, name)) for name in venues.FIELDS}


def context(venue: Venue) -> dict[str, Any]:
    """Return what a venue's page shows beside its form."""
    groups = Group.objects.filter(venue=venue).order_by("name", "pk")
    meeting = [group for group in groups if group.stage != Stage.DISSOLVED]
    return {
        "venue": venue,
        "seen": venue.changed_at.isoformat(),
        "groups": [(group.pk, group.name, group.meeting_text, str(Stage(group.stage).label)) for group in meeting],
        "was_here": len(groups) - len(meeting),
        "will_pause": sum(group.stage != Stage.PAUSED for group in meeting),
        "will_go_on": sum(group.paused_by_venue for group in meeting),
        "may_delete": not groups,
    }  # fmt: skip


def like(venue: Venue | None, said: dict[str, str]) -> list[Venue]:
    """Return other venues of the same name or address: before one is made twice it is shown."""
    here = Venue.objects.filter(contact_point=current()).exclude(pk=venue.pk if venue else None)
    alike = Q(name__iexact=said["name"])
    if said["street"]:
        alike |= Q(street__iexact=said["street"], town__iexact=said["town"])
    return list(here.filter(alike).order_by("name")[:3]) if said["name"] else []
