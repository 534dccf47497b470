"""Sessions in the database: the cookie's value is stored nowhere, only its hash; what a session holds is sealed.

A session ends ten hours after it began, whatever happens; idle for half an hour it locks (`desk.locking`).
"""

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import CreateError, SessionBase, UpdateError
from django.db import IntegrityError, transaction
from django.utils import timezone

from kontaktstelle.organisation.models import Staff
from kontaktstelle.privacy import keys

from .models import DeskSession

ENDS_AFTER = timedelta(hours=10)
SEEN_EVERY = timedelta(minutes=1)


class SessionStore(SessionBase):
    """Django's session interface over `DeskSession`."""

    seen_at: datetime | None = None
    started_at: datetime | None = None

    def load(self) -> dict[str, Any]:
        """Return what the session holds; nothing if it is unknown, ended or does not open."""
        row = DeskSession.objects.filter(
            key_hash=hash_of(self.session_key), expires_at__gt=timezone.now()
        ).first()
        content = _opened(row) if row else None
        if row is None or content is None:
            self._session_key = None
            return {}
        self.seen_at, self.started_at = row.seen_at, row.started_at
        return content

    def exists(self, session_key: str) -> bool:
        """Say whether there is such a session."""
        return DeskSession.objects.filter(key_hash=hash_of(session_key)).exists()

    def create(self) -> None:
        """Begin a session under a new key."""
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def save(self, must_create: bool = False) -> None:
        """Keep what the session holds.

        Raises:
            CreateError: the key is taken.
            UpdateError: the session was ended meanwhile; it must not come back.
        """
        if self.session_key is None:
            self.create()
            return
        content = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        now, key_hash = timezone.now(), hash_of(self.session_key)
        kept = {
            "staff_id": content.get(SESSION_KEY),
            "content": _sealed(self.serializer().dumps(content), key_hash),
        }
        if must_create:
            self.started_at = self.seen_at = now
            row = DeskSession(
                key_hash=key_hash, started_at=now, seen_at=now, expires_at=now + ENDS_AFTER, **kept
            )
            try:
                with transaction.atomic():
                    row.save(force_insert=True)
            except IntegrityError as error:
                raise CreateError from error
        elif not DeskSession.objects.filter(key_hash=key_hash).update(**kept):
            raise UpdateError

    def delete(self, session_key: str | None = None) -> None:
        """End a session, this one unless told otherwise."""
        key = session_key or self.session_key
        if key:
            DeskSession.objects.filter(key_hash=hash_of(key)).delete()

    def see(self, at: datetime) -> None:
        """Remember that somebody is at work, once a minute."""
        if self.session_key and (self.seen_at is None or at - self.seen_at >= SEEN_EVERY):
            DeskSession.objects.filter(key_hash=hash_of(self.session_key)).update(seen_at=at)
            self.seen_at = at

    @classmethod
    def clear_expired(cls) -> None:
        """Remove ended sessions; nightly."""
        DeskSession.objects.filter(expires_at__lte=timezone.now()).delete()


def hash_of(key: str | None) -> str:
    """Return by what a session is known in the database."""
    return hashlib.sha256((key or "").encode()).hexdigest()


def sessions_of(staff: Staff, *, at: datetime) -> list[DeskSession]:
    """Return somebody's running sessions, the last used first."""
    return list(DeskSession.objects.filter(staff=staff, expires_at__gt=at).order_by("-seen_at"))


def end_sessions(staff: Staff, *, but: str = "", only: str = "") -> int:
    """End somebody's sessions.

    Args:
        staff: whose.
        but: the hash of one that stays.
        only: the hash of the one to end; "" for all.

    Returns:
        How many ended.
    """
    running = DeskSession.objects.filter(staff=staff).exclude(key_hash=but)
    ended, _ = (running.filter(key_hash=only) if only else running).delete()
    return ended


def _sealed(content: bytes, key_hash: str) -> bytes:
    nonce = secrets.token_bytes(keys.NONCE_BYTES)
    return nonce + AESGCM(keys.purpose_key("session")).encrypt(nonce, content, key_hash.encode())


def _opened(row: DeskSession) -> dict[str, Any] | None:
    sealed = bytes(row.content)
    nonce, sealed = sealed[: keys.NONCE_BYTES], sealed[keys.NONCE_BYTES :]
    try:
        content = AESGCM(keys.purpose_key("session")).decrypt(nonce, sealed, row.key_hash.encode())
    except (InvalidTag, ValueError):
        return None
    return dict(SessionStore().serializer().loads(content))
