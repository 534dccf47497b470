"""Posteingang: read a message, see what it proposes, make a contact or an enquiry of it, copy the answer. It is not kept."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import (
    contact_form,
    enquiry_card,
    inbox_form,
    leaflet,
    leaflet_choice,
    matches,
    postbox,
    typed,
)
from kontaktstelle.desk import inbox as proposing
from kontaktstelle.desk.contact_form import ContactForm
from kontaktstelle.desk.inbox import Proposal
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of
from kontaktstelle.enquiries import access, matching, taking_in
from kontaktstelle.mailroom.incoming.mailbox import AlreadyTaken
from kontaktstelle.mailroom.incoming.message import Incoming
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.SEE_NOTE)
def inbox(request: HttpRequest) -> HttpResponse:
    """Show where to paste or drop a message, and what waits in the mailbox."""
    return _start(request)


@door(Right.SEE_NOTE)
def read(request: HttpRequest) -> HttpResponse:
    """Read what was pasted or uploaded and propose its coding."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    pasted = request.POST.get("text", "")
    try:
        message = inbox_form.message_of(pasted, request.FILES.get("datei"))
    except StepRefused as refused:
        return _start(request, pasted=pasted, wrong=refused.sentence, status=REFUSED)
    return _message_page(request, message, proposing.proposal(message))


@door(Right.SEE_NOTE)
def open_waiting(request: HttpRequest, mail: str) -> HttpResponse:
    """Open a message of the mailbox; it stays unread there until it is taken in."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    office = request.contact_point  # type: ignore[attr-defined]
    try:
        message = postbox.opened(mail, office=office, by=staff_of(request), at=timezone.now())
    except StepRefused as refused:
        return _start(request, wrong=refused.sentence, status=REFUSED)
    return _message_page(request, message, proposing.proposal(message), mail=mail)


@door(Right.SEE_NOTE)
def take_in(request: HttpRequest) -> HttpResponse:
    """Make a contact of it, or a contact and an enquiry, in one step."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    office, post = request.contact_point, request.POST  # type: ignore[attr-defined]
    form, message, mail = ContactForm.read(post), inbox_form.shown_again(post), post.get("mail", "")
    if form.means_something_unasked():
        return _message_page(
            request,
            message,
            Proposal(form),
            mail=mail,
            proposals=matches.topics_for(form.topic_words),
            asked_back=True,
        )
    try:
        values = form.values(office)
        if mail and not taking_in.is_done(values["form_key"], by=staff_of(request)):
            postbox.check_waits(mail, office=office)
        made = taking_in.take_mail(
            {name: value for name, value in values.items() if name != "form_key"},
            by=staff_of(request),
            at=timezone.localtime(),
            as_enquiry="anfrage" in post,
            person=typed.person(post),
            form_key=values["form_key"],
        )
    except AlreadyTaken as refused:
        return _message_page(request, message, Proposal(form), wrong=refused.sentence, status=REFUSED)
    except StepRefused as refused:
        return _message_page(
            request, message, Proposal(form), mail=mail, wrong=refused.sentence, status=REFUSED
        )
    left_to_do = postbox.taken(mail, office=office, by=staff_of(request), at=timezone.now()) if mail else ""
    opened = (
        f"Anfrage {made.enquiry.number} ist offen, fällig am {made.enquiry.due_on:%d.%m.}"
        if made.enquiry
        else ""
    )
    said = [opened or "Der Kontakt ist erfasst.", "Die Nachricht selbst ist nicht gespeichert.", left_to_do]
    say(request, " ".join(part for part in said if part))
    request.session["just_logged"] = str(made.contact.pk)
    return HttpResponseRedirect(reverse("desk:inbox_answer", args=[made.contact.pk]))


@door(Right.SEE_NOTE)
def answer(request: HttpRequest, contact: UUID) -> HttpResponse:
    """Show the answer with the Merkzettel, to copy back."""
    row = access.contact_for(staff_of(request), contact)
    office = request.contact_point  # type: ignore[attr-defined]
    about = leaflet_choice.of_contact(row, office)
    fits = matching.fitting(about.topics, on=timezone.localdate(), place=about.place, audience=about.audience)
    offered = {fit.entry.slug: fit.entry.name for fit in fits}
    said = request.GET
    chosen = list(leaflet_choice.public(said.getlist("gruppe"))) if "gewaehlt" in said else list(offered)
    sheet = leaflet.made(
        chosen, office, at=timezone.localtime(), kreis_key=about.place.kreis_key if about.place else ""
    )
    context: dict[str, Any] = {
        "row": row,
        "number": enquiry_card.number_of(row),
        "offered": offered,
        "chosen": {group.slug for group in sheet.groups},
        "answer": proposing.answer(sheet, by=staff_of(request)),
        "just_logged": request.session.get("just_logged", "") == str(row.pk),
    }
    return page(request, "desk/inbox_answer.html", context)


def _start(request: HttpRequest, *, pasted: str = "", wrong: str = "", status: int = 200) -> HttpResponse:
    office = request.contact_point  # type: ignore[attr-defined]
    context = {
        "wrong": wrong,
        "pasted": pasted,
        "longest": inbox_form.LONGEST_PASTED,
        "postbox": postbox.shown(office, by=staff_of(request), at=timezone.now()),
    }
    return page(request, "desk/inbox.html", context, status=status)


def _message_page(
    request: HttpRequest,
    message: Incoming,
    proposed: Proposal,
    *,
    mail: str = "",
    wrong: str = "",
    proposals: list[matches.Proposal] | None = None,
    asked_back: bool = False,
    status: int = 200,
) -> HttpResponse:
    office, today = request.contact_point, timezone.localdate()  # type: ignore[attr-defined]
    danger = proposing.danger_in(message)
    guessed = [topic for topic, _ in proposed.guessed_topics()]
    context: dict[str, Any] = {
        **contact_form.page_parts(proposed.form, office, today.year),
        "message": message,
        "mail": mail,
        "person": inbox_form.person_shown(request.POST, message),
        "proposed": proposed,
        "groups": proposing.groups_for(proposed.form, guessed, office, today),
        "crisis_lines": proposing.help_for(danger, office, proposed.form.place) if danger else [],
        "wrong": wrong,
        "proposals": proposals or [],
        "asked_back": asked_back,
    }
    return page(request, "desk/inbox_message.html", context, status=status)
