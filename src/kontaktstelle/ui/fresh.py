"""What pages keep in memory for some seconds, out of date in all processes of this installation at once.

A step may be taken in another process than the one that answers: at the console, at night, by another worker. It says
`changed`; whoever keeps something notes the `version` before reading and reads anew once that is another.
"""

from contextlib import suppress
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import transaction

NAME = "pages-changed"


def version() -> int:
    """Return a number that is another one after every change; costs a look at one file, no query."""
    try:
        return _in(settings.DATA_DIR).stat().st_size
    except OSError:
        return 0  # nothing has changed since the installation was set up


def changed() -> None:
    """Say that what pages show has changed; counts once the transaction of the step is through, never before."""
    transaction.on_commit(_count)


def _count() -> None:
    # The step is taken already; without the file pages follow within the minute, as their memory runs out.
    with suppress(OSError), _in(settings.DATA_DIR).open("ab") as file:
        file.write(b".")  # a letter for every change: two at the same moment make two


@lru_cache(maxsize=4)
def _in(folder: Path) -> Path:
    return folder / NAME  # put together once: a page asks several times
