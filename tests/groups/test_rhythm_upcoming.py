"""The dates a person sees are dates on which the group meets, checked day by day without the library that made them."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import holidays
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kontaktstelle.groups.rhythm import Rhythm, all_day, read, upcoming

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LANDS = ("BB", "BE", "BW", "BY", "HB", "HE", "HH", "MV", "NI", "NW", "RP", "SH", "SL", "SN", "ST", "TH")
DAY = timedelta(days=1)

days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
weekday_codes = st.sets(st.sampled_from(CODES), min_size=1).map(sorted)
ordinal_codes = st.sets(
    st.tuples(st.sampled_from((1, 2, 3, 4, 5, -1, -2)), st.sampled_from(CODES)).map(
        lambda pair: f"{pair[0]}{pair[1]}"
    ),
    min_size=1,
    max_size=3,
).map(sorted)
months = st.sets(st.integers(1, 12), min_size=4).map(sorted)


def rhythm(*rules, exceptions=(), start="19:00", anchored=True):
    return Rhythm(understood=True, rules=rules, exceptions=exceptions, start=start, anchored=anchored)


def written(freq, *, interval=1, months=(), byday=()):
    return ";".join(
        [
            f"FREQ={freq}",
            *([f"INTERVAL={interval}"] if interval > 1 else []),
            *(["BYMONTH=" + ",".join(map(str, months))] if months else []),
            *(["BYDAY=" + ",".join(byday)] if byday else []),
        ]
    )


def falls_on(code, day):
    """Whether a day is e.g. the third or last Tuesday of its month, counted on the calendar sheet."""
    if CODES[day.weekday()] != code[-2:]:
        return False
    number = int(code[:-2])
    if number > 0:
        return (day.day + 6) // 7 == number
    return (monthrange(day.year, day.month)[1] - day.day) // 7 == -number - 1


def meets(day, *, freq, interval=1, months=(), byday=(), first=None):
    if months and day.month not in months:
        return False
    if first and day < first:
        return False
    if freq == "WEEKLY":
        apart = ((day - DAY * day.weekday()) - (first - DAY * first.weekday())).days // 7 if first else 0
        return CODES[day.weekday()] in byday and apart % interval == 0
    apart = (day.year - first.year) * 12 + day.month - first.month if first else 0
    return apart % interval == 0 and any(falls_on(code, day) for code in byday)


def day_by_day(after, limit, *, is_met, until=date(2032, 1, 1)):
    found, day = [], after
    while len(found) < limit and day < until:
        if is_met(day):
            found.append(day)
        day += DAY
    return found


def shown(reading, **asked):
    return [moment.date() for moment in upcoming(reading, **{"land": "NW", **asked})]


@settings(max_examples=120, deadline=None)
@given(days, weekday_codes, st.just(()) | months)
def test_a_weekly_group_meets_on_every_day_shown_and_on_none_between(after, byday, months):
    rule = {"freq": "WEEKLY", "byday": byday, "months": months}

    expected = day_by_day(after, 6, is_met=lambda day: meets(day, **rule))

    assert shown(rhythm(written("WEEKLY", months=months, byday=byday)), after=after, limit=6) == expected


@settings(max_examples=120, deadline=None)
@given(days, ordinal_codes, st.just(()) | months)
def test_a_monthly_group_meets_on_every_day_shown_and_on_none_between(after, byday, months):
    rule = {"freq": "MONTHLY", "byday": byday, "months": months}

    expected = day_by_day(after, 4, is_met=lambda day: meets(day, **rule), until=after + 5 * 365 * DAY)

    assert (
        shown(rhythm(written("MONTHLY", months=months, byday=byday)), after=after, limit=4)[: len(expected)]
        == expected
    )


@settings(max_examples=120, deadline=None)
@given(days, st.integers(0, 500), st.integers(2, 8), weekday_codes, st.just(()) | months)
def test_every_second_week_is_counted_from_the_date_staff_entered(first, later, interval, byday, months):
    rule = {"freq": "WEEKLY", "interval": interval, "byday": byday, "months": months}
    assume(CODES[first.weekday()] in byday)
    assume(not months or first.month in months)
    after = first + DAY * (later - 50)
    reading = rhythm(written(**rule), anchored=False)

    expected = day_by_day(after, 5, is_met=lambda day: meets(day, first=first, **rule))

    assert shown(reading, after=after, limit=5, first=first) == expected
    assert shown(reading, after=after, limit=5) == []


@settings(max_examples=120, deadline=None)
@given(days, st.integers(0, 500), st.integers(2, 6), ordinal_codes)
def test_every_second_month_is_counted_from_the_date_staff_entered(day, later, interval, byday):
    first = next(
        (met for met in (day + DAY * step for step in range(400)) if any(falls_on(c, met) for c in byday)),
        day,
    )
    assume(any(falls_on(code, first) for code in byday))
    rule = {"freq": "MONTHLY", "interval": interval, "byday": byday}
    after = first + DAY * (later - 50)
    reading = rhythm(written(**rule), anchored=False)

    expected = day_by_day(
        after, 3, is_met=lambda met: meets(met, first=first, **rule), until=after + 5 * 365 * DAY
    )

    assert shown(reading, after=after, limit=3, first=first)[: len(expected)] == expected
    assert shown(reading, after=after, limit=3) == []


@settings(max_examples=60, deadline=None)
@given(days, st.sampled_from(CODES), st.sampled_from(["odd-weeks", "even-weeks"]))
def test_even_weeks_stay_even_over_a_year_with_53_weeks(after, code, left_out):
    reading = rhythm(f"FREQ=WEEKLY;INTERVAL=2;BYDAY={code}", exceptions=(left_out,))
    odd = left_out == "even-weeks"

    expected = day_by_day(
        after, 30, is_met=lambda day: CODES[day.weekday()] == code and day.isocalendar().week % 2 == odd
    )

    assert shown(reading, after=after, limit=30) == expected


def test_after_week_53_the_group_of_odd_weeks_meets_two_weeks_running():
    reading = read("donnerstags in ungeraden KW")

    assert shown(reading, after=date(2026, 12, 25)) == [
        date(2026, 12, 31),
        date(2027, 1, 7),
        date(2027, 1, 21),
    ]


@pytest.mark.parametrize("land", LANDS)
def test_nobody_is_sent_out_in_the_school_holidays_or_beyond_those_that_are_known(land):
    school = holidays.country_holidays("DE", subdiv=land, categories="school", years=range(2025, 2060))
    last = max(school)
    reading = read("jeden Dienstag 19 Uhr, nicht in den Schulferien")

    found = shown(reading, after=date(2025, 1, 1), land=land, limit=10_000)

    assert found == day_by_day(
        date(2025, 1, 1),
        10_000,
        is_met=lambda day: day.weekday() == 1 and day not in school,
        until=last + DAY,
    )
    assert found[-1] <= last
    assert last.year >= 2028


def test_summer_holidays_alone_leave_the_autumn_open():
    reading = read("jeden Dienstag 19 Uhr, entfällt in den Sommerferien")

    found = shown(reading, after=date(2026, 7, 1), limit=20)

    assert found[:4] == [date(2026, 7, 7), date(2026, 7, 14), date(2026, 9, 8), date(2026, 9, 15)]
    assert date(2026, 10, 20) in found


def test_the_language_of_the_server_does_not_open_the_door_in_the_holidays(monkeypatch):
    from kontaktstelle.groups.rhythm import ahead

    ahead._school_holidays.cache_clear()
    monkeypatch.setenv("LANG", "uk_UA.UTF-8")
    monkeypatch.setenv("LANGUAGE", "uk")

    assert date(2026, 8, 4) not in shown(
        read("dienstags, außer in den Sommerferien"), after=date(2026, 8, 1), limit=2
    )

    ahead._school_holidays.cache_clear()


def test_a_land_nobody_knows_gives_no_dates_that_depend_on_it():
    assert shown(read("dienstags, nicht in den Ferien"), after=date(2026, 1, 1), land="XX") == []
    assert shown(read("dienstags, nicht an Feiertagen"), after=date(2026, 1, 1), land="") == []
    assert len(shown(read("dienstags"), after=date(2026, 1, 1), land="XX")) == 3
    assert shown(read("dienstags, nicht in den Ferien"), after=date(2026, 1, 1), land="nw") != []


def test_public_holidays_are_those_of_the_land():
    reading = read("donnerstags, nicht an Feiertagen")

    assert shown(reading, after=date(2026, 6, 4), land="NW", limit=1) == [date(2026, 6, 11)]
    assert shown(reading, after=date(2026, 6, 4), land="BE", limit=1) == [date(2026, 6, 4)]
    # Corpus Christi is a holiday in some Saxon communities only: better no date than a wrong one.
    assert shown(reading, after=date(2026, 6, 4), land="SN", limit=1) == [date(2026, 6, 11)]


def test_the_clock_change_moves_no_meeting():
    found = upcoming(read("sonntags 19 Uhr"), after=date(2026, 3, 22), land="NW", limit=2)

    assert [moment.isoformat() for moment in found] == [
        "2026-03-22T19:00:00+01:00",
        "2026-03-29T19:00:00+02:00",
    ]
    assert [moment.astimezone(UTC).hour for moment in found] == [18, 17]


def test_a_meeting_today_is_still_shown_and_none_before():
    assert shown(read("montags"), after=date(2026, 1, 5), limit=1) == [date(2026, 1, 5)]
    assert shown(read("5. Januar 2026"), after=date(2026, 1, 5)) == [date(2026, 1, 5)]
    assert shown(read("5. Januar 2026"), after=date(2026, 1, 6)) == []
    assert shown(read("montags"), after=date(2026, 1, 5), limit=0) == []


def test_a_cancelled_day_is_not_shown():
    cancelled = {date(2026, 1, 12)}

    assert shown(read("montags"), after=date(2026, 1, 5), limit=2, cancelled=cancelled) == [
        date(2026, 1, 5),
        date(2026, 1, 19),
    ]


def test_a_group_that_starts_later_has_no_meeting_before():
    assert shown(read("montags"), after=date(2026, 1, 5), limit=1, first=date(2026, 2, 2)) == [
        date(2026, 2, 2)
    ]


def test_a_first_date_that_contradicts_the_rule_gives_no_dates():
    assert shown(read("14-tägig montags"), after=date(2026, 1, 1), first=date(2026, 1, 6)) == []
    assert shown(read("alle 2 Monate am 1. Montag"), after=date(2026, 1, 1), first=date(2026, 1, 12)) == []


@pytest.mark.parametrize(
    "text", ["einmal im Monat freitags", "vierteljährlich", "zweimal im Jahr", "alle 4 bis 6 Wochen"]
)
def test_a_day_that_is_not_stated_is_never_made_up(text):
    first = date(2026, 1, 9)

    assert shown(read(text), after=date(2026, 1, 1)) == []
    assert shown(read(text), after=date(2026, 1, 1), first=first) == [first]
    assert shown(read(text), after=date(2026, 1, 10), first=first) == []


def test_the_weekday_of_a_weekly_group_comes_from_its_first_date():
    found = shown(read("alle 3 Wochen"), after=date(2026, 1, 10), first=date(2026, 1, 9), limit=2)

    assert found == [date(2026, 1, 30), date(2026, 2, 20)]


def test_dates_without_a_year_belong_to_no_year_until_staff_say_so():
    reading = read("14. und 21. Dezember sowie 11. Januar, 16 Uhr")

    assert shown(reading, after=date(2025, 12, 1)) == []
    assert shown(reading, after=date(2025, 12, 1), first=date(2025, 12, 14)) == [
        date(2025, 12, 14),
        date(2025, 12, 21),
        date(2026, 1, 11),
    ]
    assert shown(reading, after=date(2025, 12, 1), first=date(2025, 12, 15)) == []
    leap = Rhythm(understood=True, dates=("--02-01", "--02-29"))
    assert shown(leap, after=date(2026, 1, 1), first=date(2026, 2, 1)) == [date(2026, 2, 1)]


def test_an_exception_nobody_can_compute_shows_no_dates_at_all():
    for text in ("montags, Sommerpause", "montags, außer Karneval"):
        assert shown(read(text), after=date(2026, 1, 1), first=date(2026, 1, 5)) == []


def test_months_left_out_of_a_bare_frequency_hold_for_its_first_date_too():
    reading = read("vier Treffen im Jahr, nicht im August")

    assert shown(reading, after=date(2026, 1, 1), first=date(2026, 8, 3)) == []


def test_two_rules_are_shown_in_one_order_and_each_day_once():
    found = shown(read("jeden Montag und jeden 1. Samstag im Monat"), after=date(2026, 1, 1), limit=4)

    assert found == [date(2026, 1, 3), date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19)]
    assert all(earlier < later for earlier, later in pairwise(found))


def test_daily_groups_and_rare_ones_end_somewhere():
    assert shown(read("täglich"), after=date(2026, 1, 1), limit=2) == [date(2026, 1, 1), date(2026, 1, 2)]
    assert shown(read("jeden 5. Montag im Februar"), after=date(2025, 1, 1), limit=50) == []


def test_a_date_without_a_time_says_so():
    assert all_day(read("montags"))
    assert not all_day(read("montags 19 Uhr"))
    assert (
        upcoming(read("montags"), after=date(2026, 1, 5), land="NW", limit=1)[0].time() == datetime.min.time()
    )


def test_a_text_nobody_understood_has_no_dates():
    assert shown(Rhythm(start="18:00"), after=date(2026, 1, 1), first=date(2026, 1, 1)) == []
