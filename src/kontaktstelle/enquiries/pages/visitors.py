"""What the public pages share: where a form comes from, a short proof of having been let in, a form's key."""

import hashlib
from datetime import timedelta
from uuid import UUID

from django.core import signing
from django.http import HttpRequest

from kontaktstelle.ui import tokens
from kontaktstelle.ui.senders import address_of, guessed_too_often

__all__ = ["address_of", "guessed_too_often", "key_of", "let_in", "was_let_in"]

# As long as somebody needs to read and to write an answer; the text is kept beyond it.
LET_IN_FOR = timedelta(minutes=60)


def let_in(purpose: str, contact_point: int, row: UUID) -> str:
    """Return a proof, good for `LET_IN_FOR`, that a code or link was right; it goes with the next form of the page."""
    return signing.dumps([contact_point, row.hex], salt=f"enquiries.{purpose}")


def was_let_in(purpose: str, ticket: str) -> tuple[int, UUID] | None:
    """Return the office's number and the row a proof is for, or None."""
    try:
        contact_point, row = signing.loads(
            ticket, salt=f"enquiries.{purpose}", max_age=int(LET_IN_FOR.total_seconds())
        )
        return int(contact_point), UUID(hex=row)
    except (signing.BadSignature, ValueError, TypeError):
        return None


def key_of(request: HttpRequest, purpose: str) -> UUID | None:
    """Return the key under which what this form says counts once: other words in the same form are something else."""
    form = tokens.read_own(request.POST.get("marke", ""), purpose)
    if form is None:
        return None
    said = "\0".join(f"{name}={value}" for name, value in sorted(request.POST.items()) if name != "einlass")
    return UUID(bytes=hashlib.sha256(form.key.bytes + said.encode("utf-8", "replace")).digest()[:16])
