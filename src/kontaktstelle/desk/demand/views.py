"""Bedarf: the page, the table for inside use, and whether searches are counted."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of, take
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.reporting import searches

from . import shown


@door(Right.STATISTICS)
@require_GET
def demand(request: HttpRequest) -> HttpResponse:
    """Show where a group is missing."""
    return _page(request)


@door(Right.STATISTICS)
@require_GET
def table(request: HttpRequest) -> HttpResponse:
    """Give the table out, for inside use alone: its name and its first line say so."""
    today = timezone.localdate()
    answer = HttpResponse(
        shown.as_csv(on=today, by=staff_of(request)), content_type="text/csv; charset=utf-8"
    )
    answer.headers["Content-Disposition"] = f'attachment; filename="bedarf-nur-intern-{today}.csv"'
    return answer


@door(Right.STATISTICS)
@require_POST
def counting(request: HttpRequest) -> HttpResponse:
    """Say whether searches on the office's pages are counted; whoever may not set it is refused by the step."""
    on = request.POST.get("zaehlen") == "ja"

    def again(refused: StepRefused) -> HttpResponse:
        return _page(request, wrong=refused.sentence)

    return take(
        request,
        lambda: searches.switch(on=on, by=staff_of(request), at=timezone.now()),
        back=reverse("desk:demand"),
        said="Suchen werden gezählt." if on else "Suchen werden nicht mehr gezählt.",
        again=again,
    )


def _page(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    staff, today = staff_of(request), timezone.localdate()
    context = {
        "wrong": wrong,
        "shown": shown.of(on=today, by=staff),
        "counts": searches.are_counted(),
        "may_set": shown.may_set(request.roles),  # type: ignore[attr-defined]
    }
    return page(request, "desk/demand/demand.html", context)
