"""What every page of the desk is made with: its frame's words and ways."""

from typing import Any
from uuid import uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from kontaktstelle.organisation.access import offices_of
from kontaktstelle.organisation.models import Staff

from .locking import LOCKS_AFTER
from .navigation import SEARCH, ways_for

MESSAGE_KEY = "said"


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """Return a page in the desk's frame; the view stands behind a door, so the request knows who is there."""
    staff: Staff = request.staff  # type: ignore[attr-defined]
    roles = request.roles  # type: ignore[attr-defined]
    frame = {
        "staff": staff,
        "desk_ways": ways_for(roles, request.path),
        "desk_search": next(iter(ways_for(roles, request.path, (SEARCH,))), None),
        "contact_point": request.contact_point,  # type: ignore[attr-defined]
        "other_offices": [each for each in offices_of(staff) if each != request.contact_point],  # type: ignore[attr-defined]
        "locks_after": int(LOCKS_AFTER.total_seconds()),
        "fresh_key": uuid4,
        "said": request.session.pop(MESSAGE_KEY, "") if MESSAGE_KEY in request.session else "",
    }
    return render(request, template, frame | (context or {}), status=status)


def say(request: HttpRequest, sentence: str) -> None:
    """Let the next page say in one sentence what was done."""
    request.session[MESSAGE_KEY] = sentence
