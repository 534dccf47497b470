"""The texts of the papers: plain files that whoever looks after data protection can read and change.

A line is a paragraph; `= ` begins a part, `# ` a heading, `- ` a point, `> ` something to decide, `____ ` something to
fill in by hand. `$name` is a value, `[[name]]` alone on a line a table. An unknown value or table is an error at once.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from string import Template

FOLDER = Path(__file__).parent / "texts"
_TABLE = re.compile(r"\[\[([a-z-]+)\]\]")
_MARKS = {"# ": "heading", "> ": "decide", "____ ": "blank"}


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its column heads and its rows of text."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A piece of a part: `kind` is paragraph, heading, points, decide, blank or table."""

    kind: str
    text: str = ""
    points: list[str] = field(default_factory=list)
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """One paper of the folder."""

    title: str
    blocks: tuple[Block, ...]


def parts(values: Mapping[str, str], tables: Mapping[str, Table]) -> tuple[Part, ...]:
    """Return every paper in its order, with values and tables filled in.

    Raises:
        KeyError: a text names a value or table that nobody gives.
    """
    return tuple(
        read(file.read_text(encoding="utf-8"), values, tables) for file in sorted(FOLDER.glob("*.txt"))
    )


def read(text: str, values: Mapping[str, str], tables: Mapping[str, Table]) -> Part:
    """Return one paper from its text. Values are filled in line by line, so that none can make a heading or a table."""
    title, blocks = "", list[Block]()
    for line in text.splitlines():
        if named := _TABLE.fullmatch(line):
            blocks.append(Block("table", table=tables[named[1]]))
        elif line.startswith("= "):
            title = _filled(line[2:], values)
        elif line.startswith("- "):
            if not blocks or blocks[-1].kind != "points":
                blocks.append(Block("points"))
            blocks[-1].points.append(_filled(line[2:], values))
        elif mark := next((mark for mark in _MARKS if line.startswith(mark)), None):
            blocks.append(Block(_MARKS[mark], _filled(line[len(mark) :], values)))
        elif line.strip():
            blocks.append(Block("paragraph", _filled(line, values)))
    return Part(title, tuple(blocks))


def _filled(line: str, values: Mapping[str, str]) -> str:
    return Template(line).substitute(values)
