"""From anybody's words to topics: what a person would lose if it were misunderstood."""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle.topics import model, resolving, tree
from kontaktstelle.topics.languages import SPOKEN_IN

QUERIES = [
    json.loads(line)
    for line in (Path(__file__).parent / "queries_dev.jsonl").read_text(encoding="utf-8").splitlines()
]


def _first(words, count=3):
    return [topic.id for topic in resolving.resolve(words).topics[:count]]


def _all(words):
    return [topic.id for topic in resolving.resolve(words).topics]


def test_nineteen_of_twenty_find_a_right_topic_among_the_first_three():
    asked = [query for query in QUERIES if query["relevant"]]
    right = [
        query
        for query in asked
        if {answer["topic_id"] for answer in query["relevant"]} & set(_first(query["query"]))
    ]
    assert len(right) / len(asked) >= 0.95


def test_nine_of_ten_find_the_exactly_right_topic():
    asked = [query for query in QUERIES if any(answer["grade"] == 2 for answer in query["relevant"])]
    right = [
        query
        for query in asked
        if {answer["topic_id"] for answer in query["relevant"] if answer["grade"] == 2}
        & set(_first(query["query"]))
    ]
    assert len(right) / len(asked) >= 0.90


def test_whom_it_is_for_is_understood():
    asked = [query for query in QUERIES if any(answer.get("audience") for answer in query["relevant"])]
    right = [
        query
        for query in asked
        if {answer.get("audience") for answer in query["relevant"]}
        & set(resolving.resolve(query["query"]).audience)
    ]
    assert len(right) / len(asked) >= 0.85


@pytest.mark.parametrize(
    ("words", "topic"),
    [
        ("Angststörung", "anxiety-panic"), ("Angst Störung", "anxiety-panic"), ("ANGSTSTOERUNG", "anxiety-panic"), ("angststorung", "anxiety-panic"),
        ("Alkohohl", "alcohol"), ("Parkinsonselbsthilfegruppe", "parkinson"), ("gibt es hier eine Selbsthilfegruppe zum Thema Adipositas für mich", "obesity"),
    ],
)  # fmt: skip
def test_spelling_compounds_and_phrases_around_it_do_not_matter(words, topic):
    assert topic in _first(words)


@pytest.mark.parametrize("words", ["da", "na", "all", "net", "me"])
def test_ordinary_short_words_inside_a_sentence_are_no_abbreviations(words):
    sentence = f"ich bin {words} so traurig nach dem tod meiner frau"
    assert {"narcotics", "net-tumor", "mecfs"} & set(_first(sentence)) == set()


def test_a_mother_who_speaks_of_her_son_is_a_parent():
    assert "eltern" in resolving.resolve("unser jüngster nimmt drogen").audience
    assert "angehoerige" in resolving.resolve("meine schwester ist magersüchtig").audience
    assert "junge" in resolving.resolve("bin 20 und hab panik in der uni").audience


def test_a_place_in_the_words_is_the_place_and_not_a_topic():
    understood = resolving.resolve("trauer gruppe in Unna")
    assert understood.place is not None
    assert understood.place.kreis_key == "05978"
    assert understood.topics[0].id == "grief"
    assert resolving.resolve("ich kann nichts mehr essen").place is None


def test_something_to_read_is_no_wish_for_a_group():
    assert resolving.resolve("Roman über Depression").topics == ()
    assert resolving.resolve("ich suche nach dem Buch meine Depression, Gruppe").topics != ()


@pytest.mark.parametrize(
    ("words", "topic", "spoken"),
    [
        ("خسرت شغلي وأبحث عن عمل منذ سنة", "unemployment", "arabic-speaking"),
        ("муж пьёт каждый день", "addiction-alcohol-relatives", "russian-speaking"),
        ("у мене депресія", "depression", "ukrainian"),
        ("i cannot stop gambling and my debts grow", "gambling", "english-speaking"),
    ],
)
def test_who_writes_in_their_language_finds_their_trouble_first_and_then_who_speaks_it(words, topic, spoken):
    understood = [each.id for each in resolving.resolve(words).topics]
    assert topic in understood[:3]
    assert spoken in understood
    assert understood.index(topic) < understood.index(spoken)


def test_who_writes_german_is_not_sent_to_a_group_in_another_language():
    for words in ("mein mann trinkt jeden tag", "burnout coaching", "mobbing im team"):
        assert set(_all(words)).isdisjoint(SPOKEN_IN.values())


def test_a_guess_that_words_likely_mean_nothing_is_never_told_with_confidence():
    scores = np.full(len(model.CLASSES), -20, np.float32)
    scores[[model.NOTHING, 0, 1]] = np.log([0.5, 0.4, 0.1])
    told = resolving._told(scores, [], certain=resolving.CERTAIN)
    assert [each.id for each in told] == list(model.CLASSES[:2])
    assert all(each.weight < resolving.CERTAIN for each in told)
    scores[model.NOTHING] = 2.0
    assert resolving._told(scores, [], certain=resolving.CERTAIN) == ()


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=300))
def test_nothing_anybody_types_breaks_it(text):
    understood = resolving.resolve(text)
    assert all(topic.id in tree.TOPICS and 0 <= topic.weight <= 1 for topic in understood.topics)


def test_ten_thousand_characters_and_control_characters_are_read_calmly():
    assert resolving.resolve("angst " * 2000).topics
    assert resolving.resolve("\x00\x1b[31m\u202e \u202d").topics == ()
    assert resolving.resolve("<script>alert(1)</script>") is not None
