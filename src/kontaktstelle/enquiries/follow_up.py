"""Verbleib: asked once, only of whom agreed to it, and not at all unless somebody wants to."""

from datetime import date, datetime
from uuid import UUID

from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused

from . import access, days
from .keeping import here, kept, locked, once, traced
from .lifecycle import REFERRAL_STEPS, ReferralStatus, check_step
from .models import Consent, Referral


class OfficeDoesNotAsk(StepRefused):
    """The office has not switched the question on."""

    sentence = (
        "Ihre Kontaktstelle fragt später nicht nach. Die Leitung kann das in den Stammdaten einschalten."
    )


class NotAgreed(StepRefused):
    """The person did not agree to being asked later."""

    sentence = "Die Person hat nicht zugestimmt, dass wir später nachfragen."


@once(Referral)
def plan(referral: Referral, *, on: date, by: Staff, at: datetime, form_key: UUID | None = None) -> Referral:
    """Plan to ask once how it went; on a closed day it moves.

    Raises:
        OfficeDoesNotAsk: the office has not switched the question on.
        NotAgreed: without consent nobody is asked.
        days.TooFarAhead: as its sentence says.
    """
    access.check_can_refer(by)
    if not here().asks_how_it_went:
        raise OfficeDoesNotAsk
    stored = locked(referral)
    check_step(REFERRAL_STEPS, ReferralStatus(stored.status), ReferralStatus.OUTCOME)
    if not Consent.objects.filter(
        referral=stored, purpose=Consent.Purpose.FOLLOW_UP, withdrawn_at__isnull=True
    ).exists():
        raise NotAgreed
    stored.follow_up_on = days.due_day(here(), on, today=days.local_day(at))
    traced(by, "referral.follow-up-planned", stored, at=at)
    return kept(stored)


@once(Referral)
def take_back(referral: Referral, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Referral:
    """Widerruf of being asked later, by itself: whatever else was agreed to stands, and nobody asks.

    Raises:
        NotAgreed: there is nothing to withdraw.
    """
    access.check_can_refer(by)
    stored = locked(referral)
    agreed = Consent.objects.filter(
        referral=stored, purpose=Consent.Purpose.FOLLOW_UP, withdrawn_at__isnull=True
    )
    if not agreed.update(withdrawn_at=at):
        raise NotAgreed
    stored.follow_up_on = None
    traced(by, "referral.follow-up-withdrawn", stored, at=at)
    return kept(stored)
