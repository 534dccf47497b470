"""How an office appears: its accent colour, readable or refused."""

from datetime import datetime

from django.db import transaction

from kontaktstelle.privacy import trail
from kontaktstelle.ui import accent, fresh

from .models import ContactPoint


@transaction.atomic
def choose_accent(contact_point: ContactPoint, colour: str, *, by: str, at: datetime) -> str:
    """Give an office its accent colour; it stands on the next page anybody asks for.

    Args:
        contact_point: the office.
        colour: `#RRGGBB`; "" for the colours all offices have.
        by: who, as the trail knows them.
        at: when, aware.

    Returns:
        The colour it had before, "" if none.

    Raises:
        ColourRefused: it cannot be read on our papers or looks like danger (`ui.accent.check`).
    """
    if colour:
        accent.check(colour)
    before, contact_point.accent = contact_point.accent, colour.lower()
    contact_point.save(update_fields=["accent"])
    trail.record(
        by,
        "organisation.accent-chosen",
        object_type="organisation.contactpoint",
        object_id=contact_point.pk,
        at=at,
        contact_point=contact_point.pk,
        fields=["accent"],
    )
    fresh.changed()
    return before
