"""Whose rows this thread may see just now: one contact point's, everybody's, or nobody's.

It stands by itself, without Django, because the connection to the database reads it too (`privacy.postgresql`). Apps
enter a scope through `privacy.tenancy` only.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# What PostgreSQL's policies are told (`privacy.row_security`); a number is the contact point of that number.
SETTING, EVERYWHERE, NOWHERE = "kontaktstelle.office", "everywhere", ""

_acting_for: ContextVar[int | None] = ContextVar("acting_for", default=None)
_everywhere: ContextVar[bool] = ContextVar("everywhere", default=False)


@contextmanager
def of_office(number: int) -> Iterator[None]:
    """Open the rows of the contact point with this number for the block, and of no other."""
    office, everywhere = _acting_for.set(number), _everywhere.set(False)
    try:
        yield
    finally:
        _everywhere.reset(everywhere)
        _acting_for.reset(office)


@contextmanager
def of_all_offices() -> Iterator[None]:
    """Open the rows of all contact points for the block. Who is acted for stays as it is."""
    token = _everywhere.set(True)
    try:
        yield
    finally:
        _everywhere.reset(token)


def office() -> int | None:
    """Return the number of the contact point acted for, None outside."""
    return _acting_for.get()


def told() -> str:
    """Return the scope as the database is told it."""
    if _everywhere.get():
        return EVERYWHERE
    number = _acting_for.get()
    return NOWHERE if number is None else str(number)
