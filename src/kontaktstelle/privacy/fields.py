"""Sealed text: AES-256-GCM, bound to contact point, table, field and row.

Format of a sealed value, final from the first migration: `0x01 | length of key id | key id | nonce | ciphertext + tag`.
The associated data is `contact point/table/field/row/v1`: a value moved to another row, field or office does not open.
Opening fails closed: there is no clear-text fallback and no empty string instead.
"""

import secrets
from datetime import date
from typing import Any, Self, overload

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.db import models
from django.utils import timezone

from . import keys

VERSION = 1


# Every sealed attribute of every model, as the models are defined (historical ones of migrations have none).
_SEALED: list[tuple[type[models.Model], str]] = []


class SealBroken(Exception):  # noqa: N818 - named for what happened
    """A sealed value does not open: changed, moved to another row, or sealed with another key."""


def seal(text: str, *, contact_point: int, bound_to: str, on: date) -> bytes:
    """Encrypt text with the contact point's data key of that month.

    Args:
        text: what to keep secret; may be empty.
        contact_point: the tenant's number.
        bound_to: `table/field/row`, as made by `SealedText`.
        on: the day whose month chooses the key.
    """
    kid = keys.key_id(contact_point, on)
    nonce = secrets.token_bytes(keys.NONCE_BYTES)
    sealed = AESGCM(keys.data_key(kid, create=True)).encrypt(
        nonce, text.encode(), _bound(contact_point, bound_to)
    )
    name = kid.encode()
    return bytes([VERSION, len(name)]) + name + nonce + sealed


def unseal(value: bytes, *, contact_point: int, bound_to: str) -> str:
    """Decrypt what `seal` made.

    Raises:
        SealBroken: the value was changed or moved, or belongs to another contact point.
        keys.KeyUnavailable: its key was destroyed or is not here.
    """
    value = bytes(value)
    if len(value) < 2 or value[0] != VERSION:  # noqa: PLR2004 - version and length of the key id
        raise SealBroken("Unbekanntes Format eines versiegelten Feldes.")
    end = 2 + value[1]
    try:
        kid = value[2:end].decode("ascii")
    except UnicodeDecodeError as error:
        raise SealBroken("Beschädigte Schlüsselkennung.") from error
    if not kid.startswith(f"cp{contact_point}/"):
        raise SealBroken("Das Feld gehört zu einer anderen Kontaktstelle.")
    nonce, sealed = value[end : end + keys.NONCE_BYTES], value[end + keys.NONCE_BYTES :]
    try:
        return AESGCM(keys.data_key(kid)).decrypt(nonce, sealed, _bound(contact_point, bound_to)).decode()
    except (InvalidTag, ValueError) as error:
        raise SealBroken("Ein versiegeltes Feld lässt sich nicht öffnen.") from error


def _bound(contact_point: int, bound_to: str) -> bytes:
    return f"cp{contact_point}/{bound_to}/v{VERSION}".encode()


class SealedText:
    """A text attribute whose value lies sealed in the binary column `<name>_sealed` beside it.

    The row needs its key and `contact_point_id` before it is given text: confidential rows have UUID keys,
    which exist from the start. `None` means not stated and is stored as NULL.
    """

    def __set_name__(self, owner: type[models.Model], name: str) -> None:
        self.name = name
        self.column = f"{name}_sealed"
        _SEALED.append((owner, name))

    @overload
    def __get__(self, row: None, owner: type[models.Model]) -> Self: ...
    @overload
    def __get__(self, row: models.Model, owner: type[models.Model]) -> str | None: ...
    def __get__(self, row: models.Model | None, owner: type[models.Model]) -> Self | str | None:
        if row is None:
            return self
        value = getattr(row, self.column)
        if value is None:
            return None
        return unseal(value, contact_point=_contact_point_of(row), bound_to=self._bound_to(row))

    def __set__(self, row: models.Model, text: str | None) -> None:
        value = None
        if text is not None:
            value = seal(
                text,
                contact_point=_contact_point_of(row),
                bound_to=self._bound_to(row),
                on=timezone.now().date(),
            )
        setattr(row, self.column, value)

    def _bound_to(self, row: models.Model) -> str:
        return f"{row._meta.label_lower}/{self.name}/{row.pk}"  # noqa: SLF001 - Django's public meta interface


def _contact_point_of(row: Any) -> int:
    if row.contact_point_id is None or row.pk is None:
        raise ValueError(
            "Ein versiegeltes Feld braucht vorher die Kontaktstelle und den Schlüssel seiner Zeile."
        )
    return int(row.contact_point_id)


def sealed_attributes() -> list[tuple[type[models.Model], str]]:
    """Return every model that keeps sealed text, with the attribute's name; the column is `<name>_sealed`."""
    return [(model, name) for owner, name in _SEALED for model in _tables_of(owner)]


def sealed_with(kid: str) -> tuple[bytes, bytes]:
    """Return the bounds of values sealed with the key of this id: at least the first, less than the second."""
    start = bytes([VERSION, len(kid)]) + kid.encode()
    return start, start[:-1] + bytes([start[-1] + 1])


def _tables_of(owner: type[models.Model]) -> list[type[models.Model]]:
    if not owner._meta.abstract:  # noqa: SLF001 - Django's public meta interface
        return [owner]
    return [model for child in owner.__subclasses__() for model in _tables_of(child)]


def sealed_column() -> "models.BinaryField[Any, Any]":
    """Return the column a `SealedText` keeps its value in."""
    return models.BinaryField(null=True, editable=False)
