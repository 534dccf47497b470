"""The sealed file: compressed, encrypted in chunks, every bit of it checked.

    header   "KONTAKTSTELLE" | version | kind | name of the KEK (5 bytes) | salt (32 bytes)
    HMAC-SHA-256 over the header (32 bytes)
    chunks   AES-256-GCM over 64 KiB of zlib each; nonce = number of the chunk (11 bytes) | 1 for the last one, else 0;
             associated data = the header's HMAC

The keys of HMAC and chunks are derived from KEK and salt by HKDF-SHA-256, so no two files share them. A chunk changed,
left out, doubled or moved does not open; a file cut off lacks its last chunk; nothing may follow that.
"""

import base64
import hmac
import os
import secrets
import zlib
from collections.abc import Iterator, Sequence
from enum import IntEnum
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from kontaktstelle.privacy import keys
from kontaktstelle.refusal import StepRefused

MAGIC = b"KONTAKTSTELLE\x01"
SALT_BYTES, MAC_BYTES, TAG_BYTES = 32, 32, 16
CHUNK = 64 * 1024
HEADER_BYTES = len(MAGIC) + 1 + keys.NAME_BYTES + SALT_BYTES


class Kind(IntEnum):
    """What a sealed file holds."""

    BACKUP = 1
    KEY_RING = 2
    EMERGENCY = 3


_NOT_A = {
    Kind.BACKUP: "keine Sicherung",
    Kind.KEY_RING: "kein Schlüsselbund",
    Kind.EMERGENCY: "keine Notfallmappe",
}


class FileDamaged(StepRefused):
    """A sealed file is not as it was written."""

    sentence = "Die Datei ist beschädigt oder verändert. Es wurde nichts geschrieben."


class NoFittingKey(StepRefused):
    """A sealed file was written with another KEK."""

    sentence = "Diese Schlüssel öffnen die Datei nicht."


class Writer:
    """Writes a sealed file; only `close` makes it whole."""

    def __init__(self, out: BinaryIO, kind: Kind, kek: bytes) -> None:
        self._out, self._number, self._waiting = out, 0, bytearray()
        self._packer = zlib.compressobj(6)
        salt = secrets.token_bytes(SALT_BYTES)
        header = MAGIC + bytes([kind]) + _name(kek) + salt
        self._mac = _mac(kek, header)
        self._cipher = AESGCM(keys.hkdf(kek, b"backup/content", salt))
        out.write(header + self._mac)

    def write(self, content: bytes) -> None:
        """Add content."""
        self._waiting += self._packer.compress(content)
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]

    def close(self) -> None:
        """Write what is left and the last chunk's mark."""
        self._waiting += self._packer.flush()
        while len(self._waiting) > CHUNK:
            self._chunk(bytes(self._waiting[:CHUNK]), last=False)
            del self._waiting[:CHUNK]
        self._chunk(bytes(self._waiting), last=True)

    def _chunk(self, content: bytes, *, last: bool) -> None:
        self._out.write(self._cipher.encrypt(_nonce(self._number, last=last), content, self._mac))
        self._number += 1


class WholeFile:
    """A sealed file that stands in its place only when it is whole; a crash leaves what was there before."""

    def __init__(self, file: Path, kind: Kind, kek: bytes) -> None:
        self.file, self._kind, self._kek = file, kind, kek
        self._draft = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}")

    def __enter__(self) -> Writer:
        descriptor = os.open(self._draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._out = os.fdopen(descriptor, "wb")
        self._writer = Writer(self._out, self._kind, self._kek)
        return self._writer

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            with self._out:
                if kind is None:
                    self._writer.close()
                    self._out.flush()
                    os.fsync(self._out.fileno())
            if kind is None:
                self._draft.replace(self.file)
                keys.settle(self.file.parent)
        finally:
            self._draft.unlink(missing_ok=True)


class Reader:
    """Reads a sealed file; every chunk is checked before its content is given out.

    `done` of `size` bytes are read.
    """

    def __init__(self, file: Path, kind: Kind, keks: Sequence[bytes]) -> None:
        """Check the header.

        Raises:
            FileDamaged: this is no such file, or its header was changed.
            NoFittingKey: none of these KEKs wrote it.
        """
        self.file, self.size, self.done = file, file.stat().st_size, 0
        with file.open("rb") as source:
            head = source.read(HEADER_BYTES + MAC_BYTES)
        header, self._mac = head[:HEADER_BYTES], head[HEADER_BYTES:]
        if len(head) < HEADER_BYTES + MAC_BYTES or not header.startswith(MAGIC[:-1]):
            raise FileDamaged(f"{file.name} ist keine Datei dieser Software oder am Anfang beschädigt.")
        fitting = [kek for kek in keks if hmac.compare_digest(_mac(kek, header), self._mac)]
        if not fitting:
            raise self._why_not(header, keks)
        if header[len(MAGIC)] != kind:
            raise FileDamaged(f"{file.name} ist {_NOT_A[kind]}.")
        self.kek = fitting[0]
        self._cipher = AESGCM(keys.hkdf(self.kek, b"backup/content", header[-SALT_BYTES:]))

    @classmethod
    def fits(cls, file: Path, kind: Kind, keks: Sequence[bytes]) -> bool:
        """Say whether a file is of this kind and one of these KEKs wrote it."""
        try:
            cls(file, kind, keks)
        except (FileDamaged, NoFittingKey):
            return False
        return True

    def content(self) -> Iterator[bytes]:
        """Yield the content.

        Raises:
            FileDamaged: a chunk does not open, the file is cut off, or something follows its end.
        """
        unpacker = zlib.decompressobj()
        for chunk in self._chunks():
            yield unpacker.decompress(chunk)
        yield unpacker.flush()
        if not unpacker.eof or unpacker.unused_data:
            raise FileDamaged

    def lines(self) -> Iterator[bytes]:
        """Yield the content line by line, without the ends of lines."""
        rest = b""
        for content in self.content():
            *whole, rest = (rest + content).split(b"\n")
            yield from whole
        if rest:
            yield rest

    def _chunks(self) -> Iterator[bytes]:
        with self.file.open("rb") as source:
            source.seek(HEADER_BYTES + MAC_BYTES)
            number, sealed = 0, source.read(CHUNK + TAG_BYTES)
            while True:
                following = source.read(CHUNK + TAG_BYTES)
                nonce = _nonce(number, last=not following)
                try:
                    yield self._cipher.decrypt(nonce, sealed, self._mac)
                except (InvalidTag, ValueError) as error:
                    raise FileDamaged from error
                self.done = source.tell()
                if not following:
                    return
                number, sealed = number + 1, following

    def _why_not(self, header: bytes, keks: Sequence[bytes]) -> StepRefused:
        name = header[len(MAGIC) + 1 :][: keys.NAME_BYTES]
        if any(_name(kek) == name for kek in keks) or header[: len(MAGIC)] != MAGIC:
            return FileDamaged()
        own = ", ".join(keys.name_of(kek) for kek in keks)
        return NoFittingKey(
            f"{self.file.name} wurde mit dem Schlüssel {_readable(name)} geschrieben (oder ist beschädigt); hier liegt {own or 'keiner'}."
        )


def _name(kek: bytes) -> bytes:
    return keys.hkdf(kek, b"name")[: keys.NAME_BYTES]


def _readable(name: bytes) -> str:
    text = base64.b32encode(name).decode()
    return f"{text[:4]}-{text[4:]}"


def _mac(kek: bytes, header: bytes) -> bytes:
    return hmac.new(keys.hkdf(kek, b"backup/header", header[-SALT_BYTES:]), header, sha256).digest()


def _nonce(number: int, *, last: bool) -> bytes:
    return number.to_bytes(keys.NONCE_BYTES - 1, "big") + bytes([last])
