"""What the calendar of deadlines shows: the rounds of two years where the office is, and what it has to hand in itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.http import Http404
from django.urls import reverse

from kontaktstelle.desk.duties import called
from kontaktstelle.funding import applications, matching, programmes, subscribing
from kontaktstelle.funding.choosing import CAPACITIES, DELIVERIES, KINDS, PURPOSES
from kontaktstelle.funding.models import Application, AwardingSeat, FundingRound, Programme
from kontaktstelle.funding.steps import FIRST
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import current

LARGEST = 2**31
BLANK = {"due_on": "", "delivery": "", "is_final": "", "source": "", "note": ""}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the calendar: a round, or something the office itself has to hand in."""

    day: date | None
    name: str
    address: str
    what: str
    form: str
    checked_on: date | None
    is_checked: bool
    is_past: bool
    is_on_a_weekend: bool = False
    is_own: bool = False
    is_final: bool = False


@dataclass(frozen=True, slots=True)
class Year:
    """The lines of one year."""

    number: int
    rows: list[Row]
    unchecked: int
    without: list[Programme]


def years(office: ContactPoint, *, on: date) -> list[Year]:
    """Return this year and the next: what is due, by day, and which programmes have no date yet."""
    place = matching.Place(office)
    here = [each for each in programmes.programmes_of(office.pk) if place.reaches(each, None)]
    mine = applications.own_deadlines(on=on)
    return [_year(number, here, mine, on) for number in (on.year, on.year + 1)]


def _year(
    number: int, here: list[Programme], mine: Iterable[tuple[date, str, Application]], on: date
) -> Year:
    found = list(
        FundingRound.objects.filter(programme__in=here, year=number, hidden=False)
        .select_related("programme")
        .order_by("due_on", "programme__position", "key")
    )
    rows = [
        Row(
            each.due_on, each.programme.name, reverse("desk:funding_round", args=[each.pk]),
            str(FundingRound.Purpose(each.purpose).label), str(FundingRound.Delivery(each.delivery).label),
            each.checked_on, each.is_checked, each.due_on is not None and each.due_on < on, each.is_on_a_weekend,
            is_final=each.is_final,
        )
        for each in found
    ]  # fmt: skip
    rows += [
        Row(day, own.round.programme.name, reverse("desk:funding_application", args=[own.pk]), f"Eigener {what}" if what != "Rückzahlung" else "Eigene Rückzahlung", "", None, is_checked=True, is_past=day < on, is_own=True)
        for day, what, own in mine
        if day.year == number or (day < on and number == on.year and day.year < number)
    ]  # fmt: skip
    rows.sort(key=lambda row: (row.day or date(number, 12, 31), row.day is None, row.name, row.what))
    with_date = {each.programme_id for each in found}
    return Year(
        number,
        rows,
        sum(not row.is_checked for row in rows),
        [each for each in here if each.pk not in with_date],
    )


def round_of(number: int) -> FundingRound:
    """Return a round the office being acted for deals with.

    Raises:
        Http404: there is none.
    """
    row: FundingRound | None = (
        FundingRound.objects.filter(pk=number, programme__in=programmes.programmes_of(current()))
        .select_related("programme")
        .first()
        if number < LARGEST
        else None
    )
    if row is None:
        raise Http404
    return row


def programme_of(number: int) -> Programme:
    """Return a programme the office being acted for deals with.

    Raises:
        Http404: there is none.
    """
    row: Programme | None = (
        programmes.programmes_of(current()).filter(pk=number).first() if number < LARGEST else None
    )
    if row is None:
        raise Http404
    return row


def round_context(row: FundingRound, *, on: date) -> dict[str, Any]:
    """Return what a round's page shows."""
    own = Application.objects.filter(group__isnull=True, round=row).first()
    asked = (
        Application.objects.filter(group__isnull=False, round=row)
        .select_related("group")
        .order_by("group__name", "pk")
    )
    begins = row.due_on - FIRST if row.due_on else None
    return {
        "round": row,
        "programme": row.programme,
        "standing": programmes.standing(row),
        "checked_by": _named(row.checked_by),
        "what": str(FundingRound.Purpose(row.purpose).label),
        "form_said": str(FundingRound.Delivery(row.delivery).label),
        "is_past": row.due_on is not None and row.due_on < on,
        "told_from": max(begins, on) if begins else on,
        "is_told": row.purpose == FundingRound.Purpose.APPLICATION and row.programme.for_groups,
        "deliveries": DELIVERIES,
        "own": own,
        "may_apply": row.programme.for_offices and own is None and row.purpose == FundingRound.Purpose.APPLICATION,
        "applications": [(each.pk, each.group.name, str(each.get_status_display())) for each in asked if each.group],
        "today": on,
        "entered": {"due_on": row.due_on.isoformat() if row.due_on else "", "delivery": row.delivery, "is_final": "1" if row.is_final else "", "source": row.source, "note": row.note},
    }  # fmt: skip


def programme_context(row: Programme, *, on: date) -> dict[str, Any]:
    """Return what a programme's page shows."""
    seats = (
        AwardingSeat.objects.filter(programme=row).select_related("staff").order_by("until", "since", "pk")
    )
    return {
        "programme": row,
        "kind": str(Programme.Kind(row.kind).label),
        "is_own": row.contact_point_id is not None,
        "wanted": wanted(row),
        "rounds": [
            (each, str(FundingRound.Purpose(each.purpose).label))
            for each in row.rounds.filter(hidden=False, year__gte=on.year - 1).order_by("-year", "due_on", "key")
        ],
        "sitting": [_seat(each) for each in seats if each.until is None or each.until >= on],
        "sat": [_seat(each) for each in seats if each.until is not None and each.until < on],
        "colleagues": [(str(each.pk), called(each)) for each in Staff.objects.filter(contact_point=current(), is_active=True).order_by("name", "email")],
        "capacities": CAPACITIES,
        "deliveries": DELIVERIES,
        "purposes": PURPOSES,
        "years": [(on.year, str(on.year)), (on.year + 1, str(on.year + 1))],
        "today": on,
    }  # fmt: skip


def wanted(row: Programme) -> list[str]:
    """Return what a programme asks of whoever applies, in words."""
    said = [
        f"mindestens {row.min_members} Mitglieder" if row.min_members else "",
        f"seit mindestens {row.min_months} Monaten" if row.min_months else "",
        "eigenes Konto" if row.wants_account else "",
        "Gründungsprotokoll" if row.wants_minutes else "",
        "ohne fachliche Leitung" if row.wants_own_lead else "",
        f"Thema: {', '.join(row.topic_fields)}" if row.topic_fields else "",
    ]
    return [each for each in said if each]


def new_programme_context() -> dict[str, Any]:
    """Return what the form of a new programme offers."""
    return {"kinds": KINDS}


def check_seat(programme: Programme, number: UUID | None) -> None:
    """Look whether a programme has this seat.

    Raises:
        Http404: it has not.
    """
    if number is None or not AwardingSeat.objects.filter(pk=number, programme=programme).exists():
        raise Http404


def colleague(number: str) -> Staff | None:
    """Return somebody of the office being acted for by the key a form sent."""
    return Staff.objects.filter(contact_point=current(), pk=number).first() if number else None


def capacity_of(said: str) -> AwardingSeat.Capacity:
    """Return as what somebody sits there; who says nothing is advising."""
    return AwardingSeat.Capacity(said) if said in dict(CAPACITIES) else AwardingSeat.Capacity.ADVISES


def feed_path() -> str:
    """Return the path of the office's calendar; "" as long as it has no address."""
    token = subscribing.token()
    return reverse("funding:funding_calendar", args=[token]) if token else ""


def _seat(row: AwardingSeat) -> dict[str, Any]:
    return {
        "number": row.pk,
        "who": called(row.staff) if row.staff else (row.person or "nicht mehr bekannt"),
        "as_what": str(AwardingSeat.Capacity(row.capacity).label),
        "since": row.since,
        "until": row.until,
    }


def _named(key: str) -> str:
    """Return who checked a round, if they work here; another office's colleague stays unnamed."""
    if not key:
        return ""
    found = Staff.objects.filter(contact_point=current()).in_bulk()
    known = {str(pk): each for pk, each in found.items()}.get(key)
    return called(known) if known else "einer anderen Stelle"
