"""The three ways out: into a group there is, resting until a day, given up. Attempts are counted, so exits are too."""

from datetime import date, datetime
from uuid import UUID

from django.db import models

from kontaktstelle.enquiries import days
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused

from . import interested
from .access import check_can_found
from .keeping import ahead, here, locked, moved, once, to_move
from .lifecycle import FOUNDING_STEPS, FoundingStatus, WrongStatus
from .models import Founding
from .starting import ends

S = FoundingStatus


class Reason(models.TextChoices):
    """Why a founding is given up."""

    TOO_FEW = "too-few", "zu wenige Interessierte"
    NOBODY_CAME = "nobody-came", "niemand kam"
    FOUNDER_LEFT = "founder-left", "Gründungsperson hat aufgehört"
    NO_ROOM = "no-room", "kein Raum"
    ELSEWHERE = "elsewhere", "Gruppe entstand anderswo"
    FELL_APART = "fell-apart", "Gruppe löste sich auf"
    OTHER = "other", "anderer Grund"


class ReasonMissing(StepRefused):
    """An attempt that ends says why."""

    sentence = "Bitte wählen Sie, warum die Gründung endet."


class NoSuchGroup(StepRefused):
    """A group of another office that is not public, or one that is dissolved."""

    sentence = "Diese Gruppe gibt es hier nicht, oder sie ist aufgelöst."


class RestUnfit(StepRefused):
    """Resting has an end."""

    sentence = (
        "Bitte wählen Sie einen Tag, bis zu dem die Gründung ruht: nach heute und innerhalb eines Jahres."
    )


def _leads_to(to: FoundingStatus) -> set[FoundingStatus]:
    return {now for now, moves in FOUNDING_STEPS.items() if to in moves}


@once(Founding)
def rest(
    founding: Founding,
    *,
    until: date,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Let a founding rest until a day. The list stays: whoever is on it is asked again in time.

    Raises:
        RestUnfit, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, S.RESTING, out_of=_leads_to(S.RESTING), by=by, seen=seen)
    today = days.local_day(at)
    if not today < until <= today + days.FURTHEST_DUE:
        raise RestUnfit
    stored.rested_from = stored.status
    return moved(stored, S.RESTING, next_on=days.office_day(here(), until), by=by, at=at)


@once(Founding)
def resume(
    founding: Founding, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Founding:
    """Take a founding up again where it stood.

    Raises:
        lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    check_can_found(by)
    if not (rested_from := locked(founding, seen=seen).rested_from):
        raise WrongStatus("Diese Gründung ruht nicht.")
    back = S(rested_from)
    stored = to_move(founding, back, out_of={S.RESTING}, by=by)
    stored.rested_from = ""
    return moved(stored, back, next_on=ahead(at, 7), by=by, at=at)


@once(Founding)
def give_up(
    founding: Founding,
    *,
    reason: str,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Give a founding up. Whoever is on the list is told, and goes in a month.

    Raises:
        ReasonMissing, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, S.GIVEN_UP, out_of=_leads_to(S.GIVEN_UP), by=by, seen=seen)
    if reason not in Reason.values:
        raise ReasonMissing
    stored.reason = reason
    return _over(stored, S.GIVEN_UP, by=by, at=at)


@once(Founding)
def join(
    founding: Founding,
    group: Group,
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Lead the people of a founding to a group there is already: a good end as well.

    Raises:
        NoSuchGroup, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, S.JOINED, out_of=_leads_to(S.JOINED), by=by, seen=seen)
    known = Group.objects.filter(pk=group.pk).exclude(stage=Stage.DISSOLVED).first()
    if known is None:
        raise NoSuchGroup
    stored.joined = known
    return _over(stored, S.JOINED, by=by, at=at)


def _over(founding: Founding, to: FoundingStatus, *, by: Staff, at: datetime) -> Founding:
    founding.rested_from = ""
    ends(founding, at=at)
    interested.close_list(founding, by=by, at=at)
    return moved(founding, to, next_on=None, by=by, at=at, fields=["reason"])
