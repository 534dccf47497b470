"""Heute: where every working day begins."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from kontaktstelle.desk.pages import page
from kontaktstelle.desk.presence import hours_today
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right


@door(Right.AT_THE_DESK)
def today(request: HttpRequest) -> HttpResponse:
    """Greet by the office's name and show today's Sprechzeiten."""
    now = timezone.localtime()
    office = request.contact_point  # type: ignore[attr-defined]
    return page(request, "desk/today.html", {"now_local": now, "sites": hours_today(office, now)})
