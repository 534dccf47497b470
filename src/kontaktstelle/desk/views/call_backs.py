"""Rückruf, Zusenden, Termin: promise beside the log, try from Heute with one click, find who calls back."""

from typing import Any, TypeVar
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import duties, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.enquiries import access, call_backs, finding, reading
from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

WHAT_CAME = {
    call_backs.REACHED: "Erreicht. Der Rückruf ist erledigt.",
    call_backs.MACHINE: "Auf dem Anrufbeantworter. Am nächsten Arbeitstag steht der Rückruf wieder hier.",
    call_backs.NOBODY: "Niemand erreicht. Am nächsten Arbeitstag steht der Rückruf wieder hier.",
}


class KindUnknown(StepRefused):
    """None of the three things one can promise."""

    sentence = "Bitte wählen Sie „Rückruf“, „Zusenden“ oder „Termin“."


@door(Right.LOG_CONTACT)
def promise(request: HttpRequest) -> HttpResponse:
    """Promise a call, a sending or a talk: its own small page beside the log."""
    staff, said = staff_of(request), request.POST if request.method == "POST" else request.GET
    contact = _contact(request, said.get("kontakt", ""))
    enquiry = access.enquiry_for(staff, said["anfrage"]) if said.get("anfrage") else None
    if request.method != "POST":
        return _promise_page(request, contact, enquiry)
    post = request.POST
    try:
        made = call_backs.promise(
            _choice(CallBack.Kind, post.get("kind", CallBack.Kind.CALL)),
            typed.person(post),
            due_on=typed.day(post.get("due_on", "")),
            window=(typed.clock(post.get("from", "")), typed.clock(post.get("until", ""))),
            machine=_choice(CallBack.Machine, post.get("machine", CallBack.Machine.NOTHING)),
            contact=contact,
            enquiry=enquiry,
            covered_by=staff if "for_me" in post else None,
            **common(request),
        )
    except StepRefused as refused:
        return _promise_page(request, contact, enquiry, wrong=refused.sentence, status=REFUSED)
    say(request, f"{CallBack.Kind(made.kind).label} vorgemerkt für {made.due_on:%d.%m.}")
    if enquiry is not None:
        return HttpResponseRedirect(reverse("desk:enquiry", args=[enquiry.number]))
    return HttpResponseRedirect(reverse("desk:call_back", args=[made.pk]))


@door(Right.LOG_CONTACT)
def call_back(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Show a promise with the person it was made to; the opening is traced."""
    return _card(request, access.call_back_for(staff_of(request), call_back))


@door(Right.LOG_CONTACT)
def attempt(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Say what came of trying."""
    row = access.call_back_for(staff_of(request), call_back)
    what = request.POST.get("what", "")
    return take(
        request,
        lambda: call_backs.attempt(row, what, seen=typed.version(request.POST), **common(request)),
        back=_back(request, row),
        said=WHAT_CAME.get(what, ""),
        again=lambda refused: _card(request, row, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def done(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Say that something was sent, or the talk was held."""
    row = access.call_back_for(staff_of(request), call_back)
    return take(
        request,
        lambda: call_backs.done(row, seen=typed.version(request.POST), **common(request)),
        back=_back(request, row),
        said=f"{CallBack.Kind(row.kind).label} erledigt.",
        again=lambda refused: _card(request, row, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def give_up(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Stop trying."""
    row = access.call_back_for(staff_of(request), call_back)
    return take(
        request,
        lambda: call_backs.give_up(row, seen=typed.version(request.POST), **common(request)),
        back=_back(request, row),
        said="Beendet, ohne jemanden zu erreichen.",
        again=lambda refused: _card(request, row, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def promise_again(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Take up a promise that was given up."""
    row = access.call_back_for(staff_of(request), call_back)
    return take(
        request,
        lambda: call_backs.promise_again(
            row, due_on=typed.day(request.POST.get("due_on", "")) or timezone.localdate(), seen=typed.version(request.POST), **common(request)
        ),
        back=reverse("desk:call_back", args=[row.pk]),
        said="Wieder vorgemerkt.",
        again=lambda refused: _card(request, row, wrong=refused.sentence),
    )  # fmt: skip


@door(Right.LOG_CONTACT)
def caller(request: HttpRequest) -> HttpResponse:
    """Find somebody who calls back; what they say is sent, and stands in no address."""
    words = request.POST.get("words", "").strip()[: typed.MOST_TYPED] if request.method == "POST" else ""
    staff = staff_of(request)
    context: dict[str, Any] = {"words": words, "asked": bool(words), "enquiries": [], "call_backs": []}
    if words:
        found = finding.caller(words, by=staff, at=timezone.now())
        context["may_see"] = access.may_see(staff)
        context["enquiries"] = found.enquiries
        context["call_backs"] = [
            (row, str(CallBack.Kind(row.kind).label)) for row in CallBack.objects.filter(pk__in=found.call_backs).order_by("-promised_at")
        ]  # fmt: skip
    return page(request, "desk/caller.html", {"may_see": False} | context)


def _promise_page(
    request: HttpRequest, contact: Contact | None, enquiry: Enquiry | None, *, wrong: str = "", status: int = 200
) -> HttpResponse:  # fmt: skip
    context = {
        "contact": contact, "enquiry": enquiry, "wrong": wrong, "typed": request.POST, "kinds": CallBack.Kind.choices,
        "machines": [(value, duties.ON_THE_MACHINE[value]) for value in CallBack.Machine],
    }  # fmt: skip
    return page(request, "desk/promise.html", context, status=status)


def _card(request: HttpRequest, row: CallBack, *, wrong: str = "") -> HttpResponse:
    staff = staff_of(request)
    row = access.call_back_for(staff, row.pk)  # as it stands after a refusal, too
    try:
        person = reading.person(row, by=staff, at=timezone.now())
    except reading.PersonGone:
        person = None
    context = {
        "row": row, "person": person, "wrong": wrong, "kind": CallBack.Kind(row.kind).label, "window": duties.window_said(row),
        "machine": duties.ON_THE_MACHINE[CallBack.Machine(row.machine)], "asks_to_close": call_backs.asks_to_close(row),
        "number": row.enquiry.number if row.enquiry_id and access.may_see(staff) else "",
        "tries": [(day, {"reached": "erreicht", "machine": "Anrufbeantworter", "nobody": "niemand"}[what]) for day, what in row.attempts],
    }  # fmt: skip
    return page(request, "desk/call_back.html", context)


def _back(request: HttpRequest, row: CallBack) -> str:
    """Return where the button was pressed: Heute, the enquiry or the card."""
    if request.POST.get("pressed_at") == "today":
        return reverse("desk:today")
    if row.enquiry_id and access.may_see(staff_of(request)):
        return reverse("desk:enquiry", args=[row.enquiry.number])
    return reverse("desk:call_back", args=[row.pk])


def _contact(request: HttpRequest, number: str) -> Contact | None:
    try:
        return access.contact_for(staff_of(request), UUID(number)) if number else None
    except ValueError:
        return None


Choice = TypeVar("Choice", CallBack.Kind, CallBack.Machine)


def _choice(choices: type[Choice], value: str) -> Choice:
    try:
        return choices(value)
    except ValueError as error:
        raise KindUnknown from error
