"""Löschfristen of what stands at the bottom: the trail, the ledger, and the tables Django brings."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Q

from .ledger import KEPT_DAYS
from .models import LedgerEntry, TrailEntry
from .retention import Rule, Then, day, kept, register


def _entries_due(at: datetime) -> Q:
    return Q(erased_on__lte=day(at) - timedelta(days=KEPT_DAYS))


def _forget(rows: Sequence[LedgerEntry], *, at: datetime) -> None:  # noqa: ARG001 - the moment says nothing here
    """Delete entries without a line in the trail: they name nobody and nothing."""
    LedgerEntry.objects.filter(pk__in=[row.pk for row in rows]).delete()


register(
    kept(
        TrailEntry,
        what="wer wann welchen Schritt tat, ohne Namen und Inhalte",
        because="Nachweis, Art. 5 (2), 32 DSGVO; verkettet, darum nicht zeilenweise löschbar",
    ),
    Rule(
        LedgerEntry,
        Then.ERASE,
        what="Nachweis einer Löschung, ohne Rückweg zur Person",
        since="Löschung",
        days=KEPT_DAYS,
        ground="damit keine Sicherung Gelöschtes zurückbringt: so lange, wie Sicherungen aufbewahrt werden, und 10 Tage",
        due=_entries_due,
        act=_forget,
    ),
    kept(ContentType, because="Verzeichnis der Tabellen, keine Person"),
    kept(Permission, because="vom Rahmenwerk angelegt, ungenutzt, keine Person"),
    kept(Group, because="vom Rahmenwerk angelegt, leer"),
)
