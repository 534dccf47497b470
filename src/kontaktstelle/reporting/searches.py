"""Suchen: how often a topic was searched for, by Kreis, quarter and whether something was found near by. No demand.

Counted in memory, each search in some microseconds, and written in one statement for an office after an answer was sent,
once a minute at most. A process that is killed loses what it counted since: a few of many, and no number here claims to be
exact. There is no row for a search, no time but the quarter, no word and nobody.

Not counted: programs, whoever has signed in at the desk with this browser, searches that only narrow or widen another one,
and words that sound like danger. The whole installation (`settings.COUNT_SEARCHES`) or an office (`switch`) may do without.
"""

import logging
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, NamedTuple

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.http import HttpRequest

from kontaktstelle.directory.counting import Searched
from kontaktstelle.enquiries.codes import UNKNOWN
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.setup import default_office
from kontaktstelle.organisation.tenancy import acting_for, current
from kontaktstelle.privacy import trail

from .models import SearchCount, SearchCounting

logger = logging.getLogger("kontaktstelle.reporting")
SECONDS_BETWEEN_WRITES = 60.0
# More different ones than a minute of people brings: a program walks through the topics.
MOST_KEPT = 2_000
TABLE = SearchCount._meta.db_table  # noqa: SLF001 - Django's public meta interface


class _Key(NamedTuple):
    office: str
    quarter: date
    topic: str
    kreis_key: str
    found_nearby: bool


@dataclass(frozen=True, slots=True)
class Searches:
    """How often a topic was searched for in a Kreis, and how often nothing was found near by."""

    topic: str
    kreis_key: str
    count: int
    found_nothing: int


_lock = Lock()
_counted: Counter[_Key] = Counter()
_since: list[float] = []


def count(request: HttpRequest, searched: Searched) -> None:
    """Count a search in memory; costs no query and raises nothing."""
    if not settings.COUNT_SEARCHES or is_staff(request) or is_program(request):
        return
    quarter = _quarter(searched.on)
    with _lock:
        for topic in searched.topics or (UNKNOWN,):
            key = _Key(searched.office, quarter, topic, searched.kreis_key or UNKNOWN, searched.found_nearby)
            if key in _counted or len(_counted) < MOST_KEPT:
                _counted[key] += 1
        if not _since:
            _since.append(monotonic())


def is_program(request: HttpRequest) -> bool:
    """Say whether a program asks: it says so itself, or does not say what every browser says."""
    agent = request.headers.get("User-Agent", "")
    return not agent or not request.headers.get("Accept-Language") or _names_a_program(agent.lower())


def is_staff(request: HttpRequest) -> bool:
    """Say whether somebody has signed in at the desk with this browser; only whether the cookie is there, never which."""
    return settings.SESSION_COOKIE_NAME in request.COOKIES or settings.KNOWN_COOKIE_NAME in request.COOKIES


def after_an_answer(**_: Any) -> None:
    """Write what was counted, if the last time is a minute ago; called when an answer has been sent."""
    if _since and monotonic() - _since[0] >= SECONDS_BETWEEN_WRITES:
        write()


def write() -> int:
    """Add what was counted to the numbers in the database; return how many searches that were.

    What cannot be written now is kept for the next time. What an office does not want counted is forgotten.
    """
    with _lock:
        counted = Counter(_counted)
        _counted.clear()
        _since.clear()
    if not counted:
        return 0
    try:
        with transaction.atomic():
            return _write(counted)
    except DatabaseError:
        logger.warning("searches_not_written")
        with _lock:
            if len(_counted) + len(counted) <= MOST_KEPT:
                _counted.update(counted)
                _since[:] = [monotonic()]
        return 0


def forget() -> None:
    """Forget what was counted and not written (in tests)."""
    with _lock:
        _counted.clear()
        _since.clear()


def switch(*, on: bool, by: Staff, at: datetime) -> None:
    """Say whether searches on the pages of the office being acted for are counted. What was counted stays.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.SETTINGS, current())
    with transaction.atomic():
        row, _ = SearchCounting.objects.get_or_create(contact_point_id=current())
        if row.is_off == (not on):
            return
        row.is_off = not on
        row.save()
        trail.record(
            str(by.pk),
            "search-counting.on" if on else "search-counting.off",
            object_type="reporting.searchcounting",
            object_id=row.pk,
            at=at,
            contact_point=row.contact_point_id,
            fields=["is_off"],
        )


def are_counted() -> bool:
    """Say whether searches on the pages of the office being acted for are counted."""
    return bool(settings.COUNT_SEARCHES) and not SearchCounting.objects.filter(is_off=True).exists()


def table(period: Period, *, by: Staff) -> list[Searches]:
    """Return the searches of the office being acted for in the quarters of a period, by topic and Kreis.

    Raises:
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.STATISTICS, current())
    all_of: Counter[tuple[str, str]] = Counter()
    in_vain: Counter[tuple[str, str]] = Counter()
    rows = SearchCount.objects.filter(quarter__gte=_quarter(period.first), quarter__lte=period.last)
    for row in rows:
        all_of[row.topic, row.kreis_key] += row.count
        if not row.found_nearby:
            in_vain[row.topic, row.kreis_key] += row.count
    return [Searches(*key, number, in_vain[key]) for key, number in sorted(all_of.items())]


def _quarter(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _write(counted: Counter[_Key]) -> int:
    written = 0
    default = default_office()
    numbers = dict(ContactPoint.objects.values_list("slug", "pk"))
    by_office: dict[int, Counter[_Key]] = {}
    for key, number in counted.items():
        office = numbers.get(key.office) or (default.pk if default else None)
        if office is not None:
            by_office.setdefault(office, Counter())[key._replace(office="")] += number
    for office, of_it in by_office.items():
        with acting_for(office):
            if are_counted():
                _add(office, of_it.items())
                written += of_it.total()
    return written


def _add(office: int, counted: Iterable[tuple[_Key, int]]) -> None:
    """Add to the numbers of an office, new ones and old ones in one statement."""
    rows = list(counted)
    marks = ", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(rows))
    values = [
        value
        for key, number in rows
        for value in (office, key.quarter, key.topic, key.kreis_key, key.found_nearby, number)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {TABLE} (contact_point_id, quarter, topic, kreis_key, found_nearby, count) VALUES {marks}"  # noqa: S608 - own table, values as parameters
            " ON CONFLICT (contact_point_id, quarter, topic, kreis_key, found_nearby)"
            f" DO UPDATE SET count = {TABLE}.count + excluded.count",
            values,
        )


@lru_cache(maxsize=512)
def _names_a_program(agent: str) -> bool:
    return any(part in agent for part in _programs())


@lru_cache(maxsize=1)
def _programs() -> tuple[str, ...]:
    lines = (Path(__file__).parent / "robots.txt").read_text(encoding="utf-8").splitlines()
    return tuple(line.strip() for line in lines if line.strip() and not line.startswith("#"))
