"""How a group is reached, its own way: by mail, by letter or by a call, as it wishes and as far as addresses are known.

The order, where nothing is wished: the first contact person's mail, then the group's own, then a letter, then a call.
A wish that cannot be met (a letter without an address) falls back to the same order, so that nobody is left out.
"""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction

from kontaktstelle.mailroom.addresses import MailAddress, PostalAddress, Recipient
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, address_of

from .models import ContactPerson, Group, PostWish
from .ways import PostWay


@dataclass(frozen=True, slots=True)
class Reached:
    """The way to a group and, unless somebody calls, the one recipient; hold it no longer than one step takes."""

    way: PostWay
    to: Recipient | None = field(default=None, repr=False)


def reach(group: Group, *, by: str, at: datetime, only: PostWay | None = None) -> Reached:
    """Return how a group is reached now; that its contacts were opened for it is traced.

    Args:
        group: of the office being acted for.
        by: who, as the trail knows them.
        at: now.
        only: by this way and no other; without an address for it there is no recipient.
    """
    persons = ContactPerson.objects.filter(group=group).order_by("position", "pk")
    known = [found for person in persons if (found := _opened(person.party)) is not None]
    trail.record(
        by, "group-contact.used", object_type="groups.group", object_id=group.pk, at=at, contact_point=group.contact_point_id
    )  # fmt: skip
    by_way: dict[PostWay, Recipient | None] = {
        PostWay.MAIL: _mail(known, group.public_email),
        PostWay.LETTER: _letter(known),
    }
    if only is not None:
        return Reached(only, by_way.get(only))
    wish = PostWish.objects.filter(group=group).values_list("way", flat=True).first()
    order = [PostWay(wish)] if wish else []
    for way in [*order, PostWay.MAIL, PostWay.LETTER]:
        if way == PostWay.CALL:
            return Reached(way)
        if (to := by_way[way]) is not None:
            return Reached(way, to)
    return Reached(PostWay.CALL)


@transaction.atomic
def wish(group: Group, way: PostWay | None, *, by: Staff, at: datetime) -> None:
    """Note by which way a group wants to hear from the office; None: as it comes."""
    rights.check(by, Right.EDIT_GROUP, current())
    if way is None:
        PostWish.objects.filter(group=group).delete()
    else:
        PostWish.objects.update_or_create(
            group=group, defaults={"way": way}, create_defaults={"way": way, "contact_point_id": current()}
        )
    trail.record(
        str(by.pk), "group.post-wish", object_type="groups.group", object_id=group.pk, at=at, contact_point=current()
    )  # fmt: skip


def _opened(party: UUID) -> Address | None:
    try:
        return address_of(party)
    except Party.DoesNotExist:
        return None


def _mail(known: list[Address], own: str) -> Recipient | None:
    for text in [*(each.email for each in known), own]:
        if text:
            try:
                return MailAddress(text)
            except StepRefused:
                continue
    return None


def _letter(known: list[Address]) -> Recipient | None:
    for each in known:
        if each.name and each.address:
            try:
                return PostalAddress.of(each.name, each.address)
            except StepRefused:
                continue
    return None
