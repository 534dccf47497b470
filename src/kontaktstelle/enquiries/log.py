"""Kontakt: log while talking, in codes, without a person; undo, correct, date back, turn into an open enquiry.

Nothing is preset: what nobody said is `unknown`. A call-back or a way back to somebody is `call_backs`, never here.
"""

import secrets
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from kontaktstelle import places
from kontaktstelle.organisation.models import Site, Staff
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address, forget_party, register_party

from . import access, codes, days, offer
from .finding import indexed
from .keeping import ChangedMeanwhile, here, kept, locked, once, once_many, traced
from .lifecycle import CallBackStatus, EnquiryStatus
from .models import CallBack, Clearing, Contact, Enquiry, Note, Referral

UNDO_FOR = timedelta(minutes=15)
LONGEST_NOTE = 2000
MOST_TALLIED = 200
MOST_REACHED = 100_000
NUMBER_LENGTH = 6
READABLE = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
SEVERAL = {"concerns": "concern", "outcomes": "outcome"}
SINGLE = {"channel": "channel", "direction": "direction", "who": "who", "visit": "visit"}


class TooLateToUndo(StepRefused):
    """The 15 minutes are over, or somebody else entered it."""

    sentence = "Zurücknehmen geht nur in den ersten 15 Minuten und nur bei eigenen Einträgen."


class WorkHangsOnIt(StepRefused):
    """The contact has become an enquiry in which something happened."""

    sentence = "Zu diesem Kontakt gibt es schon eine bearbeitete Anfrage. Bitte ändern Sie ihn, statt ihn zurückzunehmen."


class NotInThisMonth(StepRefused):
    """A day outside the open month, or in the future."""

    sentence = "Nachtragen geht bis zum ersten Tag dieses Monats. Frühere Monate trägt die Leitung nach."


class TooLong(StepRefused):
    """A note longer than a note is."""

    sentence = "Eine Notiz fasst höchstens 2000 Zeichen. Bitte kürzen Sie sie; Ihr Text ist noch da."


class NothingToCount(StepRefused):
    """A tally without strokes, or with more than anybody makes."""

    sentence = "Bitte tragen Sie zwischen einem und 200 Strichen ein."


class NobodyReached(StepRefused):
    """A collective contact that reached nobody, or more people than fit on any square."""

    sentence = (
        "Bitte tragen Sie bei „Menschen erreicht“ eine Zahl von 1 bis 100 000 ein, oder lassen Sie es frei."
    )


class AlreadyAnonymous(StepRefused):
    """The contact's day and note are gone; its codes stand for good."""

    sentence = "Dieser Kontakt ist schon entpersönlicht und bleibt, wie er gezählt wurde."


@once(Contact)
def log_contact(
    *,
    by: Staff,
    at: datetime,
    channel: str = "",
    direction: str = "",
    who: str = "",
    concerns: Iterable[str] = (),
    topics: Iterable[str] = (),
    outcomes: Iterable[str] = (),
    visit: str = "",
    extras: Mapping[str, str] | None = None,
    site: Site | None = None,
    kreis_key: str = "",
    municipality: str = "",
    postcode_area: str = "",
    reached: int | None = None,
    note: str = "",
    day: date | None = None,
    source: Contact.Source = Contact.Source.LOG,
    form_key: UUID | None = None,
) -> Contact:
    """Write down one contact.

    Args:
        by: who logs it.
        at: now.
        channel: and all further codes: keys of `codes.LISTS`; "" is what nobody said.
        direction: incoming or outgoing.
        who: who it was, as a kind, never a person.
        concerns: what they wanted.
        topics: up to three.
        outcomes: what came of it.
        visit: first or repeat contact.
        extras: optional fields the office keeps.
        site: where; None for the office as a whole.
        kreis_key: where the person lives.
        municipality: more exactly, if said.
        postcode_area: first digits of the postcode, if said.
        reached: number of people, for a collective contact only.
        note: a few words, sealed; no names.
        day: when it was, if not today; within the open month.
        source: which way it came in.
        form_key: of the form; posted twice it counts once.

    Raises:
        codes.UnknownCode, codes.TooManyTopics, NotInThisMonth, NobodyReached, TooLong: as their sentences say.
    """
    access.check_can_log(by)
    if reached is not None and not 0 < reached <= MOST_REACHED:
        raise NobodyReached
    today = days.local_day(at)
    contact = Contact(
        contact_point_id=current(), site=site, source=source, entered_at=at, entered_by=by, reached=reached
    )
    _date(contact, day or today, today, by)
    _code(
        contact,
        {
            "channel": channel, "direction": direction, "who": who, "visit": visit, "concerns": concerns, "topics": topics, "outcomes": outcomes,
            "extras": extras or {}, "kreis_key": kreis_key, "municipality": municipality, "postcode_area": postcode_area, "note": note,
        },
    )  # fmt: skip
    contact.save(force_insert=True)
    traced(by, "contact.logged", contact, at=at)
    return contact


@once_many(Contact)
def tally(
    strokes: Mapping[tuple[str, str], int],
    *,
    by: Staff,
    at: datetime,
    site: Site | None = None,
    day: date | None = None,
    form_key: UUID | None = None,
) -> list[Contact]:
    """Strichliste: write as many contacts as there are strokes per channel and kind of person.

    Raises:
        NothingToCount: none, or more than `MOST_TALLIED`.
    """
    access.check_can_log(by)
    if not 0 < sum(strokes.values()) <= MOST_TALLIED or min(strokes.values()) < 0:
        raise NothingToCount
    today, made = days.local_day(at), []
    for (channel, who), count in strokes.items():
        for _ in range(count):
            contact = Contact(
                contact_point_id=current(),
                site=site,
                source=Contact.Source.TALLY,
                entered_at=at,
                entered_by=by,
            )
            _date(contact, day or today, today, by)
            _code(contact, {"channel": channel, "who": who})
            made.append(contact)
    Contact.objects.bulk_create(made)
    traced(by, "contact.tallied", made[0], at=at)
    return made


@once(Contact)
def recode(
    contact: Contact,
    values: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Contact:
    """Correct a contact's codes or its note. A crisis that is noted only now lets the referrals of its enquiry rest.

    Args:
        contact: which.
        values: as the arguments of `log_contact`, those that change.
        by: who.
        at: when.
        seen: the version the page showed.
        form_key: of the form.

    Raises:
        keeping.ChangedMeanwhile: somebody else changed it; both notes are in the refusal.
        AlreadyAnonymous: its person is gone.
        TypeError: a field with a step of its own.
    """
    access.check_can_log(by)
    stored = locked(contact)
    if seen is not None and stored.version != seen:
        raise ChangedMeanwhile(theirs=stored.note, yours=values.get("note"))
    if stored.de_identified:
        raise AlreadyAnonymous
    knew_of_crisis = codes.CRISIS_HELP in stored.outcomes
    _code(stored, values)
    if codes.CRISIS_HELP in stored.outcomes and not knew_of_crisis and stored.enquiry_id is not None:
        enquiry = locked(Enquiry.objects.get(pk=stored.enquiry_id))
        enquiry.is_paused_for_crisis = not enquiry.de_identified
        kept(enquiry)
    traced(by, "contact.corrected", stored, at=at, fields=values)
    return kept(stored)


@once(Contact)
def only_count(contact: Contact, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Contact:
    """Nur zählen: "schreiben Sie nichts auf". The note goes at once, promised call-backs too."""
    access.check_can_log(by)
    stored = locked(contact)
    stored.note = None
    _forget_call_backs(stored)
    traced(by, "contact.only-counted", stored, at=at, fields=["note"])
    return kept(stored)


@transaction.atomic
def undo(contact: Contact, *, by: Staff, at: datetime) -> None:
    """Take a contact back, with the enquiry and call-backs just made from it. It is not counted; the trail keeps a line.

    A second click finds nothing and does nothing.

    Raises:
        TooLateToUndo: after 15 minutes, or by somebody else.
        WorkHangsOnIt: something has happened in its enquiry.
    """
    access.check_can_log(by)
    stored = Contact.objects.select_for_update().filter(pk=contact.pk).first()
    if stored is None:
        return
    if stored.entered_at is None or at > stored.entered_at + UNDO_FOR or stored.entered_by_id != by.pk:
        raise TooLateToUndo
    if stored.enquiry_id is not None:
        _undo_enquiry(stored, stored.enquiry_id)
    _forget_call_backs(stored)
    traced(by, "contact.undone", stored, at=at)
    stored.delete()


@transaction.atomic
def undo_tally(contact: Contact, *, by: Staff, at: datetime) -> int:
    """Take back all strokes that were entered together with this one. They are not counted; the trail keeps a line.

    Returns:
        How many there were. A second click finds none.

    Raises:
        TooLateToUndo: after 15 minutes, or by somebody else, or it is no stroke.
        WorkHangsOnIt: one of them has become an enquiry.
    """
    access.check_can_log(by)
    stored = Contact.objects.select_for_update().filter(pk=contact.pk).first()
    if stored is None:
        return 0
    entered = stored.entered_at
    if (
        entered is None
        or at > entered + UNDO_FOR
        or stored.entered_by_id != by.pk
        or stored.source != Contact.Source.TALLY
    ):
        raise TooLateToUndo
    # Strokes of one list are written at one moment by one person, and no two lists are.
    together = Contact.objects.filter(entered_at=entered, entered_by=by, source=Contact.Source.TALLY)
    if together.filter(enquiry__isnull=False).exists():
        raise WorkHangsOnIt
    traced(by, "contact.tally-undone", stored, at=at)
    count = together.count()
    together.delete()
    return count


@once(Contact)
def date_back(
    contact: Contact, day: date, *, by: Staff, at: datetime, form_key: UUID | None = None
) -> Contact:
    """Say that a contact was on an earlier day of this month; who leads may name earlier months, and the row is marked.

    Raises:
        NotInThisMonth: in the future, or in an earlier month without leading.
        AlreadyAnonymous: its person is gone.
    """
    access.check_can_log(by)
    stored = locked(contact)
    if stored.de_identified:
        raise AlreadyAnonymous
    _date(stored, day, days.local_day(at), by)
    stored.code_year = max(stored.code_year, stored.month.year)
    traced(by, "contact.dated-back", stored, at=at, fields=["day"])
    return kept(stored)


@once(Enquiry)
def open_enquiry(
    contact: Contact,
    *,
    by: Staff,
    at: datetime,
    due_on: date | None = None,
    covered_by: Staff | None = None,
    only_me: bool = False,
    person: Address | None = None,
    form_key: UUID | None = None,
) -> Enquiry:
    """Turn a contact into an open enquiry: its codes, note and call-backs come along, nothing is typed again.

    If help in a crisis was named in it, referrals rest until a person lets them go on.

    Args:
        contact: which; one that is an enquiry already gives that one.
        by: who.
        at: now.
        due_on: when somebody looks at it again; the next office day unless said. On a closed day it moves.
        covered_by: who takes it; None is whoever is there.
        only_me: its notes are for `covered_by` only (who opens it, unless named).
        person: a way back, sealed in `relay`.
        form_key: of the form.

    Raises:
        AlreadyAnonymous: its person is gone.
    """
    access.check_can_refer(by)
    stored = locked(contact)
    if stored.de_identified:
        raise AlreadyAnonymous
    if stored.enquiry_id is not None:
        known: Enquiry = Enquiry.objects.get(pk=stored.enquiry_id)
        return known
    today, office = days.local_day(at), here()
    wished = due_on or today + timedelta(days=1)
    enquiry = Enquiry(
        contact_point=office, number=free_number(), month=stored.month, status=EnquiryStatus.OPEN, opened_at=at, last_event_on=today,
        due_wished_on=wished, due_on=days.due_day(office, wished, today=today), covered_by=covered_by or (by if only_me else None), only_me=only_me,
        is_paused_for_crisis=codes.CRISIS_HELP in stored.outcomes,
    )  # fmt: skip
    if person is not None and not person.is_empty():
        enquiry.party = register_party(person, contact_point=office.pk, on=today)
        enquiry.phone_index, enquiry.email_index = indexed(person, office.pk)
    enquiry.save(force_insert=True)
    stored.enquiry = enquiry
    kept(stored)
    CallBack.objects.filter(contact=stored).update(enquiry=enquiry)
    traced(by, "enquiry.opened", enquiry, at=at)
    return enquiry


@once(Contact)
def add_contact(
    enquiry: Enquiry, contact: Contact, *, by: Staff, at: datetime, form_key: UUID | None = None
) -> Contact:
    """Say that a further contact belongs to an enquiry: somebody called again. If it was a crisis, referrals rest."""
    access.check_can_refer(by)
    stored, contact = locked(enquiry), locked(contact)
    if contact.de_identified or stored.de_identified:
        raise AlreadyAnonymous
    contact.enquiry = stored
    stored.last_event_on = days.local_day(at)
    stored.is_paused_for_crisis = stored.is_paused_for_crisis or codes.CRISIS_HELP in contact.outcomes
    kept(stored)
    traced(by, "contact.added", contact, at=at)
    return kept(contact)


def _date(contact: Contact, day: date, today: date, by: Staff) -> None:
    if day > today:
        raise NotInThisMonth("Dieser Tag liegt noch vor uns. Bitte wählen Sie einen früheren.")
    late = days.month_of(day) != days.month_of(today)
    if late:
        try:
            access.check_leads(by)
        except NotAllowed as error:
            raise NotInThisMonth from error
    contact.day, contact.month, contact.entered_late = day, days.month_of(day), late
    contact.code_year = contact.code_year or day.year


def _code(contact: Contact, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(contact, name, _checked(name, value, contact.code_year))


def _checked(name: str, value: Any, year: int) -> Any:
    if name in SINGLE:
        return codes.checked(SINGLE[name], value, year=year)
    if name in SEVERAL:
        return codes.checked_several(SEVERAL[name], value, year=year)
    if name in OF_ITS_OWN_KIND:
        return OF_ITS_OWN_KIND[name](value, year)
    raise TypeError(f"{name} is not a code of a contact")


def _topics(topics: Iterable[str], _year: int) -> list[str]:
    return codes.checked_topics(topics)


def _kreis(key: str, _year: int) -> str:
    if key and not places.kreis_name(key):
        raise codes.UnknownCode("Diesen Kreis gibt es nicht. Bitte wählen Sie einen aus der Liste.")
    return key


def _plain(text: str, _year: int) -> str:
    return text.strip()


def _note(text: str | None, _year: int) -> str | None:
    if len(text or "") > LONGEST_NOTE:
        raise TooLong
    return (text or "").strip() or None


def _extras(said: Mapping[str, str], year: int) -> dict[str, str]:
    kept_here = offer.fields(year)
    if any(field not in kept_here for field in said):
        raise codes.UnknownCode("Dieses Feld führt Ihre Kontaktstelle nicht.")
    checked = {field: codes.checked(field, value, year=year) for field, value in said.items()}
    return {field: value for field, value in checked.items() if value != codes.UNKNOWN}


OF_ITS_OWN_KIND: dict[str, Callable[[Any, int], Any]] = {
    "topics": _topics, "extras": _extras, "note": _note, "kreis_key": _kreis, "municipality": _plain, "postcode_area": _plain,
}  # fmt: skip


def _undo_enquiry(contact: Contact, number: UUID) -> None:
    enquiry = locked(Enquiry.objects.get(pk=number))
    if (
        enquiry.status != EnquiryStatus.OPEN
        or enquiry.version > 1
        or Contact.objects.filter(enquiry=enquiry).exclude(pk=contact.pk).exists()
        or any(model.objects.filter(enquiry=enquiry).exists() for model in (Note, Clearing, Referral))
    ):
        raise WorkHangsOnIt
    contact.enquiry = None
    contact.save()
    if enquiry.party is not None:
        forget_party(enquiry.party)
    CallBack.objects.filter(enquiry=enquiry).update(enquiry=None)
    enquiry.delete()


def _forget_call_backs(contact: Contact) -> None:
    for call_back in CallBack.objects.filter(contact=contact, status=CallBackStatus.PROMISED):
        if call_back.party is not None:
            forget_party(call_back.party)
        call_back.delete()
    CallBack.objects.filter(contact=contact).update(contact=None)


def free_number() -> str:
    """Return a number no enquiry has: to be said on the telephone, without a meaning."""
    while True:
        letters = "".join(secrets.choice(READABLE) for _ in range(NUMBER_LENGTH))
        number = f"{letters[:3]}-{letters[3:]}"
        if not Enquiry.objects.filter(number=number).exists():
            return number
