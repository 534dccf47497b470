"""Abholcode: made, written so that people can copy it, checked. Wrong, expired and erased codes are the same here.

Twenty letters and digits in five groups, none of which is mistaken for another; the last one is a check digit, so that a
slip of the pen is never somebody else's code. Nineteen carry 94 bits.
"""

import hashlib
import hmac
import unicodedata
import uuid
from dataclasses import dataclass
from datetime import date, timedelta

from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import keys

from . import slow_hash
from .models import ReceiptCode

# 31 signs, a prime: a weighted sum modulo 31 notices every wrong sign and every two that changed places.
SIGNS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
CARRYING, GROUP = 19, 4
FINDING = 8
LASTS_DAYS = 180
_DASHES = str.maketrans("", "", "-‐‑‒–—− \t\r\n\u00a0\u202f.")


@dataclass(frozen=True, slots=True)
class Opened:
    """Whose side a code opens: the office's number, and the opaque number of what it is about."""

    contact_point: int
    about: uuid.UUID


def code_for(seed: bytes) -> str:
    """Return the code that belongs to a seed: the same form sent twice shows the same code, which is stored nowhere.

    Args:
        seed: at least 128 bits nobody else knows; they are mixed with a key of the installation.
    """
    number = int.from_bytes(hmac.digest(keys.purpose_key("codes/receipt"), seed, "sha512"), "big")
    signs = []
    for _ in range(CARRYING):
        number, rest = divmod(number, len(SIGNS))
        signs.append(SIGNS[rest])
    bare = "".join(signs)
    return readable(bare + _check_sign(bare))


def readable(bare: str) -> str:
    """Return a code in groups."""
    return "-".join(bare[start : start + GROUP] for start in range(0, len(bare), GROUP))


def plain(typed: str) -> str:
    """Return a code as it is compared, from what somebody typed; "" if it cannot be one."""
    bare = unicodedata.normalize("NFKC", typed).upper().translate(_DASHES)
    if len(bare) != CARRYING + 1 or set(bare) - set(SIGNS):
        return ""
    return bare if _check_sign(bare[:-1]) == bare[-1] else ""


def proof_of(code: str) -> str:
    """Return the slow hash `keep` stores: made before the step's transaction, in which others wait."""
    return slow_hash.proof_of(plain(code))


def keep(code: str, *, about: uuid.UUID, contact_point: int, on: date, proof: str = "") -> None:
    """Let a code open what it is about, for `LASTS_DAYS`. Only half of it, keyed, and a slow hash are stored.

    Args:
        code: as it was shown.
        about: the opaque number of a row further up.
        contact_point: number of the office.
        on: today.
        proof: what `proof_of` made of the code, "" to make it here.
    """
    with acting_for(contact_point):
        ReceiptCode(
            contact_point_id=contact_point,
            about=about,
            lookup=lookup_of(plain(code)),
            proof=proof or proof_of(code),
            expires_on=on + timedelta(days=LASTS_DAYS),
        ).save(force_insert=True)


def look_up(typed: str, *, on: date) -> Opened | None:
    """Return what a code opens, or None: unknown, mistyped, expired and erased ones take the same work."""
    bare = plain(typed)
    known = _row(lookup_of(bare or "nobody's code"))
    is_theirs = slow_hash.proves(bare, known.proof if known else slow_hash.NOBODYS)
    if known is None or not is_theirs or not bare or known.expires_on < on:
        return None
    return Opened(known.contact_point_id, known.about)


def still_opens(opened: Opened, *, on: date) -> bool:
    """Say whether a code that was right a moment ago still is."""
    codes = ReceiptCode.objects.everywhere().filter(
        contact_point_id=opened.contact_point, about=opened.about, expires_on__gte=on
    )
    return bool(codes.exists())


def lasts_longer(about: uuid.UUID, *, on: date) -> None:
    """Let a code last from today again: somebody wrote."""
    ReceiptCode.objects.filter(about=about).update(expires_on=on + timedelta(days=LASTS_DAYS))


def forget(about: uuid.UUID) -> None:
    """Erase the code of an enquiry."""
    ReceiptCode.objects.filter(about=about).delete()


def _row(lookup: str) -> ReceiptCode | None:
    found: ReceiptCode | None = ReceiptCode.objects.everywhere().filter(lookup=lookup).first()
    return found


def _check_sign(bare: str) -> str:
    total = sum((place + 1) * SIGNS.index(sign) for place, sign in enumerate(bare))
    return SIGNS[total % len(SIGNS)]


def lookup_of(bare: str) -> str:
    """Return by what the row of a code is found: half of it, under a key of the installation."""
    key = keys.purpose_key("codes/lookup")
    return hmac.new(key, bare[:FINDING].encode(), hashlib.sha256).hexdigest()[:16]
