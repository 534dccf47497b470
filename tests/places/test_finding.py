"""Places as people write them: found, or said plainly that it is not."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kontaktstelle import places
from kontaktstelle.places import outline
from kontaktstelle.places.gazetteer import gazetteer, kreis_words
from kontaktstelle.topics import folding

TOWNS = list(csv.DictReader((Path(__file__).parent / "towns.csv").open(encoding="utf-8")))
# Where a list names something wider than the Kreis, or a neighbouring one, as the place's district.
WIDER = {"Enzkreis", "Mittelfranken", "Sachsen-Anhalt überregional"}


def test_the_towns_of_real_listings_are_found_and_none_in_the_wrong_kreis():
    found, wrong = 0, []
    for row in TOWNS:
        place = places.find(f"{row['postcode']} {row['town']}".strip(), district=row["district"]).place
        found += place is not None
        if (
            place
            and row["district"] not in WIDER
            and not kreis_words(place.kreis) & kreis_words(row["district"])
        ):
            wrong.append((row, place))
    assert wrong == []
    assert found / len(TOWNS) >= 0.99


@pytest.mark.parametrize(
    "written",
    ["München", "Muenchen", "munchen", "MÜNCHEN", "80331", "D-80331", "80331 München", "München-Giesing"],
)
def test_munich_is_found_however_it_is_spelled(written):
    place = places.find(written).place
    assert place is not None
    assert place.kreis_key == "09162"


def test_a_name_of_many_places_is_asked_back_with_choices():
    finding = places.find("Altdorf")
    assert finding.kind == "ambiguous"
    assert len({choice.kreis_key for choice in finding.choices}) > 3
    assert places.find("Altdorf", district="Landkreis Böblingen").place.kreis_key == "08115"


def test_a_postcode_the_data_lack_falls_to_the_nearest_and_says_so():
    missing = next(
        str(number).zfill(5)
        for number in range(59425, 59500)
        if str(number).zfill(5) not in gazetteer().by_postcode
    )
    finding = places.find(missing)
    assert finding.kind == "nearest"
    assert missing in finding.note
    assert finding.place.postcode[:3] == missing[:3]


def test_no_such_postcode_and_no_such_place_get_a_sentence():
    assert "gibt es in Deutschland nicht" in places.find("00000").note
    assert "kennen wir nicht" in places.find("Xyzzyqland").note
    assert places.find("").note


@pytest.mark.parametrize(
    "words",
    [
        "ich kann nichts essen",
        "hof hund tot",
        "sorge um meine mutter",
        "ich habe angst im dunkeln",
        "ich bin in not",
        "in trauer",
        "nach der wende allein",
    ],
)
def test_ordinary_words_are_not_taken_for_places(words):
    assert places.in_words(folding.words(words)) is None


@pytest.mark.parametrize(
    ("words", "kreis"),
    [
        ("depression in Essen", "05113"),
        ("krebs 39104", "15003"),
        ("trauer nähe Freiburg", "08311"),
        ("gruppe in Kreis Unna angst", "05978"),
    ],
)
def test_a_place_in_a_sentence_is_found(words, kreis):
    found = places.in_words(folding.words(words))
    assert found is not None
    assert found[0].kreis_key == kreis


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=140))
def test_nothing_anybody_types_breaks_it(text):
    finding = places.find(text)
    assert finding.kind in {"found", "nearest", "ambiguous", "unknown"}
    assert finding.place or finding.choices or finding.note


def test_every_kreis_has_an_outline_and_a_dot_lies_in_the_picture():
    assert len(outline.keys()) == 400
    assert set(outline.keys()) == {key for key in gazetteer().kreise if key}
    picture = outline.svg("05978", [outline.Dot(51.5348, 7.6889, "Unna <3")], title="Kreis Unna & Umgebung")
    assert picture.count("<circle") == 1
    assert "Unna &lt;3" in picture
    assert "style=" not in picture
