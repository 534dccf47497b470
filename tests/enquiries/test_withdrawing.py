"""Widerruf: whoever holds a name and a number hears of it, and nothing is agreed to that was taken back."""

from datetime import date

import pytest

from kontaktstelle.enquiries import correspondence, due, figures, follow_up, referral, threads
from kontaktstelle.enquiries.figures import ByReferral, Period
from kontaktstelle.enquiries.lifecycle import ReferralStatus, WrongStatus
from kontaktstelle.enquiries.models import Consent, Enquiry, Referral
from kontaktstelle.relay import channels
from support.desk import AT, KARLA, days_later, make_enquiry
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
S = ReferralStatus
WAYS = {
    S.ASKED: ["ask"], S.ACCEPTED: ["ask", "accept"], S.DECLINED: ["ask", "decline"], S.IN_CONTACT: ["ask", "accept", "confirm_contact"],
    S.OUTCOME: ["ask", "accept", "confirm_contact", "outcome"],
}  # fmt: skip


@pytest.fixture
def enquiry(office, counsellor):
    return make_enquiry(office, counsellor, person=KARLA)


@pytest.fixture
def brought(enquiry, group, counsellor):
    """Return a way to bring a referral to a status."""

    def to(status, route=Referral.Route.CALL_BACK):
        row = referral.draft(enquiry, to=group, route=route, by=counsellor, at=AT)
        row = referral.consent(row, text_version="1", how="telephone", by=counsellor, at=AT)
        for step in WAYS[status]:
            more = ["visited"] if step == "outcome" else []
            row = getattr(referral, step)(row, *more, by=counsellor, at=AT)
        return row

    return to


def to_tell(by, at=AT):
    day = due.day(by=by, at=at)
    return [item.row for item in [*day.due, *day.overdue] if item.what == due.REFERRAL]


@pytest.mark.parametrize("status", list(WAYS))
def test_who_was_asked_is_to_be_told_whatever_came_of_it(brought, enquiry, counsellor, status):
    row = brought(status)
    gone = referral.withdraw(row, by=counsellor, at=AT)

    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert to_tell(counsellor) == [row.pk]
    assert due.day(by=counsellor, at=AT).due[0].is_call_task
    told = referral.told_of_withdrawal(gone, by=counsellor, at=AT, seen=gone.version)
    assert to_tell(counsellor) == []
    with pytest.raises(referral.NobodyToTell):
        referral.told_of_withdrawal(told, by=counsellor, at=AT)


@pytest.mark.parametrize("status", [S.IN_CONTACT, S.OUTCOME, S.DECLINED])
def test_what_was_closed_is_open_again_until_the_group_knows(brought, enquiry, counsellor, status):
    row = brought(status)
    threads.close(enquiry, by=counsellor, at=AT)
    referral.withdraw(row, by=counsellor, at=days_later(80))

    assert Enquiry.objects.get().status == "open"
    with pytest.raises(threads.GroupNotTold):
        threads.close(enquiry, by=counsellor, at=days_later(80))
    night(at=days_later(200))
    assert to_tell(counsellor, days_later(200)) == [row.pk]
    referral.told_of_withdrawal(row, by=counsellor, at=days_later(200))
    assert threads.close(enquiry, by=counsellor, at=days_later(200)).status == "closed"


@pytest.mark.parametrize("status", [S.OUTCOME, S.DECLINED])
def test_what_came_of_it_still_counts_and_the_channel_closes(brought, counsellor, status):
    row = brought(status, Referral.Route.RELAY)
    before = figures.referrals(Period.year(2026), ByReferral.RESULT)
    channel = channels.of_referral(row.pk)
    gone = referral.withdraw(row, by=counsellor, at=days_later(3))

    assert (gone.status, gone.channel, gone.result) == (status, None, row.result)
    assert figures.referrals(Period.year(2026), ByReferral.RESULT) == before
    assert (channel is None) == (status == S.DECLINED)
    assert channel is None or channels.find(channel.pk).closed_at is not None
    with pytest.raises(WrongStatus):
        referral.withdraw(gone, by=counsellor, at=days_later(3))


def test_the_person_ends_a_contact_by_their_code_after_its_outcome_was_written_down(
    brought, enquiry, counsellor
):
    row = brought(S.OUTCOME, Referral.Route.RELAY)
    correspondence.end_by_seeker(enquiry.pk, row.channel, at=AT)

    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert to_tell(counsellor) == [row.pk]


def test_an_enquiry_that_waits_for_another_group_goes_on_waiting(office, brought, enquiry, counsellor):
    from support.people import make_group

    first = brought(S.DECLINED)
    second = referral.draft(
        enquiry, to=make_group(office, "Gruppe Schlaf, Beispiel"), route=Referral.Route.CALL_BACK, by=counsellor, at=AT
    )  # fmt: skip
    second = referral.ask(
        referral.consent(second, text_version="1", how="telephone", by=counsellor, at=AT),
        by=counsellor,
        at=AT,
    )
    referral.withdraw(first, by=counsellor, at=AT)
    stands = Enquiry.objects.get()
    assert (stands.status, stands.due_on) == ("waiting", second.due_on)
    assert Consent.objects.filter(referral=second, withdrawn_at=None).exists()


def test_nobody_is_to_be_told_of_what_nobody_was_asked(enquiry, group, counsellor):
    row = referral.tell(referral.draft(enquiry, to=group, by=counsellor, at=AT), by=counsellor, at=AT)
    assert referral.withdraw(row, by=counsellor, at=AT).due_on is None
    assert to_tell(counsellor) == []


def test_being_asked_later_is_withdrawn_by_itself(brought, counsellor):
    row = brought(S.IN_CONTACT)
    with pytest.raises(follow_up.NotAgreed):
        follow_up.take_back(row, by=counsellor, at=AT)
    referral.consent(
        row, text_version="1", how="telephone", by=counsellor, at=AT, purpose=Consent.Purpose.FOLLOW_UP
    )
    follow_up.plan(row, on=date(2026, 5, 5), by=counsellor, at=AT)
    left = follow_up.take_back(row, by=counsellor, at=AT)

    assert (left.status, left.follow_up_on) == (S.IN_CONTACT, None)
    assert [each.purpose for each in Consent.objects.filter(withdrawn_at=None)] == ["passing-on"]
    with pytest.raises(follow_up.NotAgreed):
        follow_up.plan(row, on=date(2026, 5, 5), by=counsellor, at=AT)
