"""Foundings that look for people, as "Neu und im Aufbau" shows them beside groups.

`directory` knows no founding. The composition root says once where they come from (`come_from`), as it says where offices
come from; what arrives here is public already.
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol


class Calling(Protocol):
    """A call for people: approved words, and the secret part of the address by which one comes along."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def text(self) -> str:
        """The approved text."""

    @property
    def topics(self) -> tuple[str, ...]:
        """Names of its topics."""

    @property
    def kreis_key(self) -> str:
        """Where, "" for anywhere."""

    @property
    def office(self) -> str:
        """Who accompanies it."""

    @property
    def token(self) -> str:
        """The secret part of the address."""


_Source = Callable[[datetime], Sequence[Calling]]
_source: list[_Source] = []


def come_from(source: _Source) -> None:
    """Say where foundings that look for people come from; without it there are none."""
    _source[:] = [source]


def there(at: datetime) -> Sequence[Calling]:
    """Return the foundings that look for people at a moment."""
    return _source[0](at) if _source else ()
