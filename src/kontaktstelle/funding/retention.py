"""Löschfristen of funding: the papers of a grant as long as funders may ask for them; no person but in a seat."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.groups.models import Group
from kontaktstelle.privacy.retention import Period, Rule, Then, day, goes_with, kept, quietly, register

from .lifecycle import CLOSED, STILL_REMINDED
from .models import (
    Application,
    AwardingSeat,
    CalendarAddress,
    FundingCard,
    FundingRound,
    FundingSearch,
    Programme,
    Telling,
)

# Forms of funders say that papers are kept five or six years after the proof; a grant may say up to ten.
PAPERS = Period(6 * 365, 5 * 365, 10 * 365)
PROOF_OF_TELLING = Period(3 * 365, 365, 6 * 365)
SEAT = Period(2 * 365, 365, 4 * 365)


def _papers_due(at: datetime) -> Q:
    # What was never asked for is no paper of a grant: it goes with the proof of telling.
    long_ago, told_long_ago = at - timedelta(days=PAPERS.days), at - timedelta(days=PROOF_OF_TELLING.days)
    return Q(status__in=sorted(CLOSED), changed_at__lte=long_ago) | Q(
        status__in=sorted(STILL_REMINDED), changed_at__lte=told_long_ago
    )


def _tellings_due(at: datetime) -> Q:
    return Q(made_at__lte=at - timedelta(days=PROOF_OF_TELLING.days))


def _seats_due(at: datetime) -> Q:
    return Q(until__lte=day(at) - timedelta(days=SEAT.days))


register(
    kept(Programme, because="öffentliche Angaben mit Quelle, keine Person"),
    kept(FundingRound, because="öffentliche Angaben mit Quelle, keine Person"),
    kept(FundingSearch, because="dass gesucht wurde, keine Person"),
    kept(CalendarAddress, because="eine Nummer, keine Person"),
    goes_with(FundingCard, Group, what="Konto und Protokoll ja oder nein"),
    Rule(
        Application,
        Then.ERASE,
        what="Antrag, Bewilligung, Nachweis und Rückzahlung mit Summen, ohne Bankdaten",
        since="Abschluss",
        period=PAPERS,
        ground="Nachfragen der Fördernden, ANBest; nie gestellte Anträge nach drei Jahren; Art. 5 (1) e DSGVO",
        due=_papers_due,
        act=quietly,
    ),
    Rule(
        Telling,
        Then.ERASE,
        what="welche Gruppe wann wie von welcher Frist erfuhr",
        since="Mitteilung",
        period=PROOF_OF_TELLING,
        ground="Nachweis, dass alle Gruppen rechtzeitig Bescheid bekamen",
        due=_tellings_due,
        act=quietly,
    ),
    Rule(
        AwardingSeat,
        Then.ERASE,
        what="wer in einer Vergaberunde sitzt, Name versiegelt",
        since="Ende des Sitzes",
        period=SEAT,
        ground="Nachweis der Unbefangenheit, Art. 5 (2) DSGVO",
        due=_seats_due,
        act=quietly,
    ),
)
