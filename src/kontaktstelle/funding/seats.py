"""Who sits where money is awarded: so that nobody helps with an application and votes on it unseen."""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .models import AwardingSeat, Programme

LONGEST_NAME = 200


class NobodySits(StepRefused):
    """A seat without anybody, or with two."""

    sentence = "Bitte nennen Sie genau eine Person: jemanden aus der Stelle oder eine Vertretung der Gruppen."


class EndsBefore(StepRefused):
    """A seat that ends before it begins."""

    sentence = "Das Ende liegt vor dem Beginn."


@transaction.atomic
def seat(
    programme: Programme,
    capacity: AwardingSeat.Capacity,
    *,
    since: date,
    by: Staff,
    at: datetime,
    staff: Staff | None = None,
    person: str = "",
) -> AwardingSeat:
    """Note that somebody sits in the round that awards a programme's money.

    Args:
        programme: whose money.
        capacity: with a vote, or advising.
        since: from when on.
        by: who notes it.
        at: when.
        staff: somebody of this office.
        person: or the name of a representative of the groups, in clear; sealed here.

    Raises:
        NobodySits: not exactly one of both.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.FUNDING, current())
    name = " ".join(person.split())[:LONGEST_NAME]
    if bool(staff) == bool(name) or (staff is not None and staff.contact_point_id != current()):
        raise NobodySits
    made = AwardingSeat(
        contact_point_id=current(), programme=programme, staff=staff, capacity=capacity, since=since
    )
    if name:
        made.person = name
    made.save(force_insert=True)
    _trace(made, "seat.taken", by=by, at=at)
    return made


@transaction.atomic
def leave(number: UUID, *, until: date, by: Staff, at: datetime) -> AwardingSeat:
    """Note that somebody no longer sits there.

    Raises:
        EndsBefore: before they began.
        AwardingSeat.DoesNotExist: unknown, or another contact point's.
    """
    rights.check(by, Right.FUNDING, current())
    stored: AwardingSeat = AwardingSeat.objects.select_for_update().get(pk=number)
    if until < stored.since:
        raise EndsBefore
    stored.until = until
    stored.save(update_fields=["until"])
    _trace(stored, "seat.left", by=by, at=at)
    return stored


def sits_there(programme: Programme, staff: Staff, *, on: date) -> bool:
    """Say whether somebody sits in the awarding round on a day: shown beside an application they would help with."""
    seats = AwardingSeat.objects.filter(programme=programme, staff=staff, since__lte=on)
    return bool(seats.filter(Q(until__isnull=True) | Q(until__gte=on)).exists())


def _trace(made: AwardingSeat, action: str, *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="funding.awardingseat", object_id=made.pk, at=at, contact_point=current()
    )  # fmt: skip
