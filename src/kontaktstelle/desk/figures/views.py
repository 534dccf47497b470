"""Zahlen: the overview of a year, one figure with its tables, and everything as a table for inside use."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right

from . import shown


@door(Right.STATISTICS)
@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show this year so far beside the same months of the year before."""
    context = _chosen(request)
    context["areas"] = shown.areas(context["span"], by=staff_of(request), site=context["site"])
    return page(request, "desk/figures/year.html", context)


@door(Right.STATISTICS)
@require_GET
def figure(request: HttpRequest, figure: str) -> HttpResponse:
    """Show one figure: what it counts and what not, its tables and bars."""
    context = _chosen(request)
    try:
        row, tables = shown.tables(figure, context["span"], by=staff_of(request), site=context["site"])
    except KeyError as error:
        raise Http404 from error
    return page(request, "desk/figures/figure.html", context | {"row": row, "tables": tables, "most": shown.MOST_ROWS})  # fmt: skip


@door(Right.STATISTICS)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Give everything out as a table, for inside use alone: its name and its first line say so."""
    context = _chosen(request)
    content = shown.as_csv(context["span"], by=staff_of(request), site=context["site"])
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="zahlen-nur-intern-{context["span"].year}.csv"'
    return answer


def _chosen(request: HttpRequest) -> dict[str, Any]:
    today = timezone.localdate()
    years = shown.years(on=today)
    year = typed.whole_number(request.GET.get("jahr", ""))
    sites = list(request.contact_point.sites.order_by("name"))  # type: ignore[attr-defined]
    code = request.GET.get("standort", "")
    site = next((each for each in sites if each.code == code), None)
    return {
        "span": shown.span(year if year in years else today.year, on=today), "years": [(str(each), str(each)) for each in years],
        "sites": [(each.code, each.name) for each in sites] if len(sites) > 1 else [], "site": site, "chosen_site": site.code if site else "",
    }  # fmt: skip
