"""When: two posting days a month, a minute to six hours between tries."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.mailroom import pace
from kontaktstelle.mailroom.pace import BERLIN, Posting

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2031, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001 - as hypothesis wants them


@pytest.mark.parametrize(
    ("queued", "goes"),
    [
        (datetime(2026, 3, 9, 9, tzinfo=UTC), date(2026, 3, 15)),
        (datetime(2026, 3, 15, 0, 1, tzinfo=BERLIN), date(2026, 4, 1)),
        (datetime(2026, 3, 14, 23, 30, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 3, 14, 22, 30, tzinfo=UTC), date(2026, 3, 15)),
        (datetime(2026, 3, 31, 9, tzinfo=UTC), date(2026, 4, 1)),
        (datetime(2026, 12, 20, 9, tzinfo=UTC), date(2027, 1, 1)),
        (datetime(2028, 2, 29, 9, tzinfo=UTC), date(2028, 3, 1)),
    ],
)
def test_what_is_gathered_goes_on_the_next_posting_day(queued, goes):
    assert pace.next_posting(queued).day == goes


@given(MOMENTS)
def test_a_posting_is_ahead_and_no_more_than_three_weeks_away(moment):
    posting = pace.next_posting(moment)
    assert timedelta() < posting.at - moment <= timedelta(days=19)
    assert pace.latest_posting(posting.at) == posting


@given(MOMENTS)
def test_the_latest_posting_has_come_and_none_came_after_it(moment):
    latest = pace.latest_posting(moment)
    assert latest.at <= moment < pace.next_posting(latest.at).at
    assert latest < pace.next_posting(moment)


def test_a_posting_is_at_eight_in_the_morning_in_summer_and_winter():
    assert Posting(202607, 1).at.astimezone(UTC).hour == 6
    assert Posting(202601, 1).at.astimezone(UTC).hour == 7


def test_waits_double_from_a_minute_to_six_hours():
    minutes = [pace.wait_after(tries) / timedelta(minutes=1) for tries in range(1, 12)]
    assert minutes == [1, 2, 4, 8, 16, 32, 64, 128, 256, 360, 360]
    assert pace.wait_after(10_000) == timedelta(hours=6)


def test_a_server_that_was_away_is_asked_again_within_a_quarter_of_an_hour():
    assert max(pace.outage_wait(tries) for tries in range(1, 500)) < timedelta(minutes=15)
