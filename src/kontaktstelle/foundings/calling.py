"""Aufruf: an approved text, the places where it stands, and the poster; each interest will say which of them it was."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction

from kontaktstelle.enquiries import codes, days
from kontaktstelle.mailroom.wording import site_address
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import tree

from . import advice, links
from .access import check_can_found
from .keeping import ahead, here, kept, locked, moved, once, to_move, traced
from .lifecycle import OUTREACH_STEPS, FoundingStatus, OutreachStatus, WrongStatus, check_step
from .models import CallText, Founding, Outreach

CALLED_BY, GATHERED_BY = 28, 28
LONGEST_TEXT, SLIPS, POSTER_DAYS = 4000, 8, 180
JOIN_PATH = "/mitmachen/"
_TEXT_IS_WRITTEN = frozenset({FoundingStatus.ADVICE, FoundingStatus.CALLING, FoundingStatus.GATHERING})
_PEOPLE_ARE_CALLED = frozenset({FoundingStatus.CALLING, FoundingStatus.GATHERING})


class NotClearYet(StepRefused):
    """Before people are called, the talk has to have settled a few things; the sentence names them."""


class NoApprovedText(StepRefused):
    """Nobody approved a text yet, or a newer version waits."""

    sentence = "Dieser Text ist noch nicht freigegeben. Die Gründungsperson (oder Ihre Stelle) sagt zuerst Ja zu ihm."


class TextUnfit(StepRefused):
    """No text, or one no newspaper prints."""

    sentence = "Bitte schreiben Sie einen Text, höchstens 4000 Zeichen."


class NothingIsOut(StepRefused):
    """Nothing has appeared anywhere yet."""

    sentence = "Noch ist kein Aufruf erschienen. Bitte vermerken Sie zuerst, was wo steht."


class NotOfThisFounding(StepRefused):
    """A text or call of another founding."""

    sentence = "Dieser Text gehört zu einer anderen Gründung."


@dataclass(frozen=True, slots=True)
class Poster:
    """What a poster says: for whoever sets it (QR of `address`, as many slips as `slips`). All of it is public."""

    title: str
    text: str
    office: str
    phone: str
    email: str
    address: str
    until: date
    slips: int = SLIPS


@transaction.atomic
def write_text(founding: Founding, text: str, *, by: Staff, at: datetime) -> CallText:
    """Write the next version of the text that looks for people; earlier versions stay as they are.

    Raises:
        TextUnfit, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    stored = _while(founding, _TEXT_IS_WRITTEN, by)
    text = text.strip()
    if not text or len(text) > LONGEST_TEXT:
        raise TextUnfit
    last = newest_text(stored)
    if last is not None and last.text == text:
        return last
    row = CallText(
        contact_point_id=current(),
        founding=stored,
        number=last.number + 1 if last else 1,
        written_on=days.local_day(at),
    )
    row.text = text
    row.save(force_insert=True)
    traced(by, "call-text.written", row, at=at)
    return row


@transaction.atomic
def approve_text(text: CallText, *, how: str, by: Staff, at: datetime) -> CallText:
    """Note that the founder, or the office where there is none, said yes to this version.

    Raises:
        codes.UnknownCode: no such way of saying yes (`consent-how`).
    """
    check_can_found(by)
    stored: CallText = CallText.objects.select_for_update().get(pk=text.pk)
    if stored.approved_on is not None:
        return stored
    stored.approved_how = codes.checked("consent-how", how, year=at.year)
    stored.approved_on = days.local_day(at)
    stored.save()
    traced(by, "call-text.approved", stored, at=at, fields=["approved_on"])
    return stored


@once(Founding)
def begin_calling(
    founding: Founding, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Founding:
    """Go from advice, or from a list that stays too short, to calling for people.

    Raises:
        NotClearYet: names what is still open.
        lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(
        founding,
        FoundingStatus.CALLING,
        out_of={FoundingStatus.ADVICE, FoundingStatus.GATHERING},
        by=by,
        seen=seen,
    )
    if lacks := advice.unclear(stored):
        raise NotClearYet(" ".join(lacks))
    return moved(stored, FoundingStatus.CALLING, next_on=ahead(at, CALLED_BY), by=by, at=at)


@once(Outreach)
def plan_outreach(
    founding: Founding,
    text: CallText,
    way: Outreach.Way,
    *,
    by: Staff,
    at: datetime,
    where: str = "",
    on: date | None = None,
    form_key: UUID | None = None,
) -> Outreach:
    """Plan where an approved text is to stand, and from when.

    Raises:
        NoApprovedText, NotOfThisFounding, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    stored = _while(founding, _PEOPLE_ARE_CALLED, by)
    known = CallText.objects.filter(pk=text.pk, founding=stored).first()
    if known is None:
        raise NotOfThisFounding
    if known.approved_on is None:
        raise NoApprovedText
    row = Outreach(
        contact_point_id=current(),
        founding=stored,
        text=known,
        way=Outreach.Way(way),
        where=" ".join(where.split())[:120],
        planned_for=on or days.local_day(at),
    )
    row.save(force_insert=True)
    traced(by, "outreach.planned", row, at=at)
    return row


@once(Outreach)
def came_out(
    outreach: Outreach, *, by: Staff, at: datetime, on: date | None = None, form_key: UUID | None = None
) -> Outreach:
    """Note that a call has appeared: from now on people may say that this is where they heard."""
    return _outreach(
        outreach, OutreachStatus.OUT, on=min(on or days.local_day(at), days.local_day(at)), by=by, at=at
    )


@once(Outreach)
def drop(outreach: Outreach, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Outreach:
    """Drop a call that will not appear."""
    return _outreach(outreach, OutreachStatus.DROPPED, on=None, by=by, at=at)


@once(Founding)
def begin_gathering(
    founding: Founding, *, by: Staff, at: datetime, seen: int | None = None, form_key: UUID | None = None
) -> Founding:
    """Go from calling to gathering: something has appeared, now people come forward.

    Raises:
        NothingIsOut, lifecycle.WrongStatus, keeping.ChangedMeanwhile, rights.NotAllowed: as their sentences say.
    """
    stored = to_move(founding, FoundingStatus.GATHERING, out_of={FoundingStatus.CALLING}, by=by, seen=seen)
    if not Outreach.objects.filter(founding=stored, status=OutreachStatus.OUT).exists():
        raise NothingIsOut
    return moved(stored, FoundingStatus.GATHERING, next_on=ahead(at, GATHERED_BY), by=by, at=at)


def newest_text(founding: Founding, *, approved: bool = False) -> CallText | None:
    """Return the newest version of the text, or the newest that was approved."""
    rows = CallText.objects.filter(founding=founding)
    return (rows.filter(approved_on__isnull=False) if approved else rows).order_by("-number").first()


def poster(founding: Founding, *, at: datetime) -> Poster:
    """Return what the poster says: the approved text, the office, and the address of its QR code.

    Raises:
        NoApprovedText: nothing may be hung up yet.
    """
    text = newest_text(founding, approved=True)
    if text is None:
        raise NoApprovedText
    office, until = here(), days.local_day(at) + timedelta(days=POSTER_DAYS)
    token = links.join(founding.pk, contact_point=office.pk, until=until)
    return Poster(
        # The working title is the office's own and sealed; what hangs on a wall says the topic.
        title=f"Neue Gruppe: {', '.join(tree.label(topic) for topic in founding.topics if topic in tree.TOPICS)}",
        text=text.text or "",
        office=office.name,
        phone=office.phone,
        email=office.email,
        address=f"{site_address()}{JOIN_PATH}{token}/",
        until=until,
    )


def _outreach(
    outreach: Outreach, to: OutreachStatus, *, on: date | None, by: Staff, at: datetime
) -> Outreach:
    check_can_found(by)
    stored = locked(outreach)
    check_step(OUTREACH_STEPS, OutreachStatus(stored.status), to)
    stored.status, stored.out_on = to, on
    traced(by, f"outreach.{to}", stored, at=at, fields=["status"])
    return kept(stored)


def _while(founding: Founding, statuses: frozenset[FoundingStatus], by: Staff) -> Founding:
    check_can_found(by)
    stored = locked(founding)
    if FoundingStatus(stored.status) not in statuses:
        raise WrongStatus(
            f"Das geht erst oder nur während Beratung und Aufruf. Diese Gründung steht auf „{FoundingStatus(stored.status).label}“."
        )
    return stored
