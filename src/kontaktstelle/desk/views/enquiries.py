"""Anfragen: the list, the card, and the steps on it. One step per form."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import enquiry_card, enquiry_list, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.enquiries import access, clearing, correspondence, days, log, restricting, threads
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.SEE_ENQUIRY)
def enquiries(request: HttpRequest) -> HttpResponse:
    """List enquiries: the open ones, one's own, or all that still have a person."""
    asked = request.GET.get("welche", "offen")
    which = asked if asked in enquiry_list.WHICH else "offen"
    shown, rows = enquiry_list.rows(which, request.GET.get("seite"), by=staff_of(request))
    context = {
        "which": which,
        "ways_to": enquiry_list.WHICH,
        "shown": shown,
        "rows": rows,
        "today": timezone.localdate(),
    }
    return page(request, "desk/enquiries.html", context)


@door(Right.SEE_ENQUIRY)
def enquiry(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Show an enquiry's card."""
    return card_page(request, enquiry)


@door(Right.REFER)
def from_contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Turn what was just logged into an open enquiry: one key, nothing is typed again."""
    row = access.contact_for(staff_of(request), contact)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    opened = log.open_enquiry(row, covered_by=staff_of(request), **common(request))
    stands = (
        f"ist offen, fällig am {opened.due_on:%d.%m.}"
        if opened.due_on
        else "gibt es schon; sie ist erledigt."
    )
    say(request, f"Anfrage {opened.number} {stands}")
    return HttpResponseRedirect(reverse("desk:enquiry", args=[opened.number]))


@door(Right.REFER)
def take_up(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Say that it is our turn."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "take-up",
        lambda: threads.take_up(
            row,
            due_on=typed.day(request.POST.get("due_on", "")),
            seen=typed.version(request.POST),
            **common(request),
        ),
        "Die Anfrage ist wieder dran.",
    )


@door(Right.REFER)
def wait(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Let it wait for somebody until a day."""
    row = access.enquiry_for(staff_of(request), enquiry)

    def step() -> None:
        whom, until = (
            enquiry_card.waited_for(request.POST.get("whom", "")),
            typed.day(request.POST.get("until", "")),
        )
        if until is None:
            raise enquiry_card.WhomUnclear
        threads.wait_for(row, whom, until=until, seen=typed.version(request.POST), **common(request))

    return _taken(request, enquiry, "wait", step, "Die Anfrage wartet.")


@door(Right.REFER)
def close(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Close it."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "close",
        lambda: threads.close(row, seen=typed.version(request.POST), **common(request)),
        "Die Anfrage ist erledigt. Nach der Frist wird sie entpersönlicht.",
    )


@door(Right.REFER)
def cover(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Say who covers it, and whether only they read its notes."""
    row = access.enquiry_for(staff_of(request), enquiry)

    def step() -> None:
        covering = enquiry_card.colleague(request.POST.get("staff", ""))
        only_me = "only_me" in request.POST
        threads.cover(row, covering, only_me=only_me, seen=typed.version(request.POST), **common(request))

    return _taken(request, enquiry, "cover", step, "Wer zuständig ist, steht oben.")


@door(Right.SEE_NOTE)
def write_note(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Write a note."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "note",
        lambda: threads.write_note(row, request.POST.get("text", ""), **common(request)),
        "Die Notiz steht.",
    )


@door(Right.REFER)
def answer(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Write to whoever wrote on the site; they read it there with their code."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "answer",
        lambda: correspondence.tell(
            row,
            request.POST.get("text", ""),
            after=typed.number(request.POST.get("after", "")),
            **common(request),
        ),
        "Die Antwort steht auf der Seite. Die Person liest sie mit ihrem Code.",
    )


@door(Right.SEE_NOTE)
def rewrite_note(request: HttpRequest, note: UUID) -> HttpResponse:
    """Change a note; if somebody else did meanwhile, both texts stand."""
    row = access.note_for(staff_of(request), note)
    number = enquiry_card.number_of(row)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept: list[UUID] = []

    def step() -> None:
        seen = typed.version(request.POST)
        kept.append(
            threads.rewrite_note(row, request.POST.get("text", ""), seen=-1 if seen is None else seen, **common(request)).pk
        )  # fmt: skip

    answer = _taken(request, number, f"note-{row.pk}", step, "Die Notiz ist geändert.")
    if kept and kept[0] != row.pk:
        say(request, "Inzwischen hat jemand anderes diese Notiz geändert. Beide Texte stehen da, Ihrer neben dem anderen.")  # fmt: skip
    return answer


@door(Right.SEE_NOTE)
def way_back(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Keep how whoever waits is to be reached."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "way-back",
        lambda: threads.note_way_back(
            row, typed.person(request.POST), seen=typed.version(request.POST), **common(request)
        ),
        "So ist die Person zu erreichen. Mit der Anfrage geht auch das.",
    )


@door(Right.LOG_CONTACT)
def crisis(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Note "Krise, Hilfe genannt" and nothing else; the referral of its enquiry rests."""
    row = access.contact_for(staff_of(request), contact)
    number = enquiry_card.number_of(row)
    return take(
        request,
        lambda: clearing.crisis(row, **common(request)),
        back=reverse("desk:enquiry", args=[number]) if number else reverse("desk:log"),
        said="„Krise, Hilfe genannt“ steht beim Kontakt, sonst nichts.",
        again=lambda refused: _plain_refusal(request, refused),
    )


@door(Right.REFER)
def go_on(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Let the referral go on after a crisis."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        enquiry,
        "go-on",
        lambda: clearing.go_on(row, **common(request)),
        "Die Vermittlung geht weiter.",
    )


def card_page(
    request: HttpRequest, number: str, *, wrong: str = "", where: str = "", status: int = 200
) -> HttpResponse:
    """Return an enquiry's card; refused, with the form that was sent opened and what was typed in it."""
    staff = staff_of(request)
    # Read again: after a refusal the page shows what stands now, so that the next try is made from there.
    row = access.enquiry_for(staff, number)
    today = days.local_day(timezone.now())
    office = request.contact_point  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "card": enquiry_card.card(row, by=staff, at=timezone.now()),
        "wrong": wrong,
        "where": where,
        "typed": request.POST,
        "today": today,
        "in_a_week": today + timedelta(days=7),
        "whom": enquiry_card.WHOM,
        "resting": restricting.of(row, at=timezone.now()),
        "may_act_on_rights": access.may_act_on_rights(staff),
        "longest_message": correspondence.LONGEST,
        "longest_note": threads.LONGEST_NOTE,
        "crisis_lines": enquiry_card.crisis_lines(row, office) if row.is_paused_for_crisis else [],
    }
    return page(request, "desk/enquiry.html", context, status=status)


def _taken(request: HttpRequest, number: str, where: str, step: Any, said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:enquiry", args=[number]),
        said=said,
        again=lambda refused: card_page(request, number, wrong=refused.sentence, where=where, status=REFUSED),
    )


def _plain_refusal(request: HttpRequest, refused: StepRefused) -> HttpResponse:
    say(request, refused.sentence)
    return HttpResponseRedirect(reverse("desk:today"))
