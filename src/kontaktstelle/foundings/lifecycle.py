"""The statuses of a founding and of what hangs on it, and the only moves between them.

They are those of the field (idea, talk, call, gathering, date, start, by itself, talk after half a year) with three exits:
into a group there is, resting until a day, given up. An attempt that ends is counted as one, so no status is ever erased.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import Any, TypeVar

from django.db import models

from kontaktstelle.refusal import StepRefused


class FoundingStatus(models.TextChoices):
    """How far a Gründung has come."""

    IDEA = "idea", "Idee"
    ADVICE = "advice", "Beratung"
    CALLING = "calling", "Aufruf"
    GATHERING = "gathering", "Interessierte sammeln"
    APPOINTED = "appointed", "Gründungstreffen steht"
    STARTING = "starting", "Startphase"
    INDEPENDENT = "independent", "selbstständig"
    SETTLED = "settled", "besteht seit einem halben Jahr"
    JOINED = "joined", "in eine bestehende Gruppe gegangen"
    RESTING = "resting", "ruht"
    GIVEN_UP = "given-up", "aufgegeben"


class InterestStatus(models.TextChoices):
    """Whether somebody still stands on a list."""

    LISTED = "listed", "auf der Liste"
    WITHDRAWN = "withdrawn", "von der Liste gegangen"
    LAPSED = "lapsed", "nicht verlängert"
    ENDED = "ended", "Liste geschlossen"


class InvitationStatus(models.TextChoices):
    """What somebody said to an invitation."""

    TO_CALL = "to-call", "anzurufen"
    SENT = "sent", "eingeladen"
    COMING = "coming", "kommt"
    NOT_COMING = "not-coming", "kommt nicht"
    TO_CALL_OFF = "to-call-off", "Absage anzurufen"
    CALLED_OFF = "called-off", "abgesagt"


class OutreachStatus(models.TextChoices):
    """Whether a call for people is out."""

    PLANNED = "planned", "geplant"
    OUT = "out", "erschienen"
    DROPPED = "dropped", "fallen gelassen"


class MeetingStatus(models.TextChoices):
    """Whether a meeting took place."""

    PLANNED = "planned", "geplant"
    HELD = "held", "hat stattgefunden"
    CALLED_OFF = "called-off", "fiel aus"


F, I, V, O, M = FoundingStatus, InterestStatus, InvitationStatus, OutreachStatus, MeetingStatus  # noqa: E741 - a table is read by column
_OUT = {F.JOINED, F.GIVEN_UP}
FOUNDING_STEPS: dict[FoundingStatus, set[FoundingStatus]] = {
    F.IDEA: {F.ADVICE, F.RESTING, *_OUT},
    F.ADVICE: {F.CALLING, F.RESTING, *_OUT},
    F.CALLING: {F.GATHERING, F.RESTING, *_OUT},
    F.GATHERING: {F.CALLING, F.APPOINTED, F.RESTING, *_OUT},
    # A date is called off before anything else: nobody stands before a closed door.
    F.APPOINTED: {F.GATHERING, F.STARTING},
    F.STARTING: {F.INDEPENDENT, F.RESTING, *_OUT},
    F.INDEPENDENT: {F.SETTLED, F.GIVEN_UP},
    F.RESTING: {F.IDEA, F.ADVICE, F.CALLING, F.GATHERING, F.STARTING, *_OUT},
    F.SETTLED: set(),
    F.JOINED: set(),
    F.GIVEN_UP: set(),
}
INTEREST_STEPS: dict[InterestStatus, set[InterestStatus]] = {
    I.LISTED: {I.WITHDRAWN, I.LAPSED, I.ENDED},
    # Who is still to be told how it went may go before that.
    I.ENDED: {I.WITHDRAWN},
    I.WITHDRAWN: set(),
    I.LAPSED: set(),
}
INVITATION_STEPS: dict[InvitationStatus, set[InvitationStatus]] = {
    V.TO_CALL: {V.SENT, V.COMING, V.NOT_COMING, V.CALLED_OFF},
    V.SENT: {V.COMING, V.NOT_COMING, V.TO_CALL_OFF, V.CALLED_OFF},
    V.COMING: {V.NOT_COMING, V.TO_CALL_OFF, V.CALLED_OFF},
    V.NOT_COMING: {V.COMING, V.CALLED_OFF},
    # Who counts on a meeting and has a telephone only stays here until somebody reached them.
    V.TO_CALL_OFF: {V.CALLED_OFF},
    V.CALLED_OFF: set(),
}
OUTREACH_STEPS: dict[OutreachStatus, set[OutreachStatus]] = {
    O.PLANNED: {O.OUT, O.DROPPED},
    O.OUT: set(),
    O.DROPPED: set(),
}
MEETING_STEPS: dict[MeetingStatus, set[MeetingStatus]] = {
    M.PLANNED: {M.HELD, M.CALLED_OFF},
    M.HELD: set(),
    M.CALLED_OFF: set(),
}
TABLES: Mapping[type[models.TextChoices], Mapping[Any, AbstractSet[Any]]] = {
    F: FOUNDING_STEPS,
    I: INTEREST_STEPS,
    V: INVITATION_STEPS,
    O: OUTREACH_STEPS,
    M: MEETING_STEPS,
}
assert all(set(steps) == set(statuses) for statuses, steps in TABLES.items())  # noqa: S101 - an incomplete table must not import

# Something is next, until a day.
LIVE = frozenset(
    {F.IDEA, F.ADVICE, F.CALLING, F.GATHERING, F.APPOINTED, F.STARTING, F.INDEPENDENT, F.RESTING}
)
# People may still be put on the list: press work is answered for weeks, also while a date stands.
TAKES_PEOPLE = frozenset({F.ADVICE, F.CALLING, F.GATHERING, F.APPOINTED, F.STARTING, F.RESTING})

Status = TypeVar("Status", FoundingStatus, InterestStatus, InvitationStatus, OutreachStatus, MeetingStatus)


class WrongStatus(StepRefused):
    """The table knows no such move."""


def check_step(steps: Mapping[Status, AbstractSet[Status]], now: Status, to: Status) -> None:
    """Refuse a move the table does not know.

    Raises:
        WrongStatus: with both statuses in its sentence.
    """
    if to not in steps[now]:
        raise WrongStatus(f"Von „{now.label}“ führt kein Schritt zu „{to.label}“.")
