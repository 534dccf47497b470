"""A group's own page, its dates for a calendar, its address as a code to scan."""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import segno
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from kontaktstelle.directory import cards, entries, gone, group_page
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.ui import chrome, formats
from kontaktstelle.ui.middleware import shown_to_all

BERLIN = ZoneInfo("Europe/Berlin")
USUAL_LENGTH = timedelta(hours=2)
GONE = 410


@require_GET
@shown_to_all
def detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a group: what it is about, for whom, when, where, how to come, what is asked before."""
    try:
        entry = entries.public_entry(slug)
    except Http404:
        return _gone(request, slug)
    chrome.show_office(request, entry.office)
    return render(
        request,
        "directory/group.html",
        group_page.facts(entry) | {"linked": _linked(entry, _address(request, slug))},
    )


def _gone(request: HttpRequest, slug: str) -> HttpResponse:
    """Say kindly that a group has ended, and lead on to the next one of its topic.

    Raises:
        Http404: no public group ended here within a year.
    """
    found = gone.ended(slug, on=timezone.localdate())
    if found is None:
        raise Http404
    return render(request, "directory/group_gone.html", found, status=GONE)


@require_GET
@shown_to_all
def dates(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the next dates of a group as a calendar file."""
    entry = entries.public_entry(slug)
    ahead = cards.dates_ahead(entry, timezone.localdate())
    if not ahead:
        raise Http404
    response = HttpResponse(
        _calendar(entry, ahead, _address(request, slug)).to_ical(),
        content_type="text/calendar; charset=utf-8",
    )
    response.headers["Content-Disposition"] = f'attachment; filename="{slug}.ics"'
    return response


@require_GET
@shown_to_all
def qr(request: HttpRequest, slug: str) -> HttpResponse:
    """Return the address of a group's page as a QR code."""
    entries.public_entry(slug)
    picture = BytesIO()
    segno.make(_address(request, slug), error="m").save(
        picture, kind="svg", xmldecl=False, svgclass=None, lineclass=None, omitsize=True, border=2
    )
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")


def _linked(entry: PublicEntry, address: str) -> dict[str, Any]:
    """Return the group as schema.org knows it, for machines that read the page (JSON-LD)."""
    office = {"@type": "Organization", "name": entry.office_name, "telephone": entry.office_phone}
    group: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Organization",
        "name": entry.name,
        "description": entry.description,
        "url": address,
        "telephone": entry.phone,
        "email": entry.email,
        "parentOrganization": office,
    }
    location = {
        "@type": "Place",
        "name": entry.venue or entry.town,
        "address": {
            "@type": "PostalAddress",
            "streetAddress": entry.street,
            "postalCode": entry.postcode,
            "addressLocality": entry.town,
            "addressCountry": "DE",
        },
    }
    group["event"] = [
        {
            "@type": "Event",
            "name": entry.name,
            "startDate": moment,
            "isAccessibleForFree": True,
            **(
                {"location": location}
                if entry.town
                else {"location": {"@type": "VirtualLocation", "url": address}}
            ),
        }
        for moment in cards.dates_ahead(entry, timezone.localdate())[: group_page.DATES_SHOWN]
        if entry.town or "online" in entry.forms
    ]
    return {name: value for name, value in group.items() if value}


def _calendar(entry: PublicEntry, ahead: list[str], address: str) -> icalendar.Calendar:
    calendar = icalendar.Calendar()
    calendar.add("prodid", "-//kontaktstelle//Wegweiser//DE")
    calendar.add("version", "2.0")
    where = ", ".join(
        part for part in (entry.venue, entry.street, f"{entry.postcode} {entry.town}".strip()) if part
    )
    for moment in ahead:
        event = icalendar.Event()
        event.add("uid", f"{entry.slug}-{moment[:10]}@kontaktstelle")
        event.add("dtstamp", timezone.now())
        event.add("summary", entry.name)
        event.add("url", address)
        if where:
            event.add("location", where)
        _span(event, moment, entry.ends_at)
        calendar.add_component(event)
    calendar.add_missing_timezones()
    return calendar


def _span(event: icalendar.Event, moment: str, ends_at: str) -> None:
    starts = datetime.fromisoformat(moment)
    if not formats.clock(moment):
        event.add("dtstart", starts.date())
        return
    starts = starts.replace(tzinfo=BERLIN)
    ends = starts + USUAL_LENGTH
    if ends_at:
        ends = starts.replace(hour=int(ends_at[:2]), minute=int(ends_at[3:5]))
    event.add("dtstart", starts)
    event.add("dtend", ends if ends > starts else starts + USUAL_LENGTH)


def _address(request: HttpRequest, slug: str) -> str:
    path = reverse("directory:group", args=[slug])
    return f"{settings.PUBLIC_ADDRESS}{path}" if settings.PUBLIC_ADDRESS else request.build_absolute_uri(path)
