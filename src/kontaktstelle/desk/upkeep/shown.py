"""What the pages of Gruppenpflege show: proposals side by side, what is public already, who is being asked."""

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Count

from kontaktstelle.desk.duties import called
from kontaktstelle.groups.lifecycle import ProposalStatus, Stage, YearlyStatus
from kontaktstelle.groups.models import (
    Group,
    LiveNotice,
    OwnPageKey,
    Proposal,
    YearlyAsking,
    YearlyCampaign,
    YearlyUpdate,
)
from kontaktstelle.groups.own_page import proposals, sheet
from kontaktstelle.groups.own_page.shown import said
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.groups.yearly import asking
from kontaktstelle.organisation.four_eyes import ALONE_AFTER
from kontaktstelle.organisation.models import Staff
from kontaktstelle.ui import formats

MOST = 200
LATELY = 12


@dataclass(frozen=True, slots=True)
class Notice:
    """One thing a group changed by itself."""

    number: UUID
    group: UUID
    name: str
    words: str
    said_at: datetime


@dataclass(frozen=True, slots=True)
class Side:
    """A proposal beside what stands in the record; `base` is set only if that has changed since."""

    number: UUID
    label: str
    now: str
    wish: str
    base: str | None
    mark: str
    said_at: datetime
    status: str
    is_open: bool
    may_decide: bool
    wants_call: bool
    was_called: bool
    ready_from: datetime | None
    may_take_back: bool
    decided: str
    is_words: bool


def notices(group: Group | None = None) -> list[Notice]:
    """Return what groups changed by themselves and nobody looked through yet, the oldest first."""
    rows = LiveNotice.objects.filter(seen_at=None).select_related("group")
    if group is not None:
        rows = LiveNotice.objects.filter(group=group).select_related("group")
    return [
        Notice(
            row.pk,
            row.group_id,
            row.group.name,
            LiveNotice.Kind(row.kind).label + _when(row),
            row.said_at,
        )
        for row in rows.order_by("-said_at" if group else "said_at")[: LATELY if group else MOST]
    ]


def waiting() -> list[tuple[UUID, str, int]]:
    """Return the groups whose proposals wait, with how many, the oldest first."""
    rows = (
        Proposal.objects.filter(status=ProposalStatus.OPEN)
        .values_list("group_id", "group__name")
        .annotate(n=Count("pk"))
        .order_by("group__name", "group_id")
    )
    return list(rows)


def counts() -> dict[str, int]:
    """Return how much of each waits, for Heute."""
    return {
        "notices": LiveNotice.objects.filter(seen_at=None).count(),
        "proposals": Proposal.objects.filter(status=ProposalStatus.OPEN).count(),
        "calls": len(asking.calls_to_make()),
        "to_decide": len(asking.to_decide()),
    }


def sides(group: Group, *, by: Staff, at: datetime) -> list[Side]:
    """Return a group's proposals side by side: those that wait, then those decided lately."""
    rows = list(Proposal.objects.filter(group=group, status=ProposalStatus.OPEN).order_by("said_at", "pk"))
    decided = Proposal.objects.filter(group=group).exclude(
        status__in=[ProposalStatus.OPEN, ProposalStatus.REPLACED]
    )
    rows += list(decided.order_by("-decided_at", "pk")[:LATELY])
    return [_side(row, group, by, at) for row in rows]


def group_page(group: Group, *, by: Staff, at: datetime) -> dict[str, Any]:
    """Return what the page of one group shows."""
    key = OwnPageKey.objects.filter(group=group).first()
    return {
        "group": group,
        "sides": sides(group, by=by, at=at),
        "notices": notices(group),
        "key_until": key.expires_on if key else None,
        "update": YearlyUpdate.objects.filter(group=group, closed_on__isnull=True).first(),
        "by_which_way": confirming(),
        "reference": sheet.reference_of(group),
    }


def confirming() -> list[tuple[str, str, str]]:
    """Return the ways by which a group confirms at the desk: value, words, key of the keyboard."""
    How = YearlyUpdate.How  # noqa: N806 - a class
    keyed = {How.PHONE: "t", How.SHEET: "b", How.MAIL: "m", How.VISIT: "v", How.TALK: "s"}
    return [(how.value, str(how.label), key) for how, key in keyed.items()]


@dataclass(frozen=True, slots=True)
class Asked:
    """A group of the yearly question."""

    update: UUID
    group: UUID
    name: str
    opened_on: date
    last: str
    stand: date | None


def yearly_page(*, on: date) -> dict[str, Any]:
    """Return what the page "Jährliche Nachfrage" shows."""
    campaign = YearlyCampaign.objects.first()
    open_ones = YearlyUpdate.objects.filter(status=YearlyStatus.ASKING).select_related("group")
    listed = Group.objects.filter(listed=True).exclude(stage=Stage.DISSOLVED)
    confirmed = listed.filter(confirmed_on__gt=date(on.year - 1, on.month, min(on.day, 28))).count()
    return {
        "campaign": campaign,
        "calls": [(row.pk, row.update.group_id, row.update.group.name, row.planned_on) for row in asking.calls_to_make()],
        "to_decide": [(row.pk, row.group_id, row.group.name, row.opened_on, row.group.listed) for row in asking.to_decide()],
        "asked": [_asked(row) for row in open_ones.order_by("opened_on", "pk")[:MOST]],
        "listed": listed.count(),
        "confirmed": confirmed,
        "by_which_way": confirming(),
    }  # fmt: skip


def _asked(row: YearlyUpdate) -> Asked:
    last = YearlyAsking.objects.filter(update=row).order_by("planned_on", "pk").last()
    words = ""
    if last is not None:
        on = last.asked_on or last.planned_on
        words = f"{PostWay(last.way).label} am {formats.short_date(on)}"
        words += ", kam zurück" if last.came_back else ", steht noch aus" if last.asked_on is None else ""
        words = f"Ankündigung, {words}" if last.is_announcement else words
    return Asked(row.pk, row.group_id, row.group.name, row.opened_on, words, row.group.confirmed_on)


def _side(row: Proposal, group: Group, by: Staff, at: datetime) -> Side:
    may = proposals.may_decide(row.field, by)
    now = proposals.now_of(row, group) if may else None
    wish, base = (_read(row.wish), _read(row.base)) if may else (None, None)
    status = ProposalStatus(row.status)
    is_open = status == ProposalStatus.OPEN
    moved = is_open and row.field in proposals.FIELDS and proposals.mark_of(base) != proposals.mark_of(now)
    delayed = row.field in proposals.DELAYED
    who = Staff.objects.filter(pk=row.decided_by).first() if len(row.decided_by) == 36 else None  # noqa: PLR2004 - a UUID
    return Side(
        number=row.pk,
        label=proposals.LABELS[row.field],
        now=said(row.field, now),
        wish=said(row.field, wish),
        base=said(row.field, base) if moved else None,
        mark=proposals.mark_of(now),
        said_at=row.said_at,
        status=str(status.label),
        is_open=is_open,
        may_decide=may,
        wants_call=is_open and delayed,
        was_called=row.called_back_at is not None,
        ready_from=row.said_at + ALONE_AFTER if is_open and delayed and at < row.said_at + ALONE_AFTER else None,
        may_take_back=status == ProposalStatus.REJECTED
        or (status == ProposalStatus.ACCEPTED and row.field in {*proposals.FIELDS, proposals.WORDS}),
        decided=called(who) if who else "",
        is_words=row.field == proposals.WORDS,
    )  # fmt: skip


def _read(text: str | None) -> Any:
    return json.loads(text) if text else None


def _when(row: LiveNotice) -> str:
    if row.on is None:
        return ""
    until = row.kind in {LiveNotice.Kind.PAUSED, LiveNotice.Kind.INTAKE_STOP}
    return f"{' bis ' if until else ': '}{formats.german_date(row.on)}"
