"""The lists: put somebody on, open who it is, let them stay for another half year or leave, tell them when a group starts.

In confidence: for a rare illness in a small place a list names people. Whoever may not see people sees how many there are.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet

from kontaktstelle.enquiries import codes, days
from kontaktstelle.enquiries.finding import indexed
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress, PostalAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, register_party

from . import erasure, links, periods
from .access import Outside, check_can_found, check_can_put_on_list, check_sees_interested
from .keeping import here, kept, locked, once, traced
from .lifecycle import (
    INTEREST_STEPS,
    TAKES_PEOPLE,
    FoundingStatus,
    InterestStatus,
    OutreachStatus,
    check_step,
)
from .models import Founding, Interest, ListConsent, Outreach

Way = Interest.Way
STAY_PATH = "/liste/"


class NoWayBack(StepRefused):
    """Nobody can be invited who cannot be reached."""

    sentence = (
        "Bitte geben Sie an, wie die Person zu erreichen ist: E-Mail, Telefon, oder Name und Anschrift."
    )


class OnTheListAlready(StepRefused):
    """The same number or address stands on this list."""

    sentence = "Diese Person steht schon auf der Liste. Sie braucht nichts weiter zu tun."


class NobodyIsTaken(StepRefused):
    """The founding takes nobody on its list now."""

    sentence = "Für diese Gründung wird gerade keine Liste geführt."


class ConsentMissing(StepRefused):
    """Nobody is written down who was not read the text."""

    sentence = "Ohne Einwilligung wird niemand auf die Liste gesetzt. Bitte lesen Sie den Text vor und vermerken Sie, wie zugestimmt wurde."


class NotHeardThere(StepRefused):
    """A call of another founding, or one that never appeared."""

    sentence = "Dieser Aufruf gehört nicht zu dieser Gründung oder ist noch nicht erschienen."


class NotAnyMore(StepRefused):
    """The person is gone, or has been here as long as anybody may."""

    sentence = "Länger als zwei Jahre steht niemand auf der Liste. Bitte fragen Sie, ob sich die Person neu anmelden möchte."


class NotByPost(StepRefused):
    """Neither an e-mail address nor one for a letter."""

    sentence = "Diese Person hat nur ein Telefon hinterlegt. Bitte rufen Sie an."


@once(Interest)
def add(
    founding: Founding,
    person: Address,
    *,
    text_version: str,
    how: str,
    by: Staff | Outside,
    at: datetime,
    who: Interest.Who = Interest.Who.UNKNOWN,
    way: Interest.Way | None = None,
    outreach: Outreach | None = None,
    heard: str = "",
    form_key: UUID | None = None,
) -> Interest:
    """Put somebody on the Interessiertenliste of a founding.

    Args:
        founding: that takes people.
        person: name and ways back; sealed at once.
        text_version: which text they agreed to.
        how: how they agreed, a code of `consent-how`.
        by: who writes it down: staff, or the person themselves by a form of the site.
        at: when.
        who: as whom they come.
        way: how they wish to be reached; by default by mail, telephone, letter, whichever is known first.
        outreach: the call by which they heard, if it was one of this founding's.
        heard: otherwise a code of `heard`.
        form_key: of the form: a double click adds one.

    Raises:
        NobodyIsTaken, NoWayBack, ConsentMissing, NotHeardThere, OnTheListAlready, codes.UnknownCode, rights.NotAllowed.
    """
    if isinstance(by, Staff):
        check_can_put_on_list(by)
    stored = locked(founding)
    if FoundingStatus(stored.status) not in TAKES_PEOPLE:
        raise NobodyIsTaken
    if (
        outreach is not None
        and not Outreach.objects.filter(pk=outreach.pk, founding=stored, status=OutreachStatus.OUT).exists()
    ):
        raise NotHeardThere
    row = Interest(
        kind=Interest.Kind.FOUNDING, founding=stored, topics=stored.topics, kreis_key=stored.kreis_key
    )
    row.outreach, row.heard = outreach, codes.checked("heard", heard, year=at.year)
    return _written(row, person, way, who=who, text_version=text_version, how=how, by=by, at=at)


@once(Interest)
def wish_to_be_told(
    topics: Iterable[str],
    person: Address,
    *,
    text_version: str,
    how: str,
    by: Staff | Outside,
    at: datetime,
    kreis_key: str = "",
    who: Interest.Who = Interest.Who.UNKNOWN,
    way: Interest.Way | None = None,
    form_key: UUID | None = None,
) -> Interest:
    """Note that a seeker wishes to be told when a group on these topics starts; the rest as `add`.

    Raises:
        NoWayBack, ConsentMissing, codes.UnknownCode, codes.TooManyTopics, rights.NotAllowed.
    """
    if isinstance(by, Staff):
        check_can_put_on_list(by)
    chosen = codes.checked_topics(topics)
    if not chosen:
        raise codes.UnknownCode("Bitte wählen Sie das Thema, zu dem eine Gruppe fehlt.")
    row = Interest(kind=Interest.Kind.TO_BE_TOLD, topics=chosen, kreis_key=kreis_key)
    return _written(row, person, way, who=who, text_version=text_version, how=how, by=by, at=at)


@transaction.atomic
def person_of(interest: Interest, *, by: Staff, at: datetime) -> Address:
    """Open who stands on a list; the trail tells that somebody did.

    Raises:
        NotAnyMore: the person is gone.
        rights.NotAllowed: who leads and does not counsel does not see people.
    """
    check_sees_interested(by)
    stored = Interest.objects.get(pk=interest.pk)
    gone = NotAnyMore("Diese Person ist gegangen; übrig ist nur die Zahl.")
    if stored.party is None:
        raise gone
    traced(by, "interest.opened", stored, at=at)
    try:
        return address_of(stored.party)
    except Party.DoesNotExist as error:
        raise gone from error


@transaction.atomic
def lists_of(words: str, *, by: Staff, at: datetime) -> list[Interest]:
    """Return where somebody stands who says their number or e-mail address: to leave, to stay, or to learn what is kept.

    Args:
        words: a telephone number in any spelling, or an e-mail address.
        by: who asks; that they did is traced for each row found.
        at: when.

    Raises:
        rights.NotAllowed: not for this person.
    """
    check_sees_interested(by)
    phone, email = indexed(Address(phone=words, email=words), current())
    rows = list(_reached_by(phone, email).filter(party__isnull=False).order_by("first_on", "pk"))
    for each in rows:
        traced(by, "interest.found", each, at=at)
    return rows


@transaction.atomic
def withdraw(interest: Interest, *, by: Staff | Outside, at: datetime) -> Interest:
    """Take somebody off a list, at once: their address, their post and their invitations go; a count stays.

    Said twice it does nothing the second time.

    Raises:
        lifecycle.WrongStatus: they went another way already.
        rights.NotAllowed: for staff who write nobody down.
    """
    if isinstance(by, Staff):
        check_can_put_on_list(by)
    stored = locked(interest)
    if stored.status == InterestStatus.WITHDRAWN:
        return stored
    check_step(INTEREST_STEPS, InterestStatus(stored.status), InterestStatus.WITHDRAWN)
    ListConsent.objects.filter(interest=stored).update(withdrawn_at=at)
    return erasure.forget_interested(stored, InterestStatus.WITHDRAWN, by=by, at=at)


def waiting_for(topics: Iterable[str], kreis_key: str = "") -> list[Interest]:
    """Return who wishes to be told of a group on any of these topics, here or anywhere."""
    wanted = set(topics)
    rows = Interest.objects.filter(kind=Interest.Kind.TO_BE_TOLD, status=InterestStatus.LISTED).order_by(
        "first_on", "pk"
    )
    return [
        each
        for each in rows
        if wanted & set(each.topics) and (not each.kreis_key or not kreis_key or each.kreis_key == kreis_key)
    ]


@transaction.atomic
def tell_waiting(founding: Founding, *, by: Staff, at: datetime) -> list[Interest]:
    """Tell everybody who waits for a group on these topics that one starts.

    Returns:
        Who has to be called, for they left a telephone only; `told` marks each.
    """
    check_can_found(by)
    to_call = []
    for each in waiting_for(founding.topics, founding.kreis_key):
        if each.told_on is not None:
            continue
        if each.way == Way.PHONE:
            to_call.append(each)
            continue
        stored = locked(each)
        token = links.stay(
            stored.pk, contact_point=stored.contact_point_id, until=stored.erase_on or days.local_day(at)
        )
        post(stored, "foundings/mail/group_starts", path=f"{STAY_PATH}{token}/", at=at)
        told(stored, by=by, at=at)
    return to_call


@once(Interest)
def told(interest: Interest, *, by: Staff, at: datetime, form_key: UUID | None = None) -> Interest:
    """Note that somebody was told; they stay a month more, in case they did not hear."""
    check_can_found(by)
    stored = locked(interest)
    check_step(INTEREST_STEPS, InterestStatus(stored.status), InterestStatus.ENDED)
    today = days.local_day(at)
    last = today + timedelta(days=periods.LIST_CLOSED.days)
    stored.status, stored.told_on = InterestStatus.ENDED, today
    stored.erase_on = min(stored.erase_on, last) if stored.erase_on else last
    traced(by, "interest.told", stored, at=at, fields=["told_on"])
    return kept(stored)


def close_list(founding: Founding, *, by: Staff, at: datetime) -> int:
    """Close the list of a founding that came to its end: nobody joins, everybody goes in a month.

    Returns:
        How many are still to be told how it went.
    """
    last = days.local_day(at) + timedelta(days=periods.LIST_CLOSED.days)
    rows = list(Interest.objects.select_for_update().filter(founding=founding, status=InterestStatus.LISTED))
    for each in rows:
        check_step(INTEREST_STEPS, InterestStatus(each.status), InterestStatus.ENDED)
        each.status, each.erase_on = InterestStatus.ENDED, min(each.erase_on, last)
        traced(by, "interest.ended", each, at=at, fields=["status"])
        kept(each)
    return len(rows)


def count(founding: Founding) -> int:
    """Return how many stand on a founding's list."""
    return Interest.objects.filter(founding=founding, status=InterestStatus.LISTED).count()


def by_whom(founding: Founding) -> dict[str, int]:
    """Return as whom they come: a list of relatives only makes no group of those concerned."""
    rows = Interest.objects.filter(founding=founding, status=InterestStatus.LISTED)
    return dict(Counter(rows.values_list("who", flat=True)))


def where_heard(founding: Founding) -> dict[UUID | str, int]:
    """Return how many ever came forward by which call (its key) or other way (a code of `heard`): it outlives the people."""
    rows = Interest.objects.filter(founding=founding).values_list("outreach", "heard")
    return dict(Counter(outreach or heard for outreach, heard in rows))


def post(interest: Interest, template: str, *, path: str, at: datetime, until: date | None = None) -> None:
    """Queue one neutral message to somebody on a list, by mail or letter, in the step's transaction.

    Raises:
        NotByPost: a telephone is all there is.
    """
    person = address_of(interest.party) if interest.party else Address()
    to: MailAddress | PostalAddress
    if interest.way == Way.MAIL and person.email:
        to = MailAddress(person.email)
    elif interest.way == Way.LETTER and person.name and person.address:
        to = PostalAddress.of(person.name, person.address)
    else:
        raise NotByPost
    outbox.queue(
        template,
        to=to,
        sender=letterhead(here()),
        kind=Kind.SINGLE,
        at=at,
        about=interest.pk,
        path=path,
        until=until,
    )


def _written(
    row: Interest,
    person: Address,
    way: Interest.Way | None,
    *,
    who: Interest.Who,
    text_version: str,
    how: str,
    by: Staff | Outside,
    at: datetime,
) -> Interest:
    row.contact_point_id, row.who, row.way = current(), Interest.Who(who), _way(person, way)
    today = days.local_day(at)
    row.phone_index, row.email_index = indexed(person, current())
    if _same(row).exists():
        raise OnTheListAlready
    row.month, row.first_on = days.month_of(today), today
    row.consent_until = periods.consent_until(today, today)
    row.erase_on = periods.goes_on(today, row.consent_until)
    row.party = register_party(person, contact_point=current(), on=today)
    row.save(force_insert=True)
    consented(row, text_version=text_version, how=how, by=by, at=at)
    traced(by, "interest.added", row, at=at, fields=["heard", "kind", "who"])
    return row


def _same(row: Interest) -> QuerySet[Interest]:
    """Return who stands on the same list with the same number or address."""
    rows = _reached_by(row.phone_index, row.email_index).filter(status=InterestStatus.LISTED, kind=row.kind)
    if row.kind == Interest.Kind.FOUNDING:
        return rows.filter(founding=row.founding)
    return rows.filter(topics=row.topics, kreis_key=row.kreis_key)


def _reached_by(phone: str, email: str) -> QuerySet[Interest]:
    known = Q(phone_index=phone) & ~Q(phone_index="") | Q(email_index=email) & ~Q(email_index="")
    return Interest.objects.filter(known)


def _way(person: Address, wished: Interest.Way | None) -> Interest.Way:
    known = [
        way
        for way, there in (
            (Way.MAIL, bool(person.email)),
            (Way.PHONE, bool(person.phone)),
            (Way.LETTER, bool(person.name and person.address)),
        )
        if there
    ]
    if not known or (wished is not None and wished not in known):
        raise NoWayBack
    if Way.MAIL in known and person.email:
        MailAddress(person.email)  # refused here, while whoever typed it is there
    if (wished or known[0]) == Way.LETTER:
        PostalAddress.of(person.name or "", person.address or "")
    return wished or known[0]


def consented(row: Interest, *, text_version: str, how: str, by: Staff | Outside, at: datetime) -> None:
    """Keep the proof that somebody agreed, in the step's transaction.

    Raises:
        ConsentMissing: no text, or nobody said how.
        codes.UnknownCode: no such way of agreeing.
    """
    if not text_version.strip() or not how:
        raise ConsentMissing
    ListConsent.objects.create(
        contact_point_id=row.contact_point_id,
        interest=row,
        text_version=text_version.strip()[:40],
        how=codes.checked("consent-how", how, year=at.year),
        given_at=at,
        recorded_by=by if isinstance(by, Staff) else None,
        address_index=row.email_index or row.phone_index,
    )
