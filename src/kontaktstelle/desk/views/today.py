"""Heute: where every working day begins, and what it asks for."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import collected, confirming, duties, promises, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.presence import hours_today
from kontaktstelle.desk.standing import standing
from kontaktstelle.desk.steps import common, staff_of
from kontaktstelle.desk.views.call_backs import JUST_ENDED
from kontaktstelle.enquiries import hand_over
from kontaktstelle.organisation import four_eyes, rights
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right


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
    """Say that a group was asked about everybody the page collected for it; one refusal leaves the others as they are."""
    collected.check_group(group)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    asked, refused = collected.ask_all(group, typed.rows_seen(request.POST, "told"), **common(request))
    said = "Die Gruppe ist gefragt." if asked == 1 else f"Die Gruppe ist für {asked} Menschen gefragt."
    say(request, (said if asked else "Niemand wurde gefragt.") + (f" {refused}" if refused else ""))
    return HttpResponseRedirect(reverse("desk:today"))


def _today(request: HttpRequest, *, with_people: bool = False) -> HttpResponse:
    now = timezone.localtime()
    staff, office = staff_of(request), request.contact_point  # type: ignore[attr-defined]
    held = rights.rights_of(request.roles)  # type: ignore[attr-defined]
    context: dict[str, Any] = {
        "now_local": now,
        "about_me": four_eyes.about(staff, at=timezone.now()),
        "to_confirm": confirming.waiting(by=staff, at=timezone.now()),
        "sites": hours_today(office, now),
        "duties": None,
        "standing": standing(office, held=held, by=staff, at=timezone.now(), on=now.date()),
        "with_people": with_people,
        "may_refer": Right.REFER in held,
        "may_read_notes": Right.SEE_NOTE in held,
        "may_hand_over": Right.HAND_OVER in held,
        "unread": hand_over.unread_count(by=staff) if Right.HAND_OVER in held else 0,
        "away": duties.away_today(now.date()) if Right.HAND_OVER in held else [],
    }
    if Right.LOG_CONTACT in held:
        context["just_ended"] = promises.just_ended(request.session.get(JUST_ENDED, ""), by=staff)
        context["duties"] = duties.duties(by=staff, at=timezone.now(), with_people=with_people)
    return page(request, "desk/today.html", context)
