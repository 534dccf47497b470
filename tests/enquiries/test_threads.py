"""Enquiries: whose turn it is, notes by two at once, "nur ich"."""

from datetime import date
from uuid import uuid4

import pytest
from django.http import Http404

from kontaktstelle.enquiries import access, clearing, codes, figures, reading, threads
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.enquiries.lifecycle import WrongStatus
from kontaktstelle.enquiries.models import Clearing, Enquiry, Note
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.desk import AT, KARLA, days_later, make_enquiry

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]


@pytest.fixture
def enquiry(office, counsellor):
    return make_enquiry(office, counsellor, person=KARLA)


def test_it_waits_for_somebody_till_a_day_and_is_ours_again(enquiry, counsellor):
    waiting = threads.wait_for(
        enquiry, Enquiry.WaitsFor.PERSON, until=date(2026, 3, 24), by=counsellor, at=AT
    )
    assert (waiting.status, waiting.waits_for, waiting.due_on) == ("waiting", "person", date(2026, 3, 24))
    longer = threads.wait_for(waiting, Enquiry.WaitsFor.BODY, until=date(2026, 3, 26), by=counsellor, at=AT)
    assert longer.due_on == date(2026, 3, 26)
    ours = threads.take_up(longer, by=counsellor, at=AT)
    assert (ours.status, ours.waits_for) == ("open", "")


def test_closed_may_be_taken_up_again(enquiry, counsellor):
    closed = threads.close(enquiry, by=counsellor, at=AT)
    assert (closed.closed_on, closed.due_on) == (date(2026, 3, 10), None)
    with pytest.raises(WrongStatus):
        threads.close(closed, by=counsellor, at=AT)
    assert threads.take_up(closed, by=counsellor, at=AT).closed_on is None


def test_of_two_on_one_card_the_second_is_told(enquiry, counsellor, colleague):
    threads.wait_for(
        enquiry, Enquiry.WaitsFor.PERSON, until=date(2026, 3, 24), by=counsellor, at=AT, seen=enquiry.version
    )
    with pytest.raises(ChangedMeanwhile):
        threads.close(enquiry, by=colleague, at=AT, seen=enquiry.version)


def test_of_two_who_rewrite_a_note_both_keep_their_text(enquiry, counsellor, colleague):
    note = threads.write_note(enquiry, "erster Text", by=counsellor, at=AT, form_key=uuid4())
    hers = threads.rewrite_note(note, "ihr Text", seen=1, by=colleague, at=AT)
    mine = threads.rewrite_note(note, "mein Text", seen=1, by=counsellor, at=days_later(1))

    assert hers.pk == note.pk
    assert mine.beside_id == note.pk
    assert [each.text for each in reading.notes(enquiry, by=counsellor, at=AT)] == ["ihr Text", "mein Text"]


def test_a_double_click_writes_one_note(enquiry, counsellor):
    key = uuid4()
    for _ in range(2):
        threads.write_note(enquiry, "x", by=counsellor, at=AT, form_key=key)
    assert Note.objects.count() == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * (threads.LONGEST_NOTE + 1)])
def test_an_empty_or_endless_note_is_refused(enquiry, counsellor, text):
    with pytest.raises(threads.EmptyNote):
        threads.write_note(enquiry, text, by=counsellor, at=AT)


def test_nur_ich_is_read_by_nobody_else(enquiry, counsellor, colleague):
    threads.write_note(enquiry, "Kanariennotiz", by=counsellor, at=AT)
    assert reading.notes(enquiry, by=colleague, at=AT)[0].text == "Kanariennotiz"  # it could be read…
    mine = threads.cover(enquiry, counsellor, only_me=True, by=counsellor, at=AT)
    for step in (
        lambda: reading.notes(mine, by=colleague, at=AT),
        lambda: reading.person(mine, by=colleague, at=AT),
        lambda: threads.write_note(mine, "x", by=colleague, at=AT),
        lambda: threads.cover(mine, colleague, by=colleague, at=AT),
    ):
        with pytest.raises(access.NotAllowed):
            step()
    assert reading.notes(mine, by=counsellor, at=AT)[0].text == "Kanariennotiz"


def test_every_reading_of_notes_leaves_a_line(enquiry, counsellor):
    reading.notes(enquiry, by=counsellor, at=AT)
    assert TrailEntry.objects.filter(action="enquiry.notes-read", actor=str(counsellor.pk)).count() == 1


def test_absent_and_forbidden_look_alike(enquiry, counsellor, counsellor_elsewhere, office_elsewhere):
    assert access.enquiry_for(counsellor, enquiry.number).pk == enquiry.pk
    with pytest.raises(Http404):
        access.enquiry_for(counsellor, "AAA-AAA")
    with pytest.raises(Http404):
        access.enquiry_for(counsellor_elsewhere, enquiry.number)
    with acting_for(office_elsewhere):
        for by in (counsellor, counsellor_elsewhere):
            with pytest.raises(Http404):
                access.enquiry_for(by, enquiry.number)


def test_of_a_clearing_talk_only_the_result_is_kept(enquiry, counsellor):
    row = clearing.record(enquiry, ["fits", "group-decides"], by=counsellor, at=AT)
    assert (row.discussed_on, row.outcomes) == (date(2026, 3, 10), ["fits", "group-decides"])
    with pytest.raises(codes.UnknownCode):
        clearing.record(enquiry, ["has-depression"], by=counsellor, at=AT)
    assert {field.name for field in Clearing._meta.fields} == {
        "id",
        "contact_point",
        "enquiry",
        "month",
        "discussed_on",
        "outcomes",
    }
    assert figures.clearings(figures.Period.year(2026)).of("fits") == 1
