"""Keys: one key-encryption key per installation, one data key per contact point and month.

The key-encryption key (KEK) lies in `KONTAKTSTELLE_KEYS/kek`, readable by the service alone. It wraps
the data keys, each in a file of its own beside it, so that destroying one file makes everything sealed
in that month unreadable, in every forgotten backup too. HKDF-SHA-256 derives one key per purpose.
Source of the design: docs/adr/0004.
"""

import os
import re
import secrets
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

KEY_BYTES = 32
NONCE_BYTES = 12
_KEY_ID = re.compile(r"cp(\d+)/(\d{4}-\d{2})")


class KeyUnavailable(Exception):  # noqa: N818 - named for what it means to whoever must act
    """A key is missing, damaged or wrong: nothing is shown and nothing is written in clear instead."""


def kek_file() -> Path:
    """Return where the key-encryption key lies."""
    return Path(settings.KEYS_DIR) / "kek"


def create_missing() -> bool:
    """Create the key directory, the KEK and the signing key where they are missing; never replace one.

    Returns:
        True if a new KEK was made (a new installation), False if everything was there.
    """
    directory = Path(settings.KEYS_DIR)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    _write_once(directory / "signing.key", secrets.token_urlsafe(50).encode())
    return _write_once(kek_file(), secrets.token_bytes(KEY_BYTES))


def key_id(contact_point: int, on: date) -> str:
    """Name the data key of a contact point in a month, e.g. `cp3/2026-11`."""
    return f"cp{contact_point}/{on:%Y-%m}"


def data_key(kid: str, *, create: bool = False) -> bytes:
    """Return the data key of this id for sealing fields.

    Args:
        kid: as made by `key_id`.
        create: make the key if this month has none yet; only sealing does, opening never.

    Raises:
        KeyUnavailable: no such key, or the KEK does not open it.
    """
    return _derived(kid, b"enc", create)


def purpose_key(purpose: str) -> bytes:
    """Return a key of the installation for one purpose that is not encryption (`audit`, `idx`)."""
    return _hkdf(_kek(), f"installation/{purpose}".encode())


def forget_cached() -> None:
    """Forget keys held in memory (after the key directory changed: tests, rotation, restore)."""
    _kek.cache_clear()
    _derived.cache_clear()


@lru_cache(maxsize=1)
def _kek() -> bytes:
    try:
        key = kek_file().read_bytes()
    except OSError as error:
        raise KeyUnavailable(
            f"Der Hauptschlüssel {kek_file()} fehlt oder ist nicht lesbar. „kontaktstelle setup“ legt ihn bei einer "
            "neuen Einrichtung an; bei einer bestehenden gehört er aus der Papierkopie wiederhergestellt."
        ) from error
    if len(key) != KEY_BYTES:
        raise KeyUnavailable(
            f"Der Hauptschlüssel {kek_file()} hat nicht {KEY_BYTES} Bytes: Er ist beschädigt."
        )
    return key


@lru_cache(maxsize=512)
def _derived(kid: str, purpose: bytes, create: bool) -> bytes:
    file = _data_key_file(kid)
    if create and not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        _write_once(file, lambda: _wrap(kid, secrets.token_bytes(KEY_BYTES)))
    try:
        wrapped = file.read_bytes()
    except OSError as error:
        raise KeyUnavailable(
            f"Der Schlüssel {kid} ist nicht da: vernichtet oder nicht mitgesichert."
        ) from error
    return _hkdf(_unwrap(kid, wrapped), purpose)


def _data_key_file(kid: str) -> Path:
    match = _KEY_ID.fullmatch(kid)
    if match is None:
        raise KeyUnavailable(f"Unbekannte Schlüsselkennung {kid!r}.")
    return Path(settings.KEYS_DIR) / "data" / f"cp{match[1]}" / f"{match[2]}.key"


def _wrap(kid: str, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_hkdf(_kek(), b"wrap")).encrypt(nonce, key, kid.encode())


def _unwrap(kid: str, wrapped: bytes) -> bytes:
    try:
        return AESGCM(_hkdf(_kek(), b"wrap")).decrypt(
            wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], kid.encode()
        )
    except (InvalidTag, ValueError) as error:
        raise KeyUnavailable(
            f"Der Hauptschlüssel öffnet den Schlüssel {kid} nicht: falscher oder beschädigter Schlüssel."
        ) from error


def _hkdf(key: bytes, purpose: bytes) -> bytes:
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=b"kontaktstelle/v1/" + purpose).derive(
        key
    )


def _write_once(file: Path, content: bytes | Callable[[], bytes]) -> bool:
    """Write a file only its owner can read, unless it exists; two processes at once agree on one content."""
    if file.exists():
        return False
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content() if callable(content) else content)
        out.flush()
        os.fsync(out.fileno())
    try:
        os.link(draft, file)  # fails if somebody else was first, and theirs counts
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    return True
