"""Briefkopf: what an office tells of itself on everything it sends."""

from kontaktstelle.mailroom.addresses import Sender

from .models import ContactPoint, Site


def letterhead(contact_point: ContactPoint, *, site: Site | None = None) -> Sender:
    """Return in whose name a message goes out; answers go to the office.

    Args:
        contact_point: the office.
        site: whose address stands on letters; without it the office's first.

    Raises:
        mailroom.addresses.SenderRefused: the office has no e-mail address yet.
    """
    place = site or min(contact_point.sites.all(), key=lambda each: each.pk, default=None)
    return Sender(
        contact_point=contact_point.pk,
        name=contact_point.name,
        email=contact_point.email,
        phone=(place.phone if place else "") or contact_point.phone,
        street=place.street if place else "",
        town=f"{place.postcode} {place.town}".strip() if place else "",
    )
