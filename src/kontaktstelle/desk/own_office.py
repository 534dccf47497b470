"""The office's own record as its pages show it, and what everybody would read after a step, before it is taken."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from django.db import transaction
from django.http import Http404, QueryDict
from django.utils import timezone

from kontaktstelle.directory import offices
from kontaktstelle.organisation import earlier, hours, own_record
from kontaktstelle.organisation.models import Closing, ContactPoint, Site
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import accent, formats

from . import typed

TEXT_FACTS = (
    "name",
    "short_name",
    "phone",
    "email",
    "website",
    "founding_label",
    "about",
    "reads_within_working_days",
)
MORNING = time(8)


@dataclass(frozen=True, slots=True)
class Said:
    """What everybody reads of an office at a moment: at the head of the pages, and before an enquiry is sent."""

    head: str
    enquiry: str
    closings: list[str]


@dataclass(frozen=True, slots=True)
class SiteShown:
    """A site with its Sprechzeiten in words."""

    number: int
    name: str
    address: str
    hours: list[str]


def said_of(office: ContactPoint, at: datetime) -> Said:
    """Return what everybody reads of an office at a moment."""
    point = ContactPoint.objects.prefetch_related("sites__hours", "closings").get(pk=office.pk)
    head = "; ".join(part for part in offices.presence_said(point, at) if part)
    return Said(
        head or "keine Sprechzeit in den nächsten zwei Monaten",
        _read_when(point, at),
        offices.page_of(office.slug).closings,
    )


def said_after(step: Callable[[], object], office: ContactPoint, *moments: datetime) -> list[Said]:
    """Return what everybody would read at these moments if the step were taken. Nothing of it stays.

    Raises:
        StepRefused: as the step says.
    """
    with transaction.atomic():
        step()
        said = [said_of(office, moment) for moment in moments]
        transaction.set_rollback(True)
    return said


def morning_of(day: date) -> datetime:
    """Return the moment on a day for which a preview is made."""
    return datetime.combine(day, MORNING, hours.BERLIN)


def page_of(office: ContactPoint, post: QueryDict | None, refused: StepRefused | None) -> dict[str, Any]:
    """Return what the page of the office's own record shows; refused, with everything that was typed."""
    stored = ContactPoint.objects.get(pk=office.pk)
    facts = own_record.facts(stored)
    typed_in = post if post is not None and refused else None
    step = typed_in.get("schritt", "") if typed_in is not None else ""
    shown: dict[str, Any] = dict(facts) | {"areas": own_record.areas_said(stored)}
    if typed_in is not None:
        shown |= {name: typed_in[name] for name in shown if name in typed_in}
    changed = isinstance(refused, earlier.ChangedMeanwhile)
    return {
        "shown": shown,
        "wrong": refused.sentence if refused else "",
        "where": step,
        "theirs": [str(facts[name]) for name in TEXT_FACTS if facts[name]]
        if changed and step == "angaben"
        else [],
        "seen_facts": earlier.fingerprint({name: facts[name] for name in TEXT_FACTS}),
        "seen_accent": earlier.fingerprint({"accent": facts["accent"]}),
        "seen_areas": earlier.fingerprint(own_record.areas_of(stored)),
        "sites": [site_shown(site) for site in stored.sites.order_by("pk").prefetch_related("hours")],
        "shared": own_record.shared_areas(stored),
        "colour": stored.accent,
        "colour_said": accent.said_of(stored.accent) if stored.accent else "",
        "last_facts": earlier.last(own_record.OFFICE, office.pk),
        "last_areas": earlier.last(own_record.AREA, office.pk),
        "said": None,
        "now": said_of(office, timezone.now()),
    }


def facts_typed(post: QueryDict) -> dict[str, Any]:
    """Return the facts a form carries, as the step takes them."""
    values: dict[str, Any] = {name: post[name] for name in TEXT_FACTS if name in post}
    if "reads_within_working_days" in values:
        values["reads_within_working_days"] = typed.whole_number(values["reads_within_working_days"])
    if "about" in values:
        values["about"] = values["about"].replace("\r\n", "\n")
    return values


def site_of(office: ContactPoint, number: int) -> Site:
    """Return a site of the office.

    Raises:
        Http404: it has no such site.
    """
    site = office.sites.filter(pk=number).prefetch_related("hours").first()
    if site is None:
        raise Http404
    return site


def site_page(site: Site, post: QueryDict | None, refused: StepRefused | None) -> dict[str, Any]:
    """Return what a site's page shows; with a form that was sent, what was typed in it."""
    shown: dict[str, Any] = own_record.site_facts(site) | {"hours": own_record.hours_said(site)}
    if post is not None:
        shown |= {name: post[name] for name in shown if name in post}
    return {
        "site": site,
        "shown": shown,
        "wrong": refused.sentence if refused else "",
        "stands": own_record.hours_said(site).splitlines()
        if isinstance(refused, earlier.ChangedMeanwhile)
        else [],
        "seen_facts": earlier.fingerprint(own_record.site_facts(site)),
        "seen_hours": earlier.fingerprint(own_record.hours_of(site)),
        "last_facts": earlier.last(own_record.SITE, site.pk),
        "last_hours": earlier.last(own_record.HOURS, site.pk),
    }


def site_shown(site: Site) -> SiteShown:
    """Return a site as the list shows it."""
    address = ", ".join(part for part in (site.street, f"{site.postcode} {site.town}".strip()) if part)
    return SiteShown(site.pk, site.name, address, own_record.hours_said(site).splitlines())


def coming_closings(office: ContactPoint, today: date) -> list[tuple[Closing, str, date]]:
    """Return closings that are not over, what is closed then, and from which day it could open again."""
    rows = office.closings.filter(last_day__gte=today).select_related("site").order_by("first_day", "pk")
    return [
        (row, row.site.name if row.site else "die ganze Kontaktstelle", max(row.first_day, today))
        for row in rows
    ]


def _read_when(office: ContactPoint, at: datetime) -> str:
    reads = hours.reads_next(office, at)
    if reads is None:
        return "Wann jemand liest, steht noch nicht fest: Es sind keine Sprechzeiten eingetragen."
    quiet = "Abends, nachts und an freien Tagen wird nicht gelesen."
    if reads <= at:
        return f"Was jetzt geschrieben wird, liest jemand noch heute. {quiet}"
    day = (
        "heute"
        if reads.date() == at.astimezone(hours.BERLIN).date()
        else f"am {formats.german_date(reads.date())}"
    )
    return f"Was jetzt geschrieben wird, liest jemand {day} ab {formats.time(reads)}. {quiet}"
