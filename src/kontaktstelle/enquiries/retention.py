"""Löschfristen of enquiries: what is kept how long and why; `erasure` knows how a person goes and the count stays."""

from datetime import datetime, timedelta

from django.db.models import Q

from kontaktstelle.groups.models import Group
from kontaktstelle.privacy.retention import Rule, Then, day, goes_with, kept, quietly, register

from . import erasure, periods
from .lifecycle import CallBackStatus, EnquiryStatus, ReferralStatus
from .models import (
    Absence,
    Arrangement,
    CallBack,
    Clearing,
    CodeSwitch,
    Consent,
    Contact,
    Enquiry,
    HandOverNote,
    Intake,
    MonthlyCount,
    Note,
    OfficePeriod,
    PostedForm,
    Referral,
)

# How many days after its day a follow-up nobody made still keeps the person.
FOLLOW_UP_WAITS = 14


def _contacts_due(at: datetime) -> Q:
    def entered(days: int) -> Q:
        return Q(de_identified=False, enquiry__isnull=True, entered_at__lte=at - timedelta(days=days))

    return periods.over(periods.CONTACT, entered)


def _enquiries_due(at: datetime) -> Q:
    """Say which are closed long enough and promise nothing to anybody any more.

    Whatever happens in one begins the period anew, but for what was laid aside.
    """
    promised = CallBack.objects.everywhere().filter(status=CallBackStatus.PROMISED, enquiry__isnull=False)
    to_ask = Referral.objects.everywhere().filter(
        status__in=[ReferralStatus.IN_CONTACT, ReferralStatus.TOLD],
        follow_up_on__gt=day(at) - timedelta(days=FOLLOW_UP_WAITS),
        enquiry__isnull=False,
    )
    is_free = ~Q(pk__in=promised.values("enquiry")) & ~Q(pk__in=to_ask.values("enquiry"))
    laid_aside_by = day(at) - timedelta(days=periods.ADVERTISING.days)
    advertising = Intake.objects.everywhere().filter(is_advertising=True).values("enquiry")

    def closed(days: int) -> Q:
        last = day(at) - timedelta(days=days)
        return Q(closed_on__lte=last, last_event_on__lte=last)

    is_over = periods.over(periods.ENQUIRY, closed) | Q(pk__in=advertising, closed_on__lte=laid_aside_by)
    return Q(status=EnquiryStatus.CLOSED, de_identified=False) & is_over & is_free


def _texts_due(at: datetime) -> Q:
    return Q(at__lte=at - timedelta(days=periods.FORM.days)) & ~Q(text_mac="")


def _calls_due(at: datetime) -> Q:
    return Q(erase_at__lte=at) & ~Q(kind=CallBack.Kind.SEND)


def _sendings_due(at: datetime) -> Q:
    return Q(erase_at__lte=at, kind=CallBack.Kind.SEND)


def _erase_on(at: datetime) -> Q:
    return Q(erase_on__lte=day(at))


def _absences_due(at: datetime) -> Q:
    return periods.over(periods.ABSENCE, lambda days: Q(last_day__lte=day(at) - timedelta(days=days)))


def _forms_due(at: datetime) -> Q:
    return Q(at__lte=at - timedelta(days=periods.FORM.days))


register(
    Rule(
        Enquiry,
        Then.DE_IDENTIFY,
        what="Person, Erreichbarkeit und Notizen einer Anfrage",
        since=f"Abschluss oder letztem Ereignis, nicht vor einem versprochenen Rückruf oder einer vereinbarten Nachfrage; als Werbung beiseite gelegt nach {periods.ADVERTISING.days} Tagen",
        period=periods.ENQUIRY,
        ground="Art. 5 (1) e, 17 (1) a DSGVO: der Zweck endet mit der Vermittlung",
        due=_enquiries_due,
        act=erasure.enquiries,
        has_gone=Q(de_identified=True),
    ),
    goes_with(Intake, Enquiry, what="woher eine Nachricht kam, wozu jemand ja sagte"),
    Rule(
        Intake,
        Then.DE_IDENTIFY,
        what="Kennung des Textes",
        since="Eingang",
        period=periods.FORM,
        ground="Art. 32 DSGVO: dieselbe Nachricht kommt nicht zweimal",
        due=_texts_due,
        act=erasure.forget_texts,
        has_gone=Q(text_mac=""),
    ),
    goes_with(Note, Enquiry, what="Notiz, versiegelt"),
    goes_with(
        Clearing, Enquiry, what="zu welcher Anfrage und an welchem Tag; Monat und Ergebnis bleiben als Zahl"
    ),
    goes_with(
        Referral,
        Enquiry,
        what="zu welcher Anfrage und an welchen Tagen; Monat, Weg und Ergebnis bleiben als Zahl",
    ),
    Rule(
        Consent,
        Then.ERASE,
        what="Nachweis einer Einwilligung, Adresse nur als Prüfwert",
        since="Ende der Verarbeitung, zum Ende des Jahres",
        period=periods.CONSENT,
        ground="Art. 7 (1), 5 (2) DSGVO; §§ 195, 199 BGB",
        due=_erase_on,
    ),
    Rule(
        Contact,
        Then.DE_IDENTIFY,
        what="Notiz, Tag und Wohnort eines Kontakts; Monat, Stelle, Weg, Wer, Anliegen, Themen, Kreis und Ergebnis bleiben als Zahl",
        since="Erfassung; mit Anfrage wie diese",
        period=periods.CONTACT,
        ground="Art. 5 (1) c DSGVO",
        due=_contacts_due,
        act=erasure.contacts,
        has_gone=Q(de_identified=True),
    ),
    kept(MonthlyCount, because="Zahl ohne Person, Erwägungsgrund 26 DSGVO"),
    kept(OfficePeriod, because="Einstellung, keine Person"),
    kept(CodeSwitch, because="Einstellung, keine Person"),
    Rule(
        CallBack,
        Then.ERASE,
        what="Rückruf oder Termin mit Nummer und Namen",
        since="Erledigung",
        period=periods.CALL_BACK,
        ground="Art. 5 (1) e DSGVO",
        due=_calls_due,
        act=erasure.call_backs,
        matter="enquiry_id",
    ),
    Rule(
        CallBack,
        Then.ERASE,
        what="Anschrift zum Zusenden",
        since="Versand",
        period=periods.SENT_TO,
        ground="Art. 5 (1) e DSGVO",
        due=_sendings_due,
        act=erasure.call_backs,
        matter="enquiry_id",
    ),
    goes_with(Arrangement, Group, what="wie eine Gruppe gefragt werden möchte, versiegelt"),
    Rule(
        HandOverNote,
        Then.ERASE,
        what="Übergabenotiz, versiegelt",
        since="Eintrag",
        period=periods.HAND_OVER,
        ground="Art. 5 (1) c DSGVO",
        due=_erase_on,
    ),
    Rule(
        Absence,
        Then.ERASE,
        what="bis wann jemand fehlt und wer vertritt",
        since="letztem Tag",
        period=periods.ABSENCE,
        ground="Art. 5 (1) c DSGVO",
        due=_absences_due,
        act=quietly,
    ),
    Rule(
        PostedForm,
        Then.ERASE,
        what="Schlüssel eines abgesandten Formulars",
        since="Absenden",
        period=periods.FORM,
        ground="Art. 32 DSGVO: ein Doppelklick zählt einmal",
        due=_forms_due,
        act=quietly,
    ),
)
