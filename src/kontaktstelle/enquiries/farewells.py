"""A group took its leave: whoever is on the way to it is not left standing. Told by `groups.signals`, in the same transaction.

Referrals that are not at their end come to it, their enquiries are ours again on the next working day, and a channel gets a kind
last sentence of the office before it is closed.
"""

from datetime import datetime

from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Side

from . import days, threads
from .keeping import kept, locked, traced
from .lifecycle import LIVE_REFERRAL, OPEN_REFERRAL, REFERRAL_STEPS, ReferralStatus, check_step
from .models import Enquiry, Referral

KIND_SENTENCE = (
    "Die Gruppe hat sich aufgelöst. Deshalb beenden wir diesen Kontakt. Wir suchen gern mit Ihnen weiter: "
    "Bitte rufen Sie uns an oder schreiben Sie uns mit Ihrem Code."
)


def on_dissolved(*, group: Group, by: Staff, at: datetime, **_: object) -> None:
    """End what was on its way to a group, and make it a task for whoever is there."""
    with acting_for(group.contact_point_id):
        found = Referral.objects.filter(group=group, status__in=LIVE_REFERRAL).order_by("enquiry_id", "pk")
        for number, enquiry in found.values_list("pk", "enquiry_id"):
            _end(number, enquiry, by=by, at=at)


def _end(number: object, enquiry: object, *, by: Staff, at: datetime) -> None:
    # The enquiry first, as every step does.
    matter = Enquiry.objects.select_for_update().filter(pk=enquiry).first() if enquiry else None
    stored = locked(Referral.objects.get(pk=number))
    if stored.status not in LIVE_REFERRAL:
        return
    if (channel := channels.find(stored.channel)) is not None:
        if channel.closed_at is None:
            channels.tell(channel, KIND_SENTENCE, side=Side.OFFICE, by=str(by.pk), at=at)
            channels.close(channel, by=str(by.pk), at=at)
        stored.channel = None
    if stored.status in OPEN_REFERRAL:
        check_step(REFERRAL_STEPS, ReferralStatus(stored.status), ReferralStatus.ENDED)
        stored.status, stored.ended_on = ReferralStatus.ENDED, days.local_day(at)
    stored.due_on = None
    traced(by, "referral.group-gone", stored, at=at, fields=["status"])
    kept(stored)
    if matter is not None:
        threads.move_along(matter, None, None, by=by, at=at)
