"""Übergabe: notes for whoever comes next, who is away and who stands in, everything to somebody new."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import handing, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of, take
from kontaktstelle.enquiries import hand_over
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right


@door(Right.HAND_OVER)
def overview(request: HttpRequest) -> HttpResponse:
    """Show the notes left for one, who is away, and what somebody covers."""
    return _page(request)


@door(Right.HAND_OVER)
def leave_note(request: HttpRequest) -> HttpResponse:
    """Leave a note for the team or one colleague."""
    return _taken(
        request,
        "note",
        lambda: hand_over.leave_note(
            request.POST.get("text", ""), for_staff=handing.named(request.POST.get("for_staff", "")), **common(request)
        ),
        "Die Notiz liegt bereit.",
    )  # fmt: skip


@door(Right.HAND_OVER)
def mark_read(request: HttpRequest, note: UUID) -> HttpResponse:
    """Mark a note as read."""
    if not any(
        number == note for number, _ in hand_over.unread_notes(by=staff_of(request), at=timezone.now())
    ):
        # Already read looks like never there; nothing is told about others' notes.
        raise Http404
    return _taken(
        request,
        "note",
        lambda: hand_over.mark_read(note, by=staff_of(request), at=timezone.now()),
        "Gelesen.",
    )


@door(Right.HAND_OVER)
def go_away(request: HttpRequest) -> HttpResponse:
    """Say until when somebody is away, and who stands in; never why."""

    def step() -> None:
        post = request.POST
        who = handing.named(post.get("staff", "")) or staff_of(request)
        until = typed.day(post.get("until", ""))
        if until is None:
            raise handing.UntilWhen
        hand_over.go_away(
            staff=who, until=until, since=typed.day(post.get("since", "")), deputy=handing.named(post.get("deputy", "")), **common(request)
        )  # fmt: skip

    return _taken(request, "away", step, "Eingetragen. Was fällig wird, sieht die Vertretung.")


@door(Right.HAND_OVER)
def come_back(request: HttpRequest, absence: int) -> HttpResponse:
    """Say that somebody is back earlier."""
    row = handing.absence(absence)
    return _taken(
        request,
        "away",
        lambda: hand_over.come_back(row, by=staff_of(request), at=timezone.now()),
        "Wieder da.",
    )


@door(Right.HAND_OVER)
def hand_all(request: HttpRequest) -> HttpResponse:
    """Stellenübergabe: everything somebody covers to somebody else, or to whoever is there."""
    went: list[tuple[int, int]] = []

    def step() -> None:
        of = handing.named(request.POST.get("of", ""))
        if of is None:
            raise handing.WhomUnknown
        went.append(
            hand_over.hand_all(of=of, to=handing.named(request.POST.get("to", "")), by=staff_of(request), at=timezone.now())
        )  # fmt: skip

    answer = _taken(request, "all", step, "")
    for enquiries, call_backs in went:
        say(request, f"Übergeben: {handing.count(enquiries, 'Anfrage', 'Anfragen')} und {handing.count(call_backs, 'Rückruf', 'Rückrufe')}.")  # fmt: skip
    return answer


def _taken(request: HttpRequest, where: str, step: Any, said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:hand_over"),
        said=said,
        again=lambda refused: _page(request, wrong=refused.sentence, where=where, status=REFUSED),
    )


def _page(request: HttpRequest, *, wrong: str = "", where: str = "", status: int = 200) -> HttpResponse:
    context = handing.context(by=staff_of(request), at=timezone.now())
    typed_in = {"wrong": wrong, "where": where, "typed": request.POST}
    return page(request, "desk/hand_over.html", context | typed_in, status=status)
