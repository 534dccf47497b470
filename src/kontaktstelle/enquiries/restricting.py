"""Sperre (Art. 18 DSGVO): an enquiry rests. Nothing of it is mailed, listed or erased; by its number it is found.

It holds at once, because a complaint on Friday evening must be in time: fourteen days. That it stands until its day takes a
second person, or in an office of one two days and a call-back on the number stored (`organisation.four_eyes`).
"""

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.mailroom import outbox
from kontaktstelle.organisation import four_eyes
from kontaktstelle.organisation.models import DelicateStep, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.privacy import restriction
from kontaktstelle.privacy.models import Restriction
from kontaktstelle.refusal import StepRefused

from . import access, days
from .keeping import actor, here, locked, traced
from .models import Enquiry, Referral

KIND = "enquiry.restriction"
RIGHT = Right.SUBJECT_RIGHTS


class IsRestricted(StepRefused):
    """The enquiry rests: nothing moves."""

    sentence = "Diese Anfrage ist gesperrt. Solange bewegt sich nichts: keine Post, keine Vermittlung, keine Löschung."


class RestrictedAlready(StepRefused):
    """It rests already."""

    sentence = "Diese Anfrage ist schon gesperrt."


class NotRestricted(StepRefused):
    """It does not rest, or no longer."""

    sentence = "Diese Anfrage ist nicht gesperrt, oder die Sperre ist schon zu Ende."


class NobodyLeft(StepRefused):
    """The person is gone."""

    sentence = "Diese Anfrage ist entpersönlicht. Es ist nichts mehr da, was jemandem gehört."


@transaction.atomic
def restrict(enquiry: Enquiry, *, reason: str, until: date, by: Staff, at: datetime) -> Restriction:
    """Let an enquiry rest from now on, and take back the post about it that has not left.

    Args:
        enquiry: which.
        reason: why, in a sentence; kept sealed.
        until: its last day; it stands so long once it is confirmed.
        by: who.
        at: now.

    Raises:
        access.NotAllowed, NobodyLeft, RestrictedAlready: as their sentences say.
        restriction.ReasonMissing, restriction.TooLong: likewise.
    """
    access.check_subject_rights(by)
    stored = locked(enquiry)
    if stored.de_identified:
        raise NobodyLeft
    if of(stored, at=at) is not None:
        raise RestrictedAlready
    row = restriction.lay(stored.pk, reason=reason, until=until, by=by.pk, at=at)
    four_eyes.ask(KIND, row.pk, right=RIGHT, reason=reason, contact_point=here(), by=by, at=at)
    take_back_post(stored, by=by, at=at)
    traced(by, "enquiry.restricted", stored, at=at)
    return row


@transaction.atomic
def let_stand(enquiry: Enquiry, *, by: Staff, at: datetime) -> None:
    """Let a restriction stand until its day: as the second person; alone once the two days and the call-back are behind.

    Raises:
        NotRestricted: there is none.
        four_eyes.NoLongerOpen, four_eyes.TooNewToConfirm, four_eyes.StillWaiting: as their sentences say.
    """
    row, step = _waiting(enquiry, at)
    alone = step.asked_by_id == by.pk
    if not alone:
        step = four_eyes.confirm(step, right=RIGHT, by=by, at=at)
    four_eyes.carry_out(
        step, lambda: restriction.confirm(row, by=by.pk, at=at, alone=alone), right=RIGHT, by=by, at=at
    )


def called_back(enquiry: Enquiry, *, by: Staff, at: datetime) -> None:
    """Record that the person was called on the number stored and wants it so.

    Raises:
        NotRestricted, four_eyes.NoLongerOpen: as their sentences say.
    """
    four_eyes.called_back(_waiting(enquiry, at)[1], right=RIGHT, by=by, at=at)


@transaction.atomic
def lift(enquiry: Enquiry, *, by: Staff, at: datetime) -> None:
    """End a restriction: what is due goes in the next night.

    Raises:
        access.NotAllowed, NotRestricted: as their sentences say.
    """
    access.check_subject_rights(by)
    row = of(enquiry, at=at)
    if row is None:
        raise NotRestricted
    restriction.lift(row, by=by.pk, at=at)
    if (step := waiting(row, at=at)) is not None:
        four_eyes.withdraw(step, right=RIGHT, by=by, at=at)
    traced(by, "enquiry.restriction-lifted", enquiry, at=at)


def of(enquiry: Enquiry, *, at: datetime) -> Restriction | None:
    """Return the restriction under which an enquiry rests, or None."""
    return restriction.of(enquiry.pk, on=days.local_day(at))


def waiting(row: Restriction, *, at: datetime) -> DelicateStep | None:
    """Return the step that would let a restriction stand until its day, if it waits."""
    return next((each for each in four_eyes.waiting(at=at, kind=KIND) if each.object_id == str(row.pk)), None)


def to_confirm(*, by: Staff, at: datetime) -> list[str]:
    """Return the numbers of enquiries whose restriction somebody else asked for and nobody has confirmed."""
    keys = [each.object_id for each in four_eyes.waiting(at=at, kind=KIND) if each.asked_by_id != by.pk]
    about = Restriction.objects.filter(pk__in=keys, lifted_on__isnull=True).values_list("about", flat=True)
    return sorted(Enquiry.objects.filter(pk__in=list(about)).values_list("number", flat=True))


def rests(about: UUID | None, *, at: datetime) -> bool:
    """Say whether the enquiry, or the enquiry of the referral, with this key rests."""
    if about is None:
        return False
    referral = Referral.objects.filter(pk=about).first()
    enquiry = referral.enquiry_id if referral else about
    return enquiry is not None and restriction.of(enquiry, on=days.local_day(at)) is not None


def check_moves(about: UUID | None, *, at: datetime) -> None:
    """Refuse what would move an enquiry that rests.

    Raises:
        IsRestricted: it rests.
    """
    if rests(about, at=at):
        raise IsRestricted


def take_back_post(enquiry: Enquiry, *, by: Staff, at: datetime) -> int:
    """Take back the post about an enquiry and its referrals that has not left; return how many messages."""
    matters = [enquiry.pk, *Referral.objects.filter(enquiry=enquiry).values_list("pk", flat=True)]
    return sum(outbox.withdraw(about=about, by=actor(by), at=at) for about in matters)


def _waiting(enquiry: Enquiry, at: datetime) -> tuple[Restriction, DelicateStep]:
    row = of(enquiry, at=at)
    if row is None:
        raise NotRestricted
    step = waiting(row, at=at)
    if step is None:
        raise four_eyes.NoLongerOpen
    return row, step
