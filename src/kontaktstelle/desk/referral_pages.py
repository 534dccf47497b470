"""Klärung and Vermittlung as their pages show them: groups with reasons, what is read aloud, who is called."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from kontaktstelle.enquiries import access, codes, correspondence, days, matching, reading, referral
from kontaktstelle.enquiries.lifecycle import REFERRAL_STEPS, ReferralStatus
from kontaktstelle.enquiries.models import Arrangement, Consent, Contact, Enquiry, Referral
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.network.models import Body, Service
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

from . import consent_texts, contact_form, enquiry_card, matches, referred_to

ASKED_LATER_AFTER = timedelta(days=42)
OPEN_ROUTE = Referral.Route.OPEN
FOR_LATER = Consent.Purpose.FOLLOW_UP
S = ReferralStatus


class WhereUnclear(StepRefused):
    """No group, body or way chosen."""

    sentence = "Bitte wählen Sie, wohin und auf welchem Weg."


def is_for_another(row: Referral, by: Staff) -> bool:
    """Say whether a referral's enquiry is marked "nur ich" by somebody else."""
    enquiry = Enquiry.objects.filter(pk=row.enquiry_id).first() if row.enquiry_id else None
    return enquiry is not None and access.is_for_another(by, enquiry)


def fits_for(row: Enquiry, office: ContactPoint) -> list[matching.Fit]:
    """Return up to three groups that fit what the enquiry's contacts said."""
    contacts = list(Contact.objects.filter(enquiry=row).order_by("entered_at"))
    place = contact_form.found_place(enquiry_card.place_of(contacts, office))
    return matching.fitting(
        enquiry_card.topics_of(contacts),
        on=timezone.localdate(),
        place=place,
        audience=enquiry_card.audience_of(contacts),
    )


def clearing_context(row: Enquiry, office: ContactPoint) -> dict[str, Any]:
    """Return what the clearing page shows."""
    fits = fits_for(row, office)
    asked = dict.fromkeys(key for fit in fits for key in fit.entry.conditions if key in CONDITIONS)
    last = Contact.objects.filter(enquiry=row).order_by("-entered_at").first()
    return {
        "enquiry": row, "fits": fits, "asked": [CONDITIONS[key] for key in asked],
        "outcomes": codes.offered("clearing", year=timezone.localdate().year),
        "last_contact": last.pk if last else None, "lines": enquiry_card.crisis_lines(row, office),
    }  # fmt: skip


def refer_context(row: Enquiry, office: ContactPoint) -> dict[str, Any]:
    """Return what the page shows on which one chooses where to."""
    fits = fits_for(row, office)
    topics = enquiry_card.topics_of(list(Contact.objects.filter(enquiry=row).order_by("entered_at")))
    routes = [(route.value, route.label, consent_texts.WHAT_MOVES[route]) for route in Referral.Route]
    return {
        "enquiry": row, "fits": [(fit, matches.shown(fit)) for fit in fits], "routes": routes,
        "others": Group.objects.filter(listed=True).exclude(stage=Stage.DISSOLVED).exclude(pk__in=[fit.group for fit in fits]).order_by("name"),
        "elsewhere": referred_to.elsewhere(topics), "crisis_lines": enquiry_card.crisis_lines(row, office) if row.is_paused_for_crisis else [],
    }  # fmt: skip


def referral_context(number: UUID, *, by: Staff, digits: str = "") -> dict[str, Any]:
    """Return what a referral's page shows; whom one calls and who is passed on are opened with a trace.

    Args:
        number: of the referral.
        by: who looks.
        digits: new ones for the group, to be read out now; they are shown this once.
    """
    row = access.referral_for(by, number)
    year = timezone.localdate().year
    status = ReferralStatus(row.status)
    arrangement = Arrangement.objects.filter(group=row.group_id).first() if row.group_id else None
    enquiry = Enquiry.objects.filter(pk=row.enquiry_id).first() if row.enquiry_id else None
    consents = list(Consent.objects.filter(referral=row).order_by("given_at"))
    return {
        "row": row,
        "enquiry": enquiry,
        "name": referred_to.names([row])[row.pk],
        "group": Group.objects.filter(pk=row.group_id).first() if row.group_id else None,
        "status": enquiry_card.status_said(row),
        "route": Referral.Route(row.route).label,
        "moves": consent_texts.WHAT_MOVES[Referral.Route(row.route)],
        "may_withdraw": referral.may_be_withdrawn(row), "to_tell": referral.is_to_be_told(row),
        "can": {str(each) for each in REFERRAL_STEPS[status]},
        "spoken": consent_texts.spoken(row) if row.route != Referral.Route.OPEN else None,
        "asks_later": ContactPoint.objects.filter(pk=current(), asks_how_it_went=True).exists(),
        "ask_later_text": consent_texts.asking_later().text,
        "hows": codes.offered("consent-how", year=year),
        "reasons": codes.offered("declined", year=year),
        "results": codes.offered("result", year=year),
        "consents": [
            (Consent.Purpose(each.purpose).label, codes.label("consent-how", each.how), each.given_at, each.withdrawn_at, consent_texts.as_said(each.text_version))
            for each in consents
        ],
        "may_be_asked_later": any(each.purpose == Consent.Purpose.FOLLOW_UP and each.withdrawn_at is None for each in consents),
        "conditions": [CONDITIONS[key].label for key in row.conditions if key in CONDITIONS],
        "arrangement": arrangement,
        "how": Arrangement.How(arrangement.how).label if arrangement else "",
        "rhythm": Arrangement.Rhythm(arrangement.rhythm).label if arrangement else "",
        "words": arrangement.words if arrangement and access.may_refer(by) else "",
        "ask_for": [CONDITIONS[key].label for key in arrangement.ask_for if key in CONDITIONS] if arrangement else [],
        "may_refer": access.may_refer(by),
        "person": _person(row, enquiry, by),
        "asked_person": _asked_person(row, by),
        "contacting": correspondence.contacting(row, by=by),
        "digits": digits,
        "ask_on": days.local_day(timezone.now()) + ASKED_LATER_AFTER,
    }  # fmt: skip


def _person(row: Referral, enquiry: Enquiry | None, by: Staff) -> Address | None:
    """Open who is passed on, on the routes that pass somebody on and once they agreed."""
    passes_on = row.route in {Referral.Route.CALL_BACK, Referral.Route.TOGETHER} and row.status in {
        S.CONSENTED,
        S.ASKED,
        S.ACCEPTED,
    }
    if not passes_on or enquiry is None or not access.may_refer(by) or not access.may_read_notes(by, enquiry):
        return None
    try:
        return reading.person(enquiry, by=by, at=timezone.now())
    except reading.PersonGone:
        return None


def _asked_person(row: Referral, by: Staff) -> Address | None:
    """Open whom of the group to ask, while there is something to ask."""
    if (
        row.group_id is None
        or not (row.status in {S.CONSENTED, S.ASKED, S.ACCEPTED} or referral.is_to_be_told(row))
        or not access.may_refer(by)
    ):
        return None
    try:
        return reading.asked_person(Group.objects.get(pk=row.group_id), by=by, at=timezone.now())
    except reading.PersonGone:
        return None


def target(to: str) -> Group | Body | Service:
    """Return the group, body or service chosen in a form.

    Raises:
        WhereUnclear: none of this office's.
        Http404: no such body or service.
    """
    if to.startswith(("body:", "service:")):
        return referred_to.chosen(to)
    group: Group | None = Group.objects.filter(slug=to).first()
    if group is None:
        # A group of another office is found in the public directory only; the step for it is a Weitervermittlung.
        raise WhereUnclear
    return group


def route_of(value: str) -> Referral.Route:
    """Return the route chosen in a form.

    Raises:
        WhereUnclear: none.
    """
    try:
        return Referral.Route(value)
    except ValueError as error:
        raise WhereUnclear from error
