"""The tables of coding are data reviewed like code: what they name is there, and no row hides another."""

import re
from collections import defaultdict

import pytest

from kontaktstelle.enquiries.coding import cues
from kontaktstelle.topics import tree

from .test_coding import ASKERS, CHANNELS, CONCERNS, OUTCOMES

TABLES = sorted(cues.TABLES.glob("*.tsv"))
OF_CUES = {
    "askers": 4,
    "bearings": 4,
    "channels": 3,
    "concerns": 3,
    "founding": 2,
    "outcomes": 3,
    "relations": 2,
}


def rows(name):
    return tree.rows(cues.TABLES / f"{name}.tsv")


def test_every_table_says_what_its_columns_are():
    for file in TABLES:
        assert file.read_text(encoding="utf-8").startswith("# "), file.name


@pytest.mark.parametrize("name", OF_CUES)
def test_every_row_of_cues_has_its_columns_and_compiles(name):
    assert {len(row) for row in rows(name)} == {OF_CUES[name]}
    assert len(cues.table(name)) == len(rows(name))


@pytest.mark.parametrize("name", OF_CUES)
def test_no_pattern_fits_everything(name):
    for cue in cues.table(name):
        assert not cue.fits(("xyzzy",)), cue.columns
        assert not cue.fits(("plugh", "xyzzy", "frobozz")), cue.columns


def test_every_list_that_is_named_is_there_once():
    names = [name for name, _ in rows("words")]
    assert len(names) == len(set(names))
    for table in OF_CUES:
        for *_, patterns in rows(table):
            assert set(re.findall(r"@([A-Z-]+)", patterns)) <= set(names), table


def test_codes_are_words_of_the_lists():
    assert {row[0] for row in rows("channels")} <= CHANNELS
    assert {row[0] for row in rows("askers")} | {row[0] for row in rows("relations")} <= ASKERS
    assert {row[0] for row in rows("outcomes")} == OUTCOMES
    assert {row[0] for row in rows("concerns")} <= CONCERNS
    for _, askers, _ in rows("concerns"):
        assert set(askers.split()) <= ASKERS


def test_topics_are_topics():
    for topic, asker, others in rows("kin"):
        assert asker in {"angehoerig", "eltern", "jung"}
        assert topic.removeprefix("field:") in (tree.FIELDS if topic.startswith("field:") else tree.TOPICS), (
            topic
        )
        assert set(others.split()) <= tree.TOPICS.keys(), topic
    own = [topic for row in rows("own") for topic in row[0].split()]
    assert set(own) <= tree.TOPICS.keys()


def test_no_abbreviation_is_hidden_by_an_earlier_row():
    seen = defaultdict(list)
    for kind, short, long, *when in rows("abbreviations"):
        assert kind in {"word", "head", "tail"}
        assert long
        assert re.fullmatch(r"|alone|slash|digit|(?:before|after):[\w,]+", "".join(when)), (short, when)
        assert "" not in seen[kind, short], f"{short} stands below a row that always counts"
        seen[kind, short].append("".join(when))
