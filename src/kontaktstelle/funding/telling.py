"""The nightly work of telling: every known group, of each checked deadline, in its own way, until it says "erledigt" or "will nicht".

A telling is one row, made in the transaction that queues its mail or letter; who is told by a call has a row that waits for
the call. A week before, a group that has said nothing is called as well. The rows are the proof: told, how, when.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.db import transaction

from kontaktstelle.groups.models import Group
from kontaktstelle.groups.reaching import Reached, reach
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import Sender
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy.retention import day as day_of

from . import matching, programmes
from .lifecycle import OWES_PROOF, STILL_REMINDED, ApplicationStatus, TellingStatus
from .models import Application, FundingCard, FundingRound, FundingSearch, Telling
from .steps import FIRST, LAST, step_due

ACTOR = "nightly"
About = Telling.About
Step = Telling.Step
PROOF_TEMPLATE, NONE_TEMPLATE, ALL_YEAR_TEMPLATE = (
    "funding/mail/proof_ahead", "funding/mail/none_found", "funding/mail/all_year",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Due:
    """One thing a group is to be told."""

    group: Group
    about: About
    step: Step
    year: int
    round: FundingRound | None = None
    due_on: date | None = None

    @classmethod
    def of(cls, telling: Telling) -> "Due":
        """Return what a telling told of."""
        about, step = About(telling.about), Step(telling.step)
        return cls(telling.group, about, step, telling.year, telling.round, telling.due_on)

    @property
    def template(self) -> str:
        """Return the fixed words: by the kind of programme, for nothing else gets into a message."""
        if self.about == About.APPLICATION and self.round is not None:
            return f"funding/mail/deadline_{self.round.programme.kind.replace('-', '_')}"
        return {About.PROOF: PROOF_TEMPLATE, About.NONE: NONE_TEMPLATE}.get(self.about, ALL_YEAR_TEMPLATE)


def tell_due(office: ContactPoint, *, at: datetime, most: int | None = None) -> int:
    """Tell the groups of the office being acted for whatever is due today. May be repeated: nothing is told twice.

    Args:
        office: being acted for.
        at: now.
        most: stop after so many things to tell; what is left is told the next time.

    Returns:
        How many tellings were made.
    """
    on = day_of(at)
    due = list(islice(what_is_due(office, on=on), most))
    if not due:
        return 0
    sender = letterhead(office)
    made = 0
    for each in due:
        made += _tell(each, sender, at=at)
    return made


def what_is_due(office: ContactPoint, *, on: date) -> Iterable[Due]:
    """Yield what each known group is to be told on a day and was not told yet."""
    checked = list(programmes.checked_rounds(office.pk))
    applications = [
        each
        for each in checked
        if each.purpose == FundingRound.Purpose.APPLICATION and each.programme.for_groups and (
            each.year == on.year if each.due_on is None else step_due(each.due_on, on) is not None
        )
    ]  # fmt: skip
    searched = FundingSearch.objects.filter(year=on.year).exists()
    yield from _proofs(on)
    if not applications and not searched:
        return
    place, groups = matching.Place(office), matching.known_groups()
    told = _told(groups, on)
    quiet = set(FundingCard.objects.filter(quiet_since__isnull=False).values_list("group", flat=True))
    said = {
        (each.group_id, each.round_id): each.status
        for each in Application.objects.filter(round__in=applications)
    }
    every = list(programmes.programmes_of(office.pk).filter(for_groups=True))
    for group in groups:
        if group.pk in quiet:
            continue
        for each in applications:
            if not place.reaches(each.programme, group):
                continue
            if said.get((group.pk, each.pk), ApplicationStatus.INFORMED) not in STILL_REMINDED:
                continue
            step = Step.ONCE if each.due_on is None else step_due(each.due_on, on)
            about = About.ALL_YEAR if each.due_on is None else About.APPLICATION
            if step and (group.pk, about, each.pk, each.due_on, step) not in told:
                yield Due(group, about, step, each.year, each, each.due_on)
        none = (group.pk, About.NONE, None, None, Step.ONCE)
        if searched and none not in told and not any(place.reaches(each, group) for each in every):
            yield Due(group, About.NONE, Step.ONCE, on.year)


def _told(groups: Sequence[Group], on: date) -> set[tuple[object, ...]]:
    """Return what was told since the beginning of last year; of a date moved since, not: the new one is told anew."""
    rows = Telling.objects.filter(group__in=groups, year__gte=on.year - 1)
    return {
        (group, about, of_round, due_on, step)
        for group, about, of_round, due_on, step, year in rows.values_list(
            "group", "about", "round", "due_on", "step", "year"
        )
        if due_on is not None or year == on.year
    }


def _proofs(on: date) -> Iterable[Due]:
    owing = Application.objects.filter(
        group__isnull=False, status__in=sorted(OWES_PROOF), proof_due_on__range=(on, on + FIRST)
    )
    for application in owing.select_related("group", "round__programme"):
        step = step_due(application.proof_due_on, on)
        known = Telling.objects.filter(
            group=application.group_id, round=application.round_id, about=About.PROOF,
            due_on=application.proof_due_on, step=step,
        )  # fmt: skip
        if step and not known.exists():
            yield Due(
                application.group, About.PROOF, step, application.proof_due_on.year, application.round,
                application.proof_due_on,
            )  # fmt: skip


@transaction.atomic
def _tell(due: Due, sender: Sender, *, at: datetime) -> int:
    # One group at a time: two workers make one telling, and one group's trouble keeps nobody else from hearing.
    Group.objects.select_for_update().get(pk=due.group.pk)
    if Telling.objects.filter(
        group=due.group, about=due.about, round=due.round, due_on=due.due_on, step=due.step, year=due.year
    ).exists():
        return 0
    silent = due.about == About.APPLICATION and _note_informed(due, at=at) == ApplicationStatus.INFORMED
    # A mail about this deadline came back: the next words about it are spoken.
    reached = Reached(PostWay.CALL) if _came_back(due) else reach(due.group, by=ACTOR, at=at)
    _make(due, due.step, reached, sender, at=at)
    # Money is at stake: whoever has said nothing a week before is called, whatever else is sent.
    calls = silent and due.step == Step.ONE and reached.way != PostWay.CALL
    if calls and not _is_called(due):
        call_instead(due, Step.SILENCE, at=at)
        return 2
    return 1


def _make(due: Due, step: Step, reached: Reached, sender: Sender, *, at: datetime) -> Telling:
    telling = Telling(
        contact_point_id=current(), group=due.group, about=due.about, round=due.round, year=due.year,
        due_on=due.due_on, step=step, way=reached.way, status=TellingStatus.TO_CALL, made_at=at,
    )  # fmt: skip
    if reached.to is not None:
        # Deadlines do not wait for a posting day; what has none goes with the Sammelpost, for which `about` is the group.
        bundled = due.due_on is None
        telling.dispatch = outbox.queue(
            due.template, to=reached.to, sender=sender, at=at, until=due.due_on,
            kind=Kind.BUNDLED if bundled else Kind.DEADLINE,
            about=due.group.pk if bundled else telling.pk,
        )  # fmt: skip
        telling.status = TellingStatus.ON_ITS_WAY
    telling.save(force_insert=True)
    return telling


def call_instead(due: Due, why: Step, *, at: datetime) -> None:
    """Ask somebody to call a group, because nothing came back or a message did. Once for each reason and date."""
    Telling.objects.get_or_create(
        group=due.group, about=due.about, round=due.round, due_on=due.due_on, year=due.year, step=why,
        defaults={
            "contact_point_id": due.group.contact_point_id, "way": PostWay.CALL,
            "status": TellingStatus.TO_CALL, "made_at": at,
        },
    )  # fmt: skip


def _is_called(due: Due) -> bool:
    return bool(
        Telling.objects.filter(
            group=due.group, round=due.round, about=due.about, due_on=due.due_on, status=TellingStatus.TO_CALL
        ).exists()
    )


def _came_back(due: Due) -> bool:
    return bool(
        due.due_on
        and Telling.objects.filter(
            group=due.group, round=due.round, about=due.about, due_on=due.due_on, step=Step.BOUNCE
        ).exists()
    )


def _note_informed(due: Due, *, at: datetime) -> str:
    application, _ = Application.objects.get_or_create(
        group=due.group, round=due.round,
        defaults={
            "contact_point_id": current(), "status": ApplicationStatus.INFORMED, "began_at": at, "changed_at": at,
        },
    )  # fmt: skip
    return str(application.status)


def calls_to_make() -> list[Telling]:
    """Return the calls of the office being acted for that are still to be made, the nearest deadline first."""
    waiting = Telling.objects.filter(status=TellingStatus.TO_CALL).select_related("group", "round__programme")
    return sorted(waiting, key=lambda each: (each.due_on or date.max, each.made_at, str(each.pk)))


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the list "told, how, when", for the proof."""

    number: uuid.UUID
    group: str
    what: str
    due_on: date | None
    step: str
    way: str
    status: str
    told_at: datetime | None


def told_list(*, year: int) -> list[Line]:
    """Return what the groups of the office being acted for were told for a year, by group and moment."""
    rows = Telling.objects.filter(year=year).select_related("group", "round__programme")
    return [
        Line(
            row.pk, row.group.name, row.round.programme.name if row.round else str(About(row.about).label), row.due_on,
            str(Step(row.step).label), str(PostWay(row.way).label), str(TellingStatus(row.status).label), row.told_at,
        )
        for row in rows.order_by("group__name", "group", "made_at", "pk")
    ]  # fmt: skip


def not_told_in_time(*, on: date) -> list[tuple[Group, FundingRound]]:
    """Return which known groups were told of no step of a checked deadline that has passed or ends within a week, though nothing stopped it."""
    place = matching.Place(ContactPoint.objects.get(pk=current()))
    near = programmes.checked_rounds(current()).filter(
        purpose=FundingRound.Purpose.APPLICATION, programme__for_groups=True,
        due_on__range=(on - timedelta(days=365), on + LAST),
    )  # fmt: skip
    missed = []
    for each in near:
        told = set(
            Telling.objects.filter(round=each, due_on=each.due_on, status=TellingStatus.TOLD).values_list(
                "group", flat=True
            )
        )
        stopped = set(
            Application.objects.filter(round=each)
            .exclude(status__in=sorted(STILL_REMINDED))
            .values_list("group", flat=True)
        )
        quiet = set(FundingCard.objects.filter(quiet_since__isnull=False).values_list("group", flat=True))
        missed += [
            (group, each)
            for group in matching.known_groups()
            if place.reaches(each.programme, group)
            and group.pk not in told | stopped | quiet
            and (each.due_on is None or day_of(group.created_at) <= each.due_on)
        ]
    return missed
