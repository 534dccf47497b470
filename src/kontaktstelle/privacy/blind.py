"""Blind index: find a row again by a telephone number or an e-mail address without storing either.

HMAC-SHA-256 of the normalised value under a key of the contact point, the first 128 bits. Never for names, topics,
postcodes: what can be guessed by trying all of them must not be indexed.
"""

import hashlib
import hmac
import re

from . import keys

INDEX_HEX = 32
SHORTEST_PHONE = 6


def phone_index(text: str, *, contact_point: int) -> str:
    """Return the index of a telephone number in any spelling, or "" if it is none."""
    number = re.sub(r"[^\d+]", "", re.sub(r"\(0\)", "", text))
    number = re.sub(r"^(?:\+49|0049)0?", "0", number)
    number = re.sub(r"^\+", "00", number).replace("+", "")
    return _index("phone", number, contact_point) if len(number) >= SHORTEST_PHONE else ""


def email_index(text: str, *, contact_point: int) -> str:
    """Return the index of an e-mail address, or "" if it is none."""
    name, at, domain = text.strip().casefold().rpartition("@")
    if not (name and at and domain):
        return ""
    try:
        domain = domain.rstrip(".").encode("idna").decode("ascii")
    except UnicodeError:
        return ""
    return _index("email", f"{name}@{domain}", contact_point)


def _index(kind: str, value: str, contact_point: int) -> str:
    key = keys.purpose_key(f"idx/cp{contact_point}")
    return hmac.new(key, f"{kind}/{value}".encode(), hashlib.sha256).hexdigest()[:INDEX_HEX]
