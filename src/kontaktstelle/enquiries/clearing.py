"""Klärungsgespräch: what came of it, never what was answered; and the crisis card, which lets referrals rest."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current

from . import access, codes, days, restricting
from .keeping import kept, locked, once, traced
from .models import Clearing, Contact, Enquiry
from .threads import PersonIsGone


@once(Clearing)
def record(
    enquiry: Enquiry, outcomes: Iterable[str], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> Clearing:
    """Record that a talk was held today and what came of it, in codes. The person decides; nothing is scored.

    If it was a crisis, referrals rest until `go_on`.

    Raises:
        codes.UnknownCode: no such outcome.
        PersonIsGone: the enquiry is de-identified.
    """
    access.check_can_refer(by)
    stored = locked(enquiry)
    restricting.check_moves(stored.pk, at=at)
    if stored.de_identified:
        raise PersonIsGone
    today = days.local_day(at)
    row = Clearing(
        contact_point_id=current(), enquiry=stored, month=days.month_of(today), discussed_on=today,
        outcomes=codes.checked_several("clearing", outcomes, year=today.year),
    )  # fmt: skip
    row.save(force_insert=True)
    stored.last_event_on = today
    stored.is_paused_for_crisis = stored.is_paused_for_crisis or codes.CRISIS_HELP in row.outcomes
    kept(stored)
    traced(by, "clearing.recorded", row, at=at)
    return row


@once(Contact)
def crisis(contact: Contact, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Contact:
    """Note "Krise, Hilfe genannt" and nothing else; referrals of its enquiry rest until `go_on`. Safe to do twice."""
    access.check_can_log(by)
    stored = locked(contact)
    if codes.CRISIS_HELP not in stored.outcomes:
        stored.outcomes = codes.checked_several(
            "outcome", [*stored.outcomes, codes.CRISIS_HELP], year=stored.code_year
        )
        kept(stored)
        traced(by, "contact.crisis", stored, at=at)
    if stored.enquiry_id is not None:
        enquiry = locked(Enquiry.objects.get(pk=stored.enquiry_id))
        enquiry.is_paused_for_crisis = not enquiry.de_identified
        kept(enquiry)
    return stored


@once(Enquiry)
def go_on(enquiry: Enquiry, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Enquiry:
    """Let referrals go on after a crisis: a person decides it, with one key."""
    access.check_can_refer(by)
    stored = locked(enquiry)
    stored.is_paused_for_crisis = False
    traced(by, "enquiry.goes-on", stored, at=at)
    return kept(stored)
