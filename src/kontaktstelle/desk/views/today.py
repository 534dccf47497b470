"""Heute: where every working day begins, and what it asks for."""

from typing import Any
from uuid import UUID, uuid5

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import duties
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.presence import hours_today
from kontaktstelle.desk.steps import common, staff_of
from kontaktstelle.enquiries import due, hand_over, referral
from kontaktstelle.enquiries.models import Referral
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused


@door(Right.AT_THE_DESK)
def today(request: HttpRequest) -> HttpResponse:
    """Show what the day asks for, and today's Sprechzeiten."""
    return _today(request)


@door(Right.LOG_CONTACT)
def with_people(request: HttpRequest) -> HttpResponse:
    """Show Heute with the name and number of everybody to be called, for the paper in one's hand; each opening is traced."""
    if request.method != "POST":
        return HttpResponseRedirect(reverse("desk:today"))
    return _today(request, with_people=True)


@door(Right.REFER)
def ask_collected(request: HttpRequest, group: UUID) -> HttpResponse:
    """Say that a group was asked about everybody collected for it; one refusal leaves the others as they are."""
    if not Group.objects.filter(pk=group).exists():
        raise Http404
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    told = common(request)
    waiting = [item.row for item in due.day(by=told["by"], at=told["at"]).asked_together]
    rows = list(Referral.objects.filter(pk__in=waiting, group=group))
    asked, refused = 0, ""
    for row in rows:
        key = uuid5(told["form_key"], str(row.pk)) if told["form_key"] else None
        try:
            referral.ask(row, by=told["by"], at=told["at"], form_key=key)
            asked += 1
        except StepRefused as refusal:
            refused = refusal.sentence
    said = "Die Gruppe ist gefragt." if asked == 1 else f"Die Gruppe ist für {asked} Menschen gefragt."
    say(request, (said if asked else "Niemand wurde gefragt.") + (f" {refused}" if refused else ""))
    return HttpResponseRedirect(reverse("desk:today"))


def _today(request: HttpRequest, *, with_people: bool = False) -> HttpResponse:
    now = timezone.localtime()
    staff, office = staff_of(request), request.contact_point  # type: ignore[attr-defined]
    held = rights.rights_of(request.roles)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "now_local": now,
        "sites": hours_today(office, now),
        "duties": None,
        "with_people": with_people,
        "may_refer": Right.REFER in held,
        "may_hand_over": Right.HAND_OVER in held,
        "unread": hand_over.unread_count(by=staff) if Right.HAND_OVER in held else 0,
        "away": duties.away_today(now.date()) if Right.HAND_OVER in held else [],
    }
    if Right.LOG_CONTACT in held:
        context["duties"] = duties.duties(by=staff, at=timezone.now(), with_people=with_people)
    return page(request, "desk/today.html", context)
