"""Words of the office at the desk: added, found by the public search and the quick log, let go, brought back."""

import pytest

from support.visiting import ask, text_of, visitor

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/stammdaten/woerter/"


def test_a_word_added_is_understood_by_whoever_searches(at_the_desk):
    browser, _ = at_the_desk("counsels")
    browser.post(HERE, {"word": "Lindenhöfler", "topic": ["Angst und Panik", "", ""]})

    assert "Angst und Panik" in text_of(browser.get(HERE))
    assert "Angst und Panik" in text_of(ask(visitor(), "lindenhoefler"))
    assert "anxiety-panic" in text_of(
        browser.post("/schreibtisch/kontakt/passend/", {"topic_words": "Lindenhöfler"})
    )


def test_a_word_let_go_can_be_brought_back_from_the_next_page(at_the_desk):
    browser, _ = at_the_desk("counsels")
    browser.post(HERE, {"word": "Lindenhöfler", "topic": "Angst und Panik"})
    browser.post(HERE, {"schritt": "entfernen", "word": "Lindenhöfler"})
    page = text_of(browser.get(HERE))
    assert "„Lindenhöfler“ ist entfernt" in page
    browser.post(HERE, {"schritt": "zurueck", "word": "Lindenhöfler"})

    assert "<strong>Lindenhöfler</strong>" in text_of(browser.get(HERE))


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"word": "Linde", "topic": "Angst und Panick"}, "„Angst und Panik“"),
        ({"word": "ich", "topic": "Angst und Panik"}, "sagt fast jeder"),
        ({"word": "<script>alert(1)</script>", "topic": "x"}, "gibt es nicht"),
        ({"schritt": "zurueck", "word": "Linde"}, "nichts mehr"),
    ],
)
def test_what_is_refused_is_said_and_still_there(at_the_desk, form, said):
    browser, _ = at_the_desk("counsels")
    answer = browser.post(HERE, form)

    assert answer.status_code == 409
    assert said in text_of(answer)
    assert "<script>alert(1)" not in text_of(answer)
