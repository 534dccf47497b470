"""Staying on a list: asked in time, once, by one's own way; renewed by one click for another half year, two years at most."""

from datetime import date, datetime, timedelta

from django.db import transaction

from kontaktstelle.enquiries import days
from kontaktstelle.mailroom.addresses import SenderRefused
from kontaktstelle.organisation.models import Staff

from . import links, periods
from .access import Outside, check_can_found, check_can_put_on_list
from .interested import STAY_PATH, NotAnyMore, Way, consented, post
from .keeping import kept, locked, traced
from .lifecycle import InterestStatus, WrongStatus
from .models import Founding, Interest


@transaction.atomic
def renew(
    interest: Interest, *, by: Staff | Outside, at: datetime, text_version: str, how: str = "site"
) -> Interest:
    """Let somebody stay for another half year: by one click, or as they said on the telephone.

    Raises:
        NotAnyMore: two years are over, or the person is gone.
        rights.NotAllowed, codes.UnknownCode: as their sentences say.
    """
    if isinstance(by, Staff):
        check_can_put_on_list(by)
    stored = locked(interest)
    today = days.local_day(at)
    if stored.status != InterestStatus.LISTED or stored.first_on is None:
        raise NotAnyMore("Diese Person steht nicht mehr auf der Liste.")
    until = periods.consent_until(stored.first_on, today)
    if until <= today:
        raise NotAnyMore
    if until == stored.consent_until:
        return stored
    consented(stored, text_version=text_version, how=how, by=by, at=at)
    stored.consent_until, stored.erase_on = until, periods.goes_on(stored.first_on, until)
    stored.asked_again_on = None
    traced(by, "interest.renewed", stored, at=at, fields=["consent_until"])
    return kept(stored)


def to_ask_again(*, on: date) -> list[Interest]:
    """Return who has to be asked whether they wish to stay and was not yet, whose consent ends first, first."""
    last = on + timedelta(days=periods.ASK_BEFORE)
    rows = Interest.objects.filter(
        status=InterestStatus.LISTED, consent_until__lte=last, asked_again_on__isnull=True
    )
    return list(rows.order_by("consent_until", "pk"))


@transaction.atomic
def ask_again(interest: Interest, *, by: Staff | None, at: datetime) -> Interest:
    """Ask somebody by mail or letter whether they wish to stay; who has a telephone only is called.

    Args:
        interest: whom.
        by: who; None for the nightly work.
        at: when.

    Raises:
        NotByPost, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    if by is not None:
        check_can_found(by)
    stored = locked(interest)
    if stored.status != InterestStatus.LISTED or stored.consent_until is None or stored.erase_on is None:
        raise WrongStatus("Diese Person steht nicht mehr auf der Liste.")
    token = links.stay(stored.pk, contact_point=stored.contact_point_id, until=stored.erase_on)
    post(
        stored,
        "foundings/mail/still_interested",
        path=f"{STAY_PATH}{token}/",
        until=stored.consent_until,
        at=at,
    )
    stored.asked_again_on = days.local_day(at)
    traced(by, "interest.asked-again", stored, at=at, fields=["asked_again_on"])
    return kept(stored)


def ask_due(*, at: datetime) -> int:
    """Ask everybody of the office being acted for who is due and can be written to: the nightly work.

    Returns:
        How many were asked. Who can only be called stays for the desk (`to_ask_again`).
    """
    asked = 0
    for each in to_ask_again(on=days.local_day(at)):
        if each.way == Way.PHONE:
            continue
        try:
            with transaction.atomic():
                ask_again(each, by=None, at=at)
        except SenderRefused:  # an office that cannot send yet; the desk still sees who is to be asked
            continue
        asked += 1
    return asked


def to_be_asked_again(founding: Founding, *, on: date) -> None:
    """Let everybody on a founding's list be asked again, because what they agreed to has changed."""
    soon = on + timedelta(days=periods.ASK_BEFORE)
    for each in Interest.objects.filter(founding=founding, status=InterestStatus.LISTED):
        each.consent_until = min(each.consent_until, soon)
        each.erase_on = periods.goes_on(each.first_on, each.consent_until)
        each.asked_again_on = None
        kept(each)
