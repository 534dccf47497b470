"""Supra-regional bodies: the most particular first, those of another Land never, NAKOS always."""

from datetime import UTC, datetime

import pytest

from kontaktstelle.network.bodies import all_bodies, bodies_for
from kontaktstelle.network.models import Body
from kontaktstelle.network.registers import load_registers
from kontaktstelle.topics import tree

pytestmark = pytest.mark.django_db


@pytest.fixture
def known():
    return all_bodies()


def keys(topics, land="", **how):
    return [body.key for body in bodies_for(topics, land, **how)]


def test_the_body_made_for_a_topic_comes_before_those_that_also_serve_it(known):
    assert keys(["fibromyalgia"], known=known)[:2] == ["fibromyalgie", "rheuma-liga"]


def test_the_order_of_topics_is_the_order_of_bodies(known):
    found = keys(["tinnitus", "depression"], known=known)

    assert found[0] == "tinnitus-liga"
    assert "depressionsliga" in found


def test_a_body_of_this_land_comes_first_and_of_another_never(known):
    assert keys(["ms"], "BW", known=known)[0] == "amsel"
    assert keys(["ms"], "Baden-Württemberg", known=known)[0] == "amsel"
    assert "amsel" not in keys(["ms"], "NW", known=known)
    assert "amsel" not in keys(["ms"], known=known)


@pytest.mark.parametrize("topics", [[], ["trigeminal"], ["no-such-topic"]])
def test_nakos_is_always_there_and_last(topics, known):
    assert keys(topics, known=known) == ["nakos"]
    assert keys(["tinnitus"], known=known)[-1] == "nakos"


def test_every_topic_has_an_answer(known):
    assert all(bodies_for([topic], known=known) for topic in tree.TOPICS)


def test_a_limit_limits(known):
    assert len(keys(["alcohol"], known=known, limit=3)) == 3


def test_the_shipped_bodies_stand_in_until_the_register_is_loaded(django_assert_num_queries):
    before = [body.key for body in all_bodies()]
    load_registers(at=datetime(2026, 3, 10, 9, 30, tzinfo=UTC))
    with django_assert_num_queries(1):
        after = [body.key for body in all_bodies()]

    assert before == after
    assert Body.objects.get(key="tauwetter").land == "BE"
