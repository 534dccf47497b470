"""Kontakt erfassen: one screen while talking. What fits is shown while the topic is typed, before anything is saved."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import contact_form, matches, promises
from kontaktstelle.desk.contact_form import ContactForm
from kontaktstelle.desk.pages import page, say
from kontaktstelle.enquiries import access, log
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

REFUSED = 409


@door(Right.LOG_CONTACT)
def log_contact(request: HttpRequest) -> HttpResponse:
    """Show the form; write down what was sent, or show it again with what is wrong and nothing lost."""
    if request.method != "POST":
        return _form(request, ContactForm())
    form = ContactForm.read(request.POST)
    now = timezone.localtime()
    if form.means_something_unasked():
        # Nobody has chosen yet: what the words may mean is offered, once, and nothing is decided for anyone.
        return _form(request, form, proposals=matches.topics_for(form.topic_words), asked_back=True)
    try:
        values = form.values(request.contact_point)  # type: ignore[attr-defined]
        contact = log.log_contact(by=request.staff, at=now, **values)  # type: ignore[attr-defined]
    except StepRefused as refused:
        return _form(request, form, wrong=refused.sentence, status=REFUSED)
    request.session["just_logged"] = str(contact.pk)
    # By its key the browser knows on the next form that this draft arrived, and forgets it: not before, and no other.
    request.session["form_arrived"] = form.form_key
    said = f"Der Kontakt ist erfasst ({now:%H:%M} Uhr)."
    if promises.is_owed(contact):
        # „Rückruf offen" is only a code: somebody has to know whom, and when.
        say(request, f"{said} Wen rufen wir wann zurück?")
        return HttpResponseRedirect(f"{reverse('desk:promise')}?kontakt={contact.pk}")
    say(request, said)
    return HttpResponseRedirect(reverse("desk:log"))


@door(Right.LOG_CONTACT)
def match(request: HttpRequest) -> HttpResponse:
    """Say what typed words may mean and which groups fit; asked while somebody types, never stored."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    words = request.POST.get("topic_words", "")[: contact_form.MOST_TYPED]
    chosen = request.POST.getlist("topics")
    place = contact_form.found_place(request.POST.get("place", "")[: contact_form.MOST_TYPED])
    if place is None:
        # Who does not say where they live mostly lives near the office they call.
        site = request.contact_point.sites.order_by("pk").first()  # type: ignore[attr-defined]
        place = contact_form.found_place(site.postcode) if site else None
    return JsonResponse({
        "topics": [asdict(each) for each in matches.topics_for(words)] if words.strip() else [],
        "groups": [
            asdict(each)
            for each in matches.groups_for(chosen, words, place, on=timezone.localdate())
        ],
    })  # fmt: skip


@door(Right.LOG_CONTACT)
def undo(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take back what was just logged."""
    staff = request.staff  # type: ignore[attr-defined]
    contact = access.contact_for(staff, number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    log.undo(contact, by=staff, at=timezone.now())
    request.session.pop("just_logged", None)
    say(request, "Der Kontakt ist zurückgenommen und wird nicht gezählt.")
    return HttpResponseRedirect(reverse("desk:machine" if "reihe" in request.POST else "desk:log"))


def _form(
    request: HttpRequest,
    form: ContactForm,
    *,
    wrong: str = "",
    proposals: list[matches.Proposal] | None = None,
    asked_back: bool = False,
    status: int = 200,
) -> HttpResponse:
    office = request.contact_point  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        **contact_form.page_parts(form, office, timezone.localdate().year),
        "wrong": wrong,
        "proposals": proposals or [],
        "asked_back": asked_back,
        "form_arrived": request.session.get("form_arrived", ""),
        "just_logged": request.session.get("just_logged", ""),
        "may_refer": Right.REFER in rights.rights_of(request.roles),  # type: ignore[attr-defined]
    }
    return page(request, "desk/log.html", context, status=status)
