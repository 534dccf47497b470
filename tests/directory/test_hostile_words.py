"""Whatever is typed into a field, somebody kind answers in German, and nothing breaks."""

import re
from html import escape, unescape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from support.people import make_group
from support.visiting import ask, text_of

from .hostile_words import HOSTILE

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(office):
    return make_group(office)


def check(answer, typed):
    page = text_of(answer)
    assert answer.status_code in {200, 400, 403, 413}, (typed[:60], answer.status_code)
    assert 'lang="de"' in page
    assert re.search(r"<h1[^>]*>\s*[A-ZÄÖÜ0-9„]", page), page[:2000]
    assert re.search(r"/sofort-hilfe/", page)
    return page


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_hostile_words_get_a_kind_answer(group, visit, typed):
    page = check(ask(visit, typed), typed)

    if "<" in typed:
        assert typed not in page
    assert "49" not in re.findall(r'value="(.*?)"', page)
    assert "SECRET_KEY" not in page or "SECRET_KEY" in typed


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_hostile_places_get_a_kind_answer(group, visit, typed):
    page = check(ask(visit, "Angst", ort=typed), typed)
    assert "<" not in typed or typed not in page


@pytest.mark.parametrize(
    "field",
    ["umkreis", "thema", "fuer", "form", "sprache", "jung", "stufenlos", "neue", "marke", "seite", "x"],
)
def test_hostile_values_of_any_field_get_a_kind_answer(group, visit, field):
    for typed in HOSTILE.values():
        if len(typed) < 5000:
            check(ask(visit, "Angst", **{field: typed}), typed)
            check(
                visit.get(
                    "/suche", {field: typed, "thema": "anxiety-panic"} if field != "thema" else {field: typed}
                ),
                typed,
            )


def test_a_page_number_that_is_none_shows_the_first_page(group, visit, office):
    for number in ("", "0", "-1", "x", "1e9", "99999999999999999999", "\x00"):
        for path in (f"/stelle/{office.slug}/", "/kreis/05978/"):
            answer = visit.get(path, {"seite": number})
            assert answer.status_code == 200
            assert "Gruppe Angst" in text_of(answer)


def test_what_was_typed_stays_in_the_form_as_text(group, visit):
    typed = "Angst & <b>Sorge</b> \"x\" 'y'"
    page = text_of(ask(visit, typed))

    assert "<b>Sorge</b>" not in page
    assert typed in unescape(page)
    assert escape("<b>") in page


def test_too_many_words_are_shortened_and_the_page_says_so(group, visit):
    page = text_of(ask(visit, "Angst " * 200))

    assert "Gruppe Angst" in page
    assert re.search(r"gekürzt|zu lang|nur die ersten|Anfang", page)


def test_an_unknown_place_is_said_and_the_search_goes_on(group, visit):
    page = text_of(ask(visit, "Angst", ort="Xyzzyhausen"))

    assert "Xyzzyhausen" in page
    assert "kennen wir nicht" in page
    assert "Gruppe Angst" in page


def test_a_name_many_places_have_is_asked_back(group, visit):
    page = text_of(ask(visit, "Angst", ort="Neukirchen"))

    assert "Neukirchen (" in page
    assert "Gruppe Angst" not in page


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(typed=st.text(max_size=300), ort=st.text(max_size=40))
def test_any_text_at_all_gets_a_kind_answer(office, visit, typed, ort):
    check(ask(visit, typed, ort=ort), typed)
