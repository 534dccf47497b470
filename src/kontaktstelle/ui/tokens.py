"""A signed token in every form instead of a cookie: it says that this server made the form, and when.

It names no person and is the same for everybody within a minute, so pages stay cacheable and nobody is marked.
"""

from dataclasses import dataclass
from datetime import timedelta
from time import time
from uuid import UUID, uuid4

from django.core import signing
from django.core.signing import b62_decode

HOURS = 12
A_MINUTE = 60
_made: dict[str, tuple[int, str]] = {}


def form_token(purpose: str) -> str:
    """Return a token for forms of this purpose, good for `HOURS`."""
    minute = int(time()) // A_MINUTE
    known = _made.get(purpose)
    if known is None or known[0] != minute:
        known = _made[purpose] = (minute, _signer(purpose).sign(purpose))
    return known[1]


def holds(token: str, purpose: str, *, hours: int = HOURS) -> bool:
    """Say whether a token was made here, for this purpose, at most so many hours ago."""
    try:
        return _signer(purpose).unsign(token, max_age=hours * 3600) == purpose
    except signing.BadSignature:
        return False


def _signer(purpose: str) -> signing.TimestampSigner:
    return signing.TimestampSigner(salt=f"ui.form.{purpose}")


@dataclass(frozen=True, slots=True)
class FormRead:
    """A form of one's own, as it came back: its key, and how long it was open."""

    key: UUID
    age: timedelta


def own_token(purpose: str) -> str:
    """Return a token for one form shown once: sent twice it is known again, and its age is known to the second.

    It is drawn by chance and stored nowhere; pages that hold it are never kept by proxies.
    """
    return _signer(purpose).sign(uuid4().hex)


def read_own(token: str, purpose: str, *, hours: int = HOURS) -> FormRead | None:
    """Return what a form's own token says, or None: not made here, for another purpose, or too long ago."""
    try:
        key = _signer(purpose).unsign(token, max_age=hours * 3600)
        made = b62_decode(token.split(":")[1])
        return FormRead(UUID(hex=key), timedelta(seconds=max(0.0, time() - made)))
    except (signing.BadSignature, ValueError, IndexError):
        return None
