"""Startphase: who helps (and does not share the topic), meetings counted, an end; then the directory, and a talk later on."""

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import QuerySet

from kontaktstelle.enquiries import codes, days
from kontaktstelle.groups import upkeep
from kontaktstelle.groups.entry import decisions
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, register_party
from kontaktstelle.topics import tree

from . import interested, periods
from .access import check_can_found, check_sees_interested
from .keeping import ahead, kept, locked, moved, once, to_move, traced
from .lifecycle import FoundingStatus, MeetingStatus, WrongStatus
from .meeting import MOST_ATTENDED, MinutesUnfit
from .models import Founding, FoundingMeeting, StartHelper

MOST_MEETINGS = 10
TALK_IN = 182


class SharesTheTopic(StepRefused):
    """A helper who is concerned themselves would become a member instead of leaving."""

    sentence = "Wer das Thema der Gruppe teilt, begleitet sie nicht. Bitte wählen Sie jemand anderen."


class HelperLeft(StepRefused):
    """They help no more."""

    sentence = "Diese Starthilfe hat aufgehört."


class HelperIsNeeded(StepRefused):
    """Somebody still counts on them."""

    sentence = "Diese Starthilfe begleitet noch eine Gruppe. Bitte beenden Sie zuerst die Begleitung."


class EnoughMeetings(StepRefused):
    """Accompaniment has an end."""

    sentence = (
        "Begleitet werden höchstens 10 Treffen. Danach steht die Gruppe allein, oder sie braucht Beratung."
    )


class StillAccompanied(StepRefused):
    """Fewer meetings than planned, and nobody said that the accompaniment is over."""

    sentence = "Die vorgesehenen Treffen sind noch nicht alle begleitet. Sie können die Begleitung auch früher beenden."


class MeetingUnfit(StepRefused):
    """A day ahead, or one before the founding meeting."""

    sentence = "Bitte geben Sie einen Tag zwischen dem Gründungstreffen und heute an."


class MeetingsUnfit(StepRefused):
    """Less than one, more than ten."""

    sentence = "Vorgesehen werden 1 bis 10 begleitete Treffen, meist 3."


@once(StartHelper)
def enrol(
    person: Address, topics: Iterable[str], *, by: Staff, at: datetime, form_key: UUID | None = None
) -> StartHelper:
    """Put a volunteer into the register of helpers, with the topics that are their own, sealed.

    Raises:
        interested.NoWayBack, codes.UnknownCode, codes.TooManyTopics, rights.NotAllowed: as their sentences say.
    """
    check_sees_interested(by)
    if not (person.email or person.phone or person.address):
        raise interested.NoWayBack
    today = days.local_day(at)
    row = StartHelper(contact_point_id=current(), joined_on=today)
    row.topics = json.dumps(codes.checked_topics(topics))
    row.party = register_party(person, contact_point=current(), on=today)
    row.save(force_insert=True)
    traced(by, "start-helper.enrolled", row, at=at)
    return row


@transaction.atomic
def leave(helper: StartHelper, *, by: Staff, at: datetime) -> StartHelper:
    """Note that a helper stops; a month later they are forgotten.

    Raises:
        HelperIsNeeded: they still accompany somebody.
    """
    check_sees_interested(by)
    stored = locked(helper)
    if Founding.objects.filter(
        helper=stored, status=FoundingStatus.STARTING, accompanied_until__isnull=True
    ).exists():
        raise HelperIsNeeded
    stored.left_on = stored.left_on or days.local_day(at)
    traced(by, "start-helper.left", stored, at=at, fields=["left_on"])
    return kept(stored)


@transaction.atomic
def name_of(helper: StartHelper, *, by: Staff, at: datetime) -> str:
    """Open a volunteer's name, traced; "" if they gave none or are gone.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_sees_interested(by)
    if helper.party is None:
        return ""
    traced(by, "start-helper.opened", helper, at=at)
    try:
        return address_of(helper.party).name or ""
    except Party.DoesNotExist:
        return ""


def able(founding: Founding) -> list[StartHelper]:
    """Return the helpers who may accompany a founding: those of other topics."""
    return [
        each
        for each in StartHelper.objects.filter(left_on=None).order_by("pk")
        if not _shares(each, founding)
    ]


@transaction.atomic
def assign(
    founding: Founding,
    helper: StartHelper | None,
    *,
    by: Staff,
    at: datetime,
    meetings: int = 3,
    seen: int | None = None,
) -> Founding:
    """Say who accompanies the start, and how many meetings; nobody means the office itself.

    Raises:
        SharesTheTopic, HelperLeft, MeetingsUnfit, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed.
    """
    stored = _starting(founding, by, seen, also=(FoundingStatus.GATHERING, FoundingStatus.APPOINTED))
    if not 1 <= meetings <= MOST_MEETINGS:
        raise MeetingsUnfit
    if helper is not None:
        helper = StartHelper.objects.get(pk=helper.pk)
        if helper.left_on is not None:
            raise HelperLeft
        if _shares(helper, stored):
            raise SharesTheTopic
    stored.helper, stored.meetings_planned = helper, meetings
    traced(by, "founding.helper", stored, at=at, fields=["helper", "meetings_planned"])
    return kept(stored)


@transaction.atomic
def count_meeting(founding: Founding, *, on: date, attended: int, by: Staff, at: datetime) -> FoundingMeeting:
    """Count one accompanied meeting: its day and how many came, nothing else. The same day counts once.

    Raises:
        EnoughMeetings, MeetingUnfit, meeting.MinutesUnfit, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    stored = _starting(founding, by, None)
    if stored.accompanied_until is not None:
        raise WrongStatus("Die Begleitung dieser Gruppe ist beendet.")
    known = _accompanied(stored).filter(on=on).first()
    if known is not None:
        return known
    if _accompanied(stored).count() >= MOST_MEETINGS:
        raise EnoughMeetings
    first = (
        FoundingMeeting.objects.filter(
            founding=stored, kind=FoundingMeeting.Kind.FIRST, status=MeetingStatus.HELD
        )
        .order_by("-on")
        .first()
    )
    if on > days.local_day(at) or (first is not None and on < first.on):
        raise MeetingUnfit
    if not 0 <= attended <= MOST_ATTENDED:
        raise MinutesUnfit
    row = FoundingMeeting(
        contact_point_id=current(),
        founding=stored,
        kind=FoundingMeeting.Kind.ACCOMPANIED,
        status=MeetingStatus.HELD,
        on=on,
        attended=attended,
    )
    row.save(force_insert=True)
    traced(by, "meeting.counted", row, at=at, fields=["attended"])
    return row


@transaction.atomic
def end_accompaniment(founding: Founding, *, by: Staff, at: datetime, seen: int | None = None) -> Founding:
    """End the accompaniment: the group goes on alone, the helper is free.

    Raises:
        lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = _starting(founding, by, seen)
    stored.accompanied_until = stored.accompanied_until or days.local_day(at)
    traced(by, "founding.accompaniment-ended", stored, at=at, fields=["accompanied_until"])
    return kept(stored)


@transaction.atomic
def enter(
    founding: Founding,
    values: Mapping[str, Any],
    *,
    basis: str,
    basis_on: date | None,
    number: UUID,
    by: Staff,
    at: datetime,
    seen: int | None = None,
) -> Group:
    """Put the group into the directory, with its own consent; the founding stands by itself and its list is closed.

    Args:
        founding: in its start, accompanied as often as planned or with the accompaniment ended.
        values: fields of the group as typed; topics, audience and Kreis come from the founding unless said otherwise.
        basis: on what ground the entry is public (`Group.Basis`), from the group, never from the founding.
        basis_on: the day of that consent.
        number: key of the form and of the new group.
        by: who; they need the rights to edit and to publish groups too.
        at: when.
        seen: the version the page showed.

    Raises:
        StillAccompanied, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed, and what `groups.upkeep` refuses.
    """
    check_can_found(by)
    founding = locked(founding)
    if founding.group_id == number and founding.group is not None:
        return founding.group
    stored = to_move(founding, FoundingStatus.INDEPENDENT, out_of={FoundingStatus.STARTING}, by=by, seen=seen)
    if stored.accompanied_until is None and _accompanied(stored).count() < stored.meetings_planned:
        raise StillAccompanied
    today = days.local_day(at)
    own = {"topics": list(stored.topics), "audience": list(stored.audience), "founded": f"{today:%Y-%m}"}
    group = upkeep.create({**own, **values}, by=by, at=at, number=number)
    decisions.decide_after_founding(group, number=uuid4(), by=by, at=at)
    group = upkeep.publish(group, basis, basis_on, by=by, at=at, seen=group.changed_at)
    stored.group, stored.accompanied_until = group, stored.accompanied_until or today
    interested.tell_waiting(stored, by=by, at=at)
    interested.close_list(stored, by=by, at=at)
    moved(stored, FoundingStatus.INDEPENDENT, next_on=ahead(at, TALK_IN), by=by, at=at, fields=["group"])
    return group


@once(Founding)
def talk_later(
    founding: Founding, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Founding:
    """Note the talk after half a year: the group lives, the founding is complete.

    Raises:
        lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, FoundingStatus.SETTLED, out_of={FoundingStatus.INDEPENDENT}, by=by, seen=seen)
    ends(stored, at=at)
    return moved(stored, FoundingStatus.SETTLED, next_on=None, by=by, at=at)


def meetings_counted(founding: Founding) -> int:
    """Return how many meetings were accompanied."""
    return _accompanied(founding).count()


def ends(founding: Founding, *, at: datetime) -> None:
    """Note on a locked founding that it is over, and from when its people are forgotten."""
    today = days.local_day(at)
    founding.ended_month = days.month_of(today)
    founding.erase_on = today + timedelta(days=periods.FOUNDER.days)


def _accompanied(founding: Founding) -> QuerySet[FoundingMeeting]:
    return FoundingMeeting.objects.filter(
        founding=founding, kind=FoundingMeeting.Kind.ACCOMPANIED, status=MeetingStatus.HELD
    )


def _shares(helper: StartHelper, founding: Founding) -> bool:
    own = json.loads(helper.topics or "[]")
    near = {each for topic in own if topic in tree.TOPICS for each in tree.family(topic)}
    return bool({*own, *near} & set(founding.topics))


def _starting(
    founding: Founding, by: Staff, seen: int | None, *, also: tuple[FoundingStatus, ...] = ()
) -> Founding:
    check_can_found(by)
    stored = locked(founding, seen=seen)
    if FoundingStatus(stored.status) not in {FoundingStatus.STARTING, *also}:
        raise WrongStatus(
            f"Das gehört in die Startphase. Diese Gründung steht auf „{FoundingStatus(stored.status).label}“."
        )
    return stored
