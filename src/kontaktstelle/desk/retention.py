"""Löschfristen of signing in: sessions, the counts of tries, and what the framework of signing in keeps."""

from datetime import datetime

from allauth.account.models import EmailAddress, EmailConfirmation
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.db.models import Q

from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy.retention import Period, Rule, Then, goes_with, kept, quietly, register

from .models import DeskSession, LimitCount


def _sessions_due(at: datetime) -> Q:
    return Q(expires_at__lte=at)


def _counts_due(at: datetime) -> Q:
    return Q(expires__lte=at)


register(
    Rule(
        DeskSession,
        Then.ERASE,
        what="Sitzung, Inhalt versiegelt, ohne Adresse und Browser",
        since="ihrem Ende, spätestens zehn Stunden nach der Anmeldung",
        period=Period(0),
        ground="Art. 5 (1) c, 32 DSGVO",
        due=_sessions_due,
        act=quietly,
        in_backup=False,
    ),
    Rule(
        LimitCount,
        Then.ERASE,
        what="wie oft etwas versucht wurde, unter einem täglich wechselnden Prüfwert",
        since="Ablauf, höchstens 24 Stunden",
        period=Period(0),
        ground="Art. 32 DSGVO",
        due=_counts_due,
        act=quietly,
        in_backup=False,
    ),
    goes_with(Authenticator, Staff, what="zweiter Faktor, versiegelt"),
    goes_with(EmailAddress, Staff, what="vom Rahmenwerk der Anmeldung, leer"),
    goes_with(EmailConfirmation, EmailAddress, what="vom Rahmenwerk der Anmeldung, leer"),
)
if apps.is_installed("allauth.socialaccount"):
    from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken

    register(
        goes_with(SocialAccount, Staff, what="Kennung beim Anmeldedienst des Trägers"),
        goes_with(SocialToken, SocialAccount, what="bleibt leer"),
        kept(SocialApp, because="Einstellung, keine Person"),
    )
