"""Löschfristen of who works where."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from allauth.mfa.models import Authenticator
from django.db.models import Q

from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import Period, Rule, Then, day, goes_with, kept, quietly, register

from .models import (
    Area,
    Closing,
    ContactPoint,
    DelicateStep,
    Earlier,
    Hours,
    Invitation,
    OfficeText,
    Post,
    Site,
    Staff,
    Traeger,
)

STAFF = Period(180, 30, 365)
INVITATION = Period(30, 0, 90)
DELICATE_STEP = Period(2 * 365, 365, 3 * 365)
EARLIER = Period(2 * 365, 90, 3 * 365)
GONE = "ausgeschieden"


def forget_staff(rows: Sequence[Staff], *, at: datetime) -> None:
    """Take name, address and sign-in out of accounts locked long ago; the number stays, for the trail names it."""
    for member in rows:
        member.set_unusable_password()
        Staff.objects.filter(pk=member.pk).update(
            password=member.password,
            name=GONE, email=f"{member.pk}@ausgeschieden.invalid", last_login=None, locked_on=None
        )  # fmt: skip
        Post.objects.filter(staff=member).delete()
        Authenticator.objects.filter(user=member).delete()
        for sign_in in ("emailaddress_set", "socialaccount_set"):
            # Tables of the framework of signing in; the second is there only with the carrier's own sign-in.
            if hasattr(member, sign_in):
                getattr(member, sign_in).all().delete()
        trail.record(
            "nightly", "staff.forgotten", object_type="organisation.staff", object_id=member.pk, at=at,
            contact_point=member.contact_point_id or 0, fields=["email", "name", "password"],
        )  # fmt: skip


def _staff_due(at: datetime) -> Q:
    return Q(is_active=False, locked_on__lte=day(at) - timedelta(days=STAFF.days))


def _invitations_due(at: datetime) -> Q:
    return Q(expires_at__lte=at - timedelta(days=INVITATION.days))


def _steps_due(at: datetime) -> Q:
    return Q(asked_at__lte=at - timedelta(days=DELICATE_STEP.days))


def _changed_long_ago(at: datetime) -> Q:
    return Q(changed_at__lte=at - timedelta(days=EARLIER.days))


register(
    kept(Traeger, because="Einrichtung, keine Person"),
    kept(ContactPoint, because="öffentliche Angaben der Kontaktstelle"),
    kept(Site, because="öffentliche Angaben der Kontaktstelle"),
    kept(Hours, because="öffentliche Angaben der Kontaktstelle"),
    kept(Closing, because="öffentliche Angaben der Kontaktstelle"),
    kept(
        OfficeText, because="Fassungen der eigenen Texte; zu einer Einwilligung gehört, was vorgelesen wurde"
    ),
    Rule(
        Earlier,
        Then.ERASE,
        what="was in den Stammdaten vor einer Änderung stand",
        since="Änderung",
        period=EARLIER,
        ground="damit sie zurückgenommen werden kann; keine Ratsuchenden",
        due=_changed_long_ago,
        act=quietly,
    ),
    kept(Area, because="öffentliche Angaben der Kontaktstelle"),
    Rule(
        Staff,
        Then.DE_IDENTIFY,
        what="Name, E-Mail-Adresse und Zugang von Mitarbeitenden",
        since="Sperre des Zugangs, die am selben Tag wirkt",
        period=STAFF,
        ground="Art. 5 (1) e DSGVO; die Nummer bleibt, weil das Zugriffsprotokoll sie nennt",
        due=_staff_due,
        act=forget_staff,
        has_gone=Q(is_active=False, name=GONE),
    ),
    goes_with(Post, Staff, what="Rolle an einer Kontaktstelle"),
    Rule(
        Invitation,
        Then.ERASE,
        what="Einladung, ihr Link nur als Prüfwert",
        since="Ende ihrer 72 Stunden",
        period=INVITATION,
        ground="Art. 5 (1) f, 32 DSGVO: wer wann eingeladen wurde",
        due=_invitations_due,
    ),
    Rule(
        DelicateStep,
        Then.ERASE,
        what="wer einen Schritt mit vier Augen veranlasste und warum, versiegelt",
        since="Veranlassung",
        period=DELICATE_STEP,
        ground="Nachweis, Art. 5 (2), 32 DSGVO",
        due=_steps_due,
    ),
)
