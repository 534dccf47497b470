"""Sofort Hilfe for templates: flat help lines with phone links, "jetzt erreichbar bis 20 Uhr" and "geprüft am …".

The register is held in memory for a minute, so that a page costs no query; what is said changes with the minute. What an
office confirms or changes (`fresh.changed`) shows on the next page.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar

from django.utils import timezone
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from kontaktstelle.network import bodies, helplines, hours, models, need
from kontaktstelle.network.lands import LANDS, land_code
from kontaktstelle.ui import fresh

SECONDS_IN_MEMORY = 60
MOST_ANSWERS = 500
FREE = "kostenlos"
EMERGENCY = frozenset({"emergency", "police"})
# A span that ends within so many hours needs no weekday to be understood.
SAME_NIGHT_HOURS = 14
# Two always, a third for whoever cannot get through.
URGENT_LINES = 3

Answer = TypeVar("Answer")

# Together they hold every kind of `network.kinds`: a line is found under its first.
SECTIONS: tuple[tuple[str, str], ...] = (
    ("emergency police medical", gettext_noop("Wenn es sofort sein muss")),
    ("crisis depression therapy", gettext_noop("Krise und Verzweiflung")),
    ("violence-women violence-men sexual-abuse victims", gettext_noop("Gewalt und Missbrauch")),
    ("children parents pregnancy", gettext_noop("Kinder, Jugendliche, Eltern, Schwangere")),
    ("addiction", gettext_noop("Sucht")),
    ("loneliness older care", gettext_noop("Einsamkeit, Alter, Pflege")),
    ("poison", gettext_noop("Vergiftung")),
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
    at = _minute(at)

    def find(register: _Register) -> tuple[HelpLine, ...]:
        wanted = kinds or [helplines.ALL]
        found = helplines.lines_for(
            wanted, land=land, kreis_key=kreis_key, at=at, limit=limit, known=register.snapshot
        )
        code = land_code(land, kreis_key)
        return tuple(_shown(line, at, code) for line in found)

    return list(_remembered(("lines", *kinds, land, kreis_key, at, limit), find))


def urgent(danger: str, *, land: str = "", kreis_key: str = "") -> dict[str, Any] | None:
    """Return what stands before everything in acute danger of this kind, or None if there is none."""
    if not danger:
        return None
    said = {
        "suicide": (
            _("Sie müssen da jetzt nicht allein durch"),
            _("Hier hört Ihnen jemand zu, sofort und ohne Ihren Namen."),
        ),
        "other-suicide": (
            _("Holen Sie jetzt Hilfe dazu"),
            _(
                "Sie müssen das nicht allein entscheiden. Bleiben Sie in der Nähe, wenn es für Sie sicher ist."
            ),
        ),
        "violence": (
            _("Bringen Sie sich in Sicherheit"),
            _("Die Polizei kommt. Beim Hilfetelefon hört Ihnen jemand zu, auch ohne Ihren Namen."),
        ),
        "child": (_("Ein Kind braucht jetzt Schutz"), _("Rufen Sie an. Sie müssen sich nicht sicher sein.")),
        "medical": (
            _("Das braucht jetzt einen Arzt oder eine Ärztin"),
            _("Rufen Sie an. Am Telefon sagt man Ihnen, was Sie tun können, bis jemand da ist."),
        ),
        "withdrawal": (_("Ein Entzug kann gefährlich sein"), _("Bitte holen Sie jetzt ärztliche Hilfe.")),
    }
    heading, sentence = said.get(danger, said["suicide"])
    return {
        "heading": heading,
        "sentence": sentence,
        "lines": lines_for([danger], limit=URGENT_LINES, land=land, kreis_key=kreis_key),
    }


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
        if not code:
            # A line of one Land first would send most people to a number that is not for them.
            mine.sort(key=lambda line: bool(line.regions))
        if mine:
            found.append(Section(_(heading), tuple(_shown(line, at, code) for line in mine)))
    return found


def need_answer(*, land: str = "", kreis_key: str = "", at: datetime | None = None) -> Need:
    """Return the answer above the groups when somebody looks for treatment."""
    at = _minute(at)

    def find(register: _Register) -> Need:
        code = land_code(land, kreis_key)
        answer = need.need_answer(land=land, kreis_key=kreis_key, at=at, known=register.snapshot)
        return Need(
            heading=answer.heading,
            intro=answer.intro,
            services=tuple(_shown(line, at, code) for line in answer.services),
            meanwhile=answer.meanwhile,
            can=answer.can,
            cannot=answer.cannot,
            if_it_gets_worse=answer.if_it_gets_worse,
            lines=tuple(_shown(line, at, code) for line in answer.lines),
        )

    return _remembered(("need", land, kreis_key, at), find)


def bodies_for(topics: Sequence[str], land: str = "", *, limit: int | None = None) -> list[Body]:
    """Return supra-regional bodies and digital offers for topics, best first; without a limit NAKOS is always there."""

    def find(register: _Register) -> tuple[Body, ...]:
        return tuple(
            _shown_body(body) for body in bodies.bodies_for(topics, land, limit=limit, known=register.bodies)
        )

    return list(_remembered(("bodies", *topics, land, limit), find))


def forget_cached() -> None:
    """Read the registers anew for the next page of this process (in tests); a step says `fresh.changed` to all of them."""
    _held.clear()


class _Register:
    """The registers at one moment, with the answers already given from them."""

    __slots__ = ("answers", "bodies", "read_at", "snapshot", "version")

    def __init__(self) -> None:
        self.version = fresh.version()  # before reading: a change in between is read again
        self.snapshot = helplines.snapshot()
        self.bodies = bodies.all_bodies()
        self.answers: dict[tuple[object, ...], Any] = {}
        self.read_at = time.monotonic()


_held: list[_Register] = []


def _register() -> _Register:
    # A copy: another thread may empty the list between the look and the grasp.
    held = _held[:]
    if (
        held
        and held[0].version == fresh.version()
        and time.monotonic() - held[0].read_at <= SECONDS_IN_MEMORY
    ):
        return held[0]
    register = _Register()
    _held[:] = [register]
    return register


def _remembered(question: tuple[object, ...], find: Callable[[_Register], Answer]) -> Answer:
    """Return the answer to a question of this minute in this language, found once."""
    register = _register()
    asked = (*question, get_language())
    answer: Answer | None = register.answers.get(asked)
    if answer is None:
        if len(register.answers) >= MOST_ANSWERS:
            register.answers.clear()
        answer = register.answers[asked] = find(register)
    return answer


def _minute(at: datetime | None) -> datetime:
    return (at or timezone.now()).replace(second=0, microsecond=0)


def _shown_body(body: models.Body) -> Body:
    return Body(
        name=body.name,
        what=body.what,
        for_whom=body.for_whom,
        reach=LANDS[body.land] if body.land else str(body.get_reach_display()),
        website=body.website,
        phone=_phone(body.phone) if body.phone else None,
        checked=_checked(body.checked_on),
        source=_source(body.source, body.source_date),
    )


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
