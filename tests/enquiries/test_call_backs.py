"""Rückruf, Zusenden, Termin: found again, tried, kept, and gone by itself."""

from datetime import date, time, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.enquiries import call_backs, finding, log, reading
from kontaktstelle.enquiries.lifecycle import WrongStatus
from kontaktstelle.enquiries.models import CallBack
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address
from support.desk import AT, KARLA, days_later, make_enquiry
from support.nights import night

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
CALL, SEND = CallBack.Kind.CALL, CallBack.Kind.SEND


def promised(by, kind=CALL, person=KARLA, **how):
    return call_backs.promise(kind, person, by=by, at=AT, **how)


def test_a_promise_falls_on_a_day_somebody_is_there_and_keeps_the_one_wished(counsellor):
    row = promised(counsellor, due_on=date(2026, 4, 3))  # Good Friday
    assert (row.due_on, row.due_wished_on) == (
        date(2026, 4, 7),
        date(2026, 4, 3),
    )  # Easter Monday is closed, Tuesday is open


def test_nothing_may_be_said_to_the_machine_unless_agreed(counsellor):
    row = promised(counsellor)
    with pytest.raises(call_backs.NotOnTheMachine):
        call_backs.attempt(row, "machine", by=counsellor, at=AT)
    assert CallBack.objects.get().attempts == []
    agreed = promised(counsellor, machine=CallBack.Machine.NEUTRAL)
    assert call_backs.attempt(agreed, "machine", by=counsellor, at=AT).attempts == [["2026-03-10", "machine"]]


def test_the_third_miss_asks_whether_to_stop(counsellor):
    row = promised(counsellor)
    for count in range(3):
        assert not call_backs.asks_to_close(row)
        row = call_backs.attempt(row, "nobody", by=counsellor, at=days_later(count))
    assert call_backs.asks_to_close(row)
    assert row.due_on == date(2026, 3, 17)  # tried on Thursday; Tuesday is the next day with hours


def test_reached_keeps_the_promise(counsellor):
    row = call_backs.attempt(promised(counsellor), "reached", by=counsellor, at=AT)
    assert (row.status, row.due_on) == ("done", None)
    with pytest.raises(WrongStatus):
        call_backs.attempt(row, "nobody", by=counsellor, at=AT)


def test_given_up_may_be_taken_up_again(counsellor):
    row = call_backs.give_up(promised(counsellor), by=counsellor, at=AT)
    again = call_backs.promise_again(row, due_on=date(2026, 3, 12), by=counsellor, at=AT)
    assert (again.status, again.due_on, again.erase_at) == ("promised", date(2026, 3, 12), None)


def test_something_else_than_the_three_is_refused(counsellor):
    with pytest.raises(call_backs.NoSuchAttempt):
        call_backs.attempt(promised(counsellor), "shouted", by=counsellor, at=AT)


@pytest.mark.parametrize(
    ("kind", "person"),
    [
        (CALL, Address(name="Karla")),
        (SEND, Address(name="Karla", phone="030 23125 778")),
        (CallBack.Kind.APPOINTMENT, Address(name="K")),
    ],
)
def test_without_a_way_back_nothing_is_promised(counsellor, kind, person):
    with pytest.raises(call_backs.NoWayBack):
        promised(counsellor, kind, person)
    assert not Party.objects.exists()


def test_a_window_upside_down_is_refused(counsellor):
    with pytest.raises(call_backs.WindowUpsideDown):
        promised(counsellor, window=(time(12), time(9)))


def test_a_posting_address_goes_a_day_after_dispatch_and_a_number_after_thirty(counsellor):
    sent, called = promised(counsellor, SEND), promised(counsellor)
    call_backs.done(sent, by=counsellor, at=AT)
    call_backs.done(called, by=counsellor, at=AT)

    night(at=AT + timedelta(hours=23))
    assert CallBack.objects.count() == Party.objects.count() == 2
    night(at=AT + timedelta(hours=24))
    assert CallBack.objects.get().pk == called.pk
    night(at=days_later(30))
    assert not CallBack.objects.exists()
    assert not Party.objects.exists()


def test_a_promise_not_kept_yet_is_never_erased(counsellor):
    promised(counsellor)
    night(at=days_later(400))
    assert CallBack.objects.exists()


def test_a_promise_without_a_day_is_refused_by_the_database(counsellor):
    row = promised(counsellor)
    with pytest.raises(IntegrityError), transaction.atomic():
        CallBack.objects.filter(pk=row.pk).update(due_on=None)


def test_a_double_click_promises_once_and_seals_one_person(counsellor):
    key = uuid4()
    assert promised(counsellor, form_key=key).pk == promised(counsellor, form_key=key).pk
    assert Party.objects.count() == 1


@pytest.mark.parametrize(
    "said",
    [
        "030 23125 778",
        "+49 30 23125778",
        "0049 (0)30/23125-778",
        "karla.kanarie@EXAMPLE.org",
        "kanarienvogel",
        "KARLA",
    ],
)
def test_somebody_who_calls_back_is_found_by_number_address_or_call_name(office, counsellor, said):
    enquiry = make_enquiry(office, counsellor, person=KARLA)
    row = promised(counsellor)
    found = finding.caller(said, by=counsellor, at=AT)
    assert (found.enquiries, found.call_backs) == ((enquiry.number,), (row.pk,))


def test_or_by_the_code_of_the_enquiry(office, counsellor):
    enquiry = make_enquiry(office, counsellor)
    assert finding.caller(f" {enquiry.number.lower()} ", by=counsellor, at=AT).enquiries == (enquiry.number,)


def test_nobody_is_found_for_nothing_nor_at_another_office(
    office, counsellor, office_elsewhere, counsellor_elsewhere
):
    from kontaktstelle.organisation.tenancy import acting_for

    promised(counsellor)
    assert finding.caller("  ", by=counsellor, at=AT) == finding.Found()
    assert finding.caller("030 99999 999", by=counsellor, at=AT) == finding.Found()
    with acting_for(office_elsewhere):
        for said in ("Karla", "030 23125 778"):
            assert finding.caller(said, by=counsellor_elsewhere, at=AT) == finding.Found()


def test_looking_by_name_and_opening_a_person_leave_lines_in_the_trail(counsellor):
    row = promised(counsellor)
    finding.caller("Karla", by=counsellor, at=AT)
    assert reading.person(row, by=counsellor, at=AT) == KARLA
    actions = list(TrailEntry.objects.order_by("number").values_list("action", flat=True))
    assert actions == ["call-back.promised", "people.looked-up-by-name", "person.opened"]


@pytest.mark.parametrize(
    ("said", "kind"),
    [(KARLA.phone, "telephone"), (KARLA.email, "email"), ("Karla", "name"), ("030 99999 999", "telephone"), ("niemand@example.org", "email"), ("Wer", "name")],
)  # fmt: skip
def test_whoever_tries_a_neighbour_s_number_leaves_a_line_found_or_not_and_no_words(
    office, counsellor, said, kind
):
    make_enquiry(office, counsellor, person=KARLA)
    finding.caller(said, by=counsellor, at=AT)
    line = TrailEntry.objects.order_by("number").last()
    assert (line.action, line.actor) == (f"people.looked-up-by-{kind}", str(counsellor.pk))
    assert said.casefold() not in repr(line.__dict__).casefold()


def test_trying_numbers_of_enquiries_leaves_lines_too(office, counsellor):
    enquiry = make_enquiry(office, counsellor)
    for said in (enquiry.number, "ZZZ-ZZZ"):
        lines = TrailEntry.objects.count()
        finding.caller(said, by=counsellor, at=AT)
        assert TrailEntry.objects.count() == lines + 1


def test_in_a_full_office_a_promise_is_still_found_by_name(office, counsellor, monkeypatch):
    for _ in range(2):
        make_enquiry(office, counsellor, person=Address(name="Berta", phone="030 23125 779"))
    row = promised(counsellor)
    monkeypatch.setattr(finding, "MOST_OPENED", 2)
    assert finding.caller("Karla", by=counsellor, at=AT).call_backs == (row.pk,)


def test_looking_by_name_opens_only_so_many(counsellor, monkeypatch):
    promised(counsellor)
    berta = Address(name="Berta", phone="030 23125 779")
    call_backs.promise(CALL, berta, by=counsellor, at=days_later(1))
    monkeypatch.setattr(finding, "MOST_OPENED", 1)
    assert finding.caller("Karla", by=counsellor, at=AT) == finding.Found()


def test_only_counting_forgets_the_promises_of_a_contact(counsellor):
    contact = log.log_contact(by=counsellor, at=AT)
    promised(counsellor, contact=contact)
    log.only_count(contact, by=counsellor, at=AT)
    assert not Party.objects.exists()


def test_promises_of_a_contact_come_along_into_its_enquiry(counsellor):
    contact = log.log_contact(by=counsellor, at=AT)
    row = promised(counsellor, contact=contact)
    enquiry = log.open_enquiry(contact, by=counsellor, at=AT)
    assert CallBack.objects.get(pk=row.pk).enquiry_id == enquiry.pk
