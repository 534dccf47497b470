"""Whoever's means of signing in change, or are used oddly, learns of it by a neutral mail in the office's name."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp

from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_PASSWORD, A_SECRET, make_member
from support.visiting import visitor

pytestmark = pytest.mark.django_db
SIGN_IN = "/schreibtisch/anmelden/"
CHANGED, CODE_USED, NEW_DEVICE = "mailroom/mail/access_changed", "desk/mail/code_used", "desk/mail/new_device"


def mails(office):
    with acting_for(office):
        return list(Dispatch.objects.order_by("queued_at").values_list("template", flat=True))


def a_code():
    return totp.format_hotp_value(totp.hotp_value(A_SECRET, int(time.time()) // 30))


@pytest.fixture
def karla(office):
    return make_member(
        office, "counsels", email="karla@example.org", name="Karla Kanarie", password=A_PASSWORD
    )


def come_in(browser, code=""):
    browser.post(SIGN_IN, {"login": "karla@example.org", "password": A_PASSWORD})
    browser.post(f"{SIGN_IN}zweiter-faktor/", {"code": code or a_code()})
    return browser.post(f"{SIGN_IN}geraet/", {"action": ""})


def fresh(browser):
    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


def test_a_new_device_is_told_once_and_known_from_then_on(office, karla):
    browser = visitor()
    come_in(browser)
    assert mails(office) == [NEW_DEVICE]
    del browser.cookies["schreibtisch"]
    Authenticator.objects.filter(user=karla).update(last_used_at=None)
    browser.post(SIGN_IN, {"login": "karla@example.org", "password": A_PASSWORD})
    assert browser.cookies["bekannt"]["httponly"]
    assert str(karla.pk) not in browser.cookies["bekannt"].value
    assert mails(office) == [NEW_DEVICE]


def test_a_mark_somebody_made_up_does_not_make_a_device_known(office, karla):
    browser = visitor()
    browser.cookies["bekannt"] = "W10:1abc:gelogen"
    come_in(browser)

    assert mails(office) == [NEW_DEVICE]


def test_a_recovery_code_used_is_told(office, karla):
    codes = RecoveryCodes.activate(karla).get_unused_codes()
    come_in(visitor(), codes[0])

    assert sorted(mails(office)) == [CODE_USED, NEW_DEVICE]


def test_a_changed_password_is_told(office, karla):
    browser = visitor()
    browser.force_login(karla)
    fresh(browser)
    browser.post(
        f"{SIGN_IN}passwort/",
        {
            "oldpassword": A_PASSWORD,
            "password1": "fünf grüne Löffel im Schrank",
            "password2": "fünf grüne Löffel im Schrank",
        },
    )

    assert mails(office) == [CHANGED]


def test_a_removed_app_is_told_in_one_mail(office, karla):
    Authenticator.objects.create(
        user=karla, type=Authenticator.Type.WEBAUTHN, data={"name": "Passkey 1", "credential": {}}
    )
    RecoveryCodes.activate(karla)
    browser = visitor()
    browser.force_login(karla)
    fresh(browser)
    browser.post(f"{SIGN_IN}app/entfernen/")

    assert not Authenticator.objects.filter(user=karla, type=Authenticator.Type.TOTP).exists()
    assert mails(office) == [CHANGED]


def test_renewed_codes_are_told(office, karla, django_capture_on_commit_callbacks):
    RecoveryCodes.activate(karla)
    browser = visitor()
    browser.force_login(karla)
    fresh(browser)
    with django_capture_on_commit_callbacks(execute=True):
        browser.post(f"{SIGN_IN}notfall-codes/neu/")

    assert mails(office) == [CHANGED]


def test_the_mail_names_nobody_and_no_device(office, karla):
    come_in(visitor())
    with acting_for(office):
        (dispatch,) = Dispatch.objects.all()
        assert dispatch.recipient == "karla@example.org", "it goes to whom it concerns"
        content = dispatch.content
    for told in ("Karla", "Kanarie", "127.0.0.1", "Mozilla", "Chrome"):
        assert told not in content
    assert office.phone in content


def test_an_office_without_an_address_still_lets_its_people_in(office, karla):
    ContactPoint.objects.update(email="")
    answer = come_in(visitor())

    assert answer.headers["Location"] == "/schreibtisch/"
    assert TrailEntry.objects.filter(action="staff.new_device").exists()
