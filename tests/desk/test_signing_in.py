"""Signing in: by invitation only, nothing given away, a second factor for whoever can see people."""

import re
import time
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import caches
from django.db import connection
from django.db.models import F
from django.utils import timezone

from kontaktstelle.desk.models import DeskSession, LimitCount
from kontaktstelle.desk.sessions import hash_of
from kontaktstelle.organisation import staff_steps
from kontaktstelle.organisation.models import Post, Staff
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_PASSWORD, A_SECRET, make_member
from support.visiting import text_of, visitor

SIGN_IN = "/schreibtisch/anmelden/"
TODAY = "/schreibtisch/"


def sign_in(browser, email, password=A_PASSWORD):
    return browser.post(SIGN_IN, {"login": email, "password": password})


def a_code(secret=A_SECRET):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(office):
    answer = visitor().get("/schreibtisch/stammdaten/")

    assert answer.status_code == 302
    assert answer.headers["Location"] == f"{SIGN_IN}?next=/schreibtisch/stammdaten/"


def test_password_and_code_lead_to_heute(office):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    browser = visitor()

    assert sign_in(browser, "b@example.org").headers["Location"] == f"{SIGN_IN}zweiter-faktor/"
    assert browser.get(TODAY).status_code == 302, "half signed in is not signed in"
    answer = browser.post(f"{SIGN_IN}zweiter-faktor/", {"code": a_code()})
    assert answer.headers["Location"] == f"{SIGN_IN}geraet/"
    answer = browser.post(f"{SIGN_IN}geraet/", {"action": ""})
    assert answer.headers["Location"] == TODAY
    assert office.name in text_of(browser.get(TODAY))


def test_a_known_device_is_not_asked_again_that_day(office):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    browser = visitor()
    sign_in(browser, "b@example.org")
    browser.post(f"{SIGN_IN}zweiter-faktor/", {"code": a_code()})
    browser.post(f"{SIGN_IN}geraet/", {"action": "trust"})
    kept = browser.cookies["geraet"]
    assert int(kept["max-age"]) <= 14 * 3600
    del browser.cookies["schreibtisch"]

    assert sign_in(browser, "b@example.org").headers["Location"] == TODAY


def test_a_code_is_good_once(office):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    code = a_code()
    first, second = visitor(), visitor()
    for browser in (first, second):
        sign_in(browser, "b@example.org")

    assert first.post(f"{SIGN_IN}zweiter-faktor/", {"code": code}).status_code == 302
    answer = second.post(f"{SIGN_IN}zweiter-faktor/", {"code": code})
    assert answer.status_code == 200
    assert "wurde schon benutzt" in text_of(answer)


@pytest.mark.parametrize("kind", ["unknown", "wrong password", "locked", "invited"])
def test_every_refusal_looks_the_same(office, kind):
    member = make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    if kind == "locked":
        Staff.objects.update(is_active=False)
    if kind == "invited":
        member.set_unusable_password()
        member.save()
    make_member(office, "counsels", email="anders@example.org", password=A_PASSWORD)
    email = "nicht-da@example.org" if kind == "unknown" else "b@example.org"
    password = A_PASSWORD if kind == "locked" else "ein ganz falsches Passwort"

    def page(browser, email, password):
        answer = sign_in(browser, email, password)
        assert answer.status_code == 200
        return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", text_of(answer)).replace(email, "")

    refused = page(visitor(), email, password)
    assert "E-Mail-Adresse oder Passwort stimmen nicht." in refused
    assert refused == page(visitor(), "anders@example.org", "ein ganz falsches Passwort")


def test_guessing_is_slowed_down_and_no_address_is_stored(office):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    browser = visitor()
    answers = [sign_in(browser, "b@example.org", f"geraten geraten {number}") for number in range(12)]

    assert "viele Versuche" in text_of(answers[-1])
    kept = " ".join(f"{each.cache_key} {each.value}" for each in LimitCount.objects.all())
    assert kept, "it could be there: tries are counted"
    assert "127.0.0.1" not in kept
    assert "example.org" not in kept


def test_strangers_who_guess_do_not_shut_the_owner_out(office, settings):
    """Thirty wrong tries from anywhere, knowing only the address: the known device and the running session go on."""
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login_failed": "30/h/key"}
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    browser = visitor()
    sign_in(browser, "b@example.org")
    browser.post(f"{SIGN_IN}zweiter-faktor/", {"code": a_code()})
    browser.post(f"{SIGN_IN}geraet/", {"action": "trust"})
    stranger = visitor()
    for number in range(31):
        answer = sign_in(stranger, "b@example.org", f"geraten geraten {number}")
    assert "viele Versuche" in text_of(answer)
    assert "viele Versuche" in text_of(sign_in(stranger, "b@example.org")), "guessing is slowed down"

    browser.post("/schreibtisch/sperren/")
    opened = browser.post("/schreibtisch/gesperrt/", {"password": A_PASSWORD, "weiter": TODAY})
    assert opened.status_code == 302, "What was being typed stays behind the lock."
    del browser.cookies["schreibtisch"]
    assert sign_in(browser, "b@example.org").headers["Location"] == TODAY


def test_tries_at_other_names_do_not_wash_a_count_away(office):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    for number in range(3):
        sign_in(visitor(), "b@example.org", f"geraten {number}")
    before = set(LimitCount.objects.values_list("cache_key", flat=True))
    for number in range(400):
        caches["default"].add(f"allauth:rl:other {number}", [1.0], 3600)
    assert before <= set(LimitCount.objects.values_list("cache_key", flat=True))


def test_a_used_code_stays_used_for_as_long_as_it_would_be_taken(office, monkeypatch):
    make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    code, now = a_code(), time.time()
    first, second = visitor(), visitor()
    for browser in (first, second):
        sign_in(browser, "b@example.org")
    assert first.post(f"{SIGN_IN}zweiter-faktor/", {"code": code}).status_code == 302
    LimitCount.objects.update(expires=F("expires") - timedelta(seconds=31))

    monkeypatch.setattr(time, "time", lambda: now + 31)
    answer = second.post(f"{SIGN_IN}zweiter-faktor/", {"code": code})
    assert answer.status_code == 200, "a code read over the shoulder was good a second time"


def test_an_open_session_is_not_enough_to_set_a_password(at_the_desk):
    browser, member = at_the_desk("counsels")
    member.set_unusable_password()
    member.save()
    browser.force_login(member)
    answer = browser.post(
        f"{SIGN_IN}passwort/neu/", {"password1": A_PASSWORD + " neu", "password2": A_PASSWORD + " neu"}
    )
    assert answer.status_code == 302
    assert "noch-einmal" in answer.headers["Location"]
    member.refresh_from_db()
    assert not member.has_usable_password(), "Whoever takes an open laptop has taken the account for good."


def test_there_is_no_way_to_sign_up_or_reset_by_mail(office):
    browser = visitor()
    for path in ("signup/", "registrieren/", "password/reset/", "email/", "login/code/", "passwort/reset/"):
        assert browser.get(SIGN_IN + path).status_code == 404, path


class TestSecondFactor:
    @pytest.mark.parametrize("role", ["reception", "counsels", "leads", "dpo", "operator"])
    def test_without_one_only_setting_it_up_opens(self, at_the_desk, role):
        browser, _ = at_the_desk(role, second_factor=False)

        for path in (
            TODAY,
            "/schreibtisch/stammdaten/",
            "/schreibtisch/mein-konto/",
            "/schreibtisch/stammdaten/mitarbeitende/",
        ):
            assert browser.get(path).headers["Location"] == "/schreibtisch/zweiter-faktor/", path
        assert browser.get("/schreibtisch/zweiter-faktor/").status_code == 200

    def test_who_keeps_the_directory_alone_may_go_without(self, at_the_desk):
        browser, _ = at_the_desk("upkeep", second_factor=False)

        assert browser.get(TODAY).status_code == 200

    def test_the_last_one_cannot_be_removed(self, at_the_desk):
        browser, member = at_the_desk("counsels")
        _fresh(browser)
        answer = browser.post(f"{SIGN_IN}app/entfernen/")

        assert "letzten zweiten Faktor" in text_of(answer)
        assert Authenticator.objects.filter(user=member).exists()

    def test_its_secret_is_nowhere_in_clear(self, at_the_desk):
        at_the_desk("counsels")
        stored = str(list(Authenticator.objects.values_list("data", flat=True)))

        assert "secret" in stored, "it could be there"
        assert A_SECRET not in stored

    def test_setting_it_up_in_a_session_keeps_no_secret_in_clear(self, at_the_desk):
        browser, _ = at_the_desk("counsels", second_factor=False)
        _fresh(browser)
        page = text_of(browser.get(f"{SIGN_IN}app/"))
        (secret,) = re.findall(r'class="secret">([A-Z2-7]+)<', page)
        with connection.cursor() as cursor:
            cursor.execute("SELECT content FROM desk_desksession")
            stored = b"".join(bytes(row[0]) for row in cursor.fetchall())

        assert browser.session["mfa.totp.secret"] == secret, "it is in the session"
        assert secret.encode() not in stored


def _fresh(browser):
    """Let the browser be one in which the password was asked just now."""
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


class TestInvitation:
    def invited(self, office, *roles):
        return staff_steps.invite(
            email="neu@example.org", roles=[Post.Role(role) for role in roles], contact_point=office, by=None, at=timezone.now()
        )  # fmt: skip

    def test_a_link_sets_name_and_password_and_leads_to_the_second_factor(self, office):
        member, token = self.invited(office, "counsels")
        browser = visitor()
        page = browser.get(f"/schreibtisch/einladung/{token}/")
        assert "neu@example.org" in text_of(page)
        browser.post(f"/schreibtisch/einladung/{token}/", {"name": "Nele Neu", "password": A_PASSWORD})

        member.refresh_from_db()
        assert member.name == "Nele Neu"
        assert browser.get(TODAY).headers["Location"] == "/schreibtisch/zweiter-faktor/"
        assert browser.get(f"{SIGN_IN}app/").status_code == 200, "nobody types a password twice in a row"

    @pytest.mark.parametrize("kind", ["used", "too old", "replaced", "locked", "never was"])
    def test_links_that_do_not_count_look_alike(self, office, kind):
        member, token = self.invited(office, "counsels")
        if kind == "used":
            staff_steps.take_up(token, name="Nele", password=A_PASSWORD, at=timezone.now())
        if kind == "too old":
            member.invitations.update(
                made_at=timezone.now() - timedelta(days=4), expires_at=timezone.now() - timedelta(hours=1)
            )
        if kind == "replaced":
            self.invited(office, "counsels")
        if kind == "locked":
            Staff.objects.update(is_active=False)
        tried = "nie-dagewesen" if kind == "never was" else token
        answer = visitor().get(f"/schreibtisch/einladung/{tried}/")

        assert answer.status_code == 410
        assert "Dieser Link gilt nicht mehr" in text_of(answer)
        assert "neu@example.org" not in text_of(answer)
        posted = visitor().post(f"/schreibtisch/einladung/{tried}/", {"name": "Böse", "password": A_PASSWORD})
        assert posted.status_code == 410
        assert not Staff.objects.filter(name="Böse").exists()

    def test_a_weak_password_is_refused_with_a_reason_and_the_link_stays_good(self, office):
        _, token = self.invited(office, "counsels")
        answer = visitor().post(f"/schreibtisch/einladung/{token}/", {"name": "Nele", "password": "kurz"})

        assert "mindestens 12 Zeichen" in text_of(answer)
        assert staff_steps.look_up(token, at=timezone.now())

    def test_the_token_is_stored_nowhere(self, office):
        _, token = self.invited(office, "counsels")
        with connection.cursor() as cursor:
            cursor.execute("SELECT * FROM organisation_invitation")
            assert token not in str(cursor.fetchall())


class TestCookies:
    @pytest.mark.usefixtures("office")
    def test_at_the_desk_they_are_for_this_server_alone(self):
        answer = visitor().get(SIGN_IN)
        cookie = answer.cookies["formular"]

        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert not cookie["domain"]

    def test_with_https_their_names_bind_them_to_the_host(self):
        import os
        import subprocess
        import sys

        code = "from kontaktstelle import settings as s; print(s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.MFA_TRUST_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE)"
        told = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"KONTAKTSTELLE_HTTPS": "true"},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()
        assert all(name.startswith("__Host-") for name in told[:3])
        assert told[3:] == ["True", "True"]

    def test_a_public_page_sets_none_and_touches_no_session_even_of_somebody_at_work(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        browser.get(TODAY)
        seen = DeskSession.objects.get().seen_at
        answer = browser.get("/datenschutz/")

        assert not answer.cookies
        assert "Cookie" not in answer.headers.get("Vary", "")
        assert DeskSession.objects.get().seen_at == seen

    def test_leaving_ends_the_session_and_clears_the_browser(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        answer = browser.post(f"{SIGN_IN}abmelden/")

        assert '"cookies"' in answer.headers["Clear-Site-Data"]
        assert not DeskSession.objects.filter(staff__isnull=False).exists()
        assert browser.get(TODAY).status_code == 302


class TestChangingHowOneSignsIn:
    def two_browsers(self, at_the_desk, **how):
        browser, member = at_the_desk("counsels", **how)
        other = visitor()
        other.force_login(member)
        _fresh(browser)
        return browser, other, member

    def test_a_new_password_ends_the_other_sessions_and_is_in_the_trail(self, at_the_desk):
        browser, other, member = self.two_browsers(at_the_desk, password=A_PASSWORD)
        new = "sieben graue Gänse am Kanal"
        browser.post(f"{SIGN_IN}passwort/", {"oldpassword": A_PASSWORD, "password1": new, "password2": new})

        member.refresh_from_db()
        assert member.check_password(new)
        assert browser.get(TODAY).status_code == 200
        assert other.get(TODAY).status_code == 302
        assert TrailEntry.objects.filter(action="staff.password_changed", actor=str(member.pk)).exists()

    def test_a_new_factor_does_too(self, at_the_desk, django_capture_on_commit_callbacks):
        browser, other, member = self.two_browsers(at_the_desk, second_factor=False)
        page = text_of(browser.get(f"{SIGN_IN}app/"))
        (secret,) = re.findall(r'class="secret">([A-Z2-7]+)<', page)
        with django_capture_on_commit_callbacks(execute=True):
            answer = browser.post(f"{SIGN_IN}app/", {"code": a_code(secret)})

        assert answer.headers["Location"] == f"{SIGN_IN}notfall-codes/"
        assert not DeskSession.objects.filter(
            key_hash=hash_of(other.cookies[settings.SESSION_COOKIE_NAME].value)
        ).exists()
        assert TrailEntry.objects.filter(action="staff.factor_added", actor=str(member.pk)).exists()

    def test_codes_are_shown_once_and_good_once(self, at_the_desk):
        browser, _, member = self.two_browsers(at_the_desk, password=A_PASSWORD)
        browser.post(f"{SIGN_IN}notfall-codes/neu/")
        codes = re.findall(r"<code>(\d{8})</code>", text_of(browser.get(f"{SIGN_IN}notfall-codes/")))
        assert len(codes) == 10
        assert codes[0] not in text_of(browser.get(f"{SIGN_IN}notfall-codes/"))
        assert codes[0] not in str(list(Authenticator.objects.values_list("data", flat=True)))
        for again, status in ((False, 302), (True, 200)):
            fresh = visitor()
            sign_in(fresh, member.email)
            assert fresh.post(f"{SIGN_IN}zweiter-faktor/", {"code": codes[0]}).status_code == status, again
