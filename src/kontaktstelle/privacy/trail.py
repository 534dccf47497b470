"""Zugriffsprotokoll: one line per step, written in the step's own transaction, chained so that tampering shows.

Each line's `mac` is an HMAC over the line before it and its own content. Triggers refuse UPDATE and DELETE on
both databases. After two years the oldest lines go (`prune`); where a chain begins since then is written down with an HMAC
(`TrailStart`), and only what lies before it can be deleted. Names, words and contents never stand here: the actor is a number, the object an HMAC.
"""

import hashlib
import hmac
import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from . import keys
from .models import TrailEntry, TrailStart

START = "0" * 64
PRUNED_BY = "nightly"


class TrailBrokenError(Exception):
    """Lines that are to go do not hang together: nothing goes until somebody has looked."""


def record(
    actor: str,
    action: str,
    *,
    object_type: str,
    object_id: object,
    at: datetime,
    contact_point: int = 0,
    fields: Iterable[str] = (),
) -> TrailEntry:
    """Write one line. Call it inside the transaction of the step it tells of.

    Args:
        actor: the staff member's key, or a name of a service such as `import`.
        action: verb of the field, e.g. `group.listed`.
        object_type: label of the model.
        object_id: key of the row; only its HMAC is stored.
        at: when, aware.
        contact_point: number of the office, 0 for the installation as a whole.
        fields: names of changed fields, never their contents.
    """
    # No savepoint: a step whose line cannot be written must not go on without it.
    with transaction.atomic(savepoint=False):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(7351, %s)", [contact_point % 2**31])
        lines = TrailEntry.objects.filter(contact_point=contact_point).order_by("-number")
        last = lines.values_list("number", "mac").first()
        entry = TrailEntry(
            contact_point=contact_point,
            number=last[0] + 1 if last else 1,
            at=at.astimezone(UTC),
            actor=actor,
            action=action,
            object_type=object_type,
            object_mac=object_mac(object_type, object_id),
            fields=" ".join(sorted(fields))[:300],
            previous_mac=last[1] if last else START,
        )
        entry.mac = _mac(entry)
        entry.save(force_insert=True)
    return entry


def object_mac(object_type: str, object_id: object) -> str:
    """Return how the trail names a row: the same row always gives the same value, which does not lead back to it."""
    return hmac.new(
        keys.purpose_key("audit"), f"{object_type}/{object_id}".encode(), hashlib.sha256
    ).hexdigest()


def broken_at(contact_point: int) -> int | None:
    """Return the number of the first line that was changed, moved or is missing; None if the chain holds.

    A tail cut off cannot be seen from here: `anchor` finds it.
    """
    gone, previous, is_sound = _start(contact_point)
    if not is_sound:
        return gone + 1
    expected = gone + 1
    for entry in TrailEntry.objects.filter(contact_point=contact_point).order_by("number").iterator():
        if not _follows(entry, expected, previous):
            return expected
        previous, expected = entry.mac, expected + 1
    return None


def gone_before(contact_point: int) -> int:
    """Return the number of the last line that went when its period was over; 0 if none did."""
    return _start(contact_point)[0]


def prune(rows: Sequence[TrailEntry], *, at: datetime) -> None:
    """Let the oldest lines of chains go, and write down where each begins now. An act of the register of periods.

    Args:
        rows: of each chain its first lines, not its last one.
        at: now.

    Raises:
        TrailBrokenError: they are not the first, or somebody changed them.
    """
    for contact_point, lines in groupby(sorted(rows, key=_place), key=lambda line: line.contact_point):
        number, previous, is_sound = _start(contact_point)
        for line in lines:
            if not is_sound or not _follows(line, number + 1, previous):
                raise TrailBrokenError
            number, previous = line.number, line.mac
        TrailStart.objects.update_or_create(
            contact_point=contact_point,
            defaults={
                "number": number,
                "last_mac": previous,
                "mac": _start_mac(contact_point, number, previous),
            },
        )
        TrailEntry.objects.filter(contact_point=contact_point, number__lte=number).delete()
        record(
            PRUNED_BY, "trail.pruned", object_type="privacy.trailentry", object_id=f"{contact_point}/{number}", at=at, contact_point=contact_point
        )  # fmt: skip


def length(contact_point: int) -> int:
    """Return the number of the last line; 0 if there is none."""
    last = TrailEntry.objects.filter(contact_point=contact_point).order_by("-number").first()
    return last.number if last else 0


def _place(entry: TrailEntry) -> tuple[int, int]:
    return entry.contact_point, entry.number


def _start(contact_point: int) -> tuple[int, str, bool]:
    """Return number and HMAC of the last line that is gone, and whether that is as it was written."""
    start = TrailStart.objects.filter(contact_point=contact_point).first()
    if start is None:
        return 0, START, True
    is_sound = hmac.compare_digest(start.mac, _start_mac(contact_point, start.number, start.last_mac))
    return start.number, start.last_mac, is_sound


def _follows(entry: TrailEntry, expected: int, previous: str) -> bool:
    return (
        entry.number == expected
        and entry.previous_mac == previous
        and hmac.compare_digest(entry.mac, _mac(entry))
    )


def _start_mac(contact_point: int, number: int, last_mac: str) -> str:
    content = json.dumps(["start", contact_point, number, last_mac]).encode()
    return hmac.new(keys.purpose_key("audit"), content, hashlib.sha256).hexdigest()


def _mac(entry: TrailEntry) -> str:
    content: list[Any] = [
        entry.contact_point, entry.number, entry.at.astimezone(UTC).isoformat(), entry.actor, entry.action,
        entry.object_type, entry.object_mac, entry.fields, entry.previous_mac,
    ]  # fmt: skip
    return hmac.new(keys.purpose_key("audit"), json.dumps(content).encode(), hashlib.sha256).hexdigest()
