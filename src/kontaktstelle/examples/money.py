"""Money in the examples: invented programmes of the first office, dates relative to today, some tellings, applications in several states.

Everything is written by the steps themselves, in the name of the example's Leitung. Loaded again, dates move with the day;
what was told and applied for stays as it is, and what people have entered is left alone.
"""

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction

from kontaktstelle.funding import applications, matching, programmes, telling
from kontaktstelle.funding.models import Application, FundingRound, Programme
from kontaktstelle.mailroom.lifecycle import Status, Way
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for

SOURCE = "Beispiel: erfundene Angabe"
MOST_TOLD = 12
_PROGRAMMES: dict[str, dict[str, Any]] = {
    "beispiel-pauschale": {
        "name": "Beispiel: Pauschale der Krankenkassen", "kind": "gkv-flat", "law": "§ 20h SGB V", "amount": "bis 700 Euro im Jahr",
        "min_members": 6, "wants_account": True, "wants_minutes": True, "wants_own_lead": True,
    },
    "beispiel-stadt": {
        "name": "Beispiel: Förderung der Stadt", "kind": "municipal", "law": "Richtlinie der Stadt", "amount": "bis 300 Euro", "for_offices": True,
    },
    "beispiel-projekt": {"name": "Beispiel: Projekte der Krankenkassen", "kind": "gkv-project", "law": "§ 20h SGB V", "min_months": 12},
    "beispiel-pflege": {"name": "Beispiel: Förderung der Pflegekassen", "kind": "care", "law": "§ 45d SGB XI"},
}  # fmt: skip
# Key of the round: programme, days from today (None: all year), checked, form.
_ROUNDS: dict[str, tuple[str, int | None, bool, str]] = {
    "beispiel-pauschale-neu": ("beispiel-pauschale", 20, True, "original"),
    "beispiel-pauschale-alt": ("beispiel-pauschale", -220, True, "original"),
    "beispiel-stadt-neu": ("beispiel-stadt", 12, True, "postmark"),
    "beispiel-stadt-alt": ("beispiel-stadt", -300, True, "postmark"),
    "beispiel-projekt-neu": ("beispiel-projekt", 70, False, "unknown"),
    "beispiel-pflege-neu": ("beispiel-pflege", 40, False, "online"),
}
# How far the applications of the earlier round have come: sums in cents.
_STATES = ("submitted", "granted", "proof", "repayment", "settled", "refused", "declined")


@transaction.atomic
def load(office: ContactPoint, *, on: date, at: datetime) -> int:
    """Write programmes, dates, tellings and applications for one example office, or move their dates.

    Args:
        office: an example office with somebody who may.
        on: the day dates are relative to.
        at: the moment for the trail.

    Returns:
        How many applications the office has; 0 where nobody is there to make them.
    """
    with acting_for(office):
        by = _somebody(office)
        if by is None:
            return 0
        is_new = not Programme.objects.filter(key="beispiel-pauschale").exists()
        found = {key: _round(key, by=by, on=on, at=at) for key in _ROUNDS}
        if is_new:
            _apply(found, by=by, on=on, at=at)
            telling.tell_due(office, at=at, most=MOST_TOLD)
            _as_if_sent(at)
        return int(Application.objects.count())


def _as_if_sent(at: datetime) -> None:
    """Let the mails of the example count as sent: nobody writes to invented groups, and nothing is to stand before real post."""
    waiting = Dispatch.objects.filter(status=Status.WAITING, way=Way.MAIL)
    waiting.update(status=Status.SENT, done_at=at, recipient_sealed=None, content_sealed=None)


def _somebody(office: ContactPoint) -> Staff | None:
    colleagues = Staff.objects.filter(contact_point=office, is_active=True).order_by("pk")
    able = (each for each in colleagues if rights.may(each, Right.FUNDING, office))
    return next(able, None)


def _round(key: str, *, by: Staff, on: date, at: datetime) -> FundingRound:
    programme_key, days, checked, delivery = _ROUNDS[key]
    programme = Programme.objects.filter(key=programme_key).first() or programmes.add_programme(
        {"key": programme_key, "source": SOURCE, **_PROGRAMMES[programme_key]}, by=by, at=at
    )
    due_on = None if days is None else on + timedelta(days=days)
    facts = {"due_on": due_on, "delivery": delivery, "source": SOURCE}
    year = (due_on or on).year
    row = FundingRound.objects.filter(key=key).first() or programmes.add_round(
        programme, {"key": key, "year": year, **facts}, by=by, at=at
    )
    if checked:
        return programmes.confirm_round(row.pk, {**facts, "year": year}, by=by, at=at)
    return programmes.change_round(row.pk, {**facts, "year": year}, by=by, at=at)


def _apply(found: dict[str, FundingRound], *, by: Staff, on: date, at: datetime) -> None:
    groups = matching.known_groups()[: len(_STATES)]
    for group, state in zip(groups, _STATES, strict=False):
        begun = applications.begin(found["beispiel-pauschale-alt"].pk, group=group, by=by, at=at)
        _bring_to(begun, state, by=by, on=on, at=at)
    own = applications.begin(found["beispiel-stadt-alt"].pk, group=None, by=by, at=at)
    _bring_to(own, "granted", by=by, on=on, at=at)
    applications.begin(found["beispiel-stadt-neu"].pk, group=None, by=by, at=at)


def _bring_to(begun: Application, state: str, *, by: Staff, on: date, at: datetime) -> None:
    number = begun.pk
    if state == "declined":
        applications.declines(number, by=by, at=at)
        return
    applications.submits(number, asked_cents=60000, by=by, at=at)
    if state == "submitted":
        return
    if state == "refused":
        applications.refused(number, by=by, at=at)
        return
    applications.granted(
        number, cents=50000, on=on - timedelta(days=120), proof_due_on=on + timedelta(days=25), by=by, at=at
    )
    if state == "granted":
        return
    applications.proof_submitted(number, by=by, at=at)
    if state == "settled":
        applications.proof_checked(number, by=by, at=at)
    if state == "repayment":
        applications.proof_checked(number, repay_cents=4250, repay_by=on + timedelta(days=14), by=by, at=at)
