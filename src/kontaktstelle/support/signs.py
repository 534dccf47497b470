"""Quiet warning signs: why somebody should look at a group, in words, so that succession starts before the end.

Each sign is a reason by itself; there is no score, no order among groups, and nothing of it is public. Referrals are read by
counting only. A fellowship without names is expected to have no contact person: for it there are no signs about persons.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Max, Q

from kontaktstelle.enquiries import days
from kontaktstelle.enquiries.lifecycle import ReferralStatus
from kontaktstelle.enquiries.models import Referral
from kontaktstelle.groups import rhythm, upkeep
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ContactPerson, Group, GroupChange
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from .access import check_supports
from .log import traced
from .models import SignCode, SignSetAside, SupportEntry, SupportKind

LOOK_BACK = timedelta(days=365)
LONG_PAUSE = timedelta(days=90)
SEVERAL = 2
LONGEST_ASIDE = timedelta(days=366)


class AsideUnfit(StepRefused):
    """A sign can rest for a year at most: a group changes."""

    sentence = (
        "Bitte nennen Sie einen Tag innerhalb des nächsten Jahres, ab dem das Zeichen wieder erscheint."
    )


class NoSuchSign(StepRefused):
    """A sign that is none."""

    sentence = "Dieses Zeichen gibt es nicht."


@dataclass(frozen=True, slots=True)
class Sign:
    """One reason to look at a group, in words; `aside_until` while it rests."""

    group: Group
    code: SignCode
    reason: str
    aside_until: date | None = None


def standing(on: date) -> list[Sign]:
    """Return the signs of all groups of the office being acted for, by the groups' names; those that rest too."""
    groups = (
        Group.objects.exclude(stage__in=[Stage.DISSOLVED, Stage.FOUNDING])
        .select_related("contact_point")
        .order_by("name", "pk")
    )
    return _of(list(groups), on)


def of_group(group: Group, on: date) -> list[Sign]:
    """Return the signs of one group, those that rest too."""
    return [] if group.stage in {Stage.DISSOLVED, Stage.FOUNDING} else _of([group], on)


@transaction.atomic
def set_aside(group: Group, code: str, until: date | None, *, by: Staff, at: datetime) -> SignSetAside:
    """Let a sign of a group rest until a day: somebody looked.

    Raises:
        AsideUnfit: no day, or none within a year.
        NoSuchSign: no such code.
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    today = days.local_day(at)
    if code not in set(SignCode):
        raise NoSuchSign
    if until is None or not today < until <= today + LONGEST_ASIDE:
        raise AsideUnfit
    # The group's row is the gate: two who press at once leave one row.
    Group.objects.select_for_update().get(pk=group.pk)
    row: SignSetAside
    row, _ = SignSetAside.objects.update_or_create(
        group=group,
        code=code,
        defaults={"until": until},
        create_defaults={"until": until, "contact_point_id": current()},
    )
    traced(str(by.pk), "sign.set-aside", row, at=at)
    return row


@transaction.atomic
def bring_back(group: Group, code: str, *, by: Staff, at: datetime) -> None:
    """Let a sign stand again; if it does already, nothing happens.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_supports(by)
    for row in SignSetAside.objects.filter(group=group, code=code):
        traced(str(by.pk), "sign.stands-again", row, at=at)
        row.delete()


@dataclass(frozen=True, slots=True)
class _Known:
    """What is read together for all groups."""

    persons: dict[UUID, int]
    conflicts: dict[UUID, int]
    leaving: dict[UUID, date]
    newcomers: dict[UUID, datetime]
    paused: dict[UUID, datetime]
    unanswered: dict[UUID, int]


def _of(groups: list[Group], on: date) -> list[Sign]:
    numbers = [group.pk for group in groups]
    known = _known(numbers, on)
    aside = {
        (row.group_id, row.code): row.until
        for row in SignSetAside.objects.filter(group__in=numbers, until__gte=on)
    }
    return [
        Sign(group, code, reason, aside.get((group.pk, code)))
        for group in groups
        for code, reason in _reasons(group, known, on)
    ]


def _known(numbers: list[UUID], on: date) -> _Known:
    since = on - LOOK_BACK
    supported = SupportEntry.objects.filter(group__in=numbers, month__gte=days.month_of(since))
    changes = GroupChange.objects.filter(group__in=numbers)
    unanswered = Referral.objects.filter(group__in=numbers).filter(
        Q(status=ReferralStatus.ASKED, due_on__lt=on)
        | Q(status=ReferralStatus.ENDED, asked_on__gte=since, answered_on__isnull=True)
    )
    return _Known(
        persons=_counted(ContactPerson.objects.filter(group__in=numbers)),
        conflicts=_counted(supported.filter(kind=SupportKind.CONFLICT)),
        leaving=_latest(supported.filter(kind=SupportKind.SUCCESSION), "month"),
        newcomers=_latest(changes.filter(action="person.added"), "at"),
        paused=_latest(changes.filter(action__in=["group.paused", "venue.closed"]), "at"),
        unanswered=_counted(unanswered),
    )


def _counted(rows: Any) -> dict[UUID, int]:
    return dict(rows.order_by().values_list("group").annotate(count=Count("pk")))


def _latest(rows: Any, field: str) -> dict[UUID, Any]:
    return dict(rows.order_by().values_list("group").annotate(last=Max(field)))


def _reasons(group: Group, known: _Known, on: date) -> Iterable[tuple[SignCode, str]]:
    if not group.is_anonymous_fellowship:
        yield from _about_persons(group, known)
    if upkeep.is_stale(group, on):
        said = f"zuletzt am {group.confirmed_on:%d.%m.%Y}" if group.confirmed_on else "noch nie"
        yield SignCode.NOT_UPDATED, f"Die Angaben sind seit über einem Jahr nicht bestätigt: {said}."
    if said := _about_dates(group, on):
        yield SignCode.NO_DATES, said
    if group.stage == Stage.PAUSED:
        since = days.local_day(known.paused.get(group.pk, group.changed_at))
        if since <= on - LONG_PAUSE:
            yield SignCode.LONG_PAUSE, f"Die Gruppe pausiert seit {since:%d.%m.%Y}."
    if (count := known.conflicts.get(group.pk, 0)) >= SEVERAL:
        yield SignCode.CONFLICTS, f"{count} Gespräche über Konflikte in den letzten zwölf Monaten."
    if (count := known.unanswered.get(group.pk, 0)) >= SEVERAL:
        yield SignCode.UNANSWERED, f"{count} Fragen nach einem Platz blieben ohne Antwort."


def _about_persons(group: Group, known: _Known) -> Iterable[tuple[SignCode, str]]:
    persons = known.persons.get(group.pk, 0)
    if persons == 0:
        yield SignCode.NO_PERSON, "Es ist keine Ansprechperson hinterlegt."
    elif persons == 1:
        yield (
            SignCode.ONE_PERSON,
            "Nur eine Person ist ansprechbar. Fällt sie aus, ist die Gruppe nicht zu erreichen.",
        )
    month = known.leaving.get(group.pk)
    newcomer = known.newcomers.get(group.pk)
    if month is not None and (newcomer is None or days.local_day(newcomer) < month):
        said = f"Über die Nachfolge wurde gesprochen ({month:%m/%Y}), eine neue Ansprechperson ist seither nicht eingetragen."
        yield SignCode.LEAVING, said


def _about_dates(group: Group, on: date) -> str:
    if group.stage == Stage.PAUSED:
        return ""  # its own sign
    if not group.meeting_text.strip():
        return "Wann sich die Gruppe trifft, ist nicht bekannt."
    read = rhythm.from_json(group.rhythm)
    if not read.dates:
        return ""  # a rule goes on; words nobody understood are no sign
    if rhythm.upcoming(read, after=on, land=group.contact_point.land, limit=1, first=group.first_on):
        return ""
    return "Alle genannten Treffen sind vorbei, neue sind nicht bekannt."
