"""Contact points, Kreise, new groups, and the colours of an office."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET
from markupsafe import Markup

from kontaktstelle import places
from kontaktstelle.directory import callings, cards, entries, offices
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.places import outline
from kontaktstelle.ui import accent, chrome
from kontaktstelle.ui.middleware import shown_to_all

DAY = 86_400
ON_A_PAGE = 50


@require_GET
@shown_to_all
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a contact point: sites, Sprechzeiten, closings, its groups."""
    point = offices.page_of(slug)
    chrome.show_office(request, slug)
    kreise = [(key, places.kreis_name(key)) for key in point.kreise]
    return render(
        request,
        "directory/office.html",
        {"point": point, "kreise": kreise, **_page(request, entries.of_office(point.pk), level=3)},
    )


@require_GET
@shown_to_all
def kreis(request: HttpRequest, key: str) -> HttpResponse:
    """Show the groups of a Kreis, as a list and on a map."""
    name = places.kreis_name(key)
    if not name:
        raise Http404
    found = entries.in_kreis(key)
    chrome.show_office(request, offices.serving(postcode="", kreis_key=key))
    return render(
        request,
        "directory/kreis.html",
        {"name": name, "map": _map(key, name, found), **_page(request, found, level=2)},
    )


@require_GET
@shown_to_all
def new(request: HttpRequest) -> HttpResponse:
    """Show groups that are being founded, and foundings that look for people."""
    calls = [
        (each, places.kreis_name(each.kreis_key) if each.kreis_key else "")
        for each in callings.there(timezone.now())
    ]
    shown = cards.listed(entries.new_and_founding(), on=timezone.localdate(), level=2)
    return render(request, "directory/new.html", {"cards": shown, "callings": calls})


@require_GET
def colours(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001 - a view takes a request
    """Return an office's colours as a stylesheet."""
    response = HttpResponse(
        accent.stylesheet(offices.accent_of(slug)), content_type="text/css; charset=utf-8"
    )
    response.headers["Cache-Control"] = f"public, max-age={DAY}"
    return response


def _page(request: HttpRequest, found: Sequence[PublicEntry], *, level: int) -> dict[str, object]:
    """Return one page of a long list: the page, its cards, how many there are in all."""
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("seite"))
    return {
        "page": page,
        "cards": cards.listed(page, on=timezone.localdate(), level=level),
        "count": len(found),
    }


def _map(key: str, name: str, found: Iterable[PublicEntry]) -> Markup:
    """Return the Kreis with a dot for each town that has groups; groups whose town is not public have no dot."""
    towns: dict[str, list[PublicEntry]] = defaultdict(list)
    for entry in found:
        if entry.town and not entry.place_is_kreis and entry.lat is not None:
            towns[entry.town].append(entry)
    dots = [
        outline.Dot(
            _mean(entry.lat for entry in there),
            _mean(entry.lon for entry in there),
            f"{town}: {len(there)}",
            len(there),
        )
        for town, there in towns.items()
    ]
    return Markup(outline.svg(key, dots, title=_("Karte: %s. Die Orte stehen auch in der Liste.") % name))  # noqa: S704 - made by places from its own data, labels escaped there


def _mean(numbers: Iterable[float | None]) -> float:
    known = [number for number in numbers if number is not None]
    return sum(known) / len(known)
