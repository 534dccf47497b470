"""Words of the office: found first, in one look-up, by everybody who searches; danger and sense stay what they are."""

import pytest
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kontaktstelle.organisation import earlier
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.topics import own_words, resolving
from kontaktstelle.topics.models import OfficeWord
from support.people import A_MOMENT, make_member, make_office

pytestmark = pytest.mark.django_db


@pytest.fixture
def told(office):
    member = make_member(office, "counsels")
    with acting_for(office):
        yield {"by": member, "at": A_MOMENT}


def topics(text):
    return [topic.id for topic in own_words.understand(text).topics]


def test_a_local_name_leads_to_its_topic_in_any_spelling(told):
    own_words.lead("Lindenhöfler", ["anxiety-panic"], **told)

    for said in ("Lindenhöfler", "lindenhoefler", "gibt es die LINDENHÖFLER in Unna noch?"):
        assert topics(said)[0] == "anxiety-panic", said
    assert own_words.understand("Lindenhöfler").is_sure


def test_the_longest_word_of_an_office_counts_first(told):
    own_words.lead("Runde", ["grief"], **told)
    own_words.lead("blaue Runde", ["anxiety-panic"], **told)

    assert topics("wo trifft sich die blaue Runde")[:2] == ["anxiety-panic", "grief"]


def test_danger_is_danger_whatever_words_an_office_adds(told):
    own_words.lead("Lindenhöfler", ["anxiety-panic"], **told)
    text = "ich will nicht mehr leben, Lindenhöfler"

    assert own_words.understand(text).danger == resolving.resolve(text).danger == "suicide"


def test_without_a_word_of_its_own_nothing_is_different(told):
    for text in ("mein Mann trinkt", "Panik", "", "qwertz"):
        assert own_words.understand(text) == resolving.resolve(text)


def test_a_search_costs_one_look_up_more_however_many_words_there_are(told):
    for number in range(30):
        own_words.lead(f"lindenwort {number}", ["grief"], **told)
    with CaptureQueriesContext(connection) as asked:
        own_words.meant("ein langer Satz mit lindenwort 7 darin " * 30)
    assert len(asked) == 1
    with CaptureQueriesContext(connection) as asked:
        own_words.meant("  ?! ")
    assert len(asked) == 0


def test_a_database_that_does_not_answer_takes_nothing_of_what_is_learnt(told, monkeypatch):
    def broken(**_):
        raise DatabaseError

    monkeypatch.setattr(OfficeWord.objects, "filter", broken)
    assert own_words.understand("Panik") == resolving.resolve("Panik")


def test_a_word_changed_and_forgotten_comes_back_step_by_step(told):
    own_words.lead("Lindenhöfler", ["anxiety-panic"], **told)
    own_words.lead("lindenhoefler", ["grief"], **told)
    assert OfficeWord.objects.count() == 1, "one word in two spellings leads two ways"
    own_words.forget("Lindenhöfler", **told)
    own_words.forget("Lindenhöfler", **told)
    assert own_words.meant("Lindenhöfler") == ()
    own_words.take_back_word("Lindenhöfler", **told)
    assert own_words.meant("Lindenhöfler") == ("grief",)
    own_words.take_back_word("Lindenhöfler", **told)
    own_words.take_back_word("Lindenhöfler", **told)

    assert own_words.meant("Lindenhöfler") == ()
    with pytest.raises(earlier.NothingToTakeBack):
        own_words.take_back_word("Lindenhöfler", **told)


@pytest.mark.parametrize(
    "word", ["", " ", "x", "ich", "suche Gruppe", "mein", "a b c d e", "x" * 61, "?!", "eins\u202ezwei"]
)
def test_a_word_that_would_lead_everybody_astray_is_refused(told, word):
    with pytest.raises(own_words.WordUnfit):
        own_words.lead(word, ["grief"], **told)
    assert not OfficeWord.objects.exists()


@pytest.mark.parametrize(
    "chosen", [[], ["gibt-es-nicht"], ["grief", "stalking", "anxiety-panic", "depression"]]
)
def test_a_word_leads_to_one_to_three_topics_there_are(told, chosen):
    with pytest.raises(own_words.TopicUnknown):
        own_words.lead("Lindenhöfler", chosen, **told)


def test_an_office_forgets_only_its_own_words(office_elsewhere, told):
    own_words.lead("Lindenhöfler", ["grief"], **told)
    with acting_for(office_elsewhere):
        own_words.forget("Lindenhöfler", by=make_member(office_elsewhere, "leads"), at=A_MOMENT)

    assert own_words.meant("Lindenhöfler") == ("grief",)


@pytest.mark.parametrize("role", ["reception", "operator", "dpo"])
def test_who_may_not_add_words_cannot(office, role):
    with acting_for(office), pytest.raises(NotAllowed):
        own_words.lead("Lindenhöfler", ["grief"], by=make_member(office, role), at=A_MOMENT)


class TestAnyText(TestCase):
    @settings(max_examples=25, deadline=None)
    @given(st.text(max_size=200))
    def test_an_added_word_never_takes_danger_need_or_place_from_what_was_understood(self, text):
        office = make_office()
        with acting_for(office):
            own_words.lead("Lindenhöfler", ["grief"], by=make_member(office, "counsels"), at=A_MOMENT)
        text += " Lindenhöfler"
        plain, led = resolving.resolve(text), own_words.understand(text)

        assert (led.danger, led.need, led.place, led.founding) == (
            plain.danger,
            plain.need,
            plain.place,
            plain.founding,
        )
        assert led.topics[0].id == "grief"
