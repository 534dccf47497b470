"""Einwilligungen nachholen: whoever came with an import "Einwilligung ungeklärt" is asked once, in their own way, and reminded once.

Mails go out singly, letters are printed with a form to sign, calls stand in a list. Nobody is shown because nobody answered.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from kontaktstelle.groups.lifecycle import ConsentStatus, Stage
from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress, PostalAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

from . import consents
from .models import ContactConsent

QUESTION, REMINDER = "groups/mail/consent_wanted", "groups/mail/consent_reminder"
REMIND_AFTER = timedelta(days=21)
AT_ONCE = 100
ANSWER_WITHIN = timedelta(days=28)
NIGHTLY = "nightly"
A = ContactPerson.Consent


class NoSuchWay(StepRefused):
    """No address of this kind is known, or it is none."""

    sentence = "Auf diesem Weg ist die Person nicht zu erreichen. Bitte wählen Sie einen anderen."


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it has come: people, not groups."""

    unclear: int
    not_asked: int
    waiting: int
    given: int
    refused: int
    to_print: int
    to_call: int
    to_remind: int

    @property
    def done(self) -> int:
        """How many have answered."""
        return self.given + self.refused

    @property
    def all(self) -> int:
        """How many it is about."""
        return self.unclear + self.done


def progress(*, on: date) -> Progress:
    """Return how far the office being acted for has come."""
    people = ContactPerson.objects.exclude(group__stage=Stage.DISSOLVED)
    open_rows = _open()
    answered = ContactConsent.objects.filter(person__isnull=False)
    unclear = people.filter(consent=A.UNCLEAR)
    return Progress(
        unclear=unclear.count(),
        not_asked=len(not_asked()),
        waiting=open_rows.filter(asked_on__isnull=False).count(),
        given=answered.filter(status=ConsentStatus.GIVEN).count(),
        refused=answered.filter(status__in=[ConsentStatus.REFUSED, ConsentStatus.WITHDRAWN]).count(),
        to_print=open_rows.filter(way=PostWay.LETTER, asked_on__isnull=True).count(),
        to_call=len(calls()),
        to_remind=len(_to_remind(on)),
    )


@transaction.atomic
def ask(person: ContactPerson, *, by: Staff, at: datetime, only: PostWay | None = None) -> ContactConsent:
    """Ask one person, by mail if it is known, else by letter, else by a call; a mail leaves in this step.

    Raises:
        NoSuchWay: `only` names a way there is no address for.
        consents.AlreadyAsked, consents.NothingToAsk, consents.NobodyThere, rights.NotAllowed: as their sentences say.
    """
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    known = _opened(person, by=str(by.pk), at=at)
    mail, letter = mail_of(known), letter_of(known)
    way = only or (PostWay.MAIL if mail else PostWay.LETTER if letter else PostWay.CALL)
    if (way == PostWay.MAIL and mail is None) or (way == PostWay.LETTER and letter is None):
        raise NoSuchWay
    row = consents.open_question(person, way, by=by, at=at)
    if way == PostWay.MAIL and mail is not None:
        _mail(row, mail, QUESTION, at=at)
        consents.was_asked(row, by=str(by.pk), at=at)
    return row


def ask_next(*, by: Staff, at: datetime) -> dict[PostWay, int]:
    """Ask up to `AT_ONCE` people whose consent is unclear; each in their own way and in a transaction of their own.

    Returns:
        How many by which way: a mail is sent, a letter waits for the printer, a call for somebody.
    """
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    counted = dict.fromkeys(PostWay, 0)
    for person in not_asked()[:AT_ONCE]:
        try:
            counted[PostWay(ask(person, by=by, at=at).way)] += 1
        except (consents.AlreadyAsked, consents.NothingToAsk, consents.NobodyThere):
            continue
    return counted


def not_asked() -> list[ContactPerson]:
    """Return the people whose consent is unclear and who are asked by nobody yet, by their groups' names."""
    rows = ContactPerson.objects.filter(consent=A.UNCLEAR).exclude(group__stage=Stage.DISSOLVED)
    rows = rows.exclude(pk__in=ContactConsent.objects.filter(person__isnull=False).values("person"))
    return list(rows.select_related("group__venue").order_by("group__name", "position", "pk"))


def calls() -> list[ContactConsent]:
    """Return whom to call: nobody did yet, their mail came back, or they were reminded and are still silent."""
    rows = _open().select_related("group__venue", "person").order_by("opened_on", "group__name", "pk")
    return [row for row in rows if row.came_back or (row.way == PostWay.CALL and row.asked_on is None)]


def letters() -> list[ContactConsent]:
    """Return whose form is to be printed."""
    rows = _open().filter(way=PostWay.LETTER, asked_on__isnull=True)
    return list(rows.select_related("group__venue", "person").order_by("group__name", "pk"))


@transaction.atomic
def opened_for_print(
    rows: Iterable[ContactConsent], *, by: Staff, at: datetime
) -> list[tuple[ContactConsent, PostalAddress]]:
    """Open the addresses of forms to be printed; each opening is traced. Whose address is gone waits for a call instead."""
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    found = []
    for row in rows:
        to = letter_of(_opened(row.person, by=str(by.pk), at=at)) if row.person else None
        if to is None:
            row.way = PostWay.CALL
            row.save(update_fields=["way"])
        else:
            found.append((row, to))
    return found


@transaction.atomic
def mark_printed(numbers: Iterable[UUID], *, by: Staff, at: datetime) -> int:
    """Note that forms are on paper. Said twice it changes nothing."""
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    rows = list(
        _open().select_for_update().filter(pk__in=list(numbers), way=PostWay.LETTER, asked_on__isnull=True)
    )
    for row in rows:
        consents.was_asked(row, by=str(by.pk), at=at)
    return len(rows)


def remind_everywhere(*, at: datetime) -> int:
    """Remind, in every office and once each, those who were asked by mail three weeks ago: the night's work. May be repeated."""
    reminded = 0
    for office in ContactPoint.objects.order_by("pk"):
        with acting_for(office):
            reminded += sum(_remind(row.pk, at=at) for row in _to_remind(timezone.localtime(at).date()))
    return reminded


@transaction.atomic
def on_bounced(*, about: UUID | None, contact_point: int, **_: object) -> None:
    """Hear that a mail came back: somebody calls."""
    if about is not None:
        with acting_for(contact_point):
            _open().filter(pk=about).update(came_back=True)


def mail_of(known: Address | None) -> MailAddress | None:
    """Return the address a mail goes to, None where there is none."""
    try:
        return MailAddress(known.email) if known and known.email else None
    except StepRefused:
        return None


def letter_of(known: Address | None) -> PostalAddress | None:
    """Return the address a letter goes to, None where there is none."""
    try:
        return PostalAddress.of(known.name, known.address) if known and known.name and known.address else None
    except StepRefused:
        return None


def _open() -> "QuerySet[ContactConsent]":
    found: QuerySet[ContactConsent] = ContactConsent.objects.filter(
        status=ConsentStatus.ASKED, person__isnull=False
    )
    return found


def _to_remind(on: date) -> list[ContactConsent]:
    rows = _open().filter(
        way=PostWay.MAIL, asked_on__lte=on - REMIND_AFTER, reminded_on__isnull=True, came_back=False
    )
    return list(rows.order_by("asked_on", "pk"))


@transaction.atomic
def _remind(number: UUID, *, at: datetime) -> int:
    on = timezone.localtime(at).date()
    row = (
        _open()
        .select_for_update(of=("self",))
        .select_related("person")
        .filter(pk=number, reminded_on__isnull=True)
        .first()
    )
    if row is None or row.person is None:
        return 0
    to = mail_of(_opened(row.person, by=NIGHTLY, at=at))
    row.reminded_on = on
    if to is None:
        row.came_back = True
    row.save(update_fields=["reminded_on", "came_back"])
    if to is None:
        return 0
    _mail(row, to, REMINDER, at=at)
    return 1


def _mail(row: ContactConsent, to: MailAddress, template: str, *, at: datetime) -> None:
    office = ContactPoint.objects.get(pk=current())
    outbox.queue(
        template, to=to, sender=letterhead(office), kind=Kind.DEADLINE, at=at, about=row.pk,
        path=consents.link_path(row), until=timezone.localtime(at).date() + ANSWER_WITHIN,
    )  # fmt: skip


def _opened(person: ContactPerson, *, by: str, at: datetime) -> Address | None:
    trail.record(
        by, "group-contact.used", object_type="groups.contactperson", object_id=person.pk, at=at, contact_point=person.contact_point_id
    )  # fmt: skip
    try:
        return address_of(person.party)
    except Party.DoesNotExist:
        return None
