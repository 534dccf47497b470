"""What the pages of a group's entry and farewell show, and what is read from their forms."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.http import QueryDict
from django.utils import timezone

from kontaktstelle.desk import typed
from kontaktstelle.desk.duties import called
from kontaktstelle.enquiries.lifecycle import LIVE_REFERRAL
from kontaktstelle.enquiries.models import Referral
from kontaktstelle.groups import upkeep
from kontaktstelle.groups.entry import campaign, decisions
from kontaktstelle.groups.entry import criteria as criteria_steps
from kontaktstelle.groups.entry import farewell as farewells
from kontaktstelle.groups.entry.models import EntryDecision
from kontaktstelle.groups.lifecycle import Outcome, Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

SAID = {**decisions.ANSWERS, decisions.ACCOMPANIED: "aus der Begleitung bekannt", "": "nicht geprüft"}


class OutcomeMissing(StepRefused):
    """Nothing was chosen."""

    sentence = "Bitte wählen Sie, was Sie entschieden haben."


class NotSure(StepRefused):
    """What erases people wants a second thought."""

    sentence = "Bitte bestätigen Sie mit dem Häkchen, dass die Gruppe aufhört."


@dataclass(frozen=True, slots=True)
class Decided:
    """A decision in words."""

    at: datetime
    who: str
    outcome: str
    version: int
    reason: str
    answers: tuple[tuple[str, str], ...]
    again: date | None


def overview(*, by: Staff, on: date) -> dict[str, Any]:
    """Return who waits for a decision, and how far the consents are."""
    held = rights.rights_of(rights.roles_of(by, current()))
    return {
        "waiting": decisions.waiting(on=on),
        "criteria": criteria_steps.standing(),
        "progress": campaign.progress(on=on),
        "may_decide": Right.PUBLISH_GROUP in held,
        "may_ask": Right.SEE_GROUP_CONTACT in held,
    }


def criteria(*, by: Staff, entered: Mapping[str, str] | None = None, wrong: str = "") -> dict[str, Any]:
    """Return the criteria that hold, those before them, and what was typed."""
    now = criteria_steps.standing()
    typed_lines = entered.get("kriterien", "") if entered is not None else "\n".join(now.lines)
    return {
        "now": now,
        "lines": typed_lines,
        "decided_on": entered.get("decided_on", "")
        if entered is not None
        else timezone.localdate().isoformat(),
        "earlier": [row for row in criteria_steps.versions() if row.number != now.number],
        "may_change": rights.may(by, Right.DECIDE, current()),
        "most": criteria_steps.MOST_LINES,
        "wrong": wrong,
    }


def answers(post: QueryDict) -> dict[int, str]:
    """Return the answer to each criterion, by its place."""
    return {
        int(name.removeprefix("k")): str(value)
        for name, value in post.items()
        if name.startswith("k") and name[1:].isascii() and name[1:].isdigit()
    }  # fmt: skip


def decision(group: Group, *, on: date, entered: QueryDict | None = None, wrong: str = "") -> dict[str, Any]:
    """Return the criteria with what was ticked, and every decision there was."""
    now, rows = criteria_steps.standing(), decisions.history(group)
    said = answers(entered) if entered is not None else {}
    office = ContactPoint.objects.get(pk=current())
    return {
        "group": group,
        "criteria": [(f"k{place}", line, said.get(place, "")) for place, line in enumerate(now.lines)],
        "version": now.number,
        "choices": list(decisions.ANSWERS.items()),
        "outcomes": [(each.value, each.label) for each in Outcome],
        "outcome": entered.get("outcome", "") if entered is not None else "",
        "reason": entered.get("reason", "") if entered is not None else "",
        "look_again_on": entered.get("look_again_on", "") if entered is not None else "",
        "longest": decisions.LONGEST_REASON,
        # What the page first showed goes on with a refused form.
        "seen": entered.get("seen", "0") if entered is not None else rows[0].number if rows else 0,
        "history": _decided(rows),
        "is_refused": bool(rows) and rows[0].outcome == Outcome.NOT_LISTED,
        "letter": decisions.refusal_letter(office.name, office.phone),
        "is_over": group.stage == Stage.DISSOLVED,
        "wrong": wrong,
        "on": on,
    }


def farewell(
    group: Group, *, by: Staff, on: date, entered: QueryDict | None = None, wrong: str = ""
) -> dict[str, Any]:
    """Return what would go and stay; or, of a group that has ended, what was said."""
    row = farewells.of(group)
    stage = Stage(group.stage)
    return {
        "group": group,
        "row": row,
        "reason_said": str(farewells.Reason(row.reason).label) if row else "",
        "words_said": row.words if row and upkeep.may_read_note(by) else "",
        "can_undo": row is not None and row.erased_on is None,
        "undo_until": timezone.localdate(row.said_at) + timedelta(days=farewells.UNDO_DAYS) if row else None,
        "is_over": stage == Stage.DISSOLVED,
        "is_paused": stage == Stage.PAUSED,
        "told": farewells.preview(group, on=on),
        "referrals": Referral.objects.filter(group=group, status__in=LIVE_REFERRAL).count(),
        "reasons": list(farewells.Reason.choices),
        "reason": entered.get("reason", "") if entered is not None else "",
        "words": entered.get("words", "") if entered is not None else "",
        "on": entered.get("on", "") if entered is not None else on.isoformat(),
        "longest": farewells.LONGEST_WORDS,
        "seen": entered.get("seen", "") if entered is not None else group.changed_at.isoformat(),
        "wrong": wrong,
    }


def _decided(rows: list[EntryDecision]) -> list[Decided]:
    keys = [UUID(row.by) for row in rows if typed.is_number(row.by)]
    names = {str(each.pk): called(each) for each in Staff.objects.filter(pk__in=keys)}
    return [
        Decided(
            row.decided_at, names.get(row.by, "vom Server"), str(Outcome(row.outcome).label), row.criteria, row.reason or "",
            tuple((line, SAID.get(answer, answer)) for line, answer in row.answers), row.look_again_on,
        )
        for row in rows
    ]  # fmt: skip
