"""Einschränkung der Verarbeitung (Art. 18 DSGVO): while it holds, nothing of a matter is erased or de-identified.

One person may lay it, so that a complaint on Friday evening is in time; alone it holds for fourteen days. A second person lets
it stand until its day, at most a year ahead. It ends by itself: nothing is kept for good by being forgotten. Who may, the app
above says.
"""

from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from kontaktstelle.refusal import StepRefused

from . import trail
from .models import Restriction
from .tenancy import current

ALONE_DAYS = 14
LONGEST_DAYS = 365
SHORTEST_REASON = 10


class ReasonMissing(StepRefused):
    """Nobody will understand later why this is kept."""

    sentence = "Bitte schreiben Sie in einem Satz, warum hier nichts gelöscht werden darf."


class TooLong(StepRefused):
    """The day lies before tomorrow or more than a year ahead."""

    sentence = "Bitte nennen Sie einen Tag zwischen morgen und heute in einem Jahr."


class SecondPersonNeeded(StepRefused):
    """One person is not two."""

    sentence = "Bestätigen muss eine zweite Person. Bis dahin gilt die Einschränkung vierzehn Tage."


@transaction.atomic
def lay(about: UUID, *, reason: str, until: date, by: UUID, at: datetime) -> Restriction:
    """Restrict a matter of the contact point being acted for.

    Args:
        about: the key of the matter, e.g. of an enquiry.
        reason: why, in a sentence; kept sealed.
        until: its last day.
        by: who lays it.
        at: now.

    Raises:
        ReasonMissing, TooLong: see their sentences.
    """
    today = timezone.localdate(at)
    if len(reason.strip()) < SHORTEST_REASON:
        raise ReasonMissing
    if not today < until <= today + timedelta(days=LONGEST_DAYS):
        raise TooLong
    row = Restriction(
        contact_point_id=current(), about=about, laid_on=today, laid_by=by, until=until,
        holds_until=min(until, today + timedelta(days=ALONE_DAYS)),
    )  # fmt: skip
    row.reason = reason.strip()
    row.save(force_insert=True)
    _trace(row, "laid", by, at)
    return row


@transaction.atomic
def confirm(row: Restriction, *, by: UUID, at: datetime, alone: bool = False) -> None:
    """Let a restriction stand until its day, as a second person.

    Args:
        row: which.
        by: who.
        at: now.
        alone: the office is one person, who has waited and called back (`organisation.four_eyes` sees to that).

    Raises:
        SecondPersonNeeded: it is one's own.
    """
    stored = Restriction.objects.select_for_update().get(pk=row.pk)
    if stored.laid_by == by and not alone:
        raise SecondPersonNeeded
    if stored.lifted_on is None and stored.confirmed_by is None:
        stored.confirmed_by, stored.holds_until = None if stored.laid_by == by else by, stored.until
        stored.save(update_fields=["confirmed_by", "holds_until"])
        _trace(stored, "confirmed", by, at)


@transaction.atomic
def lift(row: Restriction, *, by: UUID, at: datetime) -> None:
    """End a restriction; what is due goes in the next night. Twice is once."""
    stored = Restriction.objects.select_for_update().get(pk=row.pk)
    if stored.lifted_on is None:
        stored.lifted_on = timezone.localdate(at)
        stored.save(update_fields=["lifted_on"])
        _trace(stored, "lifted", by, at)


def forget(about: UUID) -> list[UUID]:
    """Erase the ended restrictions of a matter with their reasons, when the matter itself goes; return their keys."""
    rows = Restriction.objects.filter(about=about)
    numbers = list(rows.values_list("pk", flat=True))
    rows.delete()
    return numbers


def of(about: UUID, *, on: date) -> Restriction | None:
    """Return the restriction that holds a matter of the contact point being acted for, the longest if there are several."""
    found: Restriction | None = (
        Restriction.objects.filter(_holds(on), about=about).order_by("-holds_until").first()
    )
    return found


def held(on: date) -> QuerySet[Restriction, UUID]:
    """Return the keys of all matters, of every office, that are restricted on a day; as a query."""
    return Restriction.unscoped.filter(_holds(on)).values_list("about", flat=True)


def _holds(on: date) -> Q:
    return Q(lifted_on__isnull=True, holds_until__gte=on)


def _trace(row: Restriction, what: str, by: UUID, at: datetime) -> None:
    trail.record(
        str(by), f"restriction.{what}", object_type="privacy.restriction", object_id=row.pk, at=at,
        contact_point=row.contact_point_id,
    )  # fmt: skip
