"""What is left of an entry when its person goes: a count. Act of the register of periods."""

from collections.abc import Sequence
from datetime import datetime

from .log import traced
from .models import SupportEntry


def forget(rows: Sequence[SupportEntry], *, at: datetime) -> None:
    """Take note, day, who came and who was responsible out of entries; month, kind, site, length and group stay."""
    for row in rows:
        row.day = row.next_on = row.next_by = row.note_sealed = None
        row.who = SupportEntry.Who.UNKNOWN
        row.de_identified = True
        row.version += 1
        row.save()
        traced("nightly", "support.de-identified", row, at=at)
