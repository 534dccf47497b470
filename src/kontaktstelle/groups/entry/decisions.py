"""Entscheidung über die Aufnahme: a group is listed, not listed, or looked at again later; with reasons, dated, by whom.

Nothing new goes public without one. Groups that stood in the directory before there were decisions keep the ground they
stand on (`allows`); whatever was decided since counts for them, too.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kontaktstelle.groups.lifecycle import Outcome, Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import criteria
from .models import EntryDecision

MET, UNMET, NOT_APPLICABLE = "met", "unmet", "not-applicable"
ANSWERS: dict[str, str] = {MET: "erfüllt", UNMET: "nicht erfüllt", NOT_APPLICABLE: "trifft nicht zu"}
ACCOMPANIED = "accompanied"
LONGEST_REASON = 2000


class DecisionMissing(StepRefused):
    """Nobody decided that the group is listed, or it was decided that it is not."""

    sentence = "Diese Gruppe ist neu. Bitte entscheiden Sie zuerst über ihre Aufnahme, nach den Kriterien Ihrer Stelle."


class CriteriaOpen(StepRefused):
    """Not every criterion was looked at."""

    sentence = "Bitte sagen Sie zu jedem Kriterium, ob es erfüllt ist."


class ReasonMissing(StepRefused):
    """A decision against a criterion, or against a group, says why."""

    sentence = "Bitte schreiben Sie den Grund dazu, höchstens 2000 Zeichen."


class DayMissing(StepRefused):
    """Later is a day."""

    sentence = "Bitte tragen Sie ein, wann Sie die Gruppe wieder ansehen; der Tag liegt in der Zukunft."


class StillListed(StepRefused):
    """Who is in the directory is taken out first."""

    sentence = "Die Gruppe steht im Verzeichnis. Bitte nehmen Sie sie zuerst heraus."


class AlreadyDecided(StepRefused):
    """Somebody else decided since the page was opened."""

    sentence = "Über diese Gruppe hat inzwischen jemand anderes entschieden. Bitte sehen Sie nach."


@dataclass(frozen=True, slots=True)
class ToDecide:
    """A group that waits for a decision; `on` is the day it is to be looked at again, None for a new one."""

    group: Group
    on: date | None


@transaction.atomic
def decide(
    group: Group,
    outcome: Outcome,
    answers: Mapping[int, str],
    *,
    reason: str = "",
    look_again_on: date | None = None,
    seen: int,
    number: UUID,
    by: Staff,
    at: datetime,
) -> EntryDecision:
    """Decide on a group's entry. Listing itself is a step of its own, with the ground of publication.

    Args:
        group: of the office being acted for.
        outcome: what was decided.
        answers: per criterion, by its place in the list, one of `ANSWERS`.
        reason: in the office's words, sealed; needed unless the group is listed and every criterion is met.
        look_again_on: for `Outcome.LATER`.
        seen: the number of the last decision the page showed, 0 for none.
        number: the key of the form: a double click decides once.
        by: who.
        at: when.

    Raises:
        rights.NotAllowed: not for this person.
        CriteriaOpen, ReasonMissing, DayMissing, StillListed, AlreadyDecided: as their sentences say.
    """
    rights.check(by, Right.PUBLISH_GROUP, current())
    known: EntryDecision | None = EntryDecision.objects.filter(pk=number, group=group).first()
    if known is not None:
        return known
    stored = Group.objects.select_for_update().get(pk=group.pk)
    now, today = criteria.standing(), timezone.localtime(at).date()
    said = [answers.get(place, "") for place in range(len(now.lines))]
    reason = reason.strip()
    if outcome == Outcome.LISTED and any(answer not in ANSWERS for answer in said):
        raise CriteriaOpen
    if (outcome != Outcome.LISTED or UNMET in said) and not 0 < len(reason) <= LONGEST_REASON:
        raise ReasonMissing
    if len(reason) > LONGEST_REASON:
        raise ReasonMissing
    if outcome == Outcome.LATER and (look_again_on is None or look_again_on <= today):
        raise DayMissing
    if outcome != Outcome.LISTED and stored.listed:
        raise StillListed
    last = latest(stored)
    if seen != (last.number if last else 0):
        raise AlreadyDecided
    told = [[line, answer if answer in ANSWERS else ""] for line, answer in zip(now.lines, said, strict=True)]
    return _kept(
        stored, outcome, told, version=now.number, reason=reason, again=look_again_on if outcome == Outcome.LATER else None,
        number=number, by=str(by.pk), at=at,
    )  # fmt: skip


@transaction.atomic
def decide_after_founding(group: Group, *, number: UUID, by: Staff, at: datetime) -> EntryDecision:
    """Note that a group is listed which the office accompanied from its beginning: who knows it needs no list of questions.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.PUBLISH_GROUP, current())
    stored = Group.objects.select_for_update().get(pk=group.pk)
    last = latest(stored)
    if last is not None and last.outcome == Outcome.LISTED:
        return last
    now = criteria.standing()
    told = [[line, ACCOMPANIED] for line in now.lines]
    return _kept(
        stored, Outcome.LISTED, told, version=now.number, reason="Bei der Gründung begleitet.", again=None, number=number,
        by=str(by.pk), at=at,
    )  # fmt: skip


def latest(group: Group) -> EntryDecision | None:
    """Return the decision that holds, or None."""
    found: EntryDecision | None = EntryDecision.objects.filter(group=group).order_by("-number").first()
    return found


def history(group: Group) -> list[EntryDecision]:
    """Return every decision on a group, latest first."""
    return list(EntryDecision.objects.filter(group=group).order_by("-number"))


def allows(group: Group) -> bool:
    """Say whether a group may be put into the directory: it was decided, or it stood there before there were decisions."""
    last = latest(group)
    if last is not None:
        return last.outcome == Outcome.LISTED
    return group.basis != Group.Basis.NONE


def waiting(*, on: date) -> list[ToDecide]:
    """Return the groups that wait for a decision: those to be looked at again first, then new ones, by name."""
    last: dict[UUID, EntryDecision] = {}
    for row in EntryDecision.objects.order_by("number"):
        last[row.group_id] = row
    again, new = [], []
    for group in Group.objects.filter(listed=False).exclude(stage=Stage.DISSOLVED).order_by("name"):
        row = last.get(group.pk)
        if row is None and group.basis == Group.Basis.NONE:
            new.append(ToDecide(group, None))
        elif row is not None and row.look_again_on is not None and row.look_again_on <= on:
            again.append(ToDecide(group, row.look_again_on))
    return sorted(again, key=lambda each: (each.on or on, each.group.name)) + new


def refusal_letter(office: str, phone: str) -> list[str]:
    """Return the paragraphs of a kind letter to a group that is not listed; the reason is the office's to add."""
    return [
        "Guten Tag,",
        "danke, dass Sie uns Ihre Gruppe vorgestellt haben. Wir haben sie mit den Kriterien unseres Verzeichnisses verglichen und nehmen sie zurzeit nicht auf.",
        "[Hier schreiben Sie den Grund, in Ihren Worten und so, wie Sie ihn im Gespräch sagen würden.]",
        "Das ist kein Urteil über Ihre Gruppe und über das, was Sie füreinander tun. Unser Verzeichnis zeigt Selbsthilfegruppen im engeren Sinn; manches Gute passt nicht hinein.",
        f"Wenn sich etwas ändert oder wir etwas falsch verstanden haben, sprechen Sie uns bitte an{f': {phone}' if phone else ''}. Wir sehen dann gern noch einmal hin. Beraten können wir Sie auch, ohne dass Sie im Verzeichnis stehen.",
        "Mit freundlichen Grüßen",
        office,
    ]


def _kept(
    group: Group, outcome: Outcome, answers: list[list[str]],
    *, version: int, reason: str, again: date | None, number: UUID, by: str, at: datetime,
) -> EntryDecision:  # fmt: skip
    last = latest(group)
    row = EntryDecision(
        id=number, contact_point_id=current(), group=group, number=(last.number if last else 0) + 1, outcome=outcome,
        criteria=version, answers=answers, look_again_on=again, decided_at=at, by=by,
    )  # fmt: skip
    if reason:
        row.reason = reason
    row.save(force_insert=True)
    trail.record(
        by, f"entry.{outcome}", object_type="groups.entrydecision", object_id=row.pk, at=at, contact_point=current()
    )  # fmt: skip
    return row
