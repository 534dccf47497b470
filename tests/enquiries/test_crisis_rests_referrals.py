"""A crisis, wherever it is noted: nobody in it is led to a group by the next click."""

import pytest

from kontaktstelle.enquiries import clearing, log, referral
from kontaktstelle.enquiries.models import Contact, Enquiry
from support.desk import AT, KARLA, make_enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
CRISIS = {"outcomes": ["crisis-help"]}


def logged_and_opened(office, by):
    return log.open_enquiry(log.log_contact(by=by, at=AT, **CRISIS), by=by, at=AT, person=KARLA)


def called_again(office, by):
    enquiry = make_enquiry(office, by)
    log.add_contact(enquiry, log.log_contact(by=by, at=AT, **CRISIS), by=by, at=AT)
    return enquiry


def corrected(office, by):
    enquiry = make_enquiry(office, by)
    log.recode(_contact_of(enquiry), CRISIS, by=by, at=AT)
    return enquiry


def found_in_the_talk(office, by):
    enquiry = make_enquiry(office, by)
    clearing.record(enquiry, ["crisis-help"], by=by, at=AT)
    return enquiry


@pytest.mark.parametrize("noted", [logged_and_opened, called_again, corrected, found_in_the_talk])
def test_a_crisis_noted_by_any_step_lets_referrals_rest(office, counsellor, group, noted):
    enquiry = noted(office, counsellor)
    assert Enquiry.objects.get(pk=enquiry.pk).is_paused_for_crisis
    with pytest.raises(referral.ReferralsRest):
        referral.draft(enquiry, to=group, by=counsellor, at=AT)


def test_what_a_person_let_go_on_does_not_rest_again_by_a_correction(office, counsellor, group):
    enquiry = corrected(office, counsellor)
    clearing.go_on(enquiry, by=counsellor, at=AT)
    log.recode(_contact_of(enquiry), {"visit": "first"}, by=counsellor, at=AT)
    log.recode(_contact_of(enquiry), {"outcomes": ["crisis-help", "talk"]}, by=counsellor, at=AT)
    assert referral.draft(enquiry, to=group, by=counsellor, at=AT).status == "draft"


def test_without_a_crisis_nothing_rests(office, counsellor):
    assert not log.open_enquiry(
        log.log_contact(by=counsellor, at=AT, outcomes=["talk"]), by=counsellor, at=AT
    ).is_paused_for_crisis


def _contact_of(enquiry):
    return Contact.objects.get(enquiry=enquiry)
