"""What groups changed by themselves, and what they propose: looked through, decided field by field, taken back."""

from collections.abc import Callable
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse

from kontaktstelle.desk import group_page, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import REFUSED, take, told
from kontaktstelle.groups.models import Proposal
from kontaktstelle.groups.own_page import keys, live, proposals
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import shown


@door(Right.EDIT_GROUP)
def overview(request: HttpRequest) -> HttpResponse:
    """List what groups changed by themselves, and whose proposals wait."""
    return _overview(request)


@door(Right.EDIT_GROUP)
def seen(request: HttpRequest) -> HttpResponse:
    """Note that what stood on the page was looked through; what came since stays."""
    found = [number for each in request.POST.getlist("notice") if (number := typed.number(each))]
    return take(
        request,
        lambda: live.seen(found, **told(request)),
        back=reverse("desk:upkeep"),
        said="Die Meldungen sind durchgesehen.",
        again=lambda refused: _overview(request, wrong=refused.sentence),
    )


@door(Right.EDIT_GROUP)
def group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show what a group proposes beside what stands there, its live notices, and the ways to its own page."""
    return _group(request, group)


@door(Right.EDIT_GROUP)
def decide(request: HttpRequest, proposal: UUID) -> HttpResponse:
    """Accept, reject, take back, or note the call to the old contact: whichever button was pressed."""
    row = Proposal.objects.filter(pk=proposal).first()
    if row is None:
        raise Http404
    what, number = request.POST.get("was", ""), row.group_id
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "annehmen": (
            lambda: proposals.accept(proposal, seen=request.POST.get("seen", ""), **told(request)),
            "Der Vorschlag ist erledigt."
            if row.field == proposals.WORDS
            else "Der Vorschlag ist übernommen.",
        ),
        "ablehnen": (lambda: proposals.reject(proposal, **told(request)), "Es bleibt, wie es war."),
        "rueckruf": (
            lambda: proposals.called_back(proposal, **told(request)),
            "Der Rückruf ist vermerkt.",
        ),
        "zurueck": (
            lambda: proposals.take_back(proposal, **told(request)),
            "Die Entscheidung ist zurückgenommen, der Vorschlag wartet wieder.",
        ),
    }
    if request.method == "POST" and what not in steps:
        raise Http404
    step, done = steps.get(what, (lambda: None, ""))
    return take(
        request,
        step,
        back=reverse("desk:upkeep_group", args=[number]),
        said=done,
        again=lambda refused: _group(request, number, wrong=refused.sentence),
    )


@door(Right.EDIT_GROUP)
def send_link(request: HttpRequest, group: UUID) -> HttpResponse:
    """Send a group a new link to its stored address."""
    row = group_page.group_of(group)
    return take(
        request,
        lambda: keys.send_link(row, **told(request)),
        back=reverse("desk:upkeep_group", args=[group]),
        said="Der Link ist unterwegs an die hinterlegte Adresse. Ältere gelten nicht mehr.",
        again=lambda refused: _group(request, group, wrong=refused.sentence),
    )


@door(Right.EDIT_GROUP)
def tell_code(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show a new code once, to be told on the telephone."""
    row = group_page.group_of(group)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        code = keys.tell_code(row, person=None, **told(request))
    except StepRefused as refused:
        return _group(request, group, wrong=refused.sentence)
    return _group(request, group, code=code)


def _overview(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    context = {
        "notices": shown.notices(),
        "waiting": shown.waiting(),
        "counts": shown.counts(),
        "wrong": wrong,
    }
    return page(request, "desk/upkeep/overview.html", context, status=REFUSED if wrong else 200)


def _group(request: HttpRequest, number: UUID, *, wrong: str = "", code: str = "") -> HttpResponse:
    row = group_page.group_of(number)
    context = shown.group_page(row, **told(request)) | {"wrong": wrong, "code": code}
    return page(request, "desk/upkeep/group.html", context, status=REFUSED if wrong else 200)
