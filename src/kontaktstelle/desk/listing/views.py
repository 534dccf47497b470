"""Verzeichnis: who waits for a decision, the criteria, a group's entry, its certificate, its farewell. One step per form."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import group_page, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups.entry import criteria as criteria_steps
from kontaktstelle.groups.entry import decisions, papers
from kontaktstelle.groups.entry import farewell as farewells
from kontaktstelle.groups.lifecycle import Outcome
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import shown


@door(Right.EDIT_GROUP)
def overview(request: HttpRequest) -> HttpResponse:
    """Show who waits for a decision, and the ways to criteria and consents."""
    return page(
        request, "desk/listing/overview.html", shown.overview(by=staff_of(request), on=timezone.localdate())
    )


@door(Right.EDIT_GROUP)
def criteria(request: HttpRequest) -> HttpResponse:
    """Show what the office asks of a group; who leads changes it."""
    if request.method != "POST":
        return page(request, "desk/listing/criteria.html", shown.criteria(by=staff_of(request)))
    lines = request.POST.get("kriterien", "").splitlines()
    try:
        criteria_steps.decide(
            lines,
            decided_on=typed.day(request.POST.get("decided_on", "")),
            seen=typed.whole_number(request.POST.get("seen", "")),
            by=staff_of(request),
            at=timezone.now(),
        )
    except StepRefused as refused:
        context = shown.criteria(by=staff_of(request), entered=request.POST, wrong=refused.sentence)
        return page(request, "desk/listing/criteria.html", context, status=REFUSED)
    say(request, "Die Kriterien gelten ab jetzt. Frühere Entscheidungen behalten ihre Fassung.")
    return HttpResponseRedirect(reverse("desk:listing_criteria"))


@door(Right.PUBLISH_GROUP)
def decision(request: HttpRequest, group: UUID) -> HttpResponse:
    """Decide on a group's entry, criterion by criterion; or see what was decided."""
    row = group_page.group_of(group)
    if request.method != "POST":
        return page(request, "desk/listing/decision.html", shown.decision(row, on=timezone.localdate()))
    outcome = request.POST.get("outcome", "")
    try:
        if outcome not in set(Outcome):
            raise shown.OutcomeMissing
        decisions.decide(
            row,
            Outcome(outcome),
            shown.answers(request.POST),
            reason=request.POST.get("reason", ""),
            look_again_on=typed.day(request.POST.get("look_again_on", "")),
            seen=typed.whole_number(request.POST.get("seen", "")),
            number=typed.key(request.POST) or uuid4(),
            by=staff_of(request),
            at=timezone.now(),
        )
    except StepRefused as refused:
        context = shown.decision(row, on=timezone.localdate(), entered=request.POST, wrong=refused.sentence)
        return page(request, "desk/listing/decision.html", context, status=REFUSED)
    if outcome == Outcome.LISTED and not row.listed:
        say(
            request,
            "Entschieden. Jetzt fehlt noch die Grundlage: Tragen Sie unter „Verzeichnis“ ein, wie und wann die Gruppe eingewilligt hat.",
        )
        return HttpResponseRedirect(reverse("desk:group", args=[group]) + "#verzeichnis")
    say(request, "Die Entscheidung ist festgehalten.")
    return HttpResponseRedirect(reverse("desk:group_decision", args=[group]))


@door(Right.EDIT_GROUP)
def certificate(request: HttpRequest, group: UUID) -> HttpResponse:
    """Return the certificate that a group stands in the directory."""
    row = group_page.group_of(group)
    pdf = papers.certificate(row, by=staff_of(request), at=timezone.now())
    response = HttpResponse(pdf, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="bestaetigung.pdf"'
    return response


@door(Right.EDIT_GROUP)
def farewell(request: HttpRequest, group: UUID) -> HttpResponse:
    """Say what goes and what stays, and end a group; or offer a pause."""
    row = group_page.group_of(group)
    if request.method != "POST":
        return page(
            request,
            "desk/listing/farewell.html",
            shown.farewell(row, by=staff_of(request), on=timezone.localdate()),
        )
    try:
        if not request.POST.get("sicher"):
            raise shown.NotSure
        farewells.dissolve(
            row,
            request.POST.get("reason", ""),
            words=request.POST.get("words", ""),
            on=typed.day(request.POST.get("on", "")) or timezone.localdate(),
            by=staff_of(request),
            at=timezone.now(),
            seen=typed.moment(request.POST),
        )
    except StepRefused as refused:
        row = group_page.group_of(group)
        context = shown.farewell(
            row, by=staff_of(request), on=timezone.localdate(), entered=request.POST, wrong=refused.sentence
        )
        return page(request, "desk/listing/farewell.html", context, status=REFUSED)
    say(request, "Die Gruppe ist verabschiedet. Eine Woche lang lässt sich das zurücknehmen.")
    return HttpResponseRedirect(reverse("desk:group_farewell", args=[group]))


@door(Right.EDIT_GROUP)
def undo_farewell(request: HttpRequest, group: UUID) -> HttpResponse:
    """Take a farewell back, as long as nothing is erased."""
    row = group_page.group_of(group)

    def again(refused: StepRefused) -> HttpResponse:
        context = shown.farewell(row, by=staff_of(request), on=timezone.localdate(), wrong=refused.sentence)
        return page(request, "desk/listing/farewell.html", context)

    return take(
        request,
        lambda: farewells.undo(row, by=staff_of(request), at=timezone.now()),
        back=reverse("desk:group", args=[group]),
        said="Die Gruppe steht wieder, wo sie stand. Beendete Vermittlungen bleiben beendet.",
        again=again,
    )
