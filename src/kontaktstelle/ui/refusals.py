"""What does not work, said kindly, once for all views: refused steps, pages not found, forms from elsewhere, faults.

Every such page says what happened, that nothing is lost or stored, and how to go on: by telephone, by searching.
"""

import errno
import logging
import sys
from collections.abc import Callable

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _

from kontaktstelle.refusal import StepRefused

from . import chrome
from .formats import language

logger = logging.getLogger("kontaktstelle.ui")
CONFLICT, FORBIDDEN, NOT_FOUND, BAD_REQUEST, FAULT, AWAY = 409, 403, 404, 400, 500, 503
AGAIN_IN_SECONDS = 120
# What is longer is shown, so that it can be read again and copied.
A_LINE = 60
LAST_RESORT = (
    '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Gerade geht etwas nicht</title></head><body><main>'
    "<h1>Gerade geht etwas nicht</h1><p>Das liegt an uns. Bitte versuchen Sie es in einigen Minuten noch einmal.</p>"
    '<p>In Not: Notruf <a href="tel:112">112</a>, TelefonSeelsorge <a href="tel:08001110111">0800 1110111</a>.</p></main></body></html>'
)


class RefusalsAreShown:
    """Turns a refused step into a page, wherever it was refused."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Show a refused step; leave everything else to Django."""
        if isinstance(exception, StepRefused):
            return kind_page(request, CONFLICT, _("Das geht so nicht"), exception.sentence)
        return None


def kind_page(request: HttpRequest, status: int, title: str, sentence: str) -> HttpResponse:
    """Return a page that says in one sentence what does not work, and how to go on; pages of another frame name theirs."""
    template = getattr(request, "refusal_page", "ui/refusal.html")
    return render(request, template, {"title": title, "sentence": sentence, "status": status}, status=status)


def sent_from_elsewhere(request: HttpRequest) -> HttpResponse:
    """Return the page for a form that did not come from a page of ours."""
    return kind_page(
        request,
        FORBIDDEN,
        _("Dieses Formular kam nicht von unserer Seite"),
        _(
            "Zu Ihrem Schutz nehmen wir nur Eingaben an, die auf unseren eigenen Seiten gemacht wurden. Bitte öffnen Sie die Seite neu und versuchen Sie es noch einmal."
        ),
    )


def forged(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer a form of the desk without its token: made elsewhere, or before the last sign-in."""
    return kind_page(
        request,
        FORBIDDEN,
        _("Dieses Formular gilt nicht mehr"),
        _(
            "Vielleicht haben Sie sich inzwischen neu angemeldet. Bitte gehen Sie zurück, laden Sie die Seite neu und versuchen Sie es noch einmal."
        ),
    )


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer what cannot be read."""
    return kind_page(
        request,
        BAD_REQUEST,
        _("Das haben wir nicht verstanden"),
        _("Die Anfrage war unvollständig. Bitte gehen Sie zurück und versuchen Sie es noch einmal."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer where a page may not be shown: it looks like a page that is not there."""
    return not_found(request)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Answer where there is no page."""
    return kind_page(
        request,
        NOT_FOUND,
        _("Diese Seite gibt es nicht"),
        _(
            "Vielleicht wurde die Gruppe aufgelöst oder die Adresse ist nicht vollständig. Über die Suche finden Sie, was es gibt."
        ),
    )


def away(request: HttpRequest) -> HttpResponse:
    """Answer while nothing can be read or written: the database is away, its disk is full.

    Needs no database. What somebody sent stands in the page and can be sent again as it is; forms count once.
    """
    typed = _sent_with_a_key(request)
    context = {
        "office": chrome.last_known(getattr(request, "office_slug", "")),
        "language": language(),
        "path": request.path,
        "hidden": [(name, value) for name, value in typed if not _is_text(value)],
        "texts": [(name, value) for name, value in typed if _is_text(value)],
    }
    page = loader.get_template("ui/away.html").render(context)
    return HttpResponse(page, status=AWAY, headers={"Retry-After": str(AGAIN_IN_SECONDS)})


def _sent_with_a_key(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what was sent, if it was a form of the open pages: it has a token of its own (`tokens`)."""
    if request.method != "POST" or "marke" not in request.POST:
        return []
    return [(name, value) for name, values in request.POST.lists() for value in values]


def _is_text(value: str) -> bool:
    return "\n" in value or (" " in value.strip() and len(value) >= A_LINE)


def broken(request: HttpRequest) -> HttpResponse:
    """Answer a fault of ours. Needs no database, and not even a template that works."""
    try:
        if _is_away(sys.exc_info()[1]):
            return away(request)
        page = loader.get_template("ui/broken.html").render(
            {"office": chrome.last_known(), "language": language()}
        )
    except Exception:
        logger.exception("broken_page_broken")
        page = LAST_RESORT
    return HttpResponse(page, status=FAULT)


def _is_away(fault: BaseException | None) -> bool:
    """Say whether nothing can be read or written for a while. PostgreSQL and SQLite say a full disk like this, too."""
    full = isinstance(fault, OSError) and fault.errno in {errno.ENOSPC, errno.EDQUOT}
    return full or isinstance(fault, OperationalError | InterfaceError)
