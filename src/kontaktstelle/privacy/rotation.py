"""Replace the key-encryption key, seal a month anew, count what a month's key still opens, destroy a month's key.

A rotation wraps every key anew and leaves sealed fields as they are. It can be stopped anywhere and run again: while it
lasts, the new KEK lies beside the old one and both open.
"""

import os
import secrets
from calendar import monthrange
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone

from kontaktstelle.refusal import StepRefused

from . import fields, keys, trail
from .tenancy import across_offices

# Work begun in a month may still be sealing in it when the month is over.
REST = timedelta(days=2)
OBJECT = "privacy.key"
BATCH = 200


class KeyInUse(StepRefused):
    """A month's key still opens something, or will."""

    sentence = "Dieser Schlüssel wird noch gebraucht."


class NoSuchKey(StepRefused):
    """There is no key of that id."""

    sentence = "Diesen Schlüssel gibt es nicht. „kontaktstelle keys list“ nennt alle."


def begin() -> bytes:
    """Return the new KEK: made now, or begun earlier and not yet in place. Print it before `finish`."""
    keys.kek()
    keys.write_once(keys.next_kek_file(), secrets.token_bytes(keys.KEY_BYTES))
    return keys.next_kek_file().read_bytes()


def finish(*, by: str, at: datetime, progress: Callable[[int, int], None] | None = None) -> int:
    """Wrap every key with the KEK that `begin` made and put it in the old one's place.

    Returns:
        How many keys are wrapped with it.

    Raises:
        keys.KeyUnavailable: one of them opens with neither KEK; nothing is lost, the old KEK stays in place.
    """
    with keys.locked():
        old, new = keys.kek(), keys.next_kek_file().read_bytes()
        if not keys.wrapped_file(keys.INSTALLATION).exists():
            # Until now the purposes' keys came from the KEK itself; they must not change with it.
            keys.replace(keys.wrapped_file(keys.INSTALLATION), keys.wrap(keys.INSTALLATION, old, new))
        ids = keys.wrapped_ids()
        for done, kid in enumerate(ids, start=1):
            file = keys.wrapped_file(kid)
            if keys.opened_with(new, kid, file.read_bytes()) is None:
                keys.replace(file, keys.wrap(kid, keys.unwrapped(kid), new))
            if progress:
                progress(done, len(ids))
        keys.next_kek_file().replace(keys.kek_file())
    keys.forget_cached()
    trail.record(by, "keys.rotated", object_type=OBJECT, object_id=keys.name_of(new), at=at)
    return len(ids)


@across_offices()
def months() -> dict[str, int]:
    """Return the ids of all months' keys, with how many sealed values each still opens."""
    return {kid: values_sealed_with(kid) for kid in keys.wrapped_ids(but=keys.INSTALLATION)}


@across_offices()
def values_sealed_with(kid: str) -> int:
    """Count the sealed values of the whole installation that open with this key."""
    return sum(
        model._base_manager.filter(_sealed_with(name, kid)).count()  # noqa: SLF001 - of every office
        for model, name in fields.sealed_attributes()
    )


@across_offices()
def renew(kid: str, *, by: str, at: datetime, progress: Callable[[int, int], None] | None = None) -> int:
    """Seal what a month's key still opens anew with the key of today's month; both open meanwhile.

    For what is kept for long, e.g. contact persons of groups, so that old months can be destroyed. Batch by batch, each
    in a transaction of its own: stopped anywhere it goes on the next time.

    Returns:
        How many values.

    Raises:
        NoSuchKey: there is none of this id.
        KeyInUse: it is the key of this month.
    """
    if kid not in keys.wrapped_ids(but=keys.INSTALLATION):
        raise NoSuchKey
    point = int(kid.split("/", maxsplit=1)[0].removeprefix("cp"))
    # Fields are sealed by the clock, not by `at`: with its own month's key this would never end.
    if kid in {keys.key_id(point, at.date()), keys.key_id(point, timezone.now().date())}:
        raise KeyInUse(f"{kid} ist der Schlüssel dieses Monats; damit wird gerade versiegelt.")
    total, done = values_sealed_with(kid), 0
    for model, name in fields.sealed_attributes():
        while count := _renewed(model, name, kid):
            done += count
            if progress:
                progress(done, max(total, done))
    trail.record(by, "keys.renewed", object_type=OBJECT, object_id=kid, at=at, contact_point=point)
    return done


@transaction.atomic
def _renewed(model: type[Model], name: str, kid: str) -> int:
    column = f"{name}_sealed"
    everything = model._base_manager  # noqa: SLF001 - a key serves its office whoever is being acted for
    rows = list(
        everything.filter(_sealed_with(name, kid)).select_for_update(of=("self",)).order_by("pk")[:BATCH]
    )
    for row in rows:
        setattr(row, name, getattr(row, name))
        everything.filter(pk=row.pk).update(**{column: getattr(row, column)})
    return len(rows)


def _sealed_with(name: str, kid: str) -> Q:
    low, high = fields.sealed_with(kid)
    return Q((f"{name}_sealed__gte", low), (f"{name}_sealed__lt", high))


@across_offices()
def destroy(kid: str, *, by: str, at: datetime) -> None:
    """Destroy a month's key: what was sealed with it is lost in every copy, however old.

    Copies of the key ring keep it until they are written anew or deleted.

    Raises:
        NoSuchKey: there is none of this id.
        KeyInUse: it still opens something, or its month is not over.
    """
    if kid not in keys.wrapped_ids(but=keys.INSTALLATION):
        raise NoSuchKey
    point, month = int(kid.split("/", maxsplit=1)[0].removeprefix("cp")), kid.split("/")[1]
    if at < _end_of(month) + REST:
        raise KeyInUse(
            f"Der Monat {month} ist noch nicht vorbei; mit dem Schlüssel {kid} wird noch versiegelt."
        )
    if count := values_sealed_with(kid):
        raise KeyInUse(
            f"Mit dem Schlüssel {kid} sind noch {count} Angaben versiegelt. Vernichtet wird er erst, wenn es keine mehr gibt."
        )
    with transaction.atomic():
        trail.record(by, "keys.destroyed", object_type=OBJECT, object_id=kid, at=at, contact_point=point)
    # Only what stands in the trail is destroyed; stopped in between, the step can be taken again.
    with keys.locked():
        _shred(keys.wrapped_file(kid))
    keys.forget_cached()


def _end_of(month: str) -> datetime:
    first = date.fromisoformat(f"{month}-01")
    last = first.replace(day=monthrange(first.year, first.month)[1])
    return datetime(last.year, last.month, last.day, tzinfo=UTC) + timedelta(days=1)


def _shred(file: Path) -> None:
    file.chmod(0o600)
    with file.open("r+b") as out:
        out.write(secrets.token_bytes(file.stat().st_size))
        out.flush()
        os.fsync(out.fileno())
    file.unlink()
