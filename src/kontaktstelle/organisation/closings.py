"""Closings in one step: an office, or one site of it, shut from day to day, and open again.

Each step stands on the next page anybody asks for and leaves a line in the trail. Days are those of the calendar in
Berlin; public holidays are no closings and cannot be taken back.
"""

import unicodedata
from datetime import date, datetime, timedelta

from django.db import transaction

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import formats, fresh

from .hours import BERLIN
from .models import Closing, ContactPoint, Site

MOST_DAYS = 366
LONGEST_NOTE = 200


class ClosingImpossible(StepRefused):
    """The days or the note of a closing cannot be."""

    sentence = "Diese Schließzeit geht so nicht."


class NotClosed(StepRefused):
    """There is no closing to take back on that day."""

    sentence = "An diesem Tag ist keine Schließzeit eingetragen."


@transaction.atomic
def close(
    contact_point: ContactPoint,
    first_day: date,
    last_day: date,
    note: str = "",
    site: Site | None = None,
    *,
    by: str,
    at: datetime,
) -> Closing:
    """Close an office, or one site, from day to day: unplanned closing in one step.

    Said twice it stands there once, with the note said last.

    Args:
        contact_point: the office.
        first_day: the first day on which it is closed.
        last_day: the last one.
        note: what everybody may read about it, at most `LONGEST_NOTE` characters on one line.
        site: only this site of it; the whole office if None.
        by: who, as the trail knows them.
        at: when, aware.

    Raises:
        ClosingImpossible: the days are over, the wrong way round or more than `MOST_DAYS` days from today; the note is
            too long or does not stand on one line.
    """
    note = note.strip()
    _check_days(first_day, last_day, today=at.astimezone(BERLIN).date())
    if len(note) > LONGEST_NOTE:
        raise ClosingImpossible(
            f"Der Hinweis für alle hat {len(note)} Zeichen; höchstens {LONGEST_NOTE} haben Platz."
        )
    if any(unicodedata.category(letter).startswith("C") for letter in note):
        raise ClosingImpossible("Der Hinweis für alle steht auf einer Zeile, ohne unsichtbare Zeichen.")
    days = {"site": site, "first_day": first_day, "last_day": last_day}
    closing = contact_point.closings.filter(**days).first() or Closing(contact_point=contact_point, **days)
    closing.public_note = note
    closing.save()
    _told("organisation.closed", closing, ["first_day", "last_day", "public_note"], by=by, at=at)
    return closing


@transaction.atomic
def reopen(
    contact_point: ContactPoint, day: date, site: Site | None = None, *, by: str, at: datetime
) -> list[Closing]:
    """Open an office, or one site, again from a day on: what is closed on that day is so no longer, nor afterwards.

    A closing that began before that day ends on the day before it; later ones stay.

    Returns:
        The closings as they stood before.

    Raises:
        NotClosed: nothing is entered for that day, or not for what was named; or the day is over.
    """
    if day < at.astimezone(BERLIN).date():
        raise NotClosed(
            f"{formats.german_date(day)} ist vorbei; was geschlossen war, lässt sich nicht mehr öffnen."
        )
    on_that_day = contact_point.closings.select_related("site").filter(first_day__lte=day, last_day__gte=day)
    found = list(on_that_day.filter(site=site))
    if not found:
        raise NotClosed(_why_not(contact_point, day, site, list(on_that_day)))
    for closing in found:
        _told("organisation.reopened", closing, ["last_day"], by=by, at=at)
        rest = contact_point.closings.filter(pk=closing.pk)
        if closing.first_day < day:
            rest.update(last_day=day - timedelta(days=1))
        else:
            rest.delete()
    return found


def _check_days(first_day: date, last_day: date, *, today: date) -> None:
    if last_day < first_day:
        raise ClosingImpossible(
            f"Das Ende ({formats.german_date(last_day)}) liegt vor dem Beginn ({formats.german_date(first_day)})."
        )
    if last_day < today:
        raise ClosingImpossible(f"{formats.german_date(last_day)} ist schon vorbei.")
    for day in (first_day, last_day):
        if abs((day - today).days) > MOST_DAYS:
            raise ClosingImpossible(
                f"{formats.german_date(day)} liegt mehr als ein Jahr von heute; bitte prüfen Sie das Datum."
            )


def _why_not(contact_point: ContactPoint, day: date, site: Site | None, others: list[Closing]) -> str:
    said = f"Am {formats.german_date(day)}"
    sites = [closing.site.name for closing in others if closing.site]
    if site is None and sites:
        return f"{said} ist nur ein Standort geschlossen: {', '.join(f'„{name}“' for name in sites)}. Bitte nennen Sie ihn."
    if site is not None and any(closing.site is None for closing in others):
        return f"{said} ist die ganze Kontaktstelle geschlossen, nicht nur „{site.name}“."
    coming = contact_point.closings.filter(site=site, last_day__gte=day).order_by("first_day").first()
    more = (
        f" Eingetragen ist {formats.german_date(coming.first_day)} bis {formats.german_date(coming.last_day)}."
        if coming
        else ""
    )
    return f"{said} ist keine Schließzeit eingetragen.{more}"


def _told(action: str, closing: Closing, fields: list[str], *, by: str, at: datetime) -> None:
    trail.record(
        by,
        action,
        object_type="organisation.closing",
        object_id=closing.pk,
        at=at,
        contact_point=closing.contact_point_id,
        fields=[*fields, *(["site"] if closing.site_id else [])],
    )
    fresh.changed()
