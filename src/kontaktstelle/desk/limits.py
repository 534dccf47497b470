"""Rate limits without stored addresses: what is counted is known by an HMAC whose key is another one every day."""

import hashlib
import hmac

from django.utils import timezone

from kontaktstelle.privacy import keys

# A code used just before midnight must not be good again just after it.
NOT_BY_DAY = "allauth.mfa.totp.used"


def hidden_key(key: str, key_prefix: str, version: int) -> str:
    """Return the name under which the cache keeps a count (Django's `KEY_FUNCTION`)."""
    day = "" if key.startswith(NOT_BY_DAY) else timezone.localdate().isoformat()
    secret = keys.purpose_key("limits")
    return hmac.new(secret, f"{day}|{key_prefix}|{version}|{key}".encode(), hashlib.sha256).hexdigest()
