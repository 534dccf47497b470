"""What allauth asks us: secrets are sealed with our key, nobody signs up, no mail is sent, all refusals sound alike."""

import base64
import secrets
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.internal.flows.trust import is_trusted_browser
from allauth.mfa.models import Authenticator
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from kontaktstelle.desk.sessions import hash_of
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import keys
from kontaktstelle.privacy.fields import SealBroken
from kontaktstelle.ui import chrome

PURPOSE = "second-factor"
WRONG = "E-Mail-Adresse oder Passwort stimmen nicht."
TOO_MANY = "Das waren viele Versuche. Bitte warten Sie einige Minuten. Mit einem Passkey können Sie sich sofort anmelden."


class Accounts(DefaultAccountAdapter):  # type: ignore[misc]
    """Accounts exist by invitation only."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": WRONG,
        "email_password_mismatch": WRONG,
        "invalid_login": WRONG,
        "incorrect_password": "Das Passwort stimmt nicht.",
        "enter_current_password": "Das bisherige Passwort stimmt nicht.",
        "too_many_login_attempts": TOO_MANY,
        "rate_limited": TOO_MANY,
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Return who the password belongs to; a locked account is as unknown as one that never was."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return under which name tries are counted: strangers' tries never use up those of the person's own session or device."""
        key = str(super()._get_login_attempts_cache_key(request, **credentials))
        member = Staff.objects.filter(email=str(credentials.get("email", "")).lower()).first()
        if member is None:
            return key
        if request.user == member:
            return f"{key} in session {hash_of(request.session.session_key)}"
        return f"{key} on a known device" if is_trusted_browser(request, member) else key

    def respond_user_inactive(self, request: HttpRequest, user: Any) -> HttpResponse:  # noqa: ARG002 - allauth's signature
        """Go back to the sign-in page, which says nothing about why."""
        return HttpResponseRedirect(reverse("account_login"))

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send none: the mailroom tells of changed sign-ins, in the office's words."""

    def send_notification_mail(self, *arguments: Any, **named: Any) -> None:
        """Send none."""


class SecondFactors(DefaultMFAAdapter):  # type: ignore[misc]
    """Secrets of authenticator apps and recovery codes lie sealed; names are neutral."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Der Code stimmt nicht oder wurde schon benutzt. Bitte warten Sie auf den nächsten.",
        "cannot_delete_authenticator": "Den letzten zweiten Faktor können Sie nicht entfernen.",
        "cannot_generate_recovery_codes": "Notfall-Codes gibt es, sobald ein zweiter Faktor eingerichtet ist.",
    }

    def encrypt(self, text: str) -> str:
        """Seal a secret with the installation's key."""
        nonce = secrets.token_bytes(keys.NONCE_BYTES)
        sealed = AESGCM(keys.purpose_key(PURPOSE)).encrypt(nonce, text.encode(), PURPOSE.encode())
        return base64.b64encode(nonce + sealed).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Open a sealed secret.

        Raises:
            SealBroken: it was changed, or sealed with another key.
        """
        value = base64.b64decode(encrypted_text)
        nonce, sealed = value[: keys.NONCE_BYTES], value[keys.NONCE_BYTES :]
        try:
            return AESGCM(keys.purpose_key(PURPOSE)).decrypt(nonce, sealed, PURPOSE.encode()).decode()
        except InvalidTag as error:
            raise SealBroken("Ein zweiter Faktor lässt sich nicht öffnen.") from error

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Let the last second factor only be replaced, not removed."""
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return bool(others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists())

    def generate_authenticator_name(self, user: Staff, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's signature
        """Name a passkey by its number."""
        number = Authenticator.objects.filter(user_id=user.pk, type=type).count() + 1
        return f"Passkey {number}"

    def get_public_key_credential_user_entity(self, user: Staff) -> dict[str, Any]:
        """Return how a passkey shows whom it is for."""
        entity: dict[str, Any] = super().get_public_key_credential_user_entity(user)
        return entity | {"display_name": user.name or user.email}

    def _get_site_name(self) -> str:
        return chrome.office().short_name
