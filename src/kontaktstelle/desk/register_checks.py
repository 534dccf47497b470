"""What of the registers wants a look before somebody relies on it: Heute names how much, the register names what."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from kontaktstelle.organisation.models import ContactPoint

from . import register_form
from .register_form import RowShown


@dataclass(frozen=True, slots=True)
class Wanted:
    """Rows of one register to be checked: how many, in words, and where they stand."""

    count: int
    words: str
    more: str
    address: str


def wanted(office: ContactPoint, on: date) -> list[Wanted]:
    """Return the registers in which something was never checked, not for six months, or changed since.

    Args:
        office: whose own services count, beside what is there for all.
        on: today.
    """
    found = []
    for bodies, one, many, address in (
        (False, "ein Hilfetelefon oder Dienst", "Hilfetelefone und Dienste", "desk:register"),
        (True, "eine überregionale Stelle", "überregionale Stellen", "desk:register_bodies"),
    ):
        rows = register_form.rows(office, on, bodies=bodies)
        due = [row for row in rows if row.is_due and not row.hidden]
        if due:
            words = f"{one} prüfen" if len(due) == 1 else f"{len(due)} {many} prüfen"
            found.append(
                Wanted(len(due), words[0].upper() + words[1:], _since(due), reverse(address) + "#pruefen")
            )
    return found


def _since(rows: list[RowShown]) -> str:
    never = sum(row.checked_on is None for row in rows)
    if never == len(rows):
        return "noch nie geprüft"
    return f"„geprüft am“ ist abgelaufen{f', {never} davon noch nie geprüft' if never else ''}"
