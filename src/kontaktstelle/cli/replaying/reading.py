"""A published report, read: which of our figures each of its numbers means, and which number a year of records must add up to.

What no daily log can hold is listed with its reason. Where the published numbers do not fit together, no year has them all; that
is said, and the parts go before the whole.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kontaktstelle.reporting.definitions import GROUPINGS
from kontaktstelle.topics import tree

ELIGIBLE = frozenset(
    {
        "anfragen",
        "vermittlung",
        "gruppen",
        "gruendung",
        "foerderung",
        "fortbildung",
        "raum",
        "oeffentlichkeit",
        "nutzung",
        "themen",
    }
)
EXACT, ABOUT, MORE, LESS, AT_LEAST, AT_MOST = (
    "exact",
    "about",
    "more_than",
    "less_than",
    "at_least",
    "at_most",
)
QUALIFIERS = frozenset({EXACT, ABOUT, MORE, LESS, AT_LEAST, AT_MOST})
SHARE = "_anteil"
# Reasons for which a number is listed though a daily log might have held it: they count against the share.
NO_FIGURE = "Diese Bezeichnung lässt sich keiner Zahl des Programms zuordnen."
NOT_WHOLE = "Keine ganze Zahl: nicht zu zählen."
NO_TOTAL = "Anteil ohne Grundmenge: Von wie vielen, sagt der Bericht nicht."
MONTHS = 12
_HERE = Path(__file__).parent
_YEAR = re.compile(r"(?<!bis )(?<!seit )(?<!\d)((?:19|20)\d\d)(?!\d)")
# Of an "about" as many digits count as are printed, and never more than this share.
TOLERATED = 0.05


def _rows(name: str, columns: int) -> list[list[str]]:
    return [[*row, *[""] * (columns - len(row))] for row in tree.rows(_HERE / name)]


_WORDS = [
    (area, re.compile(pattern), unit, figure, by, value)
    for area, pattern, unit, figure, by, value in _rows("words.tsv", 6)
]
_FIELDS = [(re.compile(pattern), name) for pattern, name in _rows("field_words.tsv", 2)]


@dataclass(slots=True)
class Wanted:
    """One published number and the figure it is one of.

    Args:
        number: its place in the file.
        label: as published.
        year: of which year.
        figure: key of our figure.
        by: breakdown, or "".
        value: value of the breakdown.
        published: the number as published; for a share per cent.
        qualifier: exact, about, more_than, …
        note: what the file says beside it.
        is_share: per cent of the contacts of the year.
        per_month: a mean of a month; the year has twelve of it.
        aimed: what the records are made to add up to.
    """

    number: int
    label: str
    year: int
    figure: str
    by: str
    value: str
    published: float
    qualifier: str
    note: str
    is_share: bool = False
    per_month: bool = False
    aimed: int = 0

    @property
    def cell(self) -> tuple[int, str, str, str]:
        """The figure it is, or the value of one of its breakdowns, in a year."""
        return self.year, self.figure, self.by, self.value

    def holds(self, counted: float) -> bool:
        """Say whether a counted number is what was published, as its qualifier means it."""
        value, said = self.published, f"{self.note} {self.label}".lower()
        at_least, at_most = counted >= value, counted <= value
        about = abs(counted - value) <= tolerance(value)
        about &= at_most or not re.search(r"\b(knapp|fast|beinahe)\b", said)
        about &= at_least or not re.search(r"\b(gut|etwas über)\b", said)
        return {
            MORE: at_least if "mind" in said else counted > value, LESS: counted < value, AT_LEAST: at_least, AT_MOST: at_most,
            ABOUT: about,
        }.get(self.qualifier, counted == value)  # fmt: skip


@dataclass(slots=True)
class Plan:
    """What is to come back, what is not from daily work and why, and what does not fit together."""

    wanted: list[Wanted]
    listed: list[dict[str, Any]]
    odd: list[str] = field(default_factory=list)

    def records(self) -> list[dict[str, Any]]:
        """Return what the records of a year must add up to: plain values, once each."""
        cells = {each.cell: each.aimed for each in self.wanted}
        return [
            {"year": year, "figure": figure, "by": by, "value": value, "number": number}
            for (year, figure, by, value), number in cells.items()
        ]


def tolerance(value: float) -> float:
    """Return how far an "about" may be off: half of its last printed digit that is not zero, at most a twentieth."""
    whole, unit = int(value), 1
    while whole and whole % (unit * 10) == 0:
        unit *= 10
    return max(1.0, min(unit / 2, value * TOLERATED))


def read(published: Mapping[str, Any]) -> Plan:
    """Read a report into a plan.

    Raises:
        KeyError, TypeError, ValueError: it is none.
    """
    year = int(published["year"])
    plan = Plan([], [])
    last: Wanted | None = None
    for number, entry in enumerate(published["figures"]):
        area, label = str(entry["area"]), str(entry["label_published"])
        value, qualifier = float(entry["value"]), str(entry.get("qualifier", EXACT))
        reason = _why_not(area, label, value, qualifier)
        found = None if reason else _meant(area, label, str(entry.get("unit", "")), last)
        if found is None:
            plan.listed.append(
                _listed(
                    number,
                    entry,
                    reason or NO_FIGURE,
                )
            )
            continue
        figure, by, key = found
        last = Wanted(
            number, label, _year_of(label, year), figure, by, key, value, qualifier, str(entry.get("note", "")),
            is_share=area.endswith(SHARE), per_month="im monat" in label.lower() or "monatlich (" in label.lower(),
        )  # fmt: skip
        plan.wanted.append(last)
    _drop_shares_without_total(plan, published["figures"])
    _aim(plan, published["figures"])
    return plan


def _listed(number: int, entry: Mapping[str, Any], reason: str) -> dict[str, Any]:
    return {
        "number": number, "area": entry["area"], "label": entry["label_published"], "value": entry["value"], "reason": reason,
        "countable": reason in {NO_FIGURE, NOT_WHOLE},
    }  # fmt: skip


def _why_not(area: str, label: str, value: float, qualifier: str) -> str:
    root = area.removesuffix(SHARE).split("_nach_", maxsplit=1)[0]
    reasons = {
        "Angabe zur Struktur (Stellen, Standorte, Personal, Bestehen): nicht aus dem Tagewerk.": root not in ELIGIBLE,
        NO_TOTAL: area == f"themen{SHARE}",
        "Themen eines ganzen Landes: mehr, als das Verzeichnis einer Stelle hat.": root == "themen" and value > len(tree.TOPICS),
        "Wert über mehrere Jahre: kein einzelnes Jahr.": bool(re.search(r"\b(jahren|mehrjährig|seit beginn)\b", label.lower())),
        f"Die Angabe „{qualifier}“ lässt sich nicht prüfen.": qualifier not in QUALIFIERS,
        NOT_WHOLE: value < 0 or (value != int(value) and not area.endswith(SHARE)),
    }  # fmt: skip
    return next((reason for reason, holds in reasons.items() if holds), "")


def _year_of(label: str, year: int) -> int:
    if "vorjahr" in label.lower():
        return year - 1
    named = _YEAR.search(label)
    return int(named.group(1)) if named else year


def _meant(area: str, label: str, unit: str, last: Wanted | None) -> tuple[str, str, str] | None:
    said = label.lower()
    if "dasselbe" in said and last is not None:
        return last.figure, last.by, last.value
    for start, pattern, wanted_unit, figure, by, value in _WORDS:
        if (
            not area.startswith(start)
            or not pattern.search(said)
            or (wanted_unit and wanted_unit != unit.lower())
        ):
            continue
        key = value
        if value == "{field}":
            field_name = next((name for words, name in _FIELDS if words.search(said)), "")
            if not field_name:
                continue
            key = field_name
        elif value == "{site}":
            key = re.sub(r"[^a-zäöüß]", "", said.split("davon")[1]) or "ort"
        elif value == "{title}":
            quoted = re.search(r"[„\"»]([^“”\"«]+)", label)
            key = quoted.group(1) if quoted else label
        elif value == "{label}":
            key = label
        return figure, by, key
    return None


def _drop_shares_without_total(plan: Plan, figures: Sequence[Mapping[str, Any]]) -> None:
    """A share is one of the contacts of its year; where the report does not say how many those were, it is listed."""
    totals = {each.year for each in plan.wanted if each.figure in {"contacts", "people"} and not each.by}
    for each in [each for each in plan.wanted if each.is_share and each.year not in totals]:
        plan.wanted.remove(each)
        plan.listed.append(_listed(each.number, figures[each.number], NO_TOTAL))  # fmt: skip


def _aim(plan: Plan, figures: Sequence[Mapping[str, Any]]) -> None:
    """Choose for each cell a number that every published statement about it allows."""
    counts = [each for each in plan.wanted if not each.is_share]
    for each in counts:
        each.aimed = _chosen(each) * (MONTHS if each.per_month else 1)
    by_cell: dict[tuple[int, str, str, str], list[Wanted]] = {}
    for each in counts:
        by_cell.setdefault(each.cell, []).append(each)
    for several in by_cell.values():
        several.sort(key=lambda each: each.qualifier != EXACT)
        for other in several[1:]:
            other.aimed = several[0].aimed
            if not other.holds(several[0].aimed / (MONTHS if other.per_month else 1)):
                _contradicts(plan, figures, other, f"„{several[0].label}“ ({_number(several[0].published)}) und „{other.label}“ ({_number(other.published)}) sind dieselbe Zahl des Programms, aber nicht gleich.")  # fmt: skip
    _fit_totals(plan, figures)
    _fit_referrals(plan, figures)
    _aim_shares(plan)


def _chosen(each: Wanted) -> int:
    value = int(each.published)
    if each.qualifier in {MORE, AT_LEAST}:
        return value + max(1, value // 100)
    if each.qualifier in {LESS, AT_MOST}:
        return max(0, value - max(1, value // 100))
    if each.qualifier == ABOUT:
        off = max(1, int(min(tolerance(value), value // 100)))
        down = value - off
        return down if each.holds(down) and not each.holds(value + off) else value + off
    return value


def _fit_totals(plan: Plan, figures: Sequence[Mapping[str, Any]]) -> None:
    """Let a whole be at least its parts; where it was published smaller, or the parts leave something open, say so."""
    wholes = {(each.year, each.figure): each for each in plan.wanted if not each.by}
    parts: dict[tuple[int, str, str], list[Wanted]] = {}
    for each in plan.wanted:
        if each.by and not each.is_share and each.by != "concerns":
            parts.setdefault((each.year, each.figure, _family(each.by)), []).append(each)
    for (year, figure, _), several in parts.items():
        whole, total = wholes.get((year, figure)), sum({each.cell: each.aimed for each in several}.values())
        if whole is None:
            continue
        if whole.qualifier != EXACT and whole.holds(total) and len(several) > 1:
            _set(plan, whole, total)
        names = " + ".join(f"{each.label} {_number(each.published)}" for each in several)
        if total > whole.aimed:
            _contradicts(plan, figures, whole, f"Die Teile ergeben {_number(total)}, das Ganze ist mit {_number(whole.published)} veröffentlicht ({names}): Kein Jahr hat beides. Gezählt werden die Teile.")  # fmt: skip
        elif total < whole.aimed and len(several) > 1 and whole.qualifier == EXACT and {each.qualifier for each in several} == {EXACT}:  # fmt: skip
            plan.odd.append(f"Die Teile ergeben {_number(total)} von {_number(whole.published)} ({names}): {_number(whole.aimed - total)} ohne Zuordnung, hier „unbekannt“.")  # fmt: skip


def _fit_referrals(plan: Plan, figures: Sequence[Mapping[str, Any]]) -> None:
    """A referral leads to a group or into the network: both together are all of them."""
    for whole in [each for each in plan.wanted if each.figure == "referrals" and not each.by]:
        parts = {each.figure: each.aimed for each in plan.wanted if each.year == whole.year and each.figure.startswith("referrals.")}  # fmt: skip
        total = sum(parts.values())
        if total > whole.aimed or (len(parts) > 1 and total != whole.aimed):
            if whole.qualifier != EXACT and whole.holds(total):
                _set(plan, whole, total)
            else:
                _contradicts(plan, figures, whole, f"Vermittlungen an Gruppen und in das Netz ergeben {_number(total)}, das Ganze ist mit {_number(whole.published)} veröffentlicht: Kein Jahr hat beides.")  # fmt: skip


def _family(by: str) -> str:
    """Breakdowns of one column are parts of one whole: three ways and five ways of asking how."""
    return {"nakos-ways": "channel", "ways": "channel", "people-three": "who", "people-four": "who", "kinds": "main-field"}.get(by, by)  # fmt: skip


def _contradicts(plan: Plan, figures: Sequence[Mapping[str, Any]], each: Wanted, reason: str) -> None:
    if each in plan.wanted:
        plan.wanted.remove(each)
        plan.listed.append(_listed(each.number, figures[each.number], reason))
        plan.odd.append(reason)


def _set(plan: Plan, whole: Wanted, total: int) -> None:
    for each in plan.wanted:
        if each.cell == whole.cell:
            each.aimed = total


def _aim_shares(plan: Plan) -> None:
    for each in plan.wanted:
        if not each.is_share:
            continue
        whole = next(
            (other for other in plan.wanted if other.year == each.year and other.figure == "contacts" and not other.by and not other.is_share),
            None,
        ) or next(other for other in plan.wanted if other.year == each.year and other.figure == "people")  # fmt: skip
        share = each.published
        if each.qualifier == MORE:
            share += 0.4
        elif each.qualifier == ABOUT:
            share += 0.3
        each.aimed = round(share * whole.aimed / 100)


def _number(value: float) -> str:
    return f"{int(value):,}".replace(",", ".") if value == int(value) else str(value).replace(".", ",")


assert set(GROUPINGS) >= {"ways", "nakos-ways", "people-three", "people-four", "kinds"}  # noqa: S101 - the words name them
