"""Register a person's ways back, and open them again for those who may (`address_of`)."""

import uuid
from dataclasses import dataclass
from datetime import date

from kontaktstelle.organisation.tenancy import acting_for

from .models import Party


@dataclass(frozen=True, slots=True)
class Address:
    """The ways to reach a person, in clear; hold it no longer than one step takes."""

    name: str | None = None
    phone: str | None = None
    email: str | None = None
    address: str | None = None
    note: str | None = None

    def is_empty(self) -> bool:
        """Say whether nothing at all is known."""
        return not any((self.name, self.phone, self.email, self.address, self.note))


def register_party(
    address: Address, *, contact_point: int, on: date, erase_on: date | None = None
) -> uuid.UUID:
    """Seal a person's ways back and return the opaque number by which other apps know them."""
    party = sealed_party(address, contact_point=contact_point, on=on, erase_on=erase_on)
    with acting_for(contact_point):
        party.save(force_insert=True)
    return party.pk


def sealed_party(address: Address, *, contact_point: int, on: date, erase_on: date | None = None) -> Party:
    """Return the unsaved row of a party, for writing many at once."""
    party = Party(contact_point_id=contact_point, registered_on=on, erase_on=erase_on)
    for way in ("name", "phone", "email", "address", "note"):
        if value := getattr(address, way):
            setattr(party, way, value)
    return party


def address_of(number: uuid.UUID) -> Address:
    """Open a party of the contact point being acted for.

    Raises:
        Party.DoesNotExist: unknown, erased, or another contact point's: these look alike.
    """
    party = Party.objects.get(pk=number)
    return Address(party.name, party.phone, party.email, party.address, party.note)


def forget_party(number: uuid.UUID) -> None:
    """Erase a party of the contact point being acted for."""
    Party.objects.filter(pk=number).delete()


def rewrite_party(party: Party, address: Address) -> None:
    """Seal other ways for a party of the contact point being acted for; what is not said any more is erased."""
    for way in ("name", "phone", "email", "address", "note"):
        said = getattr(address, way) or None
        if getattr(party, way) != said:
            setattr(party, way, said)
    party.save()
