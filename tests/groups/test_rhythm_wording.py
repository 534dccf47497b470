"""What a page says about a rhythm is what was read: the words lead back to the same reading."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.groups.rhythm import Rhythm, from_json, read, wording
from kontaktstelle.groups.rhythm.shape import BREAKS, in_order, is_anchored

CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ORDINALS = (1, 2, 3, 4, 5, -2, -1)
HOLIDAYS = ("school-holidays", *BREAKS, "public-holidays", "summer-break", "other")

some_months = st.sets(st.integers(1, 12), min_size=1).map(sorted)
some_days = st.sets(st.sampled_from(range(7)), min_size=1).map(sorted)
quarter_hours = st.integers(6 * 4, 24 * 4 - 1)


def rule(freq, interval=1, months=None, days=()):
    parts = [f"FREQ={freq}"]
    if interval > 1:
        parts.append(f"INTERVAL={interval}")
    if months and len(months) < 12:
        parts.append("BYMONTH=" + ",".join(map(str, months)))
    if days:
        parts.append("BYDAY=" + ",".join(days))
    return ";".join(parts)


def plain(days):
    return tuple(CODES[day] for day in days)


def ordinal(pairs):
    return tuple(
        f"{number}{CODES[day]}" for number, day in sorted(pairs, key=lambda pair: (pair[0] < 0, *pair))
    )


ordinal_days = st.sets(st.tuples(st.sampled_from(ORDINALS), st.integers(0, 6)), min_size=1, max_size=4)
intervals = st.integers(2, 11)
no_months = st.none()
any_months = no_months | some_months


@st.composite
def _ordinals_of_one_day(draw):
    day = draw(st.integers(0, 6))
    return {(number, day) for number in draw(st.sets(st.sampled_from(ORDINALS), min_size=1, max_size=3))}


@st.composite
def _in_turn(draw):
    months = draw(st.permutations(range(1, 13)))
    cut = draw(st.integers(1, 11))
    first, second = draw(_ordinals_of_one_day()), draw(_ordinals_of_one_day())
    return (
        rule("MONTHLY", 1, sorted(months[:cut]), ordinal(first)),
        rule("MONTHLY", 1, sorted(months[cut:]), ordinal(second)),
    )


@st.composite
def _weekly_and_monthly(draw):
    weekly = draw(st.sets(st.integers(0, 6), min_size=1, max_size=2))
    other = draw(st.integers(0, 6).filter(lambda day: day not in weekly))
    numbers = draw(st.sets(st.sampled_from(ORDINALS), min_size=1, max_size=2))
    months = draw(any_months)
    monthly = ordinal({(number, other) for number in numbers})
    return rule("WEEKLY", 1, months, plain(sorted(weekly))), rule("MONTHLY", 1, months, monthly)


single_rules = st.one_of(
    st.builds(lambda months, days: rule("WEEKLY", 1, months, plain(days)), any_months, some_days),
    st.builds(
        lambda n, months, days: rule("WEEKLY", n, months, plain(days)), intervals, any_months, some_days
    ),
    st.builds(lambda n, months: rule("WEEKLY", n, months), intervals | st.just(1), any_months),
    st.builds(lambda months, days: rule("MONTHLY", 1, months, ordinal(days)), any_months, ordinal_days),
    st.builds(
        lambda n, months, days: rule("MONTHLY", n, months, ordinal(days)), intervals, any_months, ordinal_days
    ),
    st.builds(lambda n, months: rule("MONTHLY", n, months), intervals | st.just(1), any_months),
    st.builds(lambda n, months: rule("YEARLY", n, months), st.integers(1, 5), any_months),
    st.builds(lambda months: rule("DAILY", 1, months), any_months),
).map(lambda written: (written,))
rule_sets = single_rules | _in_turn() | _weekly_and_monthly()
frequencies = st.one_of(
    st.tuples(st.integers(2, 9), st.integers(1, 6), st.sampled_from("DWM")).map(
        lambda f: f"{f[0]}-{f[0] + f[1]}{f[2]}"
    ),
    st.tuples(st.integers(2, 12), st.sampled_from("WMQY")).map(lambda f: f"{f[0]}/{f[1]}"),
    st.tuples(st.integers(1, 9), st.integers(1, 6), st.sampled_from("WMQY")).map(
        lambda f: f"{f[0]}-{f[0] + f[1]}/{f[2]}"
    ),
)
full_dates = st.sets(st.dates(date(1950, 1, 1), date(2099, 12, 31)), min_size=1, max_size=8)
dates = full_dates.map(lambda days: tuple(day.isoformat() for day in sorted(days))) | st.lists(
    st.dates(date(2000, 1, 1), date(2000, 12, 31)).map(lambda day: f"--{day:%m-%d}"),
    min_size=1,
    max_size=8,
    unique=True,
).map(tuple)
times = st.one_of(
    st.just((None, None)),
    quarter_hours.map(lambda start: (start, None)),
    quarter_hours.map(lambda end: (None, end)),
    st.tuples(quarter_hours, quarter_hours).filter(lambda pair: pair[0] < pair[1]),
)


def _clock(quarters):
    return None if quarters is None else f"{quarters // 4:02}:{quarters % 4 * 15:02}"


@st.composite
def rhythms(draw):
    start, end = map(_clock, draw(times))
    exceptions = draw(st.sets(st.sampled_from(HOLIDAYS), max_size=3))
    what = draw(st.sampled_from(["rules", "weeks", "frequency", "dates"]))
    stated = Rhythm(understood=True, start=start, end=end)
    if what == "dates":
        stated = replace(stated, dates=draw(dates))
        return replace(stated, anchored=is_anchored(dates=stated.dates))
    if what == "frequency":
        left_out = draw(st.sets(st.integers(1, 12).map(lambda month: f"month-{month:02}"), max_size=3))
        return replace(stated, frequency=draw(frequencies), exceptions=in_order(exceptions | left_out))
    if what == "weeks":
        exceptions.add(draw(st.sampled_from(["odd-weeks", "even-weeks"])))
        rules = (rule("WEEKLY", 2, draw(any_months), plain(draw(st.lists(st.integers(0, 6), max_size=1)))),)
    else:
        rules = draw(rule_sets)
    stated = replace(stated, rules=rules, exceptions=in_order(exceptions))
    return replace(stated, anchored=is_anchored(rules, exceptions=stated.exceptions))


@settings(max_examples=300, deadline=None)
@given(rhythms())
def test_what_the_page_says_is_exactly_what_was_read(rhythm):
    said = wording(rhythm)

    assert read(said) == replace(rhythm, text=said)


@given(rhythms())
def test_a_stored_rhythm_comes_back_unchanged(rhythm):
    assert from_json(rhythm.as_json()) == rhythm


def test_a_group_stored_without_a_reading_is_one_nobody_understood():
    assert from_json({}) == Rhythm()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "Jeden 1. und 3. Dienstag um 19 Uhr (nicht in den Schulferien)",
            "jeden 1. und 3. Dienstag im Monat, 19 Uhr, nicht in den Schulferien",
        ),
        ("einmal im Monat freitags um 20 Uhr", "einmal im Monat freitags, 20 Uhr"),
        ("alle 14 Tage abends", "alle 2 Wochen, abends"),
        ("Dienstag, 1. März, um 20 Uhr", "Dienstag, 1. März, 20 Uhr"),
        ("Donnerstag, 14. und 21. Dezember", "Donnerstag, 14. Dezember und 21. Dezember"),
        ("12.05.26", "Dienstag, 12. Mai 2026"),
        ("montags in geraden KW", "montags in geraden Kalenderwochen"),
        ("von Oktober bis März montags", "jeden Montag von Oktober bis März"),
        ("jeden 1. Montag außer im Juli und August", "jeden 1. Montag im Monat, nicht im Juli und August"),
        ("vier Mal im Jahr", "4-mal im Jahr"),
        ("Mo.–Fr. 9–12 Uhr", "Montag bis Freitag, 9 bis 12 Uhr"),
        ("dienstags bis 20 Uhr", "jeden Dienstag, bis 20 Uhr"),
    ],
)
def test_nothing_a_visitor_needs_is_lost_in_the_wording(text, said):
    assert read(text).text == said
    assert read(said) == read(text)


def test_a_text_nobody_understood_gets_no_words():
    assert wording(Rhythm()) == ""
    assert wording(Rhythm(understood=True, frequency="unbekannt")) == ""
