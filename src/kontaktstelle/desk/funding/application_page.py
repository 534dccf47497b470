"""What an application's page shows: where it stands, its sums, and the steps that lead on from here."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import Http404

from kontaktstelle.funding import applications, seats
from kontaktstelle.funding.lifecycle import APPLICATION_STEPS, ApplicationStatus
from kontaktstelle.funding.models import Application, FundingRound
from kontaktstelle.organisation.models import Staff

_LINE = [
    (ApplicationStatus.WANTS, "will"),
    (ApplicationStatus.SUBMITTED, "gestellt"),
    (ApplicationStatus.GRANTED, "bewilligt"),
    (ApplicationStatus.PROOF_SUBMITTED, "Nachweis"),
    (ApplicationStatus.SETTLED, "abgeschlossen"),
]


def application_of(number: UUID) -> Application:
    """Return an application of the contact point being acted for.

    Raises:
        Http404: there is none.
    """
    row: Application | None = (
        Application.objects.filter(pk=number).select_related("group", "round__programme").first()
    )
    if row is None:
        raise Http404
    return row


def settle(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Close an application: the proof was checked and nothing is to be paid back, or it was paid back."""
    if application_of(number).status == ApplicationStatus.REPAYMENT:
        return applications.repaid(number, by=by, at=at)
    return applications.proof_checked(number, by=by, at=at)


def context(row: Application, *, by: Staff, on: date) -> dict[str, Any]:
    """Return what the page shows."""
    status = ApplicationStatus(row.status)
    return {
        "application": row,
        "group": row.group,
        "round": row.round,
        "programme": row.round.programme,
        "status": str(status.label),
        "now": status.value,
        "next": {each.value for each in APPLICATION_STEPS[status]},
        "sits_there": seats.sits_there(row.round.programme, by, on=on),
        "is_past": row.round.due_on is not None and row.round.due_on < on,
        "proof_is_late": row.proof_due_on is not None and row.proof_due_on < on and status in {ApplicationStatus.GRANTED, ApplicationStatus.PROOF_DUE},
        "repay_is_late": row.repay_by is not None and row.repay_by < on and status == ApplicationStatus.REPAYMENT,
        "form": str(FundingRound.Delivery(row.round.delivery).label),
        "today": on,
    }  # fmt: skip
