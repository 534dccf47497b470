"""Löschfristen of foundings: people on lists go after six months and thirty days at the latest unless they stay; counts stay."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.privacy.retention import Rule, Then, day, goes_with, kept, register

from . import erasure, periods
from .models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    ListConsent,
    MeetingInvitation,
    Outreach,
    StartHelper,
)


def _interested_due(at: datetime) -> Q:
    return Q(party__isnull=False, erase_on__lte=day(at))


def _founders_due(at: datetime) -> Q:
    return Q(de_identified=False, erase_on__lte=day(at))


def _proofs_due(at: datetime) -> Q:
    return Q(erase_on__lte=day(at))


def _left_long_ago(at: datetime) -> Q:
    return Q(party__isnull=False, left_on__lte=day(at) - timedelta(days=periods.HELPER_LEFT.days))


register(
    Rule(
        Founding,
        Then.DE_IDENTIFY,
        what="Gründungsperson, Arbeitstitel und Wünsche; Themen, Kreis, Monate und Ausgang bleiben als Zahl",
        since="Ende der Gründung",
        period=periods.FOUNDER,
        ground="Art. 5 (1) e, 17 (1) a DSGVO: der Zweck endet mit der Gründung",
        due=_founders_due,
        act=erasure.founders,
        has_gone=Q(de_identified=True),
    ),
    Rule(
        Interest,
        Then.DE_IDENTIFY,
        what=f"wer auf einer Interessiertenliste steht; Einwilligung alle {periods.CONSENT_DAYS} Tage neu, höchstens {periods.LONGEST_DAYS} Tage im Ganzen; Monat, Themen, Kreis und woher bekannt bleiben als Zahl",
        since="Ende der Einwilligung ohne Antwort, oder Ende der Gründung",
        period=periods.NO_ANSWER,
        ground="Art. 6 (1) a, 9 (2) a, 7 (3) DSGVO",
        due=_interested_due,
        act=erasure.interested,
        has_gone=Q(party__isnull=True),
    ),
    goes_with(
        MeetingInvitation,
        Interest,
        what="wer zu einem Gründungstreffen eingeladen ist und was die Antwort war",
    ),
    Rule(
        ListConsent,
        Then.ERASE,
        what="Nachweis einer Einwilligung zur Liste, Adresse nur als Prüfwert",
        since="Ende der Verarbeitung, zum Ende des Jahres",
        period=periods.CONSENT_PROOF,
        ground="Art. 7 (1), 5 (2) DSGVO; §§ 195, 199 BGB",
        due=_proofs_due,
    ),
    Rule(
        StartHelper,
        Then.DE_IDENTIFY,
        what="Starthilfe: Name, Wege und eigene Themen, versiegelt",
        since="Aufhören",
        period=periods.HELPER_LEFT,
        ground="Art. 5 (1) e DSGVO",
        due=_left_long_ago,
        act=erasure.those_who_helped,
        has_gone=Q(party__isnull=True),
    ),
    kept(
        CallText,
        what="Aufruftext in seinen Fassungen, versiegelt",
        because="wurde veröffentlicht, keine Person",
    ),
    kept(Outreach, because="wo ein Aufruf stand, keine Person"),
    kept(
        FoundingMeeting,
        what="Treffen: Tag, Ort, Zahl der Anwesenden, Protokoll ohne Namen, versiegelt",
        because="Nachweis der Gründung für Förderung, keine Person",
    ),
)
