"""Offices as the pages show them: who is there now, who next, where, and whose colours.

What stands at the head of every page (`chrome.Office`) and what a contact point's own page says (`OfficePage`) are
made here, so that views and templates see sentences and never rows.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic

from django.http import Http404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from kontaktstelle.organisation import areas, hours
from kontaktstelle.organisation.models import ContactPoint, Hours, Site
from kontaktstelle.ui import formats
from kontaktstelle.ui.chrome import KEEP_SECONDS, Office

CLOSINGS_SHOWN = 4
DAYS_AHEAD = 90
MOST_KEPT = 20_000
_serving: dict[tuple[str, str], tuple[float, str]] = {}


@dataclass(frozen=True, slots=True)
class SitePage:
    """A site as its office's page shows it; `hours` are rows of day and spans."""

    name: str
    street: str
    postcode: str
    town: str
    phone: str
    access: str
    hours: list[tuple[str, str]]
    by_appointment: bool


@dataclass(frozen=True, slots=True)
class OfficePage:
    """What a contact point's page shows beyond its head."""

    pk: int
    slug: str
    name: str
    about: list[str]
    traeger: str
    phone: str
    email: str
    website: str
    sites: list[SitePage]
    closings: list[str]
    kreise: list[str]
    answers_within: int


def head_of(slug: str) -> Office | None:
    """Return the office of this slug, or the one set up first for "" (source of `ui.chrome`)."""
    points = ContactPoint.objects.select_related("traeger").prefetch_related("sites__hours", "closings")
    point = points.filter(slug=slug).first() if slug else points.order_by("pk").first()
    if point is None:
        return None
    there, following = presence_said(point, timezone.now())
    return Office(
        slug=point.slug,
        name=point.name,
        short_name=point.short_name,
        phone=point.phone,
        email=point.email,
        traeger=point.traeger.name,
        there=there,
        next=following,
        colours=_colours(point) if point.accent else "",
        is_example=point.is_example,
        hours=_week(point),
    )


def serving(*, postcode: str, kreis_key: str) -> str:
    """Return the slug of the contact point responsible for a place, "" if none of this installation is.

    Kept in memory for `KEEP_SECONDS`: most searches of an office come from the same few postcodes.
    """
    key = (postcode, kreis_key)
    known = _serving.get(key)
    if known is not None and monotonic() - known[0] < KEEP_SECONDS:
        return known[1]
    point = areas.responsible_for(postcode=postcode, kreis_key=kreis_key)
    slug = point.slug if point else ""
    if len(_serving) >= MOST_KEPT:
        _serving.clear()
    _serving[key] = (monotonic(), slug)
    return slug


def page_of(slug: str) -> OfficePage:
    """Return what the page of a contact point shows.

    Raises:
        Http404: there is none of this slug.
    """
    points = ContactPoint.objects.select_related("traeger").prefetch_related(
        "sites__hours", "closings__site", "areas"
    )
    point = points.filter(slug=slug).first()
    if point is None:
        raise Http404
    return OfficePage(
        pk=point.pk,
        slug=point.slug,
        name=point.name,
        about=[part for part in point.about.split("\n\n") if part.strip()],
        traeger=point.traeger.name,
        phone=point.phone,
        email=point.email,
        website=point.website,
        sites=[_site(point, site) for site in point.sites.all()],
        closings=_closings(point, timezone.localdate()),
        kreise=[area.kreis_key for area in point.areas.all() if area.kreis_key],
        answers_within=point.reads_within_working_days,
    )


def accent_of(slug: str) -> str:
    """Return an office's accent colour, "" if it has none.

    Raises:
        Http404: there is no such office.
    """
    accent = ContactPoint.objects.filter(slug=slug).values_list("accent", flat=True).first()
    if accent is None:
        raise Http404
    return accent


def slugs() -> list[str]:
    """Return the slugs of all contact points."""
    return list(ContactPoint.objects.order_by("pk").values_list("slug", flat=True))


def presence_said(point: ContactPoint, at: datetime) -> tuple[str, str]:
    """Say who is there now ("" if nobody) and when somebody is next ("" if that is not known)."""
    presence = hours.presence(point, at)
    there, following = "", ""
    if presence.now:
        until = formats.time(presence.now.closes)
        there = (
            _("jetzt am Telefon, bis %s") % until
            if presence.now.kind == Hours.Kind.TELEPHONE
            else _("jetzt da, heute bis %s") % until
        )
    if presence.next:
        following = _("nächste Sprechzeit %s") % _when(
            presence.next.opens, presence.next.closes, at.astimezone(hours.BERLIN).date()
        )
    elif presence.by_appointment and not presence.now:
        following = _("Termine nach Vereinbarung")
    return there, following


def _colours(point: ContactPoint) -> str:
    # Browsers keep the stylesheet for a day; another colour is another address, so that it shows at once.
    return f"{reverse('plain:colours', args=[point.slug])}?{point.accent.removeprefix('#')}"


def _when(opens: datetime, closes: datetime, today: date) -> str:
    span = formats.span(opens, closes)
    if opens.date() == today:
        return _("heute, %s") % span
    if opens.date() == today + timedelta(days=1):
        return _("morgen, %s") % span
    return f"{formats.short_date(opens.date())}, {span}"


def _site(point: ContactPoint, site: Site) -> SitePage:
    rows: dict[int, list[str]] = {}
    spans = list(site.hours.all())
    for span in sorted(spans, key=lambda each: (each.weekday or 0, each.opens or datetime.min.time())):
        if (
            span.kind == Hours.Kind.APPOINTMENT
            or span.weekday is None
            or span.opens is None
            or span.closes is None
        ):
            continue
        words = formats.span(span.opens, span.closes)
        rows.setdefault(span.weekday, []).append(
            _("%s (Telefon)") % words if span.kind == Hours.Kind.TELEPHONE else words
        )
    return SitePage(
        name=site.name,
        street=site.street,
        postcode=site.postcode,
        town=site.town,
        phone=site.phone or point.phone,
        access=site.access_note,
        hours=[(formats.weekday(day), ", ".join(words)) for day, words in rows.items()],
        by_appointment=any(span.kind == Hours.Kind.APPOINTMENT for span in spans),
    )


def _week(point: ContactPoint) -> tuple[str, ...]:
    """Return the Sprechzeiten of all sites, a line for a day; where there are several sites, each is named."""
    sites = [_site(point, site) for site in point.sites.all()]
    return tuple(
        f"{site.name}: {day} {words}" if len(sites) > 1 else f"{day} {words}"
        for site in sites
        for day, words in site.hours
    )


def _closings(point: ContactPoint, today: date) -> list[str]:
    coming = sorted(
        (
            closing
            for closing in point.closings.all()
            if closing.last_day >= today and closing.first_day <= today + timedelta(days=DAYS_AHEAD)
        ),
        key=lambda closing: closing.first_day,
    )
    said = []
    for closing in coming[:CLOSINGS_SHOWN]:
        first, last = formats.german_date(closing.first_day), formats.german_date(closing.last_day)
        days = first if first == last else _("%(first)s bis %(last)s") % {"first": first, "last": last}
        where = f"{closing.site.name}: " if closing.site else ""
        said.append(where + days + (f" ({closing.public_note})" if closing.public_note else ""))
    return said
