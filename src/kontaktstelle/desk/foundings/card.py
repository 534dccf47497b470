"""What the pages of foundings show: what is next for each, the card with the forms of its status, the list with its people."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from kontaktstelle import places
from kontaktstelle.desk import duties, enquiry_card
from kontaktstelle.enquiries import codes
from kontaktstelle.foundings import access, advice, calling, coming, interested, meeting, starting
from kontaktstelle.foundings.exits import Reason
from kontaktstelle.foundings.lifecycle import (
    FOUNDING_STEPS,
    LIVE,
    TAKES_PEOPLE,
    FoundingStatus,
    InterestStatus,
    InvitationStatus,
    MeetingStatus,
    OutreachStatus,
)
from kontaktstelle.foundings.models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    MeetingInvitation,
    Outreach,
    StartHelper,
)
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree

from .taking import LIST_TEXT_ALOUD

S = FoundingStatus
# The way of the field, in order; exits stand beside it.
WAY = (S.IDEA, S.ADVICE, S.CALLING, S.GATHERING, S.APPOINTED, S.STARTING, S.INDEPENDENT, S.SETTLED)
FORMS = (("in-person", "vor Ort"), ("online", "online"))
BASES = (Group.Basis.CONSENT_FORM, Group.Basis.CONSENT_PHONE, Group.Basis.CONSENT_LINK)


@dataclass(frozen=True, slots=True)
class Row:
    """One founding of the overview."""

    number: str
    title: str
    status: str
    topics: str
    where: str
    what: str
    also: tuple[str, ...]
    whose: str
    until: Any
    is_overdue: bool


def overview(*, by: Staff, ended: bool) -> list[Row]:
    """Return the foundings of the office: the live ones, most urgent first, or those that are over."""
    today = timezone.localdate()
    access.check_can_found(by)
    rows = Founding.objects.select_related("covered_by")
    if ended:
        found = rows.exclude(status__in=LIVE).order_by("-ended_month", "pk")
    else:
        found = rows.filter(status__in=LIVE).order_by("next_on", "pk")
    shown = []
    for row in found:
        upcoming = coming.next_of(row, on=today)
        shown.append(
            Row(
                str(row.pk), titled(row), S(row.status).label, _topics(row), places.kreis_name(row.kreis_key) if row.kreis_key else "",
                upcoming.what, upcoming.also, duties.called(row.covered_by), upcoming.until, upcoming.is_overdue,
            )
        )  # fmt: skip
    return shown


def titled(row: Founding) -> str:
    """Return how the office calls a founding; once its people are gone, by its topics."""
    return row.title or _topics(row) or "Gründung"


def named(number: UUID) -> str:
    """Return how the office calls a founding, by its number."""
    return titled(Founding.objects.get(pk=number))


def card(row: Founding, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return what the card of a founding shows, with the forms of its status."""
    today, status = timezone.localdate(at), S(row.status)
    texts = list(CallText.objects.filter(founding=row).order_by("-number"))
    outreach = list(Outreach.objects.filter(founding=row).order_by("planned_for", "pk"))
    meetings = list(FoundingMeeting.objects.filter(founding=row).order_by("-on", "-pk"))
    planned = next((each for each in meetings if each.status == MeetingStatus.PLANNED), None)
    at_hand = status in {S.IDEA, S.ADVICE}
    return {
        "row": row, "title": titled(row), "status": status, "state": status.label, "next": coming.next_of(row, on=today), "is_live": status in LIVE,
        "way": [(each.label, each == status, each in WAY[: WAY.index(status)] if status in WAY else False) for each in WAY],
        "topics": _topics(row), "topic_ids": list(row.topics), "kreis": places.kreis_name(row.kreis_key) if row.kreis_key else "",
        "can": {str(each) for each in FOUNDING_STEPS[status]}, "today": today,
        "origin": Founding.Origin(row.origin).label, "role": Founding.Role(row.role).label, "audience": [tree.AUDIENCES.get(key, key) for key in row.audience],
        "conditions": [CONDITIONS[key].label for key in row.conditions if key in CONDITIONS],
        "inner": list(advice.INNER.items()), "outer": list(advice.OUTER.items()), "talked_about": set(row.talked_about),
        "roles": Founding.Role.choices, "audiences": list(tree.AUDIENCES.items()), "all_conditions": [(key, each.label) for key, each in CONDITIONS.items()],
        "existing": advice.existing(row, on=today) if at_hand else None, "unclear": advice.unclear(row) if status == S.ADVICE else [],
        "texts": texts, "approved": next((each for each in texts if each.approved_on), None),
        "outreach": [(each, Outreach.Way(each.way).label, OutreachStatus(each.status).label, each.status == OutreachStatus.PLANNED) for each in outreach],
        "ways_out": Outreach.Way.choices, "hows": codes.offered("consent-how", year=today.year),
        "takes_people": status in TAKES_PEOPLE, "interested": interested.count(row), "by_whom": _by_whom(row), "sees_people": access.sees_interested(by),
        "aloud": LIST_TEXT_ALOUD, "whos": Interest.Who.choices, "list_ways": Interest.Way.choices, "heard": codes.offered("heard", year=today.year),
        "out": [(str(each.pk), f"{Outreach.Way(each.way).label} {each.where}".strip()) for each in outreach if each.status == OutreachStatus.OUT],
        "venues": [(str(each.pk), f"{each.name}, {each.town}".strip(", ")) for each in Venue.objects.order_by("name")],
        "planned": planned, "answers": [(each.label, count) for each, count in meeting.answers(planned).items() if count] if planned else [],
        "is_protected": meeting.is_protected(row), "held": [each for each in meetings if each.status == MeetingStatus.HELD],
        "helpers": [(str(each.pk), _volunteer(each, by, at)) for each in starting.able(row)] if status in {S.GATHERING, S.APPOINTED, S.STARTING} and access.sees_interested(by) else [],
        "helper": row.helper, "meetings_counted": starting.meetings_counted(row),
        "reasons": Reason.choices, "groups": [(each.slug, each.name) for each in Group.objects.exclude(stage=Stage.DISSOLVED).order_by("name")] if status in LIVE else [],
        "forms": FORMS, "bases": [(each.value, each.label) for each in BASES], "colleagues": enquiry_card.colleagues(), "covered": duties.called(row.covered_by),
        "reason": Reason(row.reason).label if row.reason else "",
    }  # fmt: skip


def taking() -> list[tuple[str, str]]:
    """Return the foundings that take people, by topic and Kreis: reception need not know what the office calls them."""
    rows = Founding.objects.filter(status__in=TAKES_PEOPLE).order_by("begun_month", "pk")
    return [
        (str(row.pk), ", ".join(part for part in (_topics(row), places.kreis_name(row.kreis_key) if row.kreis_key else "") if part))
        for row in rows
    ]  # fmt: skip


def one_taking(number: UUID | None) -> Founding | None:
    """Return a founding that takes people, or None."""
    return Founding.objects.filter(pk=number, status__in=TAKES_PEOPLE).first() if number else None


def coming_along() -> dict[str, Any]:
    """Return what the form offers by which somebody is put on a list without the list being seen."""
    year = timezone.localdate().year
    return {
        "taking": taking(), "aloud": LIST_TEXT_ALOUD, "hows": codes.offered("consent-how", year=year), "whos": Interest.Who.choices,
        "list_ways": Interest.Way.choices, "heard": codes.offered("heard", year=year),
    }  # fmt: skip


def people(row: Founding, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return who stands on the list and what they answered; every opening is traced.

    Raises:
        rights.NotAllowed: only who counsels sees the list.
    """
    access.check_sees_interested(by)
    planned = FoundingMeeting.objects.filter(founding=row, status=MeetingStatus.PLANNED).first()
    off = (
        FoundingMeeting.objects.filter(founding=row, status=MeetingStatus.CALLED_OFF).order_by("-on").first()
    )
    invitations = {
        each.interest_id: each
        for each in MeetingInvitation.objects.filter(meeting__in=[each for each in (off, planned) if each]).order_by("meeting__on")
    }  # fmt: skip
    listed = Interest.objects.filter(founding=row, party__isnull=False).order_by("first_on", "pk")
    return {
        "row": row, "title": titled(row), "planned": planned, "today": timezone.localdate(at), "hows": codes.offered("consent-how", year=at.year),
        "people": [(each, _person(each, by, at), Interest.Who(each.who).label, InterestStatus(each.status).label, invitations.get(each.pk), _said(invitations.get(each.pk))) for each in listed],
    }  # fmt: skip


def volunteers(*, by: Staff, at: datetime) -> list[tuple[str, str, Any]]:
    """Return the volunteers who help at the start, with number, name, and since when."""
    access.check_sees_interested(by)
    return [
        (str(each.pk), _volunteer(each, by, at), each.joined_on) for each in StartHelper.objects.filter(left_on__isnull=True).order_by("joined_on")
    ]  # fmt: skip


def papers_of(row: Founding, *, at: datetime) -> calling.Poster:
    """Return what the poster says.

    Raises:
        calling.NoApprovedText: nothing may be hung up yet.
    """
    return calling.poster(row, at=at)


def _said(invitation: MeetingInvitation | None) -> str:
    return InvitationStatus(invitation.status).label if invitation else ""


def _person(row: Interest, by: Staff, at: datetime) -> Address | None:
    try:
        return interested.person_of(row, by=by, at=at)
    except StepRefused:
        return None


def _volunteer(row: StartHelper, by: Staff, at: datetime) -> str:
    return starting.name_of(row, by=by, at=at) or "ohne Namen"


def _topics(row: Founding) -> str:
    return ", ".join(tree.label(topic) for topic in row.topics if topic in tree.TOPICS)


def _by_whom(row: Founding) -> list[tuple[str, int]]:
    return [(Interest.Who(who).label, count) for who, count in interested.by_whom(row).items()]
