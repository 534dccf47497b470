"""Messages between the office and a seeker, and between a group and a seeker: who may, who is told, what moves.

The words lie in `relay.channels`. A mail only ever says that something waits, in the office's name with its telephone.
"""

import secrets
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import AddressRefused, MailAddress, SenderRefused
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels
from kontaktstelle.relay.channels import Said
from kontaktstelle.relay.models import Channel, Party, Side
from kontaktstelle.relay.parties import address_of

from . import access, alarm, days, links, referral, restricting, threads
from .access import Outside
from .keeping import actor, here, locked, once
from .lifecycle import ReferralStatus
from .models import Arrangement, Enquiry, Referral

LONGEST = channels.LONGEST


class NoCodeYet(StepRefused):
    """The person has no code: they did not write on the site."""

    sentence = "Diese Person hat nicht über die Internetseite geschrieben. Bitte antworten Sie auf dem Weg, den sie genannt hat."


class WroteMeanwhile(StepRefused):
    """Something was said that whoever answers has not seen."""

    sentence = "Inzwischen ist eine Nachricht dazugekommen. Ihr Text ist noch da; bitte lesen Sie sie, bevor Sie ihn schicken."


@dataclass(frozen=True, slots=True)
class Thread:
    """A channel as one side sees it: with whom, what was said, whether one may write."""

    channel: UUID
    is_group: bool
    with_whom: str
    is_open: bool
    said: tuple[Said, ...]

    @property
    def last(self) -> UUID | None:
        """Return the number of what was said last: who answers says up to where they have read."""
        return self.said[-1].number if self.said else None


@dataclass(frozen=True, slots=True)
class Contacting:
    """How far the protected contact of a referral is, as the office may know it: days and sides, never a word."""

    opened_on: date
    is_open: bool
    told: int
    last_on: date | None
    both_wrote: bool
    group_has_unread: bool
    seeker_has_unread: bool


@once(Channel)
def tell(
    enquiry: Enquiry,
    text: str,
    *,
    by: Staff,
    at: datetime,
    after: UUID | None = None,
    form_key: UUID | None = None,
) -> Channel:
    """Write to the seeker. They are told that something waits if they gave an e-mail address.

    Args:
        enquiry: whose.
        text: the words; never mailed.
        by: who.
        at: now.
        after: the last message the page showed; without it whatever came in meanwhile is passed over.
        form_key: of the form.

    Raises:
        NoCodeYet: they have no way to read it.
        WroteMeanwhile: something came in, or a colleague answered, since the page was shown.
        access.NotAllowed, channels.ChannelClosed, channels.NothingWritten: as their sentences say.
    """
    access.check_can_refer(by)
    stored = locked(enquiry)
    access.check_can_read_notes(by, stored)
    restricting.check_moves(stored.pk, at=at)
    channel = _with_office(stored)
    if channel is None:
        raise NoCodeYet
    if after is not None and channels.last(channel) != after:
        raise WroteMeanwhile
    told_before = channels.waits_unread(channel, side=Side.SEEKER)
    channels.tell(channel, text, side=Side.OFFICE, by=actor(by), at=at)
    threads.move_along(stored, Enquiry.WaitsFor.PERSON, None, by=by, at=at)
    if not told_before:
        _say_that_something_waits(stored.party, f"/post/{secrets.token_urlsafe(24)}/", about=stored.pk, at=at)
    return channel


@transaction.atomic
def thread(enquiry: Enquiry, *, by: Staff, at: datetime) -> Thread | None:
    """Read the messages with the seeker; None if they did not write on the site. Reading is traced.

    Raises:
        access.NotAllowed: they are not for this person.
    """
    access.check_can_read_notes(by, enquiry)
    channel = _with_office(enquiry)
    if channel is None:
        return None
    said = channels.thread(channel, side=Side.OFFICE, by=actor(by), at=at)
    return _shown(channel, "ratsuchende Person", said)


def contacting(of: Referral, *, by: Staff) -> Contacting | None:
    """Return how far the protected contact of a referral is; None where there is none. Opens no message.

    What a seeker and a group write is between them: the office sees that they write, and whether somebody waits.

    Raises:
        access.NotAllowed: enquiries are not for this person.
    """
    access.check_can_see(by)
    channel = channels.of_referral(of.pk)
    if channel is None:
        return None
    told = channels.told(channel)
    return Contacting(
        opened_on=days.local_day(channel.opened_at),
        is_open=channel.closed_at is None,
        told=len(told),
        last_on=days.local_day(told[-1]) if told else None,
        both_wrote=channels.both_wrote(channel),
        group_has_unread=channels.waits_unread(channel, side=Side.GROUP),
        seeker_has_unread=channels.waits_unread(channel, side=Side.SEEKER),
    )


@transaction.atomic
def read_by_seeker(about: UUID, *, at: datetime) -> list[Thread]:
    """Return all a code opens: the messages with the office, and those with groups. They count as read."""
    shown = []
    for channel in channels.of_matter(about):
        said = channels.thread(channel, side=Side.SEEKER, by=Outside.SEEKER, at=at)
        name = _group_name(channel) if channel.other == Side.GROUP else here().name
        shown.append(_shown(channel, name, said))
    return shown


@once(Channel)
def reply_of_seeker(
    about: UUID,
    number: UUID,
    text: str,
    *,
    at: datetime,
    is_contact: bool = False,
    form_key: UUID | None = None,
) -> Channel:
    """Write as the seeker, to the office or to a group.

    Raises:
        channels.ChannelClosed: that contact is over, or it never was theirs: these look alike.
        channels.NothingWritten: as its sentence says.
    """
    channel = _of(about, number)
    stored = _enquiry_first(channel)
    told_before = channels.waits_unread(channel, side=Side(channel.other))
    channels.tell(channel, text, side=Side.SEEKER, by=Outside.SEEKER, at=at, is_contact=is_contact)
    if channel.other == Side.OFFICE:
        threads.heard_from_person(stored, at=at, alarms=bool(alarm.kind_of(text, in_reply=True)))
        if not told_before:
            _tell_office(about, at)
    else:
        _in_contact(channel, Outside.SEEKER, at)
        if not told_before:
            _tell_group(channel, at)
    return channel


@once(Channel)
def reply_of_group(
    number: UUID, text: str, *, at: datetime, is_contact: bool = False, form_key: UUID | None = None
) -> Channel:
    """Write as the group, through its link and its six digits.

    Raises:
        channels.ChannelClosed, channels.NothingWritten: as their sentences say.
    """
    channel = channels.find(number)
    if channel is None:
        raise channels.ChannelClosed
    enquiry = _enquiry_first(channel)
    told_before = channels.waits_unread(channel, side=Side.SEEKER)
    channels.tell(channel, text, side=Side.GROUP, by=Outside.GROUP, at=at, is_contact=is_contact)
    _in_contact(channel, Outside.GROUP, at)
    if not told_before:
        _say_that_something_waits(
            enquiry.party, f"/post/{secrets.token_urlsafe(24)}/", about=enquiry.pk, at=at
        )
    return channel


@transaction.atomic
def read_by_group(number: UUID, *, at: datetime) -> Thread | None:
    """Return the group's side of a channel, or None if it is erased."""
    channel = channels.find(number)
    if channel is None:
        return None
    said = channels.thread(channel, side=Side.GROUP, by=Outside.GROUP, at=at)
    return _shown(channel, "die Person, die Kontakt sucht", said)


@transaction.atomic
def end_by_seeker(about: UUID, number: UUID, *, at: datetime) -> None:
    """Close the contact with a group, which withdraws the consent it rests on; twice is once.

    Raises:
        channels.ChannelClosed: there is no such contact.
    """
    channel = _of(about, number)
    if channel.other != Side.GROUP or channel.referral is None:
        raise channels.ChannelClosed("Den Kontakt mit der Kontaktstelle können Sie am Telefon beenden.")
    found = Referral.objects.filter(pk=channel.referral).first()
    may_withdraw = found is not None and referral.may_be_withdrawn(found)
    if found is not None and may_withdraw:
        referral.withdraw(found, by=Outside.SEEKER, at=at)
    channels.close(channel, by=Outside.SEEKER, at=at)


@transaction.atomic
def end_by_group(number: UUID, *, at: datetime) -> None:
    """Close a contact as the group; twice is once."""
    channel = channels.find(number)
    if channel is None:
        return
    found = Referral.objects.filter(pk=channel.referral, status=ReferralStatus.ACCEPTED).first()
    if found is not None:
        referral.decline(found, by=Outside.GROUP, at=at)
    channels.close(channel, by=Outside.GROUP, at=at)


@transaction.atomic
def digits_for_group(of: Referral, *, by: Staff, at: datetime) -> str:
    """Return six new digits to be told to the group on the telephone, and send it the link they belong to.

    Raises:
        channels.ChannelClosed: there is no open contact.
    """
    access.check_can_refer(by)
    channel = channels.find(of.channel)
    if channel is None:
        raise channels.ChannelClosed
    restricting.check_moves(of.pk, at=at)
    digits = channels.new_digits(channel, by=actor(by), at=at)
    _tell_group(channel, at)
    return digits


def _shown(channel: Channel, with_whom: str, said: list[Said]) -> Thread:
    return Thread(
        channel=channel.pk,
        is_group=channel.other == Side.GROUP,
        with_whom=with_whom,
        is_open=channel.closed_at is None,
        said=tuple(said),
    )


def _in_contact(channel: Channel, by: Outside, at: datetime) -> None:
    """Say that contact came about, once both sides have written."""
    found = Referral.objects.filter(pk=channel.referral, status=ReferralStatus.ACCEPTED).first()
    if found is not None and channels.both_wrote(channel):
        referral.confirm_contact(found, by=by, at=at)


def _with_office(enquiry: Enquiry) -> Channel | None:
    return next((each for each in channels.of_matter(enquiry.pk) if each.other == Side.OFFICE), None)


def _enquiry_first(channel: Channel) -> Enquiry:
    """Lock the enquiry of a channel before the channel: withdrawing and closing take them in this order too."""
    enquiry: Enquiry = locked(Enquiry.objects.get(pk=channel.about))
    return enquiry


def _of(about: UUID, number: UUID) -> Channel:
    channel = channels.find(number)
    if channel is None or channel.about != about:
        raise channels.ChannelClosed
    return channel


def _group_name(channel: Channel) -> str:
    found = Referral.objects.filter(pk=channel.referral).select_related("group").first()
    return found.group.name if found and found.group else "Gruppe"


def _tell_office(about: UUID, at: datetime) -> None:
    try:
        sender = letterhead(here())
    except SenderRefused:
        return
    outbox.queue(
        "enquiries/mail/someone_wrote", to=MailAddress(sender.email), sender=sender, kind=Kind.SINGLE, at=at, about=about
    )  # fmt: skip


def _tell_group(channel: Channel, at: datetime) -> None:
    """Tell the group's contact person that something waits, if they can be told by mail; else it is a call for the office."""
    found = Referral.objects.filter(pk=channel.referral).first()
    if found is None or found.group_id is None:
        return
    path = f"/post/{links.group_channel(channel.pk, contact_point=channel.contact_point_id, at=at)}/"
    _say_that_something_waits(contact_party(found), path, about=found.pk, at=at)


def contact_party(of: Referral) -> UUID | None:
    """Return the number of the person of the group who is asked: as arranged, else the first."""
    arrangement = Arrangement.objects.filter(group_id=of.group_id).first()
    people = ContactPerson.objects.filter(group_id=of.group_id)
    wanted = (
        people.filter(pk=arrangement.asked_person).first()
        if arrangement and arrangement.asked_person
        else None
    )
    person = wanted or people.order_by("position", "pk").first()
    return person.party if person else None


def _say_that_something_waits(party: UUID | None, path: str, *, about: UUID, at: datetime) -> None:
    if party is None or restricting.rests(about, at=at):
        return
    try:
        email = address_of(party).email
        sender = letterhead(here())
        if email:
            outbox.queue(
                "mailroom/mail/message_waiting", to=MailAddress(email), sender=sender, kind=Kind.SINGLE, at=at, about=about, path=path
            )  # fmt: skip
    except (Party.DoesNotExist, AddressRefused, SenderRefused):
        return
