"""The rule of the yearly question: when a group is due, by which way it is asked next, when the desk decides. Pure.

A group is asked before its year is over, so that reminders and calls still fit into it: in writing (by mail three times, by
letter twice), then by calls, always fifteen days apart. Who has not answered then is put before the desk; nothing happens by
itself. Half a year later it is asked again. A list taken over at once is spread over 32 weeks, by a group's own number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from kontaktstelle.groups.ways import PostWay

# Long enough to be a year's question, short enough that most answers of a silent group still fall within twelve months.
ASKED_AFTER = timedelta(days=275)
APART = timedelta(days=15)
SPREAD_WEEKS = 32
RESTS_AFTER_SILENCE = timedelta(days=182)
ANSWER_WITHIN = timedelta(days=14)
# How often in writing, then how many calls.
ROUNDS: dict[PostWay, tuple[int, int]] = {
    PostWay.MAIL: (3, 5),
    PostWay.LETTER: (2, 5),
    PostWay.CALL: (0, 6),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """One time a group was asked: when, by which way, whether it only announced what will come, whether it came back."""

    on: date
    way: PostWay
    is_announcement: bool = False
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Next:
    """What is to be done next: ask by this way (first announced by letter), or, without a way, let the desk decide."""

    way: PostWay | None
    is_announcement: bool = False


def due_from(
    *, number: UUID, known_since: date, confirmed_on: date | None, left_on: date | None = None
) -> date:
    """Return from which day on a group is asked.

    Args:
        number: of the group; it chooses its week while a list that was taken over is spread.
        known_since: when the office took it into its records.
        confirmed_on: "Stand"; None if nobody knows.
        left_on: when an earlier question ended without an answer.
    """
    spread = known_since + timedelta(weeks=number.int % SPREAD_WEEKS)
    due = spread if confirmed_on is None else confirmed_on + ASKED_AFTER
    if confirmed_on is not None and due < known_since:
        due = spread
    return max(due, left_on + RESTS_AFTER_SILENCE) if left_on else due


def next_asking(
    asked: Sequence[Asked], *, way: PostWay, on: date, is_first_time: bool, can_write_letter: bool
) -> Next | None:
    """Return what comes next in a question that is open; None while there is still time to answer.

    Args:
        asked: so far, in order; a call counts from the day it was made.
        way: how the group is reached now.
        on: today.
        is_first_time: the group was never asked before: a mail is announced by letter, so that it is not taken for a fraud.
        can_write_letter: an address is known.
    """
    if asked and on < asked[-1].on + APART:
        return None
    if not asked and is_first_time and way == PostWay.MAIL and can_write_letter:
        return Next(PostWay.LETTER, is_announcement=True)
    questions = [each for each in asked if not each.is_announcement]
    in_writing, calls = ROUNDS[way]
    written = sum(each.way != PostWay.CALL for each in questions)
    made = len(questions) - written
    came_back = any(each.came_back and each.way == way for each in questions)
    # After the first call nobody goes back to writing.
    if written < in_writing and not made and not came_back:
        return Next(way)
    return Next(PostWay.CALL) if made < calls else Next(None)
