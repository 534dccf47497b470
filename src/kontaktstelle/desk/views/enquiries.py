"""Anfragen: the list, the card, and the steps on it. One step per form."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import duties, enquiry_card, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.directory import help as shown_help
from kontaktstelle.enquiries import access, clearing, days, log, threads
from kontaktstelle.enquiries.lifecycle import OPEN_ENQUIRY, EnquiryStatus
from kontaktstelle.enquiries.models import Contact, Enquiry, Note
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

ON_A_PAGE = 50
WHICH = {"offen": "offene", "meine": "meine", "alle": "alle"}


class WhomUnknown(StepRefused):
    """Nobody an enquiry can wait for, or no day."""

    sentence = "Bitte wählen Sie, auf wen gewartet wird, und einen Tag."


@door(Right.SEE_ENQUIRY)
def enquiries(request: HttpRequest) -> HttpResponse:
    """List enquiries: the open ones, one's own, or all that still have a person."""
    which, staff = request.GET.get("welche", "offen"), staff_of(request)
    rows = Enquiry.objects.filter(de_identified=False).select_related("covered_by")
    if which != "alle":
        rows = rows.filter(status__in=OPEN_ENQUIRY)
    if which == "meine":
        rows = rows.filter(Q(covered_by=staff) | Q(covered_by=None, status=EnquiryStatus.NEW))
    shown = Paginator(rows.order_by("due_on", "-closed_on", "number"), ON_A_PAGE).get_page(
        request.GET.get("seite")
    )
    topics = _topics(shown.object_list, staff)
    context = {
        "which": which if which in WHICH else "offen", "ways_to": WHICH, "shown": shown, "today": days.local_day(timezone.now()),
        "rows": [
            (row, enquiry_card.state_said(row, staff), row.is_paused_for_crisis and not access.is_for_another(staff, row), duties.called(row.covered_by), topics.get(row.pk, ""))
            for row in shown
        ],
    }  # fmt: skip
    return page(request, "desk/enquiries.html", context)


@door(Right.SEE_ENQUIRY)
def enquiry(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Show an enquiry's card."""
    return card_page(request, access.enquiry_for(staff_of(request), enquiry))


@door(Right.REFER)
def from_contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Turn what was just logged into an open enquiry: one key, nothing is typed again."""
    row = access.contact_for(staff_of(request), contact)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    opened = log.open_enquiry(row, covered_by=staff_of(request), **common(request))
    say(request, f"Anfrage {opened.number} ist offen, fällig am {opened.due_on:%d.%m.}")
    return HttpResponseRedirect(reverse("desk:enquiry", args=[opened.number]))


@door(Right.REFER)
def take_up(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Say that it is our turn."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        row,
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
        whom, until = request.POST.get("whom", ""), typed.day(request.POST.get("until", ""))
        if whom not in set(Enquiry.WaitsFor) or until is None:
            raise WhomUnknown
        threads.wait_for(
            row,
            Enquiry.WaitsFor(whom),
            until=until,
            seen=typed.version(request.POST),
            **common(request),
        )

    return _taken(request, row, "wait", step, "Die Anfrage wartet.")


@door(Right.REFER)
def close(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Close it."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        row,
        "close",
        lambda: threads.close(row, seen=typed.version(request.POST), **common(request)),
        "Die Anfrage ist erledigt. Nach der Frist wird sie entpersönlicht.",
    )


@door(Right.REFER)
def cover(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Say who covers it, and whether only they read its notes."""
    row = access.enquiry_for(staff_of(request), enquiry)
    named = request.POST.get("staff", "")
    covering = _colleague(named)
    return _taken(
        request,
        row,
        "cover",
        lambda: threads.cover(
            row,
            covering,
            only_me="only_me" in request.POST,
            seen=typed.version(request.POST),
            **common(request),
        ),
        f"Zuständig: {duties.called(covering)}.",
    )


@door(Right.SEE_NOTE)
def write_note(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Write a note."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        row,
        "note",
        lambda: threads.write_note(row, request.POST.get("text", ""), **common(request)),
        "Die Notiz steht.",
    )


@door(Right.SEE_NOTE)
def rewrite_note(request: HttpRequest, note: UUID) -> HttpResponse:
    """Change a note; if somebody else did meanwhile, both texts stand."""
    row = access.note_for(staff_of(request), note)
    enquiry = Enquiry.objects.get(pk=row.enquiry_id)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    kept: list[Note] = []

    def step() -> None:
        seen = typed.version(request.POST)
        kept.append(
            threads.rewrite_note(row, request.POST.get("text", ""), seen=-1 if seen is None else seen, **common(request))
        )  # fmt: skip

    answer = _taken(request, enquiry, f"note-{row.pk}", step, "Die Notiz ist geändert.")
    if kept and kept[0].pk != row.pk:
        say(request, "Inzwischen hat jemand anderes diese Notiz geändert. Beide Texte stehen da, Ihrer neben dem anderen.")  # fmt: skip
    return answer


@door(Right.SEE_NOTE)
def way_back(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Keep how whoever waits is to be reached."""
    row = access.enquiry_for(staff_of(request), enquiry)
    return _taken(
        request,
        row,
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
    number = row.enquiry.number if row.enquiry_id else ""
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
        request, row, "go-on", lambda: clearing.go_on(row, **common(request)), "Die Vermittlung geht weiter."
    )


def card_page(
    request: HttpRequest, row: Enquiry, *, wrong: str = "", where: str = "", status: int = 200
) -> HttpResponse:
    """Return an enquiry's card; refused, with the form that was sent opened and what was typed in it."""
    staff = staff_of(request)
    # Read again: after a refusal the page shows what stands now, so that the next try is made from there.
    row = access.enquiry_for(staff, row.number)
    today = days.local_day(timezone.now())
    context: dict[str, Any] = {
        "card": enquiry_card.card(row, by=staff, at=timezone.now()),
        "wrong": wrong,
        "where": where,
        "typed": request.POST,
        "today": today,
        "in_a_week": today + timedelta(days=7),
        "whom": Enquiry.WaitsFor.choices,
        "longest_note": threads.LONGEST_NOTE,
        "crisis_lines": crisis_lines(row, request) if row.is_paused_for_crisis else [],
    }
    return page(request, "desk/enquiry.html", context, status=status)


def crisis_lines(row: Enquiry, request: HttpRequest) -> list[Any]:
    """Return whom to call in a crisis, near where the person is as far as that was said."""
    kreis = next((each.kreis_key for each in Contact.objects.filter(enquiry=row) if each.kreis_key), "")
    office = request.contact_point  # type: ignore[attr-defined]
    return shown_help.lines_for(["suicide"], land=office.land, kreis_key=kreis, limit=5)


def _taken(request: HttpRequest, row: Enquiry, where: str, step: Any, said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:enquiry", args=[row.number]),
        said=said,
        again=lambda refused: card_page(request, row, wrong=refused.sentence, where=where, status=REFUSED),
    )


def _plain_refusal(request: HttpRequest, refused: StepRefused) -> HttpResponse:
    say(request, refused.sentence)
    return HttpResponseRedirect(reverse("desk:today"))


def _colleague(number: str) -> Staff | None:
    """Return who is named; the step refuses whoever may not."""
    try:
        return Staff.objects.filter(pk=UUID(number)).first() if number else None
    except ValueError:
        return None


def _topics(rows: Any, by: Staff) -> dict[UUID, str]:
    """Return the topics of enquiries in words; of somebody else's "nur ich" nothing but number and day is shown."""
    seen = [row.pk for row in rows if not access.is_for_another(by, row)]
    found: dict[UUID, dict[str, None]] = {}
    for number, topics in Contact.objects.filter(enquiry__in=seen).values_list("enquiry", "topics"):
        found.setdefault(number, {}).update(dict.fromkeys(topics))
    return {
        number: ", ".join(tree.label(topic) for topic in topics if topic in tree.TOPICS)
        for number, topics in found.items()
    }
