"""Zweite Adresse: when nobody has opened a message for a day, somebody else of the office is told.

The first notice goes to the office's own address. The second goes to everybody who leads there and is not away; where
nobody leads, or all are away, to whoever counsels. It says neither of whom nor about what.
"""

from datetime import datetime

from django.db import transaction

from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import AddressRefused, MailAddress, SenderRefused
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Role
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.relay import channels

from . import days, hand_over
from .keeping import here


@transaction.atomic
def tell(*, at: datetime) -> int:
    """Tell the second addresses of the contact point being acted for, once per message, in one mail each.

    Args:
        at: now; messages that came at least a day before and were not opened are told of.

    Returns:
        How many mails were put into the outbox.
    """
    matters = channels.told_again(at=at)
    if not matters:
        return 0
    try:
        sender = letterhead(here())
    except SenderRefused:
        return 0
    sent = 0
    for staff in _second_addresses(at):
        try:
            to = MailAddress(staff.email)
        except AddressRefused:
            continue
        outbox.queue(
            "enquiries/mail/still_unread", to=to, sender=sender, kind=Kind.SINGLE, at=at, about=matters[0]
        )
        sent += 1
    return sent


def _second_addresses(at: datetime) -> list[Staff]:
    away = hand_over.away_on(days.local_day(at))
    here_now = Staff.objects.filter(posts__contact_point_id=current(), is_active=True)
    for role in (Role.LEADS, Role.COUNSELS):
        there = here_now.filter(posts__role=role, posts__contact_point_id=current()).exclude(pk__in=away)
        if found := list(there.distinct().order_by("pk")):
            return found
    # Everybody is away: then all who lead are told, for somebody must be.
    return list(
        here_now.filter(posts__role=Role.LEADS, posts__contact_point_id=current()).distinct().order_by("pk")
    )
