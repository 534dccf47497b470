"""Klärung and Vermittlung: what helps to decide, up to three groups with reasons, and each step of a referral on its page."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import consent_texts, contact_form, enquiry_card, matches, referred_to, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.desk.views.enquiries import card_page, crisis_lines
from kontaktstelle.enquiries import access, clearing, codes, days, follow_up, matching, reading, referral
from kontaktstelle.enquiries.lifecycle import REFERRAL_STEPS, ReferralStatus
from kontaktstelle.enquiries.models import Arrangement, Consent, Contact, Enquiry, Referral
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

ASKED_LATER_AFTER = timedelta(days=42)
S = ReferralStatus


class WhereUnclear(StepRefused):
    """No group, body or way chosen."""

    sentence = "Bitte wählen Sie, wohin und auf welchem Weg."


@door(Right.REFER)
def clear(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Show the short list that helps to decide; only what came of the talk is kept."""
    row = _mine_to_see(request, enquiry)
    if request.method != "POST":
        return _clearing_page(request, row)
    outcomes = request.POST.getlist("outcome")
    try:
        clearing.record(row, outcomes, **common(request))
    except StepRefused as refused:
        return _clearing_page(request, row, wrong=refused.sentence, status=REFUSED)
    said = "Das Gespräch ist festgehalten."
    if "first-treatment" in outcomes:
        said += " Noch nicht: erst Behandlung. Auf dem Merkzettel steht, wer jetzt hilft."
    say(request, said)
    to = "desk:refer" if set(outcomes) & {"fits", "group-decides"} else "desk:enquiry"
    return HttpResponseRedirect(reverse(to, args=[row.number]))


@door(Right.REFER)
def refer(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Choose where to and on which way; a referral is prepared, nothing moves yet."""
    row = _mine_to_see(request, enquiry)
    if request.method != "POST":
        return _refer_page(request, row)
    post = request.POST
    try:
        route = _route(post.get("route", Referral.Route.OPEN))
        made = referral.draft(row, to=_target(post.get("to", "")), route=route, **common(request))
    except StepRefused as refused:
        return _refer_page(request, row, wrong=refused.sentence, status=REFUSED)
    return HttpResponseRedirect(reverse("desk:referral", args=[made.pk]))


@door(Right.SEE_ENQUIRY)
def show(request: HttpRequest, referral: UUID) -> HttpResponse:
    """Show a referral and its next step."""
    row = access.referral_for(staff_of(request), referral)
    if _is_for_another(request, row):
        raise Http404
    return _page(request, row)


def _step(
    step: Callable[[Referral, HttpRequest], object], said: str, *, for_anybody: bool = False
) -> Callable[[HttpRequest, UUID], HttpResponse]:
    """Return the view of one step of a referral; `for_anybody` also of one whose enquiry is marked "nur ich" by another."""

    @door(Right.REFER)
    def view(request: HttpRequest, referral: UUID) -> HttpResponse:
        row = access.referral_for(staff_of(request), referral)
        hidden = _is_for_another(request, row)
        if hidden and not for_anybody:
            raise Http404
        return take(
            request,
            lambda: step(row, request),
            back=_card(row) if hidden else reverse("desk:referral", args=[row.pk]),
            said=said,
            again=lambda refused: _said_on_the_card(request, row, refused) if hidden else _page(request, row, wrong=refused.sentence),
        )  # fmt: skip

    return view


def _consent(row: Referral, request: HttpRequest) -> object:
    text = consent_texts.spoken(row)
    kept = referral.consent(row, text_version=text.version, how=request.POST.get("how", ""), **common(request))
    return kept


def _agree_to_follow_up(row: Referral, request: HttpRequest) -> object:
    """Record that the person may be asked later, and plan it: one form, because one without the other is no use."""
    told = common(request)
    on = typed.day(request.POST.get("on", "")) or days.local_day(told["at"]) + ASKED_LATER_AFTER
    with transaction.atomic():
        referral.consent(row, text_version=consent_texts.FOLLOW_UP.version, how=request.POST.get("how", ""), purpose=Consent.Purpose.FOLLOW_UP, **told)  # fmt: skip
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
withdraw = _step(lambda row, request: referral.withdraw(row, **common(request)), "Widerrufen. Ab jetzt geht nichts mehr weiter.", for_anybody=True)  # fmt: skip
end = _step(
    lambda row, request: referral.end(row, seen=typed.version(request.POST), **common(request)),
    "Die Vermittlung ist ohne Ergebnis beendet.",
)
ask_later = _step(_agree_to_follow_up, "Vorgemerkt: Wir fragen einmal nach.")


def fits_for(row: Enquiry, request: HttpRequest) -> list[matching.Fit]:
    """Return up to three groups that fit what the enquiry's contacts said."""
    contacts = list(Contact.objects.filter(enquiry=row).order_by("entered_at"))
    place = contact_form.found_place(enquiry_card.place_of(contacts, request.contact_point))  # type: ignore[attr-defined]
    return matching.fitting(
        enquiry_card.topics_of(contacts),
        on=timezone.localdate(),
        place=place,
        audience=enquiry_card.audience_of(contacts),
    )


def _mine_to_see(request: HttpRequest, number: str) -> Enquiry:
    """Return an enquiry one may clear and refer; that of another's "nur ich" looks like none.

    Raises:
        Http404: there is none.
    """
    row = access.enquiry_for(staff_of(request), number)
    if access.is_for_another(staff_of(request), row):
        raise Http404
    return row


def _is_for_another(request: HttpRequest, row: Referral) -> bool:
    enquiry = Enquiry.objects.filter(pk=row.enquiry_id).first() if row.enquiry_id else None
    return enquiry is not None and access.is_for_another(staff_of(request), enquiry)


def _card(row: Referral) -> str:
    return reverse("desk:enquiry", args=[row.enquiry.number])


def _said_on_the_card(request: HttpRequest, row: Referral, refused: StepRefused) -> HttpResponse:
    return card_page(request, row.enquiry, wrong=refused.sentence)


def _clearing_page(request: HttpRequest, row: Enquiry, *, wrong: str = "", status: int = 200) -> HttpResponse:
    fits = fits_for(row, request)
    asked = dict.fromkeys(key for fit in fits for key in fit.entry.conditions if key in CONDITIONS)
    last = Contact.objects.filter(enquiry=row).order_by("-entered_at").first()
    context = {
        "enquiry": row, "wrong": wrong, "fits": fits, "asked": [CONDITIONS[key] for key in asked],
        "outcomes": codes.offered("clearing", year=timezone.localdate().year), "chosen": request.POST.getlist("outcome"),
        "last_contact": last.pk if last else None, "lines": crisis_lines(row, request),
    }  # fmt: skip
    return page(request, "desk/clearing.html", context, status=status)


def _refer_page(request: HttpRequest, row: Enquiry, *, wrong: str = "", status: int = 200) -> HttpResponse:
    fits = fits_for(row, request)
    topics = enquiry_card.topics_of(list(Contact.objects.filter(enquiry=row).order_by("entered_at")))
    routes = [(route.value, route.label, consent_texts.WHAT_MOVES[route]) for route in Referral.Route]
    context: dict[str, Any] = {
        "enquiry": row, "wrong": wrong, "fits": [(fit, matches.shown(fit)) for fit in fits], "routes": routes, "typed": request.POST,
        "others": Group.objects.filter(listed=True).exclude(stage=Stage.DISSOLVED).exclude(pk__in=[fit.group for fit in fits]).order_by("name"),
        "elsewhere": referred_to.elsewhere(topics), "crisis_lines": crisis_lines(row, request) if row.is_paused_for_crisis else [],
    }  # fmt: skip
    return page(request, "desk/refer.html", context, status=status)


def _page(request: HttpRequest, row: Referral, *, wrong: str = "") -> HttpResponse:
    staff = staff_of(request)
    row = access.referral_for(staff, row.pk)
    year = timezone.localdate().year
    status = ReferralStatus(row.status)
    arrangement = Arrangement.objects.filter(group=row.group_id).first() if row.group_id else None
    enquiry = Enquiry.objects.filter(pk=row.enquiry_id).first() if row.enquiry_id else None
    consents = list(Consent.objects.filter(referral=row).order_by("given_at"))
    context = {
        "row": row,
        "enquiry": enquiry,
        "name": referred_to.names([row])[row.pk],
        "group": Group.objects.filter(pk=row.group_id).first() if row.group_id else None,
        "status": enquiry_card.status_said(row),
        "route": Referral.Route(row.route).label,
        "moves": consent_texts.WHAT_MOVES[Referral.Route(row.route)],
        "can": {str(each) for each in REFERRAL_STEPS[status]},
        "spoken": consent_texts.spoken(row) if row.route != Referral.Route.OPEN else None,
        "ask_later_text": consent_texts.FOLLOW_UP.text,
        "hows": codes.offered("consent-how", year=year),
        "reasons": codes.offered("declined", year=year),
        "results": codes.offered("result", year=year),
        "consents": [
            (Consent.Purpose(each.purpose).label, codes.label("consent-how", each.how), each.given_at, each.withdrawn_at)
            for each in consents
        ],
        "may_be_asked_later": any(each.purpose == Consent.Purpose.FOLLOW_UP and each.withdrawn_at is None for each in consents),
        "conditions": [CONDITIONS[key].label for key in row.conditions if key in CONDITIONS],
        "arrangement": arrangement,
        "how": Arrangement.How(arrangement.how).label if arrangement else "",
        "rhythm": Arrangement.Rhythm(arrangement.rhythm).label if arrangement else "",
        "words": arrangement.words if arrangement and access.may_refer(staff) else "",
        "ask_for": [CONDITIONS[key].label for key in arrangement.ask_for if key in CONDITIONS] if arrangement else [],
        "may_refer": access.may_refer(staff),
        "person": _person(row, enquiry, request),
        "asked_person": _asked_person(row, request),
        "wrong": wrong,
        "ask_on": days.local_day(timezone.now()) + ASKED_LATER_AFTER,
    }  # fmt: skip
    return page(request, "desk/referral.html", context)


def _person(row: Referral, enquiry: Enquiry | None, request: HttpRequest) -> Address | None:
    """Open who is passed on, on the routes that pass somebody on and once they agreed."""
    staff = staff_of(request)
    passes_on = row.route in {Referral.Route.CALL_BACK, Referral.Route.TOGETHER} and row.status in {S.CONSENTED, S.ASKED, S.ACCEPTED}
    if not passes_on or enquiry is None or not access.may_refer(staff) or not access.may_read_notes(staff, enquiry):
        return None
    try:
        return reading.person(enquiry, by=staff, at=timezone.now())
    except reading.PersonGone:
        return None


def _asked_person(row: Referral, request: HttpRequest) -> Address | None:
    """Open whom of the group to ask, while there is something to ask."""
    staff = staff_of(request)
    if row.group_id is None or row.status not in {S.CONSENTED, S.ASKED, S.ACCEPTED} or not access.may_refer(staff):
        return None
    try:
        return reading.asked_person(Group.objects.get(pk=row.group_id), by=staff, at=timezone.now())
    except reading.PersonGone:
        return None


def _target(to: str) -> Any:
    if to.startswith(("body:", "service:")):
        return referred_to.chosen(to)
    group = Group.objects.filter(slug=to).first()
    if group is None:
        # A group of another office is found in the public directory only; the step for it is a Weitervermittlung.
        raise WhereUnclear
    return group


def _route(value: str) -> Referral.Route:
    try:
        return Referral.Route(value)
    except ValueError as error:
        raise WhereUnclear from error
