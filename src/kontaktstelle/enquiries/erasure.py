"""What is left when the person is gone: a count.

De-identification takes person, text and day from what is counted and leaves month, office, site, channel, who, concerns,
topics, Kreis and outcome. What narrows people down beyond that (Gemeinde, age, language) leaves the row and stays as a
bare monthly number, so `figures` are the same before and after. When it is time, `retention` says.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db.models import F, QuerySet

from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import retention as register
from kontaktstelle.relay import channels
from kontaktstelle.relay.parties import forget_party

from . import days, periods
from .keeping import traced
from .lifecycle import OPEN_REFERRAL, ReferralStatus
from .models import (
    CallBack,
    Clearing,
    Consent,
    Contact,
    Enquiry,
    Intake,
    MonthlyCount,
    Note,
    Referral,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What the next night takes: numbers of enquiries and call-backs, and how many contacts."""

    enquiries: tuple[str, ...]
    call_backs: tuple[UUID, ...]
    contacts: int


def upcoming(*, at: datetime) -> Upcoming:
    """Return what the register will take within a day from now, at the contact point being acted for."""
    found: dict[type, list[UUID]] = {}
    for coming in register.coming(at=at, contact_point=current(), of=(Enquiry, CallBack, Contact)):
        found.setdefault(coming.rule.model, []).extend(coming.numbers)
    enquiries = Enquiry.objects.filter(pk__in=found.get(Enquiry, ())).order_by("closed_on", "number")
    promised = CallBack.objects.filter(pk__in=found.get(CallBack, ())).order_by("erase_at", "pk")
    return Upcoming(
        tuple(enquiries.values_list("number", flat=True)),
        tuple(promised.values_list("pk", flat=True)),
        len(found.get(Contact, ())),
    )


def enquiries(rows: Sequence[Enquiry], *, at: datetime) -> None:
    """Take the person out of enquiries, with all that hangs on them: an act of the register."""
    for enquiry in rows:
        _enquiry(enquiry, at=at)


def contacts(rows: Sequence[Contact], *, at: datetime) -> None:
    """Take note, day and place out of contacts: an act of the register."""
    _contacts(rows, at=at)


def call_backs(rows: Sequence[CallBack], *, at: datetime) -> None:
    """Delete call-backs with their person: an act of the register."""
    _call_backs(rows, at=at)


def forget_texts(rows: Sequence[Intake], *, at: datetime) -> None:
    """Forget by what a message sent twice is known again: an act of the register."""
    Intake.objects.everywhere().filter(pk__in=[row.pk for row in rows]).update(text_mac="")


def end_of_proof(ended_on: date) -> date:
    """Return the last day of the year in which the period for proofs of consent ends."""
    return date((ended_on + timedelta(days=periods.days_of(periods.CONSENT))).year, 12, 31)


def _enquiry(enquiry: Enquiry, *, at: datetime) -> None:
    today = days.local_day(at)
    _call_backs(CallBack.objects.filter(enquiry=enquiry), at=at)
    _referrals(Referral.objects.filter(enquiry=enquiry), today)
    _contacts(list(Contact.objects.filter(enquiry=enquiry)), at=at)
    Note.objects.filter(enquiry=enquiry).delete()
    Intake.objects.filter(enquiry=enquiry).delete()
    channels.erase(enquiry.pk)
    Clearing.objects.filter(enquiry=enquiry).update(enquiry=None, discussed_on=None)
    if enquiry.party is not None:
        forget_party(enquiry.party)
    enquiry.de_identified, enquiry.only_me, enquiry.is_paused_for_crisis = True, False, False
    enquiry.party = enquiry.covered_by = enquiry.closed_on = enquiry.last_event_on = enquiry.opened_at = None
    enquiry.due_on = enquiry.due_wished_on = None
    enquiry.phone_index = enquiry.email_index = enquiry.receipt_hash = enquiry.waits_for = ""
    enquiry.version += 1
    enquiry.save()
    traced(None, "enquiry.de-identified", enquiry, at=at)


def _referrals(referrals: QuerySet[Referral], today: date) -> None:
    Consent.objects.filter(referral__in=referrals).update(
        referral=None, erase_on=end_of_proof(today), recorded_by=None
    )
    referrals.filter(status__in=OPEN_REFERRAL).update(status=ReferralStatus.ENDED)
    referrals.update(
        de_identified=True, enquiry=None, channel=None, due_on=None, follow_up_on=None, drafted_at=None, asked_on=None, answered_on=None, ended_on=None,
        version=F("version") + 1,
    )  # fmt: skip


def _contacts(contacts: Sequence[Contact], *, at: datetime) -> None:
    if not contacts:
        return
    _keep_as_numbers(contacts)
    CallBack.objects.filter(contact__in=contacts).update(contact=None)
    for start in range(0, len(contacts), BATCH):
        Contact.objects.filter(pk__in=[contact.pk for contact in contacts[start : start + BATCH]]).update(
            de_identified=True, day=None, entered_at=None, entered_by=None, enquiry=None, note_sealed=None, municipality="", postcode_area="", extras={},
            version=F("version") + 1,
        )  # fmt: skip
    traced(None, "contacts.de-identified", contacts[0], at=at)


def _keep_as_numbers(contacts: Sequence[Contact]) -> None:
    """Count what leaves the contacts, each value by itself: no way leads from one to another."""
    counted = Counter(
        (contact.month, contact.site_id or 0, name, value, contact.reached is not None)
        for contact in contacts
        for name, value in [*contact.extras.items(), ("municipality", contact.municipality)]
        if value
    )
    for (month, site_number, name, value, is_collective), count in sorted(counted.items()):
        row, _ = MonthlyCount.objects.get_or_create(
            contact_point_id=current(), month=month, site_number=site_number, breakdown=name, value=value, is_collective=is_collective
        )  # fmt: skip
        MonthlyCount.objects.filter(pk=row.pk).update(contacts=F("contacts") + count)


def _call_backs(call_backs: Iterable[CallBack], *, at: datetime) -> None:
    for row in call_backs:
        if row.party is not None:
            forget_party(row.party)
        traced(None, "call-back.erased", row, at=at)
        row.delete()
