"""Taking back: a step on an office's own records keeps what stood there before, and the office can go back to it.

One line per change, with both sides of it: a change is only taken back while nothing else happened to the same fields.
Nothing personal stands in these records; they are what an office says of itself and of others it knows.
"""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from kontaktstelle.refusal import StepRefused

from .models import Earlier, Staff
from .tenancy import current


class ChangedMeanwhile(StepRefused):
    """Somebody else changed the record since the page was opened, or since the change that is to be taken back."""

    sentence = "Das hat inzwischen jemand anderes geändert. Ihre Eingabe ist noch da; bitte vergleichen Sie."


class NothingToTakeBack(StepRefused):
    """There is no change left, or it was taken back already."""

    sentence = "Hier gibt es nichts mehr zurückzunehmen."


def keep(
    kind: str,
    object_id: object,
    was: Mapping[str, Any],
    became: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
) -> Earlier | None:
    """Remember a change in the step's own transaction; one that changes nothing is none.

    Args:
        kind: what was changed, e.g. `office`.
        object_id: its key.
        was: the fields as they stood, as JSON takes them.
        became: the same fields as they stand now.
        by: who.
        at: when.
    """
    changed = [name for name in became if was.get(name) != became[name]]
    if not changed:
        return None
    row: Earlier = Earlier.objects.create(
        contact_point_id=current(), kind=kind, object_id=str(object_id), changed_at=at, changed_by=by,
        was={name: was.get(name) for name in changed}, became={name: became[name] for name in changed},
    )  # fmt: skip
    return row


def last(kind: str, object_id: object) -> Earlier | None:
    """Return the last change of a record that still stands, None if there is none."""
    found = Earlier.objects.filter(kind=kind, object_id=str(object_id), taken_back_at__isnull=True)
    row: Earlier | None = found.order_by("-pk").first()
    return row


def take(kind: str, object_id: object, now: Mapping[str, Any], *, at: datetime) -> dict[str, Any]:
    """Mark the last change as taken back and return what stood there before it.

    Args:
        kind: as it was kept.
        object_id: its key.
        now: the record as it stands.
        at: when.

    Raises:
        NothingToTakeBack: there is no change.
        ChangedMeanwhile: the record no longer says what the change made of it.
    """
    row = last(kind, object_id)
    if row is None or not Earlier.objects.filter(pk=row.pk, taken_back_at__isnull=True).update(
        taken_back_at=at
    ):
        raise NothingToTakeBack
    if any(now.get(name) != value for name, value in row.became.items()):
        raise ChangedMeanwhile
    was: dict[str, Any] = row.was
    return was


def fingerprint(said: Mapping[str, Any]) -> str:
    """Return a short mark of what a page shows, by which a step knows whether it still stands there."""
    return hashlib.sha256(json.dumps(said, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:16]


def check_unchanged(seen: str, said: Mapping[str, Any]) -> None:
    """Refuse a step that was begun on a page that is out of date.

    Args:
        seen: the mark the page carried; "" where it carried none.
        said: the record as it stands.

    Raises:
        ChangedMeanwhile: it says something else now.
    """
    if seen and seen != fingerprint(said):
        raise ChangedMeanwhile
