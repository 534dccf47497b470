"""Nobody in the figures: an audit by linear programming over everything that was published, written apart from the product.

The auditor holds the published tables and knows only that counts are not negative, and which figure is part of another. For every
hidden number it solves for the least and the most it can be. Long form: `KONTAKTSTELLE_AUDIT_YEARS=200`.
"""

import os
from collections import Counter
from itertools import product
from random import Random

import numpy as np
import pytest
from scipy.optimize import linprog

from kontaktstelle.reporting import suppression
from kontaktstelle.reporting.suppression import MINIMUM, Release, detail

YEARS = int(os.environ.get("KONTAKTSTELLE_AUDIT_YEARS", "20"))
QUARTERS = ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4"]
TOPICS = {"a1": "A", "a2": "A", "a3": "A", "b1": "B", "b2": "B", "c1": "C", "d1": "D"}
PLACES = {"u": "K1", "v": "K1", "w": "K2", "x": "K3"}
CHANNELS = ["tel", "mail"]
ATOMS = list(product(range(4), TOPICS, PLACES, CHANNELS))
COLUMNS = {
    "field": lambda atom: TOPICS[atom[1]],
    "kreis": lambda atom: PLACES[atom[2]],
    "channel": lambda atom: atom[3],
}
FINER = {"field": lambda atom: atom[1], "kreis": lambda atom: atom[2]}  # fmt: skip


def a_year(chance):
    """Return the contacts of a random year by atom: small offices and large ones, lopsided as topics are."""
    weights = {name: chance.paretovariate(0.8) for name in [*TOPICS, *PLACES, *CHANNELS]}
    size = chance.choice([8, 30, 60, 90, 150, 300, 700])
    busy = [chance.choice([0.1, 1, 1, 2]) for _ in range(4)]
    of_atom = [busy[a[0]] * weights[a[1]] * weights[a[2]] * weights[a[3]] for a in ATOMS]
    return Counter(chance.choices(ATOMS, of_atom, k=size))


def by(rows, name, quarter=None, *, finer=False, within=None):
    column, found = (FINER if finer else COLUMNS)[name], Counter()
    for atom, count in rows.items():
        if quarter in {None, atom[0]} and (within is None or COLUMNS[name](atom) == within):
            found[column(atom)] += count
    return found


def publish(rows, chance, release=None, bounds=None):
    """Publish a year as an office would: some quarters on their day, then the year, then what is finer. Return what left the house."""
    release = release or Release("contacts")
    told = []
    for name in COLUMNS:
        bound = bounds(name) if bounds else suppression.unbound
        for number in sorted(chance.sample(range(4), chance.randint(0, 4))):
            table = release.add_quarter(name, QUARTERS[number], by(rows, name, number), bounds=bound)
            if table is not None:
                told.append((name, number, None, table.published()))
    for name in COLUMNS:
        bound = bounds(name) if bounds else suppression.unbound
        year = release.add_year(
            name, "2026", {quarter: by(rows, name, number) for number, quarter in enumerate(QUARTERS)}, bounds=bound
        )  # fmt: skip
        if year is None:
            continue
        told.append((name, None, None, year.published()))
        for value, count in year.published()["values"].items():
            finer = by(rows, name, finer=True, within=value) if name in FINER else {}
            if len(finer) > 1 and bounds is None and count:
                table = detail("2026", count, finer)
                if table is not None:
                    told.append((name, None, value, table.published()))
    return told


class Auditor:
    """Holds what was published; `parts` says how many figures of each atom there are (a part stands before its whole)."""

    def __init__(self, figures):
        self.width, self.rows, self.right = len(figures) * len(ATOMS), [], []
        self.less, self.hidden, self.shown = [], [], []
        for part in range(len(figures) - 1):
            for atom in range(len(ATOMS)):
                row = np.zeros(self.width)
                row[part * len(ATOMS) + atom], row[(part + 1) * len(ATOMS) + atom] = 1, -1
                self.less.append(row)
        for number, told in enumerate(figures):
            for name, quarter, within, table in told:
                self._read(number, name, quarter, within, table)

    def _read(self, figure, name, quarter, within, table):
        column = FINER[name] if within is not None else COLUMNS[name]

        def where(values=None):
            row = np.zeros(self.width)
            for place, atom in enumerate(ATOMS):
                if (
                    quarter in {None, atom[0]}
                    and (within is None or COLUMNS[name](atom) == within)
                    and (values is None or column(atom) in values)
                ):
                    row[figure * len(ATOMS) + place] = 1
            return row

        # A value that stands in no table of the period was not there: the table names all there are.
        named = {*table["values"], *table["hidden"]}
        everything = {column(atom) for atom in ATOMS if within is None or COLUMNS[name](atom) == within}
        facts = [
            (where(), table["total"]),
            (where(table["hidden"]), table["rest"]),
            (where(everything - named), 0),
        ]
        facts += [(where({value}), count) for value, count in table["values"].items()]
        for row, count in facts:
            if row.any():
                self.rows.append(row)
                self.right.append(count)
        self.hidden += [(f"{name} {quarter} {value}", where({value})) for value in table["hidden"]]
        self.shown += list(table["values"].values())

    def interval(self, row):
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * row, A_eq=np.array(self.rows), b_eq=self.right,
                A_ub=np.array(self.less) if self.less else None, b_ub=np.zeros(len(self.less)) if self.less else None,
                bounds=(0, None), method="highs",
            )  # fmt: skip
            assert found.status in {0, 3}, found.message
            ends.append(sign * found.fun if found.status == 0 else float("inf"))
        return ends


def small_ones(rows, figure=0, figures=1):
    """Every number from 1 to 4 that is there, by quarter and for the year: hidden or not, none may be found."""
    for name, column in COLUMNS.items():
        for quarter in (None, 0, 1, 2, 3):
            for value, count in by(rows, name, quarter).items():
                if 0 < count < MINIMUM:
                    row = np.zeros(figures * len(ATOMS))
                    for place, atom in enumerate(ATOMS):
                        if quarter in {None, atom[0]} and column(atom) == value:
                            row[figure * len(ATOMS) + place] = 1
                    yield f"small {name} {quarter} {value} = {count}", row


@pytest.mark.parametrize("seed", range(YEARS))
def test_no_hidden_number_can_be_narrowed_down_over_everything_published(seed):
    chance = Random(seed)  # noqa: S311 - repeatable
    rows = a_year(chance)
    told = publish(rows, chance)
    if not told:
        return
    auditor = Auditor([told])
    assert not [count for count in auditor.shown if 0 < count < MINIMUM], "a small number is shown"
    for what, row in [*auditor.hidden, *small_ones(rows)]:
        least, most = auditor.interval(row)
        assert most - least >= MINIMUM - 1e-6, f"{what}: between {least:g} and {most:g}"


@pytest.mark.parametrize("seed", range(max(5, YEARS // 4)))
def test_a_part_and_its_whole_are_published_together_and_neither_tells_of_the_other(seed):
    chance = Random(1000 + seed)  # noqa: S311 - repeatable
    whole = a_year(chance)
    part = Counter({atom: sum(chance.random() < 0.4 for _ in range(count)) for atom, count in whole.items()})

    def counts(rows, name):
        return {quarter: by(rows, name, number) for number, quarter in enumerate(QUARTERS)}

    def within_whole(name):
        of = counts(whole, name)
        return lambda row, value: (
            0,
            of[row][value] if row in of else sum(each[value] for each in of.values()),
        )

    def above_part(name):
        of = counts(part, name)
        return lambda row, value: (
            of[row][value] if row in of else sum(each[value] for each in of.values()),
            None,
        )

    told = [publish(part, chance, bounds=within_whole), publish(whole, chance, bounds=above_part)]
    auditor = Auditor(told)
    assert not [count for count in auditor.shown if 0 < count < MINIMUM]
    for what, row in auditor.hidden:
        least, most = auditor.interval(row)
        assert most - least >= MINIMUM - 1e-6, f"{what}: between {least:g} and {most:g}"


def test_the_auditor_finds_somebody_where_only_small_cells_are_hidden():
    table = {"period": "2026", "total": 40, "values": {"A": 20, "B": 18}, "hidden": ["C"], "rest": 2}
    auditor = Auditor([[("field", None, None, table)]])
    assert auditor.interval(auditor.hidden[0][1]) == pytest.approx([2, 2])


def test_a_quarter_that_was_published_is_never_cut_anew_and_the_year_does_not_give_it_away():
    release = Release("contacts")
    first = release.add_quarter("field", "2026-Q1", {"A": 30, "B": 3, "C": 9})
    assert first.published()["hidden"] == ["B", "C"]
    late = release.add_quarter("field", "2026-Q1", {"A": 31, "B": 4, "C": 9})
    assert late == first, "a late entry cuts nothing anew"
    second = release.add_quarter("field", "2026-Q2", {"A": 30, "B": 20, "C": 8})
    assert not second.hidden
    year = release.add_year("field", "2026", {"2026-Q1": {"A": 31, "B": 4, "C": 9}, "2026-Q2": {}})
    assert year.total == 42 + 58
    assert year.hidden == {"B", "C"}, "23 less 20 would be the 3 of the first quarter"
    assert release.add_year("field", "2026", {"2026-Q1": {"A": 1}}) == year
    with pytest.raises(ValueError, match="veröffentlicht"):
        release.add_quarter("field", "2026-Q3", {"A": 50})


def test_large_cells_stay_visible_and_small_offices_are_coarsened():
    assert suppression.quarter("2026-Q1", {"A": 30, "B": 25, "C": 0}).hidden == frozenset()
    assert suppression.quarter("2026-Q1", {"A": 12, "B": 3}) is None
    assert suppression.year("2026", {"2026": {"A": 3}}) is None
    year = suppression.year("2026", {"2026": {"A": 300, "B": 200, "C": 3, "D": 2, "E": 7, "F": 0}})
    assert year.hidden == {"C", "D"}
    assert year.rest == 5
    lonely = suppression.year("2026", {"2026": {"A": 300, "B": 200, "C": 3, "E": 7}})
    assert lonely.hidden == {"C", "E"}


def test_one_thing_is_published_by_one_key_only():
    release = Release("contacts", same={"ways": "channel"})
    release.add_quarter("channel", "2026-Q1", {"telephone": 30, "email": 20})
    with pytest.raises(ValueError, match="channel"):
        release.add_quarter("ways", "2026-Q1", {"telephone": 30, "written": 20})


def test_finer_values_are_parts_of_the_visible_one_they_stand_in():
    assert detail("2026", 30, {"a1": 20, "a2": 6, "a3": 4}).hidden == {"a2", "a3"}
    with pytest.raises(ValueError, match="feineren"):
        detail("2026", 30, {"a1": 20})
