"""Schlüsselbund: the months' keys as the KEK wraps them, the ledger of what was erased, the anchors of the trail.

One file per installation, written anew with every backup beside it: the newest opens all older backups but for months
whose keys were destroyed since, and knows whom no backup may bring back.
"""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from kontaktstelle.privacy import anchor, keys, ledger
from kontaktstelle.privacy.paper import OtherKeys

from .sealing import FileDamaged, Kind, Reader, WholeFile

SUFFIX = ".schluesselbund"


@dataclass(frozen=True, slots=True)
class KeyRing:
    """What a key ring holds: wrapped keys by id, erased rows, anchors of the trail, and the KEK that opens it."""

    kek: bytes
    wrapped: Mapping[str, bytes]
    erased: Mapping[str, date]
    anchors: str = ""


def file_in(folder: Path) -> Path:
    """Return where this installation's key ring lies in a folder of backups."""
    return folder / f"kontaktstelle-{keys.installation_name()}{SUFFIX}"


def write(folder: Path, *, at: datetime) -> Path:
    """Write the key ring anew. Call it after the rows are read: then it has the key of each of them."""
    kek = keys.kek()
    ledger.sync(at=at)
    with keys.locked(shared=True):
        # While the KEK is being replaced some are wrapped with the new one; the backup is written with the old one.
        wrapped = {kid: keys.wrap(kid, keys.unwrapped(kid), kek) for kid in keys.wrapped_ids()}
    content = {
        "keyring": 1,
        "keys": {kid: base64.b64encode(each).decode() for kid, each in wrapped.items()},
        "ledger": ledger.written(ledger.entries()),
        "anchors": anchor.text(),
    }
    file = file_in(folder)
    with WholeFile(file, Kind.KEY_RING, kek) as out:
        out.write(json.dumps(content).encode())
    return file


def read(file: Path, keks: Sequence[bytes]) -> KeyRing:
    """Open a key ring.

    Raises:
        FileDamaged, NoFittingKey: see `sealing`.
    """
    reader = Reader(file, Kind.KEY_RING, keks)
    content = json.loads(b"".join(reader.content()))
    wrapped = {kid: base64.b64decode(each) for kid, each in content["keys"].items()}
    for kid, each in wrapped.items():
        if keys.opened_with(reader.kek, kid, each) is None:
            raise FileDamaged
    return KeyRing(reader.kek, wrapped, ledger.read(content["ledger"]), content.get("anchors", ""))


def check_fits(ring: KeyRing) -> None:
    """Refuse a key ring of another installation than the one whose keys are here.

    Raises:
        OtherKeys: a key of the same id is here and not the same.
    """
    for kid, each in ring.wrapped.items():
        if keys.wrapped_file(kid).exists() and keys.unwrapped(kid) != keys.opened_with(ring.kek, kid, each):
            raise OtherKeys(
                f"Der Schlüssel {kid} liegt schon hier und ist ein anderer als im Schlüsselbund. Überschrieben wird nichts."
            )


def put_in_place(ring: KeyRing) -> None:
    """Write the keys of a key ring where they are missing; the KEK that opens it must be here already."""
    with keys.locked():
        for kid, each in ring.wrapped.items():
            file = keys.wrapped_file(kid)
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            keys.write_once(file, each)
        merged = dict(ring.erased) | ledger.read(
            ledger.file().read_text(encoding="ascii", errors="replace") if ledger.file().exists() else ""
        )
        keys.replace(ledger.file(), ledger.written(merged).encode("ascii"))
        ledger.file().chmod(0o600)
    keys.forget_cached()
    anchor.take(ring.anchors)


def found_beside(backup: Path, keks: Sequence[bytes]) -> KeyRing | None:
    """Return the key ring that lies beside a backup, if one does that these keys open."""
    folder = backup.parent
    own = folder / f"{'-'.join(backup.name.split('-')[:2])}{SUFFIX}"
    for file in [own, *sorted(folder.glob(f"*{SUFFIX}"))]:
        if file.exists() and Reader.fits(file, Kind.KEY_RING, keks):
            return read(file, keks)
    return None
