"""Contact points, Kreise, new groups, and the colours of an office."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from kontaktstelle import places
from kontaktstelle.directory import cards, entries, offices
from kontaktstelle.ui import accent, chrome
from kontaktstelle.ui.middleware import shown_to_all

DAY = 86_400


@require_GET
@shown_to_all
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a contact point: sites, Sprechzeiten, closings, its groups."""
    point = offices.page_of(slug)
    chrome.show_office(request, slug)
    listed = cards.listed(entries.of_office(point.pk), on=timezone.localdate())
    kreise = [(key, places.kreis_name(key)) for key in point.kreise]
    return render(request, "directory/office.html", {"point": point, "cards": listed, "kreise": kreise})


@require_GET
@shown_to_all
def kreis(request: HttpRequest, key: str) -> HttpResponse:
    """Show the groups of a Kreis, as a list and on a map."""
    name = places.kreis_name(key)
    if not name:
        raise Http404
    found = entries.in_kreis(key)
    chrome.show_office(request, offices.serving(postcode="", kreis_key=key))
    return render(request, "directory/kreis.html", {"name": name, "cards": cards.listed(found, on=timezone.localdate()), "map": ""})


@require_GET
@shown_to_all
def new(request: HttpRequest) -> HttpResponse:
    """Show groups that are being founded."""
    return render(request, "directory/new.html", {"cards": cards.listed(entries.new_and_founding(), on=timezone.localdate())})


@require_GET
def colours(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - a view takes a request
    """Return an office's colours as a stylesheet."""
    response = HttpResponse(accent.stylesheet(offices.accent_of(slug)), content_type="text/css; charset=utf-8")
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response
