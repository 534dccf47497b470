"""Klärung and Vermittlung: what helps to decide, up to three groups with reasons, and each step of a referral on its page."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import consent_texts, enquiry_card, referral_pages, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.desk.views.arrangements import CAME_FROM
from kontaktstelle.desk.views.enquiries import card_page
from kontaktstelle.enquiries import access, clearing, correspondence, days, follow_up, group_answers, referral
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.REFER)
def clear(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Show the short list that helps to decide; only what came of the talk is kept."""
    row = access.enquiry_for(staff_of(request), enquiry)
    if access.is_for_another(staff_of(request), row):
        raise Http404
    if request.method != "POST":
        return _clearing_page(request, enquiry)
    outcomes = request.POST.getlist("outcome")
    try:
        clearing.record(row, outcomes, **common(request))
    except StepRefused as refused:
        return _clearing_page(request, enquiry, wrong=refused.sentence, status=REFUSED)
    said = "Das Gespräch ist festgehalten."
    if "first-treatment" in outcomes:
        said += " Noch nicht: erst Behandlung. Auf dem Merkzettel steht, wer jetzt hilft."
    say(request, said)
    to = "desk:refer" if set(outcomes) & {"fits", "group-decides"} else "desk:enquiry"
    return HttpResponseRedirect(reverse(to, args=[row.number]))


@door(Right.REFER)
def refer(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Choose where to and on which way; a referral is prepared, nothing moves yet."""
    row = access.enquiry_for(staff_of(request), enquiry)
    if access.is_for_another(staff_of(request), row):
        raise Http404
    if request.method != "POST":
        return _refer_page(request, enquiry)
    post = request.POST
    try:
        route = referral_pages.route_of(post.get("route", referral_pages.OPEN_ROUTE))
        made = referral.draft(
            row, to=referral_pages.target(post.get("to", "")), route=route, **common(request)
        )
    except StepRefused as refused:
        return _refer_page(request, enquiry, wrong=refused.sentence, status=REFUSED)
    return HttpResponseRedirect(reverse("desk:referral", args=[made.pk]))


@door(Right.SEE_ENQUIRY)
def show(request: HttpRequest, referral: UUID) -> HttpResponse:
    """Show a referral and its next step."""
    row = access.referral_for(staff_of(request), referral)
    if referral_pages.is_for_another(row, staff_of(request)):
        raise Http404
    if request.session.get(CAME_FROM) != str(row.pk):
        request.session[CAME_FROM] = str(row.pk)
    return _page(request, row.pk)


def _step(
    step: Callable[[Any, HttpRequest], object], said: str, *, for_anybody: bool = False
) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Return the view of one step of a referral; `for_anybody` also of one whose enquiry is marked "nur ich" by another."""

    @door(Right.REFER)
    def view(request: HttpRequest, referral: UUID) -> HttpResponse:
        row = access.referral_for(staff_of(request), referral)
        hidden = referral_pages.is_for_another(row, staff_of(request))
        if hidden and not for_anybody:
            raise Http404
        return take(
            request,
            lambda: step(row, request),
            back=reverse("desk:enquiry", args=[enquiry_card.number_of(row)]) if hidden else reverse("desk:referral", args=[row.pk]),
            said=said,
            again=lambda refused: card_page(request, enquiry_card.number_of(row), wrong=refused.sentence) if hidden else _page(request, row.pk, wrong=refused.sentence),
        )  # fmt: skip

    return view


def _consent(row: Any, request: HttpRequest) -> object:
    text = consent_texts.spoken(row)
    return referral.consent(
        row, text_version=text.version, how=request.POST.get("how", ""), **common(request)
    )


def _agree_to_follow_up(row: Any, request: HttpRequest) -> object:
    """Record that the person may be asked later, and plan it: one form, because one without the other is no use."""
    told = common(request)
    on = (
        typed.day(request.POST.get("on", "")) or days.local_day(told["at"]) + referral_pages.ASKED_LATER_AFTER
    )
    with transaction.atomic():
        referral.consent(row, text_version=consent_texts.asking_later().version, how=request.POST.get("how", ""), purpose=referral_pages.FOR_LATER, **told)  # fmt: skip
        return follow_up.plan(row, on=on, **told)


tell = _step(lambda row, request: referral.tell(row, **common(request)), "Mitgeteilt. Nichts über die Person ging weiter.")  # fmt: skip
consent = _step(_consent, "Die Einwilligung ist festgehalten.")
ask = _step(
    lambda row, request: referral.ask(row, seen=typed.version(request.POST), **common(request)),
    "Gefragt. Den Tag der Antwort können Sie der Person nennen.",
)
accept = _step(
    lambda row, request: referral.accept(row, seen=typed.version(request.POST), **common(request)),
    "Die Zusage ist eingetragen.",
)
decline = _step(
    lambda row, request: referral.decline(
        row,
        reason=request.POST.get("reason", ""),
        seen=typed.version(request.POST),
        **common(request),
    ),
    "Die Absage ist eingetragen. Die Anfrage ist wieder bei uns.",
)
in_contact = _step(
    lambda row, request: referral.confirm_contact(row, seen=typed.version(request.POST), **common(request)),
    "Der Kontakt kam zustande.",
)
outcome = _step(
    lambda row, request: referral.outcome(
        row, request.POST.get("result", ""), seen=typed.version(request.POST), **common(request)
    ),
    "Das Ergebnis ist eingetragen.",
)
withdraw = _step(lambda row, request: referral.withdraw(row, **common(request)), "Widerrufen. Von uns geht nichts mehr weiter. Wurde schon jemand gefragt, steht unter „Heute“, wem Sie Bescheid geben.", for_anybody=True)  # fmt: skip
told_of_withdrawal = _step(
    lambda row, request: referral.told_of_withdrawal(
        row, seen=typed.version(request.POST), **common(request)
    ),
    "Eingetragen: Wer gefragt wurde, weiß vom Widerruf.",
)
take_back_follow_up = _step(
    lambda row, request: follow_up.take_back(row, **common(request)), "Widerrufen. Wir fragen nicht nach."
)
end = _step(
    lambda row, request: referral.end(row, seen=typed.version(request.POST), **common(request)),
    "Die Vermittlung ist ohne Ergebnis beendet.",
)
send_link = _step(
    lambda row, request: group_answers.send_link(row, **common(request)),
    "Der Link ist unterwegs. In der E-Mail steht nichts über die Person.",
)
ask_later = _step(_agree_to_follow_up, "Vorgemerkt: Wir fragen einmal nach.")


@door(Right.REFER)
def digits(request: HttpRequest, referral: UUID) -> HttpResponse:
    """Make six new digits, to be told the group on the telephone: shown once, on this page alone."""
    staff = staff_of(request)
    row = access.referral_for(staff, referral)
    if referral_pages.is_for_another(row, staff):
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        made = correspondence.digits_for_group(row, by=staff, at=timezone.now())
    except StepRefused as refused:
        answer = _page(request, row.pk, wrong=refused.sentence)
        answer.status_code = REFUSED
        return answer
    context = referral_pages.referral_context(row.pk, by=staff, digits=made)
    return page(request, "desk/referral.html", context | {"wrong": ""})


def _clearing_page(request: HttpRequest, number: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    row = access.enquiry_for(staff_of(request), number)
    context = referral_pages.clearing_context(row, request.contact_point)  # type: ignore[attr-defined]
    typed_in = {"wrong": wrong, "chosen": request.POST.getlist("outcome")}
    return page(request, "desk/clearing.html", context | typed_in, status=status)


def _refer_page(request: HttpRequest, number: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    row = access.enquiry_for(staff_of(request), number)
    context = referral_pages.refer_context(row, request.contact_point)  # type: ignore[attr-defined]
    return page(request, "desk/refer.html", context | {"wrong": wrong, "typed": request.POST}, status=status)


def _page(request: HttpRequest, number: UUID, *, wrong: str = "") -> HttpResponse:
    context = referral_pages.referral_context(number, by=staff_of(request))
    return page(request, "desk/referral.html", context | {"wrong": wrong})
