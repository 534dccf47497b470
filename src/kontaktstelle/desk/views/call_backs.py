"""Rückruf, Zusenden, Termin: promise it beside the log, open it when it is due, say what came of it."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import call_back_form
from kontaktstelle.desk.pages import page, say
from kontaktstelle.enquiries import access, call_backs, reading
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

REFUSED = 409
SAID = {
    "reached": "Erledigt. Was die Person angab, wird bald gelöscht.",
    "machine": "Auf den Anrufbeantworter gesprochen. Der Rückruf steht am nächsten Arbeitstag wieder hier.",
    "nobody": "Niemand erreicht. Der Rückruf steht am nächsten Arbeitstag wieder hier.",
}


@door(Right.LOG_CONTACT)
def promise(request: HttpRequest) -> HttpResponse:
    """Show the form; keep the promise that was sent, or show it again with what is wrong and nothing lost."""
    if request.method != "POST":
        return _form(request, call_back_form.empty())
    typed = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    try:
        kept = call_backs.promise(
            **call_back_form.values(typed),
            by=request.staff,  # type: ignore[attr-defined]
            at=timezone.now(),
        )
    except StepRefused as refused:
        return _form(request, typed, wrong=refused.sentence, status=REFUSED)
    say(request, f"Notiert. Fällig am {kept.due_on:%d.%m.%Y}.")
    return HttpResponseRedirect(reverse("desk:today"))


@door(Right.LOG_CONTACT)
def opened(request: HttpRequest, number: UUID) -> HttpResponse:
    """Show whom to call and what was wished: opening it is traced."""
    staff = request.staff  # type: ignore[attr-defined]
    row = access.call_back_for(staff, number)
    try:
        person = reading.person(row, by=staff, at=timezone.now())
    except reading.PersonGone as gone:
        return page(request, "desk/call_back.html", {"row": row, "person": None, "gone": gone.sentence})
    return page(
        request,
        "desk/call_back.html",
        {
            "row": row,
            "person": person,
            "gone": "",
            **call_back_form.words_of(row),
            "asks_to_close": call_backs.asks_to_close(row),
        },
    )


@door(Right.LOG_CONTACT)
def tried(request: HttpRequest, number: UUID) -> HttpResponse:
    """Say what came of trying: reached, machine, nobody; or stop trying."""
    staff = request.staff  # type: ignore[attr-defined]
    row = access.call_back_for(staff, number)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    what = request.POST.get("what", "")
    if what == "give-up":
        call_backs.give_up(row, by=staff, at=timezone.now())
        say(request, "Beendet. Was die Person angab, wird bald gelöscht.")
    else:
        call_backs.attempt(row, what, by=staff, at=timezone.now())
        say(request, SAID[what])
    return HttpResponseRedirect(reverse("desk:today"))


def _form(request: HttpRequest, typed: dict[str, str], *, wrong: str = "", status: int = 200) -> HttpResponse:
    context = {"typed": typed, "wrong": wrong, **call_back_form.choices()}
    return page(request, "desk/call_back_form.html", context, status=status)
