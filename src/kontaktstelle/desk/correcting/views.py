"""Kontakt: what was logged is put right. Codes and the day can be taken back; the two steps that cannot ask first."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import contact_form, enquiry_card, matches, typed
from kontaktstelle.desk.contact_form import ContactForm
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import common, staff_of, take
from kontaktstelle.enquiries import access, log
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.enquiries.models import Contact, Enquiry
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import form as correction


@door(Right.LOG_CONTACT)
def contact(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Show a contact; take one step with it."""
    row = _contact(request, contact)
    if request.method != "POST":
        return _page(request, row, correction.stored(row))
    said = request.POST.get("schritt", "")
    form = ContactForm.read(request.POST) if said == "aendern" else correction.stored(row)
    if said == "aendern" and form.means_something_unasked():
        return _page(request, row, form, proposals=matches.topics_for(form.topic_words), asked_back=True)
    steps: dict[str, tuple[Callable[[], None], str]] = {
        "aendern": (lambda: _recode(request, row, form), "Geändert. So wird der Kontakt jetzt gezählt."),
        "tag": (lambda: _date(request, row), "Der Tag ist geändert."),
        "zurueck": (lambda: _take_back(request, row), "Zurückgenommen. Es steht wieder da, was vorher dastand."),
        "zaehlen": (lambda: _only_count(request, row), "Notiz und Rückrufe sind gelöscht. Gezählt wird der Kontakt weiter."),
        "anfrage": (lambda: _add(request, row), "Der Kontakt steht jetzt bei der Anfrage."),
    }  # fmt: skip
    if said not in steps:
        return _page(request, row, form)
    step, done = steps[said]
    return take(
        request,
        step,
        back=reverse("desk:contact", args=[row.pk]),
        said=done,
        again=lambda refused: _page(request, row, form, refused=refused),
    )


def _contact(request: HttpRequest, number: UUID) -> Contact:
    row = access.contact_for(staff_of(request), number)
    if row.enquiry_id is not None:
        enquiry = Enquiry.objects.get(pk=row.enquiry_id)
        if not access.may_see(staff_of(request)) or access.is_for_another(staff_of(request), enquiry):
            raise Http404
    return row


def _recode(request: HttpRequest, row: Contact, form: ContactForm) -> None:
    values = correction.changed(row, form, request.contact_point)  # type: ignore[attr-defined]
    if not values:
        return  # nothing changed, or a second click: what may be taken back stays
    before = correction.codes_of(row, list(values))
    changed = log.recode(row, values, seen=typed.version(request.POST), **common(request))
    correction.remember(request, changed, {"codes": before})


def _date(request: HttpRequest, row: Contact) -> None:
    day = contact_form.day(request.POST.get("day", "").strip())
    if day is None:
        raise contact_form.DayUnreadable
    if day == row.day:
        return
    before = row.day.isoformat() if row.day else ""
    _check_seen(request, row)
    changed = log.date_back(row, day, **common(request))
    correction.remember(request, changed, {"day": before})


def _take_back(request: HttpRequest, row: Contact) -> None:
    before = correction.remembered(request, row)
    if "codes" in before:
        log.recode(row, before["codes"], seen=row.version, **common(request))
    elif day := correction.day_of(before):
        log.date_back(row, day, **common(request))
    else:
        raise correction.NothingToTakeBack
    request.session.pop(correction.BEFORE, None)


def _only_count(request: HttpRequest, row: Contact) -> None:
    _check_sure(request)
    log.only_count(row, **common(request))


def _add(request: HttpRequest, row: Contact) -> None:
    access.check_can_refer(staff_of(request))
    number = request.POST.get("enquiry", "").strip().upper()
    enquiry = Enquiry.objects.filter(number=number).first()
    if enquiry is None or access.is_for_another(staff_of(request), enquiry):
        raise correction.EnquiryUnknown
    _check_sure(request)
    _check_seen(request, row)
    log.add_contact(enquiry, row, **common(request))


def _check_sure(request: HttpRequest) -> None:
    if "sicher" not in request.POST:
        raise correction.NotSure


def _check_seen(request: HttpRequest, row: Contact) -> None:
    seen = typed.version(request.POST)
    if seen is not None and seen != row.version:
        raise ChangedMeanwhile(theirs=None, yours=None)


def _page(
    request: HttpRequest,
    row: Contact,
    form: ContactForm,
    *,
    refused: StepRefused | None = None,
    proposals: list[matches.Proposal] | None = None,
    asked_back: bool = False,
) -> HttpResponse:
    office, held = request.contact_point, rights.rights_of(request.roles)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        **contact_form.page_parts(form, office, row.code_year),
        "row": row,
        "enquiry_number": enquiry_card.number_of(row),
        "wrong": refused.sentence if refused else "",
        "day_typed": request.POST.get("day", "") if request.POST.get("schritt") == "tag" else "",
        "number_typed": request.POST.get("enquiry", "")[:20],
        "proposals": proposals or [],
        "asked_back": asked_back,
        "may_refer": Right.REFER in held,
        "may_take_back": bool(correction.remembered(request, row)),
        "today": timezone.localdate(),
    }
    return page(request, "desk/correcting/contact.html", context)
