"""What is left when a person is gone: a count. Acts of the register of periods, and of those who leave."""

from collections.abc import Sequence
from datetime import datetime

from kontaktstelle.enquiries import days
from kontaktstelle.mailroom import outbox
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import ledger
from kontaktstelle.relay.parties import forget_party

from . import periods
from .access import Outside
from .keeping import kept, traced
from .lifecycle import InterestStatus
from .models import Founding, Interest, ListConsent, MeetingInvitation, StartHelper


def forget_interested(
    interest: Interest, to: InterestStatus, *, by: Staff | Outside | None, at: datetime
) -> Interest:
    """Take the person out of a list: address, post that has not left, invitations, days. Month, topics and Kreis stay."""
    today = days.local_day(at)
    if interest.party is not None:
        forget_party(interest.party)
    MeetingInvitation.objects.filter(interest=interest).delete()
    ListConsent.objects.filter(interest=interest).update(
        interest=None, recorded_by=None, erase_on=periods.end_of_proof(today)
    )
    outbox.withdraw(about=interest.pk, by="foundings", at=at)
    interest.status = to
    interest.party = interest.first_on = interest.consent_until = interest.asked_again_on = None
    interest.told_on = interest.erase_on = None
    interest.phone_index = interest.email_index = interest.way = ""
    # So that no backup puts somebody back on a list.
    ledger.record(Interest, [interest.pk], on=today, stays=True)
    traced(by, f"interest.{to}", interest, at=at, fields=["party"])
    return kept(interest)


def interested(rows: Sequence[Interest], *, at: datetime) -> None:
    """Forget who did not answer, and who stood on a list that is closed: an act of the register."""
    for row in rows:
        ended = row.status == InterestStatus.ENDED
        forget_interested(row, InterestStatus.ENDED if ended else InterestStatus.LAPSED, by=None, at=at)


def founders(rows: Sequence[Founding], *, at: datetime) -> None:
    """Take founder, title and wish out of foundings that are over: an act of the register."""
    for row in rows:
        if row.party is not None:
            forget_party(row.party)
        row.party = row.erase_on = row.covered_by = row.helper = None
        row.title_sealed = row.place_wish_sealed = None
        row.de_identified = True
        traced(None, "founding.de-identified", row, at=at)
        kept(row)


def those_who_helped(rows: Sequence[StartHelper], *, at: datetime) -> None:
    """Forget helpers who left: an act of the register."""
    for row in rows:
        if row.party is not None:
            forget_party(row.party)
        row.party = row.topics_sealed = None
        traced(None, "start-helper.forgotten", row, at=at)
        kept(row)
