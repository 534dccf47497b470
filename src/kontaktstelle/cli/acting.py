"""What commands of an office share: for which office they act, who acts, and days as people write them."""

import argparse
from datetime import date
from typing import TYPE_CHECKING

from kontaktstelle.refusal import StepRefused

if TYPE_CHECKING:
    from kontaktstelle.organisation.models import ContactPoint

# How the trail calls whoever works at the console.
ACTOR = "kommandozeile"


class UnknownContactPoint(StepRefused):
    """There is no office of this address."""

    sentence = "Diese Kontaktstelle gibt es nicht."


def office_of(slug: str) -> "ContactPoint":
    """Return the office of a slug.

    Raises:
        UnknownContactPoint: there is none; the sentence names those there are.
    """
    from kontaktstelle.organisation.models import ContactPoint

    found = ContactPoint.objects.filter(slug=slug).first()
    if found is None:
        known = ", ".join(ContactPoint.objects.order_by("slug").values_list("slug", flat=True)[:10])
        raise UnknownContactPoint(
            f"Die Kontaktstelle „{slug[:60]}“ gibt es nicht. Es gibt: {known or 'noch keine'}."
        )
    return found


def day(text: str) -> date:
    """Return the day a word of the call means: 31.05.2024, 2024-05-31.

    Raises:
        argparse.ArgumentTypeError: it is none.
    """
    from kontaktstelle.groups.importing.cells import day as read

    found = read(text.strip())
    if found is None:
        raise argparse.ArgumentTypeError(f"„{text}“ ist kein Datum (2024-05-31 oder 31.05.2024)")
    return found
