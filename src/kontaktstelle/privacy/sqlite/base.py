"""Lets transactions that write wait in line for their turn, instead of asking SQLite again and again.

SQLite itself lets a writer that finds the file taken sleep and try again, for longer each time, up to a tenth of a second:
while many write at once some sleep through turn after turn. Here one thread of each process at a time waits for a lock
on a file beside the database, the others behind it; whoever has it begins. The database's own locks stay what keeps the data
right: a transaction begun without a turn (another program, a single statement) is merely not in the line.
"""

import fcntl
import os
import threading
import time
from typing import Any

from django.db.backends.sqlite3 import base
from django.db.utils import OperationalError

POLL_SECONDS = 0.001
# What the name of the file of the line adds to the database's.
LINE_FILE = "-reihe"


class _Line:
    """The line of this process before one file."""

    def __init__(self) -> None:
        self.turn = threading.Lock()
        self.descriptor: int | None = None

    def enter(self, file: str, seconds: float) -> bool:
        """Wait for the turn; False if it did not come in time."""
        until = time.monotonic() + seconds
        if not self.turn.acquire(timeout=seconds):
            return False
        try:
            if self.descriptor is None:
                self.descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            while True:
                try:
                    fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except BlockingIOError:
                    if time.monotonic() >= until:
                        break
                    time.sleep(POLL_SECONDS)
                else:
                    return True
        except BaseException:
            self.turn.release()
            raise
        self.turn.release()
        return False

    def leave(self) -> None:
        """Let the next one begin."""
        if self.descriptor is not None:
            fcntl.flock(self.descriptor, fcntl.LOCK_UN)
        self.turn.release()


_lines: dict[str, _Line] = {}
_known = threading.Lock()


def _forget() -> None:
    """A child shares its parent's descriptors, and a lock on one would be the parent's too: it opens its own."""
    global _lines, _known
    for line in _lines.values():
        if line.descriptor is not None:
            os.close(line.descriptor)
    _lines, _known = {}, threading.Lock()


os.register_at_fork(after_in_child=_forget)


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions take their turn."""

    _line: _Line | None = None

    def _start_transaction_under_autocommit(self) -> None:
        line = self._enter_line()
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]
        except BaseException:
            if line:
                line.leave()
            raise
        self._line = line

    def _commit(self) -> Any:
        try:
            return super()._commit()  # type: ignore[misc]
        finally:
            self._leave_line()

    def _rollback(self) -> Any:
        try:
            return super()._rollback()  # type: ignore[misc]
        finally:
            self._leave_line()

    def _close(self) -> Any:
        try:
            return super()._close()  # type: ignore[misc]
        finally:
            self._leave_line()

    def _enter_line(self) -> _Line | None:
        name = str(self.settings_dict["NAME"])
        if self.is_in_memory_db():
            return None
        with _known:
            line = _lines.setdefault(name, _Line())
        seconds = float(self.settings_dict["OPTIONS"].get("timeout", 5.0))
        if not line.enter(name + LINE_FILE, seconds):
            raise OperationalError("database is locked")
        return line

    def _leave_line(self) -> None:
        if self._line is not None:
            line, self._line = self._line, None
            line.leave()
