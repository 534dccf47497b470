"""Heute: where every working day begins."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kontaktstelle.desk import duties
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.presence import hours_today
from kontaktstelle.enquiries import due
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right


@door(Right.AT_THE_DESK)
def today(request: HttpRequest) -> HttpResponse:
    """Show today's Sprechzeiten and, to whoever may see enquiries, what is to be done."""
    now = timezone.localtime()
    office = request.contact_point  # type: ignore[attr-defined]
    context: dict[str, object] = {"now_local": now, "sites": hours_today(office, now), "duties": None}
    if Right.SEE_ENQUIRY in rights.rights_of(request.roles):  # type: ignore[attr-defined]
        day = due.day(by=request.staff, at=now)  # type: ignore[attr-defined]
        gone = day.erased_tomorrow
        context["duties"] = duties.of_day(day, on=now.date())
        context["erased_tomorrow"] = len(gone.enquiries) + len(gone.call_backs) + gone.contacts
    return page(request, "desk/today.html", context)
