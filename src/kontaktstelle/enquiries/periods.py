"""How long what is kept: the programme's numbers, and those an office set within their bounds.

The register (`retention`) and the steps of this app share them.
"""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import TenantNotSet, current
from kontaktstelle.privacy import retention as register
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import Period
from kontaktstelle.refusal import StepRefused

from .models import OfficePeriod

CONTACT = Period(30, 0, 90, "contact")
ENQUIRY = Period(90, 0, 180, "enquiry")
CALL_BACK = Period(30, 0, 30, "call-back")
SENT_TO = Period(1, 0, 1, "dispatch")
CONSENT = Period(3 * 365, 365, 4 * 365, "consent")
HAND_OVER = Period(30, 7, 60, "hand-over")
ABSENCE = Period(30, 0, 90, "absence")
# How long the mark of a form, or advertising, is kept serves the machine: nothing to decide for an office.
FORM = Period(2, 1, 7)
ADVERTISING = Period(14, 7, 30)


class PeriodOutOfBounds(StepRefused):
    """Longer than there is ground for, or shorter than the proof needs."""

    sentence = "Diese Frist ist nicht möglich."


class TakesMore(StepRefused):
    """The shorter period takes rows tonight that would have stayed; somebody says yes to that first."""

    sentence = "Damit wird heute Nacht mehr gelöscht. Das lässt sich nicht zurücknehmen."


def settable() -> list[register.Rule]:
    """Return the rules whose period an office may set, in the order of the register."""
    return [rule for rule in register.rules() if rule.period and rule.period.key]


def days_of(period: Period) -> int:
    """Return a period in days: as the contact point being acted for has set it, else the programme's."""
    try:
        row = OfficePeriod.objects.filter(key=period.key).first()
    except TenantNotSet:
        row = None
    return _within(period, row.days) if row else period.days


def over(period: Period, when: Callable[[int], Q]) -> Q:
    """Return which rows' period is over, each by that of its own office.

    Args:
        period: the period.
        when: says which rows are over after so many days.
    """
    own = dict(OfficePeriod.objects.everywhere().filter(key=period.key).values_list("contact_point", "days"))
    found = when(period.days) & ~Q(contact_point__in=list(own))
    for office, days in own.items():
        found |= when(_within(period, days)) & Q(contact_point=office)
    return found


@transaction.atomic
def set_period(key: str, days: int | None, *, sure: bool, by: Staff, at: datetime) -> int:
    """Set how long something is kept.

    Args:
        key: of the period.
        days: within its bounds; None for the programme's period.
        sure: somebody has seen what goes tonight, and said yes.
        by: who.
        at: when.

    Returns:
        The period before, in days.

    Raises:
        rights.NotAllowed: not the Leitung.
        PeriodOutOfBounds: the sentence names the bounds.
        TakesMore: more goes tonight than before, and nobody said yes yet.
    """
    rights.check(by, Right.RETENTION, current())
    rule = next((each for each in settable() if each.period and each.period.key == key), None)
    if rule is None or rule.period is None:
        raise PeriodOutOfBounds
    if days is not None and days != _within(rule.period, days):
        raise PeriodOutOfBounds(
            f"„{rule.what}“: Möglich sind {rule.period.at_least} bis {rule.period.at_most} Tage ({rule.ground})."
        )
    before, taken = days_of(rule.period), _taken_tonight(at)
    if days is None:
        OfficePeriod.objects.filter(key=key).delete()
    else:
        OfficePeriod.objects.update_or_create(
            contact_point_id=current(), key=key, defaults={"days": days, "set_at": at}
        )
    more = _taken_tonight(at) - taken
    if more > 0 and not sure:
        raise TakesMore(
            f"Damit {'verliert' if more == 1 else 'verlieren'} heute Nacht {more} {'Eintrag' if more == 1 else 'Einträge'} mehr Person und Text. Das lässt sich nicht zurücknehmen."
        )
    if days_of(rule.period) != before:
        trail.record(
            str(by.pk),
            "period.set",
            object_type="enquiries.officeperiod",
            object_id=key,
            at=at,
            contact_point=current(),
            fields=[key],
        )
    return before


def _within(period: Period, days: int) -> int:
    # A newer programme may know narrower bounds than when the office set it.
    return min(max(days, period.at_least or 0), period.at_most if period.at_most is not None else days)


def _taken_tonight(at: datetime) -> int:
    return sum(len(each.numbers) for each in register.coming(at=at, contact_point=current()))
