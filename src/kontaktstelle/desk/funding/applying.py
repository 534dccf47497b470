"""A group and the money it may ask for, and one application from the first word to the proof of use and repayment."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.group_page import group_of
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of, take, told
from kontaktstelle.funding import applications, sheet
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import application_page, forms, money_page


class DayMissing(StepRefused):
    """A day the step cannot be without."""

    sentence = "Bitte nennen Sie den Tag."


@door(Right.FUNDING)
def group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Show what a group may ask for and why, its calls and its applications; note what funders ask; begin an application."""
    row = group_of(group)
    said = request.POST
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "blatt": (
            lambda: applications.fill_card(
                row,
                has_account=money_page.answer(said.get("konto", "")),
                has_minutes=money_page.answer(said.get("protokoll", "")),
                **told(request),
            ),
            "Vermerkt.",
        ),
        "hoert": (
            lambda: applications.fill_card(row, wants_to_hear=True, **told(request)),
            "Die Gruppe hört wieder von Förderung.",
        ),
        "hoert-nicht": (
            lambda: applications.fill_card(row, wants_to_hear=False, **told(request)),
            "Die Gruppe hört nichts mehr von Förderung, bis Sie es wieder einschalten.",
        ),
        "antrag": (
            lambda: applications.begin(
                money_page.round_number(said.get("frist", "")), group=row, **told(request)
            ),
            "Der Antrag ist begonnen.",
        ),
    }
    if request.method != "POST" or said.get("schritt") not in steps:
        return _group(request, group)
    step, done = steps[said["schritt"]]
    return take(
        request,
        step,
        back=reverse("desk:funding_group", args=[group]),
        said=done,
        again=lambda refused: _group(request, group, refused.sentence),
    )


@door(Right.FUNDING)
def sheet_of_group(request: HttpRequest, group: UUID) -> HttpResponse:
    """Hand out the Antragsdatenblatt of a group, filled with what is known of it."""
    row = group_of(group)
    if row.is_anonymous_fellowship:
        raise Http404
    office = request.contact_point  # type: ignore[attr-defined]
    answer = HttpResponse(
        sheet.as_pdf(row, office=office, on=timezone.localdate()), content_type="application/pdf"
    )
    answer.headers["Content-Disposition"] = 'inline; filename="antragsdatenblatt.pdf"'
    return answer


@door(Right.FUNDING)
def application(request: HttpRequest, application: UUID) -> HttpResponse:
    """Show an application and take its next step."""
    application_page.application_of(application)
    said, which = request.POST, told(request)
    steps: dict[str, tuple[Callable[[], object], str]] = {
        "wants": (lambda: applications.wants(application, **which), "Vermerkt: will einen Antrag stellen."),
        "declined": (
            lambda: applications.declines(application, **which),
            "Vermerkt: will nicht. Dazu wird nichts mehr verschickt.",
        ),
        "submitted": (
            lambda: applications.submits(
                application,
                asked_cents=forms.cents(said.get("summe", "")),
                facts_are_right=said.get("bestaetigt") == "1",
                **which,
            ),
            "Der Antrag ist gestellt." + (" Die Angaben der Gruppe sind damit bestätigt." if said.get("bestaetigt") == "1" else ""),
        ),
        "more-wanted": (lambda: applications.more_wanted(application, **which), "Vermerkt: Unterlagen nachgefordert."),
        "granted": (
            lambda: applications.granted(
                application,
                cents=forms.cents(said.get("summe", "")) or 0,
                on=typed.day(said.get("am", "")) or timezone.localdate(),
                proof_due_on=typed.day(said.get("nachweis_bis", "")),
                **which,
            ),
            "Die Bewilligung ist eingetragen.",
        ),
        "refused": (lambda: applications.refused(application, **which), "Vermerkt: abgelehnt."),
        "proof-submitted": (
            lambda: applications.proof_submitted(application, **which),
            "Der Verwendungsnachweis ist eingereicht.",
        ),
        "proof-due": (
            lambda: applications.proof_returned(application, proof_due_on=_day(said.get("nachweis_bis", "")), **which),
            "Vermerkt: Der Nachweis soll berichtigt werden.",
        ),
        "repayment": (
            lambda: applications.proof_checked(
                application,
                repay_cents=_some(forms.cents(said.get("summe", ""))),
                repay_by=typed.day(said.get("bis", "")),
                **which,
            ),
            "Die Rückzahlung ist eingetragen.",
        ),
        "settled": (lambda: application_page.settle(application, **which), "Geprüft und abgeschlossen."),
    }  # fmt: skip
    if request.method != "POST" or said.get("schritt") not in steps:
        return _application(request, application)
    step, done = steps[said["schritt"]]
    return take(
        request,
        step,
        back=reverse("desk:funding_application", args=[application]),
        said=done,
        again=lambda refused: _application(request, application, refused.sentence),
    )


def _some(amount: int | None) -> int:
    """Return a sum that was named: none is no repayment, and zero is another key."""
    if not amount:
        raise applications.SumWrong
    return amount


def _day(text: str) -> date:
    found = typed.day(text)
    if found is None:
        raise DayMissing
    return found


def _group(request: HttpRequest, number: UUID, wrong: str = "") -> HttpResponse:
    context: dict[str, Any] = money_page.context(
        group_of(number), office=request.contact_point, on=timezone.localdate()  # type: ignore[attr-defined]
    )  # fmt: skip
    return page(request, "desk/funding/group.html", context | {"wrong": wrong, "euro": forms.euro})


def _application(request: HttpRequest, number: UUID, wrong: str = "") -> HttpResponse:
    context = application_page.context(
        application_page.application_of(number), by=staff_of(request), on=timezone.localdate()
    )
    typed_in = request.POST if wrong else {}
    return page(
        request,
        "desk/funding/application.html",
        context | {"wrong": wrong, "euro": forms.euro, "typed": typed_in},
    )
