"""What commands share in printing: JSON on one line, progress that only a terminal sees."""

import json
import sys
from typing import Any


def as_json(value: Any) -> None:
    """Print one JSON value on one line; what is no character of any text (a broken byte of a call) becomes "?"."""
    sys.stdout.write(_printable(json.dumps(value, ensure_ascii=False)) + "\n")
    sys.stdout.flush()


def line(text: str = "") -> None:
    """Print one line."""
    sys.stdout.write(_printable(text) + "\n")


def _printable(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


class Progress:
    """A line that counts up on a terminal and stays silent elsewhere."""

    def __init__(self, what: str) -> None:
        self.what = what
        self.shown = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Show how far the work is."""
        if self.shown:
            sys.stderr.write(
                f"\r{self.what}: {done:,} von {total:,}".replace(",", ".") + ("\n" if done >= total else "")
            )
            sys.stderr.flush()
