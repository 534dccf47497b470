"""Referrals, clearing talks, foundings, funding and activities of a year that add up to given numbers."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.enquiries.models import Clearing, Referral
from kontaktstelle.foundings.models import Founding, Interest
from kontaktstelle.funding.lifecycle import ApplicationStatus, TellingStatus
from kontaktstelle.funding.models import Application, FundingRound, Programme, Telling
from kontaktstelle.groups.models import Group

from .records import BLOCK, Year

LARGEST = 30_000
TRAINING, ROOM = "training", "room-groups"
# Without a published number of groups so many share what was granted.
FEW = 10


def write(office: Any, year: Year, groups: Sequence[Any]) -> None:
    """Write what was done in a year."""
    _referrals(office, year, groups)
    Clearing.objects.bulk_create(
        Clearing(contact_point=office, month=year.month(number), outcomes=["fits"])
        for number in range(year.of("clearings") or 0)
    )
    _foundings(office, year)
    _funding(office, year, groups)
    _activities(office, year)


def _referrals(office: Any, year: Year, groups: Sequence[Any]) -> None:
    to_group, network = year.of("referrals.group"), year.of("referrals.network")
    total = year.of("referrals")
    if total is not None:
        to_group = total - (network or 0) if to_group is None else to_group
        network = total - to_group
    group = next(iter(groups), None)
    if to_group and group is None:
        group = Group.objects.create(
            contact_point=office, slug=f"{office.slug}-nur-intern-{year.year}", name="Gruppe"
        ).pk
        Group.objects.filter(pk=group).update(created_at=datetime(1990, 1, 1, tzinfo=UTC))
    where: list[dict[str, Any]] = [{"group_id": group}] * (to_group or 0) + [{"network": "service:netz"}] * (
        network or 0
    )
    rows = [
        Referral(
            contact_point=office,
            route=Referral.Route.OPEN,
            status="told",
            counted_in=year.month(number),
            **each,
        )
        for number, each in enumerate(where)
    ]
    Referral.objects.bulk_create(rows, batch_size=BLOCK)


def _foundings(office: Any, year: Year) -> None:
    supported = year.of("foundings.supported")
    open_ones, begun = year.of("foundings.in-progress") or 0, year.of("foundings.begun")
    interested = year.of("foundings.interested") or 0
    count = max(supported or 0, begun or 0, open_ones, 1 if interested else 0)
    earlier = (supported - begun) if supported is not None and begun is not None else 0
    rows = []
    for number in range(count):
        ended = number >= open_ones
        rows.append(
            Founding(
                contact_point=office, id=uuid4(), origin="person", topics=["grief"],
                begun_month=date(year.year - 1, 6, 1) if number >= count - earlier else year.month(number),
                status="given-up" if ended else "gathering", reason="too-few" if ended else "",
                ended_month=date(year.year, 12, 1) if ended else None, next_on=None if ended else date(year.year + 1, 1, 10),
            )
        )  # fmt: skip
    Founding.objects.bulk_create(rows)
    # They have gone since: what stays of them is the month, the topic and where they heard.
    Interest.objects.bulk_create(
        (
            Interest(
                contact_point=office, kind="founding", founding=rows[0], status="lapsed", month=year.month(number), topics=["grief"], heard="press"
            )
            for number in range(interested)
        ),
        batch_size=BLOCK,
    )  # fmt: skip


def _funding(office: Any, year: Year, groups: Sequence[Any]) -> None:
    euros, granted_groups = year.of("funding.granted"), year.of("funding.groups")
    applied, told = year.of("funding.applied"), year.of("funding.told") or 0
    if euros is None and granted_groups is None and applied is None and not told:
        return
    granted = granted_groups if granted_groups is not None else min(applied or FEW, FEW) if euros else 0
    applied = max(applied or 0, granted)
    numbers = _enough(office, year, groups, max(granted, 1))
    programme = Programme.objects.create(
        key=f"{office.slug}-{year.year}",
        name="Förderung",
        kind="municipal",
        source="nachgestellt",
    )
    rounds = [
        FundingRound.objects.create(
            programme=programme, key=f"{programme.key}-{number}", name="Runde", year=year.year, due_on=date(year.year, 3, 31), source="nachgestellt"
        )
        for number in range(applied // len(numbers) + 1)
    ]  # fmt: skip
    cents = (euros or granted) * 100
    at = datetime(year.year, 3, 1, 10, tzinfo=UTC)
    rows = []
    for number in range(applied):
        has = number < granted
        share = cents // granted + (cents % granted if number == 0 else 0) if has else None
        rows.append(
            Application(
                contact_point=office, group_id=numbers[number % len(numbers)], round=rounds[number // len(numbers)],
                status=ApplicationStatus.GRANTED if has else ApplicationStatus.SUBMITTED, granted_cents=share,
                granted_on=date(year.year, 5, 1) if has else None, began_at=at, changed_at=at,
            )
        )  # fmt: skip
    Application.objects.bulk_create(rows)
    Telling.objects.bulk_create(
        Telling(
            contact_point=office, group_id=number, about="application", round=rounds[0], year=year.year, due_on=rounds[0].due_on, step="eight",
            way="mail", status=TellingStatus.TOLD, made_at=at, told_at=at,
        )
        for number in _enough(office, year, groups, told)[:told]
    )  # fmt: skip


def _enough(office: Any, year: Year, groups: Sequence[Any], count: int) -> list[Any]:
    """Return groups, with more made where nothing was published of how many there are; those count in no stock that was."""
    found = list(groups)
    if len(found) < count and year.of("groups.end") is None:
        more = [
            Group(contact_point=office, id=uuid4(), slug=f"{office.slug}-{uuid4()}", name="Gruppe") for _ in range(count - len(found))
        ]  # fmt: skip
        Group.objects.bulk_create(more, batch_size=BLOCK)
        found += [group.pk for group in more]
    return found


def _activities(office: Any, year: Year) -> None:
    rows: list[ActivityRecord] = []

    def note(kind: str, times: int, *, text: str = "", reached: int | None = None) -> None:
        while times > 0:
            at_once = min(times, LARGEST)
            rows.append(
                ActivityRecord(
                    contact_point=office, kind=kind, month=year.month(len(rows)), times=at_once, text=text[:200], reached=reached,
                    entered_at=datetime(year.year, 12, 31, 12, tzinfo=UTC),
                )
            )  # fmt: skip
            times, reached = times - at_once, None

    for figure, kind in (
        ("trainings", TRAINING),
        ("outreach", "post"),
        ("rooms.meetings", ROOM),
        ("committees", "committee"),
        ("cooperation", "cooperation"),
    ):
        said = 0
        for value, count in year.parts(figure, "activity").items():
            note(value, count)
            said += count
        for title, count in year.parts(figure, "title").items():
            note(kind, count, text=title)
            said += count
        people, total = year.of(f"{figure}.people"), year.of(figure)
        left = max((total or 0) - said, 1 if people is not None and not said else 0)
        first = len(rows)
        note(kind if figure != "outreach" or not said else "press", left)
        if people is not None:
            (rows[first] if len(rows) > first else rows[-1]).reached = people
    ActivityRecord.objects.bulk_create(rows)
