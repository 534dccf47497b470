"""Contacts that add up to given numbers: one row each, every column dealt out on its own; what is left over is unknown."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from typing import Any

from kontaktstelle.enquiries.models import Contact
from kontaktstelle.reporting.definitions import GROUPINGS
from kontaktstelle.topics import tree

from .records import BLOCK, Year

UNKNOWN = "unknown"
DAYS = 28


def write(office: Any, year: Year) -> None:
    """Write the contacts of a year."""
    total = _total(year)
    columns = {
        "channel": _dealt(_codes(year, {"channel": "", "ways": "channel", "nakos-ways": "channel"})),
        "who": _dealt(_codes(year, {"who": "", "people-four": "who", "people-three": "who"})),
        "topics": _topics(year),
        "sex": _dealt(year.parts("contacts", "sex")),
    }
    concerns = _concerns(year)
    outcomes = {
        "talk": year.of("talks") or 0,
        "to-group": year.of("to-group") or 0,
        "no-offer": year.of("unmet") or 0,
    }
    first, reached = _people(year, total)
    rows: list[Contact] = []
    for number in range(total):
        sex = next(columns["sex"], "")
        topic = next(columns["topics"], "")
        rows.append(
            _row(
                office, year, number,
                channel=next(columns["channel"], UNKNOWN), who=next(columns["who"], UNKNOWN),
                visit="first" if number < first else "repeat" if number >= total - concerns["repeats"] else UNKNOWN,
                concerns=_named(concerns, number, total),
                outcomes=[name for name, count in outcomes.items() if number < count],
                topics=[topic] if topic else [], extras={"sex": sex} if sex else {},
            )
        )  # fmt: skip
        if len(rows) == BLOCK:
            Contact.objects.bulk_create(rows)
            rows = []
    collective = year.of("contacts.collective") or (1 if reached else 0)
    rows += [
        _row(office, year, number, reached=reached - collective + 1 if number == 0 and reached else 1)
        for number in range(collective)
    ]
    Contact.objects.bulk_create(rows)


def _row(office: Any, year: Year, number: int, **codes: Any) -> Contact:
    month = year.month(number)
    day = month.replace(day=number // 12 % DAYS + 1)
    return Contact(
        contact_point=office,
        month=month,
        day=day,
        code_year=year.year,
        entered_at=datetime.combine(day, time(10), UTC),
        **codes,
    )


def _total(year: Year) -> int:
    """As many as were published, and otherwise as few as every number of the year needs."""
    total = year.of("contacts")
    if total is not None:
        return total
    columns = [
        ("channel", "ways", "nakos-ways"), ("who", "people-four", "people-three"), ("main-field",), ("sex",),
    ]  # fmt: skip
    needs = [sum(sum(year.parts("contacts", by).values()) for by in column) for column in columns]
    alone = (
        "people",
        "contacts.first",
        "seekers",
        "searches",
        "talks",
        "to-group",
        "to-service",
        "unmet",
        "topics",
    )
    return max(*needs, *(year.of(figure) or 0 for figure in alone))


def _people(year: Year, total: int) -> tuple[int, int]:
    """Return first contacts, and the people reached by collective contacts where there are more people than contacts."""
    people, reached = year.of("people"), year.of("contacts.reached") or 0
    if people is None:
        return year.of("contacts.first") or 0, reached
    first = min(people - reached, total)
    return first, people - first


def _concerns(year: Year) -> dict[str, Any]:
    """Say which rows have which concern; those who searched again stand at the end, as repeat contacts."""
    seekers, searches, to_service = year.of("seekers"), year.of("searches"), year.of("to-service")
    spans = {name: (0, count) for name, count in year.parts("contacts", "concerns").items()}
    repeats = max(0, searches - seekers) if seekers is not None and searches is not None else 0
    asked = seekers if seekers is not None else searches
    if asked is not None:
        spans["find-group"] = (0, asked)
    if to_service is not None:
        spans["professional-help"] = (0, to_service)
    return {"spans": spans, "repeats": repeats}


def _named(concerns: Mapping[str, Any], number: int, total: int) -> list[str]:
    named = [name for name, (start, end) in concerns["spans"].items() if start <= number < end]
    again = number >= total - concerns["repeats"] and "find-group" not in named
    return [*named, "find-group"] if again else named


def _codes(year: Year, breakdowns: Mapping[str, str]) -> dict[str, int]:
    """Return how often which code is to be written: a group of codes stands as its first one."""
    found: dict[str, int] = {}
    for by in breakdowns:
        for value, count in year.parts("contacts", by).items():
            code = next(
                (code for code, group in GROUPINGS.get(by, {}).items() if group == value), value or "other"
            )
            found[code] = found.get(code, 0) + count
    return found


def _dealt(counts: Mapping[str, int]) -> Iterator[str]:
    return (value for value, count in counts.items() for _ in range(count))


def _topics(year: Year) -> Iterator[str]:
    """Deal out topics of the wanted fields, all different ones at first, and others until there are enough."""
    fields = year.parts("contacts", "main-field")
    wanted, used = year.of("topics") or 0, 0
    for name, count in fields.items():
        of_field = [topic.id for topic in tree.FIELDS[name]]
        different = max(1, min(len(of_field), count, wanted - used)) if wanted else 1
        used += different if count else 0
        for number in range(count):
            yield of_field[min(number, different - 1)]
    others = [topic.id for topic in tree.TOPICS.values() if topic.field not in fields]
    yield from others[: max(0, wanted - used)]
