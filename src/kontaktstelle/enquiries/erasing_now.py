"""Löschung auf Verlangen (Art. 17 DSGVO): the person goes at once, what stays is a count, and a number proves it.

The number is that of the line in the trail: whoever opens the trail finds the day, and that nobody changed it since.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from kontaktstelle.organisation import four_eyes
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import ledger, restriction, trail
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels

from . import access, days, erasure, restricting
from .keeping import actor, locked
from .lifecycle import EnquiryStatus
from .models import CallBack, Consent, Contact, Enquiry, Note, Referral

ACTION = "enquiry.erased-on-request"


class ErasedAlready(StepRefused):
    """There is nobody any more."""

    sentence = "Diese Anfrage ist schon entpersönlicht. Es gibt nichts mehr zu löschen."


class OfAnEnquiry(StepRefused):
    """It goes with its enquiry, not alone."""

    sentence = "Dieser Rückruf gehört zu einer Anfrage. Bitte löschen Sie dort; dann geht alles."


@dataclass(frozen=True, slots=True)
class WhatGoes:
    """What erasing takes and what it leaves, in numbers: no text is opened for it."""

    has_way_back: bool
    notes: int
    messages: int
    call_backs: int
    contacts: int
    referrals: int
    consents: int
    passed_on: int


@dataclass(frozen=True, slots=True)
class Proof:
    """That an enquiry was erased on request: the number to be told, and the day."""

    number: str
    on: date


def what_goes(enquiry: Enquiry, *, by: Staff) -> WhatGoes:
    """Return what erasing would take and leave.

    Raises:
        access.NotAllowed: the right is missing.
    """
    access.check_subject_rights(by)
    contacts, referrals = Contact.objects.filter(enquiry=enquiry), Referral.objects.filter(enquiry=enquiry)
    return WhatGoes(
        has_way_back=enquiry.party is not None,
        notes=Note.objects.filter(enquiry=enquiry).count()
        + contacts.filter(note_sealed__isnull=False).count(),
        messages=sum(len(channels.told(each)) for each in channels.of_matter(enquiry.pk)),
        call_backs=CallBack.objects.filter(enquiry=enquiry).count(),
        contacts=contacts.count(),
        referrals=referrals.count(),
        consents=proofs_of(enquiry).count(),
        passed_on=referrals.exclude(asked_on=None).exclude(route=Referral.Route.OPEN).count(),
    )


@transaction.atomic
def erase_now(enquiry: Enquiry, *, by: Staff, at: datetime, seen: int | None = None) -> Proof:
    """De-identify an enquiry at once: post that has not left is taken back, its channels and its code end.

    Raises:
        access.NotAllowed: the right is missing.
        keeping.ChangedMeanwhile: the page showed an older version.
        ErasedAlready: as its sentence says.
        restricting.IsRestricted: nothing goes before the restriction is lifted.
    """
    access.check_subject_rights(by)
    stored = locked(enquiry)
    if stored.de_identified:
        raise ErasedAlready
    locked(enquiry, seen=seen)
    restricting.check_moves(stored.pk, at=at)
    restricting.take_back_post(stored, by=by, at=at)
    stored.status = EnquiryStatus.CLOSED
    erasure.enquiries([stored], at=at)
    ledger.record(Enquiry, [stored.pk], on=days.local_day(at), stays=True)
    four_eyes.forget_reasons(restricting.KIND, restriction.forget(stored.pk))
    line = trail.record(
        actor(by), ACTION, object_type=stored._meta.label_lower, object_id=stored.pk, at=at, contact_point=stored.contact_point_id  # noqa: SLF001 - Django's public meta interface
    )  # fmt: skip
    return _proof(line)


@transaction.atomic
def erase_call_back(call_back: CallBack, *, by: Staff, at: datetime) -> Proof:
    """Delete a call-back that belongs to no enquiry, with the person it was promised to.

    Raises:
        access.NotAllowed: the right is missing.
        OfAnEnquiry: as its sentence says.
    """
    access.check_subject_rights(by)
    stored = locked(call_back)
    if stored.enquiry_id is not None:
        raise OfAnEnquiry
    line = trail.record(
        actor(by), "call-back.erased-on-request", object_type=stored._meta.label_lower, object_id=stored.pk, at=at, contact_point=stored.contact_point_id  # noqa: SLF001 - Django's public meta interface
    )  # fmt: skip
    erasure.call_backs([stored], at=at)
    return _proof(line)


def proof(enquiry: Enquiry) -> Proof | None:
    """Return the proof that an enquiry was erased on request, or None: also when its period was over by itself."""
    mac = trail.object_mac("enquiries.enquiry", enquiry.pk)
    line = TrailEntry.objects.filter(
        contact_point=enquiry.contact_point_id, action=ACTION, object_mac=mac
    ).first()
    return _proof(line) if line else None


def has_code(enquiry: Enquiry) -> bool:
    """Say whether the person got a code with which they can show who they are."""
    return bool(channels.of_matter(enquiry.pk))


def proofs_of(enquiry: Enquiry) -> QuerySet[Consent]:
    """Return the proofs of what the person of an enquiry agreed to."""
    known = [index for index in (enquiry.phone_index, enquiry.email_index) if index]
    of_it = Q(referral__in=Referral.objects.filter(enquiry=enquiry))
    found: QuerySet[Consent] = Consent.objects.filter(
        of_it | Q(referral__isnull=True, address_index__in=known)
    )
    return found


def _proof(line: TrailEntry) -> Proof:
    return Proof(f"L-{line.contact_point}-{line.number}", days.local_day(line.at))
