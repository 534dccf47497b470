"""What the day asks for: overdue, due, promised, new, to be asked together, and what is erased tomorrow.

Nothing open is without a day (the database sees to that), and nothing without somebody: what an absent or departed
colleague covers is for the deputy, or for whoever is there. Items hold numbers and days, never a person or a text.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import Q

from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.privacy import restriction
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Side

from . import access, days, erasure, hand_over, intake
from .call_backs import asks_to_close
from .lifecycle import OPEN_ENQUIRY, OPEN_REFERRAL, CallBackStatus, EnquiryStatus, ReferralStatus
from .models import Arrangement, CallBack, Enquiry, Intake, Referral

ENQUIRY, REFERRAL, CALL_BACK, FOLLOW_UP = "enquiry", "referral", "call-back", "follow-up"
MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to do: what it is, its number, its day, the day that was wished if that was a closed one, for whom it is.

    `is_mine` says whether it is for whoever asked: their own, the team's, or that of somebody they stand in for.
    `is_call_task` says that a group has not answered in time, or has to hear of a withdrawal, or that a message to a person or a group was not opened for a
    day; `asks_to_close` that a call missed three times; `in_crisis` that the words alarmed and nobody has read them.
    """

    what: str
    number: str
    row: UUID
    due_on: date
    wished_on: date | None
    is_mine: bool
    status: str
    only_me: bool = False
    window: tuple[time | None, time | None] = (None, None)
    is_call_task: bool = False
    asks_to_close: bool = False
    in_crisis: bool = False


@dataclass(frozen=True, slots=True)
class Day:
    """The page "Heute" as values, each list in the order of what is most urgent; `danger` stands before all others.

    `unread` are messages to us nobody has opened, from the moment they come, and ours that were not opened for a day.
    """

    danger: list[Item] = field(default_factory=list)
    overdue: list[Item] = field(default_factory=list)
    due: list[Item] = field(default_factory=list)
    promised: list[Item] = field(default_factory=list)
    new: list[Item] = field(default_factory=list)
    unread: list[Item] = field(default_factory=list)
    suspect: list[intake.Suspect] = field(default_factory=list)
    asked_together: list[Item] = field(default_factory=list)
    erased_tomorrow: erasure.Upcoming = field(default_factory=lambda: erasure.Upcoming((), (), 0))


def day(*, by: Staff, at: datetime) -> Day:
    """Return what today asks for, for everybody who works here; `Item.is_mine` tells what is for `by`.

    Who logs contacts and sees no enquiries ("Empfang") gets the promised call-backs and nothing else: without the number
    of an enquiry, and none that belongs to one marked "nur ich".
    """
    access.check_can_log(by)
    today = days.local_day(at)
    theirs = _Whose(by, today)
    sees = access.may_see(by)
    items = sorted(
        [
            *_call_backs(theirs, today, sees=sees),
            *([*_enquiries(theirs, today), *_referrals(theirs, today)] if sees else []),
        ],
        key=lambda item: (item.due_on, item.window[0] or time.max, item.what, item.number),
    )
    unread = list(_unread(theirs, at)) if sees else []
    # What somebody wrote stands once: under its message, until that is read.
    to_read = {item.row for item in unread if not item.is_call_task}
    items = [item for item in items if item.what != ENQUIRY or item.row not in to_read]
    new = [item for item in items if item.status == EnquiryStatus.NEW and not item.in_crisis]
    rest = [item for item in items if item.status != EnquiryStatus.NEW]
    return Day(
        danger=[item for item in [*items, *unread] if item.in_crisis],
        overdue=[item for item in rest if item.due_on < today],
        due=[item for item in rest if item.due_on == today and item.what != CALL_BACK],
        promised=[item for item in rest if item.due_on == today and item.what == CALL_BACK],
        new=new,
        unread=[item for item in unread if not item.in_crisis],
        suspect=intake.suspects(by=by, at=at) if sees else [],
        asked_together=_weekly(theirs) if sees else [],
        erased_tomorrow=_erased_tomorrow(theirs, at) if sees else erasure.Upcoming((), (), 0),
    )


class _Whose:
    """Tells for whom a thing is."""

    def __init__(self, by: Staff, today: date) -> None:
        self.staff, self.by, self.today = by, by.pk, today
        self.away = hand_over.away_on(today)
        self.counsel = set(access.who_may(Right.REFER).values_list("pk", flat=True))
        self.call = set(access.who_may(Right.LOG_CONTACT).values_list("pk", flat=True))

    def is_mine(self, covered_by: UUID | None, *, is_call: bool = False) -> bool:
        """Say whether it is for whoever asks; what nobody is there for who may do it is everybody's.

        Args:
            covered_by: who covers it.
            is_call: whoever logs contacts may do it; else it takes who counsels.
        """
        able = self.call if is_call else self.counsel
        if covered_by in self.away:
            covered_by = self.away[covered_by]
        if covered_by is None or covered_by not in able or covered_by in self.away:
            return True
        return covered_by == self.by

    def may_not_know(self, enquiry: Enquiry | None) -> bool:
        """Say whether somebody else keeps the enquiry to themselves: number and day are all there is to see."""
        return enquiry is not None and access.is_for_another(self.staff, enquiry)


def _enquiries(theirs: _Whose, today: date) -> Iterable[Item]:
    to_look_through = Intake.objects.filter(decided_at__isnull=True).values("enquiry")
    due = Enquiry.objects.filter(status__in=OPEN_ENQUIRY).filter(due_on__lte=today)
    found = (due | Enquiry.objects.filter(status=EnquiryStatus.NEW)).exclude(pk__in=to_look_through)
    for row in found.exclude(pk__in=restriction.held(today)):
        yield Item(
            ENQUIRY, row.number, row.pk, row.due_on, _wished(row), theirs.is_mine(row.covered_by_id), row.status, only_me=row.only_me,
            in_crisis=row.status == EnquiryStatus.NEW and row.is_paused_for_crisis,
        )  # fmt: skip


def _referrals(theirs: _Whose, today: date) -> Iterable[Item]:
    # What is over and still due is a withdrawal the group does not know of.
    rows = Referral.objects.filter(due_on__lte=today, enquiry__isnull=False).select_related("enquiry")
    resting = restriction.held(today)
    for row in rows.exclude(enquiry__in=resting):
        yield Item(
            REFERRAL, row.enquiry.number, row.pk, row.due_on, None, theirs.is_mine(row.enquiry.covered_by_id), row.status,
            only_me=row.enquiry.only_me, is_call_task=row.status == ReferralStatus.ASKED or row.status not in OPEN_REFERRAL,
        )  # fmt: skip
    to_ask = Referral.objects.filter(
        status__in=[ReferralStatus.IN_CONTACT, ReferralStatus.TOLD],
        follow_up_on__lte=today,
        enquiry__isnull=False,
    )
    for row in to_ask.exclude(enquiry__in=resting).select_related("enquiry"):
        yield Item(
            FOLLOW_UP, row.enquiry.number, row.pk, row.follow_up_on, None, theirs.is_mine(row.enquiry.covered_by_id), row.status,
            only_me=row.enquiry.only_me,
        )  # fmt: skip


def _call_backs(theirs: _Whose, today: date, *, sees: bool) -> Iterable[Item]:
    rows = CallBack.objects.filter(status=CallBackStatus.PROMISED, due_on__lte=today)
    rows = rows.filter(Q(enquiry__isnull=True) | ~Q(enquiry__in=restriction.held(today)))
    for row in rows.select_related("enquiry"):
        hidden, only_me = theirs.may_not_know(row.enquiry), row.enquiry is not None and row.enquiry.only_me
        if hidden and not sees:
            continue
        # What is promised to somebody who spoke to one person alone is for that person to keep.
        is_mine = (
            theirs.is_mine(row.enquiry.covered_by_id)
            if only_me
            else theirs.is_mine(row.covered_by_id, is_call=True)
        )
        yield Item(
            CALL_BACK, row.enquiry.number if row.enquiry and sees else "", row.pk, row.due_on, _wished(row), is_mine, row.status,
            only_me=only_me, window=(None, None) if hidden else (row.window_from, row.window_to), asks_to_close=asks_to_close(row) and not hidden,
        )  # fmt: skip


def _weekly(theirs: _Whose) -> list[Item]:
    """Return referrals ready for groups that want to be asked once a week about all of them."""
    weekly = Arrangement.objects.filter(rhythm=Arrangement.Rhythm.WEEKLY).values("group")
    rows = Referral.objects.filter(status=ReferralStatus.CONSENTED, group__in=weekly).select_related(
        "enquiry"
    )
    rows = rows.exclude(enquiry__in=restriction.held(theirs.today))
    return [
        Item(
            REFERRAL,
            row.enquiry.number,
            row.pk,
            row.due_on,
            None,
            theirs.is_mine(row.enquiry.covered_by_id),
            row.status,
        )
        for row in rows.order_by("group", "drafted_at")
        if not theirs.may_not_know(row.enquiry)
    ]


def _erased_tomorrow(theirs: _Whose, at: datetime) -> erasure.Upcoming:
    found = erasure.upcoming(at=at)
    rows = CallBack.objects.filter(pk__in=found.call_backs).select_related("enquiry")
    hidden = {row.pk for row in rows if theirs.may_not_know(row.enquiry)}
    return replace(found, call_backs=tuple(each for each in found.call_backs if each not in hidden))


def _unread(theirs: _Whose, at: datetime) -> Iterable[Item]:
    """Return messages to us nobody has opened; those to a person or a group, once a day has passed: a task to call."""
    waiting = channels.unread(at=at, after=timedelta(0))
    enquiries = Enquiry.objects.in_bulk([each.about for each in waiting])
    resting = set(restriction.held(theirs.today))
    to_look_through = set(Intake.objects.filter(decided_at__isnull=True).values_list("enquiry", flat=True))
    for each in waiting:
        row, is_ours = enquiries.get(each.about), each.waits_for == Side.OFFICE
        if row is None or row.status == EnquiryStatus.NEW or row.pk in to_look_through:
            continue
        if not is_ours and at - each.since < channels.UNREAD_AFTER:
            continue
        # What the person writes to us is read, also while the enquiry rests: mostly it is about that.
        if not is_ours and row.pk in resting:
            continue
        yield Item(
            MESSAGE, row.number, row.pk, days.local_day(each.since), None, theirs.is_mine(row.covered_by_id), row.status,
            only_me=row.only_me, is_call_task=not is_ours, in_crisis=is_ours and row.is_paused_for_crisis,
        )  # fmt: skip


def _wished(row: Enquiry | CallBack) -> date | None:
    return row.due_wished_on if row.due_wished_on != row.due_on else None
