"""What "Gesagt" shows: calls to make, the list for the proof, and what nobody has looked after."""

import csv
import io
from datetime import date
from typing import Any
from uuid import UUID

from django.utils import timezone

from kontaktstelle.funding import matching, programmes, telling
from kontaktstelle.funding.lifecycle import TellingStatus
from kontaktstelle.funding.models import FundingSearch, Telling
from kontaktstelle.funding.settling import Said
from kontaktstelle.groups.importing.cells import neutral
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import current

YEARS_BACK = 3
# An office with 250 groups has some thousand lines a year: the page shows the beginning, and everything on demand.
LINES_SHOWN, CALLS_SHOWN = 60, 30
# What is said to one call in one key; who wants money and who has applied are two of them.
KEYS = [
    (Said.TOLD.value, "erreicht"),
    (Said.SUBMITTED.value, "erledigt"),
    (Said.DECLINES.value, "will nicht"),
    (Said.NOBODY.value, "niemand"),
]
_ABOUT = {Telling.About.NONE: "dass nichts gefunden wurde", Telling.About.ALL_YEAR: "ganzjährige Förderung"}


def context(year: int, *, on: date, whole: bool) -> dict[str, Any]:
    """Return what the page shows of a year; `whole`: every line, to print."""
    lines = telling.told_list(year=year)
    calls = telling.calls_to_make()
    office = ContactPoint.objects.get(pk=current())
    nothing = groups_without(office)
    return {
        "year": year,
        "today": on,
        "years": [each for each in range(on.year - YEARS_BACK, on.year + 2) if each in {year, on.year, on.year - 1} or Telling.objects.filter(year=each).exists()],
        "calls": [_call(each) for each in (calls if whole else calls[:CALLS_SHOWN])],
        "call_count": len(calls),
        "whole": whole,
        "keys": KEYS,
        "lines": lines if whole else lines[:LINES_SHOWN],
        "line_count": len(lines),
        "told": sum(line.told_at is not None for line in lines),
        "late": [(group, each) for group, each in telling.not_told_in_time(on=on)],
        "search": FundingSearch.objects.filter(year=on.year).first(),
        "without": nothing,
        "known": len(matching.known_groups()),
    }  # fmt: skip


def groups_without(office: ContactPoint) -> list[tuple[UUID, str]]:
    """Return number and name of the groups for whose place the register knows no programme."""
    place = matching.Place(office)
    every = [each for each in programmes.programmes_of(office.pk) if each.for_groups]
    return [
        (group.pk, group.name)
        for group in matching.known_groups()
        if not any(place.reaches(each, group) for each in every)
    ]


def is_known(number: UUID) -> bool:
    """Say whether the office being acted for has such a telling."""
    return bool(Telling.objects.filter(pk=number).exists())


def as_csv(year: int) -> bytes:
    """Return the list of a year: semicolons, UTF-8 with its mark, no cell a formula."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    writer.writerow(["Gruppe", "wovon", "Frist", "Schritt", "Weg", "Stand", "gesagt am"])
    for line in telling.told_list(year=year):
        said = f"{timezone.localtime(line.told_at):%d.%m.%Y %H:%M}" if line.told_at else ""
        due = f"{line.due_on:%d.%m.%Y}" if line.due_on else ""
        writer.writerow(
            [neutral(cell) for cell in (line.group, line.what, due, line.step, line.way, line.status, said)]
        )
    return text.getvalue().encode("utf-8-sig")


def calls_for(group: UUID) -> list[dict[str, Any]]:
    """Return the calls to make to one group."""
    return [_call(each) for each in telling.calls_to_make() if each.group_id == group]


def lines_of(group: UUID) -> list[dict[str, Any]]:
    """Return what one group was told, the newest first."""
    rows = Telling.objects.filter(group=group).select_related("round__programme").order_by("-made_at", "pk")
    return [
        {
            "what": _what(row),
            "due_on": row.due_on,
            "step": str(Telling.Step(row.step).label),
            "way": str(row.get_way_display()),
            "status": str(TellingStatus(row.status).label),
            "told_at": row.told_at,
        }
        for row in rows[:30]
    ]


def _what(row: Telling) -> str:
    if row.round is None:
        return _ABOUT[Telling.About.NONE]
    proof = "Verwendungsnachweis: " if row.about == Telling.About.PROOF else ""
    return f"{proof}{row.round.programme.name}"


def _call(row: Telling) -> dict[str, Any]:
    return {
        "number": row.pk,
        "group": row.group_id,
        "name": row.group.name,
        "what": _what(row),
        "due_on": row.due_on,
        "why": {
            Telling.Step.SILENCE: "hat sich nicht gemeldet",
            Telling.Step.BOUNCE: "die Nachricht kam nicht an",
        }.get(Telling.Step(row.step), ""),
        "tries": row.tries,
    }
