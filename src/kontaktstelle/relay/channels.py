"""Kanal: open, write, read, close, release. Steps of the app above decide who may; here is only what a side may do.

Everything here runs in the office being acted for and in the caller's transaction; every step leaves a line in the trail.
The seam for relaying by mail: `tell` is the only way a message comes in, `thread` the only way one is read.
"""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from kontaktstelle.organisation.hours import BERLIN
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import receipt_codes, slow_hash
from .models import Channel, Message, Side

LONGEST = 8000
UNREAD_AFTER = timedelta(hours=24)
MOST_WRONG_DIGITS = 10
# A telephone number of at least six digits, or an e-mail address: what somebody might not mean to give away. Days are none.
_DAY = re.compile(r"\b\d{1,2}\.\s?\d{1,2}\.(?:\s?\d{2,4})?")
_PHONE = re.compile(r"(?:\+|\b00|\b0)\d[\d\s()/.–-]{4,}\d|\b\d{6,}\b")
_MAIL = re.compile(r"[\w.+-]+\s*(?:@|\(at\)|\[at\])\s*[\w-]+(?:\.|\s*\(dot\)\s*)[\w.-]+", re.IGNORECASE)


class ChannelClosed(StepRefused):
    """One side closed it, or the consent it rested on was withdrawn."""

    sentence = "Dieser Kontakt ist beendet. Ihr Text wurde nicht verschickt."


class NothingWritten(StepRefused):
    """Nothing was written, or more than a message holds."""

    sentence = "Bitte schreiben Sie zwischen einem und 8000 Zeichen."


@dataclass(frozen=True, slots=True)
class Said:
    """A message as a side reads it."""

    number: uuid.UUID
    side: Side
    is_contact: bool
    text: str
    sent_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Unread:
    """A message nobody opened: in which matter, for which side, since when."""

    about: uuid.UUID
    referral: uuid.UUID | None
    waits_for: Side
    since: datetime


@transaction.atomic
def open_channel(about: uuid.UUID, *, by: str, at: datetime, referral: uuid.UUID | None = None) -> Channel:
    """Open a channel between a seeker and the office, or with `referral` a group; one that is open already is given."""
    which = {"about": about, "referral": referral}
    known: Channel | None = Channel.objects.filter(**which).first()
    if known is not None:
        return known
    other = Side.GROUP if referral else Side.OFFICE
    channel = Channel(contact_point_id=current(), other=other, opened_at=at, **which)
    channel.save(force_insert=True)
    _told(by, "channel.opened", channel, at)
    return channel


@transaction.atomic
def tell(
    channel: Channel,
    text: str,
    *,
    side: Side,
    by: str,
    at: datetime,
    is_contact: bool = False,
) -> Message:
    """Write into a channel.

    Args:
        channel: which.
        text: the words, sealed here; never mailed.
        side: who writes.
        by: the actor, as the trail knows them.
        at: when.
        is_contact: these words release the side's own contact.

    Raises:
        ChannelClosed: nobody may write there any more.
        NothingWritten: nothing, or too much.
    """
    stored = Channel.objects.select_for_update().get(pk=channel.pk)
    if stored.closed_at is not None:
        raise ChannelClosed
    text = fit(text)
    kind = Message.Kind.CONTACT if is_contact else Message.Kind.WORDS
    message = Message(contact_point_id=current(), channel=stored, side=side, kind=kind, sent_at=at)
    message.text = text
    message.save(force_insert=True)
    receipt_codes.lasts_longer(stored.about, on=at.date())
    _told(by, "channel.released" if is_contact else "channel.told", stored, at)
    return message


@transaction.atomic
def thread(channel: Channel, *, side: Side, by: str, at: datetime) -> list[Said]:
    """Read a channel, oldest first; what the other side wrote counts as read from now on."""
    Message.objects.filter(channel=channel, read_at__isnull=True).exclude(side=side).update(read_at=at)
    _told(by, "channel.read", channel, at)
    return _said(channel)


@transaction.atomic
def copied(channel: Channel, *, by: str, at: datetime) -> list[Said]:
    """Read a channel for whoever wrote in it and asks what is kept: nothing counts as read by that."""
    _told(by, "channel.copied", channel, at)
    return _said(channel)


@transaction.atomic
def close(channel: Channel, *, by: str, at: datetime) -> None:
    """Close a channel for both sides, at once and for good; what was written can still be read. Twice is once."""
    stored = Channel.objects.select_for_update().get(pk=channel.pk)
    if stored.closed_at is None:
        stored.closed_at = at
        stored.digits_hash = ""
        stored.save()
        _told(by, "channel.closed", stored, at)


@transaction.atomic
def new_digits(channel: Channel, *, by: str, at: datetime) -> str:
    """Return six new digits for the group's side, to be told apart from the link; the ones before end.

    Raises:
        ChannelClosed: there is nothing to open any more.
    """
    stored = Channel.objects.select_for_update().get(pk=channel.pk)
    if stored.closed_at is not None or stored.other != Side.GROUP:
        raise ChannelClosed
    digits = f"{secrets.randbelow(10**6):06d}"
    stored.digits_hash, stored.digits_wrong = slow_hash.proof_of(f"{stored.pk}/{digits}"), 0
    stored.save()
    _told(by, "channel.digits-renewed", stored, at)
    return digits


@transaction.atomic
def digits_open(channel: Channel | None, typed: str) -> bool:
    """Say whether six digits open the group's side. After `MOST_WRONG_DIGITS` wrong ones in all, none do any more."""
    stored = Channel.objects.select_for_update().filter(pk=channel.pk).first() if channel else None
    digits = re.sub(r"\D", "", typed)[:6]
    proof = stored.digits_hash if stored else ""
    right = slow_hash.proves(f"{stored.pk if stored else ''}/{digits}", proof or slow_hash.NOBODYS)
    if stored is None or stored.digits_wrong >= MOST_WRONG_DIGITS:
        return False
    if not right:
        stored.digits_wrong += 1
        stored.save(update_fields=["digits_wrong"])
    return right


def of_matter(about: uuid.UUID) -> list[Channel]:
    """Return the channels of one matter: the one with the office first."""
    return sorted(
        Channel.objects.filter(about=about), key=lambda each: (each.other != Side.OFFICE, each.opened_at)
    )


def find(number: uuid.UUID | None) -> Channel | None:
    """Return a channel of the office being acted for, or None."""
    found: Channel | None = Channel.objects.filter(pk=number).first() if number else None
    return found


def of_referral(referral: uuid.UUID) -> Channel | None:
    """Return the channel of a referral, open or closed, or None."""
    found: Channel | None = Channel.objects.filter(referral=referral).first()
    return found


def last(channel: Channel) -> uuid.UUID | None:
    """Return the number of the latest message, or None."""
    found: uuid.UUID | None = (
        Message.objects.filter(channel=channel)
        .order_by("-sent_at", "-pk")
        .values_list("pk", flat=True)
        .first()
    )
    return found


def told(channel: Channel) -> list[datetime]:
    """Return when something was written, oldest first: never what."""
    return list(Message.objects.filter(channel=channel).order_by("sent_at").values_list("sent_at", flat=True))


def unread(*, at: datetime, after: timedelta = UNREAD_AFTER) -> list[Unread]:
    """Return what nobody has opened for a day, once per channel and side, longest first."""
    waiting: dict[tuple[uuid.UUID, str], Unread] = {}
    rows = Message.objects.filter(
        read_at__isnull=True, sent_at__lte=at - after, channel__closed_at__isnull=True
    )
    for row in rows.select_related("channel").order_by("sent_at"):
        channel = row.channel
        reader = Side(channel.other) if row.side == Side.SEEKER else Side.SEEKER
        waiting.setdefault((channel.pk, reader), Unread(channel.about, channel.referral, reader, row.sent_at))
    return list(waiting.values())


def waits_unread(channel: Channel, *, side: Side) -> bool:
    """Say whether a side has been told that something waits and has not been here since.

    Whoever has written meanwhile was here: the next message is told of again, even if one before was never opened.
    """
    waiting = Message.objects.filter(channel=channel, read_at__isnull=True).exclude(side=side)
    last = Message.objects.filter(channel=channel, side=side).order_by("-sent_at").first()
    return bool((waiting.filter(sent_at__gt=last.sent_at) if last else waiting).exists())


def both_wrote(channel: Channel) -> bool:
    """Say whether either side has written something."""
    return len(set(Message.objects.filter(channel=channel).values_list("side", flat=True))) > 1


def tells_who(text: str) -> bool:
    """Say whether a text holds something like a telephone number or an e-mail address."""
    return bool(_PHONE.search(_DAY.sub(" – ", text)) or _MAIL.search(text))


def fit(text: str) -> str:
    """Return a text as it is stored: without signs no page can show, its lines as they were.

    Raises:
        NothingWritten: nothing is left, or more than `LONGEST`.
    """
    cleaned = "".join(
        sign for sign in text.replace("\r\n", "\n").replace("\r", "\n") if _can_be_shown(sign)
    ).strip()
    if not 0 < len(cleaned) <= LONGEST:
        raise NothingWritten
    return cleaned


def erase(about: uuid.UUID) -> int:
    """Erase the channels of a matter with their messages and the code that opened them."""
    receipt_codes.forget(about)
    count, _ = Channel.objects.filter(about=about).delete()
    return int(count)


def told_again(*, at: datetime) -> list[uuid.UUID]:
    """Return the matters in which the office has not opened a message for a day, each message once: it is marked here."""
    rows = Message.objects.select_for_update(of=("self",)).filter(
        side=Side.SEEKER,
        channel__other=Side.OFFICE,
        channel__closed_at__isnull=True,
        read_at__isnull=True,
        told_again_at__isnull=True,
        sent_at__lte=at - UNREAD_AFTER,
    )
    matters = {row.pk: row.channel.about for row in rows.select_related("channel").order_by("sent_at")}
    Message.objects.filter(pk__in=matters).update(told_again_at=at)
    return list(dict.fromkeys(matters.values()))


def _said(channel: Channel) -> list[Said]:
    return [
        Said(
            number=each.pk,
            side=Side(each.side),
            is_contact=each.kind == Message.Kind.CONTACT,
            text=each.text or "",
            sent_at=each.sent_at.astimezone(BERLIN),
            read_at=each.read_at.astimezone(BERLIN) if each.read_at else None,
        )
        for each in Message.objects.filter(channel=channel).order_by("sent_at", "pk")
    ]


def _can_be_shown(sign: str) -> bool:
    return sign in "\n\t" or not (sign < " " or "\x7f" <= sign <= "\x9f" or "\ud800" <= sign <= "\udfff")


def _told(by: str, action: str, channel: Channel, at: datetime) -> None:
    trail.record(
        by,
        action,
        object_type="relay.channel",
        object_id=channel.pk,
        at=at,
        contact_point=channel.contact_point_id,
    )
