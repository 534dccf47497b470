"""Does somebody answer now? Around midnight, on holidays, and when the clocks change."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.network.hours import BERLIN, Availability, HoursUnclear, availability, in_words, read

ALWAYS = read(["täglich 00:00-24:00"])
OFFICE = read(["Mo-Do 08:00-20:00", "Fr 08:00-15:00"])
NIGHTS = read(["Fr,Sa 22:00-06:00"])


def berlin(year, month, day, hour=0, minute=0, *, fold=0):
    return datetime(year, month, day, hour, minute, tzinfo=BERLIN, fold=fold)


def test_within_the_hours_it_is_open_until_they_end():
    there = availability(OFFICE, berlin(2026, 11, 25, 19, 59))  # a Wednesday

    assert there.status == "open"
    assert there.until == berlin(2026, 11, 25, 20)


def test_the_end_no_longer_belongs_to_the_hours():
    there = availability(OFFICE, berlin(2026, 11, 25, 20))

    assert there.status == "closed"
    assert there.opens_next == berlin(2026, 11, 26, 8)


def test_after_friday_the_next_is_monday():
    assert availability(OFFICE, berlin(2026, 11, 27, 15)).opens_next == berlin(2026, 11, 30, 8)


def test_the_moment_may_come_in_any_time_zone():
    assert availability(OFFICE, datetime(2026, 11, 25, 7, 30, tzinfo=UTC)).status == "open"  # 8:30 in Berlin
    assert availability(OFFICE, datetime(2026, 11, 25, 6, 30, tzinfo=UTC)).status == "closed"


def test_around_the_clock_is_always_open_and_has_no_end():
    assert availability(ALWAYS, berlin(2026, 12, 24, 23, 59), on_holidays="as-usual") == Availability(
        "open", around_the_clock=True
    )


def test_without_hours_nothing_is_claimed():
    assert availability([], berlin(2026, 11, 25, 12)).status == "unknown"


@pytest.mark.parametrize(
    ("moment", "status"),
    [
        (berlin(2026, 11, 27, 21, 59), "closed"),
        (berlin(2026, 11, 27, 22), "open"),
        (berlin(2026, 11, 27, 23, 59), "open"),
        (berlin(2026, 11, 28, 0), "open"),
        (berlin(2026, 11, 28, 5, 59), "open"),
        (berlin(2026, 11, 28, 6), "closed"),
        (berlin(2026, 11, 29, 3), "open"),  # Saturday's night
        (berlin(2026, 11, 30, 3), "closed"),  # Sunday has none
    ],
)
def test_a_span_over_midnight_belongs_to_the_evening_it_begins(moment, status):
    assert availability(NIGHTS, moment).status == status


def test_the_night_from_sunday_to_monday_is_found():
    assert availability(read(["So 22:00-06:00"]), berlin(2026, 11, 30, 1)).status == "open"


def test_spans_that_touch_at_midnight_are_one():
    there = availability(read(["Fr 18:00-24:00", "Sa 00:00-08:00"]), berlin(2026, 11, 27, 23))

    assert there.until == berlin(2026, 11, 28, 8)


# --- Holidays ------------------------------------------------------------------------------------

CHRISTMAS = berlin(2026, 12, 25, 10)  # a Friday


def test_on_a_holiday_nobody_asked_about_nothing_is_claimed():
    there = availability(OFFICE, CHRISTMAS)

    assert there.status == "unknown"
    assert there.opens_next == berlin(2026, 12, 28, 8)


def test_a_line_closed_on_holidays_is_closed_and_says_when_next():
    assert availability(OFFICE, CHRISTMAS, on_holidays="closed") == Availability(
        "closed", opens_next=berlin(2026, 12, 28, 8)
    )


def test_a_line_open_as_usual_is_open_on_a_holiday():
    assert availability(OFFICE, CHRISTMAS, on_holidays="as-usual").status == "open"


def test_a_line_may_keep_sunday_hours_on_holidays():
    hours = read(["Mo-Sa 08:00-20:00", "So 10:00-12:00"])

    assert availability(hours, berlin(2026, 12, 25, 11), on_holidays="sunday").until == berlin(
        2026, 12, 25, 12
    )
    assert availability(hours, berlin(2026, 12, 25, 13), on_holidays="sunday").status == "closed"


def test_days_of_its_own_close_a_line_every_year():
    assert availability(OFFICE, berlin(2026, 12, 24, 10), closed_days=["12-24"]).status == "closed"
    assert availability(OFFICE, berlin(2027, 12, 23, 10), closed_days=["12-24"]).status == "open"
    assert (
        availability(ALWAYS, berlin(2026, 12, 24, 10), on_holidays="as-usual", closed_days=["12-24"]).status
        == "closed"
    )


def test_holidays_of_a_land_count_only_there():
    epiphany = berlin(2027, 1, 6, 10)  # a Wednesday

    assert availability(OFFICE, epiphany, on_holidays="closed", land="BY").status == "closed"
    assert availability(OFFICE, epiphany, on_holidays="closed", land="NW").status == "open"
    assert availability(OFFICE, epiphany, on_holidays="closed").status == "open"


def test_a_night_that_began_before_a_holiday_ends_as_it_began():
    hours = read(["täglich 22:00-06:00"])

    assert availability(hours, berlin(2026, 12, 25, 3), on_holidays="closed").status == "open"
    assert availability(hours, berlin(2026, 12, 27, 3), on_holidays="closed").status == "closed"


# --- Summer time ---------------------------------------------------------------------------------


def test_the_lost_hour_in_spring_shortens_the_night_only():
    hours = read(["Sa 22:00-06:00"])

    assert availability(hours, berlin(2026, 3, 29, 1, 59)).status == "open"
    assert availability(hours, datetime(2026, 3, 29, 1, 0, tzinfo=UTC)).until == berlin(
        2026, 3, 29, 6
    )  # 3:00 summer time
    assert availability(hours, berlin(2026, 3, 29, 6)).status == "closed"


def test_the_doubled_hour_in_autumn_is_open_both_times():
    hours = read(["Sa 22:00-06:00"])

    assert availability(hours, berlin(2026, 10, 25, 2, 30, fold=0)).status == "open"
    assert availability(hours, berlin(2026, 10, 25, 2, 30, fold=1)).status == "open"
    assert availability(hours, berlin(2026, 10, 25, 5, 59)).status == "open"


def test_hours_keep_their_wall_clock_after_the_clocks_changed():
    assert availability(OFFICE, datetime(2026, 3, 27, 7, 30, tzinfo=UTC)).status == "open"  # 8:30 winter time
    assert (
        availability(OFFICE, datetime(2026, 3, 30, 5, 30, tzinfo=UTC)).status == "closed"
    )  # 7:30 summer time
    assert availability(OFFICE, datetime(2026, 3, 30, 6, 30, tzinfo=UTC)).status == "open"


# --- Words ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "said"),
    [
        (["täglich 00:00-24:00"], "rund um die Uhr"),
        (["täglich 07:00-22:00"], "täglich 7–22 Uhr"),
        (["Mo-Do 08:00-20:00", "Fr 08:00-15:00"], "Mo–Do 8–20 Uhr, Fr 8–15 Uhr"),
        (["Mo,Mi,Fr 09:00-14:00", "Di,Do 15:00-20:00"], "Mo, Mi, Fr 9–14 Uhr; Di, Do 15–20 Uhr"),
        (["Mo-Fr 08:30-12:00", "Mo-Fr 13:00-16:30"], "Mo–Fr 8:30–12 und 13–16:30 Uhr"),
        ([], ""),
    ],
)
def test_hours_are_said_as_people_say_them(written, said):
    assert in_words(read(written)) == said


@pytest.mark.parametrize(
    "written",
    [
        ["So 22:00-06:00", "Mo 05:00-08:00"],
        ["Mo-Mi,Di 08:00-09:00"],
        ["täglich 24:00-08:00"],
        ["Mo  08:00-09:00"],
    ],
)
def test_hours_that_could_be_misread_are_refused(written):
    with pytest.raises(HoursUnclear):
        read(written)


@given(
    st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-01-01")),
    st.sampled_from(["as-usual", "closed", "sunday", "unknown"]),
)
def test_what_is_promised_holds_at_any_moment(naive, rule):
    at = naive.replace(tzinfo=UTC)

    for spans in (OFFICE, NIGHTS, read(["täglich 10:00-10:30"])):
        there = availability(spans, at, on_holidays=rule)
        if there.status == "open":
            assert there.until > at
            assert availability(spans, there.until, on_holidays=rule).status != "open"
        if there.opens_next:
            assert there.opens_next > at
            assert availability(spans, there.opens_next, on_holidays=rule).status == "open"
