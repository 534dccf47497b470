"""Search: understanding words, then looking up topic × place by index; the full text always helps along.

`find` never drops a group that fits: entries whose text has a rare word of the search, then entries of the topics
understood, near ones first. Where that is little, `beyond` adds wider circles, groups without a place and related
topics. The caller sees in which circle a result stands and why it is there.
"""

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field, replace
from enum import IntEnum
from math import asin, cos, radians, sin, sqrt

from django.db import connection

from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.topics import tree
from kontaktstelle.topics.resolving import Understanding

from . import fulltext
from .entries import load
from .models import Entry, EntryTopic

Value = str | float | int
KM_PER_DEGREE = 111.195
EARTH_KM = 6371.0
DEFAULT_RADIUS_KM = 25
WIDER_KM = (50, 100)
ANYWHERE_KM = 2000
# With so many groups near by nobody needs to be sent further away; "Umkreis erweitern" still can.
ENOUGH = 5
# A word that more entries than this have tells nothing about any of them.
COMMON_WORD = 60
MOST_CANDIDATES = 4000
# Topics this much weaker than the best one come after all groups of the best ones, however near.
MAIN_SHARE = 0.34


class Circle(IntEnum):
    """How far from the search a result stands."""

    NEAR = 0
    WIDER = 1
    ANYWHERE = 2
    RELATED = 3


@dataclass(frozen=True, slots=True)
class Filters:
    """What a visitor narrows by; the empty filter keeps everything."""

    audience: str = ""
    young: bool = False
    form: str = ""
    language: str = ""
    step_free: bool = False
    takes_new: bool = False

    def sql(self) -> tuple[str, list[Value]]:
        """Return conditions on `directory_entry e` and their values."""
        if self is NO_FILTERS or self == NO_FILTERS:
            return "", []
        parts: list[str] = []
        values: list[Value] = []
        if self.audience:
            parts.append("e.audience LIKE %s")
            values.append(f"%|{self.audience}|%")
        if self.language:
            parts.append("e.languages LIKE %s")
            values.append(f"%|{self.language}|%")
        for wanted, column in (
            (self.young, "young"),
            (self.step_free, "step_free"),
            (self.takes_new, "takes_new"),
        ):
            if wanted:
                parts.append(f"e.{column}")
        if self.form in {"online", "in_person"}:
            parts.append(f"e.{self.form}")
        return "".join(f" AND {part}" for part in parts), values


NO_FILTERS = Filters()


@dataclass(frozen=True, slots=True)
class Hit:
    """One entry found: where it stands, how far it is, and why it is here."""

    entry: int
    circle: Circle
    distance_km: float | None
    topics: tuple[str, ...]
    word: str = ""


@dataclass(slots=True)
class _Candidate:
    entry: int
    lat: float | None
    lon: float | None
    topics: list[str] = field(default_factory=list)
    weight: float = 0.0
    distance: float | None = None
    word: str = ""
    rare: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Where to look: a point and a radius."""

    lat: float
    lon: float
    radius_km: float = DEFAULT_RADIUS_KM


def find(
    understood: Understanding, *, near: Near | None = None, filters: Filters = NO_FILTERS, limit: int = 20
) -> list[Hit]:
    """Return the entries that answer, best first; with `near` only those within its radius.

    Args:
        understood: what `topics.resolve` made of the words.
        near: where to look; None looks everywhere without preferring a place.
        filters: what to narrow by.
        limit: at most so many hits, at least 1.
    """
    weights = {topic.id: topic.weight for topic in understood.topics}
    found: dict[int, _Candidate] = {}
    _collect(found, weights, near, filters, words=understood.for_text, rare=understood.rare)
    return _ranked(found, weights, Circle.NEAR, set(), near.radius_km if near else None)[:limit]


def beyond(
    understood: Understanding,
    hits: Sequence[Hit],
    *,
    near: Near | None = None,
    filters: Filters = NO_FILTERS,
    enough: int = ENOUGH,
) -> list[Hit]:
    """Return what helps where `find` found too little: wider circles, groups without a place, related topics.

    Args:
        understood: as for `find`.
        hits: what `find` returned; none of them comes again.
        near: as for `find`.
        filters: as for `find`.
        enough: stop when so many hits are there in all.
    """
    weights = {topic.id: topic.weight for topic in understood.topics}
    if len(hits) >= enough:
        return []
    taken = {hit.entry for hit in hits}
    more: list[Hit] = []
    if near is not None:
        if weights:
            # From afar only a word that means this very group counts beside the topics.
            understood = replace(
                understood, for_text=tuple(word for word in understood.for_text if word in understood.rare)
            )
        found: dict[int, _Candidate] = {}
        _collect(found, {}, near, filters, words=understood.for_text, rare=understood.rare)
        for radius in WIDER_KM:
            if len(hits) + len(more) < enough and radius > near.radius_km:
                _collect(found, weights, Near(near.lat, near.lon, radius), filters)
                more += _ranked(found, weights, Circle.WIDER, taken, radius)
        if len(hits) + len(more) < enough:
            more += _ranked(_without_place(weights, understood, filters), weights, Circle.ANYWHERE, taken)
        if not hits and not more:
            _collect(found, weights, Near(near.lat, near.lon, ANYWHERE_KM), filters)
            more += _ranked(found, weights, Circle.ANYWHERE, taken)
    room = enough - len(hits) - len(more)
    return more + _related(weights, near, filters, taken, room) if room > 0 else more[: enough - len(hits)]


def answer(
    understood: Understanding, *, near: Near | None = None, filters: Filters = NO_FILTERS, limit: int = 20
) -> list[tuple[Hit, PublicEntry]]:
    """Return hits with their `PublicEntry`, in order: those near by and, where they are few, what helps beyond."""
    hits = find(understood, near=near, filters=filters, limit=limit)
    hits += beyond(understood, hits, near=near, filters=filters, enough=min(limit, ENOUGH))
    shapes = load([hit.entry for hit in hits])
    return [(hit, shapes[hit.entry]) for hit in hits if hit.entry in shapes]


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Return the great-circle distance in kilometres."""
    latitude, to_latitude = radians(lat), radians(to_lat)
    half = (
        sin((to_latitude - latitude) / 2) ** 2
        + cos(latitude) * cos(to_latitude) * sin(radians(to_lon - lon) / 2) ** 2
    )
    return 2 * EARTH_KM * asin(sqrt(half))


def box(near: Near) -> tuple[float, float, float, float]:
    """Return the latitudes and longitudes that hold every point of the circle."""
    latitude = near.radius_km / KM_PER_DEGREE * 1.001
    longitude = latitude / max(cos(radians(min(abs(near.lat) + latitude, 89.0))), 0.01)
    return near.lat - latitude, near.lat + latitude, near.lon - longitude, near.lon + longitude


def _without_place(
    weights: dict[str, float], understood: Understanding, filters: Filters
) -> dict[int, _Candidate]:
    """Return who meets on a screen, near to everybody, and whose place nobody knows.

    Whoever meets far away helps only if there is nobody else.
    """
    found: dict[int, _Candidate] = {}
    _collect(found, weights, None, filters, only="t.lat IS NULL")
    if filters.form != "in_person":
        online = replace(filters, form="online")
        _collect(found, weights, None, online, words=understood.for_text, rare=understood.rare)
    return found


def _collect(
    found: dict[int, _Candidate],
    weights: dict[str, float],
    near: Near | None,
    filters: Filters,
    *,
    words: Sequence[str] = (),
    rare: Container[str] = (),
    only: str = "",
) -> None:
    """Add the entries of topics within a box, and those whose text has one of the words, wherever they are.

    One statement for all of it: a round trip costs more than what it asks.
    """
    parts = [_having(word, filters) for word in words if fulltext.is_indexed(word)]
    if weights:
        parts.append(_of_topics(weights, near, filters, only))
    if not parts:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            " UNION ALL ".join(statement for statement, _ in parts),
            [value for _, values in parts for value in values],
        )
        rows = cursor.fetchall()
    for topic, word, entry, lat, lon in rows:
        candidate = found.get(entry)
        if candidate is None:
            candidate = found[entry] = _Candidate(entry, lat, lon)
            if near is not None and lat is not None:
                candidate.distance = distance_km(near.lat, near.lon, lat, lon)
        if word:
            if not candidate.word:
                candidate.word, candidate.rare = word, word in rare
        elif topic not in candidate.topics:
            candidate.topics.append(topic)
            candidate.weight = max(candidate.weight, weights[topic])


def _of_topics(
    weights: dict[str, float], near: Near | None, filters: Filters, only: str
) -> tuple[str, list[Value]]:
    """Return the statement that finds the entries of topics, each with its topic, and its values."""
    marks = ",".join(["%s"] * len(weights))
    where, values = filters.sql()
    join = f" JOIN {Entry._meta.db_table} e ON e.id = t.entry_id" if where else ""
    parameters: list[Value] = list(weights)
    place = f" AND {only}" if only else ""
    if near is not None:
        place = " AND t.lat BETWEEN %s AND %s AND t.lon BETWEEN %s AND %s"
        parameters += box(near)
    return (
        f"SELECT * FROM (SELECT t.topic, '', t.entry_id, t.lat, t.lon FROM {EntryTopic._meta.db_table} t{join} WHERE t.topic IN ({marks}){place}{where} LIMIT {MOST_CANDIDATES}) topics",
        [*parameters, *values],
    )


def _having(word: str, filters: Filters) -> tuple[str, list[Value]]:
    """Return the statement that finds the entries whose text has a word that few have, and its values."""
    where, values = filters.sql()
    entries, asked = fulltext.statement(word)
    # CROSS JOIN keeps SQLite from counting once for each entry there is.
    statement = (
        f"SELECT * FROM (WITH having_it AS MATERIALIZED ({entries} LIMIT {COMMON_WORD + 1})"
        f" SELECT '', %s, e.id, e.lat, e.lon FROM having_it h CROSS JOIN {Entry._meta.db_table} e"
        f" WHERE e.id = h.entry AND (SELECT COUNT(*) FROM having_it) <= {COMMON_WORD}{where}) word"
    )
    return statement, [*asked, word, *values]


def _ranked(
    found: dict[int, _Candidate],
    weights: dict[str, float],
    circle: Circle,
    taken: set[int],
    radius_km: float | None = None,
) -> list[Hit]:
    best = max(weights.values(), default=0.0)

    def order(candidate: _Candidate) -> tuple[int, int, float, float, int]:
        main = candidate.weight >= MAIN_SHARE * best and candidate.weight > 0
        # A word nobody taught us that stands in a group's text means that group: exact beats understood.
        tier = 0 if candidate.rare else 1 if main else 2 if candidate.topics else 3
        return tier, 0 if candidate.word else 1, candidate.distance or 0.0, -candidate.weight, candidate.entry

    chosen = [
        candidate
        for candidate in found.values()
        if candidate.entry not in taken
        and (radius_km is None or (candidate.distance is not None and candidate.distance <= radius_km))
    ]
    chosen.sort(key=order)
    taken.update(candidate.entry for candidate in chosen)
    return [
        Hit(candidate.entry, circle, candidate.distance, tuple(candidate.topics), candidate.word)
        for candidate in chosen
    ]


def _related(
    weights: dict[str, float], near: Near | None, filters: Filters, taken: Iterable[int], room: int
) -> list[Hit]:
    """Return entries of topics near the best ones, for when there is too little."""
    if not weights:
        return []
    best = max(weights, key=lambda topic: weights[topic])
    topics = {
        topic: 1.0 / (place + 1)
        for place, topic in enumerate(tree.TOPICS[best].related)
        if topic not in weights
    }
    found: dict[int, _Candidate] = {}
    _collect(found, topics, Near(near.lat, near.lon, WIDER_KM[-1]) if near else None, filters)
    return _ranked(found, topics, Circle.RELATED, set(taken), WIDER_KM[-1] if near else None)[:room]
