"""Several contacts in a row: from the answering machine, one by one; at a stall or on a busy morning, as strokes."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import contact_form, matches, tally_form, typed
from kontaktstelle.desk.contact_form import ContactForm
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of
from kontaktstelle.desk.tally_form import TallyForm
from kontaktstelle.enquiries import access, codes, log, taking_in
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

PERSON = ("name", "phone", "wish")


@door(Right.LOG_CONTACT)
def machine(request: HttpRequest) -> HttpResponse:
    """AB abhören: one message after the other; with a number it is a call-back as well."""
    if request.method != "POST":
        form = ContactForm()
        if (way := request.GET.get("weg", "")) in codes.LISTS["channel"]:
            # Chosen on this page for the message before: the machine has not changed.
            form.chosen["channel"] = [way]
        return _machine_page(request, form)
    form, post, now = ContactForm.read(request.POST), request.POST, timezone.localtime()
    if form.means_something_unasked():
        return _machine_page(request, form, proposals=matches.topics_for(form.topic_words), asked_back=True)
    try:
        values = form.values(request.contact_point)  # type: ignore[attr-defined]
        wanted = [*PERSON, "due_on", "from", "until"]
        made = taking_in.take_down(
            {name: value for name, value in values.items() if name != "form_key"},
            by=staff_of(request),
            at=now,
            person=typed.person(post) if any(post.get(name, "").strip() for name in wanted) else None,
            due_on=typed.day(post.get("due_on", "")),
            window=(typed.clock(post.get("from", "")), typed.clock(post.get("until", ""))),
            form_key=values["form_key"],
        )
    except StepRefused as refused:
        return _machine_page(request, form, wrong=refused.sentence, status=REFUSED)
    request.session["just_logged"] = str(made.contact.pk)
    request.session["form_arrived"] = form.form_key
    promised = f", Rückruf vorgemerkt für {made.call_back.due_on:%d.%m.}" if made.call_back else ""
    say(request, f"Erfasst ({now:%H:%M} Uhr){promised}. Die nächste Nachricht, bitte.")
    way = next(iter(form.chosen.get("channel", [])), "")
    return HttpResponseRedirect(f"{reverse('desk:machine')}?{urlencode({'weg': way})}")


@door(Right.LOG_CONTACT)
def tally(request: HttpRequest) -> HttpResponse:
    """Strichliste: so many contacts per kind of person, in one screen."""
    if request.method != "POST":
        return _tally_page(request, TallyForm())
    form, now = TallyForm.read(request.POST), timezone.localtime()
    try:
        values = form.values(request.contact_point)  # type: ignore[attr-defined]
        made = log.tally(by=staff_of(request), at=now, **values)
    except StepRefused as refused:
        return _tally_page(request, form, wrong=refused.sentence, status=REFUSED)
    request.session["just_tallied"] = str(made[0].pk)
    counted = "Ein Kontakt ist" if len(made) == 1 else f"{len(made)} Kontakte sind"
    say(request, f"{counted} erfasst ({now:%H:%M} Uhr).")
    return HttpResponseRedirect(reverse("desk:tally"))


@door(Right.LOG_CONTACT)
def undo_tally(request: HttpRequest, number: UUID) -> HttpResponse:
    """Take back the strokes that were just entered, all of them."""
    contact = access.contact_for(staff_of(request), number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    log.undo_tally(contact, by=staff_of(request), at=timezone.now())
    request.session.pop("just_tallied", None)
    say(request, "Die Striche sind zurückgenommen und werden nicht gezählt.")
    return HttpResponseRedirect(reverse("desk:tally"))


def _machine_page(
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
        "typed": request.POST,
        "just_logged": request.session.get("just_logged", ""),
        "form_arrived": request.session.get("form_arrived", ""),
    }
    return page(request, "desk/machine.html", context, status=status)


def _tally_page(request: HttpRequest, form: TallyForm, *, wrong: str = "", status: int = 200) -> HttpResponse:
    office = request.contact_point  # type: ignore[attr-defined]
    context = {
        "form": form,
        "wrong": wrong,
        "just_tallied": request.session.get("just_tallied", ""),
        "most": log.MOST_TALLIED,
        **tally_form.page_parts(office, timezone.localdate().year),
    }
    return page(request, "desk/tally.html", context, status=status)
