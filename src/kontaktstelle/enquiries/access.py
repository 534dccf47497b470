"""The door: who may take which step, and the only way to fetch a confidential row.

Absent and forbidden look alike. Until rights are joined here, whoever is active at the contact point being acted for
may do everything of the desk; each question already stands by itself, so that only the bodies change.
"""

from collections.abc import Callable
from enum import StrEnum
from typing import TypeVar
from uuid import UUID

from django.http import Http404

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import TenantModel, current
from kontaktstelle.refusal import StepRefused

from .models import CallBack, Contact, Enquiry, Referral

Confidential = TypeVar("Confidential", bound=TenantModel)


class Outside(StrEnum):
    """Who acts without an account, as the trail knows them: a seeker by their code, a group by its link."""

    SEEKER = "seeker"
    GROUP = "group"


class NotAllowed(StepRefused):
    """The person works elsewhere, has left, or lacks the right."""

    sentence = "Dazu fehlt Ihnen hier das Recht."


def check_can_log(by: Staff) -> None:
    """Refuse whoever may not log contacts and promise call-backs here."""
    _check_works_here(by)


def check_can_see(by: Staff) -> None:
    """Refuse whoever may not see which enquiries are open and due."""
    _check_works_here(by)


def check_can_refer(by: Staff) -> None:
    """Refuse whoever may not clear, refer and answer."""
    _check_works_here(by)


def check_can_hand_over(by: Staff) -> None:
    """Refuse whoever may not hand over and stand in."""
    _check_works_here(by)


def check_can_arrange(by: Staff) -> None:
    """Refuse whoever may not see how a group is reached and agree on it."""
    _check_works_here(by)


def check_leads(by: Staff) -> None:
    """Refuse whoever does not lead: late entries, switching fields."""
    _check_works_here(by)


def may_read_notes(by: Staff, enquiry: Enquiry) -> bool:
    """Say whether somebody may read an enquiry's notes: the team, or with "nur ich" only who covers it."""
    return _works_here(by) and (not enquiry.only_me or enquiry.covered_by_id == by.pk)


def check_can_read_notes(by: Staff, enquiry: Enquiry) -> None:
    """Refuse whoever may not read this enquiry's notes."""
    if not may_read_notes(by, enquiry):
        raise NotAllowed("Diese Notizen liest nur, wer die Anfrage übernommen hat.")


def contact_for(by: Staff, number: UUID) -> Contact:
    """Return a contact of the contact point being acted for, or 404."""
    return _fetched(Contact, check_can_log, by, pk=number)


def enquiry_for(by: Staff, number: str) -> Enquiry:
    """Return an enquiry by its number, or 404."""
    return _fetched(Enquiry, check_can_see, by, number=number)


def referral_for(by: Staff, number: UUID) -> Referral:
    """Return a referral, or 404."""
    return _fetched(Referral, check_can_see, by, pk=number)


def call_back_for(by: Staff, number: UUID) -> CallBack:
    """Return a call-back, or 404."""
    return _fetched(CallBack, check_can_log, by, pk=number)


def _fetched(
    model: type[Confidential], check: Callable[[Staff], None], by: Staff, **which: object
) -> Confidential:
    try:
        check(by)
        return model.objects.get(**which)  # type: ignore[no-any-return]
    except (NotAllowed, model.DoesNotExist) as error:
        raise Http404 from error


def _check_works_here(by: Staff) -> None:
    if not _works_here(by):
        raise NotAllowed


def _works_here(by: Staff) -> bool:
    return by.is_active and by.contact_point_id == current()
