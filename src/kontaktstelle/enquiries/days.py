"""Days of an office: the day here, its month, the next day on which somebody is there, working days ahead."""

from datetime import date, datetime, timedelta

from django.db.models import prefetch_related_objects

from kontaktstelle.organisation.hours import BERLIN, closed_on
from kontaktstelle.organisation.models import ContactPoint, Hours
from kontaktstelle.refusal import StepRefused

LOOK_AHEAD_DAYS = 60
FURTHEST_DUE = timedelta(days=366)
SATURDAY = 5


class TooFarAhead(StepRefused):
    """A day on which nobody will look any more: mostly a slip in the year."""

    sentence = "Dieser Tag liegt mehr als ein Jahr vor uns. Bitte prüfen Sie die Jahreszahl."


def local_day(at: datetime) -> date:
    """Return the day it is at the office at a moment."""
    return at.astimezone(BERLIN).date()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def month_after(month: date, by: int = 1) -> date:
    """Return the month so many months later (or earlier)."""
    count = month.year * 12 + month.month - 1 + by
    return date(count // 12, count % 12 + 1, 1)


def office_day(contact_point: ContactPoint, wished: date) -> date:
    """Return the wished day, or the next one on which somebody is there.

    Without hours entered that is Monday to Friday. If the office is closed for two months on end, the wished day
    stands: better a due day on a closed one than none.
    """
    _ready(contact_point)
    weekdays = _weekdays(contact_point)
    for ahead in range(LOOK_AHEAD_DAYS):
        day = wished + timedelta(days=ahead)
        if day.weekday() in weekdays and closed_on(contact_point, day) is None:
            return day
    return wished


def due_day(contact_point: ContactPoint, wished: date, *, today: date) -> date:
    """Return the office day for a day somebody named.

    Raises:
        TooFarAhead: more than a year from today.
    """
    if wished > today + FURTHEST_DUE:
        raise TooFarAhead
    return office_day(contact_point, wished)


def working_days_after(contact_point: ContactPoint, day: date, count: int) -> date:
    """Return the day after so many working days: Monday to Friday without holidays and closings."""
    _ready(contact_point)
    for _ in range(LOOK_AHEAD_DAYS + count):
        if count == 0:
            break
        day += timedelta(days=1)
        if day.weekday() < SATURDAY and closed_on(contact_point, day) is None:
            count -= 1
    return day


def _ready(contact_point: ContactPoint) -> None:
    prefetch_related_objects([contact_point], "closings", "sites__hours")


def _weekdays(contact_point: ContactPoint) -> set[int]:
    found = {
        hours.weekday
        for site in contact_point.sites.all()
        for hours in site.hours.all()
        if hours.kind != Hours.Kind.APPOINTMENT and hours.weekday is not None
    }
    return found or set(range(SATURDAY))
