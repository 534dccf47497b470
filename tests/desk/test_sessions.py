"""Sessions: nothing of a cookie is stored, idle locks and keeps the draft, ten hours end it, ending one works at once."""

import re
from datetime import timedelta
from html import unescape

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from kontaktstelle.desk import sessions
from kontaktstelle.desk.models import DeskSession
from support.people import A_PASSWORD, make_member
from support.visiting import text_of, visitor

TODAY, LOCKED, ACCOUNT = "/schreibtisch/", "/schreibtisch/gesperrt/", "/schreibtisch/mein-konto/"
RENAME = "/schreibtisch/mein-konto/name/"


def idle(minutes):
    DeskSession.objects.update(seen_at=timezone.now() - timedelta(minutes=minutes))


def fields_of(page):
    return {
        name: unescape(value)
        for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)
    }


def test_neither_the_cookie_nor_what_a_session_holds_stands_in_the_database(at_the_desk):
    browser, _ = at_the_desk("counsels")
    session = browser.session
    session["kanarie"] = "Karla Kanarienvogel"
    session.save()
    with connection.cursor() as cursor:
        cursor.execute("SELECT key_hash, content FROM desk_desksession")
        stored = b"".join(key.encode() + bytes(content) for key, content in cursor.fetchall())

    assert browser.session["kanarie"] == "Karla Kanarienvogel", "it is in the session"
    assert b"Kanarienvogel" not in stored
    assert browser.cookies[settings.SESSION_COOKIE_NAME].value.encode() not in stored


def test_a_session_moved_under_another_key_does_not_open(at_the_desk):
    browser, _ = at_the_desk("counsels")
    DeskSession.objects.update(key_hash=sessions.hash_of("a" * 32))
    browser.cookies[settings.SESSION_COOKIE_NAME] = "a" * 32

    assert browser.get(TODAY).status_code == 302


def test_signing_in_changes_the_key(office):
    make_member(office, "upkeep", email="p@example.org", password=A_PASSWORD, second_factor=False)
    browser = visitor()
    session = browser.session
    session["x"] = 1
    session.save()
    before = browser.cookies[settings.SESSION_COOKIE_NAME].value
    browser.post("/schreibtisch/anmelden/", {"login": "p@example.org", "password": A_PASSWORD})

    assert browser.cookies[settings.SESSION_COOKIE_NAME].value != before
    assert browser.get(TODAY).status_code == 200


class TestEnds:
    def test_after_ten_hours_whatever_happens(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        browser.get(TODAY)
        row = DeskSession.objects.get()
        assert row.expires_at - row.started_at == timedelta(hours=10)
        DeskSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))

        assert browser.get(TODAY).status_code == 302

    def test_using_it_does_not_make_it_longer(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        ends = DeskSession.objects.get().expires_at
        session = browser.session
        session["x"] = 1
        session.save()
        browser.get(TODAY)

        assert DeskSession.objects.get().expires_at == ends

    @pytest.mark.parametrize("how", ["locked account", "other password", "ended"])
    def test_at_once_when_it_must(self, at_the_desk, how):
        browser, member = at_the_desk("counsels")
        assert browser.get(TODAY).status_code == 200
        if how == "locked account":
            member.is_active = False
            member.save()
        if how == "other password":
            member.set_password("ein anderes langes Wort")
            member.save()
        if how == "ended":
            sessions.end_sessions(member)

        assert browser.get(TODAY).status_code == 302

    def test_one_ends_the_others_and_keeps_this_one(self, at_the_desk):
        browser, member = at_the_desk("counsels")
        other = visitor()
        other.force_login(member)
        assert "Andere Sitzung" in text_of(browser.get(ACCOUNT))
        browser.post("/schreibtisch/mein-konto/sitzungen/")

        assert browser.get(TODAY).status_code == 200
        assert other.get(TODAY).status_code == 302

    def test_nobody_ends_somebody_elses(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        stranger, _ = at_the_desk("counsels")
        key = sessions.hash_of(stranger.cookies[settings.SESSION_COOKIE_NAME].value)
        browser.post("/schreibtisch/mein-konto/sitzungen/", {"sitzung": key})

        assert stranger.get(TODAY).status_code == 200

    def test_the_night_removes_what_ended(self, at_the_desk):
        at_the_desk("counsels")
        DeskSession.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        sessions.SessionStore.clear_expired()

        assert not DeskSession.objects.exists()


class TestLock:
    def test_half_an_hour_idle_locks_and_the_password_opens(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(31)
        answer = browser.get(ACCOUNT)
        assert answer.headers["Location"] == f"{LOCKED}?weiter=%2Fschreibtisch%2Fmein-konto%2F"
        page = text_of(browser.get(answer.headers["Location"]))
        assert "Ihr Schreibtisch ist gesperrt" in page
        wrong = browser.post(LOCKED, {"weiter": ACCOUNT, "password": "falsch falsch falsch"})
        assert "Das Passwort stimmt nicht." in text_of(wrong)
        assert browser.get(TODAY).status_code == 302, "still locked"

        assert (
            browser.post(LOCKED, {"weiter": ACCOUNT, "password": A_PASSWORD}).headers["Location"] == ACCOUNT
        )
        assert browser.get(ACCOUNT).status_code == 200

    def test_less_than_half_an_hour_does_not(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(29)

        assert browser.get(TODAY).status_code == 200
        assert timezone.now() - DeskSession.objects.get().seen_at < timedelta(minutes=1)

    def test_a_locked_desk_stays_locked_though_pages_are_asked_for(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(31)
        browser.get(TODAY)
        DeskSession.objects.update(seen_at=timezone.now())

        assert browser.get(TODAY).status_code == 302

    def test_what_was_typed_is_kept_in_the_browser_and_sent_again(self, at_the_desk):
        browser, member = at_the_desk("counsels", password=A_PASSWORD)
        idle(45)
        answer = browser.post(RENAME, {"name": "Zwetschge „&“ <b>"})
        assert answer.status_code == 423
        page = text_of(answer)
        assert "ist noch da" in page
        member.refresh_from_db()
        assert "Zwetschge" not in member.name, "nothing happens while locked"
        kept = fields_of(page)
        on = browser.post(
            LOCKED, {"weiter": kept["weiter"], "entwurf": kept["entwurf"], "password": A_PASSWORD}
        )
        assert on.status_code == 200
        again = fields_of(text_of(on))
        again.pop("csrfmiddlewaretoken")
        assert again == {"name": "Zwetschge „&“ <b>"}
        browser.post(kept["weiter"], again)

        member.refresh_from_db()
        assert member.name == "Zwetschge „&“ <b>"

    def test_a_wrong_password_does_not_lose_it(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(45)
        kept = fields_of(text_of(browser.post(RENAME, {"name": "Zwetschge"})))
        page = text_of(browser.post(LOCKED, {**kept, "password": "falsch falsch falsch"}))

        assert "Zwetschge" in fields_of(page)["entwurf"]

    def test_it_is_stored_nowhere(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(45)
        browser.post(RENAME, {"name": "Zwetschge"})

        assert "Zwetschge" not in str(dict(browser.session.items()))

    @pytest.mark.parametrize(
        "way",
        [
            "https://boese.example/",
            "//boese.example",
            "/datenschutz/",
            "javascript:alert(1)",
            "/schreibtisch/../boese",
            "",
        ],
    )
    def test_it_leads_nowhere_else(self, at_the_desk, way):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(45)
        browser.get(TODAY)
        answer = browser.post(LOCKED, {"weiter": way, "password": A_PASSWORD})

        assert answer.headers["Location"].startswith(TODAY)
        assert "boese.example" not in answer.headers["Location"]

    @pytest.mark.parametrize("draft", ["{", "[1]", '[["a"]]', '{"a": 1}', "null", '"x"'])
    def test_a_damaged_draft_is_none(self, at_the_desk, draft):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        idle(45)
        browser.get(TODAY)

        assert (
            browser.post(LOCKED, {"weiter": TODAY, "entwurf": draft, "password": A_PASSWORD}).status_code
            == 302
        )

    def test_it_can_be_locked_by_hand_and_left(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        browser.post("/schreibtisch/sperren/")
        assert browser.get(TODAY).status_code == 302

        assert browser.post("/schreibtisch/anmelden/abmelden/").status_code == 200

    def test_guessing_at_the_lock_is_slowed_down(self, at_the_desk):
        browser, _ = at_the_desk("counsels", password=A_PASSWORD)
        browser.post("/schreibtisch/sperren/")
        pages = [
            text_of(browser.post(LOCKED, {"password": f"geraten geraten {number}"})) for number in range(12)
        ]

        assert "viele Versuche" in pages[-1]
        assert browser.get(TODAY).status_code == 302
