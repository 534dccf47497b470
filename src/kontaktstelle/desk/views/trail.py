"""Zugriffsprotokoll: asked for with a reason, confirmed by a second person, open for a day, looked through."""

from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import trail_page, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of
from kontaktstelle.organisation import rights, trail_opening
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.trail_opening import Opening
from kontaktstelle.refusal import StepRefused

LINES_ON_A_PAGE = 500


@door(Right.CONFIRM_TRAIL)
def overview(request: HttpRequest) -> HttpResponse:
    """Show what waits for a second person, and what is open."""
    return _overview(request)


@door(Right.SEE_TRAIL, fresh=True)
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for days of the trail, with a reason."""
    wrong, post = "", request.POST
    if request.method == "POST":
        try:
            trail_opening.ask(
                typed.day(post.get("first", "")), typed.day(post.get("last", "")), reason=post.get("reason", ""),
                contact_point=request.contact_point, by=staff_of(request), at=timezone.now(),  # type: ignore[attr-defined]
            )  # fmt: skip
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, "Veranlasst. Jetzt bestätigt eine zweite Person.")
            return HttpResponseRedirect(reverse("desk:trail"))
    context = {"wrong": wrong, "typed": post, "today": timezone.localdate()}
    return page(request, "desk/trail_ask.html", context, status=REFUSED if wrong else 200)


@door(Right.CONFIRM_TRAIL, fresh=True)
def confirm(request: HttpRequest, opening: UUID) -> HttpResponse:
    """Show why somebody wants to open the trail, and confirm it."""
    found, wrong = _found(request, opening), ""
    if request.method == "POST":
        try:
            trail_opening.confirm(opening, by=staff_of(request), at=timezone.now())
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, "Bestätigt. Öffnen kann es jetzt der Datenschutz.")
            return HttpResponseRedirect(reverse("desk:trail"))
    context = {"opening": found, "wrong": wrong, "to_open": False}
    return page(request, "desk/trail_confirm.html", context, status=REFUSED if wrong else 200)


@door(Right.CONFIRM_TRAIL)
def withdraw(request: HttpRequest, opening: UUID) -> HttpResponse:
    """Take back, or refuse, what waits."""
    _found(request, opening)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        trail_opening.withdraw(opening, by=staff_of(request), at=timezone.now())
    except StepRefused as refused:
        return _overview(request, wrong=refused.sentence)
    say(request, "Zurückgenommen. Das Protokoll bleibt zu.")
    return HttpResponseRedirect(reverse("desk:trail"))


@door(Right.SEE_TRAIL, fresh=True)
def open_now(request: HttpRequest, opening: UUID) -> HttpResponse:
    """Open what was confirmed: from now on for a day."""
    found, wrong = _found(request, opening), ""
    if found.opened_at is not None:
        return HttpResponseRedirect(reverse("desk:trail_look", args=[opening]))
    if request.method == "POST":
        try:
            trail_opening.open_now(opening, by=staff_of(request), at=timezone.now())
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            return HttpResponseRedirect(reverse("desk:trail_look", args=[opening]))
    context = {"opening": found, "wrong": wrong, "to_open": True}
    return page(request, "desk/trail_confirm.html", context, status=REFUSED if wrong else 200)


@door(Right.SEE_TRAIL)
def look(request: HttpRequest, opening: UUID) -> HttpResponse:
    """Show the lines of an opened trail; each look is traced."""
    found, by, now, asked = _found(request, opening), staff_of(request), timezone.now(), request.GET
    actor, enquiry = asked.get("wer", ""), asked.get("anfrage", "").strip()
    try:
        lines, is_known = trail_page.lines(opening, by=by, at=now, actor=actor, enquiry=enquiry)
    except StepRefused as refused:
        return _overview(request, wrong=refused.sentence)
    shown = Paginator(lines, LINES_ON_A_PAGE).get_page(asked.get("seite"))
    context = {
        "opening": found,
        "shown": shown,
        "count": len(lines),
        "is_known": is_known,
        "actor": actor,
        "enquiry": enquiry,
        "actors": trail_page.actors(opening, by=by, at=now),
        "broken_at": trail_opening.broken_at(by=by),
    }
    return page(request, "desk/trail_lines.html", context)


def _found(request: HttpRequest, number: UUID) -> Opening:
    try:
        return trail_opening.opening(number, by=staff_of(request))
    except trail_opening.NotThere as error:
        raise Http404 from error


def _overview(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    by, now = staff_of(request), timezone.now()
    held = rights.rights_of(request.roles)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "openings": [(each, each.is_open(now), each.asked_by == by) for each in trail_opening.openings(by=by, at=now)],
        "may_open": Right.SEE_TRAIL in held,
        "wrong": wrong,
    }  # fmt: skip
    return page(request, "desk/trail.html", context, status=REFUSED if wrong else 200)
