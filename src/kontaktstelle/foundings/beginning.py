"""Begin a founding: by a person, by the office, by demand; hand it to somebody; go on without its founder."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.enquiries import codes, days
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of, forget_party, register_party
from kontaktstelle.topics import tree

from . import staying
from .access import check_can_found, check_sees_interested
from .keeping import ahead, kept, locked, once, traced
from .lifecycle import LIVE, FoundingStatus, WrongStatus
from .models import Founding

FIRST_TALK_IN, LONGEST_TITLE = 7, 120


class TopicMissing(StepRefused):
    """A founding without a topic is found by nobody."""

    sentence = "Bitte wählen Sie ein Thema. Ohne Thema findet niemand zu dieser Gründung."


class TitleUnfit(StepRefused):
    """No working title, or one that is too long."""

    sentence = "Bitte geben Sie einen Arbeitstitel an, höchstens 120 Zeichen."


class NoFounder(StepRefused):
    """Nobody is known who wished to found."""

    sentence = "Zu dieser Gründung ist keine Gründungsperson hinterlegt."


@once(Founding)
def begin(
    origin: Founding.Origin,
    *,
    title: str,
    topics: Iterable[str],
    by: Staff,
    at: datetime,
    kreis_key: str = "",
    audience: Iterable[str] = (),
    person: Address | None = None,
    covered_by: Staff | None = None,
    form_key: UUID | None = None,
) -> Founding:
    """Begin a founding. A second one on a topic is normal; `advice.existing` shows the first.

    Args:
        origin: from whom it came.
        title: how the office calls it; kept sealed.
        topics: one to three.
        by: who.
        at: when.
        kreis_key: where.
        audience: for whom, keys of `topics.tree.AUDIENCES`.
        person: the founder's ways back; a founder may stay unnamed.
        covered_by: who accompanies it; nobody means whoever is there.
        form_key: of the form: a double click begins one.

    Raises:
        TopicMissing, TitleUnfit, codes.UnknownCode, codes.TooManyTopics, rights.NotAllowed: as their sentences say.
    """
    check_can_found(by)
    chosen = codes.checked_topics(topics)
    if not chosen:
        raise TopicMissing
    title = " ".join(title.split())
    if not title or len(title) > LONGEST_TITLE:
        raise TitleUnfit
    today = days.local_day(at)
    founding = Founding(
        contact_point_id=current(),
        origin=Founding.Origin(origin),
        begun_month=days.month_of(today),
        topics=chosen,
        audience=[key for key in tree.AUDIENCES if key in set(audience)],
        kreis_key=kreis_key,
        covered_by=covered_by,
        next_on=ahead(at, FIRST_TALK_IN),
        role=Founding.Role.UNKNOWN if origin == Founding.Origin.PERSON else Founding.Role.NOBODY,
    )
    founding.title = title
    if person is not None and not person.is_empty():
        founding.party = register_party(person, contact_point=current(), on=today)
    founding.save(force_insert=True)
    traced(by, "founding.begun", founding, at=at, fields=["origin", "topics"])
    return founding


@transaction.atomic
def founder_of(founding: Founding, *, by: Staff, at: datetime) -> Address:
    """Open the founder's ways back, traced.

    Raises:
        NoFounder: there is none.
        rights.NotAllowed: who leads and does not counsel does not see people.
    """
    check_sees_interested(by)
    if founding.party is None:
        raise NoFounder
    traced(by, "founding.founder-opened", founding, at=at)
    try:
        return address_of(founding.party)
    except Party.DoesNotExist as error:
        raise NoFounder from error


@transaction.atomic
def cover(
    founding: Founding, staff: Staff | None, *, by: Staff, at: datetime, seen: int | None = None
) -> Founding:
    """Say who accompanies a founding; nobody means whoever is there."""
    check_can_found(by)
    stored = locked(founding, seen=seen)
    stored.covered_by = staff
    traced(by, "founding.covered", stored, at=at, fields=["covered_by"])
    return kept(stored)


@transaction.atomic
def founder_left(founding: Founding, *, by: Staff, at: datetime, seen: int | None = None) -> Founding:
    """Go on without the founder: they are forgotten, the office takes over, everybody on the list is asked again.

    Raises:
        lifecycle.WrongStatus: the founding is over.
        rights.NotAllowed, keeping.ChangedMeanwhile: as their sentences say.
    """
    check_can_found(by)
    stored = locked(founding, seen=seen)
    if FoundingStatus(stored.status) not in LIVE:
        raise WrongStatus("Diese Gründung ist zu Ende.")
    if stored.party is not None:
        forget_party(stored.party)
    stored.party, stored.role = None, Founding.Role.NOBODY
    staying.to_be_asked_again(stored, on=days.local_day(at))
    traced(by, "founding.founder-left", stored, at=at, fields=["party", "role"])
    return kept(stored)
