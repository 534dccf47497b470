"""The shipped registers are complete and honest; a hostile or careless row stops with a clear sentence."""

import pytest

from kontaktstelle.network import reading
from kontaktstelle.network.kinds import KINDS
from kontaktstelle.network.models import Body, HelpLine, Service
from kontaktstelle.network.reading import RegisterUnreadable, facts_in
from kontaktstelle.topics import tree

LINE = {
    "key": "beispiel",
    "name": "Beispieltelefon",
    "numbers": ["030 23125 001"],
    "operator": "Beispiel e. V.",
    "kinds": ["crisis"],
    "source": "Beispiel, example.org",
}


def file_with(tmp_path, text):
    file = tmp_path / "helplines.toml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return file


def refused(values, register=HelpLine):
    with pytest.raises(RegisterUnreadable) as caught:
        reading.checked(register, values, where="helplines.toml, Eintrag 1")
    return caught.value.sentence


@pytest.mark.parametrize("register", [HelpLine, Body, Service])
def test_every_shipped_row_names_its_source_and_none_claims_to_be_checked(register):
    facts = facts_in(register)

    assert facts
    assert all(row["source"] for row in facts)
    assert not any({"checked_on", "checked_by"} & set(row) for row in facts)


def test_the_numbers_that_changed_or_ended_are_not_shipped():
    digits = {number.replace(" ", "") for row in facts_in(HelpLine) for number in row["numbers"]}

    assert not digits & {"08003773776", "08000116016", "08001110333", "01805313031", "0684119240", "113"}


def test_the_numbers_everybody_relies_on_are_shipped_as_they_are():
    digits = {number.replace(" ", "") for row in facts_in(HelpLine) for number in row["numbers"]}

    assert digits >= {
        "112", "110", "116117", "08001110111", "08001110222", "116123", "116016", "08001239900", "08002255530", "116006",
        "116111", "08001110550", "01806313031", "08003344533", "08004040020", "08004708090", "03020179131", "08006553000",
    }  # fmt: skip


def test_every_kind_of_help_has_a_line():
    shipped = {kind for row in facts_in(HelpLine) for kind in row["kinds"]}

    assert shipped == set(KINDS)


def test_every_land_has_a_poison_line_and_only_one():
    regions = [region for row in facts_in(HelpLine) if "poison" in row["kinds"] for region in row["regions"]]

    assert len(regions) == len(set(regions)) == 16


def test_bodies_cover_most_topics_and_name_only_known_ones():
    covered = {topic for row in facts_in(Body) for topic in row["topics"]}

    assert len(facts_in(Body)) >= 120
    assert covered - {"*"} <= set(tree.TOPICS)
    assert len(covered) >= 280


def test_words_for_the_hours_are_made_from_the_hours():
    facts = reading.checked(HelpLine, {**LINE, "open": ["Mo-Do 08:00-20:00", "Fr 08:00-15:00"]}, where="")

    assert facts["hours"] == "Mo–Do 8–20 Uhr, Fr 8–15 Uhr"
    assert facts["spans"][0] == [0, "08:00", "20:00"]


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("numbers", ["0800 <b>1</b>"], "spitze Klammern"),
        ("numbers", ["ruf mich an"], "keine Rufnummer"),
        ("numbers", ["tel:112"], "keine Rufnummer"),
        ("numbers", ["112", "112"], "doppelt"),
        ("numbers", "112", "eine Liste"),
        ("numbers", [112], "Text"),
        ("numbers", ["1" * 40], "länger als 30"),
        ("numbers", ["112"] * 41, "Mehr als 40"),
        ("name", "Seelsorge\u202eegrosleeS", "unsichtbare Zeichen"),
        ("name", "Eins\nZwei", "Zeilenumbrüche"),
        ("name", "x" * 161, "länger als 160"),
        ("name", ["Name"], "Text"),
        ("kinds", ["suicide"], "keine bekannte Art"),
        ("kinds", [["crisis"]], "keine bekannte Art"),
        ("regions", ["Bayern"], "weder das Kürzel"),
        ("regions", ["99999"], "weder das Kürzel"),
        ("source_date", "gestern", "kein Datum"),
        ("source_date", "2021-13", "kein Datum"),
        ("key", "Großes Telefon", "kein Schlüssel"),
        ("open", ["Mo-Fr 9-17"], "nicht lesbar"),
        ("open", ["Fr-Mo 09:00-17:00"], "nicht lesbar"),
        ("open", ["Mo 25:00-26:00"], "nicht lesbar"),
        ("open", ["Mo 09:00-09:00"], "keine Dauer"),
        ("open", ["Mo 09:00-12:00", "Mo 11:00-13:00"], "überschneiden"),
        ("open", [7], "nicht lesbar"),
        ("open", "immer", "eine Liste"),
        ("on_holidays", "vielleicht", "keine Regel"),
        ("closed_days", ["31-12"], "kein Tag"),
        ("is_fallback", "ja", "true oder false"),
        ("checked_on", "2026-01-01", "gibt es hier nicht"),
        ("changed_at_desk", "2026-01-01", "gibt es hier nicht"),
        ("__class__", "x", "gibt es hier nicht"),
    ],
)
def test_a_hostile_or_careless_value_is_refused_with_its_place_and_reason(field, value, said):
    sentence = refused({**LINE, field: value})

    assert sentence.startswith("helplines.toml, Eintrag 1")
    assert field in sentence
    assert said in sentence


@pytest.mark.parametrize("field", ["key", "name", "numbers", "operator", "kinds", "source"])
def test_a_help_line_without_what_it_needs_is_refused(field):
    assert f"„{field}“" in refused({name: value for name, value in LINE.items() if name != field})
    assert refused({**LINE, field: [] if isinstance(LINE[field], list) else ""})


@pytest.mark.parametrize(
    "website", ["https://example.org", "javascript:alert(1)", "example", "example.org?x=1", "//example.org"]
)
def test_a_website_is_a_plain_host(website):
    body = {"key": "a", "name": "A", "what": "b", "topics": ["depression"], "source": "c"}

    assert "keine Internetadresse" in refused({**body, "website": website}, Body)


def test_an_unknown_topic_is_refused():
    assert "kein bekanntes Thema" in refused(
        {"key": "a", "name": "A", "what": "b", "topics": ["depresion"], "source": "c"}, Body
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"\xff\xfe\x00", "nicht in UTF-8"),
        ("[[row]\nkey", "beschädigt"),
        ("", "keine Einträge"),
        ("row = 3", "keine Einträge"),
        ("row = [1]", "nur ein Wert"),
        ("evil = 1\n[[row]]\nkey = 'a'", "keine Einträge"),
        ("row = " + "[" * 5000 + "]" * 5000, "beschädigt"),
    ],
)
def test_a_damaged_file_is_named_with_a_sentence(tmp_path, text, said):
    with pytest.raises(RegisterUnreadable, match=said):
        facts_in(HelpLine, file_with(tmp_path, text))


def test_a_missing_and_an_oversized_file_are_refused(tmp_path):
    with pytest.raises(RegisterUnreadable, match="fehlt"):
        facts_in(HelpLine, tmp_path / "none.toml")
    with pytest.raises(RegisterUnreadable, match="größer als"):
        facts_in(HelpLine, file_with(tmp_path, "#" * (reading.LARGEST_FILE + 1)))


def test_a_key_used_twice_is_named(tmp_path):
    row = '[[row]]\nkey="a"\nname="A"\nnumbers=["112"]\noperator="B"\nkinds=["crisis"]\nsource="C"\n'

    with pytest.raises(RegisterUnreadable, match=r"Eintrag 2 \(„a“\).*seinen eigenen"):
        facts_in(HelpLine, file_with(tmp_path, row * 2))
