"""What every step does with its row: take it as it stands now, refuse a stale page, write the trail."""

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from datetime import date, datetime, timedelta
from typing import TypeVar

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.keeping import ChangedMeanwhile, here, once, once_many
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel
from kontaktstelle.privacy import trail

from .access import Outside, check_can_found
from .lifecycle import FOUNDING_STEPS, FoundingStatus, WrongStatus, check_step
from .models import Founding, FoundingMeeting, Interest, MeetingInvitation, Outreach, StartHelper

__all__ = [
    "ChangedMeanwhile",
    "ahead",
    "here",
    "kept",
    "locked",
    "moved",
    "once",
    "once_many",
    "to_move",
    "traced",
]
Row = TypeVar("Row", Founding, FoundingMeeting, Interest, MeetingInvitation, Outreach, StartHelper)


def locked(row: Row, *, seen: int | None = None) -> Row:
    """Return the row as it stands now, kept from others till the step is done.

    Raises:
        ChangedMeanwhile: the page showed another version.
    """
    stored: Row = type(row).objects.select_for_update().get(pk=row.pk)
    if seen is not None and stored.version != seen:
        raise ChangedMeanwhile
    return stored


def kept(row: Row) -> Row:
    """Save a changed row as its next version."""
    row.version += 1
    row.save()
    return row


def traced(
    by: Staff | Outside | None, action: str, row: TenantModel, *, at: datetime, fields: Iterable[str] = ()
) -> None:
    """Write the step into the trail; without `by` it was the nightly work."""
    actor = by.value if isinstance(by, Outside) else str(by.pk) if by else "nightly"
    trail.record(
        actor,
        action,
        object_type=row._meta.label_lower,  # noqa: SLF001 - Django's public meta interface
        object_id=row.pk,
        at=at,
        contact_point=row.contact_point_id,
        fields=fields,
    )


def ahead(at: datetime, count: int) -> date:
    """Return the office day in so many days: the day by which something is next."""
    return days.office_day(here(), days.local_day(at) + timedelta(days=count))


def to_move(
    founding: Founding,
    to: FoundingStatus,
    *,
    out_of: AbstractSet[FoundingStatus],
    by: Staff,
    seen: int | None = None,
) -> Founding:
    """Return the founding locked, if who asks may and it stands where this step begins.

    Args:
        founding: which.
        to: where it goes.
        out_of: where this step begins; another step may go there from elsewhere.
        by: who.
        seen: the version the page showed.

    Raises:
        rights.NotAllowed, ChangedMeanwhile, lifecycle.WrongStatus: as their sentences say.
    """
    check_can_found(by)
    stored = locked(founding, seen=seen)
    now = FoundingStatus(stored.status)
    check_step(FOUNDING_STEPS, now, to)
    if now not in out_of:
        raise WrongStatus(f"Dieser Schritt beginnt nicht bei „{now.label}“.")
    return stored


def moved(
    founding: Founding,
    to: FoundingStatus,
    *,
    next_on: date | None,
    by: Staff,
    at: datetime,
    fields: Iterable[str] = (),
) -> Founding:
    """Put a locked founding into a status, with the day by which it goes on."""
    founding.status = to
    founding.next_on = next_on
    traced(by, f"founding.{to}", founding, at=at, fields=["status", *fields])
    return kept(founding)
