"""Vorschläge: what a group would like in its record, field by field; staff decide, and a decision can be taken back.

A proposal keeps what stood there when it was made. If that is not what stands there now, staff see both, and the page says which
state it showed: exactly one wins, and nothing is overwritten unseen. A new way to reach a group waits until the old one was
called and two days are over.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kontaktstelle.groups import persons, upkeep
from kontaktstelle.groups.checking import ValuesUnfit, check_group
from kontaktstelle.groups.lifecycle import ProposalStatus, check_proposal_step
from kontaktstelle.groups.models import ContactPerson, Group, Proposal
from kontaktstelle.groups.reaching import reach
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.four_eyes import ALONE_AFTER
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

BY_GROUP, TOLD_OLD = "group", "groups/mail/contact_change_asked"
WORDS, NEW_PERSON, OWN_RECORD, REMOVAL = "words", "person-new", "person-own", "person-remove"
FIELDS: dict[str, str] = {
    "name": "Name der Gruppe",
    "description": "Beschreibung",
    "meeting_text": "Wann Sie sich treffen",
    "town": "Ort",
    "postcode": "Postleitzahl",
    "public_phone": "Telefon der Gruppe",
    "public_email": "E-Mail der Gruppe",
    "website": "Internetseite",
    "online_note": "Hinweis zum Online-Treffen",
    "founded": "Gegründet",
    "visibility": "Was wo öffentlich ist",
}
OF_PERSONS: dict[str, str] = {
    NEW_PERSON: "Neue Ansprechperson",
    OWN_RECORD: "Eigene Angaben einer Ansprechperson",
    REMOVAL: "Eine Ansprechperson möchte gelöscht werden",
}
LABELS = FIELDS | OF_PERSONS | {WORDS: "In eigenen Worten"}
# Who could take over a group's contact could take over whoever asks for it: the old one is called first, and there is time.
DELAYED = frozenset({NEW_PERSON, OWN_RECORD, "public_phone", "public_email"})
NAMES_PEOPLE = frozenset({WORDS, *OF_PERSONS})
LONGEST_WORDS, MOST_OPEN = 2000, 40
P = ProposalStatus


class NothingSaid(StepRefused):
    """An empty form."""

    sentence = "Hier steht noch nichts. Bitte schreiben Sie, was sich geändert hat."


class TooMuchSaid(StepRefused):
    """More than staff could read."""

    sentence = "Das ist zu viel auf einmal. Bitte rufen Sie uns an."


class OldNotAsked(StepRefused):
    """A new way to reach a group: the old one was not called yet, or two days are not over."""

    sentence = "Ein neuer Kontakt wartet: auf den Rückruf unter der bisherigen Nummer und auf 48 Stunden seit dem Vorschlag."


class ShowsAnotherState(StepRefused):
    """The record changed since the page was opened."""

    sentence = "Diese Angabe hat sich inzwischen geändert. Bitte vergleichen Sie noch einmal."


class CannotTakeBack(StepRefused):
    """What was accepted was changed since, or is gone for good."""

    sentence = "Das lässt sich nicht mehr zurücknehmen: Seither hat sich die Angabe geändert."


@transaction.atomic
def propose(group: Group, values: Mapping[str, Any], *, at: datetime) -> list[Proposal]:
    """Propose new values; only what differs from the record and from what is proposed already counts.

    Args:
        group: of the office being acted for.
        values: field of `FIELDS` → value.
        at: when.

    Raises:
        ValuesUnfit: with a sentence per field; nothing is kept then.
        TypeError: a field nobody may propose.
    """
    if wrong := sorted(set(values) - set(FIELDS)):
        raise TypeError(f"nobody proposes {wrong}")
    stored = _locked(group)
    waiting = {each.field: each for each in Proposal.objects.filter(group=stored, status=P.OPEN)}
    new = {}
    for name, value in values.items():
        known = getattr(stored, name) if name not in waiting else json.loads(waiting[name].wish or "null")
        if _same(value) != _same(known):
            new[name] = value
    draft = {name: getattr(stored, name) for name in FIELDS} | new
    check_group(new, whole=draft)
    made = []
    for name, value in new.items():
        if name in waiting:
            _set(waiting[name], P.REPLACED, by=BY_GROUP, at=at)
        if _same(value) != _same(getattr(stored, name)):  # else the group took its wish back
            made.append(_made(stored, name, value, base=getattr(stored, name), at=at))
    _tell_old(stored, made, at=at)
    return made


@transaction.atomic
def say_words(group: Group, words: str, *, at: datetime) -> Proposal:
    """Say in words what fits no field.

    Raises:
        NothingSaid, TooMuchSaid.
    """
    words = words.strip()
    if not words:
        raise NothingSaid
    return _once(group, WORDS, words[:LONGEST_WORDS], at=at, limit=len(words) > LONGEST_WORDS)


@transaction.atomic
def new_person(group: Group, address: Address, *, at: datetime) -> Proposal:
    """Name a new contact person: the old one hears of it, and staff call before anything changes.

    Raises:
        ValuesUnfit: what was typed does not do.
    """
    if not (address.name and (address.phone or address.email)):
        raise ValuesUnfit({"name": "Bitte nennen Sie einen Namen und ein Telefon oder eine E-Mail."})
    persons.check_address(address)
    made = _once(group, NEW_PERSON, _ways(address), at=at)
    _tell_old(group, [made], at=at)
    return made


@transaction.atomic
def own_record(person: ContactPerson, address: Address, *, at: datetime) -> Proposal | None:
    """Propose other ways for one's own record; None where nothing differs.

    Raises:
        ValuesUnfit: what was typed does not do.
    """
    persons.check_address(address)
    known = _ways(_address(person))
    if known == _ways(address):
        return None
    made = _once(person.group, OWN_RECORD, _ways(address), at=at, person=person.pk, base=known)
    _tell_old(person.group, [made], at=at)
    return made


@transaction.atomic
def ask_removal(person: ContactPerson, *, at: datetime) -> Proposal:
    """Ask to be taken out of the group's record."""
    return _once(person.group, REMOVAL, "remove", at=at, person=person.pk)


@transaction.atomic
def called_back(number: UUID, *, by: Staff, at: datetime) -> None:
    """Note that the old contact was called on the number already stored, and agrees.

    Raises:
        lifecycle.WrongStage: it waits no more.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.SEE_GROUP_CONTACT, current())
    row = _open(number)
    check_proposal_step(P(row.status), P.ACCEPTED)
    if row.called_back_at is None:
        row.called_back_at, row.called_back_by = at, str(by.pk)
        row.save(update_fields=["called_back_at", "called_back_by"])
        _trace(row, "proposal.called-back", by=str(by.pk), at=at)


@transaction.atomic
def accept(number: UUID, *, seen: str, by: Staff, at: datetime) -> Proposal:
    """Put what was proposed into the record.

    Args:
        number: of the proposal.
        seen: the mark of what stood in the record as the page showed it (`mark_of`).
        by: who.
        at: when.

    Raises:
        lifecycle.WrongStage: it was decided already.
        ShowsAnotherState: the record is not as the page showed it.
        OldNotAsked: the old contact was not called, or it is too soon.
        ValuesUnfit, upkeep.ProtectionStays, rights.NotAllowed: as their sentences say.
    """
    _check(number, by)
    row = _open(number)
    check_proposal_step(P(row.status), P.ACCEPTED)
    if row.field in DELAYED and (row.called_back_at is None or at < row.said_at + ALONE_AFTER):
        raise OldNotAsked
    group = _locked(row.group)
    if row.field not in {WORDS, NEW_PERSON} and mark_of(now_of(row, group)) != seen:
        raise ShowsAnotherState
    wish = json.loads(row.wish or "null")
    if row.field in FIELDS:
        row.replaced = json.dumps(getattr(group, row.field), ensure_ascii=False)
        upkeep.change(group, {row.field: wish}, by=by, at=at, seen=None)
    else:
        _PERSONS.get(row.field, _nothing)(row, group, wish, by, at)
    _set(row, P.ACCEPTED, by=str(by.pk), at=at)
    return row


@transaction.atomic
def reject(number: UUID, *, by: Staff, at: datetime) -> Proposal:
    """Leave the record as it is.

    Raises:
        lifecycle.WrongStage: it was decided already.
        rights.NotAllowed: not for this person.
    """
    _check(number, by)
    row = _open(number)
    _set(row, P.REJECTED, by=str(by.pk), at=at)
    return row


@transaction.atomic
def take_back(number: UUID, *, by: Staff, at: datetime) -> Proposal:
    """Take a decision back: the proposal waits again, and what it had replaced stands there again.

    Raises:
        CannotTakeBack: the field was changed since, a newer proposal waits, or a person was added or erased.
        lifecycle.WrongStage: nothing is decided.
        rights.NotAllowed: not for this person.
    """
    _check(number, by)
    row = _open(number)
    check_proposal_step(P(row.status), P.OPEN)
    group = _locked(row.group)
    if row.field in FIELDS and Proposal.objects.filter(group=group, field=row.field, status=P.OPEN).exists():
        raise CannotTakeBack("Die Gruppe hat dazu inzwischen etwas Neues vorgeschlagen.")
    if row.status == P.ACCEPTED and row.field != WORDS:
        if row.field not in FIELDS or _same(getattr(group, row.field)) != _same(
            json.loads(row.wish or "null")
        ):
            raise CannotTakeBack
        upkeep.change(group, {row.field: json.loads(row.replaced or "null")}, by=by, at=at, seen=None)
    row.replaced = None
    _set(row, P.OPEN, by=str(by.pk), at=at)
    return row


def may_decide(field: str, by: Staff) -> bool:
    """Say whether somebody reads and decides proposals of a field: those that name people take the right to see them."""
    return field not in NAMES_PEOPLE or upkeep.may_read_note(by)


def now_of(row: Proposal, group: Group) -> Any:
    """Return what stands in the record now where a proposal wants something else."""
    if row.field in FIELDS:
        return getattr(group, row.field)
    if row.person and row.field == OWN_RECORD:
        person = ContactPerson.objects.filter(pk=row.person).first()
        return _ways(_address(person)) if person else None
    return None


def mark_of(value: Any) -> str:
    """Return a mark by which another state is told from the one that was shown."""
    return hashlib.sha256(_same(value).encode()).hexdigest()[:24]


def _check(number: UUID, by: Staff) -> None:
    rights.check(by, Right.EDIT_GROUP, current())
    if not may_decide(Proposal.objects.values_list("field", flat=True).get(pk=number), by):
        raise rights.NotAllowed


def _once(
    group: Group,
    field: str,
    wish: Any,
    *,
    at: datetime,
    person: UUID | None = None,
    base: Any = None,
    limit: bool = False,
) -> Proposal:
    """Keep what was said once: a double click says nothing new."""
    stored = _locked(group)
    waiting = list(Proposal.objects.filter(group=stored, status=P.OPEN))
    for each in waiting:
        if each.field == field and each.person == person and json.loads(each.wish or "null") == wish:
            return each  # type: ignore[no-any-return]
    if limit or len(waiting) >= MOST_OPEN:
        raise TooMuchSaid
    return _made(stored, field, wish, base=base, at=at, person=person)


def _made(
    group: Group, field: str, wish: Any, *, base: Any, at: datetime, person: UUID | None = None
) -> Proposal:
    row = Proposal(
        contact_point_id=group.contact_point_id, group=group, field=field, person=person, said_at=at
    )
    row.base, row.wish = json.dumps(base, ensure_ascii=False), json.dumps(wish, ensure_ascii=False)
    row.save(force_insert=True)
    _trace(row, "proposal.made", by=BY_GROUP, at=at)
    return row


def _set(row: Proposal, to: ProposalStatus, *, by: str, at: datetime) -> None:
    check_proposal_step(P(row.status), to)
    row.status = to
    row.decided_at, row.decided_by = (None, "") if to == P.OPEN else (at, by)
    row.save()
    _trace(row, f"proposal.{'taken-back' if to == P.OPEN else to}", by=by, at=at)


def _add(row: Proposal, group: Group, wish: dict[str, str], by: Staff, at: datetime) -> None:
    persons.add(group, Address(**wish), ContactPerson.Consent.INTERNAL, by=by, at=at, number=row.pk)


def _rewrite(row: Proposal, group: Group, wish: dict[str, str], by: Staff, at: datetime) -> None:
    for shown in persons.opened(group, by=by, at=at):
        if shown.number == row.person:
            address = Address(**wish, note=shown.address.note)
            persons.change(group, shown.number, address, shown.consent, by=by, at=at, seen=shown.mark)
            return
    raise persons.PersonChangedMeanwhile(
        "Diese Ansprechperson gibt es nicht mehr. Der Vorschlag wartet weiter."
    )


def _remove(row: Proposal, group: Group, _wish: object, by: Staff, at: datetime) -> None:
    if row.person:
        persons.remove(group, row.person, by=by, at=at)


def _nothing(*_: object) -> None:
    """Words change nothing by themselves: whoever read them did."""


_PERSONS: dict[str, Callable[..., None]] = {NEW_PERSON: _add, OWN_RECORD: _rewrite, REMOVAL: _remove}


def _tell_old(group: Group, made: list[Proposal], *, at: datetime) -> None:
    """Let the contact the office already has know, by mail where there is one."""
    delayed = [each for each in made if each.field in DELAYED]
    if not delayed:
        return
    to = reach(group, by=BY_GROUP, at=at, only=PostWay.MAIL).to
    if to is not None:
        outbox.queue(
            TOLD_OLD, to=to, sender=letterhead(group.contact_point), kind=Kind.DEADLINE, at=at, about=delayed[0].pk
        )  # fmt: skip


def _address(person: ContactPerson) -> Address:
    try:
        return address_of(person.party)
    except Party.DoesNotExist:
        return Address()


def _ways(address: Address) -> dict[str, str]:
    return {way: said for way in ("name", "phone", "email", "address") if (said := getattr(address, way))}


def _same(value: Any) -> str:
    """Return a value as it is compared: line ends, spaces at the ends and the order of channels make no difference."""
    if isinstance(value, str):
        value = "\n".join(line.rstrip() for line in value.strip().splitlines())
    if isinstance(value, dict):
        value = {
            name: sorted(each) if isinstance(each, list) else each for name, each in value.items() if each
        }
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _open(number: UUID) -> Proposal:
    """Return a proposal as it stands, kept from others till the step is done; the group's row is taken first, as by every step."""
    Group.objects.select_for_update().get(
        pk=Proposal.objects.values_list("group_id", flat=True).get(pk=number)
    )
    row: Proposal = (
        Proposal.objects.select_for_update(of=("self",)).select_related("group__contact_point").get(pk=number)
    )
    return row


def _locked(group: Group) -> Group:
    stored: Group = (
        Group.objects.select_for_update(of=("self",)).select_related("contact_point").get(pk=group.pk)
    )
    return stored


def _trace(row: Proposal, action: str, *, by: str, at: datetime) -> None:
    trail.record(
        by, action, object_type="groups.proposal", object_id=row.pk, at=at, contact_point=row.contact_point_id, fields=[row.field]
    )  # fmt: skip
