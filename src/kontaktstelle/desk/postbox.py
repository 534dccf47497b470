"""The mailbox as the Posteingang shows it: neutral lines, opened by who counsels, marked once taken in; all of it traced."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from kontaktstelle.enquiries import access
from kontaktstelle.mailroom.incoming import mailbox, reading
from kontaktstelle.mailroom.incoming.message import Incoming
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.privacy import trail
from kontaktstelle.ui import formats

NOT_MARKED = (
    "Das Postfach antwortet gerade nicht: Bitte kennzeichnen Sie die Nachricht dort selbst als gelesen."
)


@dataclass(frozen=True, slots=True)
class Line:
    """A message that waits, as anybody may see it over a shoulder."""

    key: str
    words: str


@dataclass(frozen=True, slots=True)
class Postbox:
    """What the page shows: whether this office has a mailbox, what waits in it, and what is wrong with it."""

    is_here: bool
    lines: tuple[Line, ...] = ()
    wrong: str = ""


def belongs_to(office: ContactPoint) -> bool:
    """Say whether the mailbox that is set up is this office's: the one named, or the only one there is."""
    if not mailbox.is_set_up():
        return False
    if settings.IMAP_OFFICE:
        return bool(office.slug == settings.IMAP_OFFICE)
    return not ContactPoint.objects.exclude(pk=office.pk).exists()


def shown(office: ContactPoint, *, by: Staff, at: datetime) -> Postbox:
    """Return what waits in the office's mailbox."""
    access.check_can_open_notes(by)
    if not belongs_to(office):
        return Postbox(is_here=False)
    try:
        found = mailbox.waiting()
    except mailbox.MailboxAway as away:
        return Postbox(is_here=True, wrong=away.sentence)
    return Postbox(is_here=True, lines=tuple(Line(each.key, said(each.arrived_at, at)) for each in found))


def said(arrived_at: datetime, at: datetime) -> str:
    """Return when a message came, and nothing else of it."""
    arrived, today = timezone.localtime(arrived_at), timezone.localtime(at).date()
    apart = (today - arrived.date()).days
    day = {0: "heute", 1: "gestern"}.get(apart, formats.short_date(arrived.date()))
    return f"Nachricht von {day}, {arrived.hour}.{arrived.minute:02} Uhr"


def opened(key: str, *, office: ContactPoint, by: Staff, at: datetime) -> Incoming:
    """Return a waiting message, read; it stays unread in the mailbox, and the trail says who opened it.

    Raises:
        mailbox.AlreadyTaken, mailbox.MailboxAway: as their sentences say; and what `reading.read` refuses.
    """
    access.check_can_open_notes(by)
    if not belongs_to(office):
        raise mailbox.AlreadyTaken
    content = mailbox.content_of(key)
    with transaction.atomic():
        _traced("mail.opened", key, office=office, by=by, at=at)
    return reading.read("nachricht.eml", content)


def check_waits(key: str, *, office: ContactPoint) -> None:
    """Refuse a message somebody else took in meanwhile; a mailbox that is away refuses nothing.

    Raises:
        mailbox.AlreadyTaken: as its sentence says.
    """
    if not belongs_to(office):
        raise mailbox.AlreadyTaken
    try:
        mailbox.check_waits(key)
    except mailbox.MailboxAway:
        return


def taken(key: str, *, office: ContactPoint, by: Staff, at: datetime) -> str:
    """Mark a message that has become a contact; return what staff have to do themselves, or ""."""
    with transaction.atomic():
        _traced("mail.taken-in", key, office=office, by=by, at=at)
    try:
        mailbox.take_in(key)
    except mailbox.AlreadyTaken:
        return ""
    except mailbox.MailboxAway:
        return NOT_MARKED
    return ""


def _traced(action: str, key: str, *, office: ContactPoint, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="mailroom.mailbox", object_id=key, at=at, contact_point=office.pk
    )
