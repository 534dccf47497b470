"""Signed links of people on a list: stay or leave, answer an invitation; and the one on a poster."""

from datetime import date
from uuid import UUID

from kontaktstelle.enquiries import links
from kontaktstelle.enquiries.links import Linked, read

__all__ = ["ANSWER", "JOIN", "STAY", "Linked", "answer", "join", "read", "stay"]
STAY, ANSWER, JOIN = "list-stay", "meeting-invitation", "founding-join"


def stay(interest: UUID, *, contact_point: int, until: date) -> str:
    """Return the secret part of the link by which somebody stays on a list or leaves it."""
    return links.made(STAY, interest, contact_point=contact_point, until=until)


def answer(invitation: UUID, *, contact_point: int, until: date) -> str:
    """Return the secret part of the link by which an invitation is answered."""
    return links.made(ANSWER, invitation, contact_point=contact_point, until=until)


def join(founding: UUID, *, contact_point: int, until: date) -> str:
    """Return the secret part of the link on posters: it names nobody, and ends some day."""
    return links.made(JOIN, founding, contact_point=contact_point, until=until)
