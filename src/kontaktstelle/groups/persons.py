"""Ansprechpersonen kept by staff: names and ways to reach them lie sealed in `relay`, and every opening is traced.

A person is a role of a group and a number; what of them may be public is said by their consent alone.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, forget_party, rewrite_party, sealed_party

from . import history
from .checking import ValuesUnfit
from .models import ContactPerson, Group

# A closed list: a reason in somebody's own words could carry a name into the trail.
REASONS: dict[str, str] = {
    "pflege": "Angaben der Gruppe berichtigen",
    "nachfrage": "bei der Gruppe nachfragen",
    "auskunft": "Auskunft an die Person selbst",
}
LIMITS = {"name": 200, "phone": 60, "email": 254, "address": 300, "note": 4000}
_WAYS = tuple(LIMITS)


class ReasonWanted(StepRefused):
    """Who only keeps the records opens private ways for a reason of the list."""

    sentence = (
        "Bitte wählen Sie, wozu Sie die Ansprechpersonen brauchen. Der Grund steht im Zugriffsprotokoll."
    )


class PersonChangedMeanwhile(StepRefused):
    """Somebody else changed or removed the person since the page was opened."""

    sentence = "Diese Ansprechperson hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."


@dataclass(frozen=True, slots=True)
class PersonShown:
    """A contact person, opened: hold it no longer than one page takes. `mark` tells whether somebody changed them since."""

    number: UUID
    position: int
    consent: str
    address: Address
    mark: str


@transaction.atomic
def opened(group: Group, *, by: Staff, at: datetime, reason: str = "") -> list[PersonShown]:
    """Open a group's contact persons, in their order; each opening is traced.

    Args:
        group: of this office.
        by: who.
        at: when.
        reason: one of `REASONS`, for those who need one.

    Raises:
        ReasonWanted: it is missing.
        rights.NotAllowed: not for this person.
    """
    _check(by, reason)
    shown = []
    for person in ContactPerson.objects.filter(group=group).order_by("position", "pk"):
        party = Party.objects.filter(pk=person.party).first()
        said = {way: getattr(party, way) for way in _WAYS} if party else {}
        _traced("group-contact.opened", person, [f"reason:{reason}"] if reason else (), by=by, at=at)
        shown.append(
            PersonShown(person.pk, person.position, person.consent, Address(**said), _mark(person, party))
        )
    return shown


@transaction.atomic
def add(
    group: Group, address: Address, consent: str, *, by: Staff, at: datetime, number: UUID, reason: str = ""
) -> ContactPerson:
    """Add a contact person after the others.

    Args:
        group: of this office.
        address: name and ways, in clear; sealed here.
        consent: one of `ContactPerson.Consent`.
        by: who.
        at: when.
        number: the key of the form and of the person: a double click adds one.
        reason: as for `opened`.

    Raises:
        ValuesUnfit, ReasonWanted, rights.NotAllowed: as their sentences say.
    """
    _check(by, reason)
    _check_values(address, consent)
    known = ContactPerson.objects.filter(pk=number, group=group).first()
    if known is not None:
        return known  # type: ignore[no-any-return]
    Group.objects.select_for_update().get(pk=group.pk)
    party = sealed_party(address, contact_point=current(), on=timezone.localtime(at).date())
    party.save(force_insert=True)
    last = ContactPerson.objects.filter(group=group).aggregate(last=Max("position"))["last"] or 0
    person = ContactPerson(
        id=number, contact_point_id=current(), group=group, party=party.pk, position=last + 1, consent=consent
    )
    person.save(force_insert=True)
    _traced("group-contact.added", person, _said(address), by=by, at=at)
    history.record(group, "person.added", by=str(by.pk), at=at, fields=["persons"])
    return person


@transaction.atomic
def change(
    group: Group,
    number: UUID,
    address: Address,
    consent: str,
    *,
    by: Staff,
    at: datetime,
    seen: str,
    reason: str = "",
) -> ContactPerson:
    """Change a contact person's ways and consent.

    Args:
        group: of this office.
        number: the person's.
        address: everything as it shall stand.
        consent: one of `ContactPerson.Consent`.
        by: who.
        at: when.
        seen: the mark the page showed.
        reason: as for `opened`.

    Raises:
        PersonChangedMeanwhile, ValuesUnfit, ReasonWanted, rights.NotAllowed: as their sentences say.
    """
    _check(by, reason)
    person, party = _stored(group, number)
    before = Address(**{way: getattr(party, way) or None for way in _WAYS}) if party else Address()
    if before == address and person.consent == consent:
        return person
    if _mark(person, party) != seen:
        raise PersonChangedMeanwhile
    _check_values(address, consent)
    if party is None:
        party = sealed_party(address, contact_point=current(), on=timezone.localtime(at).date())
        party.save(force_insert=True)
        person.party = party.pk
    else:
        rewrite_party(party, address)
    person.consent = consent
    person.save()
    changed = [way for way in _WAYS if getattr(before, way) != getattr(address, way)]
    _traced("group-contact.changed", person, changed, by=by, at=at)
    history.record(group, "person.changed", by=str(by.pk), at=at, fields=["persons"])
    return person


@transaction.atomic
def remove(group: Group, number: UUID, *, by: Staff, at: datetime, reason: str = "") -> None:
    """Erase a contact person and every way to reach them; gone already is gone."""
    _check(by, reason)
    person = ContactPerson.objects.select_for_update().filter(pk=number, group=group).first()
    if person is None:
        return
    forget_party(person.party)
    _traced("group-contact.removed", person, (), by=by, at=at)
    person.delete()
    history.record(group, "person.removed", by=str(by.pk), at=at, fields=["persons"])


def consents(group: Group) -> list[str]:
    """Return, per contact person in order, what is known of their consent: no name, nothing opened."""
    rows = ContactPerson.objects.filter(group=group).order_by("position", "pk")
    return [str(ContactPerson.Consent(each.consent).label) for each in rows]


def _check(by: Staff, reason: str) -> None:
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    if rights.wants_reason(rights.roles_of(by, current()), Right.SEE_GROUP_CONTACT) and reason not in REASONS:
        raise ReasonWanted


def check_address(address: Address) -> None:
    """Refuse what cannot be kept of a person.

    Raises:
        ValuesUnfit: with a sentence per field.
    """
    _check_values(address, ContactPerson.Consent.INTERNAL)


def _check_values(address: Address, consent: str) -> None:
    wrong = {
        way: f"Das sind zu viele Zeichen; höchstens {most} haben Platz."
        for way, most in LIMITS.items()
        if len(getattr(address, way) or "") > most
    }
    if address.is_empty():
        wrong["name"] = "Bitte geben Sie mindestens einen Namen oder einen Weg an."
    if address.email:
        try:
            validate_email(address.email)
        except ValidationError:
            wrong["email"] = "Die E-Mail sieht nicht wie eine Adresse aus."
    if consent not in set(ContactPerson.Consent):
        wrong["consent"] = "Bitte wählen Sie, was über die Einwilligung bekannt ist."
    if wrong:
        raise ValuesUnfit(wrong)


def _stored(group: Group, number: UUID) -> tuple[ContactPerson, Party | None]:
    person = ContactPerson.objects.select_for_update().filter(pk=number, group=group).first()
    if person is None:
        raise PersonChangedMeanwhile(
            "Diese Ansprechperson hat inzwischen jemand entfernt. Ihre Eingabe ist noch da."
        )
    return person, Party.objects.filter(pk=person.party).first()


def _mark(person: ContactPerson, party: Party | None) -> str:
    """Return a mark by which a change is seen: ciphertext is never the same twice."""
    parts = [bytes(getattr(party, f"{way}_sealed") or b"-") for way in _WAYS] if party else []
    return hashlib.sha256(b"|".join([person.consent.encode(), *parts])).hexdigest()[:24]


def _said(address: Address) -> list[str]:
    return [way for way in _WAYS if getattr(address, way)]


def _traced(action: str, person: ContactPerson, fields: Iterable[str], *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk), action, object_type="groups.contactperson", object_id=person.pk, at=at,
        contact_point=person.contact_point_id, fields=fields,
    )  # fmt: skip
