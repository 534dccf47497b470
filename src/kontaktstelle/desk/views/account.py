"""Mein Konto: how one signs in, where one is signed in, and ending that."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import people, sessions
from kontaktstelle.desk.pages import page, say
from kontaktstelle.organisation import staff_steps
from kontaktstelle.organisation.access import own_account


@own_account
def account(request: HttpRequest) -> HttpResponse:
    """Show factors and sessions."""
    staff = request.staff  # type: ignore[attr-defined]
    this = sessions.hash_of(request.session.session_key)
    return page(
        request,
        "desk/account.html",
        {
            "factors": people.factors_of(staff),
            "running": people.running(staff, this, at=timezone.now()),
            "roles": [role.label for role in people.IN_ORDER if role in request.roles],  # type: ignore[attr-defined]
        },
    )


@own_account
def rename(request: HttpRequest) -> HttpResponse:
    """Change how one is called."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    staff_steps.rename(request.staff, name=request.POST.get("name", ""), at=timezone.now())  # type: ignore[attr-defined]
    say(request, "Ihr Name ist geändert.")
    return HttpResponseRedirect(reverse("desk:account"))


@own_account
def end_sessions(request: HttpRequest) -> HttpResponse:
    """End one's other sessions, or one of them."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    this = sessions.hash_of(request.session.session_key)
    ended = sessions.end_sessions(
        request.staff,  # type: ignore[attr-defined]
        but=this,
        only=request.POST.get("sitzung", "")[:64],
    )
    say(request, "Die Sitzung ist beendet." if ended == 1 else f"{ended} Sitzungen sind beendet.")
    return HttpResponseRedirect(reverse("desk:account"))
