"""Löschfristen of reporting: numbers of searches name nobody; after five years nobody compares them any more."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.privacy.retention import Period, Rule, Then, day, kept, quietly, register

from .models import SearchCount, SearchCounting

SEARCHES = Period(5 * 366, 366, 10 * 366)


def _old(at: datetime) -> Q:
    return Q(quarter__lte=day(at) - timedelta(days=SEARCHES.days))


register(
    Rule(
        SearchCount,
        Then.ERASE,
        what="wie oft ein Thema aus einem Kreis in einem Quartal gesucht wurde; keine Person, keine Worte",
        since="Beginn des Quartals",
        period=SEARCHES,
        ground="keine personenbezogenen Daten; nicht länger, als man Jahre vergleicht",
        due=_old,
        act=quietly,
    ),
    kept(SearchCounting, because="Einstellung der Stelle; niemand steht darin"),
)
