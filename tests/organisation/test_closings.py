"""An office shuts in one step and opens again; what was entered by mistake is taken back without a trace on the pages."""

from datetime import date, timedelta

import pytest

from kontaktstelle.organisation import closings, hours
from kontaktstelle.organisation.models import Closing, Site
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, A_MOMENT

pytestmark = pytest.mark.django_db
BY = {"by": "kommandozeile", "at": A_MOMENT}
TOMORROW = A_DAY + timedelta(days=1)


def days(office):
    return [
        (closing.first_day, closing.last_day, closing.public_note)
        for closing in office.closings.order_by("first_day")
    ]


@pytest.fixture
def second_site(office):
    return Site.objects.create(
        contact_point=office, code="zwei", name="Zweigstelle", street="x", postcode="59423", town="Unna"
    )


def test_closed_at_once_from_the_first_to_the_last_day(office):
    closings.close(office, A_DAY, TOMORROW, " Krankheit ", **BY)

    assert days(office) == [(A_DAY, TOMORROW, "Krankheit")]
    assert hours.closed_on(office, A_DAY) == hours.closed_on(office, TOMORROW) == "Krankheit"
    assert hours.closed_on(office, TOMORROW + timedelta(days=1)) is None


def test_said_twice_it_stands_there_once_with_the_later_note(office):
    closings.close(office, A_DAY, TOMORROW, "Krankheit", **BY)
    closings.close(office, A_DAY, TOMORROW, "Wasserschaden", **BY)

    assert days(office) == [(A_DAY, TOMORROW, "Wasserschaden")]


@pytest.mark.parametrize(
    ("first_day", "last_day", "note", "sentence"),
    [
        (TOMORROW, A_DAY, "", "vor dem Beginn"),
        (A_DAY - timedelta(days=3), A_DAY - timedelta(days=1), "", "vorbei"),
        (A_DAY, date(2062, 3, 10), "", "mehr als ein Jahr"),
        (date(1926, 3, 10), A_DAY, "", "mehr als ein Jahr"),
        (A_DAY, A_DAY, "x" * 201, "höchstens 200"),
        (A_DAY, A_DAY, "eine\nzweite Zeile", "auf einer Zeile"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_entered(office, first_day, last_day, note, sentence):
    with pytest.raises(closings.ClosingImpossible, match=sentence):
        closings.close(office, first_day, last_day, note, **BY)
    assert days(office) == []
    assert not TrailEntry.objects.exists()


def test_what_was_closed_today_by_mistake_is_gone(office):
    closings.close(office, A_DAY, TOMORROW, **BY)
    (ended,) = closings.reopen(office, A_DAY, **BY)

    assert (ended.first_day, ended.last_day) == (A_DAY, TOMORROW)
    assert days(office) == []


def test_a_closing_that_runs_ends_on_the_day_before(office):
    office.closings.create(first_day=A_DAY - timedelta(days=4), last_day=TOMORROW)
    closings.reopen(office, A_DAY, **BY)

    assert days(office) == [(A_DAY - timedelta(days=4), A_DAY - timedelta(days=1), "")]


def test_a_later_closing_stays_unless_it_is_meant(office):
    closings.close(office, A_DAY, A_DAY, **BY)
    closings.close(office, date(2026, 12, 24), date(2026, 12, 31), "Weihnachten", **BY)
    closings.reopen(office, A_DAY, **BY)
    assert [note for *_, note in days(office)] == ["Weihnachten"]

    closings.reopen(office, date(2026, 12, 24), **BY)
    assert days(office) == []


def test_the_whole_office_and_its_sites_are_opened_as_they_were_closed(office, second_site):
    closings.close(office, A_DAY, TOMORROW, site=second_site, **BY)
    with pytest.raises(closings.NotClosed, match="nur ein Standort geschlossen: „Zweigstelle“"):
        closings.reopen(office, A_DAY, **BY)
    closings.close(office, A_DAY, A_DAY, **BY)
    closings.reopen(office, A_DAY, **BY)
    assert Closing.objects.get().site == second_site
    closings.reopen(office, A_DAY, second_site, **BY)
    closings.close(office, A_DAY, A_DAY, **BY)
    with pytest.raises(closings.NotClosed, match="die ganze Kontaktstelle"):
        closings.reopen(office, A_DAY, second_site, **BY)


def test_where_nothing_is_closed_the_refusal_says_what_is_entered(office):
    closings.close(office, date(2026, 12, 24), date(2026, 12, 31), **BY)
    with pytest.raises(closings.NotClosed, match=r"Eingetragen ist .*24\. Dezember 2026 bis .*31\."):
        closings.reopen(office, A_DAY, **BY)
    with pytest.raises(closings.NotClosed, match="vorbei"):
        closings.reopen(office, A_DAY - timedelta(days=1), **BY)


def test_another_office_is_left_alone(office, office_elsewhere):
    closings.close(office, A_DAY, A_DAY, **BY)
    closings.close(office_elsewhere, A_DAY, A_DAY, **BY)
    closings.reopen(office, A_DAY, **BY)

    assert days(office_elsewhere) == [(A_DAY, A_DAY, "")]


def test_each_step_is_traced_without_what_the_note_says(office):
    closings.close(office, A_DAY, A_DAY, "Krankheit", **BY)
    closings.reopen(office, A_DAY, **BY)

    assert [(each.actor, each.action, each.fields) for each in TrailEntry.objects.order_by("number")] == [
        ("kommandozeile", "organisation.closed", "first_day last_day public_note"),
        ("kommandozeile", "organisation.reopened", "last_day"),
    ]
    assert trail.broken_at(office.pk) is None
