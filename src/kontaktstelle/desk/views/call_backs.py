"""Rückruf, Zusenden, Termin: promise beside the log, try from Heute with one click, find who calls back."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import enquiry_card, promises, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.enquiries import access, call_backs
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

JUST_ENDED = "just_ended"
WHAT_CAME = {
    call_backs.REACHED: "Erreicht. Der Rückruf ist erledigt.",
    call_backs.MACHINE: "Auf dem Anrufbeantworter. Am nächsten Arbeitstag steht der Rückruf wieder hier.",
    call_backs.NOBODY: "Niemand erreicht. Am nächsten Arbeitstag steht der Rückruf wieder hier.",
}


@door(Right.LOG_CONTACT)
def promise(request: HttpRequest) -> HttpResponse:
    """Promise a call, a sending or a talk: its own small page beside the log."""
    staff, said = staff_of(request), request.POST if request.method == "POST" else request.GET
    contact = promises.contact_of(said.get("kontakt", ""), by=staff)
    enquiry = access.enquiry_for(staff, said["anfrage"]) if said.get("anfrage") else None
    if request.method != "POST":
        return _promise_page(request, contact, enquiry)
    post = request.POST
    try:
        made = call_backs.promise(
            promises.kind(post.get("kind", "")),
            typed.person(post),
            due_on=typed.day(post.get("due_on", "")),
            window=(typed.clock(post.get("from", "")), typed.clock(post.get("until", ""))),
            machine=promises.machine(post.get("machine", "")),
            contact=contact,
            enquiry=enquiry,
            covered_by=staff if "for_me" in post else None,
            **common(request),
        )
    except StepRefused as refused:
        return _promise_page(request, contact, enquiry, wrong=refused.sentence, status=REFUSED)
    say(request, f"{promises.label(made)} vorgemerkt für {made.due_on:%d.%m.}")
    if enquiry is not None:
        return HttpResponseRedirect(reverse("desk:enquiry", args=[enquiry.number]))
    return HttpResponseRedirect(reverse("desk:call_back", args=[made.pk]))


@door(Right.LOG_CONTACT)
def call_back(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Show a promise with the person it was made to; the opening is traced."""
    return _card(request, call_back)


@door(Right.LOG_CONTACT)
def attempt(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Say what came of trying."""
    row = access.call_back_for(staff_of(request), call_back)
    what = request.POST.get("what", "")
    return take(
        request,
        lambda: call_backs.attempt(row, what, seen=typed.version(request.POST), **common(request)),
        back=_back(request, call_back),
        said=WHAT_CAME.get(what, ""),
        again=lambda refused: _card(request, call_back, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def done(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Say that something was sent, or the talk was held."""
    row = access.call_back_for(staff_of(request), call_back)
    return take(
        request,
        lambda: call_backs.done(row, seen=typed.version(request.POST), **common(request)),
        back=_back(request, call_back),
        said=f"{promises.label(row)} erledigt.",
        again=lambda refused: _card(request, call_back, wrong=refused.sentence),
    )


@door(Right.LOG_CONTACT)
def give_up(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Stop trying."""
    row = access.call_back_for(staff_of(request), call_back)
    return take(
        request,
        lambda: call_backs.give_up(row, seen=typed.version(request.POST), **common(request)),
        back=_back(request, call_back),
        said="Beendet, ohne jemanden zu erreichen.",
        again=lambda refused: _card(request, call_back, wrong=refused.sentence),
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
        again=lambda refused: _card(request, call_back, wrong=refused.sentence),
    )  # fmt: skip


@door(Right.LOG_CONTACT)
def caller(request: HttpRequest) -> HttpResponse:
    """Find somebody who calls back; what they say is sent, and stands in no address."""
    words = request.POST.get("words", "").strip()[: typed.MOST_TYPED] if request.method == "POST" else ""
    staff = staff_of(request)
    context: dict[str, Any] = {
        "words": words,
        "asked": bool(words),
        "enquiries": [],
        "call_backs": [],
        "may_see": False,
    }
    if words:
        context |= promises.found(words, by=staff, at=timezone.now())
    return page(request, "desk/caller.html", context)


def _promise_page(
    request: HttpRequest, contact: object, enquiry: object, *, wrong: str = "", status: int = 200
) -> HttpResponse:
    context = {"contact": contact, "enquiry": enquiry, "wrong": wrong, "typed": request.POST}
    return page(request, "desk/promise.html", context | promises.form_context(), status=status)


def _card(request: HttpRequest, number: UUID, *, wrong: str = "") -> HttpResponse:
    context = promises.card_context(number, by=staff_of(request), at=timezone.now())
    return page(request, "desk/call_back.html", context | {"wrong": wrong})


def _back(request: HttpRequest, number: UUID) -> str:
    """Return where the button was pressed: Heute, the enquiry or the card; Heute offers the way back from a slip."""
    if request.POST.get("pressed_at") == "today":
        request.session[JUST_ENDED] = str(number)
        return reverse("desk:today")
    staff = staff_of(request)
    enquiry = enquiry_card.number_of(access.call_back_for(staff, number)) if access.may_see(staff) else ""
    return reverse("desk:enquiry", args=[enquiry]) if enquiry else reverse("desk:call_back", args=[number])
