"""What people do by themselves on the public pages: come onto a list from a poster, ask to be told, stay, leave.

Each is the step staff take on the telephone (`interested`, `staying`), with the site as the way of agreeing. Whoever is on
the list already learns nothing else than whoever is new: a form is no way to ask who stands on a list.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.mailroom.addresses import SenderRefused
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

from . import consent_texts, interested, links, staying
from .access import Outside
from .keeping import once
from .models import Founding, Interest, Outreach

LONGEST = 200
_SHORTEST_NUMBER = 5
ME = Outside.INTERESTED
WAYS = (
    (Interest.Way.MAIL.value, "per E-Mail (sie sagt nie, worum es geht)"),
    (Interest.Way.PHONE.value, "am Telefon"),
    (Interest.Way.LETTER.value, "mit einem Brief (er nennt kein Thema)"),
)
WHOS = (
    (Interest.Who.AFFECTED.value, "Es betrifft mich selbst"),
    (Interest.Who.RELATIVE.value, "Es betrifft jemanden, der mir nahesteht"),
)


class NotAgreed(StepRefused):
    """Without consent nobody is written down."""

    sentence = (
        "Bitte kreuzen Sie an, dass Sie einverstanden sind. Ohne Ihr Einverständnis schreiben wir nichts auf."
    )


class NoWayGiven(StepRefused):
    """Nobody can be told who left no way back, or not the one they chose."""

    sentence = "Bitte geben Sie an, wie wir Sie erreichen: eine E-Mail-Adresse, eine Telefonnummer, oder Name und Anschrift."


class NotANumber(StepRefused):
    """What stands in the field of the telephone cannot be called."""

    sentence = "Das ist keine vollständige Telefonnummer, zum Beispiel 030 1234567."


class TopicMissing(StepRefused):
    """Nothing says what the group is to be about."""

    sentence = "Bitte sagen Sie in ein paar Worten, zu welchem Thema Sie eine Gruppe suchen."


@dataclass(frozen=True, slots=True)
class Myself:
    """Who somebody says they are, and how they wish to be reached; "" where they said nothing."""

    name: str = ""
    email: str = ""
    phone: str = ""
    address: str = ""
    way: str = ""
    who: str = ""
    agrees: bool = False

    def as_address(self) -> Address:
        """Return the ways back as `relay` keeps them.

        Raises:
            NotANumber: the telephone cannot be called.
        """
        digits = sum(letter.isdigit() for letter in self.phone)
        if self.phone and digits < _SHORTEST_NUMBER:
            raise NotANumber
        return Address(self.name or None, self.phone or None, self.email or None, self.address or None)

    def wished_way(self) -> Interest.Way | None:
        """Return the way they chose, or None for whichever is known."""
        return Interest.Way(self.way) if self.way in Interest.Way.values else None

    def as_whom(self) -> Interest.Who:
        """Return as whom they come."""
        return Interest.Who(self.who) if self.who in Interest.Who.values else Interest.Who.UNKNOWN


def join(founding: UUID, myself: Myself, *, heard: str, at: datetime, form_key: UUID) -> None:
    """Come onto a founding's list, of the office being acted for. Who stands there already is told no other than who is new.

    Args:
        founding: whose list.
        myself: who, and how they are reached.
        heard: the key of a call that appeared, or a code of `heard`.
        at: when.
        form_key: of the form; a double click adds one.

    Raises:
        NotAgreed, NoWayGiven, NotANumber, interested.NobodyIsTaken, interested.NotHeardThere, AddressRefused, PostalAddressRefused.
    """
    try:
        _joined(Founding.objects.get(pk=founding), myself, heard=heard, by=ME, at=at, form_key=form_key)
    except interested.OnTheListAlready:
        return
    except interested.NoWayBack as error:
        raise NoWayGiven from error


def ask_to_be_told(
    topics: Iterable[str], myself: Myself, *, kreis_key: str, at: datetime, form_key: UUID
) -> None:
    """Ask to be told when a group on a topic begins, of the office being acted for; the rest as `join`.

    Raises:
        TopicMissing: no topic; and as `join`.
    """
    chosen = list(topics)
    if not chosen:
        raise TopicMissing
    try:
        _to_be_told(chosen, myself, kreis_key=kreis_key, by=ME, at=at, form_key=form_key)
    except interested.OnTheListAlready:
        return
    except interested.NoWayBack as error:
        raise NoWayGiven from error


@once(Interest)
def _joined(
    founding: Founding, myself: Myself, *, heard: str, by: Outside, at: datetime, form_key: UUID
) -> Interest:
    person, call = _checked(myself), _key_of_call(heard)
    outreach = Outreach.objects.filter(founding=founding, pk=call).first() if call else None
    row = interested.add(
        founding, person, text_version=consent_texts.JOIN.version, how="site", by=by, at=at, who=myself.as_whom(),
        way=myself.wished_way(), outreach=outreach, heard="" if call else heard,
    )  # fmt: skip
    return _noted(row, at=at)


@once(Interest)
def _to_be_told(
    topics: Iterable[str], myself: Myself, *, kreis_key: str, by: Outside, at: datetime, form_key: UUID
) -> Interest:
    row = interested.wish_to_be_told(
        topics, _checked(myself), text_version=consent_texts.TO_BE_TOLD.version, how="site", by=by, at=at,
        kreis_key=kreis_key, who=myself.as_whom(), way=myself.wished_way(),
    )  # fmt: skip
    return _noted(row, at=at)


def stay(number: UUID, *, at: datetime) -> Interest:
    """Stay for another half year, by one click."""
    return staying.renew(
        Interest.objects.get(pk=number), by=ME, at=at, text_version=consent_texts.STAY.version, how="site"
    )


def leave(number: UUID, *, at: datetime) -> Interest:
    """Leave the list at once, by one click."""
    return interested.withdraw(Interest.objects.get(pk=number), by=ME, at=at)


def _checked(myself: Myself) -> Address:
    if not myself.agrees:
        raise NotAgreed
    return myself.as_address()


def _noted(row: Interest, *, at: datetime) -> Interest:
    """Send whoever left an e-mail address the link by which they leave; in the step's own transaction."""
    if row.way != Interest.Way.MAIL or row.erase_on is None:
        return row
    token = links.stay(row.pk, contact_point=row.contact_point_id, until=row.erase_on)
    path = f"{interested.STAY_PATH}{token}/"
    try:
        with transaction.atomic():
            interested.post(row, "foundings/mail/noted", path=path, until=row.consent_until, at=at)
    except SenderRefused:  # an office that cannot send yet; the person stands on the list all the same
        pass
    return row


def _key_of_call(heard: str) -> UUID | None:
    try:
        return UUID(heard)
    except ValueError:
        return None
