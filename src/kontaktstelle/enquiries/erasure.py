"""What is left when the person is gone: a count.

De-identification takes person, text and day from what is counted and leaves month, office, site, channel, who, concerns,
topics, Kreis and outcome. What narrows people down beyond that (Gemeinde, age, language) leaves the row and stays as a
bare monthly number, so `figures` are the same before and after. What is not counted is deleted.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet

from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import restriction
from kontaktstelle.relay import channels
from kontaktstelle.relay.parties import forget_party

from . import days, retention
from .keeping import traced
from .lifecycle import OPEN_REFERRAL, EnquiryStatus, ReferralStatus
from .models import (
    Absence,
    CallBack,
    Clearing,
    Consent,
    Contact,
    Enquiry,
    HandOverNote,
    Intake,
    MonthlyCount,
    Note,
    PostedForm,
    Referral,
)

BATCH = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows lost their person, or went."""

    contacts: int = 0
    enquiries: int = 0
    referrals: int = 0
    call_backs: int = 0
    others: int = 0


@dataclass(frozen=True, slots=True)
class Upcoming:
    """What the next night takes: numbers of enquiries and call-backs, and how many contacts."""

    enquiries: tuple[str, ...]
    call_backs: tuple[UUID, ...]
    contacts: int


@transaction.atomic
def de_identify(*, at: datetime) -> Erased:
    """Do the night's work for the contact point being acted for. Safe to do twice.

    Args:
        at: now; periods are counted back from it.
    """
    call_backs = _call_backs(_call_backs_due(at))
    enquiries = referrals = contacts = 0
    for enquiry in _enquiries_due(at).select_for_update().order_by("pk"):
        with_it = _enquiry(enquiry, at=at)
        enquiries, call_backs = enquiries + 1, call_backs + with_it.call_backs
        referrals, contacts = referrals + with_it.referrals, contacts + with_it.contacts
    contacts += _contacts(list(_contacts_due(at).select_for_update().order_by("pk")), at=at)
    return Erased(contacts, enquiries, referrals, call_backs, _rest(at))


def upcoming(*, at: datetime) -> Upcoming:
    """Return what `de_identify` will take within a day from now."""
    then = at + timedelta(days=1)
    return Upcoming(
        tuple(_enquiries_due(then).order_by("closed_on", "number").values_list("number", flat=True)),
        tuple(_call_backs_due(then).order_by("erase_at", "pk").values_list("pk", flat=True)),
        _contacts_due(then).count(),
    )


def enquiries(rows: Iterable[Enquiry], *, at: datetime) -> None:
    """Take the person out of enquiries, with all that hangs on them."""
    for enquiry in rows:
        _enquiry(enquiry, at=at)


def call_backs(rows: Iterable[CallBack], *, at: datetime) -> None:
    """Delete call-backs with their person."""
    _call_backs(rows)


def end_of_proof(ended_on: date) -> date:
    """Return the last day of the year in which the period for proofs of consent ends."""
    return date((ended_on + timedelta(days=retention.period("consent"))).year, 12, 31)


def _enquiries_due(at: datetime) -> QuerySet[Enquiry]:
    closed_by = days.local_day(at) - timedelta(days=retention.period("enquiry"))
    laid_aside_by = days.local_day(at) - timedelta(days=retention.period("advertising"))
    advertising = Intake.objects.filter(is_advertising=True).values("enquiry")
    found: QuerySet[Enquiry] = Enquiry.objects.filter(
        status=EnquiryStatus.CLOSED, de_identified=False
    ).filter(
        Q(closed_on__lte=closed_by, last_event_on__lte=closed_by)
        | Q(pk__in=advertising, closed_on__lte=laid_aside_by)
    )
    return found.exclude(pk__in=restriction.held(days.local_day(at)))


def _contacts_due(at: datetime) -> QuerySet[Contact]:
    entered_by = at - timedelta(days=retention.period("contact"))
    found: QuerySet[Contact] = Contact.objects.filter(
        de_identified=False, enquiry__isnull=True, entered_at__lte=entered_by
    )
    return found


def _call_backs_due(at: datetime) -> QuerySet[CallBack]:
    held = restriction.held(days.local_day(at))
    found: QuerySet[CallBack] = CallBack.objects.filter(erase_at__lte=at)
    return found.filter(Q(enquiry__isnull=True) | ~Q(enquiry__in=held))


def _enquiry(enquiry: Enquiry, *, at: datetime) -> Erased:
    today = days.local_day(at)
    call_backs = _call_backs(CallBack.objects.filter(enquiry=enquiry))
    referrals = _referrals(Referral.objects.filter(enquiry=enquiry), today)
    contacts = _contacts(list(Contact.objects.filter(enquiry=enquiry)), at=at)
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
    return Erased(contacts=contacts, referrals=referrals, call_backs=call_backs)


def _referrals(referrals: QuerySet[Referral], today: date) -> int:
    Consent.objects.filter(referral__in=referrals).update(
        referral=None, erase_on=end_of_proof(today), recorded_by=None
    )
    referrals.filter(status__in=OPEN_REFERRAL).update(status=ReferralStatus.ENDED)
    return referrals.update(
        de_identified=True, enquiry=None, channel=None, due_on=None, follow_up_on=None, drafted_at=None, asked_on=None, answered_on=None, ended_on=None,
        version=F("version") + 1,
    )  # fmt: skip


def _contacts(contacts: Sequence[Contact], *, at: datetime) -> int:
    if not contacts:
        return 0
    _keep_as_numbers(contacts)
    CallBack.objects.filter(contact__in=contacts).update(contact=None)
    for start in range(0, len(contacts), BATCH):
        Contact.objects.filter(pk__in=[contact.pk for contact in contacts[start : start + BATCH]]).update(
            de_identified=True, day=None, entered_at=None, entered_by=None, enquiry=None, note_sealed=None, municipality="", postcode_area="", extras={},
            version=F("version") + 1,
        )  # fmt: skip
    traced(None, "contacts.de-identified", contacts[0], at=at)
    return len(contacts)


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


def _call_backs(call_backs: Iterable[CallBack]) -> int:
    rows = list(call_backs)
    for row in rows:
        if row.party is not None:
            forget_party(row.party)
        row.delete()
    return len(rows)


def _rest(at: datetime) -> int:
    today = days.local_day(at)
    gone = [
        Consent.objects.filter(erase_on__lte=today),
        HandOverNote.objects.filter(erase_on__lte=today),
        Absence.objects.filter(last_day__lte=today - timedelta(days=retention.period("absence"))),
        PostedForm.objects.filter(Q(at__lte=at - timedelta(days=retention.period("form")))),
    ]
    texts = Intake.objects.filter(at__lte=at - timedelta(days=retention.period("form"))).exclude(text_mac="")
    texts.update(text_mac="")
    channels.erase_old(
        read_before=at - timedelta(days=retention.period("message")),
        sent_before=at - timedelta(days=retention.period("message-unread")),
        but=restriction.held(today),
    )
    return sum(rows.delete()[0] for rows in gone)
