"""Sending: at least once, retried by the clock, one bad message in nobody's way."""

import uuid
from itertools import pairwise

import pytest
from django.db import DatabaseError

from kontaktstelle.mailroom import carriers, delivery, figures, outbox
from kontaktstelle.mailroom.carriers import Never, NotNow
from kontaktstelle.mailroom.lifecycle import Kind, Reason, Status
from kontaktstelle.mailroom.models import Dispatch, Outage
from kontaktstelle.mailroom.signals import bounced
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.tenancy import across_offices
from kontaktstelle.privacy import fields
from support.nights import night

from .conftest import DAY, HOUR, KARLA, MINUTE, MONDAY

pytestmark = pytest.mark.django_db
THING = uuid.UUID("00000000-0000-4000-8000-00000000000a")


@pytest.fixture(autouse=True)
def still_clock(monkeypatch):
    """Time passes only by `at`."""
    monkeypatch.setattr(delivery.time, "monotonic", lambda: 0.0)


@pytest.fixture
def told():
    """What `bounced` told."""
    heard = []

    def hear(sender, **news):
        heard.append((news["number"], news["about"], news["reason"]))

    bounced.connect(hear)
    yield heard
    bounced.disconnect(hear)


def the_row():
    return Dispatch.unscoped.get()


class TestRetries:
    def test_a_message_not_taken_is_tried_after_longer_and_longer_waits_for_three_days(
        self, put, postbag, told
    ):
        number = put(about=THING)
        tried, now = [], MONDAY
        postbag.answers = [NotNow(451)] * 1000
        while the_row().status == Status.WAITING:
            now = the_row().next_at
            delivery.work_once(now)
            tried.append(now - MONDAY)

        assert tried[:5] == [0 * MINUTE, MINUTE, 3 * MINUTE, 7 * MINUTE, 15 * MINUTE]
        assert max(later - earlier for earlier, later in pairwise(tried)) == 6 * HOUR
        assert 3 * DAY <= tried[-1] < 3 * DAY + 6 * HOUR
        assert postbag.taken == []
        assert (the_row().reason, the_row().reply_code) == (Reason.GIVEN_UP, 451)
        assert told == [(number, THING, Reason.GIVEN_UP)]

    def test_it_is_not_tried_before_its_time(self, put, postbag):
        put()
        postbag.answers = [NotNow(450)]
        delivery.work_once(MONDAY)
        assert delivery.work_once(MONDAY + MINUTE - MINUTE / 60) == 0
        assert delivery.work_once(MONDAY + MINUTE) == 1

    def test_the_next_try_sends_the_same_bytes(self, put, postbag):
        put()
        lost = NotNow(0)
        lost.after = True  # the server took it, the line broke before its answer came
        postbag.answers = [lost]
        delivery.work_once(MONDAY)
        delivery.work_once(MONDAY + 5 * HOUR)

        assert len(postbag.taken) == 2
        assert postbag.taken[0] == postbag.taken[1]

    def test_a_refusal_for_good_is_told_at_once(self, put, postbag, told):
        number = put(about=THING)
        postbag.answers = [Never(550)]
        assert delivery.work_once(MONDAY) == 0
        assert (the_row().status, the_row().reply_code) == (Status.FAILED, 550)
        assert told == [(number, THING, Reason.REFUSED)]
        assert delivery.work_once(MONDAY + DAY) == 0

    def test_a_machine_that_was_off_for_a_week_first_tries(self, put, postbag):
        put()
        postbag.answers = [NotNow(450)]
        delivery.work_once(MONDAY + 7 * DAY)
        assert the_row().status == Status.WAITING
        assert delivery.work_once(MONDAY + 7 * DAY + MINUTE) == 1


class TestOutage:
    def test_while_the_server_is_away_nothing_is_lost_and_no_try_counts(self, put, postbag):
        for _ in range(3):
            put()
        postbag.away = Outage.Cause.UNREACHABLE
        for minute in range(60):
            assert delivery.work_once(MONDAY + minute * MINUTE) == 0
        assert set(Dispatch.unscoped.values_list("status", "tries")) == {(Status.WAITING, 0)}
        assert Outage.objects.get().since == MONDAY
        assert Outage.objects.get().tries < 15

        postbag.away = None
        sent = [minute for minute in range(60, 75) if delivery.work_once(MONDAY + minute * MINUTE)]
        assert sent, "all is out a quarter of an hour after the server's return"
        assert len(postbag.taken) == 3
        assert not Outage.objects.exists()

    def test_after_three_days_without_a_server_the_desk_is_told(self, put, postbag, told):
        number = put()
        postbag.away = Outage.Cause.CERTIFICATE
        for hour in range(3 * 24 + 1):
            delivery.work_once(MONDAY + hour * HOUR)
        assert told == [(number, None, Reason.GIVEN_UP)]

    def test_it_is_seen_by_whoever_looks(self, put, postbag):
        put()
        assert figures.trouble(at=MONDAY) is None
        postbag.away = Outage.Cause.SIGN_IN
        delivery.work_once(MONDAY)
        seen = figures.trouble(at=MONDAY + HOUR)
        assert seen == figures.Trouble("Der Mail-Server nimmt Benutzer und Kennwort nicht an.", MONDAY, 1)

    def test_post_that_nobody_sends_is_seen_after_a_quarter_of_an_hour(self, put):
        put()
        assert figures.trouble(at=MONDAY + 14 * MINUTE) is None
        assert figures.trouble(at=MONDAY + 15 * MINUTE) == figures.Trouble("", MONDAY, 1)

    def test_three_broken_lines_end_a_round_and_the_others_go_in_the_next(self, put, postbag):
        for _ in range(8):
            put()
        postbag.answers = [NotNow(0)] * 3
        assert delivery.work_once(MONDAY) == 0
        assert delivery.work_once(MONDAY + MINUTE / 60) == 5


class TestPoison:
    def poison_by(self, number, how):
        row = Dispatch.unscoped.get(pk=number)
        if how == "changed":
            changed = bytearray(row.recipient_sealed)
            changed[-1] ^= 1
            row.recipient_sealed = bytes(changed)
        elif how == "another row's":
            row.recipient_sealed = Dispatch.unscoped.exclude(pk=number).first().recipient_sealed
        elif how == "no json":
            row.content = "{"
        else:
            row.recipient = how
        with across_offices():
            row.save()

    @pytest.mark.parametrize(
        "how",
        [
            "changed", "another row's", "no json", "", "karla@example.org,x@evil.example", "karla@example.org\r\nBcc: x@evil.example", "karla@example.org\nx@evil.example", "Karla <karla@example.org>",
        ],
    )  # fmt: skip
    def test_a_message_that_is_not_for_exactly_one_recipient_goes_to_nobody_and_delays_nobody(
        self, put, postbag, told, how
    ):
        bad = put()
        for _ in range(3):
            put()
        self.poison_by(bad, how)

        assert delivery.work_once(MONDAY) == 3
        assert {to for to, _, _ in postbag.taken} == {KARLA.text}
        assert not [
            content for _, _, content in postbag.taken if b"evil" in content or bad.hex.encode() in content
        ]
        assert told == [(bad, None, Reason.POISON)]
        assert delivery.work_once(MONDAY + DAY) == 0

    def test_a_fault_nobody_thought_of_is_put_aside_and_not_tried_for_ever(self, put, postbag, told):
        put(), put()
        postbag.answers = [RuntimeError("Karla Kanarienvogel")]
        assert delivery.work_once(MONDAY) == 1
        assert [reason for _, _, reason in told] == [Reason.POISON]

    def test_the_log_tells_the_class_and_nothing_of_the_message(self, put, postbag, caplog):
        from kontaktstelle.privacy.logs import AllowListFormatter

        put()
        postbag.answers = [RuntimeError("karla@example.org")]
        with caplog.at_level("DEBUG"):
            delivery.work_once(MONDAY)
        lines = "".join(AllowListFormatter().format(record) for record in caplog.records)
        assert "RuntimeError" in lines
        assert "karla" not in lines

    def test_a_database_that_is_away_is_no_fault_of_the_message(self, put, postbag):
        put()
        postbag.answers = [DatabaseError("locked")]
        with pytest.raises(DatabaseError):
            delivery.work_once(MONDAY)
        assert the_row().status == Status.WAITING
        assert delivery.work_once(MONDAY + 6 * MINUTE) == 1

    def test_a_key_that_is_away_is_waited_for(self, put, monkeypatch):
        from kontaktstelle.privacy.keys import KeyUnavailable

        put()
        with monkeypatch.context() as patch:
            patch.setattr(fields, "unseal", lambda *_, **__: (_ for _ in ()).throw(KeyUnavailable("weg")))
            assert delivery.work_once(MONDAY) == 0
        assert delivery.work_once(MONDAY + MINUTE) == 1


@pytest.mark.usefixtures("postbag")
class TestLease:
    def test_a_message_in_hand_is_not_taken_by_another(self, put):
        put()
        assert delivery._lease(MONDAY) is not None
        assert delivery._lease(MONDAY + 4 * MINUTE) is None
        assert delivery.work_once(MONDAY + 4 * MINUTE) == 0
        assert delivery.work_once(MONDAY + 5 * MINUTE) == 1

    def test_who_was_too_slow_does_not_hand_over_any_more(self, put):
        put()
        slow = delivery._lease(MONDAY)
        other = delivery._lease(MONDAY + 5 * MINUTE)
        assert not delivery._is_mine(slow, MONDAY + 5 * MINUTE)
        assert delivery._is_mine(other, MONDAY + 5 * MINUTE)
        assert not delivery._is_mine(other, MONDAY + 9 * MINUTE + MINUTE / 2), (
            "too little is left for the answer"
        )

    def test_who_was_too_slow_does_not_undo_what_another_did(self, put):
        put()
        slow = delivery._lease(MONDAY)
        other = delivery._lease(MONDAY + 5 * MINUTE)
        delivery._mark_sent(other, at=MONDAY + 5 * MINUTE)
        delivery._later(slow, None, at=MONDAY + 6 * MINUTE)
        delivery._fail(delivery._mine(slow), Reason.POISON, at=MONDAY)
        assert the_row().status == Status.SENT

    def test_the_oldest_goes_first(self, put, postbag):
        later, first = put(at=MONDAY + MINUTE), put(at=MONDAY)
        delivery.work_once(MONDAY + HOUR)
        assert [message_id[1:33] for _, message_id, _ in postbag.taken] == [first.hex, later.hex]

    def test_a_round_ends_so_that_the_worker_hears_when_to_stop(self, put, monkeypatch):
        for _ in range(5):
            put()
        passed = iter(range(0, 1000, 2))
        monkeypatch.setattr(delivery.time, "monotonic", lambda: next(passed))
        assert 0 < delivery.work_once(MONDAY) < 5


class TestErased:
    def test_the_bare_fact_stays_thirty_days(self, put):
        put()
        delivery.work_once(MONDAY)
        assert night(at=MONDAY + 30 * DAY - HOUR) == {}
        assert night(at=MONDAY + 30 * DAY) == {"mailroom.dispatch": 1}
        assert not Dispatch.unscoped.exists()

    def test_the_content_of_a_failed_message_stays_a_week(self, put, postbag):
        put()
        postbag.answers = [Never(550)]
        delivery.work_once(MONDAY)
        assert night(at=MONDAY + 7 * DAY - HOUR) == {}
        assert the_row().recipient == KARLA.text
        assert night(at=MONDAY + 7 * DAY) == {"mailroom.dispatch": 1}
        assert the_row().recipient_sealed is the_row().content_sealed is None
        assert night(at=MONDAY + 7 * DAY) == {}
        assert the_row().status == Status.FAILED

    def test_what_still_waits_is_never_erased(self, put):
        put(not_before=MONDAY + 90 * DAY)
        assert night(at=MONDAY + 80 * DAY) == {}

    def test_mails_in_the_folder_are_not_kept_either(self, put, mail_folder):
        import os

        number = put()
        delivery.work_once(MONDAY)
        file = mail_folder / f"{number.hex}.eml"
        os.utime(file, (MONDAY.timestamp(), MONDAY.timestamp()))
        carriers.clear_folder(before=MONDAY - DAY)
        assert file.exists()
        carriers.clear_folder(before=MONDAY + DAY)
        assert not file.exists()


def test_one_worker_sends_for_all_offices_each_in_its_own_name(put, office, office_elsewhere, postbag):
    put()
    put(sender=letterhead(office_elsewhere))
    assert delivery.work_once(MONDAY) == 2
    assert {content.split(b"\r\n")[2] for _, _, content in postbag.taken} == {
        f"Reply-To: {each.email}".encode() for each in (office, office_elsewhere)
    }


def test_a_mail_account_sends_and_the_office_is_answered(put, postbag, settings, office):
    settings.MAIL_FROM = "post@konto.example"
    put()
    delivery.work_once(MONDAY)
    head = postbag.taken[0][2].split(b"\r\n")
    assert head[0] == f'From: "{office.name}" <post@konto.example>'.encode()
    assert head[2] == f"Reply-To: {office.email}".encode()
    assert postbag.taken[0][1].endswith("@konto.example>")


def test_kinds_are_what_they_say():
    assert [kind.label for kind in Kind] == ["einzeln", "Frist", "Sammelpost"]
    assert outbox.way_of(KARLA).label == "E-Mail"
