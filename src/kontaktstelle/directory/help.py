"""Sofort Hilfe for templates: flat help lines with phone links, "jetzt erreichbar bis 20 Uhr" and "geprüft am …".

The register is held in memory for a minute, so that a page costs no query; what is said changes with the minute.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from kontaktstelle.network import bodies, helplines, hours, need
from kontaktstelle.network.lands import LANDS, land_code

SECONDS_IN_MEMORY = 60
MOST_ANSWERS = 500
FREE = "kostenlos"
EMERGENCY = frozenset({"emergency", "police"})
# A span that ends within so many hours needs no weekday to be understood.
SAME_NIGHT_HOURS = 14

SECTIONS: tuple[tuple[str, str], ...] = (
    ("emergency police medical", "Wenn es sofort sein muss"),
    ("crisis depression", "Krise und Verzweiflung"),
    ("violence-women violence-men sexual-abuse victims", "Gewalt und Missbrauch"),
    ("children parents pregnancy", "Kinder, Jugendliche, Eltern, Schwangere"),
    ("addiction", "Sucht"),
    ("loneliness older care", "Einsamkeit, Alter, Pflege"),
    ("poison", "Vergiftung"),
)


@dataclass(frozen=True, slots=True)
class Phone:
    """A number as it is read and as it is dialled."""

    text: str
    href: str


@dataclass(frozen=True, slots=True)
class HelpLine:
    """A help line or service ready to be shown; every string is final, nothing is left to decide.

    `now` says whether somebody answers ("jetzt erreichbar bis 20 Uhr") or is empty if nobody knows; `checked` is
    "geprüft am …" or "noch nicht geprüft". `emergency` is 112 and 110.
    """

    key: str
    name: str
    emergency: bool
    numbers: tuple[str, ...]
    phones: tuple[Phone, ...]
    operator: str
    for_whom: str
    what: str
    hours: str
    now: str
    is_open: bool
    languages: str
    cost: str
    free_of_charge: bool
    note: str
    website: str
    where: str
    checked: str
    checked_on: date | None
    source: str


@dataclass(frozen=True, slots=True)
class Body:
    """A supra-regional body ready to be shown; `website` is text, not a link."""

    name: str
    what: str
    for_whom: str
    reach: str
    website: str
    phone: Phone | None
    checked: str
    source: str


@dataclass(frozen=True, slots=True)
class Section:
    """One part of the page "Sofort Hilfe"."""

    heading: str
    lines: tuple[HelpLine, ...]


@dataclass(frozen=True, slots=True)
class Need:
    """The calm answer to somebody who looks for treatment, see `network.need`."""

    heading: str
    intro: str
    services: tuple[HelpLine, ...]
    meanwhile: str
    can: tuple[str, ...]
    cannot: tuple[str, ...]
    if_it_gets_worse: str
    lines: tuple[HelpLine, ...]


def lines_for(
    kinds: Sequence[str],
    *,
    land: str = "",
    kreis_key: str = "",
    at: datetime | None = None,
    limit: int | None = None,
) -> list[HelpLine]:
    """Return whom to call, most fitting first; always somebody, at least two in acute danger.

    Args:
        kinds: the danger the words showed, `quiet`, `need` or kinds of the register; none for the whole register.
        land: where the person is, as code or German name, if known.
        kreis_key: the Kreis, if known.
        at: another time than now, aware.
        limit: how many at most.
    """
    at = (at or timezone.now()).replace(second=0, microsecond=0)
    register = _register()
    asked = (tuple(kinds), land, kreis_key, at, limit, get_language())
    if asked not in register.answers:
        if len(register.answers) >= MOST_ANSWERS:
            register.answers.clear()
        found = helplines.lines_for(
            kinds or [helplines.ALL],
            land=land,
            kreis_key=kreis_key,
            at=at,
            limit=limit,
            known=register.snapshot,
        )
        code = land_code(land, kreis_key)
        register.answers[asked] = tuple(_shown(line, at, code) for line in found)
    return list(register.answers[asked])


def sections(*, land: str = "", kreis_key: str = "", at: datetime | None = None) -> list[Section]:
    """Return the whole page "Sofort Hilfe": every line once, under the heading where one looks for it first.

    Without a place all regional lines are shown, each saying where it is for.
    """
    at = at or timezone.now()
    known = _register().snapshot
    code = land_code(land, kreis_key)
    near = [line for line in known.lines if not code or line.is_near(code, kreis_key)]
    found = []
    for tags, heading in SECTIONS:
        wanted = tags.split()
        mine = [line for line in near if line.kinds and line.kinds[0] in wanted]
        if mine:
            found.append(Section(_(heading), tuple(_shown(line, at, code) for line in mine)))
    return found


def need_answer(*, land: str = "", kreis_key: str = "", at: datetime | None = None) -> Need:
    """Return the answer above the groups when somebody looks for treatment."""
    at = at or timezone.now()
    code = land_code(land, kreis_key)
    answer = need.need_answer(land=land, kreis_key=kreis_key, at=at, known=_register().snapshot)
    return Need(
        answer.heading, answer.intro, tuple(_shown(line, at, code) for line in answer.services), answer.meanwhile,
        answer.can, answer.cannot, answer.if_it_gets_worse, tuple(_shown(line, at, code) for line in answer.lines),
    )  # fmt: skip


def bodies_for(topics: Sequence[str], land: str = "", *, limit: int | None = None) -> list[Body]:
    """Return supra-regional bodies and digital offers for topics, best first; at least NAKOS."""
    found = bodies.bodies_for(topics, land, limit=limit, known=_register().bodies)
    return [
        Body(
            body.name, body.what, body.for_whom, LANDS[body.land] if body.land else str(body.get_reach_display()), body.website,
            _phone(body.phone) if body.phone else None, _checked(body.checked_on), _source(body.source, body.source_date),
        )
        for body in found
    ]  # fmt: skip


def forget_cached() -> None:
    """Read the registers anew for the next page (after a change at the desk, in tests)."""
    _held.clear()


class _Register:
    """The registers at one moment, with the answers already given from them."""

    __slots__ = ("answers", "bodies", "read_at", "snapshot")

    def __init__(self) -> None:
        self.snapshot = helplines.snapshot()
        self.bodies = bodies.all_bodies()
        self.answers: dict[tuple[object, ...], tuple[HelpLine, ...]] = {}
        self.read_at = time.monotonic()


_held: list[_Register] = []


def _register() -> _Register:
    if not _held or time.monotonic() - _held[0].read_at > SECONDS_IN_MEMORY:
        _held[:] = [_Register()]
    return _held[0]


def _shown(line: helplines.Line, at: datetime, land: str) -> HelpLine:
    there = helplines.is_open(line, at, land)
    return HelpLine(
        key=line.key,
        name=line.name,
        emergency=not EMERGENCY.isdisjoint(line.kinds),
        numbers=line.numbers,
        phones=tuple(_phone(number) for number in line.numbers),
        operator=line.operator,
        for_whom=line.for_whom,
        what=line.what,
        hours=line.hours,
        now=_now(there, at),
        is_open=there.status == "open",
        languages=line.languages,
        cost=line.cost,
        free_of_charge=line.cost == FREE,
        note=line.note,
        website=line.website,
        where=", ".join(LANDS[region] for region in line.regions if region in LANDS),
        checked=_checked(line.checked_on),
        checked_on=line.checked_on,
        source=_source(line.source, line.source_date),
    )


def _phone(number: str) -> Phone:
    return Phone(number, "tel:" + "".join(letter for letter in number if letter.isdigit() or letter == "+"))


def _now(there: hours.Availability, at: datetime) -> str:
    if there.around_the_clock:
        return _("jetzt erreichbar, rund um die Uhr")
    if there.status == "open" and there.until:
        return _("jetzt erreichbar bis %(time)s") % {"time": _moment(there.until, at, ends=True)}
    if there.status == "closed" and there.opens_next:
        return _("wieder erreichbar ab %(time)s") % {"time": _moment(there.opens_next, at)}
    return ""


def _moment(moment: datetime, at: datetime, *, ends: bool = False) -> str:
    """Say a time as people do: "20 Uhr", "Mo, 8:30 Uhr"; the end of a day is 24 Uhr."""
    local = at.astimezone(hours.BERLIN)
    days = (moment.date() - local.date()).days
    if ends and days == 1 and (moment.hour, moment.minute) == (0, 0):
        return _("%(clock)s Uhr") % {"clock": "24"}
    clock = _("%(clock)s Uhr") % {
        "clock": f"{moment.hour}:{moment.minute:02}" if moment.minute else f"{moment.hour}"
    }
    if days == 0 or (ends and (moment - at).total_seconds() < SAME_NIGHT_HOURS * 3600):
        return clock
    if days == 1:
        return _("morgen, %(clock)s") % {"clock": clock}
    return f"{_weekdays()[moment.weekday()]}, {clock}"


def _weekdays() -> tuple[str, ...]:
    return (_("Mo"), _("Di"), _("Mi"), _("Do"), _("Fr"), _("Sa"), _("So"))


def _checked(on: date | None) -> str:
    if on is None:
        return _("noch nicht geprüft")
    return _("geprüft am %(day)s") % {"day": f"{on.day}. {_months()[on.month - 1]} {on.year}"}


def _months() -> tuple[str, ...]:
    return (
        _("Januar"), _("Februar"), _("März"), _("April"), _("Mai"), _("Juni"), _("Juli"), _("August"), _("September"),
        _("Oktober"), _("November"), _("Dezember"),
    )  # fmt: skip


def _source(source: str, source_date: str) -> str:
    """Return the source with its date, German order: "116117.de, Stand 02/2021"."""
    if not source_date:
        return source
    said = (
        ".".join(reversed(source_date.split("-")))
        if source_date.count("-") != 1
        else "/".join(reversed(source_date.split("-")))
    )
    return _("%(source)s, Stand %(date)s") % {"source": source, "date": said}
