"""The rights of a person as the page shows them: what may be done now, and what was done."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from kontaktstelle.enquiries import access, erasing_now, restricting
from kontaktstelle.enquiries.models import Enquiry
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import restriction

from . import people


@dataclass(frozen=True, slots=True)
class Resting:
    """A restriction as the page shows it; `waiting` is the step that lets it stand until its day, if that still waits."""

    laid_on: date
    holds_until: date
    until: date
    stands: bool
    reason: str
    waiting: people.WaitingStep | None


def context(enquiry: Enquiry, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return what the page of the rights shows. It opens nothing but why an enquiry rests, for who may read its notes."""
    may_read = access.may_read_notes(by, enquiry)
    return {
        "enquiry": enquiry,
        "may_read": may_read,
        "is_for_another": access.is_for_another(by, enquiry),
        "has_code": erasing_now.has_code(enquiry),
        "resting": _resting(enquiry, by, at, may_read=may_read),
        "proof": erasing_now.proof(enquiry) if enquiry.de_identified else None,
        "alone_days": restriction.ALONE_DAYS,
    }


def _resting(enquiry: Enquiry, by: Staff, at: datetime, *, may_read: bool) -> Resting | None:
    row = restricting.of(enquiry, at=at)
    if row is None:
        return None
    step = restricting.waiting(row, at=at)
    return Resting(
        laid_on=row.laid_on,
        holds_until=row.holds_until,
        until=row.until,
        stands=row.holds_until == row.until,
        # Nobody confirms what they may not read.
        reason=(row.reason or "") if may_read or row.laid_by == by.pk or step is not None else "",
        waiting=people.waiting_step(step, by=by, at=at) if step else None,
    )
