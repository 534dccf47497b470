"""Rechte der Person: be told, put right, left at rest, erased. What cannot be undone is asked about on a page of its own."""

from datetime import timedelta
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import person_rights, promises, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.enquiries import access, disclosure, erasing_now, restricting
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.privacy import restriction
from kontaktstelle.refusal import StepRefused

FORMS = {"pdf": ("application/pdf", disclosure.as_pdf), "json": ("application/json", disclosure.as_json)}
USUAL_DAYS = 90


@door(Right.SUBJECT_RIGHTS)
def overview(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Show what a person may ask for, and what was done of it."""
    return _page(request, enquiry)


@door(Right.SUBJECT_RIGHTS)
def told(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Give out everything kept about an enquiry, as paper or as a file; the opening is traced."""
    row = access.enquiry_for(staff_of(request), enquiry)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    form = request.POST.get("als", "pdf")
    kind, made = FORMS.get(form, FORMS["pdf"])
    try:
        found = disclosure.disclose(row, by=staff_of(request), at=timezone.now())
    except StepRefused as refused:
        return _page(request, enquiry, wrong=refused.sentence, status=REFUSED)
    answer = HttpResponse(made(found), content_type=kind)
    ending = form if form in FORMS else "pdf"
    answer.headers["Content-Disposition"] = f'attachment; filename="auskunft-{found.number}.{ending}"'
    return answer


@door(Right.SUBJECT_RIGHTS)
def rest(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Let an enquiry rest, let that stand, or end it."""
    row = access.enquiry_for(staff_of(request), enquiry)
    post, by, now = request.POST, staff_of(request), timezone.now()

    def lay() -> None:
        until = typed.day(post.get("until", ""))
        if until is None:
            raise restriction.TooLong
        restricting.restrict(row, reason=post.get("reason", ""), until=until, by=by, at=now)

    acts = {
        "sperren": (lay, f"Die Anfrage ruht, vorerst {restriction.ALONE_DAYS} Tage."),
        "bestaetigen": (lambda: restricting.let_stand(row, by=by, at=now), "Die Sperre gilt bis zu ihrem Tag."),
        "zurueckgerufen": (lambda: restricting.called_back(row, by=by, at=now), "Der Rückruf ist festgehalten."),
        "aufheben": (lambda: restricting.lift(row, by=by, at=now), "Die Sperre ist aufgehoben."),
    }  # fmt: skip
    act, said = acts.get(post.get("was", ""), (lambda: None, ""))
    return take(
        request,
        act,
        back=reverse("desk:person_rights", args=[enquiry]),
        said=said,
        again=lambda refused: _page(request, enquiry, wrong=refused.sentence, status=REFUSED),
    )


@door(Right.SUBJECT_RIGHTS, fresh=True)
def erase(request: HttpRequest, enquiry: str) -> HttpResponse:
    """Ask once more, then erase at once."""
    row, by, now = access.enquiry_for(staff_of(request), enquiry), staff_of(request), timezone.now()
    back = HttpResponseRedirect(reverse("desk:person_rights", args=[enquiry]))
    wrong = ""
    if request.method == "POST":
        try:
            proof = erasing_now.erase_now(row, by=by, at=now, seen=typed.version(request.POST))
        except erasing_now.ErasedAlready:
            return back
        except StepRefused as refused:
            row, wrong = access.enquiry_for(by, enquiry), refused.sentence
        else:
            say(request, f"Gelöscht. Nummer des Nachweises: {proof.number}")
            return back
    if row.de_identified:
        return back
    context = {"enquiry": row, "goes": erasing_now.what_goes(row, by=by), "wrong": wrong}
    context["resting"] = restricting.of(row, at=now)
    return page(request, "desk/person_erase.html", context, status=REFUSED if wrong else 200)


@door(Right.SUBJECT_RIGHTS, fresh=True)
def erase_call_back(request: HttpRequest, call_back: UUID) -> HttpResponse:
    """Ask once more, then delete a call-back that belongs to no enquiry, with whom it was promised to."""
    row = access.call_back_for(staff_of(request), call_back)
    wrong = ""
    if request.method == "POST":
        try:
            proof = erasing_now.erase_call_back(row, by=staff_of(request), at=timezone.now())
        except StepRefused as refused:
            wrong = refused.sentence
        else:
            say(request, f"Gelöscht. Nummer des Nachweises: {proof.number}")
            return HttpResponseRedirect(reverse("desk:caller"))
    context = {"row": row, "kind": promises.label(row), "wrong": wrong}
    return page(request, "desk/call_back_erase.html", context, status=REFUSED if wrong else 200)


def _page(request: HttpRequest, number: str, *, wrong: str = "", status: int = 200) -> HttpResponse:
    by, now = staff_of(request), timezone.now()
    row = access.enquiry_for(by, number)
    context = person_rights.context(row, by=by, at=now) | {
        "wrong": wrong,
        "typed": request.POST,
        "usual_end": timezone.localdate() + timedelta(days=USUAL_DAYS),
    }
    return page(request, "desk/person_rights.html", context, status=status)
