"""A group on a card: flat, ready to be printed, made in Python so that a page of twenty costs next to nothing.

A card says in five lines what somebody needs to decide: what and how far, for whom and why it is here, when, whether
it takes new people and what it asks, and how old this is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup, escape

from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.topics import tree
from kontaktstelle.ui import formats

from .search import Circle, Hit

CONDITIONS_SHOWN = 3
AUDIENCES_SHOWN = 3
TOPICS_SHOWN = 2
# Beside groups that fit, so many of related topics are enough.
RELATED_BESIDE = 4

# Stands between texts while they are escaped together.
_BETWEEN = "\0"
MOST_KEPT = 5_000


class Card(NamedTuple):
    """The texts of a card in the order `_card.html` names them."""

    address: str
    name: str
    at: str
    why: str
    when: str
    mark: str
    stage: str
    asked: str
    as_of: str


@dataclass(frozen=True, slots=True)
class Section:
    """Cards, ready to be printed, under one heading; `is_said` if the heading of the page says it already."""

    heading: str
    cards: Markup
    is_said: bool


def sections(answers: Sequence[tuple[Hit, PublicEntry]], *, near: bool, on: date) -> list[Section]:
    """Return the cards of a search under the headings of their circles, in order.

    Args:
        answers: hits with their entries, best first.
        near: whether a place was searched; without one nothing is near or far.
        on: the day dates are counted from.
    """
    words = _words(formats.language())
    by_circle: dict[Circle, list[tuple[Hit | None, PublicEntry]]] = {}
    for hit, entry in answers:
        shown = by_circle.setdefault(hit.circle, [])
        if hit.circle == Circle.RELATED and len(by_circle) > 1 and len(shown) == RELATED_BESIDE:
            break
        shown.append((hit, entry))
    return [
        Section(
            _heading(circle, near=near), _printed(found, words, on, level=3), is_said=circle == Circle.NEAR
        )
        for circle, found in by_circle.items()
    ]


def listed(entries: Iterable[PublicEntry], *, on: date, level: int) -> Markup:
    """Return the cards of entries that were not searched for (no distance, no reason), "" for none.

    Args:
        entries: what to show.
        on: the day dates are counted from.
        level: of their headings.
    """
    return _printed(((None, entry) for entry in entries), _words(formats.language()), on, level=level)


def dates_ahead(entry: PublicEntry, on: date) -> list[str]:
    """Return the next dates that have not passed, as ISO strings."""
    today = on.isoformat()
    return [moment for moment in entry.next_dates if moment >= today]


def moment_said(moment: str, ends_at: str = "") -> str:
    """Return "Di, 1. Dezember 2026, 19–21 Uhr"."""
    start = formats.clock(moment)
    return (
        f"{formats.german_date(moment)}, {formats.span(start, ends_at)}"
        if start
        else formats.german_date(moment)
    )


def stage_said(entry: PublicEntry, on: date) -> str:
    """Say whether a group takes new people."""
    if entry.stage == Stage.INTAKE_STOP and entry.intake_stop_until and not entry.takes_newcomers(on):
        return _("nimmt bis %s niemanden auf") % formats.german_date(entry.intake_stop_until)
    if entry.stage == Stage.PAUSED and entry.paused_until >= on.isoformat():
        return _("pausiert bis %s") % formats.german_date(entry.paused_until)
    if entry.stage == Stage.INTAKE_STOP and entry.takes_newcomers(on):
        return _words(formats.language()).stages[Stage.OPEN]
    return _words(formats.language()).stages.get(entry.stage, "")


def audience_said(entry: PublicEntry) -> str:
    """Say whom a group is for: "Für Angehörige und Eltern"."""
    return _words(formats.language()).audience(
        tuple(entry.audience), entry.is_young, entry.age_from, entry.age_to
    )


def count_said(count: int, *, near: bool) -> str:
    """Say how many groups there are."""
    if near:
        return ngettext("%(n)s Gruppe in Ihrer Nähe", "%(n)s Gruppen in Ihrer Nähe", count) % {"n": count}
    return ngettext("%(n)s Gruppe, die passen kann", "%(n)s Gruppen, die passen können", count) % {"n": count}


class _Words:
    """The fixed words of cards in one language, looked up once."""

    def __init__(self) -> None:
        language = formats.language()
        self.address = reverse("directory:group", args=["SLUG"])
        self.stages: dict[str, str] = {
            Stage.FOUNDING: _("in Gründung, neue Menschen sind willkommen"),
            Stage.OPEN: _("nimmt neue Menschen auf"),
            Stage.FULL: _("zurzeit voll"),
            Stage.INTAKE_STOP: _("nimmt zurzeit niemanden auf"),
            Stage.PAUSED: _("macht gerade Pause"),
        }
        self.asked = {key: str(condition.short) for key, condition in CONDITIONS.items()}
        self.topics = {topic: tree.label(topic, language) for topic in tree.TOPICS}
        self.audiences = {key: _(label) for key, label in tree.AUDIENCES.items()}
        self.next = _("nächstes Treffen %s")
        self.as_of = _("Stand %s")
        self.topic = _("Thema: %s")
        self.related = _("Verwandtes Thema: %s")
        self.in_text = _("Ihre Worte stehen in der Beschreibung der Gruppe")
        self.online = _("online")
        self.by_phone = _("am Telefon")
        self.in_kreis = _("im Gebiet %s")
        self.withheld = _("Ort und Zeit nennt Ihnen die Kontaktstelle")
        self.meets_by_arrangement = _("Treffen nach Absprache")
        self.for_ = _("Für %s")
        self.and_ = _("%(first)s und %(last)s")
        self.young = _("junge Menschen")
        self.ages = _("von etwa %(from)s bis %(to)s Jahren")
        self._audiences: dict[tuple[object, ...], str] = {}
        self._patterns: dict[tuple[str, int], tuple[PublicEntry, date, str, str]] = {}

    def joined(self, parts: Sequence[str]) -> str:
        """Return "A, B und C"."""
        return (
            parts[0] if len(parts) == 1 else self.and_ % {"first": ", ".join(parts[:-1]), "last": parts[-1]}
        )

    def audience(
        self, keys: tuple[str, ...], is_young: bool, age_from: int | None, age_to: int | None
    ) -> str:
        """Say whom a group is for."""
        known = self._audiences.get((keys, is_young, age_from, age_to))
        if known is None:
            names = [self.audiences[key] for key in keys if key in self.audiences][:AUDIENCES_SHOWN]
            if is_young and self.young not in names:
                names.append(self.young)
            known = self.for_ % self.joined(names) if names else ""
            if age_from and age_to:
                known = f"{known}, {self.ages % {'from': age_from, 'to': age_to}}" if known else ""
            self._audiences[keys, is_young, age_from, age_to] = known
        return known

    def pattern(self, entry: PublicEntry, on: date, level: int) -> tuple[str, str]:
        """Return an entry's card with places left for where and why (`%s`), and whom the group is for."""
        kept = self._patterns.get((entry.slug, level))
        if kept is not None and kept[0] is entry and kept[1] == on:
            return kept[2], kept[3]
        takes = entry.takes_newcomers(on)
        asked = [self.asked[key] for key in entry.conditions[:CONDITIONS_SHOWN] if key in self.asked]
        texts = Card(
            address=self.address.replace("SLUG", quote(entry.slug)),
            name=entry.name,
            at="",
            why="",
            when=_when(entry, self, on),
            mark="takes" if takes else "full",
            stage=self.stages.get(
                Stage.OPEN if takes and entry.stage == Stage.INTAKE_STOP else entry.stage, ""
            ),
            asked="".join(f" · {each}" for each in asked),
            as_of=self.as_of % formats.month_year(entry.confirmed_on) if entry.confirmed_on else "",
        )
        safe = Card(*(str(escape(text)).replace("%", "%%") for text in texts))
        pattern = _empty_card(level, formats.language()) % safe._replace(at="%s", why="%s")
        who = self.audience(tuple(entry.audience), entry.is_young, entry.age_from, entry.age_to)
        if len(self._patterns) >= MOST_KEPT:
            self._patterns.clear()
        self._patterns[entry.slug, level] = (entry, on, pattern, who)
        return pattern, who


@lru_cache(maxsize=8)
def _empty_card(level: int, language: str) -> str:
    """Return `_card.html` with a place for each text, in the order of `Card`."""
    places = Card(*["%s"] * len(Card._fields))
    return render_to_string("directory/_card.html", {"card": places, "level": level, "language": language})


@lru_cache(maxsize=4)
def _words(_language: str) -> _Words:
    return _Words()


def _heading(circle: Circle, *, near: bool) -> str:
    if circle == Circle.RELATED:
        return _("Gruppen zu verwandten Themen")
    if not near:
        return _("Diese Gruppen passen zu Ihren Worten")
    return {
        Circle.NEAR: _("In Ihrer Nähe"),
        Circle.WIDER: _("Etwas weiter weg"),
        Circle.ANYWHERE: _("Überregional und online"),
    }[circle]


def _printed(
    found: Iterable[tuple[Hit | None, PublicEntry]], words: _Words, on: date, *, level: int
) -> Markup:
    """Print cards, "" for none.

    What stays the same on an entry's card all day is printed once; only where it is and why it is here is put in for
    each search, all of it escaped in one go. Card by card, through the template, this would cost more than the search.
    """
    patterns: list[str] = []
    texts: list[str] = []
    for hit, entry in found:
        pattern, who = words.pattern(entry, on, level)
        why = _why(entry, hit, words)
        patterns.append(pattern)
        texts += (_at(entry, hit, words), f"{who} · {why}" if who and why else who or why)
    if not patterns:
        return Markup()
    escaped = str(escape(_BETWEEN.join(texts))).split(_BETWEEN)
    if len(escaped) != len(texts):
        escaped = [str(escape(text)) for text in texts]
    filled = "".join(
        [pattern % (at, why) for pattern, at, why in zip(patterns, escaped[::2], escaped[1::2], strict=True)]
    )
    return Markup(f'<ul class="cards">\n{filled}</ul>')  # noqa: S704 - every text was escaped, here or in `_Words.pattern`


def _at(entry: PublicEntry, hit: Hit | None, words: _Words) -> str:
    if entry.forms and "in-person" not in entry.forms:
        return words.online if "online" in entry.forms else words.by_phone
    place = entry.town or (words.in_kreis % entry.kreis if entry.kreis else "")
    if hit is None or hit.distance_km is None or entry.place_is_kreis:
        return place
    return f"{formats.km(hit.distance_km)} · {place}" if place else formats.km(hit.distance_km)


def _why(entry: PublicEntry, hit: Hit | None, words: _Words) -> str:
    if hit is None:
        return " · ".join(
            words.topics[topic] for topic in entry.topics[:TOPICS_SHOWN] if topic in words.topics
        )
    if hit.topics:
        named = words.topics.get(hit.topics[0], "")
        return (words.related if hit.circle == Circle.RELATED else words.topic) % named
    return words.in_text


def _when(entry: PublicEntry, words: _Words, on: date) -> str:
    if entry.withheld:
        return words.withheld
    said = entry.meeting or words.meets_by_arrangement
    ahead = dates_ahead(entry, on)
    return f"{said} · {words.next % formats.short_date(ahead[0])}" if ahead else said
