"""One step per form: take it, say what was done, go on; refused, show the page again with everything that was typed."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, TypedDict
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.utils import timezone

from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused

from . import typed
from .pages import say

REFUSED = 409


class Common(TypedDict):
    """What every step is told: who takes it, when, by which form."""

    by: Staff
    at: Any
    form_key: UUID | None


class Told(TypedDict):
    """Who takes a step, and when; for steps that are safe to take twice."""

    by: Staff
    at: datetime


def told(request: HttpRequest) -> Told:
    """Return who takes a step, and when."""
    return Told(by=staff_of(request), at=timezone.now())


def staff_of(request: HttpRequest) -> Staff:
    """Return who is there; the view stands behind a door."""
    staff: Staff = request.staff  # type: ignore[attr-defined]
    return staff


def common(request: HttpRequest) -> Common:
    """Return what every step is told."""
    return Common(by=staff_of(request), at=timezone.now(), form_key=typed.key(request.POST))


def take(
    request: HttpRequest,
    step: Callable[[], object],
    *,
    back: str | Callable[[], str],
    said: str,
    again: Callable[[StepRefused], HttpResponse],
) -> HttpResponse:
    """Take a step and go on.

    Args:
        request: a POST; anything else is answered with 405.
        step: the step, with everything that was typed already in it.
        back: where to go then.
        said: what the next page says was done.
        again: makes the page that says what is wrong, with nothing lost.
    """
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        step()
    except StepRefused as refused:
        answer = again(refused)
        answer.status_code = REFUSED
        return answer
    say(request, said)
    return HttpResponseRedirect(back if isinstance(back, str) else back())
