"""A signed token in every form instead of a cookie: it says that this server made the form, and when.

It names no person and is the same for everybody within a minute, so pages stay cacheable and nobody is marked.
"""

from time import time

from django.core import signing

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
