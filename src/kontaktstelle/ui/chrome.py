"""What every page shows around its content: the office at its head, kept in memory for some seconds.

`ui` knows no office. The composition root says once where they come from (`offices_come_from`); from then on a page
costs no query for its head and foot, and a page that reports a broken database still shows the telephone number. A step
that changes an office (`fresh.changed`) shows on the next page, whichever process took it.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from time import monotonic

from django.db import DatabaseError
from django.http import HttpRequest

from . import fresh, spare
from .formats import language

logger = logging.getLogger("kontaktstelle.ui")
KEEP_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Office:
    """An office as every page shows it. All sentences are ready to be read.

    `there` says who is there now, "" if nobody; `next` when somebody is there next, or that one makes an appointment;
    `hours` are the Sprechzeiten of a week, a line for a day.
    """

    slug: str
    name: str
    short_name: str
    phone: str
    email: str = ""
    traeger: str = ""
    there: str = ""
    next: str = ""
    colours: str = ""
    is_example: bool = False
    hours: tuple[str, ...] = ()


NOBODY = Office(slug="", name="Selbsthilfe-Wegweiser", short_name="Selbsthilfe-Wegweiser", phone="")
_Source = Callable[[str], Office | None]
_source: list[_Source] = []
# When it was read, which version of what pages show it was, and the office.
_kept: dict[tuple[str, str], tuple[float, int, Office]] = {}


def offices_come_from(source: _Source) -> None:
    """Say where offices come from.

    Args:
        source: gives the office of a slug, the installation's default for "", None if there is none.
    """
    _source[:] = [source]
    _kept.clear()


def show_office(request: HttpRequest, slug: str) -> None:
    """Let the pages answering this request stand under the office of this slug."""
    request.office_slug = slug  # type: ignore[attr-defined]


def office_of(request: HttpRequest) -> Office:
    """Return the office a page stands under; the last one known if the database does not answer."""
    return office(getattr(request, "office_slug", ""))


def office(slug: str = "") -> Office:
    """Return an office by slug, the installation's default for ""."""
    key = (slug, language())
    kept, version = _kept.get(key), fresh.version()
    if kept is not None and kept[1] == version and monotonic() - kept[0] < KEEP_SECONDS:
        return kept[2]
    if not _source:
        return NOBODY
    try:
        found = _source[0](slug)
    except DatabaseError:
        logger.exception("office_unknown")
        return last_known(slug)
    if found is None:
        found = office() if slug else NOBODY
    _kept[key] = (monotonic(), version, found)
    spare.keep(*key, asdict(found))
    return found


def last_known(slug: str = "") -> Office:
    """Return what was last known of an office, without asking anybody: from memory, else from the spare file."""
    for key in ((slug, language()), ("", language())):
        if (kept := _kept.get(key)) is not None:
            return kept[2]
        if (spared := spare.kept(*key)) is not None:
            return Office(**spared | {"hours": tuple(spared["hours"]), "there": "", "next": ""})
    return next((office for _, _, office in _kept.values()), NOBODY)


def forget() -> None:
    """Forget what is kept in this process (in tests); a step says `fresh.changed` to all of them."""
    _kept.clear()
    spare.forget()
