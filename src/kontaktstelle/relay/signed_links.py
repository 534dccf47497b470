"""Signed links for people without an account: each serves one purpose, until a day, for one row of one office.

54 letters: office, row, last day, and an HMAC of 128 bits under a key of the purpose alone. Nothing is looked up across
offices to read one, and one made for answering opens no messages.
"""

import base64
import binascii
import hmac
import struct
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.utils import timezone

from kontaktstelle.privacy import keys

_START = date(2020, 1, 1)
_SHAPE = struct.Struct(">IH16s")
_MAC = 16


@dataclass(frozen=True, slots=True)
class Linked:
    """What a link leads to."""

    contact_point: int
    row: UUID


def made(purpose: str, row: UUID, *, contact_point: int, until: date) -> str:
    """Return the secret part of a link that serves one purpose for one row, until a day."""
    body = _SHAPE.pack(contact_point, (until - _START).days, row.bytes)
    return base64.urlsafe_b64encode(body + _mac(purpose, body)).decode().rstrip("=")


def read(token: str, purpose: str, *, at: datetime) -> Linked | None:
    """Return what a link leads to; None if it is forged, over, or made for something else: these look alike."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(raw) != _SHAPE.size + _MAC or not hmac.compare_digest(mac, _mac(purpose, body)):
        return None
    contact_point, last, row = _SHAPE.unpack(body)
    if _START + timedelta(days=last) < timezone.localtime(at).date():
        return None
    return Linked(contact_point, UUID(bytes=row))


def _mac(purpose: str, body: bytes) -> bytes:
    return hmac.digest(keys.purpose_key(f"link/{purpose}"), body, "sha256")[:_MAC]
