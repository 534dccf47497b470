"""Löschfristen of what stands at the bottom: the trail, the ledger, restrictions, and the tables Django brings."""

from datetime import datetime, timedelta

from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Exists, OuterRef, Q

from . import trail
from .ledger import KEPT_DAYS
from .models import LedgerEntry, Restriction, TrailEntry, TrailStart
from .retention import Period, Rule, Then, day, kept, quietly, register

TRAIL = Period(2 * 365, 365, 3 * 365)
RESTRICTION = Period(3 * 365, 365, 4 * 365)


def _entries_due(at: datetime) -> Q:
    return Q(erased_on__lte=day(at) - timedelta(days=KEPT_DAYS))


def _lines_due(at: datetime) -> Q:
    """Return the oldest lines of each chain: none that a younger one stands before, and never the last."""
    since = at - timedelta(days=TRAIL.days)
    beside = TrailEntry.objects.filter(contact_point=OuterRef("contact_point"))
    return (
        Q(at__lte=since)
        & Q(Exists(beside.filter(number__gt=OuterRef("number"))))
        & ~Q(Exists(beside.filter(number__lt=OuterRef("number"), at__gt=since)))
    )


def _restrictions_due(at: datetime) -> Q:
    long_ago = day(at) - timedelta(days=RESTRICTION.days)
    return Q(holds_until__lte=long_ago) | Q(lifted_on__lte=long_ago)


register(
    Rule(
        TrailEntry,
        Then.ERASE,
        what="wer wann welchen Schritt tat, ohne Namen und Inhalte",
        since="dem Schritt",
        period=TRAIL,
        ground="Nachweis, Art. 5 (2), 32 DSGVO; verkettet: Es gehen immer die ältesten Zeilen, nie die letzte",
        due=_lines_due,
        act=trail.prune,
    ),
    kept(
        TrailStart,
        because="Nachweis, dass vor dem Anfang des Zugriffsprotokolls nur Abgelaufenes fehlt; keine Person",
    ),
    Rule(
        LedgerEntry,
        Then.ERASE,
        what="Nachweis einer Löschung, ohne Rückweg zur Person",
        since="Löschung",
        period=Period(KEPT_DAYS),
        ground="damit keine Sicherung Gelöschtes zurückbringt: so lange, wie Sicherungen aufbewahrt werden, und 10 Tage",
        due=_entries_due,
        act=quietly,
    ),
    Rule(
        Restriction,
        Then.ERASE,
        what="Einschränkung der Verarbeitung und ihr Grund, versiegelt",
        since="ihrem letzten Tag",
        period=RESTRICTION,
        ground="Nachweis, Art. 5 (2), 18 DSGVO",
        due=_restrictions_due,
    ),
    kept(ContentType, because="Verzeichnis der Tabellen, keine Person"),
    kept(Permission, because="vom Rahmenwerk angelegt, ungenutzt, keine Person"),
    kept(Group, because="vom Rahmenwerk angelegt, leer"),
)
