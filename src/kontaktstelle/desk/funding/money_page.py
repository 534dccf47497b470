"""What is shown of a group and money: what it could ask for and why, what funders ask, its applications, what it was told."""

from datetime import date
from typing import Any

from django.urls import reverse

from kontaktstelle.desk import typed
from kontaktstelle.funding import matching, programmes, sheet
from kontaktstelle.funding.lifecycle import CLOSED
from kontaktstelle.funding.models import Application, FundingCard, FundingRound, FundingSearch
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, Group
from kontaktstelle.organisation.models import ContactPoint

from . import told_page
from .calendar_page import LARGEST

ROUNDS_SHOWN = 2
HOLDS = {matching.FITS: "passt", matching.DOUBT: "fraglich", matching.UNKNOWN: "unbekannt"}
ANSWERS = [("yes", "ja"), ("no", "nein"), ("unknown", "nicht bekannt")]


def context(group: Group, *, office: ContactPoint, on: date) -> dict[str, Any]:
    """Return what the page shows of a group of the office being acted for."""
    card = FundingCard.objects.filter(group=group).first()
    asked = list(
        Application.objects.filter(group=group)
        .select_related("round__programme")
        .order_by("-round__year", "-began_at")
    )
    is_told = not group.is_anonymous_fellowship and group.stage != Stage.DISSOLVED
    return {
        "group": group,
        "is_told": is_told,
        "is_fellowship": group.is_anonymous_fellowship,
        "possible": _possible(group, office, {each.round_id for each in asked}, on) if is_told else [],
        "search": FundingSearch.objects.filter(year=on.year).first(),
        "card": card,
        "account": card.has_account if card else Answer.UNKNOWN.value,
        "minutes": card.has_minutes if card else Answer.UNKNOWN.value,
        "answers": ANSWERS,
        "sheet": sheet.lines(group),
        "running": [_shown(each) for each in asked if each.status not in CLOSED],
        "ended": [_shown(each) for each in asked if each.status in CLOSED],
        "calls": told_page.calls_for(group.pk),
        "keys": told_page.KEYS,
        "told": told_page.lines_of(group.pk),
        "today": on,
    }  # fmt: skip


def answer(said: str) -> Answer:
    """Return yes, no or unknown as a form says it."""
    return Answer(said) if said in Answer.values else Answer.UNKNOWN


def round_number(said: str) -> int:
    """Return the number of a round as a form sends it.

    Raises:
        Http404: no round of the office's has it.
    """
    from .calendar_page import round_of

    number = typed.whole_number(said)
    return int(round_of(number).pk) if 0 <= number < LARGEST else int(round_of(LARGEST).pk)


def _possible(group: Group, office: ContactPoint, begun: set[int], on: date) -> list[dict[str, Any]]:
    place = matching.Place(office)
    every = list(programmes.programmes_of(office.pk).filter(for_groups=True))
    ahead: dict[int, list[FundingRound]] = {}
    rounds = FundingRound.objects.filter(
        programme__in=every, hidden=False, purpose=FundingRound.Purpose.APPLICATION, year__in=[on.year, on.year + 1]
    ).order_by("due_on", "key")  # fmt: skip
    for each in rounds:
        if each.due_on is None or each.due_on >= on:
            ahead.setdefault(each.programme_id, []).append(each)
    return [
        {
            "programme": each.programme,
            "address": reverse("desk:funding_programme", args=[each.programme.pk]),
            "has_doubts": each.has_doubts,
            "reasons": [(reason.holds, HOLDS[reason.holds], reason.sentence) for reason in each.reasons],
            "rounds": [(row, row.pk in begun) for row in ahead.get(each.programme.pk, [])[:ROUNDS_SHOWN]],
        }
        for each in matching.possible(group, every, place=place, on=on)
    ]


def _shown(row: Application) -> dict[str, Any]:
    return {
        "address": reverse("desk:funding_application", args=[row.pk]),
        "name": row.round.programme.name,
        "year": row.round.year,
        "status": str(row.get_status_display()),
        "asked": row.asked_cents,
        "granted": row.granted_cents,
        "repay": row.repay_cents,
        "proof_due_on": row.proof_due_on if row.status in {"granted", "proof-due"} else None,
        "due_on": row.round.due_on if row.status in {"informed", "wants"} else None,
    }
