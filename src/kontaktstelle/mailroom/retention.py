"""Löschfristen der Poststelle: content goes when a message has left, at the latest after a week; the bare fact after thirty days."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from kontaktstelle.privacy.retention import Period, Rule, Then, goes_with, kept, quietly, register

from . import pace
from .lifecycle import NEEDS_CONTENT, Status
from .models import Dispatch, Enclosure, Outage


def erase_contents(rows: Sequence[Dispatch], *, at: datetime) -> None:
    """Erase address and text. What still waits after a restore left before it: it is not sent a second time."""
    which = Dispatch.objects.filter(pk__in=[row.pk for row in rows])
    which.filter(status=Status.FAILED).update(recipient_sealed=None, content_sealed=None)
    which.filter(status__in=sorted(NEEDS_CONTENT)).update(
        status=Status.CANCELLED, done_at=at, recipient_sealed=None, content_sealed=None, leased_until=None, leased_by=None
    )  # fmt: skip


def _contents_due(at: datetime) -> Q:
    return Q(status=Status.FAILED, recipient_sealed__isnull=False, done_at__lte=at - pace.FAILED_CONTENT_KEPT)


def _facts_due(at: datetime) -> Q:
    return Q(done_at__lte=at - pace.FACT_KEPT) & ~Q(status__in=sorted(NEEDS_CONTENT))


register(
    Rule(
        Dispatch,
        Then.DE_IDENTIFY,
        what="Anschrift und Text, versiegelt",
        since="Versand, Druck, Rückzug (sofort); Unzustellbarkeit",
        period=Period(pace.FAILED_CONTENT_KEPT.days),
        ground="damit noch einmal gesandt werden kann; Art. 5 (1) e DSGVO",
        due=_contents_due,
        act=erase_contents,
        has_gone=Q(recipient_sealed__isnull=True),
    ),
    Rule(
        Dispatch,
        Then.ERASE,
        what="dass eine Sendung die Stelle verließ, ohne Anschrift",
        since="Versand, Druck, Rückzug oder Unzustellbarkeit",
        period=Period(pace.FACT_KEPT.days),
        ground="Nachfragen nach einer Zustellung; Art. 5 (1) e, 32 DSGVO",
        due=_facts_due,
        act=quietly,
    ),
    goes_with(Enclosure, Dispatch, what="Anschrift und Text, versiegelt, bis zur nächsten Sammelpost"),
    kept(Outage, because="ein Zustand, solange er dauert, keine Person", in_backup=False),
)
