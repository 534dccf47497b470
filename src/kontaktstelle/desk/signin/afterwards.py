"""What follows when somebody changes how they sign in: their other sessions end, the trail says so, a mail tells them."""

from typing import Any

from allauth.account.signals import password_changed, password_set, user_logged_in
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import (
    authenticator_added,
    authenticator_removed,
    authenticator_reset,
    authenticator_used,
)
from allauth.mfa.webauthn.internal.flows import did_use_passwordless_login
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kontaktstelle.desk import sessions
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import trail

from . import telling


def listen() -> None:
    """Listen to allauth; called once at start."""
    for signal, action in (
        (password_changed, "staff.password_changed"),
        (password_set, "staff.password_changed"),
        (authenticator_added, "staff.factor_added"),
        (authenticator_removed, "staff.factor_removed"),
        (authenticator_reset, "staff.codes_renewed"),
    ):
        signal.connect(_follows(action), weak=False, dispatch_uid=f"desk.{action}.{id(signal)}")
    authenticator_used.connect(_used, dispatch_uid="desk.authenticator_used")
    user_logged_in.connect(_came_in, dispatch_uid="desk.user_logged_in")


def _follows(action: str) -> Any:
    def changed(
        *, request: HttpRequest, user: Staff, authenticator: Authenticator | None = None, **_: Any
    ) -> None:
        sessions.end_sessions(user, but=sessions.hash_of(request.session.session_key))
        with transaction.atomic():
            _note(user, action)
            # Codes come and go with the last factor by themselves: about that one change one mail is enough.
            if not (_is_codes(authenticator) and action != "staff.codes_renewed"):
                telling.tell(user, telling.CHANGED, at=timezone.now())

    return changed


def _used(*, user: Staff, authenticator: Authenticator, **_: Any) -> None:
    if not _is_codes(authenticator):
        return
    with transaction.atomic():
        _note(user, "staff.code_used")
        telling.tell(user, telling.CODE_USED, at=timezone.now())


def _came_in(*, request: HttpRequest, user: Staff, response: HttpResponse | None = None, **_: Any) -> None:
    """Tell of a browser nobody knows; a passkey is itself something known, and was told of when it was added."""
    if not telling.knows(request, user) and not did_use_passwordless_login(request, user):
        with transaction.atomic():
            _note(user, "staff.new_device")
            telling.tell(user, telling.NEW_DEVICE, at=timezone.now())
    if response is not None:
        telling.remember(request, response, user)


def _is_codes(authenticator: Authenticator | None) -> bool:
    return authenticator is not None and bool(authenticator.type == Authenticator.Type.RECOVERY_CODES)


def _note(user: Staff, action: str) -> None:
    trail.record(
        str(user.pk),
        action,
        object_type="organisation.staff",
        object_id=user.pk,
        at=timezone.now(),
        contact_point=user.contact_point_id or 0,
    )
