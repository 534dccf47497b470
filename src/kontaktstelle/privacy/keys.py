"""Keys: one key-encryption key per installation, one data key per contact point and month.

The key-encryption key (KEK) lies in `KONTAKTSTELLE_KEYS/kek`, readable by the service alone. It wraps
the data keys, each in a file of its own beside it, so that destroying one file makes everything sealed
in that month unreadable, in every forgotten backup too. HKDF-SHA-256 derives one key per purpose.

A wrapped key is `nonce | ciphertext + tag`, bound to its id. `installation.key` is one of them: from it come the keys
of the installation's purposes (trail, ledger, blind index), so that they outlive a new KEK. Installations older than
that file derive them from their KEK, until the first rotation keeps it there. While a KEK is being replaced
(`rotation`), the new one lies in `kek.next` and both open.
Source of the design: docs/adr/0004, docs/adr/0012.
"""

import base64
import fcntl
import os
import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
NAME_BYTES = 5
INSTALLATION = "installation"
_KEY_ID = re.compile(r"cp(\d+)/(\d{4}-(?:0[1-9]|1[0-2]))")


class KeyUnavailable(Exception):  # noqa: N818 - named for what it means to whoever must act
    """A key is missing, damaged or wrong: nothing is shown and nothing is written in clear instead."""


def kek_file() -> Path:
    """Return where the key-encryption key lies."""
    return Path(settings.KEYS_DIR) / "kek"


def next_kek_file() -> Path:
    """Return where the new key-encryption key lies while it is replacing the old one."""
    return Path(settings.KEYS_DIR) / "kek.next"


def signing_file() -> Path:
    """Return where the key lies that signs links and sessions."""
    return Path(settings.KEYS_DIR) / "signing.key"


def create_missing() -> bool:
    """Create the key directory, the KEK and the signing key where they are missing; never replace one.

    Returns:
        True if a new KEK was made (a new installation), False if everything was there.

    Raises:
        KeyUnavailable: the KEK is gone but keys it wraps are here: a new one would open none of them.
    """
    Path(settings.KEYS_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    with locked():
        write_once(signing_file(), secrets.token_urlsafe(50).encode())
        if kek_file().exists():
            return False
        if wrapped_ids(but=INSTALLATION):
            raise KeyUnavailable(
                f"Im Ordner {settings.KEYS_DIR} liegen Schlüssel, aber kein Hauptschlüssel, der sie öffnet. Er gehört aus "
                "der Papierkopie wiederhergestellt: kontaktstelle keys restore"
            )
        kek = secrets.token_bytes(KEY_BYTES)
        # Without a KEK nothing was ever derived from an installation key: what a crash left of one may go.
        replace(wrapped_file(INSTALLATION), wrap(INSTALLATION, secrets.token_bytes(KEY_BYTES), kek))
        return write_once(kek_file(), kek)


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


@lru_cache(maxsize=512)
def purpose_key(purpose: str) -> bytes:
    """Return a key of the installation for one purpose that is not encryption (`audit`, `idx`)."""
    root = unwrapped(INSTALLATION) if wrapped_file(INSTALLATION).exists() else kek()
    return hkdf(root, f"installation/{purpose}".encode())


def kek() -> bytes:
    """Return the key-encryption key.

    Raises:
        KeyUnavailable: it is missing or damaged.
    """
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


def name_of(key: bytes) -> str:
    """Return the name of a KEK, e.g. `K7QX-2M4P`: it tells papers and backups apart and does not lead back to the key."""
    text = base64.b32encode(hkdf(key, b"name")[:NAME_BYTES]).decode()
    return f"{text[:4]}-{text[4:]}"


def installation_name() -> str:
    """Return the installation's own name, e.g. `K7QX2M4P`, which a new KEK does not change."""
    return base64.b32encode(purpose_key("name")[:NAME_BYTES]).decode()


def forget_cached() -> None:
    """Forget keys held in memory (after the key directory changed: tests, destruction, restore)."""
    purpose_key.cache_clear()
    _derived.cache_clear()


@contextmanager
def locked(*, shared: bool = False) -> Iterator[None]:
    """Keep other processes from changing the key directory for the block; `shared`: only from replacing the KEK."""
    descriptor = os.open(settings.KEYS_DIR, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def wrapped_ids(*, but: str = "") -> list[str]:
    """Return the ids of all wrapped keys there are, in order."""
    folder = Path(settings.KEYS_DIR) / "data"
    found = [f"{file.parent.name}/{file.stem}" for file in sorted(folder.glob("cp*/*.key"))]
    root = [INSTALLATION] if wrapped_file(INSTALLATION).exists() else []
    return [kid for kid in [*root, *found] if kid != but and (kid == INSTALLATION or _KEY_ID.fullmatch(kid))]


def wrapped_file(kid: str) -> Path:
    """Return where the wrapped key of an id lies.

    Raises:
        KeyUnavailable: this is no id.
    """
    if kid == INSTALLATION:
        return Path(settings.KEYS_DIR) / "installation.key"
    match = _KEY_ID.fullmatch(kid)
    if match is None:
        raise KeyUnavailable(f"Unbekannte Schlüsselkennung {kid!r}.")
    return Path(settings.KEYS_DIR) / "data" / f"cp{match[1]}" / f"{match[2]}.key"


def unwrapped(kid: str) -> bytes:
    """Return the key of this id as its KEK wrapped it.

    Raises:
        KeyUnavailable: it is not here, or no KEK of this installation opens it.
    """
    for _ in range(2):  # a rotation may end between the reading of the two files
        try:
            wrapped = wrapped_file(kid).read_bytes()
        except OSError as error:
            raise KeyUnavailable(
                f"Der Schlüssel {kid} ist nicht da: vernichtet oder nicht mitgesichert."
            ) from error
        for key in (kek(), _next_kek()):
            if key is not None and (opened := opened_with(key, kid, wrapped)) is not None:
                return opened
    raise KeyUnavailable(
        f"Der Hauptschlüssel öffnet den Schlüssel {kid} nicht: falscher oder beschädigter Schlüssel."
    )


def opened_with(key: bytes, kid: str, wrapped: bytes) -> bytes | None:
    """Return what a KEK unwraps, or None if it does not fit."""
    try:
        return AESGCM(hkdf(key, b"wrap")).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], kid.encode())
    except (InvalidTag, ValueError):
        return None


def wrap(kid: str, key: bytes, with_kek: bytes) -> bytes:
    """Wrap a key of this id with a KEK."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(hkdf(with_kek, b"wrap")).encrypt(nonce, key, kid.encode())


def hkdf(key: bytes, purpose: bytes, salt: bytes | None = None) -> bytes:
    """Derive a key for one purpose."""
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=b"kontaktstelle/v1/" + purpose).derive(
        key
    )


def write_once(file: Path, content: bytes | Callable[[], bytes]) -> bool:
    """Write a file only its owner can read, unless it exists; two processes at once agree on one content."""
    if file.exists():
        return False
    draft = _draft(file, content() if callable(content) else content)
    try:
        os.link(draft, file)  # fails if somebody else was first, and theirs counts
    except FileExistsError:
        return False
    finally:
        draft.unlink()
    settle(file.parent)
    return True


def replace(file: Path, content: bytes) -> None:
    """Put a file only its owner can read in the place of an older one; a crash leaves the old or the new."""
    draft = _draft(file, content)
    try:
        draft.replace(file)
    except OSError:
        draft.unlink()
        raise
    settle(file.parent)


def settle(folder: Path) -> None:
    """Make names in a folder survive a power cut: a row sealed with a key must not outlive the key's file."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
        out.flush()
        os.fsync(out.fileno())
    return draft


def _next_kek() -> bytes | None:
    try:
        key = next_kek_file().read_bytes()
    except FileNotFoundError:
        return None
    return key if len(key) == KEY_BYTES else None


@lru_cache(maxsize=512)
def _derived(kid: str, purpose: bytes, create: bool) -> bytes:
    file = wrapped_file(kid)
    if create and not file.exists():
        with locked(shared=True):
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            write_once(file, lambda: wrap(kid, secrets.token_bytes(KEY_BYTES), _next_kek() or kek()))
    return hkdf(unwrapped(kid), purpose)
