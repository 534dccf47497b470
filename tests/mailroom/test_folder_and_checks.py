"""Without a mail server: files that show everything but the recipient; and the checks that say how post leaves."""

import email
import json
import stat
from email import policy

import pytest
from django.core.checks import run_checks
from django.core.exceptions import ImproperlyConfigured

from kontaktstelle.cli import main, running
from kontaktstelle.mailroom import carriers, checks, delivery
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Status
from kontaktstelle.mailroom.models import Dispatch, Outage
from kontaktstelle.mailroom.serialising import HEADERS

from .conftest import KARLA, MINUTE, MONDAY, SECRET

pytestmark = pytest.mark.django_db


class TestFolder:
    def test_a_mail_can_be_looked_at_without_any_server(self, put, mail_folder):
        number = put("mailroom/mail/message_waiting", path=f"/post/{SECRET}/")
        assert delivery.work_once(MONDAY) == 1

        (file,) = mail_folder.iterdir()
        assert file.name == f"{number.hex}.eml"
        read = email.message_from_bytes(file.read_bytes(), policy=policy.default)
        assert read.keys() == list(HEADERS)
        assert f"/post/{SECRET}/" in read.get_content()

    def test_no_address_of_a_person_lies_there_in_clear(self, put, mail_folder):
        put()
        delivery.work_once(MONDAY)
        (file,) = mail_folder.iterdir()
        content = file.read_bytes()
        assert b"karla" not in content.lower()
        assert f"To: {carriers.stand_in(KARLA).text}".encode() in content

    def test_the_same_person_is_known_again_and_nobody_else(self):
        assert carriers.stand_in(KARLA) == carriers.stand_in(MailAddress("Karla.Kanarie@example.org"))
        assert carriers.stand_in(KARLA) != carriers.stand_in(MailAddress("karl@example.org"))

    def test_only_its_owner_reads_it(self, put, mail_folder):
        put()
        delivery.work_once(MONDAY)
        (file,) = mail_folder.iterdir()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert stat.S_IMODE(mail_folder.stat().st_mode) == 0o700

    def test_the_same_message_twice_is_one_file(self, put, mail_folder, monkeypatch):
        put()
        with monkeypatch.context() as patch:
            patch.setattr(delivery, "_mark_sent", lambda *_, **__: None)
            delivery.work_once(MONDAY)
        delivery.work_once(MONDAY + 6 * MINUTE)
        assert len(list(mail_folder.iterdir())) == 1
        assert Dispatch.unscoped.get().status == Status.SENT

    def test_a_folder_that_cannot_be_written_loses_nothing(self, put, mail_folder):
        mail_folder.write_text("a file in its place")
        put()
        assert delivery.work_once(MONDAY) == 0
        assert Outage.objects.get().cause == Outage.Cause.FOLDER
        mail_folder.unlink()
        assert delivery.work_once(MONDAY + 2 * MINUTE) == 1


def ids(found):
    return {message.id for message in found}


GOOD = {"SMTP_URL": "smtps://a:geheim@mail.example.org", "PUBLIC_ADDRESS": "https://selbsthilfe.example.org"}


class TestChecks:
    @pytest.mark.parametrize(
        ("changed", "complaint"),
        [
            ({}, set()),
            ({"SMTP_URL": ""}, {"mailroom.I001"}),
            ({"PUBLIC_ADDRESS": ""}, {"mailroom.E001"}),
            ({"PUBLIC_ADDRESS": "http://selbsthilfe.example.org"}, {"mailroom.E001"}),
            ({"SMTP_CA": "/nirgends.pem"}, {"mailroom.E002"}),
        ],
    )
    def test_settings_that_would_fail_or_tell_too_much(self, settings, changed, complaint):
        for name, value in (GOOD | changed).items():
            setattr(settings, name, value)
        found = checks.post_leaves_safely()
        assert ids(found) == complaint
        assert "geheim" not in " ".join(f"{each.msg}{each.hint}" for each in found)

    @pytest.mark.parametrize(
        ("setting", "sentence"),
        [
            ({"SMTP_URL": "http://konto:geheim@mail.example.org"}, "KONTAKTSTELLE_SMTP_URL ist keine"),
            ({"MAIL_FROM": "keine Adresse"}, "KONTAKTSTELLE_MAIL_FROM ist keine"),
        ],
    )
    def test_nonsense_stops_the_start_with_a_sentence(self, settings, setting, sentence):
        for name, value in (GOOD | setting).items():
            setattr(settings, name, value)
        with pytest.raises(ImproperlyConfigured, match=sentence) as stopped:
            carriers.check_settings()
        assert "geheim" not in str(stopped.value)

    def test_they_are_asked_and_speak_german(self):
        found = [each for each in run_checks(tags=["security"]) if each.id == "mailroom.I001"]
        assert str(found[0].msg).startswith("Es ist kein Mail-Server eingerichtet")

    def test_post_that_is_stuck_is_told_with_its_cause_and_time(self, put, postbag):
        assert checks.post_is_not_stuck() == []
        put()
        (silent,) = checks.post_is_not_stuck()
        assert "niemand versendet sie. Seit 09.03.2026, 10:30 Uhr; 1 Nachrichten warten." in silent.msg
        postbag.away = Outage.Cause.CERTIFICATE
        delivery.work_once(MONDAY)
        (told,) = checks.post_is_not_stuck()
        assert told.id == "mailroom.W001"
        assert "Zertifikat" in told.msg


class TestCommand:
    def test_it_counts_and_names_nobody(self, put, capsys):
        put()
        assert main(["mail"]) == 1, "it waits since March"
        told = capsys.readouterr().out
        assert "wartet: 1 · für Sammelpost gesammelt: 0 · zu drucken: 0 · nicht zustellbar: 0" in told
        assert "Post wartet, und niemand versendet sie." in told
        assert "karla" not in told

    def test_it_tries_the_line_without_sending(self, capsys, settings):
        assert main(["mail", "--connect"]) == 0
        assert "Die Verbindung steht." in capsys.readouterr().out
        settings.SMTP_URL = "smtps://konto:geheim@127.0.0.1:9"
        assert main(["mail", "--connect", "--json"]) == 1
        told = capsys.readouterr().out
        assert json.loads(told)["wrong"] == ["Der Mail-Server ist nicht erreichbar."]
        assert "geheim" not in told


class TestWorker:
    def test_the_worker_sends_what_waits(self, put):
        put()
        assert running.send_post() == 1
        assert running.send_post() == 0

    def test_a_fault_does_not_end_the_worker_and_is_told_by_class_only(self, monkeypatch, caplog):
        from django.db import connection

        monkeypatch.setattr(connection, "close", lambda: None)
        monkeypatch.setattr(delivery, "work_once", lambda _at: (_ for _ in ()).throw(RuntimeError("karla")))
        assert running.send_post() == 0
        assert [record.getMessage() for record in caplog.records] == ["post is stuck"]
