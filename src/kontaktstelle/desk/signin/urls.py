"""The sign-in pages there are; whatever else allauth offers has no address here."""

from collections.abc import Callable
from typing import Any

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as app
from allauth.mfa.webauthn import views as passkeys
from django.conf import settings
from django.urls import path

from kontaktstelle.organisation.access import before_sign_in, own_account

from . import views


def _enrolment(view: Callable[..., Any]) -> Callable[..., Any]:
    return own_account(view, without_second_factor=True)


urlpatterns = [
    path("", before_sign_in(account.login), name="account_login"),
    path("abmelden/", before_sign_in(views.sign_out), name="account_logout"),
    path("passkey/", before_sign_in(passkeys.login_webauthn), name="mfa_login_webauthn"),
    path("zweiter-faktor/", before_sign_in(factors.authenticate), name="mfa_authenticate"),
    path("geraet/", before_sign_in(factors.trust), name="mfa_trust"),
    path("noch-einmal/", _enrolment(account.reauthenticate), name="account_reauthenticate"),
    path("noch-einmal/code/", _enrolment(factors.reauthenticate), name="mfa_reauthenticate"),
    path(
        "noch-einmal/passkey/",
        _enrolment(passkeys.reauthenticate_webauthn),
        name="mfa_reauthenticate_webauthn",
    ),
    path("app/", _enrolment(app.activate_totp), name="mfa_activate_totp"),
    path("app/entfernen/", own_account(app.deactivate_totp), name="mfa_deactivate_totp"),
    path("passkeys/neu/", _enrolment(passkeys.add_webauthn), name="mfa_add_webauthn"),
    path("passkeys/<int:pk>/name/", own_account(passkeys.edit_webauthn), name="mfa_edit_webauthn"),
    path("passkeys/<int:pk>/entfernen/", own_account(views.remove_passkey), name="mfa_remove_webauthn"),
    path("passkeys/", own_account(views.to_account), name="mfa_list_webauthn"),
    path("uebersicht/", own_account(views.to_account), name="mfa_index"),
    path("notfall-codes/", _enrolment(recovery.view_recovery_codes), name="mfa_view_recovery_codes"),
    path(
        "notfall-codes/neu/",
        own_account(recovery.generate_recovery_codes),
        name="mfa_generate_recovery_codes",
    ),
    path("passwort/", own_account(account.password_change), name="account_change_password"),
    path(
        "passwort/neu/",
        own_account(reauthentication_required(account.password_set)),
        name="account_set_password",
    ),
]

if settings.OIDC_SERVER:
    from . import carrier

    urlpatterns += carrier.urlpatterns
