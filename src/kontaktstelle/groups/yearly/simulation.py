"""What the yearly question would reach with given shares of answers: the rule itself, run over invented groups.

Nothing of it touches a database. Chance is drawn from a seed, so that a run can be repeated.
"""

import random
import uuid
from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from kontaktstelle.groups.ways import PostWay

from .rule import Asked, due_from, next_asking

YEAR = timedelta(days=365)
# Minutes of staff; an assumption, printed with the result.
MINUTES: dict[str, float] = {
    "letter": 3, "sheet": 4, "reply": 2, "call-reached": 8, "call-missed": 2, "decision": 5,
}  # fmt: skip
LONGEST_ANSWER = 10
CALL_WITHIN = 3


@dataclass(frozen=True, slots=True)
class Rates:
    """Shares that answer: by mail in the first, second and third round, by each letter, by each call; and who never does."""

    mail: tuple[float, ...] = (0.45, 0.20, 0.10)
    letter: float = 0.40
    call: float = 0.75
    unreachable: float = 0.03

    def halved(self) -> "Rates":
        """Return the same with half of all answers; as many as before never answer."""
        return Rates(tuple(each / 2 for each in self.mail), self.letter / 2, self.call / 2, self.unreachable)


@dataclass(slots=True)
class Result:
    """What came of it: shares of groups whose "Stand" is younger than twelve months, and the work it took."""

    after_one_year: float = 0.0
    at_the_end: float = 0.0
    lowest_in_second_year: float = 1.0
    least_days_between: int | None = None
    minutes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(MINUTES, 0.0))
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def hours_a_year(self) -> float:
        """Hours of staff in a year."""
        return sum(self.minutes.values()) / 60 / max(self.counts["years"], 1)


@dataclass(frozen=True, slots=True)
class _World:
    """What one run shares: its first day, who answers, chance, and what is noted."""

    start: date
    rates: Rates
    chance: random.Random
    result: Result


@dataclass(slots=True)
class _Group:
    number: uuid.UUID
    way: PostWay
    has_postal_address: bool
    answers: bool
    confirmed_on: date | None = None
    left_on: date | None = None
    asked: list[Asked] | None = None
    call_on: date | None = None
    answer_on: date | None = None
    was_asked_before: bool = False
    all_asked_on: list[date] = field(default_factory=list)


def simulate(
    *,
    groups: int,
    years: int,
    rates: Rates,
    start: date,
    seed: int = 4,
    by_mail: float = 0.7,
    by_letter: float = 0.2,
) -> Result:
    """Follow so many groups of a list that was just taken over, of unknown "Stand", day by day.

    Args:
        groups: how many.
        years: how long.
        rates: who answers.
        start: the first day.
        seed: of chance.
        by_mail: share reached by mail.
        by_letter: share reached by letter; the rest by telephone alone.
    """
    chance = random.Random(seed)  # noqa: S311 - an invented world, to be repeated
    unreachable = round(groups * rates.unreachable)
    made = [
        _Group(
            uuid.UUID(int=chance.getrandbits(128)),
            PostWay.MAIL if each < groups * by_mail else PostWay.LETTER if each < groups * (by_mail + by_letter) else PostWay.CALL,
            chance.random() < by_mail, answers=True,
        )
        for each in range(groups)
    ]  # fmt: skip
    for each in chance.sample(made, unreachable):
        each.answers = False
    result = Result()
    result.counts["years"] = years
    world = _World(start, rates, chance, result)
    for offset in range(years * YEAR.days + 1):
        on = start + timedelta(days=offset)
        for each in made:
            _a_day(each, on, world)
        confirmed = (
            sum(each.confirmed_on is not None and each.confirmed_on > on - YEAR for each in made) / groups
        )
        result.at_the_end = confirmed
        if offset == YEAR.days:
            result.after_one_year = confirmed
        if offset >= YEAR.days:
            result.lowest_in_second_year = min(result.lowest_in_second_year, confirmed)
    spans = [
        (later - day).days
        for each in made
        for day, later in zip(each.all_asked_on, each.all_asked_on[1:], strict=False)
    ]
    result.least_days_between = min(spans, default=None)
    return result


def _a_day(group: _Group, on: date, world: _World) -> None:
    result = world.result
    if group.answer_on == on:
        group.confirmed_on, group.asked, group.answer_on, group.call_on, group.was_asked_before = (
            on,
            None,
            None,
            None,
            True,
        )
        result.counts["confirmed"] += 1
        return
    if group.call_on is not None:
        if group.call_on == on:
            group.call_on = None
            _called(group, on, world)
        return
    if group.asked is None:
        if on < due_from(
            number=group.number,
            known_since=world.start,
            confirmed_on=group.confirmed_on,
            left_on=group.left_on,
        ):
            return
        group.asked = []
    coming = next_asking(
        group.asked, way=group.way, on=on, is_first_time=not group.was_asked_before,
        can_write_letter=group.has_postal_address,
    )  # fmt: skip
    if coming is None:
        return
    if coming.way is None:
        group.asked, group.left_on, group.was_asked_before = None, on, True
        result.minutes["decision"] += MINUTES["decision"]
        result.counts["decisions"] += 1
    elif coming.way == PostWay.CALL:
        group.call_on = on + timedelta(days=world.chance.randint(1, CALL_WITHIN))
    else:
        _written(group, coming.way, on, world, is_announcement=coming.is_announcement)


def _written(group: _Group, way: PostWay, on: date, world: _World, *, is_announcement: bool) -> None:
    result, rates, chance = world.result, world.rates, world.chance
    assert group.asked is not None  # noqa: S101 - a question is open
    before = sum(not each.is_announcement for each in group.asked)
    group.asked.append(Asked(on, way, is_announcement))
    group.all_asked_on.append(on)
    result.counts["announcements" if is_announcement else f"{way}s"] += 1
    if way == PostWay.LETTER:
        result.minutes["letter"] += MINUTES["letter"]
    if is_announcement:
        return
    share = rates.letter if way == PostWay.LETTER else rates.mail[min(before, len(rates.mail) - 1)]
    if group.answers and chance.random() < share:
        group.answer_on = on + timedelta(days=chance.randint(1, LONGEST_ANSWER))
        kind = "sheet" if way == PostWay.LETTER else "reply"
        result.minutes[kind] += MINUTES[kind]


def _called(group: _Group, on: date, world: _World) -> None:
    result, rates, chance = world.result, world.rates, world.chance
    assert group.asked is not None  # noqa: S101 - a question is open
    group.asked.append(Asked(on, PostWay.CALL))
    group.all_asked_on.append(on)
    result.counts["calls"] += 1
    if group.answers and chance.random() < rates.call:
        result.minutes["call-reached"] += MINUTES["call-reached"]
        group.confirmed_on, group.asked, group.was_asked_before = on, None, True
        result.counts["confirmed"] += 1
    else:
        result.minutes["call-missed"] += MINUTES["call-missed"]
