"""The secret address of an office's calendar of deadlines: made and renewed at the desk, read without signing in.

Office and serial under an HMAC: nothing is looked up across offices to read one. A renewed serial ends the old address.
"""

import base64
import binascii
import hmac
import struct
import uuid
from datetime import datetime

from django.db import transaction

from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import keys, trail

from .models import CalendarAddress

PURPOSE = "link/funding-calendar"
_SHAPE = struct.Struct(">I16s")
_MAC = 16


@transaction.atomic
def renew(*, by: Staff, at: datetime) -> str:
    """Make the office's address, or a new one in place of the old, which opens nothing from now on.

    Returns:
        The secret part of the address.
    """
    rights.check(by, Right.FUNDING, current())
    made, _ = CalendarAddress.objects.update_or_create(
        contact_point_id=current(), defaults={"serial": uuid.uuid4(), "made_at": at, "made_by": str(by.pk)}
    )
    trail.record(
        str(by.pk), "funding.calendar-renewed", object_type="funding.calendaraddress", object_id=made.pk, at=at, contact_point=current()
    )  # fmt: skip
    return _token(current(), made.serial)


def token() -> str:
    """Return the secret part of the address of the office being acted for; "" if it has none."""
    made = CalendarAddress.objects.first()
    return _token(current(), made.serial) if made else ""


def office_of(said: str) -> ContactPoint | None:
    """Return whose calendar an address opens; None if it is forged or was renewed: these look alike."""
    try:
        raw = base64.urlsafe_b64decode(said + "=" * (-len(said) % 4))
    except (binascii.Error, ValueError):
        return None
    body, mac = raw[: _SHAPE.size], raw[_SHAPE.size :]
    if len(raw) != _SHAPE.size + _MAC or not hmac.compare_digest(mac, _mac(body)):
        return None
    number, serial = _SHAPE.unpack(body)
    office: ContactPoint | None = ContactPoint.objects.filter(pk=number).first()
    if office is None:
        return None
    with acting_for(office):
        known = CalendarAddress.objects.filter(serial=uuid.UUID(bytes=serial)).exists()
    return office if known else None


def _token(office: int, serial: uuid.UUID) -> str:
    body = _SHAPE.pack(office, serial.bytes)
    return base64.urlsafe_b64encode(body + _mac(body)).decode().rstrip("=")


def _mac(body: bytes) -> bytes:
    return hmac.digest(keys.purpose_key(PURPOSE), body, "sha256")[:_MAC]
