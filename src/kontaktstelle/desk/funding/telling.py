"""Gesagt: which group was told of what, how and when; the calls still to make; whether anybody has looked for money."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import take
from kontaktstelle.desk.steps import told as common
from kontaktstelle.funding import applications, settling
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right

from . import told_page


@door(Right.FUNDING)
def told(request: HttpRequest) -> HttpResponse:
    """List the calls to make, and what every group was told."""
    return _page(request)


@door(Right.FUNDING)
def as_csv(request: HttpRequest) -> HttpResponse:
    """Hand out the list of a year as a file."""
    year = _year(request)
    answer = HttpResponse(told_page.as_csv(year), content_type="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="foerderung-gesagt-{year}.csv"'
    return answer


@door(Right.FUNDING)
def looked(request: HttpRequest) -> HttpResponse:
    """Note that somebody has looked for money for the groups of the office."""
    return take(
        request,
        lambda: applications.note_search(timezone.localdate().year, **common(request)),
        back=_back(request),
        said="Vermerkt. Gruppen, für die es nichts gibt, erfahren das jetzt.",
        again=lambda refused: _page(request, refused.sentence),
    )


@door(Right.FUNDING)
def called(request: HttpRequest, telling: UUID) -> HttpResponse:
    """Note what came of a call."""
    if not told_page.is_known(telling):
        raise Http404
    said = request.POST.get("gesagt", "")
    if said not in settling.Said.values:
        return _page(request)
    words = {
        settling.Said.NOBODY: "Der Versuch ist vermerkt; der Anruf bleibt stehen.",
        settling.Said.DECLINES: "Vermerkt. Die Gruppe bekommt dazu nichts mehr.",
        settling.Said.SUBMITTED: "Vermerkt. Die Gruppe bekommt dazu nichts mehr.",
    }
    what = settling.Said(said)
    return take(
        request,
        lambda: settling.called(telling, what, **common(request)),
        back=_back(request),
        said=words.get(what, "Vermerkt: erreicht und gesagt."),
        again=lambda refused: _page(request, refused.sentence),
    )


def _back(request: HttpRequest) -> str:
    """Return where the key was pressed: at a group's page, or at the list."""
    group = typed.number(request.POST.get("bei", ""))
    return reverse("desk:funding_group", args=[group]) if group else reverse("desk:funding_told")


def _year(request: HttpRequest) -> int:
    asked = typed.whole_number(request.GET.get("jahr", ""))
    now = timezone.localdate().year
    return asked if now - told_page.YEARS_BACK <= asked <= now + 1 else now


def _page(request: HttpRequest, wrong: str = "") -> HttpResponse:
    whole = request.GET.get("alle") == "1"
    context = told_page.context(_year(request), on=timezone.localdate(), whole=whole)
    return page(request, "desk/funding/told.html", context | {"wrong": wrong})
