"""Rate limits without stored addresses: what is counted is known by an HMAC whose key is another one every day."""

import hashlib
import hmac
from typing import Any

from django.conf import settings
from django.core.cache.backends.base import DEFAULT_TIMEOUT
from django.core.cache.backends.db import DatabaseCache
from django.utils import timezone

from kontaktstelle.privacy import keys

# A code used just before midnight must not be good again just after it.
NOT_BY_DAY = "allauth.mfa.totp.used"
CODE_SECONDS = 30


class Counts(DatabaseCache):
    """The counts of tries. A code that was used is remembered for as long as it would be taken, not for its own half minute."""

    def add(self, key: Any, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> bool:
        """Set a value if there is none, as Django's own cache does."""
        if str(key).startswith(NOT_BY_DAY):
            timeout = CODE_SECONDS * (2 * settings.MFA_TOTP_TOLERANCE + 1)
        return bool(super().add(key, value, timeout, version))


def hidden_key(key: str, key_prefix: str, version: int) -> str:
    """Return the name under which the cache keeps a count (Django's `KEY_FUNCTION`)."""
    day = "" if key.startswith(NOT_BY_DAY) else timezone.localdate().isoformat()
    secret = keys.purpose_key("limits")
    return hmac.new(secret, f"{day}|{key_prefix}|{version}|{key}".encode(), hashlib.sha256).hexdigest()
