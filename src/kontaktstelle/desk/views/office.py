"""The office somebody works for, and the way to its base records."""

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk.pages import page
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import OFFICE_KEY, door, offices_of, own_account
from kontaktstelle.organisation.rights import Right
from kontaktstelle.papers import folder


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
        {
            "may_see_staff": may_see_staff,
            "may_read_papers": Right.READ_PAPERS in held,
            "may_edit_groups": Right.EDIT_GROUP in held,
            "may_edit_office": Right.EDIT_OFFICE in held,
            "may_keep_register": Right.KEEP_REGISTER in held,
            "may_set_periods": Right.RETENTION in held,
            "may_decide": Right.DECIDE in held,
            "may_see_trail": Right.CONFIRM_TRAIL in held,
            "may_log": Right.LOG_CONTACT in held,
        },
    )


@door(Right.READ_PAPERS)
def papers(request: HttpRequest, form: str) -> HttpResponse:
    """Hand out the folder for IT, data protection and staff council, set now: to print, or to change in a word processor."""
    office = request.contact_point  # type: ignore[attr-defined]
    made = folder.make(office, at=timezone.now())
    content, kind = (
        (made.pdf, "application/pdf") if form == "pdf" else (made.page.encode(), "text/html; charset=utf-8")
    )
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="mappe-{office.slug}.{form}"'
    return answer
