"""Jährliche Nachfrage: begin it, make the calls, note answers with one key, print the sheet, decide about silence."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import group_page, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import REFUSED, staff_of, take, told
from kontaktstelle.groups.models import YearlyAsking, YearlyUpdate
from kontaktstelle.groups.own_page import sheet as own_sheet
from kontaktstelle.groups.yearly import asking as steps
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import shown, views


class WayUnknown(StepRefused):
    """No way by which a group confirms."""

    sentence = "Bitte wählen Sie, wie die Gruppe bestätigt hat."


class DayMissing(StepRefused):
    """Nobody said from when on."""

    sentence = "Bitte nennen Sie den Tag, ab dem gefragt wird."


@door(Right.EDIT_GROUP)
def overview(request: HttpRequest) -> HttpResponse:
    """Show who is being asked, which calls are to be made, and what is to be decided."""
    return _page(request)


@door(Right.DECIDE)
def begin(request: HttpRequest) -> HttpResponse:
    """Decide that the groups are asked from a day on."""

    def step() -> None:
        on = typed.day(request.POST.get("on", ""))
        if on is None:
            raise DayMissing
        steps.begin(on, **told(request))

    return _taken(request, step, "Die Nachfrage beginnt. Sie verteilt sich über 32 Wochen.")


@door(Right.DECIDE)
def rest(request: HttpRequest) -> HttpResponse:
    """Ask nobody any more."""
    return _taken(request, lambda: steps.rest(**told(request)), "Die Nachfrage ruht.")


@door(Right.EDIT_GROUP)
def called(request: HttpRequest, asking: UUID) -> HttpResponse:
    """Note a call of the list: confirmed, or nobody was there."""
    if not YearlyAsking.objects.filter(pk=asking).exists():
        if request.method != "POST" or not request.POST.get("group"):
            raise Http404
        return _taken(request, _made_already, "")
    confirmed = request.POST.get("was") == "stimmt"
    said = "Bestätigt, mit Stand von heute." if confirmed else "Der Versuch ist vermerkt."
    return _taken(request, lambda: steps.called(asking, confirmed=confirmed, **told(request)), said)


@door(Right.PUBLISH_GROUP)
def decide(request: HttpRequest, update: UUID) -> HttpResponse:
    """Decide about a group that did not answer: it stays, or leaves the directory."""
    if not YearlyUpdate.objects.filter(pk=update).exists():
        raise Http404
    out = request.POST.get("was") == "heraus"
    said = "Die Gruppe steht nicht mehr im Verzeichnis." if out else "Die Gruppe bleibt, wie sie ist."
    return _taken(request, lambda: steps.decide(update, take_out=out, **told(request)), said)


@door(Right.EDIT_GROUP)
def confirm(request: HttpRequest, group: UUID) -> HttpResponse:
    """Note by which way a group has confirmed its facts; all count the same."""
    row = group_page.group_of(group)

    def step() -> None:
        how = request.POST.get("how", "")
        if how not in set(YearlyUpdate.How):
            raise WayUnknown
        rights.check(staff_of(request), Right.EDIT_GROUP, row.contact_point_id)
        steps.confirm(row, YearlyUpdate.How(how), by=str(staff_of(request).pk), at=timezone.now())

    return take(
        request,
        step,
        back=reverse("desk:yearly")
        if request.POST.get("weiter")
        else reverse("desk:upkeep_group", args=[group]),
        said=f"{row.name}: bestätigt, mit Stand von heute.",
        again=lambda refused: views._group(request, group, wrong=refused.sentence),  # noqa: SLF001 - one package
    )


@door(Right.EDIT_GROUP)
def sheet(request: HttpRequest, group: UUID) -> HttpResponse:
    """Print the sheet of a group, with a new code for its page."""
    row = group_page.group_of(group)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        pdf = own_sheet.printed(row, **told(request))
    except StepRefused as refused:
        return views._group(request, group, wrong=refused.sentence)  # noqa: SLF001 - one package
    answer = HttpResponse(pdf, content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="blatt-{own_sheet.reference_of(row)}.pdf"'
    return answer


@door(Right.EDIT_GROUP)
def by_reference(request: HttpRequest) -> HttpResponse:
    """Go to the group a sheet that came back belongs to."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    row = own_sheet.by_reference(request.POST.get("zeichen", ""))
    if row is None:
        return _page(
            request, wrong="Dieses Zeichen gehört zu keiner Gruppe. Es hat acht Stellen, Ziffern und A bis F."
        )
    return HttpResponseRedirect(reverse("desk:upkeep_group", args=[row.pk]))


def _made_already() -> None:
    raise steps.CallMade


def _taken(request: HttpRequest, step: Callable[[], object], said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:yearly"),
        said=said,
        again=lambda refused: _page(request, wrong=refused.sentence),
    )


def _page(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    context = shown.yearly_page(on=timezone.localdate()) | {
        "wrong": wrong,
        "may_begin": Right.DECIDE in rights.rights_of(request.roles),  # type: ignore[attr-defined]
        "may_decide": Right.PUBLISH_GROUP in rights.rights_of(request.roles),  # type: ignore[attr-defined]
        "today": timezone.localdate(),
        "typed_day": request.POST.get("on", ""),
        "sign": request.POST.get("zeichen", ""),
    }
    return page(request, "desk/upkeep/yearly.html", context, status=REFUSED if wrong else 200)
