"""What every answer carries, and what is not answered at all.

`PublicHeaders` closes what browsers would otherwise leave open and refuses forms sent from elsewhere; `Language`
reads the language from the address. No cookie, no session, nothing stored at the visitor's.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed

from . import formats, refusals

_Answer = Callable[[HttpRequest], HttpResponse]
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
KNOWN = SAFE | {"POST"}
NOT_FOR_SEARCH_ENGINES = "noindex, noarchive"
PERMISSIONS = ", ".join(
    f"{feature}=()"
    for feature in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "clipboard-read", "display-capture", "encrypted-media", "fullscreen",
        "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone", "midi", "payment",
        "picture-in-picture", "publickey-credentials-get", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip
PUBLIC_SECONDS = 60


def shown_to_all(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Mark a view whose pages are the public directory: search engines may know them, proxies keep them a minute."""

    @wraps(view)
    def shown(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = view(request, *arguments, **named)
        response.headers.setdefault("X-Robots-Tag", "all")
        response.headers.setdefault("Cache-Control", f"public, max-age={PUBLIC_SECONDS}")
        return response

    return shown


class PublicHeaders:
    """Sets what every answer carries; lets only this site's own pages send forms."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, or refuse what no page of ours sends."""
        if request.method not in KNOWN:
            response: HttpResponse = HttpResponseNotAllowed(sorted(KNOWN))
        elif request.method not in SAFE and not _comes_from_here(request):
            response = refusals.sent_from_elsewhere(request)
        else:
            response = self.get_response(request)
        headers = response.headers
        headers.setdefault("Permissions-Policy", PERMISSIONS)
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("X-Robots-Tag", NOT_FOR_SEARCH_ENGINES)
        headers.setdefault("Cache-Control", "no-store")
        return response


class Language:
    """English under /en/, German everywhere else."""

    def __init__(self, get_response: _Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer in the language of the address."""
        language = "en" if request.path_info.startswith("/en/") else "de"
        with formats.shown_in(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response


def _comes_from_here(request: HttpRequest) -> bool:
    # Browsers say where a form comes from. With `no-referrer` they send `Origin: null` even for our own forms, so
    # Origin only speaks where the newer header is missing; the signed token in the form is checked in any case.
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}
    origin = request.headers.get("Origin", "null")
    try:
        return origin in {"null", f"{request.scheme}://{request.get_host()}"}
    except DisallowedHost:
        return False
