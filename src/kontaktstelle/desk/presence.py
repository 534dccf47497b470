"""Today's Sprechzeiten, as Heute shows them."""

from dataclasses import dataclass
from datetime import datetime, time

from kontaktstelle.organisation.hours import closed_on
from kontaktstelle.organisation.models import ContactPoint, Hours, Site
from kontaktstelle.ui import formats


@dataclass(frozen=True, slots=True)
class SiteToday:
    """A site today: its spans in words, or why it is closed, and whether somebody is to be there now."""

    name: str
    spans: list[str]
    closed: str
    is_open: bool


def hours_today(office: ContactPoint, now: datetime) -> list[SiteToday]:
    """Return an office's sites with what today brings; `now` is local time."""
    return [_site(office, site, now) for site in office.sites.prefetch_related("hours").order_by("pk")]


def _site(office: ContactPoint, site: Site, now: datetime) -> SiteToday:
    closed = closed_on(office, now.date(), site)
    today = [
        (span.opens, span.closes, span.kind)
        for span in site.hours.all()
        if span.weekday == now.weekday()
        and span.opens
        and span.closes
        and span.kind != Hours.Kind.APPOINTMENT
    ]
    spans = sorted(today, key=lambda each: each[0])
    return SiteToday(
        name=site.name,
        spans=[] if closed else [_words(*span) for span in spans],
        closed=closed or "",
        is_open=not closed and any(opens <= now.time() < closes for opens, closes, _ in spans),
    )


def _words(opens: time, closes: time, kind: str) -> str:
    said = formats.span(opens, closes)
    return f"{said} (Telefon)" if kind == Hours.Kind.TELEPHONE else said
