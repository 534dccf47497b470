"""Gründungstreffen: room and date, one invitation per person, answers by link or telephone, and what the minutes hold."""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db import transaction

from kontaktstelle.enquiries import days
from kontaktstelle.groups.models import Venue
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from . import interested, links
from .access import Outside, check_can_found, check_can_put_on_list, check_sees_interested
from .keeping import ahead, kept, locked, moved, once, once_many, to_move, traced
from .lifecycle import (
    INVITATION_STEPS,
    MEETING_STEPS,
    FoundingStatus,
    InterestStatus,
    InvitationStatus,
    MeetingStatus,
    WrongStatus,
    check_step,
)
from .models import Founding, FoundingMeeting, Interest, MeetingInvitation

ANSWER_PATH = "/einladung/"
ANSWER_DAYS_BEFORE, AFTER_MEETING_IN, AGAIN_IN, MOST_ATTENDED, LONGEST_PART = 3, 21, 28, 500, 4000


class TooFewYet(StepRefused):
    """Fewer people than the threshold stand on the list."""


class RoomOrDateUnfit(StepRefused):
    """A day that is over or too far, a room that is closed or another office's."""

    sentence = (
        "Bitte wählen Sie einen Tag ab heute und innerhalb eines Jahres, und einen Treffpunkt, der offen ist."
    )


class MeetingIsAhead(StepRefused):
    """What has not been held has no minutes."""

    sentence = "Dieses Treffen liegt noch vor Ihnen. Ein Protokoll gibt es danach."


class MinutesUnfit(StepRefused):
    """More people than a room holds, or a part too long for the minutes."""

    sentence = "Bitte prüfen Sie die Zahl der Anwesenden (0 bis 500) und kürzen Sie das Protokoll."


class TooLateToAnswer(StepRefused):
    """The invitation is over: the meeting was called off, or has been."""

    sentence = "Zu dieser Einladung ist keine Antwort mehr nötig: Das Treffen war schon oder fällt aus."


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the minutes of a founding meeting say, as funders ask for it: no names, nothing anybody told of themselves."""

    purpose: str = ""
    decided: str = ""
    rhythm: str = ""
    tasks: str = ""
    next_meeting: date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A meeting as its minutes are set: when, where, how many, and what was decided."""

    title: str
    on: date
    starts: time | None
    place: str
    attended: int
    minutes: Minutes


@dataclass(frozen=True, slots=True)
class Asked:
    """What the page of an invitation says; the place is "" where it is told by telephone only."""

    title: str
    on: date
    starts: time | None
    place: str
    access: str
    answer: InvitationStatus
    is_open: bool


@once(FoundingMeeting)
def set_date(
    founding: Founding,
    *,
    on: date,
    starts: time,
    venue: Venue,
    by: Staff,
    at: datetime,
    room: str = "",
    seen: int | None = None,
    form_key: UUID | None = None,
) -> FoundingMeeting:
    """Fix room and date of the founding meeting, when enough people stand on the list.

    Raises:
        TooFewYet: names the numbers; `advice.set_threshold` changes the one.
        RoomOrDateUnfit, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, FoundingStatus.APPOINTED, out_of={FoundingStatus.GATHERING}, by=by, seen=seen)
    there = interested.count(stored)
    if there < stored.threshold:
        raise TooFewYet(
            f"Auf der Liste {'steht 1 Person' if there == 1 else f'stehen {there} Personen'}, eingeladen wird ab {stored.threshold}. Sie können die Zahl ändern, etwa bei einem seltenen Thema."
        )
    today = days.local_day(at)
    known = Venue.objects.filter(pk=venue.pk).first()
    if known is None or known.closed_since is not None or not today <= on <= today + days.FURTHEST_DUE:
        raise RoomOrDateUnfit
    meeting = FoundingMeeting(
        contact_point_id=current(),
        founding=stored,
        kind=FoundingMeeting.Kind.FIRST,
        on=on,
        starts=starts,
        venue=known,
        room=" ".join(room.split())[:120],
    )
    meeting.save(force_insert=True)
    traced(by, "meeting.planned", meeting, at=at)
    moved(stored, FoundingStatus.APPOINTED, next_on=on, by=by, at=at)
    return meeting


@transaction.atomic
def invite(meeting: FoundingMeeting, *, by: Staff, at: datetime) -> list[MeetingInvitation]:
    """Invite everybody on the list who is not invited yet, each by themselves: by mail or letter, or with a call to make.

    Pressed again it invites whoever came to the list since.

    Raises:
        lifecycle.WrongStatus: the meeting has been, or is called off.
        rights.NotAllowed: not for this person.
    """
    check_can_found(by)
    stored = locked(meeting)
    if stored.kind != FoundingMeeting.Kind.FIRST or stored.status != MeetingStatus.PLANNED:
        raise WrongStatus(f"Zu einem Treffen „{MeetingStatus(stored.status).label}“ wird niemand eingeladen.")
    invited = MeetingInvitation.objects.filter(meeting=stored).values("interest")
    rows = Interest.objects.filter(founding=stored.founding_id, status=InterestStatus.LISTED).exclude(
        pk__in=invited
    )
    # Somebody may have left the list a moment ago: each is asked again as they stand.
    there = [locked(each) for each in rows.order_by("first_on", "pk")]
    return [_invited(each, stored, by=by, at=at) for each in there if each.status == InterestStatus.LISTED]


def asked(number: UUID, *, at: datetime) -> Asked | None:
    """Return what an invitation says, for the page behind its link, or None if it is gone."""
    found = (
        MeetingInvitation.objects.filter(pk=number)
        .select_related("meeting__venue", "meeting__founding")
        .first()
    )
    if found is None:
        return None
    meeting, hidden = found.meeting, is_protected(found.meeting.founding)
    return Asked(
        meeting.founding.title or "",
        meeting.on,
        meeting.starts,
        "" if hidden else place_of(meeting),
        "" if hidden or meeting.venue is None else meeting.venue.access_note,
        InvitationStatus(found.status),
        _is_open(found, at),
    )


@transaction.atomic
def answer(number: UUID, *, coming: bool, by: Staff | Outside, at: datetime) -> MeetingInvitation:
    """Take an answer: by the person's link, or as they said it on the telephone. Said twice it counts once.

    Raises:
        TooLateToAnswer: the meeting has been, or is called off.
        rights.NotAllowed: for staff who write nobody down.
    """
    if isinstance(by, Staff):
        check_can_put_on_list(by)
    found: MeetingInvitation = MeetingInvitation.objects.get(pk=number)
    stored = locked(found)
    if not _is_open(stored, at):
        raise TooLateToAnswer
    to = InvitationStatus.COMING if coming else InvitationStatus.NOT_COMING
    if stored.status == to:
        return stored
    check_step(INVITATION_STEPS, InvitationStatus(stored.status), to)
    stored.status, stored.answered_at = to, at
    traced(by, f"invitation.{to}", stored, at=at, fields=["status"])
    return kept(stored)


@once(MeetingInvitation)
def told_by_phone(
    invitation: MeetingInvitation, *, by: Staff, at: datetime, form_key: UUID | None = None
) -> MeetingInvitation:
    """Note that somebody was called and invited, and thinks it over."""
    check_can_put_on_list(by)
    stored = locked(invitation)
    check_step(INVITATION_STEPS, InvitationStatus(stored.status), InvitationStatus.SENT)
    stored.status, stored.invited_at = InvitationStatus.SENT, at
    traced(by, "invitation.sent", stored, at=at, fields=["status"])
    return kept(stored)


@once_many(MeetingInvitation)
def call_off(
    meeting: FoundingMeeting,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> list[MeetingInvitation]:
    """Call the date off: the founding gathers again, whoever counts on it is written to, or has to be called.

    Returns:
        Who has to be called; they stay in `to_call` until `called_off_by_phone`.

    Raises:
        lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    founding = to_move(
        Founding.objects.get(pk=meeting.founding_id),
        FoundingStatus.GATHERING,
        out_of={FoundingStatus.APPOINTED},
        by=by,
    )
    stored = locked(meeting, seen=seen)
    check_step(MEETING_STEPS, MeetingStatus(stored.status), MeetingStatus.CALLED_OFF)
    stored.status = MeetingStatus.CALLED_OFF
    traced(by, "meeting.called-off", stored, at=at, fields=["status"])
    kept(stored)
    rows = MeetingInvitation.objects.select_for_update(of=("self",)).filter(meeting=stored)
    off = [_called_off(each, stored, by=by, at=at) for each in rows.select_related("interest").order_by("pk")]
    moved(founding, FoundingStatus.GATHERING, next_on=ahead(at, AGAIN_IN), by=by, at=at)
    return [each for each in off if each.status == InvitationStatus.TO_CALL_OFF]


@once(MeetingInvitation)
def called_off_by_phone(
    invitation: MeetingInvitation, *, by: Staff, at: datetime, form_key: UUID | None = None
) -> MeetingInvitation:
    """Note that somebody was called and knows that the meeting falls out."""
    check_can_put_on_list(by)
    stored = locked(invitation)
    if stored.status != InvitationStatus.TO_CALL_OFF:
        raise WrongStatus("Diese Person muss nicht angerufen werden.")
    stored.status = InvitationStatus.CALLED_OFF
    traced(by, "invitation.called-off", stored, at=at, fields=["status"])
    return kept(stored)


@once(FoundingMeeting)
def hold(
    meeting: FoundingMeeting,
    *,
    attended: int,
    minutes: Minutes,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> FoundingMeeting:
    """Note that the founding meeting was held: how many came, and its minutes. If nobody came, people are gathered again.

    Raises:
        MeetingIsAhead, MinutesUnfit, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed.
    """
    to = FoundingStatus.STARTING if attended else FoundingStatus.GATHERING
    founding = to_move(
        Founding.objects.get(pk=meeting.founding_id), to, out_of={FoundingStatus.APPOINTED}, by=by
    )
    stored = locked(meeting, seen=seen)
    check_step(MEETING_STEPS, MeetingStatus(stored.status), MeetingStatus.HELD)
    if stored.on > days.local_day(at):
        raise MeetingIsAhead
    if not 0 <= attended <= MOST_ATTENDED or any(
        len(part) > LONGEST_PART for part in (minutes.purpose, minutes.decided, minutes.rhythm, minutes.tasks)
    ):
        raise MinutesUnfit
    stored.status, stored.attended = MeetingStatus.HELD, attended
    stored.minutes = json.dumps(asdict(minutes), ensure_ascii=False, default=date.isoformat)
    traced(by, "meeting.held", stored, at=at, fields=["attended", "minutes"])
    kept(stored)
    moved(founding, to, next_on=ahead(at, AFTER_MEETING_IN if attended else AGAIN_IN), by=by, at=at)
    return stored


def minutes_of(meeting: FoundingMeeting, *, by: Staff) -> Held:
    """Return a held meeting as its minutes are set on paper.

    Raises:
        MeetingIsAhead: it was not held.
        rights.NotAllowed: not for this person.
    """
    check_can_found(by)
    stored = FoundingMeeting.objects.select_related("venue", "founding").get(pk=meeting.pk)
    if stored.status != MeetingStatus.HELD:
        raise MeetingIsAhead
    read = json.loads(stored.minutes or "{}")
    if read.get("next_meeting"):
        read["next_meeting"] = date.fromisoformat(read["next_meeting"])
    return Held(
        stored.founding.title or "",
        stored.on,
        stored.starts,
        place_of(stored),
        stored.attended or 0,
        Minutes(**read),
    )


def answers(meeting: FoundingMeeting) -> dict[InvitationStatus, int]:
    """Return how many said what: numbers, no persons."""
    rows = MeetingInvitation.objects.filter(meeting=meeting).values_list("status", flat=True)
    counted = dict.fromkeys(InvitationStatus, 0)
    for status in rows:
        counted[InvitationStatus(status)] += 1
    return counted


def to_call(meeting: FoundingMeeting, *, by: Staff) -> list[MeetingInvitation]:
    """Return who still has to be called, to be invited or because it falls out, for they left a telephone only.

    Raises:
        rights.NotAllowed: who leads and does not counsel does not see people.
    """
    check_sees_interested(by)
    rows = MeetingInvitation.objects.filter(
        meeting=meeting, status__in=[InvitationStatus.TO_CALL, InvitationStatus.TO_CALL_OFF]
    )
    return list(rows.select_related("interest").order_by("interest__first_on", "pk"))


def is_protected(founding: Founding) -> bool:
    """Say whether a founding's place is told by telephone only: whoever holds a link might be somebody else."""
    return any(tree.TOPICS[topic].protected for topic in founding.topics if topic in tree.TOPICS)


def place_of(meeting: FoundingMeeting) -> str:
    """Return where a meeting is, as one line."""
    if meeting.venue is None:
        return str(meeting.room)
    town = f"{meeting.venue.postcode} {meeting.venue.town}".strip()
    return ", ".join(part for part in (meeting.venue.name, meeting.room, meeting.venue.street, town) if part)


def _invited(interest: Interest, meeting: FoundingMeeting, *, by: Staff, at: datetime) -> MeetingInvitation:
    by_phone = interest.way == Interest.Way.PHONE
    row = MeetingInvitation(
        contact_point_id=current(),
        interest=interest,
        meeting=meeting,
        status=InvitationStatus.TO_CALL if by_phone else InvitationStatus.SENT,
        invited_at=None if by_phone else at,
    )
    row.save(force_insert=True)
    if not by_phone:
        token = links.answer(row.pk, contact_point=row.contact_point_id, until=meeting.on)
        until = max(meeting.on - timedelta(days=ANSWER_DAYS_BEFORE), days.local_day(at))
        interested.post(interest, "foundings/mail/invited", path=f"{ANSWER_PATH}{token}/", until=until, at=at)
    traced(by, f"invitation.{row.status}", row, at=at)
    return row


def _called_off(
    invitation: MeetingInvitation, meeting: FoundingMeeting, *, by: Staff, at: datetime
) -> MeetingInvitation:
    now = InvitationStatus(invitation.status)
    counts_on_it = now in {InvitationStatus.SENT, InvitationStatus.COMING}
    by_phone = counts_on_it and invitation.interest.way == Interest.Way.PHONE
    to = InvitationStatus.TO_CALL_OFF if by_phone else InvitationStatus.CALLED_OFF
    check_step(INVITATION_STEPS, now, to)
    if counts_on_it and not by_phone:
        until = meeting.on + timedelta(days=1)
        token = links.answer(invitation.pk, contact_point=invitation.contact_point_id, until=until)
        path = f"{ANSWER_PATH}{token}/"
        interested.post(invitation.interest, "foundings/mail/called_off", path=path, until=meeting.on, at=at)
    invitation.status = to
    traced(by, f"invitation.{to}", invitation, at=at, fields=["status"])
    return kept(invitation)


def _is_open(invitation: MeetingInvitation, at: datetime) -> bool:
    return invitation.meeting.status == MeetingStatus.PLANNED and invitation.meeting.on >= days.local_day(at)
