"""Over the line: TLS with a checked certificate or not at all, one recipient, nothing lost whatever the server does."""

import email
import re
from datetime import timedelta
from email import policy

import pytest
from django.core.exceptions import ImproperlyConfigured

from kontaktstelle.mailroom import carriers, delivery
from kontaktstelle.mailroom.lifecycle import Reason, Status
from kontaktstelle.mailroom.models import Dispatch, Outage
from kontaktstelle.mailroom.serialising import HEADERS

from .conftest import DAY, KARLA, MINUTE, MONDAY
from .smtp_server import Server, certificates

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def trusted(tmp_path_factory):
    """Files of an authority and of a server's certificate by it."""
    return certificates(tmp_path_factory.mktemp("trusted"))


@pytest.fixture
def serve(settings, trusted):
    """Start a server that the settings name."""
    running = []

    def start(certificate=None, user="", **how):
        server = Server(certificate or trusted[1], **how).__enter__()
        running.append(server)
        settings.SMTP_CA = trusted[0]
        settings.SMTP_URL = server.url.replace("://", f"://{user}", 1)
        return server

    yield start
    for server in running:
        server.__exit__()


def the_row():
    return Dispatch.unscoped.get()


@pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
def test_a_mail_arrives_once_at_one_recipient_and_is_erased_here(serve, put, implicit):
    server = serve(implicit=implicit)
    number = put()
    assert delivery.work_once(MONDAY) == 1

    ((sender, recipients, content),) = server.taken
    assert (sender, recipients) == ("hier@example.org", [KARLA.text])
    read = email.message_from_bytes(content, policy=policy.default)
    assert read.keys() == list(HEADERS)
    assert read["Message-ID"] == f"<{number.hex}@example.org>"
    assert "An Ihrem Zugang" in read["Subject"]
    assert "Grüße" in read.get_content()
    assert the_row().status == Status.SENT
    assert the_row().recipient_sealed is None


def test_many_mails_go_over_one_line_each_to_its_own_recipient(serve, put):
    server = serve()
    for _ in range(6):
        put()
    assert delivery.work_once(MONDAY) == 6
    assert server.connections == 1
    assert all(recipients == [KARLA.text] for _, recipients, _ in server.taken)
    assert not [said for said in server.said if re.search(r"(?i)\bcc\b|bcc", said)]


def test_nothing_of_this_machine_is_told_to_the_server(serve, put, settings):
    import socket

    server = serve()
    put()
    delivery.work_once(MONDAY)
    assert next(said for said in server.said if said.lower().startswith("ehlo")) == "ehlo localhost"
    assert socket.gethostname() not in server.taken[0][2].decode()


class TestTrust:
    """Whatever is wrong with the line: nothing is sent, the message stays, and it is seen why."""

    def check_nothing_left(self, server, cause):
        assert delivery.work_once(MONDAY) == 0
        assert server.taken == []
        assert not [said for said in server.said if said[:4].upper() in {"MAIL", "RCPT", "DATA", "AUTH"}]
        assert the_row().status == Status.WAITING
        assert the_row().recipient == KARLA.text
        assert Outage.objects.get().cause == cause

    @pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
    def test_a_certificate_by_nobody_known(self, serve, put, tmp_path, implicit):
        _, strange = certificates(tmp_path)
        put()
        self.check_nothing_left(serve(strange, implicit=implicit), Outage.Cause.CERTIFICATE)

    @pytest.mark.parametrize("implicit", [True, False], ids=["smtps", "starttls"])
    def test_a_certificate_for_another_name(self, serve, put, settings, tmp_path, implicit):
        authority, other = certificates(tmp_path, "mail.example.org")
        put()
        server = serve(other, implicit=implicit)
        settings.SMTP_CA = authority
        self.check_nothing_left(server, Outage.Cause.CERTIFICATE)

    def test_a_certificate_that_has_run_out(self, serve, put, settings, tmp_path):
        authority, old = certificates(tmp_path, days=-1)
        put()
        server = serve(old)
        settings.SMTP_CA = authority
        self.check_nothing_left(server, Outage.Cause.CERTIFICATE)

    def test_a_server_without_tls(self, serve, put):
        put()
        self.check_nothing_left(serve(implicit=False, starttls=False), Outage.Cause.NO_TLS)

    def test_a_server_that_offers_tls_and_then_does_not_start_it(self, serve, put):
        server = serve(implicit=False)
        server.answers["STARTTLS"] = ["454 not now"]
        put()
        self.check_nothing_left(server, Outage.Cause.NO_TLS)

    def test_a_server_that_is_not_there(self, serve, put):
        server = serve()
        server.__exit__()
        put()
        self.check_nothing_left(server, Outage.Cause.UNREACHABLE)

    def test_a_password_that_is_not_right(self, serve, put):
        server = serve(user="post%40konto:falsch@", word="x")
        put()
        assert delivery.work_once(MONDAY) == 0
        assert server.taken == []
        assert Outage.objects.get().cause == Outage.Cause.SIGN_IN

    def test_a_password_that_is_right(self, serve, put):
        import base64

        server = serve(user="post%40konto:w%2Frt@", word=base64.b64encode(b"\0post@konto\0w/rt").decode())
        put()
        assert delivery.work_once(MONDAY) == 1
        assert len(server.taken) == 1

    def test_a_server_that_wants_a_sign_in_nobody_set_up_costs_no_message(self, serve, put):
        serve(word="x")
        put()
        delivery.work_once(MONDAY)
        assert the_row().status == Status.WAITING


class TestAnswers:
    @pytest.mark.parametrize(
        ("command", "answer"),
        [
            ("MAIL", "451 later"), ("RCPT", "450 greylisted"), ("DATA", "451 later"), (".", "452 full"), ("MAIL", "550 sender unknown"), ("RCPT", "554 5.7.1 Relay access denied"),
            ("RCPT", "421 going away"), (".", "421 going away"), ("MAIL", "530 5.7.0 sign in first"),
        ],
    )  # fmt: skip
    def test_not_now_is_tried_again(self, serve, put, command, answer):
        server = serve()
        server.answers[command] = [answer]
        put()
        assert delivery.work_once(MONDAY) == 0
        assert the_row().status == Status.WAITING
        assert delivery.work_once(MONDAY + 2 * MINUTE) == 1
        assert len(server.taken) == 1

    @pytest.mark.parametrize(
        ("command", "answer", "code"),
        [
            ("RCPT", "550 5.1.1 no such user karla", 550),
            ("DATA", "554 no", 554),
            (".", "552 too big", 552),
            ("RCPT", "553 no", 553),
        ],
    )
    def test_never_is_shown_at_once_and_the_others_go_on(self, serve, put, command, answer, code):
        server = serve()
        server.answers[command] = [answer]
        put(), put(at=MONDAY)
        assert delivery.work_once(MONDAY + MINUTE) == 1
        failed = Dispatch.unscoped.get(status=Status.FAILED)
        assert (failed.reason, failed.reply_code) == (Reason.REFUSED, code)
        assert len(server.taken) == 1

    def test_what_the_server_says_is_not_kept_for_it_may_repeat_the_address(self, serve, put):
        server = serve()
        server.answers["RCPT"] = ["550 5.1.1 <karla.kanarie@example.org> unknown"]
        put()
        delivery.work_once(MONDAY)
        row = Dispatch.unscoped.values().get()
        assert row["reply_code"] == 550
        assert "kanarie" not in str(
            {name: value for name, value in row.items() if not name.endswith("_sealed")}
        )

    def test_a_line_cut_before_the_text_loses_nothing(self, serve, put):
        server = serve()
        server.cut_before_data = 1
        put()
        assert delivery.work_once(MONDAY) == 0
        assert delivery.work_once(MONDAY + 2 * MINUTE) == 1
        assert len(server.taken) == 1

    def test_a_line_cut_before_the_answer_sends_the_same_message_id_again(self, serve, put):
        server = serve()
        server.silent_after_data = 1
        put()
        assert delivery.work_once(MONDAY) == 0
        assert delivery.work_once(MONDAY + 2 * MINUTE) == 1
        assert len(server.taken) == 2
        assert server.taken[0] == server.taken[1], "the very same bytes: whoever receives them can tell"

    def test_a_message_that_always_cuts_the_line_delays_nobody(self, serve, put):
        server = serve()
        bad = put(at=MONDAY - MINUTE)
        for _ in range(4):
            put()
        server.cut_before_data = 1
        assert delivery.work_once(MONDAY) == 4
        assert bad.hex.encode() not in b"".join(content for _, _, content in server.taken)

    def test_a_server_of_one_byte_at_a_time_is_waited_for(self, serve, put):
        server = serve()
        server.slow = 0.005
        put()
        assert delivery.work_once(MONDAY) == 1

    def test_a_server_that_says_nothing_is_not_waited_for_long(self, serve, put, monkeypatch):
        monkeypatch.setattr(carriers, "SECONDS_TO_ANSWER", 0.3)
        server = serve()
        server.slow = 5
        put()
        assert delivery.work_once(MONDAY) == 0
        assert the_row().status == Status.WAITING

    def test_after_an_hour_without_server_all_is_out_in_a_quarter_of_an_hour(self, serve, put, settings):
        server = serve()
        here, settings.SMTP_URL = settings.SMTP_URL, "smtps://127.0.0.1:9"
        for _ in range(60):
            put()
        for minute in range(60):
            assert delivery.work_once(MONDAY + minute * MINUTE) == 0
        settings.SMTP_URL = here
        for second in range(15 * 60):
            delivery.work_once(MONDAY + 60 * MINUTE + timedelta(seconds=second))
        ids = [re.search(rb"Message-ID: (\S+)", content)[1] for _, _, content in server.taken]
        assert len(ids) == len(set(ids)) == 60
        assert delivery.work_once(MONDAY + DAY) == 0


@pytest.mark.parametrize(
    "address",
    ["mail.example.org", "http://mail.example.org", "smtps://", "smtp://:25", "smtps://mail.example.org:0", "smtps://mail.example.org:99999", "smtps://[x", "smtp+insecure://mail.example.org"],
)  # fmt: skip
def test_an_address_that_is_no_mail_servers_stops_with_a_sentence_and_is_not_repeated(address):
    with pytest.raises(ImproperlyConfigured) as refused:
        carriers.check_url(address)
    assert str(refused.value).startswith("KONTAKTSTELLE_SMTP_URL ist keine Adresse eines Mail-Servers.")
    carriers.check_url("smtps://a:b%40c@mail.example.org")


def test_a_password_is_not_shown_when_a_carrier_is_printed():
    assert "geheim" not in repr(carriers.Smtp("smtps://konto:geheim@mail.example.org"))
    assert not hasattr(delivery, "smtplib")
