"""Pages that say what is always so, help lines, and what machines ask for."""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kontaktstelle.directory import addresses, help, offices  # noqa: A004 - the field's word
from kontaktstelle.topics import tree
from kontaktstelle.ui.middleware import shown_to_all

NEUTRAL_PAGE = "https://www.wikipedia.org"
SEE_OTHER = 303
A_YEAR = timedelta(days=365)


def page(template: str) -> Callable[[HttpRequest], HttpResponse]:
    """Return a view that shows one fixed page."""

    @require_GET
    @shown_to_all
    def shown(request: HttpRequest) -> HttpResponse:
        return render(request, f"directory/{template}.html")

    return shown


@require_GET
@shown_to_all
def help_lines(request: HttpRequest) -> HttpResponse:
    """Show whom to call now."""
    return render(request, "directory/help.html", {"sections": help.sections()})


@require_GET
def leave(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - a view takes a request
    """Lead away to a page nobody asks about."""
    response = redirect(NEUTRAL_PAGE)
    response.status_code = SEE_OTHER
    return response


@require_GET
def robots(request: HttpRequest) -> HttpResponse:
    """Tell search engines what the directory is and what is nobody's business."""
    lines = [
        "User-agent: *",
        "Disallow: /suche",
        "Disallow: /en/suche",
        "Disallow: /weg",
        "Disallow: /nachricht/",
        "Disallow: /antwort/",
        "Disallow: /post/",
        "Disallow: /termin/",
        "Disallow: /einwilligung/",
        f"Sitemap: {_site(request)}{reverse('plain:sitemap')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


@require_GET
def sitemap(request: HttpRequest) -> HttpResponse:
    """Return all public pages for search engines."""
    site = _site(request)
    paths = [
        reverse(f"directory:{name}")
        for name in (
            "start",
            "topics",
            "new",
            "help",
            "what_is",
            "founding",
            "professionals",
            "young",
            "for_groups",
            "press",
        )
    ]
    paths += [reverse("directory:office", args=[slug]) for slug in offices.slugs()]
    paths += [reverse("directory:topic", args=[topic]) for topic in tree.TOPICS]
    paths += [reverse("directory:group", args=[slug]) for slug in addresses.of_groups()]
    places = "".join(f"<url><loc>{site}{path}</loc></url>" for path in paths)
    document = f'<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</urlset>'
    return HttpResponse(document, content_type="application/xml; charset=utf-8")


@require_GET
def security(request: HttpRequest) -> HttpResponse:
    """Say where somebody reports a hole (RFC 9116)."""
    office = offices.head_of("")
    contact = (
        f"mailto:{office.email}"
        if office and office.email
        else f"{_site(request)}{reverse('directory:imprint')}"
    )
    expires = (timezone.now() + A_YEAR).strftime("%Y-%m-%dT00:00:00Z")
    lines = [
        f"Contact: {contact}",
        f"Expires: {expires}",
        "Preferred-Languages: de, en",
        f"Canonical: {_site(request)}{reverse('plain:security')}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")


def _site(request: HttpRequest) -> str:
    return settings.PUBLIC_ADDRESS or f"{request.scheme}://{request.get_host()}"
