"""The bank is honest: no exam question stands in it, every line means something that exists."""

import json
from collections import Counter
from pathlib import Path

import pytest
from rapidfuzz import fuzz

from kontaktstelle.topics import bank, folding, tree

QUERIES = [
    json.loads(line)
    for line in (Path(__file__).parent / "queries_dev.jsonl").read_text(encoding="utf-8").splitlines()
]
KINDS = {
    "word",
    "medical",
    "self",
    "relative",
    "parent",
    "young",
    "older",
    "professional",
    "misspelt",
    "elsewhere",
    "office",
    "empty",
    "name",
}
NEAR = 85


@pytest.fixture(scope="module")
def phrases():
    return bank.phrases()


def test_every_phrase_means_topics_that_exist_and_has_a_known_kind(phrases):
    for phrase in [*phrases, *bank.vocabulary()]:
        assert set(phrase.exact + phrase.acceptable) <= set(tree.TOPICS), phrase
        assert phrase.kind in KINDS, phrase
        assert folding.words(phrase.text), phrase


def test_no_phrase_stands_twice(phrases):
    doubles = [
        text
        for text, count in Counter(" ".join(folding.words(phrase.text)) for phrase in phrases).items()
        if count > 1
    ]
    assert doubles == []


def test_every_topic_has_at_least_two_dozen_german_phrases(phrases):
    counts = Counter(topic for phrase in phrases if phrase.language == "de" for topic in phrase.exact)
    assert [topic for topic in tree.TOPICS if counts[topic] < 24] == []


def test_no_development_query_nor_a_near_copy_stands_in_the_bank(phrases):
    asked = [" ".join(folding.words(query["query"])) for query in QUERIES]
    names = {" ".join(folding.words(word.text)) for word in bank.vocabulary()}
    copies = []
    for phrase in phrases:
        text = " ".join(folding.words(phrase.text))
        for query in asked:
            several = " " in text and " " in query
            if (text == query and text not in names) or (several and fuzz.ratio(text, query) >= NEAR):
                copies.append((phrase.text, query))
    assert copies == []


def test_the_near_copy_check_would_find_one():
    assert fuzz.ratio("mein mann trinkt", "mein man trinkt") >= NEAR


def test_ids_in_the_tree_are_what_the_words_and_labels_use():
    for language in ("en", "tr", "pl", "uk", "ru", "ar"):
        for row in tree.rows(tree.DATA / "labels" / f"{language}.tsv"):
            assert row[0] in tree.TOPICS
    assert all(related in tree.TOPICS for topic in tree.TOPICS.values() for related in topic.related)
    assert set(tree.AUDIENCES) >= {who for topic in tree.TOPICS.values() for who in topic.audience}
