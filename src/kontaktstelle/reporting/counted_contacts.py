"""Contacts, counted by everything at once: the rows are read one time, in blocks, and never held all together.

Asking the database for each table apart reads the rows once per table; for a Land that is what takes the time
(`bench report` shows both). Lists are compared as the text the database holds and opened once per distinct text.
"""

import json
from collections import Counter
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from django.db.models import Count, IntegerField, QuerySet, Sum, TextField
from django.db.models.functions import Cast

from kontaktstelle.enquiries.codes import OPTIONAL_FIELDS, UNKNOWN
from kontaktstelle.enquiries.figures import ALONE, UNMET, Period
from kontaktstelle.enquiries.models import Clearing, Contact, Enquiry, MonthlyCount
from kontaktstelle.organisation.models import Site
from kontaktstelle.topics import tree

from .definitions import OTHER
from .tally import Figure, figure, in_groups, months, quarter, with_unknown

BLOCK = 10_000
# As they stand in the text of a list.
_FOUND_NOTHING = tuple(f'"{name}"' for name in UNMET)
Counted = Counter[Any]


@dataclass(slots=True)
class _Read:
    """What one pass over the rows has counted; keys are what the database holds."""

    total: int = 0
    site: Counted = field(default_factory=Counter)
    direction: Counted = field(default_factory=Counter)
    source: Counted = field(default_factory=Counter)
    late: Counted = field(default_factory=Counter)
    extras: Counted = field(default_factory=Counter)
    municipality: Counted = field(default_factory=Counter)
    channel: Counted = field(default_factory=Counter)  # with the month
    who: Counted = field(default_factory=Counter)  # with the month
    kreis: Counted = field(default_factory=Counter)  # with the month
    visit: Counted = field(default_factory=Counter)  # with the month
    concerns: Counted = field(default_factory=Counter)  # with the visit
    outcomes: Counted = field(default_factory=Counter)  # with the visit
    unmet: Counted = field(default_factory=Counter)  # topics and Kreis of those who found nothing
    topics: Counted = field(default_factory=Counter)  # with the quarter

    def take(self, block: list[tuple[Any, ...]]) -> None:
        """Count one block of rows, column by column."""
        (
            month, site, channel, direction, who, visit, source, late, kreis, municipality, concerns, topics, outcomes, extras,
        ) = zip(*block, strict=True)  # fmt: skip
        self.total += len(block)
        self.site.update(site)
        self.direction.update(direction)
        self.source.update(source)
        self.late.update(late)
        self.extras.update(extras)
        self.municipality.update(municipality)
        self.channel.update(zip(month, channel, strict=True))
        self.who.update(zip(month, who, strict=True))
        self.kreis.update(zip(month, kreis, strict=True))
        self.visit.update(zip(month, visit, strict=True))
        self.concerns.update(zip(concerns, visit, strict=True))
        self.outcomes.update(zip(outcomes, visit, strict=True))
        self.topics.update(zip(topics, map(quarter, month), strict=True))
        self.unmet.update(
            (named, lives)
            for found, named, lives, came in zip(outcomes, topics, kreis, visit, strict=True)
            if any(name in found for name in _FOUND_NOTHING) and came != "repeat"
        )


def figures_of(period: Period, site: Site | None = None) -> list[Figure]:
    """Return all figures of contacts, clearing talks and enquiries of the office being acted for."""
    rows = Contact.objects.filter(month__gte=period.first, month__lte=period.last)
    kept = MonthlyCount.objects.filter(
        is_collective=False, month__gte=period.first, month__lte=period.last, breakdown__in=ALONE
    )
    if site is not None:
        rows, kept = rows.filter(site=site), kept.filter(site_number=site.pk)
    read = _read(rows.filter(reached__isnull=True))
    alone = _alone(read, kept)
    reached, of_collective = _collective(rows.filter(reached__isnull=False))
    first = _where(read.visit, lambda key: key[1] == "first")
    return [
        _contacts(read, alone),
        *of_collective,
        figure("contacts.first", first, month=_by_month(read.visit, "first")),
        figure("people", first + reached),
        *_needs(read),
        figure("topics", len({topic for text, _ in read.topics for topic in _opened(text)})),
        *_threads(period, site),
    ]


def _read(rows: QuerySet[Contact]) -> _Read:
    read = _Read()
    asked = rows.order_by().values_list(
        _as_text("month"), "site__code", "channel", "direction", "who", "visit", "source", Cast("entered_late", IntegerField()), "kreis_key", "municipality",
        _as_text("concerns"), _as_text("topics"), _as_text("outcomes"), _as_text("extras"),
    )  # fmt: skip
    block: list[tuple[Any, ...]] = []
    for row in asked.iterator(chunk_size=BLOCK):
        block.append(row)
        if len(block) == BLOCK:
            read.take(block)
            block = []
    if block:
        read.take(block)
    return read


def _as_text(name: str) -> Cast:
    return Cast(name, TextField())


def _contacts(read: _Read, alone: dict[str, Counter[str]]) -> Figure:
    total = read.total
    channel, who = _said(read.channel), _said(read.who)
    return figure(
        "contacts", total,
        month=_months(read.channel), site=_text(read.site), channel=channel, direction=_text(read.direction), who=who,
        ways=in_groups("ways", channel), nakos_ways=in_groups("nakos-ways", channel),
        people_three=in_groups("people-three", who), people_four=in_groups("people-four", who),
        visit=_said(read.visit), source=_text(read.source), late=Counter({"yes": read.late[1], "no": read.late[0]}), kreis=_said(read.kreis),
        concerns=_mentions(read.concerns), outcomes=_mentions(read.outcomes), **_by_topic(read), **alone,
        month_channel=_crossed(read.channel, str), month_who=_crossed(read.who, str), quarter_kreis=_crossed(read.kreis, quarter),
    )  # fmt: skip


def _needs(read: _Read) -> list[Figure]:
    """What people came for and left with; a repeat contact is no second person, so most leave it out."""

    def asked(name: str, *, repeats: bool) -> int:
        return _where(read.concerns, lambda key: name in _opened(key[0]) and (repeats or key[1] != "repeat"))

    def left(name: str, *, repeats: bool) -> int:
        return _where(read.outcomes, lambda key: name in _opened(key[0]) and (repeats or key[1] != "repeat"))

    unmet: dict[str, Counter[str]] = {"topics": Counter(), "main_field": Counter(), "kreis": Counter()}
    for (topics, kreis), number in read.unmet.items():
        for topic in _opened(topics) or (UNKNOWN,):
            unmet["topics"][topic] += number
        unmet["main_field"][_main(topics)] += number
        unmet["kreis"][_key(kreis)] += number
    return [
        figure("seekers", asked("find-group", repeats=False)),
        figure("searches", asked("find-group", repeats=True)),
        figure("to-service", asked("professional-help", repeats=False)),
        figure("talks", left("talk", repeats=True)),
        figure("to-group", left("to-group", repeats=False)),
        figure("unmet", read.unmet.total(), **unmet),
    ]


def _alone(read: _Read, kept: QuerySet[MonthlyCount]) -> dict[str, Counter[str]]:
    """Count what leaves a contact when its person goes, with what is kept of it as bare numbers."""
    found: dict[str, Counter[str]] = {name: Counter() for name in ALONE}
    for value, count in read.municipality.items():
        found["municipality"][value] += count
    for extras, count in read.extras.items():
        said = json.loads(extras) if extras else {}
        for name in OPTIONAL_FIELDS:
            found[name][str(said.get(name, ""))] += count
    for name, value, count in kept.order_by().values_list("breakdown", "value").annotate(Sum("contacts")):
        found[name][value] += count
    return {name: with_unknown(counts, read.total) for name, counts in found.items()}


def _collective(rows: QuerySet[Contact]) -> tuple[int, list[Figure]]:
    number: dict[str, Counter[str]] = {"month": Counter(), "channel": Counter()}
    people: dict[str, Counter[str]] = {"month": Counter(), "channel": Counter()}
    for month, channel, count, reached in (
        rows.order_by().values_list("month", "channel").annotate(n=Count("pk"), people=Sum("reached"))
    ):
        for by, key in (("month", f"{month:%Y-%m}"), ("channel", channel or UNKNOWN)):
            number[by][key] += count
            people[by][key] += reached
    reached = sum(people["month"].values())
    return reached, [
        figure("contacts.collective", sum(number["month"].values()), **number),
        figure("contacts.reached", reached, **people),
    ]


def _threads(period: Period, site: Site | None) -> list[Figure]:
    """Enquiries and clearing talks; they have no site."""
    if site is not None:
        return []
    began = months(
        Enquiry.objects.filter(month__gte=period.first, month__lte=period.last).values_list(
            "month", flat=True
        )
    )
    talks: Counter[str] = Counter()
    held = Clearing.objects.filter(month__gte=period.first, month__lte=period.last)
    for outcomes in held.values_list("outcomes", flat=True):
        talks.update(outcomes or [UNKNOWN])
    return [
        figure("enquiries", began.total(), month=began),
        figure("clearings", held.count(), clearing=talks),
    ]


@lru_cache(maxsize=100_000)
def _opened(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text)) if text else ()


def _where(counts: Counted, holds: Any) -> int:
    return sum(count for key, count in counts.items() if holds(key))


def _key(value: Any) -> str:
    if value in (None, ""):
        return UNKNOWN
    return str(value)


def _text(counts: Counted) -> Counter[str]:
    found: Counter[str] = Counter()
    for value, count in counts.items():
        found[_key(value)] += count
    return found


def _said(counts: Counted) -> Counter[str]:
    """The values of pairs of a month and a value."""
    found: Counter[str] = Counter()
    for (_, value), count in counts.items():
        found[_key(value)] += count
    return found


def _months(counts: Counted) -> Counter[str]:
    found: Counter[str] = Counter()
    for (month, _), count in counts.items():
        found[month[:7]] += count
    return found


def _by_month(counts: Counted, wanted: str) -> Counter[str]:
    return _months(Counter({key: count for key, count in counts.items() if key[1] == wanted}))


def _crossed(counts: Counted, period_of: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for (month, value), count in counts.items():
        found[f"{period_of(month[:7])}/{_key(value)}"] += count
    return found


def _mentions(counts: Counted) -> Counter[str]:
    found: Counter[str] = Counter()
    for key, count in counts.items():
        for each in _opened(key[0]) or (UNKNOWN,):
            found[each] += count
    return found


def _field_of(topic: str) -> str:
    if topic == UNKNOWN:
        return UNKNOWN
    return tree.TOPICS[topic].field if topic in tree.TOPICS else OTHER


def _main(topics: str) -> str:
    named = _opened(topics)
    return _field_of(named[0]) if named else UNKNOWN


def _by_topic(read: _Read) -> dict[str, Counter[str]]:
    """Count topics, their fields, and the first of each contact, opening each distinct list once."""
    found: dict[str, Counter[str]] = {
        name: Counter() for name in ("topics", "fields", "main_field", "main_topic", "quarter_main_field")
    }
    for (text, in_quarter), count in read.topics.items():
        named = _opened(text) or (UNKNOWN,)
        main = _main(text)
        for topic in named:
            found["topics"][topic] += count
        for name in {_field_of(topic) for topic in named}:
            found["fields"][name] += count
        found["main_field"][main] += count
        found["main_topic"][named[0]] += count
        found["quarter_main_field"][f"{in_quarter}/{main}"] += count
    return found
