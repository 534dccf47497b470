"""Einwilligungen at the desk: how far it is, mails, forms and calls; one person's answer, by telephone or from paper."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import group_page, person_pages, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups.entry import campaign as steps
from kontaktstelle.groups.entry import consents, papers
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import consent_shown as shown


@door(Right.SEE_GROUP_CONTACT)
def campaign(request: HttpRequest) -> HttpResponse:
    """Show how many are unclear, whom to mail, print, call, and how far it has come."""
    return _campaign(request)


@door(Right.SEE_GROUP_CONTACT)
def ask_next(request: HttpRequest) -> HttpResponse:
    """Ask those whose consent is unclear, each in their own way: mails leave, forms and calls wait."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    counted = steps.ask_next(by=staff_of(request), at=timezone.now())
    say(request, shown.asked_in_words(counted))
    return HttpResponseRedirect(reverse("desk:consents"))


@door(Right.SEE_GROUP_CONTACT)
def print_forms(request: HttpRequest) -> HttpResponse:
    """Return the forms that are due as one PDF; nothing counts as printed by that."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    now = timezone.now()
    forms = steps.opened_for_print(steps.letters(), by=staff_of(request), at=now)
    if not forms:
        return _campaign(request, wrong="Zurzeit ist kein Bogen zu drucken.")
    response = HttpResponse(papers.consent_forms(forms, at=now), content_type="application/pdf")
    response.headers["Content-Disposition"] = 'inline; filename="einwilligungen.pdf"'
    return response


@door(Right.SEE_GROUP_CONTACT)
def printed(request: HttpRequest) -> HttpResponse:
    """Note that the forms this page named are on paper."""
    numbers = [number for each in request.POST.getlist("bogen") if (number := typed.number(each)) is not None]
    return take(
        request,
        lambda: steps.mark_printed(numbers, by=staff_of(request), at=timezone.now()),
        back=reverse("desk:consents"),
        said="Die Bögen sind auf dem Weg.",
        again=lambda refused: _campaign(request, wrong=refused.sentence),
    )


@door(Right.SEE_GROUP_CONTACT)
def find(request: HttpRequest) -> HttpResponse:
    """Find the person a form belongs to that came back, by its sign."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    sign = request.POST.get("zeichen", "")[:40]
    row = consents.by_reference(sign)
    if row is None:
        return _campaign(
            request,
            wrong="Zu diesem Zeichen finden wir keinen Bogen. Es steht unten auf dem Blatt, etwa E-1A2B-3C4D.",
            sign=sign,
        )
    return HttpResponseRedirect(reverse("desk:consent", args=[row.pk]))


@door(Right.SEE_GROUP_CONTACT)
def of_group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show what the contact persons of a group were asked and answered; nobody's name is opened."""
    return page(request, "desk/listing/group_consents.html", shown.of_group(group_page.group_of(group)))


@door(Right.SEE_GROUP_CONTACT)
def ask(request: HttpRequest, group: UUID, person: UUID) -> HttpResponse:
    """Ask one contact person, by a chosen way."""
    row = group_page.group_of(group)
    person_pages.check_there(row, person)
    made: dict[str, Any] = {}

    def step() -> None:
        way = request.POST.get("way", "")
        found = shown.person_of(row, person)
        made["row"] = steps.ask(
            found, by=staff_of(request), at=timezone.now(), only=PostWay(way) if way in set(PostWay) else None
        )

    return take(
        request,
        step,
        back=lambda: reverse("desk:consent", args=[made["row"].pk]),
        said="Gefragt.",
        again=lambda refused: page(
            request, "desk/listing/group_consents.html", shown.of_group(row, wrong=refused.sentence)
        ),
    )


@door(Right.SEE_GROUP_CONTACT)
def consent(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Show one person's question: the text to read aloud, what is asked, what was answered."""
    return _consent(request, consent)


@door(Right.SEE_GROUP_CONTACT)
def answer(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Record an answer heard on the telephone or read from paper."""
    row = _row(consent)

    def step() -> None:
        agreed = shown.agreed(request.POST, row)
        how = consents.How.LETTER if request.POST.get("how") == "letter" else consents.How.PHONE
        consents.answer(consent, agreed, how=how, by=staff_of(request), at=timezone.now())

    return _taken(request, consent, step, "Die Antwort ist festgehalten und gilt ab jetzt.")


@door(Right.SEE_GROUP_CONTACT)
def withdraw(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Record a withdrawal; the field is closed at once."""
    _row(consent)
    return _taken(
        request,
        consent,
        lambda: consents.withdraw(
            consent, request.POST.getlist("feld"), by=staff_of(request), at=timezone.now()
        ),
        "Widerrufen. Im Verzeichnis ist davon nichts mehr zu sehen.",
    )


@door(Right.SEE_GROUP_CONTACT)
def end(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Ask no more."""
    _row(consent)
    return _taken(
        request,
        consent,
        lambda: consents.end_question(consent, by=staff_of(request), at=timezone.now()),
        "Wir fragen nicht weiter. Die Person bleibt intern.",
    )


def _row(number: UUID) -> Any:
    row = consents.by_number(number)
    if row is None:
        raise Http404
    return row


def _taken(request: HttpRequest, number: UUID, step: Any, said: str) -> HttpResponse:
    return take(
        request,
        step,
        back=reverse("desk:consent", args=[number]),
        said=said,
        again=lambda refused: _consent(request, number, refused=refused),
    )


def _consent(request: HttpRequest, number: UUID, *, refused: StepRefused | None = None) -> HttpResponse:
    context = shown.consent(_row(number), entered=request.POST if refused else None)
    context["wrong"] = refused.sentence if refused else ""
    return page(request, "desk/listing/consent.html", context)


def _campaign(request: HttpRequest, *, wrong: str = "", sign: str = "") -> HttpResponse:
    context = shown.campaign(on=timezone.localdate()) | {"wrong": wrong, "sign": sign}
    return page(request, "desk/listing/consents.html", context, status=REFUSED if wrong else 200)
