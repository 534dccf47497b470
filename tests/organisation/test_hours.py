"""Sprechzeiten: nobody stands before a closed door or rings in vain because a page said otherwise."""

from datetime import UTC, date, datetime, time

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.organisation import hours
from kontaktstelle.organisation.hours import BERLIN
from kontaktstelle.organisation.models import Closing, ContactPoint, Hours, Site
from support.people import make_office

pytestmark = pytest.mark.django_db


def berlin(day, clock="12:00"):
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), BERLIN)


def fresh(office):
    return ContactPoint.objects.prefetch_related("sites__hours", "closings").get(pk=office.pk)


def shut(office, first_day, last_day, note, site=None):
    office.closings.create(site=site, first_day=first_day, last_day=last_day, public_note=note)


def said(office, at):
    """Return who is there now and next, as "9–12" of a day."""
    presence = hours.presence(fresh(office), at)
    return tuple(
        f"{span.opens:%a %d.%m. %H:%M}–{span.closes:%H:%M}" if span else None
        for span in (presence.now, presence.next)
    )


# The office of the tests: Tuesday 9–12, Thursday 14–17. 10 March 2026 is a Tuesday.
@pytest.mark.parametrize(
    ("at", "now", "following"),
    [
        (berlin("2026-03-09", "23:59"), None, "Tue 10.03. 09:00–12:00"),
        (berlin("2026-03-10", "08:59"), None, "Tue 10.03. 09:00–12:00"),
        (berlin("2026-03-10", "09:00"), "Tue 10.03. 09:00–12:00", "Thu 12.03. 14:00–17:00"),
        (berlin("2026-03-10", "11:59"), "Tue 10.03. 09:00–12:00", "Thu 12.03. 14:00–17:00"),
        (berlin("2026-03-10", "12:00"), None, "Thu 12.03. 14:00–17:00"),
        (berlin("2026-03-12", "17:00"), None, "Tue 17.03. 09:00–12:00"),
        (berlin("2026-03-14"), None, "Tue 17.03. 09:00–12:00"),
    ],
    ids=[
        "night before",
        "a minute too early",
        "just open",
        "last minute",
        "just closed",
        "after Thursday",
        "weekend",
    ],
)
def test_who_is_there_now_and_next(office, at, now, following):
    assert said(office, at) == (now, following)


def test_a_moment_of_another_zone_is_read_in_local_time(office):
    assert said(office, datetime(2026, 3, 10, 8, 30, tzinfo=UTC))[0] == "Tue 10.03. 09:00–12:00"
    assert said(office, datetime(2026, 7, 14, 7, 30, tzinfo=UTC))[0] == "Tue 14.07. 09:00–12:00"


@pytest.mark.parametrize(
    ("day", "opens"), [("2026-03-29", 7), ("2026-10-25", 8)], ids=["clocks go forward", "clocks go back"]
)
def test_hours_keep_to_the_clock_on_the_wall_when_it_changes(office, day, opens):
    site = office.sites.get()
    Hours.objects.all().delete()
    Hours.objects.create(site=site, weekday=6, opens=time(9), closes=time(10))
    at = berlin(day, "09:00").astimezone(UTC)

    assert at.hour == opens
    assert hours.presence(fresh(office), at).now is not None
    before = datetime.combine(date.fromisoformat(day), time(opens - 1, 59), UTC)
    assert hours.presence(fresh(office), before).now is None
    assert hours.presence(fresh(office), before).next.opens.astimezone(UTC) == at


class TestHolidays:
    @pytest.mark.parametrize(
        ("land", "day", "closed"),
        [
            ("NW", "2026-06-04", True),  # Fronleichnam, a Thursday
            ("NI", "2026-06-04", False),
            ("NW", "2026-11-01", True), ("TH", "2026-11-01", False),
            ("BE", "2026-03-08", True), ("NW", "2026-03-08", False),  # Internationaler Frauentag
            ("SN", "2026-11-18", True), ("NW", "2026-11-18", False),  # Buß- und Bettag
            ("NW", "2026-12-25", True), ("", "2026-12-25", True), ("", "2026-06-04", False),
        ],
    )  # fmt: skip
    def test_a_holiday_counts_in_its_own_land(self, land, day, closed):
        office = make_office(land=land)
        assert (hours.closed_on(fresh(office), date.fromisoformat(day)) is not None) == closed

    def test_a_holiday_has_its_german_name(self, office):
        assert hours.closed_on(fresh(office), date(2026, 6, 4)) == "Fronleichnam"

    def test_nobody_is_there_on_a_holiday_and_the_next_day_is_named(self, office):
        assert said(office, berlin("2026-06-04", "15:00")) == (None, "Tue 09.06. 09:00–12:00")

    def test_the_new_year_is_not_forgotten_from_the_old_one(self, office):
        Hours.objects.create(site=office.sites.get(), weekday=4, opens=time(9), closes=time(12))

        assert (
            said(office, berlin("2026-12-31", "18:00"))[1] == "Tue 05.01. 09:00–12:00"
        )  # 1 January 2027 is a Friday


class TestClosings:
    def test_an_unplanned_closing_is_one_step_and_counts_from_its_first_to_its_last_day(self, office):
        shut(office, date(2026, 3, 10), date(2026, 3, 12), "Krankheit")

        assert hours.closed_on(fresh(office), date(2026, 3, 9)) is None
        assert (
            hours.closed_on(fresh(office), date(2026, 3, 10))
            == hours.closed_on(fresh(office), date(2026, 3, 12))
            == "Krankheit"
        )
        assert said(office, berlin("2026-03-10", "10:00")) == (None, "Tue 17.03. 09:00–12:00")

    def test_a_closing_without_a_note_still_closes(self, office):
        shut(office, date(2026, 3, 10), date(2026, 3, 10), "")

        assert hours.closed_on(fresh(office), date(2026, 3, 10)) == "geschlossen"

    def test_one_closed_site_does_not_close_the_other(self, office):
        first = office.sites.get()
        second = Site.objects.create(
            contact_point=office, code="zwei", name="Zweite", street="x", postcode="59423", town="Unna"
        )
        Hours.objects.create(site=second, weekday=1, opens=time(10), closes=time(11))
        shut(office, date(2026, 3, 10), date(2026, 3, 10), "Umzug", site=first)

        assert said(office, berlin("2026-03-10", "09:30")) == (None, "Tue 10.03. 10:00–11:00")
        assert hours.presence(fresh(office), berlin("2026-03-10", "10:30")).now.site == "Zweite"

    def test_a_closing_cannot_end_before_it_begins(self, office):
        with pytest.raises(IntegrityError), transaction.atomic():
            Closing.objects.create(
                contact_point=office, first_day=date(2026, 3, 10), last_day=date(2026, 3, 9)
            )

    def test_when_everything_is_closed_for_months_nobody_is_promised(self, office):
        shut(office, date(2026, 3, 1), date(2026, 12, 31), "Umbau")

        assert said(office, berlin("2026-03-10", "10:00")) == (None, None)
        assert hours.reads_next(fresh(office), berlin("2026-03-10", "10:00")) is None


class TestByAppointment:
    def test_an_office_that_only_makes_appointments_says_so_and_names_no_hour(self, office):
        Hours.objects.all().delete()
        Hours.objects.create(site=office.sites.get(), kind=Hours.Kind.APPOINTMENT)
        presence = hours.presence(fresh(office), berlin("2026-03-10", "10:00"))

        assert (presence.now, presence.next, presence.by_appointment) == (None, None, True)

    def test_appointments_beside_hours_do_not_open_the_door(self, office):
        Hours.objects.create(
            site=office.sites.get(), weekday=4, opens=time(9), closes=time(12), kind=Hours.Kind.APPOINTMENT
        )
        presence = hours.presence(fresh(office), berlin("2026-03-13", "10:00"))

        assert presence.now is None
        assert presence.by_appointment
        assert f"{presence.next.opens:%a}" == "Tue"

    def test_telephone_hours_are_told_from_open_doors(self, office):
        Hours.objects.update(kind=Hours.Kind.TELEPHONE)

        assert hours.presence(fresh(office), berlin("2026-03-10", "10:00")).now.kind == "telephone"

    @pytest.mark.parametrize(
        "values",
        [
            {"weekday": 1, "opens": time(12), "closes": time(9)}, {"weekday": 1, "opens": time(9), "closes": time(9)}, {"weekday": 7, "opens": time(9), "closes": time(12)},
            {"opens": time(9), "closes": time(12)}, {"weekday": 1, "closes": time(12)}, {"weekday": 1, "opens": time(9)},
        ],
    )  # fmt: skip
    def test_hours_that_make_no_sense_are_refused_by_the_database(self, office, values):
        with pytest.raises(IntegrityError), transaction.atomic():
            Hours.objects.create(site=office.sites.get(), **values)


class TestReading:
    def test_what_is_sent_while_somebody_is_there_is_read_now(self, office):
        at = berlin("2026-03-10", "10:00")
        assert hours.reads_next(fresh(office), at) == at

    def test_what_is_sent_on_friday_night_is_read_on_tuesday(self, office):
        assert hours.reads_next(fresh(office), berlin("2026-03-13", "22:00")) == berlin("2026-03-17", "09:00")

    def test_an_office_without_hours_promises_nothing(self, office):
        Hours.objects.all().delete()
        assert hours.reads_next(fresh(office), berlin("2026-03-10")) is None


spans = st.tuples(st.integers(0, 6), st.integers(0, 46), st.integers(1, 8)).map(
    lambda each: (each[0], each[1] * 30, min(each[1] * 30 + each[2] * 30, 1439))
)
moments = (
    st.integers(0, 60 * 24 * 40)
    .map(lambda minutes: datetime(2026, 3, 20, tzinfo=UTC).timestamp() + 60 * minutes)
    .map(lambda stamp: datetime.fromtimestamp(stamp, UTC))
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spans=st.lists(spans, max_size=6), closed=st.one_of(st.none(), st.integers(0, 40)), at=moments)
def test_presence_is_what_looking_at_every_minute_finds(office, spans, closed, at):
    """Over Easter and the change of the clock: the next opening found is the first minute at which somebody is there."""
    with transaction.atomic():
        site = office.sites.get()
        Hours.objects.all().delete()
        for weekday, opens, closes in spans:
            Hours.objects.create(
                site=site, weekday=weekday, opens=time(*divmod(opens, 60)), closes=time(*divmod(closes, 60))
            )
        if closed is not None:
            day = date.fromordinal(date(2026, 3, 20).toordinal() + closed)
            shut(office, day, day, "")
        presence = hours.presence(fresh(office), at)
        there = fresh(office)

        def open_at(local):
            minute = local.hour * 60 + local.minute
            return hours.closed_on(there, local.date(), site) is None and any(
                weekday == local.weekday() and opens <= minute < closes for weekday, opens, closes in spans
            )

        local = at.astimezone(BERLIN).replace(tzinfo=None)
        assert (presence.now is not None) == open_at(local)
        openings = sorted(
            datetime.combine(day, time(*divmod(opens, 60)))
            for ahead in range(60)
            for day in [date.fromordinal(local.toordinal() + ahead)]
            for weekday, opens, _ in spans
            if weekday == day.weekday() and hours.closed_on(there, day, site) is None
        )
        following = next((opening for opening in openings if opening > local), None)
        assert (presence.next.opens.replace(tzinfo=None) if presence.next else None) == following
        transaction.set_rollback(True)
