"""Sammelpost: gathered, on two days a month, never a third; deadlines go at once."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.mailroom import bundling, delivery, letters
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Kind, Reason, Status
from kontaktstelle.mailroom.models import Dispatch, Enclosure
from kontaktstelle.mailroom.pace import BERLIN
from kontaktstelle.mailroom.wording import WordingWrong
from kontaktstelle.organisation.tenancy import across_offices, acting_for

from .conftest import DAY, HOUR, KARLAS_HOME, MINUTE, MONDAY, SECRET

pytestmark = pytest.mark.django_db
GROUP, OTHER = uuid.uuid4(), uuid.uuid4()
FIFTEENTH = datetime(2026, 3, 15, 8, tzinfo=BERLIN)


def test_what_is_gathered_leaves_as_one_mail_on_the_posting_day(news, postbag):
    news(GROUP, secret="a" * 32)
    news(GROUP, secret="b" * 32, at=MONDAY + DAY)
    news(OTHER, secret="c" * 32)

    assert delivery.work_once(FIFTEENTH - MINUTE) == 0
    assert delivery.work_once(FIFTEENTH) == 2
    together = next(content for _, _, content in postbag.taken if b"a" * 32 in content)
    assert b"b" * 32 in together
    assert b"c" * 32 not in together
    assert together.index(b"a" * 32) < together.index(b"b" * 32)
    assert not Enclosure.unscoped.exists()


def test_a_deadline_does_not_wait(news, put, postbag):
    news(GROUP)
    put(
        "mailroom/mail/answer_wanted",
        kind=Kind.DEADLINE,
        about=GROUP,
        path=f"/antwort/{SECRET}/",
        until=date(2026, 3, 24),
    )
    assert delivery.work_once(MONDAY) == 1
    assert b"24.03.2026" in postbag.taken[0][2]


def test_it_goes_to_the_recipient_named_last_and_to_nobody_else(news, postbag):
    news(GROUP, MailAddress("frueher@example.org"))
    news(GROUP, MailAddress("jetzt@example.org"), at=MONDAY + DAY)
    delivery.work_once(FIFTEENTH)
    assert [to for to, _, _ in postbag.taken] == ["jetzt@example.org"]
    assert b"frueher" not in postbag.taken[0][2]


def test_for_a_group_without_mail_it_becomes_one_letter(news, office):
    news(GROUP, KARLAS_HOME)
    news(GROUP, KARLAS_HOME, at=MONDAY + DAY)
    delivery.work_once(FIFTEENTH)
    with acting_for(office):
        assert len(letters.letters_to_print(at=FIFTEENTH)) == 1


def test_the_same_said_twice_is_said_once(news, postbag):
    news(GROUP, secret=SECRET)
    news(GROUP, secret=SECRET, at=MONDAY + HOUR)
    delivery.work_once(FIFTEENTH)
    assert postbag.taken[0][2].count(SECRET.encode()) == 1


def test_what_is_not_to_go_before_a_day_waits_for_the_posting_after_it(news, postbag):
    news(GROUP, not_before=datetime(2026, 4, 2, tzinfo=UTC))
    assert delivery.work_once(datetime(2026, 4, 1, 12, tzinfo=UTC)) == 0
    assert delivery.work_once(datetime(2026, 4, 15, 12, tzinfo=UTC)) == 1


def test_a_worker_that_was_away_over_a_posting_makes_it_up_once(news, postbag):
    news(GROUP)
    news(GROUP, at=MONDAY + 10 * DAY)
    assert delivery.work_once(datetime(2026, 4, 3, 12, tzinfo=UTC)) == 1
    assert delivery.work_once(datetime(2026, 4, 3, 13, tzinfo=UTC)) == 0


def test_what_cannot_be_read_is_shown_and_stops_nobody_elses(news, postbag):
    news(GROUP), news(OTHER)
    bad = Enclosure.unscoped.get(about=GROUP)
    bad.content_sealed = bytes(bad.content_sealed)[:-1] + bytes([bytes(bad.content_sealed)[-1] ^ 1])
    with across_offices():
        bad.save()
    assert delivery.work_once(FIFTEENTH) == 1
    assert Dispatch.unscoped.get(about=GROUP).reason == Reason.POISON
    assert Dispatch.unscoped.get(about=OTHER).status == Status.SENT


def test_pieces_after_a_clock_that_went_back_wait_for_the_next_posting(news, postbag):
    news(GROUP)
    delivery.work_once(FIFTEENTH)
    news(GROUP, at=MONDAY)
    assert delivery.work_once(FIFTEENTH + HOUR) == 0
    assert delivery.work_once(datetime(2026, 4, 1, 12, tzinfo=UTC)) == 1


def test_sammelpost_belongs_to_a_group(put):
    with pytest.raises(WordingWrong):
        put("mailroom/mail/news_on_the_site", kind=Kind.BUNDLED, path=f"/post/{SECRET}/")


START = datetime(2026, 1, 1, 12, tzinfo=UTC)
EVENTS = st.lists(st.tuples(st.integers(0, 120 * 24), st.booleans()), min_size=1, max_size=30)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(EVENTS)
def test_nobody_gets_three_in_a_month_and_nothing_is_lost(news, postbag, events):
    """Whenever something is queued and whenever the worker runs."""
    Dispatch.unscoped.all().delete(), Enclosure.unscoped.all().delete(), postbag.taken.clear()
    secrets, sent = [], []
    for hour, is_news in [*sorted(events), (200 * 24, False)]:
        now = START + timedelta(hours=hour)
        if is_news:
            secrets.append(uuid.uuid4().hex)
            news(GROUP, secret=secrets[-1], at=now)
        else:
            sent += [now.astimezone(BERLIN).date()] * delivery.work_once(now)

    months = [(day.year, day.month) for day in sent]
    assert all(months.count(month) <= 2 for month in months)
    told = b"".join(content for _, _, content in postbag.taken)
    assert all(told.count(secret.encode()) == 1 for secret in secrets)
    assert bundling.gather(at=START + 300 * DAY) == 0
