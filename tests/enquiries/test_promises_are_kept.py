"""What was promised to somebody is not lost: not in the night, not by a slip of the finger, not while somebody is away."""

from datetime import date, timedelta

import pytest

from kontaktstelle.enquiries import (
    call_backs,
    days,
    due,
    follow_up,
    hand_over,
    log,
    referral,
    retention,
    threads,
)
from kontaktstelle.enquiries.access import NotAllowed
from kontaktstelle.enquiries.models import CallBack, Consent, Enquiry
from kontaktstelle.organisation.models import Post
from kontaktstelle.relay.parties import address_of
from support.desk import AT, KARLA, days_later, make_enquiry, make_staff
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
APPOINTMENT, CALL = CallBack.Kind.APPOINTMENT, CallBack.Kind.CALL


@pytest.fixture
def closed(office, counsellor):
    return threads.close(make_enquiry(office, counsellor, person=KARLA), by=counsellor, at=AT)


class TestInTheNight:
    def test_a_talk_promised_for_next_week_is_still_there_next_week(self, closed, counsellor):
        promised = call_backs.promise(
            APPOINTMENT, KARLA, by=counsellor, at=AT, enquiry=closed, due_on=days.local_day(days_later(98))
        )
        night(at=days_later(91))
        assert closed.number not in due.day(by=counsellor, at=days_later(97)).erased_tomorrow.enquiries
        assert address_of(CallBack.objects.get(pk=promised.pk).party) == KARLA
        assert not Enquiry.objects.get().de_identified

    def test_once_it_is_kept_the_period_begins_again_and_ends(self, closed, counsellor):
        promised = call_backs.promise(APPOINTMENT, KARLA, by=counsellor, at=days_later(80), enquiry=closed)
        call_backs.done(promised, by=counsellor, at=days_later(100))
        night(at=days_later(189))
        assert not Enquiry.objects.get().de_identified
        night(at=days_later(190))
        assert Enquiry.objects.get().de_identified
        assert not CallBack.objects.exists()

    def test_who_agreed_to_be_asked_later_is_asked(self, office, counsellor, group):
        enquiry = make_enquiry(office, counsellor, person=KARLA)
        row = referral.tell(referral.draft(enquiry, to=group, by=counsellor, at=AT), by=counsellor, at=AT)
        referral.consent(
            row, text_version="1", how="telephone", by=counsellor, at=AT, purpose=Consent.Purpose.FOLLOW_UP
        )
        follow_up.plan(row, on=days.local_day(days_later(120)), by=counsellor, at=AT)
        threads.close(enquiry, by=counsellor, at=AT)
        night(at=days_later(119))
        asked = due.day(by=counsellor, at=days_later(121))
        assert [item.what for item in asked.overdue + asked.due] == [due.FOLLOW_UP]
        # Nobody did: some days later it ends all the same.
        night(at=days_later(121 + retention.FOLLOW_UP_WAITS))
        assert Enquiry.objects.get().de_identified

    def test_nothing_is_promised_to_somebody_who_is_gone(self, closed, counsellor):
        night(at=days_later(90))
        with pytest.raises(threads.PersonIsGone):
            call_backs.promise(CALL, KARLA, by=counsellor, at=days_later(91), enquiry=closed)


def test_a_slip_in_the_year_hides_nobody_for_36_years(office, counsellor, group):
    enquiry, far = make_enquiry(office, counsellor), date(2062, 3, 12)
    given_up = call_backs.give_up(call_backs.promise(CALL, KARLA, by=counsellor, at=AT), by=counsellor, at=AT)
    told = referral.tell(referral.draft(enquiry, to=group, by=counsellor, at=AT), by=counsellor, at=AT)
    referral.consent(
        told, text_version="1", how="telephone", by=counsellor, at=AT, purpose=Consent.Purpose.FOLLOW_UP
    )
    logged = log.log_contact(by=counsellor, at=AT)
    steps = (
        lambda: call_backs.promise(CALL, KARLA, by=counsellor, at=AT, due_on=far),
        lambda: call_backs.promise_again(given_up, due_on=far, by=counsellor, at=AT),
        lambda: threads.wait_for(enquiry, Enquiry.WaitsFor.PERSON, until=far, by=counsellor, at=AT),
        lambda: log.open_enquiry(logged, due_on=far, by=counsellor, at=AT),
        lambda: follow_up.plan(told, on=far, by=counsellor, at=AT),
    )
    for step in steps:
        with pytest.raises(days.TooFarAhead):
            step()
    threads.wait_for(enquiry, Enquiry.WaitsFor.PERSON, until=date(2026, 3, 12), by=counsellor, at=AT)
    with pytest.raises(days.TooFarAhead):
        threads.take_up(enquiry, due_on=far, by=counsellor, at=AT)
    in_a_year = days.local_day(AT) + timedelta(days=365)
    assert call_backs.promise(CALL, KARLA, by=counsellor, at=AT, due_on=in_a_year).due_wished_on == in_a_year


def test_a_click_on_the_wrong_row_does_not_end_a_promise_for_good(counsellor):
    wrong = call_backs.attempt(
        call_backs.promise(CALL, KARLA, by=counsellor, at=AT), "reached", by=counsellor, at=AT
    )
    again = call_backs.promise_again(wrong, due_on=date(2026, 3, 10), by=counsellor, at=AT)
    night(at=days_later(60))
    assert (again.status, again.erase_at, address_of(again.party)) == ("promised", None, KARLA)
    assert CallBack.objects.exists()


class TestWhileSomebodyIsAway:
    def test_what_somebody_covers_who_now_only_keeps_the_directory_is_everybody_s(
        self, office, counsellor, colleague
    ):
        make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))
        assert not due.day(by=counsellor, at=days_later(2)).due[0].is_mine
        Post.objects.filter(staff=colleague, role="leads").delete()
        Post.objects.filter(staff=colleague).update(role="upkeep")
        assert due.day(by=counsellor, at=days_later(2)).due[0].is_mine

    def test_who_only_leads_covers_no_enquiry_but_a_call(self, office, counsellor, colleague):
        make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))
        call_backs.promise(CALL, KARLA, by=counsellor, at=AT, covered_by=colleague, due_on=date(2026, 3, 12))
        Post.objects.filter(staff=colleague, role="counsels").delete()
        day = due.day(by=counsellor, at=days_later(2))
        assert (day.due[0].is_mine, day.promised[0].is_mine) == (True, False)

    def test_the_empfang_is_away_too_and_her_calls_go_to_whoever_stands_in(
        self, office, counsellor, colleague
    ):
        reception = make_staff(office, "empfang", roles=("reception",))
        call_backs.promise(CALL, KARLA, by=reception, at=AT, covered_by=reception, due_on=date(2026, 3, 10))
        assert not due.day(by=counsellor, at=AT).promised[0].is_mine
        hand_over.go_away(staff=reception, until=date(2026, 3, 13), deputy=counsellor, by=colleague, at=AT)
        assert due.day(by=counsellor, at=AT).promised[0].is_mine
        assert not due.day(by=colleague, at=AT).promised[0].is_mine
        with pytest.raises(NotAllowed):
            hand_over.go_away(staff=counsellor, until=date(2026, 3, 13), by=reception, at=AT)

    def test_nobody_stands_in_for_a_counsellor_who_could_not_do_it(self, office, counsellor, colleague):
        for name, role in (("empfang", "reception"), ("leitung", "leads")):
            deputy = make_staff(office, name, roles=(role,))
            with pytest.raises(hand_over.DeputyIsAway):
                hand_over.go_away(
                    staff=counsellor, until=date(2026, 3, 13), deputy=deputy, by=colleague, at=AT
                )
