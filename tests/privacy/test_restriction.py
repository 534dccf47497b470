"""Einschränkung: while it holds nothing of a matter goes; it never holds for good; two people let it stand."""

from datetime import date, timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.enquiries import call_backs, erasure, threads
from kontaktstelle.enquiries.models import CallBack, Enquiry, Note
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import restriction
from kontaktstelle.privacy.models import Restriction, TrailEntry
from support.desk import AT, KARLA, a_whole_thread, days_later, make_enquiry, make_staff
from support.nights import night
from support.people import make_group

pytestmark = pytest.mark.django_db
WHY = "Beschwerde bei der Aufsicht, Kanarienzeichen"


@pytest.fixture
def counsellor(office):
    return make_staff(office)


@pytest.fixture
def closed(office, counsellor):
    """An enquiry that is due on the ninetieth day."""
    with acting_for(office):
        yield a_whole_thread(office, make_group(office), counsellor)


def lay(enquiry, by, *, at=AT, until=None):
    return restriction.lay(
        enquiry.pk, reason=WHY, until=until or (at + timedelta(days=300)).date(), by=by.pk, at=at
    )


def test_while_it_holds_nothing_of_the_enquiry_goes_and_afterwards_everything(closed, counsellor):
    row = lay(closed, counsellor, at=days_later(80))
    assert night(at=days_later(93)) == {}
    assert Note.objects.exists()
    restriction.lift(row, by=uuid4(), at=days_later(93))
    assert night(at=days_later(93)) == {"enquiries.callback": 1, "enquiries.enquiry": 1}
    assert not Note.objects.exists()


def test_what_hangs_on_it_stays_too(office, counsellor):
    with acting_for(office):
        enquiry = make_enquiry(office, counsellor)
        call = call_backs.promise(
            CallBack.Kind.CALL, KARLA, enquiry=enquiry, due_on=AT.date(), by=counsellor, at=AT
        )
        call_backs.done(call, by=counsellor, at=AT)
        lay(enquiry, counsellor, at=days_later(29))
        night(at=days_later(31))
        assert CallBack.objects.exists()
        night(at=days_later(29 + restriction.ALONE_DAYS + 1))
        assert not CallBack.objects.exists()


def test_tomorrow_s_list_leaves_it_out(closed, counsellor):
    assert erasure.upcoming(at=days_later(89)).enquiries == (closed.number,)
    lay(closed, counsellor, at=days_later(89))
    assert erasure.upcoming(at=days_later(89)).enquiries == ()


def test_alone_it_holds_a_fortnight_and_with_a_second_person_until_its_day(closed, counsellor):
    row = lay(closed, counsellor, at=days_later(90), until=days_later(200).date())
    assert row.holds_until == days_later(104).date()
    with pytest.raises(restriction.SecondPersonNeeded):
        restriction.confirm(row, by=counsellor.pk, at=days_later(91))
    restriction.confirm(row, by=uuid4(), at=days_later(91))
    assert night(at=days_later(200)) == {}
    assert restriction.of(closed.pk, on=days_later(200).date()) is not None
    assert night(at=days_later(201)) == {"enquiries.callback": 1, "enquiries.enquiry": 1}


def test_the_database_itself_refuses_one_person_twice(closed, counsellor):
    row = lay(closed, counsellor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Restriction.objects.filter(pk=row.pk).update(confirmed_by=counsellor.pk)


def test_without_a_reason_or_for_good_it_is_refused(closed, counsellor):
    with pytest.raises(restriction.ReasonMissing):
        restriction.lay(closed.pk, reason=" x ", until=date(2026, 9, 1), by=counsellor.pk, at=AT)
    for until in (AT.date(), (AT + timedelta(days=restriction.LONGEST_DAYS + 1)).date()):
        with pytest.raises(restriction.TooLong):
            lay(closed, counsellor, until=until)
    assert not Restriction.objects.exists()


def test_the_reason_lies_sealed_and_every_step_is_in_the_trail(closed, counsellor):
    row = lay(closed, counsellor)
    restriction.confirm(row, by=uuid4(), at=AT)
    restriction.lift(row, by=counsellor.pk, at=AT)
    restriction.lift(row, by=counsellor.pk, at=AT)
    assert Restriction.objects.get().reason == WHY
    assert b"Kanarienzeichen" not in bytes(Restriction.objects.get().reason_sealed)
    assert list(
        TrailEntry.objects.filter(action__startswith="restriction.").values_list("action", flat=True)
    ) == ["restriction.laid", "restriction.confirmed", "restriction.lifted"]


def test_another_office_s_restriction_is_not_seen_and_holds_all_the_same(
    office_elsewhere, closed, counsellor
):
    lay(closed, counsellor, at=days_later(89))
    with acting_for(office_elsewhere):
        assert restriction.of(closed.pk, on=days_later(89).date()) is None
    night(at=days_later(92))
    assert not Enquiry.objects.get(pk=closed.pk).de_identified


def test_a_new_event_begins_the_period_anew(closed, counsellor):
    threads.write_note(closed, "rief wieder an", by=counsellor, at=days_later(60))
    assert "enquiries.enquiry" not in night(at=days_later(149))
    assert night(at=days_later(150)) == {"enquiries.enquiry": 1}


def test_the_restriction_itself_goes_after_three_years(closed, counsellor):
    lay(closed, counsellor)
    assert "privacy.restriction" not in night(at=days_later(3 * 365 + 13))
    assert night(at=days_later(3 * 365 + 14))["privacy.restriction"] == 1
