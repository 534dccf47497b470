"""Whom to call: always somebody, in acute danger at least two, open ones first, near ones where they exist."""

import itertools
from datetime import UTC, datetime

import pytest
from django.db import DatabaseError
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.network import helplines
from kontaktstelle.network.helplines import Line, Snapshot, lines_for, open_now, shipped
from kontaktstelle.network.hours import BERLIN
from kontaktstelle.network.kinds import ACUTE, KINDS, ROUTES
from kontaktstelle.network.lands import LANDS, land_code
from kontaktstelle.network.models import HelpLine
from kontaktstelle.network.need import need_answer
from kontaktstelle.network.registers import add, load_registers

NOON = datetime(2026, 11, 25, 12, tzinfo=BERLIN)  # a Wednesday
NIGHT = datetime(2026, 11, 25, 3, tzinfo=BERLIN)


def keys(kinds, **how):
    return [line.key for line in lines_for(kinds, **{"at": NOON, "known": shipped(), **how})]


def test_own_suicidal_thoughts_get_the_emergency_number_and_somebody_who_listens():
    assert keys(["suicide"])[:2] == ["notruf-112", "telefonseelsorge"]


def test_in_bavaria_the_crisis_service_comes_before_the_engaged_line():
    assert keys(["suicide"], land="Bayern")[:3] == ["notruf-112", "krisendienste-bayern", "telefonseelsorge"]
    assert "krisendienste-bayern" not in keys(["suicide"], land="NW")
    assert "krisendienste-bayern" not in keys(["suicide"])


def test_violence_gets_the_police_and_the_line_for_women_and_then_for_men():
    assert keys(["violence"])[:2] == ["polizei-110", "gewalt-gegen-frauen"]
    assert "gewalt-an-maennern" in keys(["violence"])


def test_a_child_in_danger_gets_police_rescue_and_the_lines_for_children():
    assert keys(["child"])[:2] == ["polizei-110", "notruf-112"]
    assert {"nummer-gegen-kummer", "sexueller-missbrauch", "elterntelefon"} <= set(keys(["child"]))


def test_a_medical_emergency_gets_112_first_and_the_poison_line_of_the_land():
    assert keys(["medical"], land="Saarland") == ["notruf-112", "giftnotruf-mainz", "bereitschaft-116117"]
    assert keys(["medical"]) == ["notruf-112", "bereitschaft-116117"]


def test_a_dangerous_withdrawal_is_first_of_all_medical():
    assert keys(["withdrawal"])[:3] == ["notruf-112", "bereitschaft-116117", "sucht-und-drogen"]


def test_a_quiet_line_has_no_siren():
    assert keys(["quiet"])[0] == "telefonseelsorge"
    assert "notruf-112" not in keys(["quiet"])


def test_several_dangers_take_turns():
    assert keys(["suicide", "violence"])[:4] == [
        "notruf-112",
        "polizei-110",
        "telefonseelsorge",
        "gewalt-gegen-frauen",
    ]


def test_closed_lines_come_last_but_are_not_left_out():
    at_night = keys(["violence"], at=NIGHT)

    assert at_night.index("gewalt-an-maennern") > at_night.index("telefonseelsorge")
    assert set(at_night) == set(keys(["violence"]))


def test_a_kind_nobody_knows_still_leads_to_somebody():
    assert keys(["meteorite"])[:2] == ["notruf-112", "telefonseelsorge"]
    assert keys([])[:2] == ["notruf-112", "telefonseelsorge"]


def test_all_without_a_place_is_the_whole_register():
    assert set(keys(["all"])) == {line.key for line in shipped().lines}
    assert len([key for key in keys(["all"], land="BE") if key.startswith("giftnotruf")]) == 1


@pytest.mark.parametrize("kind", [*ROUTES, *KINDS])
def test_every_kind_has_an_answer_in_every_land_at_any_hour(kind):
    for land, at in itertools.product(["", *LANDS], [NOON, NIGHT]):
        found = lines_for([kind], land=land, at=at, known=shipped())
        assert found
        assert len([line for line in found if line.numbers]) >= (2 if kind in ACUTE else 1)


@given(
    st.lists(st.sampled_from([*ROUTES, *KINDS, "", "??"]), max_size=4),
    st.sampled_from(["", *LANDS, "Bayern", "Atlantis"]),
    st.datetimes(datetime.fromisoformat("2024-01-01"), datetime.fromisoformat("2030-01-01")),
    st.integers(min_value=0, max_value=5),
    st.sets(st.integers(min_value=0, max_value=30)),
)
def test_acute_danger_never_gets_only_one_line_whatever_the_register_holds(wanted, land, naive, limit, left):
    rest = tuple(line for number, line in enumerate(shipped().lines) if number in left)
    found = lines_for(wanted, land=land, at=naive.replace(tzinfo=UTC), limit=limit, known=Snapshot(rest, ()))

    if not wanted or ACUTE & set(wanted):
        assert len([line for line in found if line.numbers]) >= 2
    assert len({line.key for line in found}) == len(found)


def test_a_limit_never_cuts_the_second_line():
    assert keys(["suicide"], limit=1) == ["notruf-112", "telefonseelsorge"]
    assert keys(["quiet"], limit=1) == ["telefonseelsorge"]


def test_a_line_of_a_kreis_is_for_that_kreis():
    local = Line("kreis", "Krisendienst Beispiel", ("030 23125 001",), kinds=("crisis",), regions=("05978",))
    known = Snapshot((local, *shipped().lines), shipped().services)

    assert "kreis" in keys(["suicide"], kreis_key="05978", known=known)
    assert "kreis" not in keys(["suicide"], kreis_key="05974", known=known)


def test_a_number_stands_on_the_page_once():
    numbers = [number for line in lines_for(["need"], at=NOON, known=shipped()) for number in line.numbers]

    assert len(numbers) == len(set(numbers))


def test_need_gets_the_ways_to_treatment_before_any_line():
    assert keys(["need"], land="BY")[:5] == [
        "terminservice-116117", "psychotherapeutische-sprechstunde", "hausarztpraxis", "sozialpsychiatrischer-dienst",
        "krisendienste-bayern-need",
    ]  # fmt: skip


def test_the_offices_own_social_psychiatry_replaces_the_general_word():
    own = Line(
        "spdi-unna",
        "Sozialpsychiatrischer Dienst Kreis Unna, Beispiel",
        ("030 23125 001",),
        kinds=("social-psychiatry",),
        regions=("05978",),
    )
    known = Snapshot(shipped().lines, (*shipped().services, own))

    found = [line.key for line in need_answer(kreis_key="05978", at=NOON, known=known).services]
    assert found[3] == "spdi-unna"
    assert "sozialpsychiatrischer-dienst" not in found


def test_the_need_answer_says_what_a_group_can_and_cannot_do():
    answer = need_answer(land="NW", at=NOON, known=shipped())

    assert answer.services[0].numbers == ("116 117",)
    assert any("ersetzt keine Behandlung" in sentence for sentence in answer.cannot)
    assert answer.can
    assert [line.key for line in answer.lines][:2] == ["notruf-112", "telefonseelsorge"]
    assert not any("!" in sentence for sentence in (answer.intro, *answer.can, *answer.cannot))


def test_open_now_is_yes_only_when_somebody_surely_answers():
    line = {each.key: each for each in shipped().lines}

    assert open_now(line["telefonseelsorge"], NIGHT)
    assert open_now(line["silbernetz"], NOON)
    assert not open_now(line["silbernetz"], NIGHT)
    assert not open_now(line["suchtberatung-bioeg"], NOON)  # hours unknown
    assert not open_now(
        line["gewalt-an-maennern"], datetime(2026, 12, 25, 10, tzinfo=BERLIN)
    )  # holiday, nobody knows


@pytest.mark.parametrize(
    ("land", "kreis_key", "code"),
    [
        ("BY", "", "BY"),
        ("by", "", "BY"),
        ("Bayern", "", "BY"),
        ("Nordrhein-Westfalen", "", "NW"),
        ("", "05978", "NW"),
        ("", "16077", "TH"),
        ("", "02000", "HH"),
        ("Atlantis", "", ""),
        ("", "99", ""),
        ("", "²1", ""),
    ],
)
def test_a_land_is_known_by_code_name_or_kreis(land, kreis_key, code):
    assert land_code(land, kreis_key) == code


# --- With the database ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_an_empty_register_is_replaced_by_the_shipped_one():
    assert helplines.snapshot() == shipped()


@pytest.mark.django_db
def test_what_is_loaded_is_what_is_shipped():
    load_registers(at=NOON)

    assert helplines.snapshot() == shipped()


@pytest.mark.django_db
def test_a_register_that_cannot_be_read_is_replaced_by_the_shipped_one(monkeypatch):
    def fails(*args, **kwargs):
        raise DatabaseError

    monkeypatch.setattr(HelpLine.objects, "filter", fails)

    assert lines_for(["suicide"], at=NOON)[0].key == "notruf-112"


@pytest.mark.django_db
def test_hidden_lines_are_not_shown_and_own_ones_are():
    load_registers(at=NOON)
    HelpLine.objects.filter(key="silbernetz").update(hidden=True)
    add(
        HelpLine,
        {
            "name": "Beispieltelefon",
            "numbers": ["030 23125 001"],
            "operator": "Beispiel",
            "kinds": ["loneliness"],
            "source": "Flyer",
        },
        by="x",
        at=NOON,
    )

    found = [line.key for line in lines_for(["loneliness"], at=NOON)]
    assert "silbernetz" not in found
    assert "beispieltelefon" in found


@pytest.mark.django_db
def test_a_snapshot_costs_two_queries_and_answers_without_any(django_assert_num_queries):
    load_registers(at=NOON)
    with django_assert_num_queries(2):
        known = helplines.snapshot()
    with django_assert_num_queries(0):
        lines_for(["suicide"], at=NOON, known=known)
