"""Eine Anfrage von der Internetseite: taken in with one way back and a receipt code, durably, before anybody says thanks.

Enquiry, first message, consents, the two notices and the trail are one transaction. Nothing typed stands anywhere but sealed.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kontaktstelle import places
from kontaktstelle.groups.models import Group
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import AddressRefused, MailAddress, SenderRefused
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import hours
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels, receipt_codes
from kontaktstelle.relay.models import Side
from kontaktstelle.relay.parties import Address, register_party

from . import access, alarm, codes, days, erasure, grounds, log, suspicion
from .access import Outside
from .finding import indexed
from .keeping import here, kept, locked, once, traced
from .lifecycle import ENQUIRY_STEPS, EnquiryStatus, check_step
from .models import Consent, Contact, Enquiry, Intake

LONGEST = 6000
ONE_NOTICE_WITHIN = timedelta(days=1)
SHORTEST_PHONE = 6


class WayBackUnreadable(StepRefused):
    """Neither an e-mail address nor a telephone number."""

    sentence = "Das ist keine vollständige E-Mail-Adresse oder Telefonnummer. Sie können das Feld auch leer lassen: Ihr Code genügt."


class ConsentNeeded(StepRefused):
    """The office may only read what somebody agreed it may."""

    sentence = "Damit wir Ihre Nachricht lesen dürfen, brauchen wir Ihr Einverständnis. Bitte setzen Sie das Häkchen."


class AlreadyDecided(StepRefused):
    """Somebody looked through it before."""

    sentence = "Diese Nachricht hat schon jemand durchgesehen."


@dataclass(frozen=True, slots=True)
class Written:
    """What somebody wrote on the site, as they wrote it.

    Attributes:
        text: the message.
        way_back: an e-mail address or a telephone number, or nothing: the code is enough.
        agrees: to the reading, where the ground is consent.
        may_pass_on: to the office speaking with the group about it.
        group: slug of the group from whose page they wrote.
        postcode: of where they live, if they said.
        honeypot: what stands in the field nobody sees.
        form_key: of the form.
        form_age: how long it was open.
    """

    text: str
    form_key: UUID
    form_age: timedelta
    way_back: str = ""
    agrees: bool = False
    may_pass_on: bool = False
    group: str = ""
    postcode: str = ""
    honeypot: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """What the thank-you page says: the code, which kind of danger the words alarm about, whether a notice is on its way."""

    code: str
    danger: str
    by_mail: bool


@dataclass(frozen=True, slots=True)
class Promise:
    """When a message sent now is read, and by which day it is answered; None where no Sprechzeiten are known."""

    reads_now: bool
    reads_at: datetime | None
    answer_by: date


@dataclass(frozen=True, slots=True)
class Suspect:
    """A message that waits to be looked through; `alarms` once it has waited for a day."""

    number: str
    intake: UUID
    why: tuple[str, ...]
    since: datetime
    alarms: bool


@dataclass(frozen=True, slots=True)
class Brought:
    """What came with an enquiry from the site, besides its words: from which group's page, what was agreed, what is suspect."""

    intake: UUID
    group: str
    slug: str
    may_pass_on: bool
    why: tuple[str, ...]
    at: datetime
    is_open: bool
    is_advertising: bool


def receive(office: ContactPoint, written: Written, *, at: datetime) -> Received:
    """Take in what somebody wrote. The same form sent twice is one enquiry and shows the same code.

    Args:
        office: who reads it; the page said so before.
        written: what was written.
        at: now.

    Raises:
        channels.NothingWritten, ConsentNeeded, WayBackUnreadable: as their sentences say; nothing is stored.
    """
    text = channels.fit(written.text[: LONGEST * 2])
    if len(text) > LONGEST:
        raise channels.NothingWritten(
            f"Bitte kürzen Sie Ihre Nachricht auf {LONGEST} Zeichen. Ihr Text ist noch da."
        )
    if grounds.ground_of(office.traeger.kind).asks and not written.agrees:
        raise ConsentNeeded
    person = way_back(written.way_back)
    # Whoever goes back, changes the words and sends again has written something else.
    said = "\0".join((text, written.way_back.strip(), written.group, written.postcode, str(office.pk)))
    seed = written.form_key.bytes + hashlib.sha256(said.encode("utf-8", "replace")).digest()
    key = UUID(bytes=hashlib.sha256(b"form" + seed).digest()[:16])
    code, danger = receipt_codes.code_for(seed), alarm.kind_of(text)
    with acting_for(office):
        _take_in(text, person, written, code, danger, at=at, form_key=key)
    return Received(code, danger, by_mail=bool(person.email))


def promise(office: ContactPoint, *, at: datetime) -> Promise:
    """Return when a message sent now is read and answered: from Sprechzeiten, holidays and closings."""
    reads_at = hours.reads_next(office, at)
    there = hours.presence(office, at).now is not None
    first = (reads_at or at).astimezone(hours.BERLIN).date()
    within = office.reads_within_working_days
    return Promise(there, reads_at, days.working_days_after(office, first, within))


def suspects(*, by: Staff, at: datetime) -> list[Suspect]:
    """Return what waits to be looked through, longest first."""
    access.check_can_see(by)
    rows = Intake.objects.filter(decided_at__isnull=True).select_related("enquiry").order_by("at")
    return [
        Suspect(
            row.enquiry.number,
            row.pk,
            tuple(suspicion.LABELS[key] for key in row.suspect_for),
            row.at,
            alarms=at - row.at > channels.UNREAD_AFTER,
        )
        for row in rows
    ]


def brought(enquiry: Enquiry, *, by: Staff) -> Brought | None:
    """Return what came with an enquiry from the site; None if it came another way.

    Raises:
        access.NotAllowed: it is not for this person.
    """
    access.check_can_read_notes(by, enquiry)
    row = Intake.objects.filter(enquiry=enquiry).select_related("group").first()
    return _brought(row) if row else None


def to_look_through(intake: UUID, *, by: Staff) -> tuple[Enquiry, Brought] | None:
    """Return a suspect message's enquiry and why it is suspect, or None if it is gone.

    Raises:
        access.NotAllowed: messages are not for this person.
    """
    access.check_can_open_notes(by)
    row = Intake.objects.filter(pk=intake).select_related("enquiry", "group").first()
    return (row.enquiry, _brought(row)) if row else None


@transaction.atomic
def let_through(intake: UUID, *, by: Staff, at: datetime) -> Enquiry:
    """Say that a suspect message is one: it counts and is new from now on.

    Raises:
        AlreadyDecided: somebody did before.
        Intake.DoesNotExist: there is none here.
    """
    access.check_can_refer(by)
    row, enquiry = _decided(intake, at)
    _count(enquiry, row.group, "", at)
    enquiry.due_wished_on = days.local_day(at)
    enquiry.due_on = days.office_day(here(), enquiry.due_wished_on)
    traced(by, "intake.let-through", enquiry, at=at)
    return kept(enquiry)


@transaction.atomic
def lay_aside(intake: UUID, *, by: Staff, at: datetime) -> Enquiry:
    """Say that a suspect message is none. It is closed, not counted, and goes with the others; it can be taken up again.

    Raises:
        AlreadyDecided: somebody did before.
        Intake.DoesNotExist: there is none here.
    """
    access.check_can_refer(by)
    row, enquiry = _decided(intake, at)
    row.is_advertising = True
    row.save()
    check_step(ENQUIRY_STEPS, EnquiryStatus(enquiry.status), EnquiryStatus.CLOSED)
    enquiry.status, enquiry.closed_on = EnquiryStatus.CLOSED, days.local_day(at)
    enquiry.due_on = enquiry.due_wished_on = None
    traced(by, "intake.laid-aside", enquiry, at=at)
    return kept(enquiry)


def counts_after_all(enquiry: Enquiry, *, at: datetime) -> None:
    """Count a message that was laid aside and is taken up again: it is one like all others."""
    row = Intake.objects.select_for_update().filter(enquiry=enquiry, is_advertising=True).first()
    if row is not None:
        row.is_advertising = False
        row.save()
        _count(enquiry, row.group, "", at)


def way_back(typed: str) -> Address:
    """Return the one way back somebody gave, or none.

    Raises:
        WayBackUnreadable: it is neither an address nor a number.
    """
    typed = " ".join(typed.split())
    if not typed:
        return Address()
    if "@" in typed:
        try:
            return Address(email=MailAddress(typed).text)
        except AddressRefused as error:
            raise WayBackUnreadable from error
    digits = re.sub(r"\D", "", typed)
    if not SHORTEST_PHONE <= len(digits) <= 20 or re.sub(r"[\d\s()+/.–-]", "", typed):  # noqa: PLR2004 - longer than any number
        raise WayBackUnreadable
    return Address(phone=typed)


@once(Enquiry)
def _take_in(
    text: str, person: Address, written: Written, code: str, danger: str, *, at: datetime, form_key: UUID
) -> Enquiry:
    office, today = here(), days.local_day(at)
    enquiry = Enquiry(
        contact_point=office, number=log.free_number(), month=days.month_of(today), status=EnquiryStatus.NEW, opened_at=at, last_event_on=today,
        due_wished_on=today, due_on=days.office_day(office, today), is_paused_for_crisis=bool(danger),
    )  # fmt: skip
    email_before = False
    if not person.is_empty():
        enquiry.party = register_party(person, contact_point=office.pk, on=today)
        enquiry.phone_index, enquiry.email_index = indexed(person, office.pk)
        email_before = _told_lately(enquiry.email_index, at)
    enquiry.save(force_insert=True)
    group = Group.objects.filter(slug=written.group).first() if written.group else None
    mac = suspicion.text_mac(text, contact_point=office.pk)
    why = [] if danger else suspicion.reasons(
        text, honeypot=written.honeypot, form_age=written.form_age, mac=mac, at=at
    )  # fmt: skip
    Intake(
        contact_point=office, enquiry=enquiry, group=group, may_pass_on=written.may_pass_on, at=at, text_mac=mac, suspect_for=why,
        decided_at=None if why else at,
    ).save(force_insert=True)  # fmt: skip
    if not why:
        _count(enquiry, group, written.postcode, at)
    channel = channels.open_channel(enquiry.pk, by=Outside.SEEKER, at=at)
    receipt_codes.keep(code, about=enquiry.pk, contact_point=office.pk, on=today)
    channels.tell(channel, text, side=Side.SEEKER, by=Outside.SEEKER, at=at)
    _agreed(office, written, enquiry, at)
    traced(Outside.SEEKER, "enquiry.received", enquiry, at=at)
    _notices(office, person, enquiry, at, tell_person=not email_before and not why)
    return enquiry


def _brought(row: Intake) -> Brought:
    return Brought(
        row.pk,
        row.group.name if row.group else "",
        row.group.slug if row.group else "",
        row.may_pass_on,
        tuple(suspicion.LABELS[key] for key in row.suspect_for),
        row.at,
        is_open=row.decided_at is None,
        is_advertising=row.is_advertising,
    )


def _decided(intake: UUID, at: datetime) -> tuple[Intake, Enquiry]:
    row = Intake.objects.select_for_update().get(pk=intake)
    if row.decided_at is not None:
        raise AlreadyDecided
    row.decided_at = at
    row.save()
    return row, locked(Enquiry.objects.get(pk=row.enquiry_id))


def _count(enquiry: Enquiry, group: Group | None, postcode: str, at: datetime) -> None:
    """Write the contact that counts: codes only, nothing of the words."""
    place = places.find(postcode).place if postcode else None
    today = days.local_day(at)
    Contact(
        contact_point_id=current(), enquiry=enquiry, source=Contact.Source.WEB, month=days.month_of(today), day=today, code_year=today.year,
        entered_at=at, channel="web", direction="incoming", concerns=["find-group"] if group else [],
        topics=codes.checked_topics(group.topics[: codes.MOST_TOPICS]) if group else [], kreis_key=place.kreis_key if place else "",
    ).save(force_insert=True)  # fmt: skip


def _agreed(office: ContactPoint, written: Written, enquiry: Enquiry, at: datetime) -> None:
    """Keep the proof of what was agreed to, each purpose by itself."""
    ground = grounds.ground_of(office.traeger.kind)
    given: Sequence[tuple[Consent.Purpose, str, bool]] = (
        (Consent.Purpose.PROCESSING, ground.processing_version, ground.asks and written.agrees),
        (Consent.Purpose.PASSING_ON, ground.passing_on_version, ground.asks and written.may_pass_on),
    )
    for purpose, version, holds in given:
        if holds:
            proof = Consent(
                contact_point=office, purpose=purpose, text_version=version, how="site", given_at=at,
                address_index=enquiry.phone_index or enquiry.email_index, erase_on=erasure.end_of_proof(days.local_day(at)),
            )  # fmt: skip
            proof.save(force_insert=True)
            traced(Outside.SEEKER, "consent.recorded", proof, at=at)


def _notices(
    office: ContactPoint, person: Address, enquiry: Enquiry, at: datetime, *, tell_person: bool
) -> None:
    """Tell the office, and the person if they gave an address, that something is there; never what."""
    try:
        sender = letterhead(office)
    except SenderRefused:
        # An office whose own address is wrong still gets the enquiry: it stands under "Heute".
        return
    outbox.queue(
        "enquiries/mail/someone_wrote", to=MailAddress(sender.email), sender=sender, kind=Kind.SINGLE, at=at, about=enquiry.pk
    )  # fmt: skip
    if person.email and tell_person:
        outbox.queue(
            "enquiries/mail/it_arrived", to=MailAddress(person.email), sender=sender, kind=Kind.SINGLE, at=at, about=enquiry.pk
        )  # fmt: skip


def _told_lately(email_index: str, at: datetime) -> bool:
    """Say whether this address was told something within a day: nobody can have others' mailboxes filled from here."""
    return bool(
        email_index
        and Enquiry.objects.filter(email_index=email_index, opened_at__gt=at - ONE_NOTICE_WITHIN).exists()
    )
