"""One date and place for whoever helps a group without belonging to it: by a signed link, without an account, until the day.

Helpers must not share the topic, and see nothing of it: the page names no person and no illness but what stands in the
group's public name; of a protected group, or one not in the directory, less still.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from kontaktstelle.enquiries import days, links
from kontaktstelle.enquiries.links import Linked
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from .access import check_supports
from .log import traced
from .models import HelperDate

PURPOSE = "helper-date"
FURTHEST = timedelta(days=183)
LONGEST_PLACE = 200


class DateUnfit(StepRefused):
    """A date that is over, or so far away that the link would lie about for too long."""

    sentence = "Bitte nennen Sie einen Tag ab heute, höchstens ein halbes Jahr voraus."


class PlaceMissing(StepRefused):
    """A date without a place."""

    sentence = "Bitte sagen Sie, wo das Treffen ist."


@dataclass(frozen=True, slots=True)
class Shown:
    """What the link shows: `group` "" where the name is not public; of a protected group nothing but that one calls."""

    calls: bool
    on: date | None = None
    begins: time | None = None
    place: str = ""
    group: str = ""


@transaction.atomic
def tell(
    group: Group, on: date | None, place: str, *, by: Staff, at: datetime, begins: time | None = None
) -> HelperDate:
    """Make a date to be told to helpers by link.

    Raises:
        DateUnfit, PlaceMissing: as their sentences say.
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    today, place = days.local_day(at), " ".join(place.split())[:LONGEST_PLACE]
    if on is None or not today <= on <= today + FURTHEST:
        raise DateUnfit
    if not place:
        raise PlaceMissing
    same: HelperDate | None = HelperDate.objects.filter(group=group, on=on, begins=begins).first()
    made = same or HelperDate(contact_point_id=current(), group=group, on=on, begins=begins)
    made.place = place
    made.save()
    traced(str(by.pk), "helper-date.told", made, at=at)
    return made


@transaction.atomic
def withdraw(made: HelperDate, *, by: Staff, at: datetime) -> None:
    """Take a date back: its link leads nowhere from now on.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    traced(str(by.pk), "helper-date.withdrawn", made, at=at)
    HelperDate.objects.filter(pk=made.pk).delete()


def of_group(group: Group, on: date) -> list[HelperDate]:
    """Return the dates of a group that are not over, the next one first."""
    return list(HelperDate.objects.filter(group=group, on__gte=on).order_by("on", "begins", "pk"))


def token(made: HelperDate) -> str:
    """Return the secret part of a date's link; it ends with the day."""
    return links.made(PURPOSE, made.pk, contact_point=made.contact_point_id, until=made.on)


def read(token: str, *, at: datetime) -> Linked | None:
    """Return what a link leads to; None if it is forged, over, or made for something else."""
    return links.read(token, PURPOSE, at=at)


def shown(number: UUID) -> Shown | None:
    """Return what a link's page may show; None if the date was taken back or the group is no more."""
    row: HelperDate | None = HelperDate.objects.select_related("group").filter(pk=number).first()
    if row is None or row.group.stage == Stage.DISSOLVED:
        return None
    if row.group.protected:
        return Shown(calls=True)
    return Shown(
        calls=False,
        on=row.on,
        begins=row.begins,
        place=row.place or "",
        group=row.group.name if row.group.listed else "",
    )
