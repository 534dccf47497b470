"""What waits for a second pair of eyes, said at Heute to whoever may be it: otherwise nobody would know."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse

from kontaktstelle.enquiries import restricting
from kontaktstelle.organisation import rights, trail_opening
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """One thing somebody else asked for: what, and where it is looked at."""

    words: str
    address: str


def waiting(*, by: Staff, at: datetime) -> list[ToConfirm]:
    """Return what waits for a second person and could be confirmed by somebody, of the contact point being acted for."""
    found = []
    if rights.may(by, Right.CONFIRM_TRAIL, current()):
        found += [
            ToConfirm("Öffnen des Zugriffsprotokolls", reverse("desk:trail_confirm", args=[each.number]))
            for each in trail_opening.openings(by=by, at=at)
            if each.confirmed_by is None and each.asked_by != by
        ]
    if rights.may(by, restricting.RIGHT, current()):
        found += [
            ToConfirm(f"Sperre der Anfrage {number}", reverse("desk:person_rights", args=[number]))
            for number in restricting.to_confirm(by=by, at=at)
        ]
    return found
