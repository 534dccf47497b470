"""Rows of one file that mean the same group: said twice, said differently, or entered under two names.

Only marks of a row are kept, not the row: what a list of fifty thousand rows says would otherwise stand in memory until
the last of them is read.
"""

import struct
from dataclasses import dataclass
from typing import Any

from .fields import heading_of
from .wanted import Wanted

_HEAD = struct.Struct("<IIq")
_ONE = 2
MOST_HEADINGS = 5


@dataclass(frozen=True, slots=True)
class Double:
    """An earlier row meant the same group: its line, whether it said the same, and which headings say something else."""

    line: int
    is_plain: bool
    headings: tuple[str, ...] = ()


class RowsMet:
    """The rows of a file read so far. Ask before a row is planned: planning adds to its values."""

    def __init__(self) -> None:
        # Of each row: its line, which set of fields it has, a mark of all it says, a short mark of each value.
        self._first: dict[str, bytes] = {}
        self._sets: dict[tuple[str, ...], int] = {}
        self._alike: dict[int, int] = {}

    def double_of(self, wanted: Wanted) -> Double | None:
        """Return the earlier row that means the same group, or None; the row is remembered if it is the first."""
        marks = self._marks(wanted)
        before = self._first.setdefault(_identity(wanted), marks)
        if before is marks:
            return None
        line, _, all_said = _HEAD.unpack_from(before)
        if all_said == _HEAD.unpack_from(marks)[2]:
            return Double(line, is_plain=True)
        was, now = self._values(before), self._values(marks)
        others = [heading_of(field) for field, mark in now.items() if mark != was.get(field, _NOTHING)]
        return Double(line, is_plain=False, headings=tuple(dict.fromkeys(others[:MOST_HEADINGS])))

    def twin_of(self, wanted: Wanted) -> int | None:
        """Return the line of an earlier row in the same town, at the same time, on the same topic, or None."""
        values = wanted.values
        if not (values.get("meeting_text") and values.get("town") and values.get("topics")):
            return None
        told = _mark((values["town"], values["meeting_text"], values["topics"][0]))
        line = self._alike.setdefault(told, wanted.line)
        return None if line == wanted.line else line

    def _marks(self, wanted: Wanted) -> bytes:
        fields = self._sets.setdefault(tuple(wanted.values), len(self._sets))
        values = b"".join(_short(value) for value in wanted.values.values())
        return _HEAD.pack(wanted.line, fields, _mark(wanted.says())) + values

    def _values(self, marks: bytes) -> dict[str, bytes]:
        fields = list(self._sets)[_HEAD.unpack_from(marks)[1]]
        start = _HEAD.size
        return {
            field: marks[start + place * _ONE : start + (place + 1) * _ONE]
            for place, field in enumerate(fields)
        }


def _identity(wanted: Wanted) -> str:
    if wanted.key:
        return f"key {wanted.key}"
    # A row without a name is refused as such; it is nobody's double.
    return f"name {wanted.name_key}" if wanted.values.get("name") else f"line {wanted.line}"


def _mark(value: Any) -> int:
    return hash(repr(value))


def _short(value: Any) -> bytes:
    """Return a mark that only chooses which headings a refusal names."""
    return (_mark(value) & 0xFFFF).to_bytes(_ONE, "little")


_NOTHING = _short(None)
