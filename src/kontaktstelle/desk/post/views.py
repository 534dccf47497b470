"""Briefe drucken and Nicht zugestellt. Addresses stand on the printed sheet alone, and every opening is traced."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.mailroom import letters as printing
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

from . import post_page

MOST_NUMBERS = printing.LETTERS_A_RUN


@door(Right.LOG_CONTACT)
def letters(request: HttpRequest) -> HttpResponse:
    """Show which letters wait for the printer: what they are about, not to whom."""
    return _letters(request)


@door(Right.LOG_CONTACT)
def print_letters(request: HttpRequest) -> HttpResponse:
    """Hand out the letters that wait as one PDF for envelopes with a window, or one alone; nothing changes by it."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    try:
        run = printing.print_run(
            by=str(staff_of(request).pk), at=timezone.now(), only=typed.number(request.POST.get("brief", ""))
        )
    except StepRefused as refused:
        return _letters(request, refused.sentence)
    answer = HttpResponse(run.pdf, content_type="application/pdf")
    answer.headers["Content-Disposition"] = 'inline; filename="briefe.pdf"'
    return answer


@door(Right.LOG_CONTACT)
def posted(request: HttpRequest) -> HttpResponse:
    """Note that letters are in the post, and erase their addresses and texts."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    numbers = [
        found for each in request.POST.getlist("brief")[:MOST_NUMBERS] if (found := typed.number(each))
    ]
    if not numbers:
        return _letters(request, "Bitte wählen Sie die Briefe aus, die in der Post sind.")
    try:
        marked = printing.mark_printed(numbers, by=str(staff_of(request).pk), at=timezone.now())
    except StepRefused as refused:
        return _letters(request, refused.sentence)
    say(request, _said(marked))
    return HttpResponseRedirect(reverse("desk:letters"))


@door(Right.LOG_CONTACT)
def undelivered(request: HttpRequest) -> HttpResponse:
    """Show what could not be delivered: about what and to whom in kind, why, and what can be done."""
    return _undelivered(request)


@door(Right.LOG_CONTACT)
def next_step(request: HttpRequest, dispatch: UUID) -> HttpResponse:
    """Try a message again, reach a group another way from now on, or lay the message aside."""
    failure = post_page.failure_of(dispatch)
    steps = {
        "noch-einmal": (post_page.again, "Sie wird noch einmal versandt."),
        "brief": (post_page.by_letter, "Die Gruppe bekommt Post künftig als Brief. Diese Nachricht ist erledigt."),
        "anruf": (post_page.by_call, "Die Gruppe wird künftig angerufen. Diese Nachricht ist erledigt."),
        "erledigt": (post_page.lay_aside, "Erledigt. Anschrift und Text sind gelöscht."),
    }  # fmt: skip
    chosen = request.POST.get("schritt", "")
    if chosen not in steps:
        return _undelivered(request)
    step, said = steps[chosen]
    return take(
        request,
        lambda: step(failure, by=staff_of(request), at=timezone.now()),
        back=reverse("desk:undelivered"),
        said=said,
        again=lambda refused: _undelivered(request, refused.sentence),
    )


def _said(marked: int) -> str:
    if not marked:
        return "Diese Briefe waren schon als abgeschickt vermerkt."
    return "Ein Brief ist abgeschickt." if marked == 1 else f"{marked} Briefe sind abgeschickt."


def _letters(request: HttpRequest, wrong: str = "") -> HttpResponse:
    context = {"letters": post_page.waiting(at=timezone.now()), "wrong": wrong}
    return page(request, "desk/post/letters.html", context, status=REFUSED if wrong else 200)


def _undelivered(request: HttpRequest, wrong: str = "") -> HttpResponse:
    held = rights.rights_of(request.roles)  # type: ignore[attr-defined]
    return page(request, "desk/post/undelivered.html", {"rows": post_page.rows(held), "wrong": wrong})
