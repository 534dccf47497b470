"""Anker des Zugriffsprotokolls: once a day the last line of every chain is written down outside the database.

A chain shows every change in its middle, but not a tail cut off. The anchor does: a file beside the keys that only grows.
Each of its lines names an office, its last line and that line's HMAC, and is itself chained to the line before by an HMAC:

    2026-03-10 anchored 5 312 <mac of line 312> <mac of this line>

A restored backup may end earlier than the last anchor; `restored` writes that down, and what was anchored beyond counts no
more. The key ring carries a copy. What was written since the last night is not anchored yet.
"""

import hashlib
import hmac
import logging
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.db.models import Max
from django.utils import timezone

from . import keys, trail
from .models import TrailEntry

logger = logging.getLogger("kontaktstelle.privacy")
_LINE = re.compile(r"(\d{4}-\d\d-\d\d) (anchored|restored) (\d+) (\d+) ([0-9a-f]{64}) ([0-9a-f]{64})")


class What(StrEnum):
    """What is wrong with a trail, or happened to it."""

    CHANGED = "changed"
    CUT = "cut"
    ANCHOR_CHANGED = "anchor-changed"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something is wrong: with which office's trail (0: the installation's), from which line on."""

    contact_point: int
    number: int
    what: What


@dataclass(frozen=True, slots=True)
class _Anchor:
    kind: str
    contact_point: int
    number: int
    mac: str


def file() -> Path:
    """Return where the anchors lie."""
    return Path(settings.KEYS_DIR) / "trail.anchor"


def text() -> str:
    """Return all anchors as they are written, "" if there are none yet."""
    try:
        return file().read_text(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return ""


def write(*, at: datetime, restored: bool = False) -> int:
    """Anchor the last line of every chain that has grown since.

    Args:
        at: now.
        restored: the chains come from a backup and may be shorter than what was anchored.

    Returns:
        How many lines were written.
    """
    heads = dict(
        TrailEntry.objects.values_list("contact_point").annotate(Max("number")).order_by("contact_point")
    )
    kind = "restored" if restored else "anchored"
    with keys.locked():
        before = text()
        anchors, is_whole = _read(before)
        last = {each.contact_point: each.number for each in anchors}
        if not is_whole:
            # Nothing that follows a changed line could be believed; `check` says so until somebody looks.
            logger.error("anchors of the trail were changed")
            return 0
        previous, lines = _last_mac(before), []
        for contact_point, number in heads.items():
            if not restored and last.get(contact_point, 0) >= number:
                continue  # nothing new; a chain that became shorter is found by `check`
            mac = TrailEntry.objects.get(contact_point=contact_point, number=number).mac
            said = f"{timezone.localdate(at)} {kind} {contact_point} {number} {mac}"
            previous = _mac(said, previous)
            lines.append(f"{said} {previous}\n")
        if lines:
            _append("".join(lines), starts_anew=bool(before) and not before.endswith("\n"))
    return len(lines)


def take(found: str) -> None:
    """Take the anchors of a key ring where there are none yet; those beside the keys are newer."""
    with keys.locked():
        if found and not text():
            _append(found)


def check(*, up_to: dict[int, int] | None = None) -> list[Finding]:
    """Compare every chain with itself and with its anchors.

    Args:
        up_to: of which office only anchors up to which line count: a backup that is being restored ends there.

    Returns:
        What is wrong; nothing if all is as it was written.
    """
    anchors, is_whole = _read(text())
    found = [] if is_whole else [Finding(0, 0, What.ANCHOR_CHANGED)]
    known = set(TrailEntry.objects.values_list("contact_point", flat=True).distinct())
    for contact_point in sorted(known | {each.contact_point for each in anchors}):
        broken = trail.broken_at(contact_point)
        if broken is not None:
            found.append(Finding(contact_point, broken, What.CHANGED))
            continue
        wanted = _standing(each for each in anchors if each.contact_point == contact_point)
        # What went when its period was over is vouched for by where the chain begins now, which `broken_at` has checked.
        gone = trail.gone_before(contact_point)
        wanted = {number: mac for number, mac in wanted.items() if number > gone}
        if up_to is not None:
            end = up_to.get(contact_point, 0)
            wanted = {number: mac for number, mac in wanted.items() if number <= end}
        rows = TrailEntry.objects.filter(contact_point=contact_point, number__in=wanted)
        macs = dict(rows.values_list("number", "mac"))
        wrong = [number for number, mac in wanted.items() if macs.get(number) != mac]
        if wrong:
            first = min(wrong)
            length = trail.length(contact_point)
            is_cut = first > length
            found.append(
                Finding(contact_point, length + 1 if is_cut else first, What.CUT if is_cut else What.CHANGED)
            )
    return found


def restorations() -> list[tuple[str, int, int]]:
    """Return when chains came back from a backup: the day, the office, the line they ended with."""
    return [(match[1], int(match[3]), int(match[4])) for match in _matches(text()) if match[2] == "restored"]


def _standing(anchors: Iterable[_Anchor]) -> dict[int, str]:
    """Return the anchors of one office that count: what a restored backup did not have counts no more."""
    standing: dict[int, str] = {}
    for each in anchors:
        if each.kind == "restored":
            standing = {number: mac for number, mac in standing.items() if number < each.number}
        standing[each.number] = each.mac
    return standing


def _read(written: str) -> tuple[list[_Anchor], bool]:
    """Return the anchors up to the first line that is not as it was written, and whether there is none such.

    Half a last line, left by a crash, is passed over.
    """
    lines = written.splitlines()
    if written and not written.endswith("\n"):
        lines.pop()
    anchors: list[_Anchor] = []
    previous = trail.START
    for line in lines:
        match = _LINE.fullmatch(line)
        if match is None or not hmac.compare_digest(_mac(line.rpartition(" ")[0], previous), match[6]):
            return anchors, False
        anchors.append(_Anchor(match[2], int(match[3]), int(match[4]), match[5]))
        previous = match[6]
    return anchors, True


def _matches(written: str) -> list[re.Match[str]]:
    return [match for line in written.splitlines() if (match := _LINE.fullmatch(line))]


def _last_mac(written: str) -> str:
    found = _matches(written)
    return found[-1][6] if found else trail.START


def _append(lines: str, *, starts_anew: bool = False) -> None:
    if starts_anew:
        # Half a line that a crash left goes first: what follows it could not be read.
        whole = text()
        keys.replace(file(), whole[: whole.rfind("\n") + 1].encode("ascii"))
        file().chmod(0o600)
    descriptor = os.open(file(), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as out:
        out.write(lines)
        out.flush()
        os.fsync(out.fileno())


def _mac(said: str, previous: str) -> str:
    return hmac.new(keys.purpose_key("anchor"), f"{previous} {said}".encode(), hashlib.sha256).hexdigest()
