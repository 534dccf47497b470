"""Where a form was sent from, and the page for whoever tried too many codes."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from . import refusals

TOO_MANY = 429


def address_of(request: HttpRequest) -> str:
    """Return where a form was sent from; used for slowing down guesses and then forgotten."""
    if settings.HTTPS and (forwarded := request.headers.get("X-Forwarded-For")):
        return str(forwarded.rsplit(",", 1)[-1])
    return str(request.META.get("REMOTE_ADDR", ""))


def guessed_too_often(request: HttpRequest) -> HttpResponse:
    """Return the page for whoever tried too many codes."""
    return refusals.kind_page(
        request,
        TOO_MANY,
        "Bitte warten Sie eine Viertelstunde",
        "Von Ihrem Anschluss kamen gerade viele Codes, die nicht stimmten. Ihr Code gilt weiter. Wenn es eilt, rufen Sie uns an oder schreiben Sie noch einmal.",
    )
