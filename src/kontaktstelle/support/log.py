"""The log of support: note it, rewrite it, take it back, mark what was next as done; and read it.

Advice is given outside the session, accompaniment inside: only if the whole group wants it, and how it was asked is noted.
Any talk can confirm the group's entry by the way.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.keeping import ChangedMeanwhile, here, once
from kontaktstelle.groups.models import Group, YearlyUpdate
from kontaktstelle.groups.yearly import asking
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import TenantModel, current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from .access import check_supports
from .models import LONGEST_MINUTES, SupportEntry, SupportKind

LONGEST_NOTE = 4000
Who, AskedHow = SupportEntry.Who, SupportEntry.AskedHow


class DayUnfit(StepRefused):
    """A day that has not come yet, or lies so far back that it is a slip."""

    sentence = "Dieser Tag liegt in der Zukunft oder mehr als zwei Jahre zurück. Bitte prüfen Sie ihn."


class NotAllAsked(StepRefused):
    """Nobody goes into a session unless the whole group wants it."""

    sentence = (
        "In ein Treffen kommt nur, wen die ganze Gruppe will. Bitte sagen Sie, wie alle gefragt wurden."
    )


class NoSuchChoice(StepRefused):
    """A value no list has."""

    sentence = "Bitte wählen Sie aus der Liste."


class LengthUnfit(StepRefused):
    """A length that is none."""

    sentence = f"Die Dauer in Minuten liegt zwischen 1 und {LONGEST_MINUTES}."


class HasNoNames(StepRefused):
    """A fellowship without names has no contact person."""

    sentence = "Diese Gemeinschaft kennt keine Ansprechperson. Bitte wählen Sie „jemand aus der Gruppe“."


class NextUnfit(StepRefused):
    """What is next lies behind us, or with somebody who does not accompany groups."""

    sentence = "Der nächste Termin liegt in der Vergangenheit."


class OnlyCounted(StepRefused):
    """The entry is a count by now."""

    sentence = "Von diesem Eintrag ist nach der Löschfrist nur noch die Zahl da."


@dataclass(frozen=True, slots=True)
class Facts:
    """What an entry says.

    Args:
        kind: what it was.
        day: when.
        who: who came, called or wrote.
        asked_how: for accompaniment: how the whole group was asked; "" otherwise.
        minutes: how long, if said.
        site: at which site, if said.
        note: in clear; sealed here. "" for none.
        next_on: when somebody looks again; the office's next open day if it is closed then.
        next_by: who; nobody means whoever is there.
    """

    kind: SupportKind
    day: date
    who: SupportEntry.Who = Who.UNKNOWN
    asked_how: str = ""
    minutes: int | None = None
    site: Site | None = None
    note: str = ""
    next_on: date | None = None
    next_by: Staff | None = None


@once(SupportEntry)
def note(
    group: Group,
    facts: Facts,
    *,
    by: Staff,
    at: datetime,
    form_key: UUID | None = None,
    confirms: bool = False,
) -> SupportEntry:
    """Write down that a group was supported.

    Args:
        group: of the office being acted for; a dissolved one too, for its last talk.
        facts: what is to be said of it.
        by: who; must accompany groups.
        at: when it is written down.
        form_key: of the form, so that a double click counts once.
        confirms: the group said by the way that its entry is right.

    Raises:
        NotAllAsked, DayUnfit, LengthUnfit, HasNoNames, NextUnfit, NoSuchChoice, days.TooFarAhead: as their sentences say.
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    entry = SupportEntry(contact_point_id=current(), group=group, entered_on=days.local_day(at))
    _put(entry, facts, at=at)
    entry.save(force_insert=True)
    traced(str(by.pk), "support.noted", entry, at=at)
    if confirms:
        how = YearlyUpdate.How.VISIT if facts.kind == SupportKind.VISIT else YearlyUpdate.How.TALK
        asking.confirm(group, how, by=str(by.pk), at=at)
    return entry


@transaction.atomic
def rewrite(entry: SupportEntry, facts: Facts, *, by: Staff, at: datetime, seen: int) -> SupportEntry:
    """Change an entry.

    Args:
        entry: as the page knows it.
        facts: everything it is to say now.
        by: who.
        at: when.
        seen: the version the page showed.

    Raises:
        ChangedMeanwhile, OnlyCounted: as their sentences say; and what `note` raises.
    """
    stored = _locked(entry, by=by, seen=seen)
    _put(stored, facts, at=at)
    return _kept(stored, "support.rewritten", by=by, at=at)


@transaction.atomic
def take_back(entry: SupportEntry, *, by: Staff, at: datetime, seen: int) -> None:
    """Take an entry out of the log, as if it had never been: it is not counted either.

    Raises:
        ChangedMeanwhile, OnlyCounted, rights.NotAllowed: as their sentences say.
    """
    stored = _locked(entry, by=by, seen=seen)
    traced(str(by.pk), "support.taken-back", stored, at=at)
    stored.delete()


@transaction.atomic
def next_done(entry: SupportEntry, *, by: Staff, at: datetime) -> SupportEntry:
    """Mark that what was next is done; done twice it stays so.

    Raises:
        OnlyCounted, rights.NotAllowed: as their sentences say.
    """
    stored = _locked(entry, by=by, seen=None)
    if stored.next_on is None:
        return stored
    stored.next_on = stored.next_by = None
    return _kept(stored, "support.next-done", by=by, at=at)


@transaction.atomic
def entries_of(group: Group, *, by: Staff, at: datetime) -> list[SupportEntry]:
    """Open the log of a group, latest first; who opened notes stands in the trail.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    found = SupportEntry.objects.filter(group=group).select_related("site", "next_by")
    entries = list(found.order_by("-month", "-day", "-entered_on", "pk"))
    if any(each.note_sealed is not None for each in entries):
        trail.record(
            str(by.pk), "support.read", object_type="groups.group", object_id=group.pk, at=at, contact_point=current()
        )  # fmt: skip
    return entries


def who_offered(group: Group) -> list[SupportEntry.Who]:
    """Return who can have come from a group: a fellowship without names has no contact person."""
    return [each for each in Who if not (group.is_anonymous_fellowship and each == Who.CONTACT_PERSON)]


def traced(by: str, action: str, row: TenantModel, *, at: datetime) -> None:
    """Write a step into the trail."""
    trail.record(
        by,
        action,
        object_type=row._meta.label_lower,  # noqa: SLF001 - Django's public meta interface
        object_id=row.pk,
        at=at,
        contact_point=row.contact_point_id,
    )


def _put(entry: SupportEntry, facts: Facts, *, at: datetime) -> None:
    today = days.local_day(at)
    _check(entry.group, facts, today)
    next_on = facts.next_on
    if next_on is not None and next_on != entry.next_on:
        if next_on < today:
            raise NextUnfit
        next_on = days.due_day(here(), next_on, today=today)
    entry.kind, entry.day, entry.month = facts.kind, facts.day, days.month_of(facts.day)
    entry.who, entry.asked_how, entry.minutes, entry.site = (
        facts.who,
        facts.asked_how,
        facts.minutes,
        facts.site,
    )
    entry.note = facts.note.strip()[:LONGEST_NOTE] or None
    entry.next_on, entry.next_by = next_on, facts.next_by if next_on else None


def _check(group: Group, facts: Facts, today: date) -> None:
    if facts.kind not in set(SupportKind) or facts.who not in set(Who):
        raise NoSuchChoice
    if not days.month_after(today.replace(day=1), -24) <= facts.day <= today:
        raise DayUnfit
    if facts.kind == SupportKind.ACCOMPANIMENT:
        if facts.asked_how not in set(AskedHow):
            raise NotAllAsked
    elif facts.asked_how:
        raise NoSuchChoice("Wie alle gefragt wurden, gehört zur Begleitung im Treffen.")
    if facts.minutes is not None and not 1 <= facts.minutes <= LONGEST_MINUTES:
        raise LengthUnfit
    if facts.who not in who_offered(group):
        raise HasNoNames
    if facts.site is not None and facts.site.contact_point_id != current():
        raise NoSuchChoice
    if facts.next_by is not None and not rights.may(facts.next_by, Right.SUPPORT, current()):
        raise NextUnfit("Zuständig sein kann nur, wer Gruppen begleitet.")


def _locked(entry: SupportEntry, *, by: Staff, seen: int | None) -> SupportEntry:
    check_supports(by)
    stored: SupportEntry | None = (
        SupportEntry.objects.select_for_update(of=("self",))
        .select_related("group")
        .filter(pk=entry.pk)
        .first()
    )
    if stored is None or (seen is not None and stored.version != seen):
        raise ChangedMeanwhile
    if stored.de_identified:
        raise OnlyCounted
    return stored


def _kept(entry: SupportEntry, action: str, *, by: Staff, at: datetime) -> SupportEntry:
    entry.version += 1
    entry.save()
    traced(str(by.pk), action, entry, at=at)
    return entry
