"""Heute: nothing open is without a day and somebody there."""

from datetime import date, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from kontaktstelle.enquiries import arrangements, call_backs, due, hand_over, referral, threads
from kontaktstelle.enquiries.access import NotAllowed
from kontaktstelle.enquiries.models import Absence, CallBack, Enquiry, HandOverNote, Referral
from kontaktstelle.organisation.closings import close
from support.desk import AT, KARLA, days_later, make_enquiry, make_staff
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


def numbers(items):
    return [item.number for item in items]


def test_an_enquiry_is_due_then_overdue(office, counsellor):
    enquiry = make_enquiry(office, counsellor, due_on=date(2026, 3, 12))

    assert due.day(by=counsellor, at=days_later(1)) == due.Day()
    assert numbers(due.day(by=counsellor, at=days_later(2)).due) == [enquiry.number]
    assert numbers(due.day(by=counsellor, at=days_later(3)).overdue) == [enquiry.number]


def test_what_falls_on_a_closed_day_moves_and_says_so(office, counsellor):
    close(office, date(2026, 3, 12), date(2026, 3, 12), "Betriebsausflug", by="test", at=AT)
    make_enquiry(office, counsellor, due_on=date(2026, 3, 12))
    item = due.day(by=counsellor, at=days_later(7)).due[0]
    assert (item.due_on, item.wished_on) == (date(2026, 3, 17), date(2026, 3, 12))


def test_an_open_enquiry_without_a_day_is_refused_by_the_database(office, counsellor):
    enquiry = make_enquiry(office, counsellor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(due_on=None)


def test_promises_of_today_come_by_their_window(counsellor):
    later = call_backs.promise(
        CallBack.Kind.CALL, KARLA, by=counsellor, at=AT, due_on=date(2026, 3, 10), window=(time(11), None)
    )
    first = call_backs.promise(
        CallBack.Kind.CALL, KARLA, by=counsellor, at=AT, due_on=date(2026, 3, 10), window=(time(9), time(10))
    )
    anytime = call_backs.promise(CallBack.Kind.CALL, KARLA, by=counsellor, at=AT, due_on=date(2026, 3, 10))
    assert [item.row for item in due.day(by=counsellor, at=AT).promised] == [first.pk, later.pk, anytime.pk]


def test_a_group_that_did_not_answer_is_a_task_to_call(office, counsellor, group):
    enquiry = make_enquiry(office, counsellor)
    row = referral.draft(enquiry, to=group, route=Referral.Route.CALL_BACK, by=counsellor, at=AT)
    referral.consent(row, text_version="1", how="telephone", by=counsellor, at=AT)
    referral.ask(row, by=counsellor, at=AT)
    item = next(
        item for item in due.day(by=counsellor, at=days_later(8)).overdue if item.what == due.REFERRAL
    )
    assert (item.is_call_task, item.due_on) == (True, date(2026, 3, 17))


def test_referrals_for_a_group_asked_once_a_week_stand_together(office, counsellor, group):
    arrangements.agree(group, {"rhythm": "weekly"}, by=counsellor, at=AT)
    for _ in range(2):
        row = referral.draft(
            make_enquiry(office, counsellor), to=group, route=Referral.Route.CALL_BACK, by=counsellor, at=AT
        )
        referral.consent(row, text_version="1", how="telephone", by=counsellor, at=AT)
    assert len(due.day(by=counsellor, at=AT).asked_together) == 2


def test_what_nobody_read_yet_stands_on_top_whatever_its_day(office, counsellor):
    enquiry = make_enquiry(office, counsellor, due_on=date(2026, 4, 9))
    Enquiry.objects.update(status="new")
    assert numbers(due.day(by=counsellor, at=AT).new) == [enquiry.number]


def test_what_is_erased_tomorrow_is_told_today(office, counsellor):
    enquiry = make_enquiry(office, counsellor)
    threads.close(enquiry, by=counsellor, at=AT)
    assert due.day(by=counsellor, at=days_later(88)).erased_tomorrow.enquiries == ()
    assert due.day(by=counsellor, at=days_later(89)).erased_tomorrow.enquiries == (enquiry.number,)


def test_what_a_colleague_covers_is_hers_and_the_deputy_s_while_she_is_away(office, counsellor, colleague):
    third = make_staff(office, "dritte")
    make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))

    def is_for(by):
        return due.day(by=by, at=days_later(2)).due[0].is_mine

    assert (is_for(counsellor), is_for(colleague)) == (False, True)
    hand_over.go_away(staff=colleague, until=date(2026, 3, 13), deputy=counsellor, by=colleague, at=AT)
    assert (is_for(counsellor), is_for(third)) == (True, False)


def test_without_a_deputy_or_with_a_deputy_away_too_it_is_for_whoever_is_there(office, counsellor, colleague):
    make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))
    hand_over.go_away(staff=colleague, until=date(2026, 3, 13), by=colleague, at=AT)
    assert due.day(by=counsellor, at=days_later(2)).due[0].is_mine
    Absence.objects.update(deputy=make_staff(office, "vertretung", is_active=False))
    assert due.day(by=counsellor, at=days_later(2)).due[0].is_mine


def test_what_somebody_covered_who_has_left_is_everybody_s(office, counsellor, colleague):
    make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))
    colleague.is_active = False
    colleague.save()
    assert due.day(by=counsellor, at=days_later(2)).due[0].is_mine


def test_the_day_costs_the_same_for_one_thing_and_for_many(office, counsellor):
    make_enquiry(office, counsellor, due_on=date(2026, 3, 12))
    with CaptureQueriesContext(
        connection,
    ) as one:
        due.day(by=counsellor, at=days_later(2))
    for _ in range(3):
        make_enquiry(office, counsellor, due_on=date(2026, 3, 12))
        call_backs.promise(CallBack.Kind.CALL, KARLA, by=counsellor, at=AT, due_on=date(2026, 3, 12))
    with CaptureQueriesContext(connection) as many:
        assert len(due.day(by=counsellor, at=days_later(2)).due) == 4
    assert len(many) <= len(one)


def test_somebody_who_is_away_does_not_stand_in(office, counsellor, colleague):
    hand_over.go_away(staff=colleague, until=date(2026, 3, 20), by=colleague, at=AT)
    with pytest.raises(hand_over.DeputyIsAway):
        hand_over.go_away(staff=counsellor, until=date(2026, 3, 15), deputy=colleague, by=counsellor, at=AT)
    with pytest.raises(hand_over.WrongDays):
        hand_over.go_away(staff=counsellor, until=date(2026, 3, 9), by=counsellor, at=AT)


def test_whoever_comes_back_earlier_covers_again(office, counsellor, colleague):
    make_enquiry(office, counsellor, covered_by=colleague, due_on=date(2026, 3, 12))
    absence = hand_over.go_away(staff=colleague, until=date(2026, 3, 20), by=colleague, at=AT)
    hand_over.come_back(absence, by=colleague, at=days_later(2))
    assert not due.day(by=counsellor, at=days_later(2)).due[0].is_mine


def test_a_note_for_the_team_is_read_by_each_and_one_for_a_colleague_by_her(counsellor, colleague):
    hand_over.leave_note("Schlüssel liegt im Büro", by=counsellor, at=AT)
    hers = hand_over.leave_note("Nur für dich", by=counsellor, at=AT, for_staff=colleague)
    assert [text for _, text in hand_over.unread_notes(by=counsellor, at=AT)] == ["Schlüssel liegt im Büro"]
    assert len(hand_over.unread_notes(by=colleague, at=AT)) == 2
    hand_over.mark_read(hers.pk, by=colleague, at=AT)
    hand_over.mark_read(hers.pk, by=counsellor, at=AT)
    assert len(hand_over.unread_notes(by=colleague, at=AT)) == 1
    assert HandOverNote.objects.get(pk=hers.pk).read_by == [str(colleague.pk)]
    with pytest.raises(hand_over.NothingWritten):
        hand_over.leave_note("  ", by=counsellor, at=AT)


def test_everything_goes_to_a_successor_and_nur_ich_only_to_a_person(office, counsellor, colleague):
    make_enquiry(office, counsellor, only_me=True)
    make_enquiry(office, counsellor, covered_by=counsellor)
    call_backs.promise(CallBack.Kind.CALL, KARLA, by=counsellor, at=AT, covered_by=counsellor)
    with pytest.raises(hand_over.NeedsSomebody):
        hand_over.hand_all(of=counsellor, to=None, by=counsellor, at=AT)
    assert hand_over.hand_all(of=counsellor, to=colleague, by=counsellor, at=AT) == (2, 1)
    assert Enquiry.objects.filter(covered_by=colleague).count() == 2


def test_nothing_is_handed_to_another_office(office, counsellor, counsellor_elsewhere):
    enquiry = make_enquiry(office, counsellor)
    for step in (
        lambda: hand_over.hand_all(of=counsellor, to=counsellor_elsewhere, by=counsellor, at=AT),
        lambda: threads.cover(enquiry, counsellor_elsewhere, by=counsellor, at=AT),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_new_contact_puts_the_erasure_off(office, counsellor):
    enquiry = make_enquiry(office, counsellor)
    closed = threads.close(enquiry, by=counsellor, at=AT)
    threads.write_note(closed, "hat noch einmal angerufen", by=counsellor, at=AT + timedelta(days=80))
    night(at=days_later(95))
    assert not Enquiry.objects.get().de_identified
    night(at=days_later(170))
    assert Enquiry.objects.get().de_identified
