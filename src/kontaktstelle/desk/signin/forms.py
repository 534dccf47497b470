"""What somebody types to take up an invitation."""

from typing import Any

from allauth.mfa.adapter import get_adapter
from allauth.mfa.webauthn.internal import auth
from django import forms
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from kontaktstelle.organisation.models import Staff


class InvitationForm(forms.Form):
    """Name, and a password or a passkey."""

    name = forms.CharField(
        label="Ihr Name", max_length=120, error_messages={"required": "Bitte sagen Sie, wie Sie heißen."}
    )
    password = forms.CharField(label="Passwort", max_length=256, required=False, strip=False)
    credential = forms.JSONField(required=False)

    def __init__(self, *arguments: Any, member: Staff, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.member = member

    def clean_credential(self) -> Any:
        """Check the passkey the browser made against what was asked of it."""
        credential = self.cleaned_data["credential"]
        if credential:
            auth.parse_registration_response(credential)
            binding = auth.complete_registration(credential)
            if not binding.is_user_verified():
                raise get_adapter().validation_error("incorrect_code")
        return credential

    def clean(self) -> dict[str, Any]:
        """Ask for a password where there is no passkey."""
        cleaned = super().clean() or {}
        if cleaned.get("credential") or "credential" in self.errors:
            return cleaned
        password = cleaned.get("password") or ""
        if not password:
            self.add_error("password", "Bitte wählen Sie ein Passwort, oder legen Sie einen Passkey an.")
            return cleaned
        self.member.name = cleaned.get("name", "")
        try:
            password_validation.validate_password(password, self.member)
        except ValidationError as error:
            self.add_error("password", error)
        return cleaned
