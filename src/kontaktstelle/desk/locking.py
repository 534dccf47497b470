"""The lock: idle for half an hour, the desk locks. What was being typed stays with the browser and is sent again.

Nothing typed is stored on the server: a form that arrives at a locked desk is shown back, hidden in the page that asks
for the password or passkey; after that one button sends it where it was going.
"""

import json
from datetime import datetime
from urllib.parse import urlencode

from allauth.mfa.webauthn.internal import auth
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from kontaktstelle.organisation.access import Door, signed_in

LOCKS_AFTER = settings.DESK_LOCKS_AFTER
LOCKED = "locked"
# Fields of the frame, not of the draft.
NOT_DRAFT = {"csrfmiddlewaretoken"}
LOCKED_STATUS = 423


def answer_if_locked(request: HttpRequest, door: Door) -> HttpResponse | None:
    """Return the lock page if the desk is locked, or None and remember that somebody is at work."""
    if signed_in(request) is None:
        return None
    now = timezone.now()
    if not is_locked(request, now):
        request.session.see(now)  # type: ignore[attr-defined]
        return None
    if not request.session.get(LOCKED):
        request.session[LOCKED] = True
    if door.opens_locked:
        return None
    if request.method in {"GET", "HEAD"}:
        return HttpResponseRedirect(
            f"{reverse('desk:locked')}?{urlencode({'weiter': request.get_full_path()})}"
        )
    return lock_page(request, back=request.get_full_path(), draft=draft_of(request), status=LOCKED_STATUS)


def is_locked(request: HttpRequest, at: datetime) -> bool:
    """Say whether the desk is locked: by hand, or idle too long."""
    seen_at = getattr(request.session, "seen_at", None)
    return bool(request.session.get(LOCKED)) or (seen_at is not None and at - seen_at >= LOCKS_AFTER)


def lock(request: HttpRequest) -> None:
    """Lock the desk now."""
    request.session[LOCKED] = True


def unlock(request: HttpRequest) -> None:
    """Open the desk again: whoever calls has seen the password or passkey."""
    request.session.pop(LOCKED, None)
    request.session.see(timezone.now())  # type: ignore[attr-defined]


def draft_of(request: HttpRequest) -> str:
    """Return what a form sent, as text to be put into a page and sent again."""
    return json.dumps(
        [[name, value] for name, values in request.POST.lists() if name not in NOT_DRAFT for value in values]
    )


def fields_of(draft: str) -> list[tuple[str, str]]:
    """Return the fields of a draft; none if it is not one."""
    try:
        return [(str(name), str(value)) for name, value in json.loads(draft or "[]")]
    except (ValueError, TypeError):
        return []


def lock_page(
    request: HttpRequest, *, back: str, draft: str = "", error: str = "", status: int = 200
) -> HttpResponse:
    """Return the page that asks for password or passkey."""
    staff = signed_in(request)
    with_passkey = staff is not None and bool(auth.get_credentials(staff))
    context = {
        "staff": staff,
        "back": safe_way(back),
        "draft": draft if fields_of(draft) else "",
        "error": error,
        "has_password": staff is not None and staff.has_usable_password(),
        "js_data": {"request_options": auth.begin_authentication(staff)} if with_passkey else {},
    }
    return render(request, "desk/locked.html", context, status=status)


def safe_way(back: str) -> str:
    """Return where to go on: an address of the desk, never another site's."""
    inside = back.startswith(settings.DESK_PREFIX) and url_has_allowed_host_and_scheme(
        back, allowed_hosts=None
    )
    return back if inside else reverse("desk:today")
