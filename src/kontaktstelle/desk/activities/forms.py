"""What is typed about an activity, as values; and a record as its form shows it. Rules stand in `activities.log`."""

import re
from dataclasses import dataclass, fields
from datetime import date
from typing import Any
from uuid import UUID

from django.http import QueryDict

from kontaktstelle.activities import kinds, quick
from kontaktstelle.activities.log import Facts
from kontaktstelle.activities.models import ActivityRecord
from kontaktstelle.desk import typed
from kontaktstelle.organisation.models import ContactPoint, Site
from kontaktstelle.refusal import StepRefused

LONGEST_LINE = 300
_MONTH = re.compile(r"^(?:(\d{1,2})[./](\d{4})|(\d{4})-(\d{1,2}))$")


class NotANumber(StepRefused):
    """A field for a number holds something else."""

    def __init__(self, name: str) -> None:
        super().__init__(f"Bei „{name}“ steht keine Zahl.")


class MonthUnreadable(StepRefused):
    """A month that is none."""

    sentence = "Diesen Tag oder Monat lesen wir nicht. Schreiben Sie 12.3.2026 oder 3/2026."


@dataclass(frozen=True, slots=True)
class Texts:
    """The form as text; `line` is the quick one."""

    line: str = ""
    kind: str = ""
    times: str = "1"
    when: str = ""
    reached: str = ""
    waiting: str = ""
    minutes: str = ""
    site: str = ""
    text: str = ""
    group: str = ""
    founding: str = ""

    @property
    def is_detailed(self) -> bool:
        """Say whether anything but the quick line is filled."""
        return any(
            getattr(self, field.name) not in {"", "1"} for field in fields(self) if field.name != "line"
        )


def read(post: QueryDict) -> Texts:
    """Return what was typed."""
    return Texts(**{field.name: post.get(field.name, "").strip()[:LONGEST_LINE] for field in fields(Texts)})


def of_record(record: ActivityRecord, *, again: bool = False) -> Texts:
    """Return a record as its form shows it; `again` for a copy, which has no day yet."""
    when = f"{record.day:%d.%m.%Y}" if record.day else f"{record.month:%m/%Y}"
    numbers = {name: getattr(record, name) for name in ("times", "reached", "waiting", "minutes")}
    return Texts(
        kind=record.kind,
        when="" if again else when,
        site=record.site.code if record.site else "",
        text=record.text,
        group=str(record.group or ""),
        founding=str(record.founding or ""),
        **{name: "" if number is None else str(number) for name, number in numbers.items()},
    )


def facts(said: Texts, office: ContactPoint, *, today: date) -> Facts:
    """Return what a form says: its quick line, where there is one, else its fields.

    Raises:
        quick.LineUnclear, NotANumber, MonthUnreadable, kinds.UnknownKind: as their sentences say.
    """
    if said.line:
        return quick.read(said.line, today=today, sites=sites_by_word(office))
    month, day = _when(said.when, today)
    kinds.checked(said.kind, year=month.year)
    site = next((each for each in office.sites.all() if each.code == said.site), None)
    return Facts(
        said.kind,
        month,
        day,
        times=_number(said.times, "Wie oft") or 1,
        reached=_number(said.reached, "Erreicht"),
        waiting=_number(said.waiting, "Warteliste"),
        minutes=_number(said.minutes, "Minuten"),
        site=site,
        text=said.text,
        group=_row(said.group),
        founding=_row(said.founding),
    )


def sites_by_word(office: ContactPoint) -> dict[str, Site]:
    """Return the office's sites by every word that means one of them alone: name, code, town."""
    found: dict[str, list[Site]] = {}
    for site in office.sites.all():
        for word in {site.name.lower(), site.code.lower(), site.town.lower()}:
            found.setdefault(word, []).append(site)
    return {word: meant[0] for word, meant in found.items() if len(meant) == 1 and word}


def offered(office: ContactPoint, year: int) -> dict[str, Any]:
    """Return the choices of the form."""
    of_field: dict[str, list[kinds.Kind]] = {}
    for kind in kinds.offered(year):
        of_field.setdefault(str(kind.field.label), []).append(kind)
    return {
        "kinds_by_field": of_field,
        "sites": [(site.code, site.name) for site in office.sites.all()],
    }


def _when(text: str, today: date) -> tuple[date, date | None]:
    if not text:
        return today, today
    if said := _MONTH.match(text):
        month, year = (said[1], said[2]) if said[1] else (said[4], said[3])
        try:
            return date(int(year), int(month), 1), None
        except ValueError as error:
            raise MonthUnreadable from error
    if re.match(r"^\d{1,2}\.\d{1,2}\.?$", text):
        text = f"{text.rstrip('.')}.{today.year}"
    day = typed.day(text)
    return (day or today), day


def _number(text: str, name: str) -> int | None:
    if not text:
        return None
    number = typed.whole_number(text.replace(".", ""))
    if number < 0:
        raise NotANumber(name)
    return number


def _row(text: str) -> UUID | None:
    return typed.number(text) if text else None
