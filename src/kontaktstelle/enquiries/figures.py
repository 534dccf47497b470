"""Counts, never rows: over months, by one or two breakdowns; the same before and after the person is gone.

Units are named and never added up with each other: single contacts, collective contacts (with the people they reached),
mentions (a contact with three topics is one contact and three mentions), referrals, clearing talks, enquiries.
What nobody said is `unknown` and counted as such, so that every breakdown adds up.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum, TextChoices

from kontaktstelle.organisation.models import Site

from .codes import OPTIONAL_FIELDS, UNKNOWN
from .lifecycle import ReferralStatus
from .models import Clearing, Contact, Enquiry, MonthlyCount, Referral


class Unit(TextChoices):
    """What is counted."""

    CONTACTS = "contacts", "Kontakte"
    COLLECTIVE = "collective", "Sammelkontakte"
    PEOPLE_REACHED = "people-reached", "erreichte Personen"
    REFERRALS = "referrals", "Vermittlungen"
    CLEARINGS = "clearings", "Klärungsgespräche"
    ENQUIRIES = "enquiries", "Anfragen"


class By(TextChoices):
    """By what contacts are broken down."""

    MONTH = "month", "Monat"
    OFFICE = "contact_point", "Kontaktstelle"
    SITE = "site", "Standort"
    CHANNEL = "channel", "Weg"
    DIRECTION = "direction", "Richtung"
    WHO = "who", "Wer"
    CONCERN = "concerns", "Anliegen"
    TOPIC = "topics", "Thema"
    KREIS = "kreis_key", "Kreis"
    OUTCOME = "outcomes", "Ergebnis"
    VISIT = "visit", "Erst- oder Folgekontakt"
    SOURCE = "source", "Herkunft"
    LATE = "entered_late", "nachgetragen"


class ByReferral(TextChoices):
    """By what referrals are broken down."""

    MONTH = "counted_in", "Monat"
    OFFICE = "contact_point", "Kontaktstelle"
    ROUTE = "route", "Weg"
    RESULT = "status", "Ergebnis"
    CONTACT = "came_into_contact", "Kontakt kam zustande"
    TARGET = "target", "wohin"
    DECLINED = "declined_for", "Grund der Absage"


# What leaves a contact when it is de-identified, and stays as monthly numbers: one breakdown at a time.
ALONE: dict[str, str] = {**OPTIONAL_FIELDS, "municipality": "Gemeinde"}
SEVERAL = frozenset({By.CONCERN, By.TOPIC, By.OUTCOME})
# Outcomes of a search that found nothing for the person; of several the first one here counts.
UNMET = ("no-offer", "groups-full")


@dataclass(frozen=True, slots=True)
class Period:
    """Months, both included; each is its first day."""

    first: date
    last: date

    @classmethod
    def year(cls, year: int) -> "Period":
        """Return the twelve months of a year."""
        return cls(date(year, 1, 1), date(year, 12, 1))


@dataclass(frozen=True, slots=True)
class Counts:
    """A table of counts: `total` counts the unit once each, `values` by key; `mentions` is their sum.

    `mentions` is above `total` only where one contact can have several values.
    """

    unit: Unit
    by: tuple[str, ...]
    total: int
    values: tuple[tuple[tuple[str, ...], int], ...]

    @property
    def mentions(self) -> int:
        """The sum of all values."""
        return sum(count for _, count in self.values)

    def of(self, *key: str) -> int:
        """Return the count of one key, 0 if it does not occur."""
        return dict(self.values).get(key, 0)


def contacts(period: Period, *by: By, site: Site | None = None, unit: Unit = Unit.CONTACTS) -> Counts:
    """Count contacts by up to two breakdowns.

    Args:
        period: months.
        by: breakdowns; none gives the total alone.
        site: only this site.
        unit: single contacts, collective contacts, or the people those reached.
    """
    rows = _contacts(period, site, collective=unit != Unit.CONTACTS)
    amount = Sum("reached") if unit == Unit.PEOPLE_REACHED else Count("pk")
    grouped = rows.order_by().values(*[each.value for each in by]).annotate(amount=amount) if by else ()
    counted: Counter[tuple[str, ...]] = Counter()
    for row in grouped:
        for key in _keys([(each, row[each.value]) for each in by]):
            counted[key] += row["amount"]
    total = rows.aggregate(amount=amount)["amount"] or 0
    return _counts(unit, [each.value for each in by], total, counted)


def contacts_alone(
    period: Period, name: str, *, site: Site | None = None, unit: Unit = Unit.CONTACTS
) -> Counts:
    """Count contacts by a field that is not kept with the contact for long (`ALONE`): Gemeinde, age, language, ….

    Raises:
        KeyError: no such field.
    """
    ALONE[name]
    collective = unit != Unit.CONTACTS
    rows = _contacts(period, site, collective=collective)
    counted: Counter[tuple[str, ...]] = Counter()
    if name == "municipality":
        for value, count in rows.order_by().values_list(name).annotate(count=Count("pk")):
            counted[(value,)] += count
    else:
        for extras, count in rows.order_by().values_list("extras").annotate(count=Count("pk")):
            counted[(extras.get(name, ""),)] += count
    kept = MonthlyCount.objects.filter(
        breakdown=name, is_collective=collective, month__gte=period.first, month__lte=period.last
    )
    if site is not None:
        kept = kept.filter(site_number=site.pk)
    for value, count in kept.values_list("value", "contacts"):
        counted[(value,)] += count
    del counted[("",)]
    total = rows.count()
    counted[(UNKNOWN,)] += total - sum(counted.values())
    return _counts(unit, [name], total, counted)


def unmet(period: Period) -> Counts:
    """Count single contacts that found no group, or only full ones, by topic, Kreis, month and which of the two (`UNMET`).

    A repeat contact is left out: whoever calls again about the same thing is not a second need. With three topics a contact
    is counted once in `total` and mentioned three times.
    """
    rows = _contacts(period, None, collective=False).exclude(visit="repeat")
    read = (By.TOPIC.value, By.KREIS.value, By.MONTH.value, By.OUTCOME.value)
    counted: Counter[tuple[str, ...]] = Counter()
    total = 0
    for row in rows.order_by().values(*read).annotate(amount=Count("pk")):
        outcome = next((each for each in UNMET if each in row[By.OUTCOME]), None)
        if outcome is None:
            continue
        total += row["amount"]
        for topic, kreis, month in _keys(
            [(each, row[each.value]) for each in (By.TOPIC, By.KREIS, By.MONTH)]
        ):
            counted[topic, kreis, month, outcome] += row["amount"]
    return _counts(Unit.CONTACTS, list(read), total, counted)


def referrals(period: Period, *by: ByReferral) -> Counts:
    """Count referrals by up to two breakdowns, from the month in which somebody was told or the group was asked.

    The result of a referral is its outcome if that is known, otherwise how far it came.
    """
    rows = Referral.objects.filter(counted_in__gte=period.first, counted_in__lte=period.last)
    counted: Counter[tuple[str, ...]] = Counter()
    read = ("counted_in", "contact_point", "route", "status", "result", "came_into_contact", "declined_for")
    has_group = Count("pk", filter=Q(group__isnull=False))
    for row in rows.order_by().values(*read).annotate(all=Count("pk"), groups=has_group):
        for target, count in (("group", row["groups"]), ("network", row["all"] - row["groups"])):
            if count:
                counted[tuple(_of_referral(each, row, target) for each in by)] += count
    return _counts(Unit.REFERRALS, [each.value for each in by], rows.count(), counted if by else Counter())


def clearings(period: Period) -> Counts:
    """Count clearing talks by what came of them."""
    rows = Clearing.objects.filter(month__gte=period.first, month__lte=period.last)
    counted: Counter[tuple[str, ...]] = Counter()
    for outcomes, count in rows.order_by().values_list("outcomes").annotate(count=Count("pk")):
        for outcome in outcomes or [UNKNOWN]:
            counted[(outcome,)] += count
    return _counts(Unit.CLEARINGS, ["outcomes"], rows.count(), counted)


def enquiries(period: Period) -> Counts:
    """Count enquiries by the month in which they began."""
    rows = Enquiry.objects.filter(month__gte=period.first, month__lte=period.last)
    counted: Counter[tuple[str, ...]] = Counter()
    for month, count in rows.order_by().values_list("month").annotate(count=Count("pk")):
        counted[(_text(month),)] = count
    return _counts(Unit.ENQUIRIES, ["month"], rows.count(), counted)


def _contacts(period: Period, site: Site | None, *, collective: bool) -> QuerySet[Contact]:
    rows: QuerySet[Contact] = Contact.objects.filter(
        month__gte=period.first, month__lte=period.last, reached__isnull=not collective
    )
    return rows if site is None else rows.filter(site=site)


def _keys(said: list[tuple[By, Any]]) -> Iterable[tuple[str, ...]]:
    keys: list[tuple[str, ...]] = [()]
    for by, value in said:
        values = (value or [UNKNOWN]) if by in SEVERAL else [_text(value)]
        keys = [(*key, each) for key in keys for each in values]
    return keys


def _text(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return UNKNOWN if value in (None, "") else str(value)


def _of_referral(by: ByReferral, row: Mapping[str, Any], target: str) -> str:
    if by == ByReferral.TARGET:
        return target
    if by == ByReferral.RESULT and row["status"] == ReferralStatus.OUTCOME:
        return str(row["result"])
    return _text(row[by.value])


def _counts(unit: Unit, by: list[str], total: int, counted: Mapping[tuple[str, ...], int]) -> Counts:
    values = tuple(sorted((key, count) for key, count in counted.items() if count))
    return Counts(unit, tuple(by), total, values)
