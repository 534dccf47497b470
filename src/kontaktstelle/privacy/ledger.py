"""Löschverzeichnis: what was erased stays erased, even when an older backup is restored.

An entry is the HMAC of a row's table and key with the day, nothing else. It is written in the transaction that erases, and
after it to a file beside the keys, outside the database and its backups; `sync` repairs the file after a crash between
the two. Entries are kept as long as there may be a backup from before (`KEPT_DAYS`).
"""

import hashlib
import hmac
import logging
import os
import re
from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

from django.conf import settings
from django.db import models, transaction
from django.utils import timezone

from . import keys
from .models import LedgerEntry

OLDEST_BACKUP_DAYS = 35
KEPT_DAYS = OLDEST_BACKUP_DAYS + 10
_LINE = re.compile(r"(\d{4}-\d{2}-\d{2}) ([0-9a-f]{64})")

logger = logging.getLogger("kontaktstelle.privacy")


def file() -> Path:
    """Return where the ledger lies outside the database."""
    return Path(settings.KEYS_DIR) / "ledger"


def mac(label: str, key: object) -> str:
    """Return how the ledger names a row of a table, e.g. of `relay.party`."""
    return hmac.new(keys.purpose_key("ledger"), f"{label}/{key}".encode(), hashlib.sha256).hexdigest()


def label_of(model: type[models.Model], *, stays: bool = False) -> str:
    """Return under which label rows are noted: rows that are gone, or rows that stay without their person."""
    label = model._meta.label_lower  # noqa: SLF001 - Django's public meta interface
    return f"{label}/stays" if stays else label


def record(model: type[models.Model], numbers: Iterable[object], *, on: date, stays: bool = False) -> None:
    """Note that rows are erased or lose their person. Call it inside the transaction that does it.

    Rows whose rule is in the register (`retention`) are noted by themselves when they are deleted; a step that takes
    the person out of a row that stays calls this with `stays`.
    """
    label = label_of(model, stays=stays)
    found = {mac(label, number): on for number in numbers}
    LedgerEntry.objects.bulk_create(
        [LedgerEntry(mac=each, erased_on=on) for each in found], ignore_conflicts=True, batch_size=500
    )
    transaction.on_commit(partial(_append, found), robust=True)


def entries() -> dict[str, date]:
    """Return everything that is known to be erased: the file's and the database's."""
    return read(_text()) | dict(LedgerEntry.objects.values_list("mac", "erased_on"))


def read(text: str) -> dict[str, date]:
    """Return the entries of a ledger's text; half a line that a crash left is passed over."""
    return {
        match[2]: date.fromisoformat(match[1])
        for line in text.splitlines()
        if (match := _LINE.fullmatch(line))
    }


def written(found: Mapping[str, date]) -> str:
    """Return entries as text, oldest first."""
    return "".join(
        f"{on} {each}\n" for each, on in sorted(found.items(), key=lambda pair: (pair[1], pair[0]))
    )


def sync(*, at: datetime, also: Mapping[str, date] | None = None) -> int:
    """Write the file anew from what it, the database and `also` know, without what is older than any backup.

    Returns:
        How many entries it holds.
    """
    oldest = timezone.localdate(at) - timedelta(days=KEPT_DAYS)
    with keys.locked():
        known = {each: on for each, on in (entries() | dict(also or {})).items() if on > oldest}
        if read(_text()) != known:
            keys.replace(file(), written(known).encode("ascii"))
            file().chmod(0o600)
    return len(known)


def _append(found: Mapping[str, date]) -> None:
    try:
        with keys.locked(shared=True):
            descriptor = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as out:
                out.write(written(found))
    except OSError:
        # The database has it; the nightly `sync` writes it down.
        logger.warning("ledger file not written")


def _text() -> str:
    try:
        return file().read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""
