"""What follows when somebody changes how they sign in: their other sessions end, the trail says so."""

from typing import Any

from allauth.account.signals import password_changed, password_set
from allauth.mfa.signals import authenticator_added, authenticator_removed, authenticator_reset
from django.http import HttpRequest
from django.utils import timezone

from kontaktstelle.desk import sessions
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import trail


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


def _follows(action: str) -> Any:
    def changed(*, request: HttpRequest, user: Staff, **_: Any) -> None:
        sessions.end_sessions(user, but=sessions.hash_of(request.session.session_key))
        trail.record(
            str(user.pk),
            action,
            object_type="organisation.staff",
            object_id=user.pk,
            at=timezone.now(),
            contact_point=user.contact_point_id or 0,
        )

    return changed
