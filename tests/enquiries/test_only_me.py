"""„Nur ich": what somebody told one person is opened by nobody else, by no other way either."""

from datetime import date

import pytest
from django.http import Http404

from kontaktstelle.enquiries import (
    access,
    arrangements,
    call_backs,
    due,
    finding,
    hand_over,
    reading,
    referral,
    threads,
)
from kontaktstelle.enquiries.access import NotAllowed
from kontaktstelle.enquiries.models import CallBack, Enquiry, Referral
from support.desk import AT, KARLA, make_enquiry, make_staff

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def alone(office):
    """Return somebody who counsels and does not lead."""
    return make_staff(office, "alleine", roles=("counsels",))


@pytest.fixture
def kept(office, alone):
    """Return an enquiry that is marked „nur ich"."""
    return make_enquiry(office, alone, person=KARLA, only_me=True)


class TestHandingEverythingOver:
    def test_a_colleague_does_not_take_what_was_told_to_one_person(self, office, alone, kept):
        taker = make_staff(office, "andere", roles=("counsels",))
        helper = make_staff(office, "dritte", roles=("counsels",))
        for to in (taker, helper):
            with pytest.raises(hand_over.NotYours):
                hand_over.hand_all(of=alone, to=to, by=taker, at=AT)
        assert Enquiry.objects.get(pk=kept.pk).covered_by_id == alone.pk

    def test_the_leitung_hands_it_to_somebody_and_never_to_herself(self, office, alone, kept, counsellor):
        with pytest.raises(hand_over.NotYours):
            hand_over.hand_all(of=alone, to=counsellor, by=counsellor, at=AT)
        successor = make_staff(office, "nachfolge", roles=("counsels",))
        assert hand_over.hand_all(of=alone, to=successor, by=counsellor, at=AT) == (1, 0)
        assert Enquiry.objects.get(pk=kept.pk).covered_by_id == successor.pk

    def test_whoever_waits_for_somebody_who_has_left_is_not_lost_in_an_office_of_one(
        self, alone, kept, counsellor
    ):
        assert kept.only_me
        alone.is_active = False
        alone.save()
        assert hand_over.hand_all(of=alone, to=counsellor, by=counsellor, at=AT) == (1, 0)

    def test_what_is_for_everybody_may_be_taken_by_a_colleague(self, office, alone):
        make_enquiry(office, alone, covered_by=alone)
        taker = make_staff(office, "andere", roles=("counsels",))
        assert hand_over.hand_all(of=alone, to=taker, by=taker, at=AT) == (1, 0)

    def test_nothing_goes_to_somebody_who_could_not_read_it(self, office, alone, kept):
        leading = make_staff(office, "leitung", roles=("leads",))
        with pytest.raises(NotAllowed):
            hand_over.hand_all(of=alone, to=leading, by=alone, at=AT)
        assert threads.cover(kept, alone, by=alone, at=AT).covered_by_id == alone.pk


@pytest.fixture
def others(office):
    """Return a colleague, somebody who leads and does not counsel, and somebody at the Empfang."""
    return [
        make_staff(office, name, roles=(role,))
        for name, role in (("kollegin", "counsels"), ("leitung", "leads"), ("empfang", "reception"))
    ]


@pytest.fixture
def promised(kept, alone):
    """Return a call promised for today to whoever is in an enquiry marked „nur ich"."""
    return call_backs.promise(
        CallBack.Kind.CALL, KARLA, by=alone, at=AT, enquiry=kept, due_on=date(2026, 3, 10)
    )


class TestItsPromises:
    def test_who_is_to_be_called_is_opened_by_nobody_else(self, alone, promised, others):
        assert reading.person(promised, by=alone, at=AT) == KARLA
        for other in others:
            with pytest.raises(NotAllowed):
                reading.person(promised, by=other, at=AT)
            with pytest.raises(Http404):
                access.call_back_for(other, promised.pk)

    def test_nobody_else_ends_them(self, promised, others):
        steps = (
            lambda by: call_backs.attempt(promised, "reached", by=by, at=AT),
            lambda by: call_backs.done(promised, by=by, at=AT),
            lambda by: call_backs.give_up(promised, by=by, at=AT),
        )
        for step in steps:
            for other in others:
                with pytest.raises(NotAllowed):
                    step(other)
        assert CallBack.objects.get().status == "promised"

    def test_a_colleague_sees_number_and_day_the_empfang_nothing(self, alone, promised, others):
        colleague, leading, reception = others
        (mine,) = due.day(by=alone, at=AT).promised
        assert (mine.is_mine, mine.number) == (True, promised.enquiry.number)
        for other in (colleague, leading):
            (item,) = due.day(by=other, at=AT).promised
            assert (item.is_mine, item.only_me, item.window) == (False, True, (None, None))
        assert due.day(by=reception, at=AT).promised == []

    def test_the_empfang_learns_no_number_of_an_enquiry(self, office, alone, others):
        open_to_all = make_enquiry(office, alone)
        call_backs.promise(
            CallBack.Kind.CALL, KARLA, by=alone, at=AT, enquiry=open_to_all, due_on=date(2026, 3, 10)
        )
        assert [item.number for item in due.day(by=others[2], at=AT).promised] == [""]
        assert [item.number for item in due.day(by=others[0], at=AT).promised] == [open_to_all.number]

    def test_whoever_calls_back_is_led_to_the_enquiry_and_its_promise_stays_shut(self, promised, others):
        for said in (KARLA.phone, "Karla"):
            found = finding.caller(said, by=others[0], at=AT)
            assert (found.enquiries, found.call_backs) == ((promised.enquiry.number,), ())

    def test_what_is_erased_tomorrow_leads_nobody_else_to_them(self, alone, promised, others):
        call_backs.done(promised, by=alone, at=AT)
        assert due.day(by=alone, at=AT.replace(month=4, day=9)).erased_tomorrow.call_backs == (promised.pk,)
        assert due.day(by=others[0], at=AT.replace(month=4, day=9)).erased_tomorrow.call_backs == ()


def test_which_group_somebody_was_referred_to_stands_in_no_colleague_s_collection(alone, kept, group, others):
    arrangements.agree(group, {"rhythm": "weekly"}, by=alone, at=AT)
    row = referral.draft(kept, to=group, route=Referral.Route.CALL_BACK, by=alone, at=AT)
    referral.consent(row, text_version="1", how="telephone", by=alone, at=AT)
    assert [item.row for item in due.day(by=alone, at=AT).asked_together] == [row.pk]
    for other in others[:2]:
        assert due.day(by=other, at=AT).asked_together == []
