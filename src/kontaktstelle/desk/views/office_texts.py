"""Texts of the office: the steps in a crisis, what is read aloud; decided by who leads, read by who needs them."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import crisis as crisis_help
from kontaktstelle.desk import office_texts, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import staff_of, take
from kontaktstelle.organisation import earlier, rights, texts
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.LOG_CONTACT)
def crisis(request: HttpRequest) -> HttpResponse:
    """Show what to do in a crisis, before anything is logged; to print and put beside the telephone."""
    found = crisis_help.at_hand(request.contact_point)  # type: ignore[attr-defined]
    may_decide = Right.DECIDE in rights.rights_of(request.roles)  # type: ignore[attr-defined]
    return page(request, "desk/crisis.html", {"found": found, "may_decide": may_decide})


@door(Right.DECIDE)
def all_texts(request: HttpRequest) -> HttpResponse:
    """List the texts an office may decide on."""
    return page(request, "desk/office_texts.html", {"texts": office_texts.all_texts()})


@door(Right.DECIDE)
def text(request: HttpRequest, key: str) -> HttpResponse:
    """Show a text with its versions; let another one stand."""
    if request.method != "POST":
        return _page(request, key)
    shown = office_texts.text(key)
    seen, said = typed.version(request.POST), request.POST
    if said.get("schritt") == "zurueck":
        number = typed.whole_number(said.get("fassung", ""))
        return take(
            request,
            lambda: texts.go_back(key, number, seen=seen, by=staff_of(request), at=timezone.now()),
            back=reverse("desk:office_text", args=[key]),
            said="Die frühere Fassung steht wieder. Auch die andere bleibt lesbar.",
            again=lambda refused: _page(request, key, refused),
        )
    return take(
        request,
        lambda: texts.decide(
            key,
            said.get("text", ""),
            decided_on=typed.day(said.get("decided_on", "")),
            decided_by=said.get("decided_by", ""),
            seen=seen,
            by=staff_of(request),
            at=timezone.now(),
        ),
        back=reverse("desk:office_text", args=[key]),
        said=f"„{shown.label}“ steht ab jetzt so.",
        again=lambda refused: _page(request, key, refused),
    )


def _page(request: HttpRequest, key: str, refused: StepRefused | None = None) -> HttpResponse:
    shown = office_texts.text(key)
    stands = shown.stands
    filled = {
        "text": stands.text,
        "decided_on": stands.decided_on.isoformat() if stands.decided_on else "",
        "decided_by": stands.decided_by,
    }
    if refused and "text" in request.POST:
        filled = {name: request.POST.get(name, "") for name in filled}
    context = {
        "shown": shown,
        "filled": filled,
        "wrong": refused.sentence if refused else "",
        "theirs": isinstance(refused, earlier.ChangedMeanwhile),
        "longest": texts.LONGEST,
        "today": timezone.localdate(),
    }
    return page(request, "desk/office_text.html", context)
