"""Hilfetelefone, Dienste, überregionale Stellen: what wants a look first, confirmed with one key; edited, added, paused."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import register_form
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import take, told
from kontaktstelle.network import keeping
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.KEEP_REGISTER)
def local(request: HttpRequest) -> HttpResponse:
    """List help lines and services."""
    return _list(request, bodies=False)


@door(Right.KEEP_REGISTER)
def bodies(request: HttpRequest) -> HttpResponse:
    """List the supra-regional bodies."""
    return _list(request, bodies=True)


@door(Right.KEEP_REGISTER)
def add(request: HttpRequest) -> HttpResponse:
    """Add a service of the region."""

    def again(refused: StepRefused | None) -> HttpResponse:
        post = request.POST if request.method == "POST" else None
        fields = register_form.form_of(register_form.ADDED, None, post, request.contact_point)  # type: ignore[attr-defined]
        wrong = register_form.said_in_german(refused) if refused else ""
        return page(request, "desk/register_new.html", {"fields": fields, "wrong": wrong})

    if request.method != "POST":
        return again(None)
    return take(
        request,
        lambda: keeping.add_service(register_form.typed(register_form.ADDED, request.POST), **told(request)),
        back=reverse("desk:register"),
        said="Eingetragen, und als heute geprüft vermerkt.",
        again=again,
    )


@door(Right.KEEP_REGISTER)
def row(request: HttpRequest, register: str, key: str) -> HttpResponse:
    """Show a row; confirm, change, pause it, or take the last of these back."""
    found = register_form.row_of(register, key)
    if request.method != "POST":
        return _row_page(request, register, key)
    said, who = request.POST, told(request)
    here = reverse("desk:register_row", args=[register, key])
    overview = reverse("desk:register_bodies" if register == "ueberregional" else "desk:register")
    steps: dict[str, tuple[Callable[[], object], str, str]] = {
        "geprueft": (
            lambda: keeping.confirm_row(found, **who),
            overview if said.get("zur") == "liste" else here,
            f"„{found.name}“ ist heute geprüft.",
        ),
        "aendern": (
            lambda: keeping.change_row(
                found, register_form.typed(type(found), said), seen=said.get("seen", ""), **who
            ),
            here,
            "Geändert. Bitte prüfen Sie die Angaben einmal und bestätigen Sie sie dann.",
        ),
        "pausieren": (
            lambda: keeping.pause_row(found, hidden=True, **who),
            here,
            "Pausiert. Der Eintrag steht nirgends mehr.",
        ),
        "zeigen": (
            lambda: keeping.pause_row(found, hidden=False, **who),
            here,
            "Der Eintrag steht wieder auf den Seiten.",
        ),
        "zurueck": (
            lambda: keeping.take_back_row(found, **who),
            here,
            "Zurückgenommen. Es steht wieder da, was vorher dastand.",
        ),
    }
    if said.get("schritt") not in steps:
        return _row_page(request, register, key)
    step, back, done = steps[said["schritt"]]
    return take(
        request, step, back=back, said=done, again=lambda refused: _row_page(request, register, key, refused)
    )


def _list(request: HttpRequest, *, bodies: bool) -> HttpResponse:
    rows = register_form.rows(request.contact_point, timezone.localdate(), bodies=bodies)  # type: ignore[attr-defined]
    due = [each for each in rows if each.is_due and not each.hidden]
    rest = [each for each in rows if not each.is_due and not each.hidden]
    paused = [each for each in rows if each.hidden]
    return page(request, "desk/register.html", {"bodies": bodies, "due": due, "rest": rest, "paused": paused})


def _row_page(
    request: HttpRequest, register: str, key: str, refused: StepRefused | None = None
) -> HttpResponse:
    found = register_form.row_of(register, key)
    typed = request.POST if refused and request.POST.get("schritt") == "aendern" else None
    office = request.contact_point  # type: ignore[attr-defined]
    shown = next(
        each
        for each in register_form.rows(office, timezone.localdate(), bodies=register == "ueberregional")
        if (each.register, each.key) == (register, key)
    )
    context = {
        "row": shown,
        "is_body": register == "ueberregional",
        "may_change": keeping.may_change(found),
        "fields": register_form.form_of(type(found), found, typed, office),
        "seen": register_form.mark_of(found),
        "last": keeping.last_change(found),
        "wrong": register_form.said_in_german(refused) if refused else "",
    }
    return page(request, "desk/register_row.html", context)
