"""Mails to staff when the means they sign in with change, or are used in a way they should know of: neutral, by the mailroom."""

import hashlib
import hmac
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import AddressRefused, MailAddress, SenderRefused
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation import tenancy
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import keys

CHANGED = "mailroom/mail/access_changed"
CODE_USED = "desk/mail/code_used"
NEW_DEVICE = "desk/mail/new_device"
# A browser somebody signed in with before: it keeps a mark of the account, we keep nothing of the browser.
KNOWN_FOR = 180 * 24 * 3600
MOST_MARKS = 8
PURPOSE = "known-device"


def tell(staff: Staff, what: str, *, at: datetime) -> None:
    """Queue a mail to somebody about their own access, in the step's transaction.

    An office without an address of its own, or an account whose address takes no mail, cannot be told: the trail is.
    """
    office = staff.contact_point
    if office is None:
        return
    try:
        to, sender = MailAddress(staff.email), letterhead(office)
    except (AddressRefused, SenderRefused):
        return
    with tenancy.acting_for(office):
        outbox.queue(what, to=to, sender=sender, kind=Kind.SINGLE, at=at, about=UUID(str(staff.pk)))


def knows(request: HttpRequest, staff: Staff) -> bool:
    """Say whether somebody signed in with this browser before, as far as it remembers."""
    return _mark(staff) in _marks(request)


def remember(request: HttpRequest, response: HttpResponse, staff: Staff) -> None:
    """Let the browser remember that somebody signed in with it; signing out makes it forget."""
    marks = [_mark(staff), *(each for each in _marks(request) if each != _mark(staff))][:MOST_MARKS]
    response.set_cookie(
        settings.KNOWN_COOKIE_NAME,
        signing.dumps(marks, salt=PURPOSE),
        max_age=KNOWN_FOR,
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _marks(request: HttpRequest) -> list[str]:
    try:
        found = signing.loads(
            request.COOKIES.get(settings.KNOWN_COOKIE_NAME, ""), salt=PURPOSE, max_age=KNOWN_FOR
        )
    except signing.BadSignature:
        return []
    return [str(each) for each in found] if isinstance(found, list) else []


def _mark(staff: Staff) -> str:
    return hmac.new(keys.purpose_key(PURPOSE), str(staff.pk).encode(), hashlib.sha256).hexdigest()[:32]
