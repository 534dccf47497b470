"""What apps above or beside bring into the figures: activities (trainings, outreach, rooms, committees).

An app that keeps such records registers how it counts them, once, when it is ready (`AppConfig.ready`). Nothing here knows it.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.models import Site


@dataclass(frozen=True, slots=True)
class Activity:
    """So many things of one kind in a period.

    Args:
        kind: `training`, `room`, `outreach` or `committee`.
        detail: for outreach its kind (`definitions.OUTREACH`), otherwise its title; "" if nobody said.
        site: number of the site, None if nobody said.
        number: how many.
        reached: how many people they reached together, 0 if nobody counted.
    """

    kind: str
    detail: str
    site: int | None
    number: int
    reached: int = 0


Source = Callable[[Period, Site | None], Iterable[Activity]]
_SOURCES: dict[str, Source] = {}


def register(app: str, source: Source) -> None:
    """Say how an app counts its activities; saying it twice changes nothing."""
    _SOURCES[app] = source


def activities(period: Period, site: Site | None) -> list[Activity]:
    """Return what all registered apps count."""
    return [each for app in sorted(_SOURCES) for each in _SOURCES[app](period, site)]
