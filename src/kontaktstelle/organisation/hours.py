"""Sprechzeiten: is somebody there now, when next, and when is a message read.

Times are local (Europe/Berlin). Closed are: days outside the weekly hours, public holidays of the Land, and
the closings an office enters. Holidays come from the package `holidays`, offline.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from .models import ContactPoint, Hours, Site

BERLIN = ZoneInfo("Europe/Berlin")
LOOK_AHEAD_DAYS = 60


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time in which somebody is there."""

    site: str
    phone: str
    opens: datetime
    closes: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Presence:
    """What a page says about an office now: the span running, the next one, or none known."""

    now: Span | None
    next: Span | None
    by_appointment: bool


def closed_on(contact_point: ContactPoint, day: date, site: Site | None = None) -> str | None:
    """Return why the office is closed on this day (a holiday's name or the note of a closing), or None."""
    if name := public_holidays(contact_point.land, day.year).get(day):
        return name
    for closing in contact_point.closings.all():
        applies = closing.site_id is None or (site is not None and closing.site_id == site.pk)
        if applies and closing.first_day <= day <= closing.last_day:
            return closing.public_note or "geschlossen"
    return None


def presence(contact_point: ContactPoint, at: datetime) -> Presence:
    """Return who is there at this moment and next.

    Args:
        contact_point: with `sites__hours` and `closings` prefetched, to cost no query.
        at: aware.
    """
    local = at.astimezone(BERLIN)
    spans = []
    by_appointment = False
    for site in contact_point.sites.all():
        hours = list(site.hours.all())
        by_appointment |= any(span.kind == Hours.Kind.APPOINTMENT for span in hours)
        spans += _spans(contact_point, site, hours, local)
    spans.sort(key=lambda span: (span.opens, span.site))
    now = next((span for span in spans if span.opens <= local < span.closes), None)
    following = next((span for span in spans if span.opens > local), None)
    return Presence(now, following, by_appointment)


def reads_next(contact_point: ContactPoint, at: datetime) -> datetime | None:
    """Return when somebody next reads what is sent now; None if no hours are entered."""
    there = presence(contact_point, at)
    if there.now:
        return at.astimezone(BERLIN)
    return there.next.opens if there.next else None


@lru_cache(maxsize=256)
def public_holidays(land: str, year: int) -> dict[date, str]:
    """Return the public holidays of a Land in a year, with German names."""
    return dict(holidays.country_holidays("DE", subdiv=land, years=year, language="de"))


def _spans(contact_point: ContactPoint, site: Site, hours: list[Hours], local: datetime) -> list[Span]:
    """Return the running and coming spans of the first two days on which the site is open."""
    found: list[Span] = []
    open_days = 0
    for ahead in range(LOOK_AHEAD_DAYS):
        day = local.date() + timedelta(days=ahead)
        of_day = [
            span for span in hours if span.kind != Hours.Kind.APPOINTMENT and span.weekday == day.weekday()
        ]
        if not of_day or closed_on(contact_point, day, site):
            continue
        for span in of_day:
            if span.opens is None or span.closes is None:
                continue
            closes = datetime.combine(day, span.closes, BERLIN)
            if closes > local:
                found.append(
                    Span(
                        site.name,
                        site.phone or contact_point.phone,
                        datetime.combine(day, span.opens, BERLIN),
                        closes,
                        span.kind,
                    )
                )
        open_days += 1
        if open_days > 1 and found:
            break
    return found
