"""The calendar of deadlines as an iCal feed for the office: rounds and its own proofs, no group and no person."""

from datetime import date, datetime, timedelta

import icalendar

from kontaktstelle.organisation.models import ContactPoint

from . import matching, programmes
from .applications import own_deadlines
from .models import FundingRound


def calendar(office: ContactPoint, *, at: datetime, on: date) -> bytes:
    """Return the deadlines of a year back and two ahead, as a file calendars can subscribe to.

    Args:
        office: being acted for.
        at: now, the stamp of the entries.
        on: today.

    Returns:
        iCal. A date nobody has checked is marked so, in words and as tentative.
    """
    made = icalendar.Calendar()
    made.add("prodid", "-//kontaktstelle//Foerderung//DE")
    made.add("version", "2.0")
    made.add("x-wr-calname", f"Förderfristen, {office.short_name or office.name}")
    place = matching.Place(office)
    ahead = FundingRound.objects.filter(
        hidden=False, programme__in=programmes.programmes_of(office.pk),
        due_on__range=(on - timedelta(days=365), on + timedelta(days=730)),
    )  # fmt: skip
    for each in ahead.select_related("programme").order_by("due_on", "key"):
        if place.reaches(each.programme, None) and each.due_on is not None:
            made.add_component(_event(each, each.due_on, at))
    for day, what, own in own_deadlines(on=on):
        event = _blank(f"eigen-{own.pk}-{what}", day, at)
        event.add(
            "summary",
            f"Eigener {what}: {own.round.programme.name}"
            if what != "Rückzahlung"
            else f"Eigene Rückzahlung: {own.round.programme.name}",
        )
        made.add_component(event)
    return bytes(made.to_ical())


def _event(each: FundingRound, day: date, at: datetime) -> icalendar.Event:
    event = _blank(f"runde-{each.pk}", day, at)
    what = FundingRound.Purpose(each.purpose).label
    delivery = FundingRound.Delivery(each.delivery).label
    unchecked = "" if each.is_checked else "(ungeprüft) "
    event.add("summary", f"{unchecked}{what}: {each.programme.name}")
    event.add("status", "CONFIRMED" if each.is_checked else "TENTATIVE")
    said = [f"Form: {delivery}.", f"Quelle: {each.source}."]
    said += (
        [f"Geprüft am {each.checked_on:%d.%m.%Y}."]
        if each.checked_on
        else ["Noch nicht geprüft: Gruppen bekommen diese Frist nicht."]
    )
    said += (
        ["Der Tag fällt auf ein Wochenende: Bitte bei der fördernden Stelle nachfragen."]
        if each.is_on_a_weekend
        else []
    )
    event.add("description", " ".join(said))
    return event


def _blank(uid: str, day: date, at: datetime) -> icalendar.Event:
    event = icalendar.Event()
    event.add("uid", f"{uid}@kontaktstelle")
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("dtend", day + timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event
