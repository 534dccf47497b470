"""Schlüssel to a group's own page: sent to an address the office already has, or told as a code. A new one ends the old.

Whoever asks for a link names a group and no address, and is answered alike whether there is such a group or not.
"""

import secrets
from datetime import date, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ContactPerson, Group, OwnPageKey
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import receipt_codes, signed_links, slow_hash
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import address_of
from kontaktstelle.topics import folding

PURPOSE, PREFIX, TEMPLATE = "own-page", "/angaben/", "groups/mail/own_page_link"
LASTS_DAYS = 60
# Asked again sooner, nothing is sent: nobody's mailbox is filled by somebody else's impatience.
NOT_AGAIN_WITHIN = timedelta(minutes=10)
MOST_OF_ONE_NAME = 3
BY_GROUP = "group"


class NoMailKnown(StepRefused):
    """A link goes only to an address the office already has."""

    sentence = "Zu dieser Gruppe ist keine E-Mail hinterlegt. Nennen Sie am Telefon einen Code, oder drucken Sie das Blatt."


def path_of(group: UUID, *, at: datetime) -> str:
    """Make a new key for whoever a mail to the group reaches, and return the path of its link: for a mail of the program."""
    row = Group.objects.get(pk=group)
    found = _by_mail(row)
    return _path(_issue(row, person=found[1] if found else None, at=at))


@transaction.atomic
def send_link(group: Group, *, by: Staff, at: datetime) -> None:
    """Send a new link to the stored address.

    Raises:
        NoMailKnown: there is none.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    if not _send(group, by=str(by.pk), at=at):
        raise NoMailKnown


@transaction.atomic
def tell_code(group: Group, *, person: ContactPerson | None, by: Staff, at: datetime) -> str:
    """Make a new code, to be told on the telephone or printed on a letter; it is shown once and stored nowhere.

    Args:
        group: of the office being acted for.
        person: who hears or gets it; None: the group, and no person's record stands on the page.
        by: who.
        at: when.
    """
    rights.check(by, Right.EDIT_GROUP, current())
    code = receipt_codes.code_for(secrets.token_bytes(32))
    key = _issue(group, person=person, at=at)
    key.code_lookup = receipt_codes.lookup_of(receipt_codes.plain(code))
    key.code_proof = receipt_codes.proof_of(code)
    key.save(update_fields=["code_lookup", "code_proof"])
    _trace(key, "own-page.code-made", by=str(by.pk), at=at)
    return code


def ask_for_link(name: str, town: str, *, at: datetime) -> None:
    """Send a link to the stored address of the group of this name, if there is one; nothing is said of it.

    Args:
        name: as somebody typed it, or the last part of its page's address.
        town: the same; it decides between groups of one name.
        at: now.
    """
    wanted, place = _folded(name), _folded(town)
    if not wanted:
        return
    found = [
        each
        for each in Group.objects.everywhere().exclude(stage=Stage.DISSOLVED).order_by("pk")
        if wanted in {_folded(each.name), _folded(each.slug)}
    ]
    if place:
        found = [each for each in found if place in {_folded(each.town), _folded(each.district)}] or found
    if len(found) > MOST_OF_ONE_NAME:
        return
    for group in found:
        with acting_for(group.contact_point_id), transaction.atomic():
            Group.objects.select_for_update().get(pk=group.pk)
            if not OwnPageKey.objects.filter(group=group, made_at__gt=at - NOT_AGAIN_WITHIN).exists():
                _send(group, by=BY_GROUP, at=at)


def opened_by_link(token: str, *, at: datetime) -> OwnPageKey | None:
    """Return the key a link belongs to, with its group; None if it is forged or over: these look alike."""
    linked = signed_links.read(token, PURPOSE, at=at)
    if linked is None:
        return None
    with acting_for(linked.contact_point):
        key: OwnPageKey | None = (
            OwnPageKey.objects.select_related("group__contact_point", "group__venue", "person")
            .filter(pk=linked.row, expires_on__gte=_day(at))
            .exclude(group__stage=Stage.DISSOLVED)
            .first()
        )
    return key


def opened_by_code(typed: str, *, at: datetime) -> str | None:
    """Return the path a code leads to, good for today; None for a wrong one, after the same work."""
    bare = receipt_codes.plain(typed)
    lookup = receipt_codes.lookup_of(bare or "nobody's code")
    key: OwnPageKey | None = OwnPageKey.objects.everywhere().filter(code_lookup=lookup).first()
    is_theirs = slow_hash.proves(bare, key.code_proof if key else slow_hash.NOBODYS)
    if key is None or not is_theirs or not bare or key.expires_on < _day(at):
        return None
    token = signed_links.made(PURPOSE, key.pk, contact_point=key.contact_point_id, until=_day(at))
    return f"{PREFIX}{token}/"


def last_day(at: datetime) -> date:
    """Return the last day a key made now is good for."""
    return _day(at) + timedelta(days=LASTS_DAYS)


def end(key: OwnPageKey, *, at: datetime) -> None:
    """End a key at once, as whoever holds it wishes."""
    with acting_for(key.contact_point_id), transaction.atomic():
        if OwnPageKey.objects.filter(pk=key.pk).exists():
            _trace(key, "own-page.ended", by=BY_GROUP, at=at)
            key.delete()


def _send(group: Group, *, by: str, at: datetime) -> bool:
    found = _by_mail(group)
    trail.record(
        by, "group-contact.used", object_type="groups.group", object_id=group.pk, at=at, contact_point=group.contact_point_id
    )  # fmt: skip
    if found is None:
        return False
    to, person = found
    key = _issue(group, person=person, at=at)
    outbox.queue(
        TEMPLATE, to=to, sender=letterhead(group.contact_point), kind=Kind.DEADLINE, at=at, about=group.pk, path=_path(key), until=key.expires_on
    )  # fmt: skip
    _trace(key, "own-page.link-sent", by=by, at=at)
    return True


def _issue(group: Group, *, person: ContactPerson | None, at: datetime) -> OwnPageKey:
    with transaction.atomic():
        # The group's row is the gate: two who make a key at once leave one.
        Group.objects.select_for_update().get(pk=group.pk)
        OwnPageKey.objects.filter(group=group).delete()
        return OwnPageKey.objects.create(  # type: ignore[no-any-return]
            contact_point_id=group.contact_point_id, group=group, person=person, made_at=at, expires_on=last_day(at)
        )  # fmt: skip


def _path(key: OwnPageKey) -> str:
    token = signed_links.made(PURPOSE, key.pk, contact_point=key.contact_point_id, until=key.expires_on)
    return f"{PREFIX}{token}/"


def _by_mail(group: Group) -> tuple[MailAddress, ContactPerson | None] | None:
    """Return the stored address and whose it is, in the order of `reaching`."""
    for person in ContactPerson.objects.filter(group=group).order_by("position", "pk"):
        try:
            email = address_of(person.party).email
        except Party.DoesNotExist:
            continue
        if email and (to := _mail(email)):
            return to, person
    to = _mail(group.public_email) if group.public_email else None
    return (to, None) if to else None


def _mail(text: str) -> MailAddress | None:
    try:
        return MailAddress(text)
    except StepRefused:
        return None


def _folded(text: str) -> str:
    return " ".join(folding.words(text.replace("-", " ")))


def _day(at: datetime) -> date:
    return timezone.localtime(at).date()


def _trace(key: OwnPageKey, action: str, *, by: str, at: datetime) -> None:
    trail.record(
        by, action, object_type="groups.ownpagekey", object_id=key.pk, at=at, contact_point=key.contact_point_id
    )  # fmt: skip
