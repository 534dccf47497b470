"""A group is asked by a link and says yes or no there: the page only shows, the button acts. No account, no name."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import address_of

from . import access, correspondence, links, referral, restricting
from .access import Outside
from .keeping import once
from .lifecycle import ReferralStatus
from .models import Referral


class NotByMail(StepRefused):
    """The group's contact person has no e-mail address, or nobody is known."""

    sentence = "Zu dieser Gruppe ist keine E-Mail-Adresse hinterlegt. Bitte rufen Sie an oder schreiben Sie einen Brief."


@dataclass(frozen=True, slots=True)
class Question:
    """What the group's page says: which group, whether an answer is still wanted, and what was said before."""

    group: str
    is_open: bool
    accepted: bool


@once(Referral)
def send_link(of: Referral, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Referral:
    """Send the group's contact person the link by which they answer. The mail says neither of whom nor about what.

    Raises:
        referral.EnquiryIsClosed: the group is not being asked any more.
        NotByMail: as its sentence says.
    """
    access.check_can_refer(by)
    if of.status != ReferralStatus.ASKED or of.due_on is None:
        raise referral.EnquiryIsClosed("Diese Gruppe wird gerade nichts gefragt.")
    restricting.check_moves(of.pk, at=at)
    party = correspondence.contact_party(of)
    try:
        email = address_of(party).email if party else None
    except Party.DoesNotExist:
        email = None
    if not email:
        raise NotByMail
    token = links.group_answer(of.pk, contact_point=of.contact_point_id, at=at)
    outbox.queue(
        "mailroom/mail/answer_wanted", to=MailAddress(email), sender=letterhead(of.contact_point), kind=Kind.DEADLINE, at=at, about=of.pk,
        path=f"/antwort/{token}/", until=of.due_on,
    )  # fmt: skip
    return of


def question(number: UUID) -> Question | None:
    """Return what a group is asked, or None if that is gone."""
    found = Referral.objects.filter(pk=number, group__isnull=False).select_related("group").first()
    if found is None:
        return None
    return Question(
        found.group.name,
        found.status == ReferralStatus.ASKED,
        found.status in {ReferralStatus.ACCEPTED, ReferralStatus.IN_CONTACT},
    )


@transaction.atomic
def say(number: UUID, *, yes: bool, at: datetime, reason: str = "") -> None:
    """Take a group's answer. Said twice it counts once.

    Raises:
        lifecycle.WrongStatus: no answer is wanted any more.
        Referral.DoesNotExist: it is gone.
    """
    found = Referral.objects.get(pk=number, group__isnull=False)
    if found.status == (ReferralStatus.ACCEPTED if yes else ReferralStatus.DECLINED):
        return
    if yes:
        referral.accept(found, by=Outside.GROUP, at=at)
    else:
        referral.decline(found, reason=reason, by=Outside.GROUP, at=at)
