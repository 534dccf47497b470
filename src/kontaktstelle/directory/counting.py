"""That somebody searched, told to whoever counts: what was understood and found, never a word, a time or a person.

`directory` counts nothing. The composition root says once who does (`told_to`); without it nobody is told.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Searched:
    """One search as it may be counted.

    Attributes:
        on: the day, of which only the quarter is kept.
        topics: understood, the best ones; none if nothing was understood for sure.
        kreis_key: of the place, "" without one.
        found_nearby: whether a group was found within the radius.
        office: the slug of the office the page stands under, "" for the installation's own.
    """

    on: date
    topics: tuple[str, ...]
    kreis_key: str
    found_nearby: bool
    office: str


_Listener = Callable[[HttpRequest, Searched], None]
_listener: list[_Listener] = []


def told_to(listener: _Listener | None) -> None:
    """Say who counts searches; None for nobody. It must cost no time and raise nothing: a person waits for the page."""
    _listener[:] = [listener] if listener else []


def tell(request: HttpRequest, searched: Searched) -> None:
    """Tell that somebody searched."""
    for listener in _listener:
        listener(request, searched)
