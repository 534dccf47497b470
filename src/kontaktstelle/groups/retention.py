"""Löschfristen of the groups: the group's history stays, its people go with it."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import Period, Rule, Then, day, goes_with, kept, quietly, register
from kontaktstelle.relay.parties import forget_party

from .entry.models import ContactConsent, EntryCriteria, EntryDecision, Farewell
from .lifecycle import Stage
from .models import (
    ConditionDefault,
    ContactPerson,
    Group,
    GroupChange,
    ImportMapping,
    ImportRun,
    LiveNotice,
    OwnPageKey,
    PostWish,
    Proposal,
    UploadedList,
    Venue,
    YearlyAsking,
    YearlyCampaign,
    YearlyUpdate,
)
from .uploads import KEPT_FOR

DISSOLVED_DAYS = 7
IMPORT_DAYS = 90
CHANGE_DAYS = 730
NOTICE_DAYS, PROPOSAL_DAYS = 365, 90
# Three rounds of a question: enough to see who never answers.
YEARLY_DAYS = 1095
CONSENT_YEARS = 3
# What a dissolved group keeps is its name, topics, Kreis, founding and end; of everything else nothing is left.
LEFT_EMPTY: dict[str, Any] = {
    "public_phone": "", "public_email": "", "website": "", "online_note": "", "description": "", "meeting_text": "", "town": "",
    "postcode": "", "district": "", "association": "", "source": "", "note_sealed": None, "lat": None, "lon": None, "venue": None,
    "members": None, "attending": None, "first_on": None, "rhythm": {}, "cancelled_on": [], "unknown_topics": [],
}  # fmt: skip
_NOTHING_LEFT = Q()
for _name, _value in LEFT_EMPTY.items():
    if _value is None or _value == "":
        _NOTHING_LEFT &= Q(**({f"{_name}__isnull": True} if _value is None else {_name: ""}))


def forget_people(rows: Sequence[Group], *, at: datetime) -> None:
    """Take the people out of dissolved groups: contact persons, ways, notes, texts, and every place finer than the Kreis."""
    for group in rows:
        persons = ContactPerson.objects.filter(group=group)
        for number in persons.values_list("party", flat=True):
            forget_party(number)
        persons.delete()
        OwnPageKey.objects.everywhere().filter(group=group).delete()
        Proposal.objects.everywhere().filter(group=group).delete()
        GroupChange.objects.everywhere().filter(group=group).update(before_sealed=None)
        # Not by saving: the day of the last change stays that of the last change by somebody.
        Group.objects.filter(pk=group.pk).update(**LEFT_EMPTY)
        Farewell.objects.everywhere().filter(group=group).update(erased_on=day(at), words_sealed=None)
        trail.record(
            "nightly", "group.people-forgotten", object_type="groups.group", object_id=group.pk, at=at,
            contact_point=group.contact_point_id, fields=["contact_persons", "note", "public_email", "public_phone", "texts"],
        )  # fmt: skip


def _with_people_left(at: datetime) -> Q:
    last = day(at) - timedelta(days=DISSOLVED_DAYS)
    persons = ContactPerson.objects.everywhere().filter(group=OuterRef("pk"))
    changes = GroupChange.objects.everywhere().filter(group=OuterRef("pk"), before_sealed__isnull=False)
    # From the day it was entered: who dates an end back has the same week to take it back.
    fresh = Farewell.objects.everywhere().filter(
        group=OuterRef("pk"), said_at__gt=at - timedelta(days=DISSOLVED_DAYS)
    )
    words = Farewell.objects.everywhere().filter(group=OuterRef("pk"), words_sealed__isnull=False)
    return (
        Q(stage=Stage.DISSOLVED, dissolved_on__lte=last)
        & ~Q(Exists(fresh))
        & (Q(Exists(persons)) | Q(Exists(changes)) | Q(Exists(words)) | ~_NOTHING_LEFT)
    )


def _led_on_long_enough(at: datetime) -> Q:
    return Q(forwards_until__lt=day(at)) & ~Q(slug="")


def lead_nowhere(rows: Sequence[Farewell], *, at: datetime) -> None:  # noqa: ARG001 - the register tells when
    """Let go where the old addresses of ended groups led to."""
    Farewell.objects.everywhere().filter(pk__in=[row.pk for row in rows]).update(slug="", lat=None, lon=None)


def _consent_over(at: datetime) -> Q:
    on = day(at)
    return Q(ended_on__lt=date(on.year - CONSENT_YEARS, 1, 1))


def _imported_long_ago(at: datetime) -> Q:
    return Q(at__lte=at - timedelta(days=IMPORT_DAYS))


def _changed_long_ago(at: datetime) -> Q:
    return Q(at__lte=at - timedelta(days=CHANGE_DAYS))


def _asked_long_ago(at: datetime) -> Q:
    return Q(closed_on__lte=day(at) - timedelta(days=YEARLY_DAYS))


def _told_long_ago(at: datetime) -> Q:
    return Q(said_at__lte=at - timedelta(days=NOTICE_DAYS))


def _decided_long_ago(at: datetime) -> Q:
    return Q(decided_at__lte=at - timedelta(days=PROPOSAL_DAYS))


def _over(at: datetime) -> Q:
    return Q(expires_on__lt=day(at))


def _lying_about(at: datetime) -> Q:
    return Q(at__lte=at - KEPT_FOR)


register(
    kept(
        Group,
        what="Name, Thema, Treffen, gegründet und aufgelöst",
        because="Geschichte der Selbsthilfe am Ort, keine Person; Schweigen allein löscht keine Gruppe",
    ),
    Rule(
        Group,
        Then.DE_IDENTIFY,
        what="Ansprechpersonen, Telefon, E-Mail, Internetseite, Notiz, Texte, Ort und Treffpunkt",
        since="Auflösung",
        period=Period(DISSOLVED_DAYS, 0, 30),
        ground="Art. 5 (1) e, 17 (1) a DSGVO; einige Tage, falls jemand sich vertan hat",
        due=_with_people_left,
        act=forget_people,
    ),
    kept(EntryCriteria, because="Beschluss der Stelle, keine Person"),
    goes_with(EntryDecision, Group, what="wann über die Aufnahme entschieden wurde und warum, versiegelt"),
    Rule(
        ContactConsent,
        Then.ERASE,
        what="wer wann worin eingewilligt hat, als Nummer, ohne Namen",
        since="Ende der Einwilligung",
        period=Period(CONSENT_YEARS * 365, 365, 1825),
        ground="Nachweis nach Art. 7 (1) DSGVO bis zum Ende des Jahres, drei Jahre danach",
        due=_consent_over,
    ),
    Rule(
        Farewell,
        Then.DE_IDENTIFY,
        what="wohin die alte Adresse einer aufgelösten Gruppe führt",
        since="Abschied",
        period=Period(365, 30, 730),
        ground="ein Jahr lang führen Links und Merkzettel noch zur nächsten Gruppe; danach bleiben Tag und Grund",
        due=_led_on_long_enough,
        act=lead_nowhere,
    ),
    goes_with(ContactPerson, Group, what="Rolle und Nummer einer Person"),
    Rule(
        GroupChange,
        Then.ERASE,
        what="wer wann welche Felder änderte, und versiegelt, was zuletzt davor dastand",
        since="Änderung",
        period=Period(CHANGE_DAYS, 90, 1095),
        ground="damit sie zurückgenommen und verstanden werden kann; Art. 5 (1) d, e DSGVO",
        due=_changed_long_ago,
        act=quietly,
    ),
    Rule(
        UploadedList,
        Then.ERASE,
        what="hochgeladene Liste, versiegelt, solange sie nicht übernommen ist",
        since="Hochladen",
        period=Period(KEPT_FOR.days, 0, 7),
        ground="Art. 5 (1) c DSGVO",
        due=_lying_about,
        act=quietly,
    ),
    goes_with(PostWish, Group, what="wie eine Gruppe hören möchte"),
    Rule(
        YearlyUpdate,
        Then.ERASE,
        what="wann eine Gruppe gefragt wurde und wie sie ihre Angaben bestätigte, ohne Person",
        since="Ende der Nachfrage",
        period=Period(YEARLY_DAYS, 730, 2190),
        ground="damit niemand zu oft gefragt wird und der Stand belegt ist; Art. 5 (1) d DSGVO",
        due=_asked_long_ago,
        act=quietly,
    ),
    kept(YearlyCampaign, because="Einstellung, keine Person"),
    Rule(
        OwnPageKey,
        Then.ERASE,
        what="Schlüssel zur eigenen Seite einer Gruppe",
        since="letzter Tag",
        period=Period(0, 0, 30),
        ground="Art. 5 (1) c DSGVO",
        due=_over,
        act=quietly,
    ),
    Rule(
        LiveNotice,
        Then.ERASE,
        what="was eine Gruppe selbst meldete, ohne Person",
        since="Meldung",
        period=Period(NOTICE_DAYS, 30, 730),
        ground="damit nachzusehen ist, was öffentlich stand; Art. 5 (1) e DSGVO",
        due=_told_long_ago,
        act=quietly,
    ),
    Rule(
        Proposal,
        Then.ERASE,
        what="was eine Gruppe vorschlug und was davor dastand, versiegelt",
        since="Entscheidung",
        period=Period(PROPOSAL_DAYS, 14, 365),
        ground="damit eine Entscheidung zurückgenommen werden kann; Art. 5 (1) c, e DSGVO",
        due=_decided_long_ago,
        act=quietly,
    ),
    goes_with(YearlyAsking, YearlyUpdate, what="Tag und Weg einer Frage"),
    kept(Venue, because="Ort, keine Person"),
    kept(ConditionDefault, because="Einstellung, keine Person"),
    kept(ImportMapping, because="Einstellung, keine Person"),
    Rule(
        ImportRun,
        Then.ERASE,
        what="was vor dem Import dastand, versiegelt",
        since="Import",
        period=Period(IMPORT_DAYS, 1, 180),
        ground="damit er zurückgenommen werden kann; Art. 5 (1) e DSGVO",
        due=_imported_long_ago,
    ),
)
