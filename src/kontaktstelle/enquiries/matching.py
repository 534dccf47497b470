"""Which listed groups fit, with reasons in words and never a score: the person decides."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kontaktstelle import places
from kontaktstelle.directory import search
from kontaktstelle.directory.models import Entry
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.topics import tree
from kontaktstelle.topics.resolving import Understanding, Weighted

from .models import Arrangement

AT_MOST = 3
LOOKED_AT = 20
# The first topic said is the main one; how much less the others weigh only orders what is found.
WEIGHTS = (1.0, 0.8, 0.6)
CIRCLES = {
    search.Circle.WIDER: "weiter entfernt",
    search.Circle.ANYWHERE: "ohne festen Ort oder weit entfernt",
    search.Circle.RELATED: "verwandtes Thema",
}


@dataclass(frozen=True, slots=True)
class Fit:
    """A group that may fit: what is public of it, why it is here, what it asks, what is still to be cleared."""

    group: UUID
    entry: PublicEntry
    is_ours: bool
    takes_new: bool
    reasons: tuple[str, ...]
    conditions: tuple[str, ...]
    to_clear: tuple[str, ...]
    arrangement: Arrangement | None


def fitting(
    topics: Sequence[str],
    *,
    on: date,
    place: places.Place | None = None,
    audience: str = "",
    language: str = "",
    step_free: bool = False,
    most: int = AT_MOST,
) -> list[Fit]:
    """Return groups that fit, at most `most`: those that take new people first, ours before others', then as the search ranks.

    Args:
        topics: ids, the main one first.
        on: the day.
        place: where the person is, if said.
        audience: key of `topics.tree.AUDIENCES`; groups for somebody else come after, with a word about it.
        language: only groups that speak it.
        step_free: only places without steps.
        most: how many; three are a choice and not too much.
    """
    known = [topic for topic in topics if topic in tree.TOPICS]
    understood = Understanding(
        topics=tuple(Weighted(topic, weight) for topic, weight in zip(known, WEIGHTS, strict=False))
    )
    near = search.Near(place.lat, place.lon) if place else None
    filters = search.Filters(language=language, step_free=step_free)
    hits = search.answer(understood, near=near, filters=filters, limit=LOOKED_AT) if known else []
    numbers = _groups_of([hit.entry for hit, _ in hits])
    agreed = {
        row.group_id: row
        for row in Arrangement.objects.filter(group__in=[group for group, _ in numbers.values()])
    }
    wanted = _Wanted(known, audience, on)
    fits = [
        _fit(hit, entry, numbers[hit.entry], agreed, wanted) for hit, entry in hits if hit.entry in numbers
    ]
    fits.sort(key=lambda fit: (not fit.takes_new, _for_somebody_else(fit.entry, audience), not fit.is_ours))
    return fits[:most]


@dataclass(frozen=True, slots=True)
class _Wanted:
    topics: Sequence[str]
    audience: str
    on: date


def _fit(
    hit: search.Hit,
    entry: PublicEntry,
    whose: tuple[UUID, int],
    agreed: dict[UUID, Arrangement],
    wanted: _Wanted,
) -> Fit:
    group, contact_point = whose
    is_ours, takes_new = contact_point == current(), entry.takes_newcomers(wanted.on)
    arrangement = agreed.get(group) if is_ours else None
    conditions = tuple(CONDITIONS[key].label for key in entry.conditions if key in CONDITIONS)
    to_clear = [*conditions]
    if not takes_new:
        to_clear.append("nimmt zurzeit niemanden auf")
    if _for_somebody_else(entry, wanted.audience):
        to_clear.append("für wen die Gruppe ist")
    return Fit(
        group, entry, is_ours, takes_new, tuple(_reasons(hit, entry, wanted, is_ours=is_ours)), conditions, tuple(to_clear), arrangement
    )  # fmt: skip


def _reasons(hit: search.Hit, entry: PublicEntry, wanted: _Wanted, *, is_ours: bool) -> Iterable[str]:
    for topic in wanted.topics:
        if topic in entry.topics:
            yield f"Thema {tree.label(topic)}"
    if hit.distance_km is not None:
        yield "am Ort" if hit.distance_km < 1 else f"etwa {hit.distance_km:.0f} km entfernt"
    if hit.circle in CIRCLES:
        yield CIRCLES[hit.circle]
    if wanted.audience and wanted.audience in entry.audience:
        yield f"für {tree.AUDIENCES.get(wanted.audience, wanted.audience)}"
    if not is_ours:
        yield f"Gruppe von {entry.office_name}"


def _for_somebody_else(entry: PublicEntry, audience: str) -> bool:
    return bool(audience and entry.audience and audience not in entry.audience)


def _groups_of(numbers: Sequence[int]) -> dict[int, tuple[UUID, int]]:
    rows = Entry.objects.filter(pk__in=numbers).values_list("pk", "group", "contact_point_id")
    return {number: (group, contact_point) for number, group, contact_point in rows}
