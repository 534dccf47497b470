"""The office somebody works for, and the way to its base records."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse

from kontaktstelle.desk.pages import page
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import OFFICE_KEY, door, offices_of, own_account
from kontaktstelle.organisation.rights import Right


@own_account
def choose(request: HttpRequest) -> HttpResponse:
    """Work for another of one's offices from now on."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    chosen = request.POST.get("stelle", "")
    for office in offices_of(request.staff):  # type: ignore[attr-defined]
        if office.slug == chosen:
            request.session[OFFICE_KEY] = office.pk
    return HttpResponseRedirect(reverse("desk:today"))


@door(Right.AT_THE_DESK)
def base_records(request: HttpRequest) -> HttpResponse:
    """Show what of the office's own records somebody may keep."""
    held = rights.rights_of(request.roles)  # type: ignore[attr-defined]
    may_see_staff = Right.MANAGE_STAFF in held or Right.LOCK_STAFF in held
    return page(
        request,
        "desk/base_records.html",
        {"may_see_staff": may_see_staff, "may_see_trail": Right.CONFIRM_TRAIL in held},
    )
