"""What a visit leaves behind: nothing on the visitor's device, nothing at other hosts, no typed word in any address or title."""

import re
from urllib.parse import unquote_plus

import pytest

from .pages import STATES
from .visiting import host

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
every_state = pytest.mark.parametrize("state", STATES, ids=str)

# Words the pages use themselves.
OUR_OWN = {"gruppe", "gruppen", "suche", "hilfe"}
SHORTEST_WORD = 4


@every_state
def test_nobody_else_is_told_of_a_visit(visits, site, state):
    elsewhere = [
        request
        for request in visits[state].requests
        if host(request) not in {site.address.removeprefix("http://"), ""}
    ]
    assert not elsewhere, f"{state} asks other hosts: {elsewhere}"


@every_state
def test_a_page_keeps_nothing_on_the_visitors_device(visits, state):
    kept = visits[state].kept
    assert visits[state].cookies == []
    assert kept["written"] == ""
    assert {
        name: kept[name] for name in ("local", "session", "databases", "caches", "workers")
    } == dict.fromkeys(("local", "session", "databases", "caches", "workers"), 0)


@every_state
def test_a_page_does_nothing_its_own_policy_forbids(visits, state):
    assert not visits[state].kept["refused"], f"{state}: {visits[state].kept['refused']}"
    assert not visits[state].console, f"{state}: {visits[state].console}"


@pytest.mark.parametrize("state", [state for state in STATES if state.typed], ids=str)
def test_what_somebody_typed_stands_in_no_address_and_no_title(visits, state):
    visit = visits[state]
    words = {
        word.lower()
        for text in state.typed
        for word in re.findall(r"\w+", text)
        if len(word) >= SHORTEST_WORD
    } - OUR_OWN

    said = [visit.title, visit.url, *visit.requests, *_links_but_chosen_topics(visit.kept["links"])]
    told = [
        (word, where)
        for word in words
        for where in said
        if word in re.findall(r"\w+", unquote_plus(where).lower())
    ]
    assert not told, f"{state}: {told}"


def test_nothing_is_typed_into_a_page_without_a_test():
    assert sum(1 for state in STATES if state.typed) > 30


def _links_but_chosen_topics(links: list[str]) -> list[str]:
    """Leave out links to topics and groups of the directory: they name what stands in it, whoever asked."""
    return [
        link
        for link in links
        if not re.search(r"/(suche\?thema=|gruppe/|stelle/|themen/)|^(tel|mailto):", link)
    ]
