"""Durchsehen: a message that might be advertising is read and decided by a person; nothing is dropped."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import staff_of
from kontaktstelle.enquiries import access, correspondence, intake
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.SEE_NOTE)
def suspect(request: HttpRequest, intake: UUID) -> HttpResponse:
    """Show a suspect message and why it is one."""
    enquiry, found = _found(request, intake)
    thread = correspondence.thread(enquiry, by=staff_of(request), at=timezone.now())
    context = {"enquiry": enquiry, "found": found, "thread": thread}
    return page(request, "desk/suspect.html", context)


@door(Right.REFER)
def is_real(request: HttpRequest, intake: UUID) -> HttpResponse:
    """Say that it is a message: it is new from now on, and counts."""
    return _decided(request, intake, _let_through, "Die Nachricht ist echt. Sie ist jetzt eine neue Anfrage.")


@door(Right.REFER)
def is_advertising(request: HttpRequest, intake: UUID) -> HttpResponse:
    """Say that it is none: it is closed, not counted, and goes after its period."""
    return _decided(request, intake, _lay_aside, "Beiseite gelegt. Gezählt wird sie nicht; zwei Wochen lang können Sie sie wieder aufnehmen.")  # fmt: skip


def _let_through(number: UUID, request: HttpRequest, now: datetime) -> str:
    enquiry = intake.let_through(number, by=staff_of(request), at=now)
    return reverse("desk:enquiry", args=[enquiry.number])


def _lay_aside(number: UUID, request: HttpRequest, now: datetime) -> str:
    intake.lay_aside(number, by=staff_of(request), at=now)
    return reverse("desk:today")


def _decided(
    request: HttpRequest, number: UUID, step: Callable[[UUID, HttpRequest, datetime], str], said: str
) -> HttpResponse:
    enquiry, _ = _found(request, number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        to = step(number, request, timezone.now())
    except StepRefused as refused:
        # Decided by a colleague, or pressed twice: the card says how it stands.
        to, said = reverse("desk:enquiry", args=[enquiry.number]), refused.sentence
    say(request, said)
    return HttpResponseRedirect(to)


def _found(request: HttpRequest, number: UUID) -> tuple[Any, intake.Brought]:
    found = intake.to_look_through(number, by=staff_of(request))
    if found is None or access.is_for_another(staff_of(request), found[0]):
        raise Http404
    return found
