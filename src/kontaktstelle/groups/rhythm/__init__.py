"""Rhythm: when a group meets, read from the words people write, and turned into dates.

Promise: `read` makes a `Rhythm` of a text or says that it is not understood; `upcoming` gives the next dates,
`wording` the German sentence of a reading, `from_json` the way back from `Rhythm.as_json`, `measure` counts how
many lines of a file are read as expected. Hides: the grammar, spelling mistakes, school holidays, clock changes.

Never promised: to understand everything. A text in doubt stays a text; a wrong date is the one thing nobody
forgives. Reference: docs/reference/rhythm.md.
"""

from .ahead import upcoming
from .measuring import Report, measure
from .reading import read
from .shape import EXCEPTIONS, Rhythm, all_day, from_json, notation
from .wording import wording

__all__ = [
    "EXCEPTIONS",
    "Report",
    "Rhythm",
    "all_day",
    "from_json",
    "measure",
    "notation",
    "read",
    "upcoming",
    "wording",
]
