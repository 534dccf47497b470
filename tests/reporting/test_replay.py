"""Published years come back: read into numbers, written as ordinary records, counted by the same code as a real year.

The reports under `published` are facts with their source in each file.
"""

import json
from pathlib import Path

import pytest

from kontaktstelle.cli.replaying import _plain, judging, reading, records
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.reporting import counting

PUBLISHED = sorted((Path(__file__).parent / "published").glob("*.json"))


def replayed(published):
    plan = reading.read(published)
    office, years = records.write(plan.records()), sorted({each.year for each in plan.wanted})
    # Whoever counts is told the office and the year, nothing of the report.
    with acting_for(office):
        counted = {year: _plain(counting.figures_of(Period.year(year))) for year in years}
    return judging.judge(published, plan, counted)


@pytest.mark.django_db
@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.stem)
def test_every_eligible_figure_of_a_published_year_comes_back(file):
    result = replayed(json.loads(file.read_text("utf-8")))
    assert [each for each in result["figures"] if not each["back"]] == []
    assert result["share_counted"] >= 0.9
    assert result["counted"] == result["eligible"] > 0
    assert all(each["reason"] for each in result["not_from_daily_work"])


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("duisburg-2018-und-erfunden", "2.421, das Ganze ist mit 2.411"),
        ("kreis-wesel-2017", "32 ohne Zuordnung"),
    ],
)
def test_what_was_published_wrongly_is_said_and_nothing_is_bent(name, said):
    file = next(file for file in PUBLISHED if file.stem == name)
    result = replayed(json.loads(file.read_text("utf-8")))
    assert any(said in each for each in result["does_not_add_up"])


def figures(*entries):
    return {
        "id": "x",
        "year": 2020,
        "figures": [
            {"area": area, "label_published": label, "value": value, "qualifier": qualifier, **more}
            for area, label, value, qualifier, more in entries
        ],
    }


@pytest.mark.django_db
def test_a_number_that_was_not_counted_is_not_called_back(monkeypatch):
    published = figures(("gruppen", "Selbsthilfegruppen", 12, "exact", {}))
    plan = reading.read(published)
    for wrong in (11, 13, None):
        counted = {2020: {"groups.end": {"value": wrong, "by": {}}}} if wrong else {}
        assert not judging.judge(published, plan, counted)["all_back"]


@pytest.mark.parametrize(
    ("value", "qualifier", "note", "right", "wrong"),
    [
        (240, "about", "„knapp 240“", [236, 240], [234, 241]),
        (370, "about", "„gut 370“", [370, 374], [369, 376]),
        (30000, "about", "", [28600, 31400], [28400, 31600]),
        (1000, "more_than", "", [1001], [1000, 999]),
        (8, "more_than", "„mind. acht“", [8, 9], [7]),
        (83, "exact", "", [83], [82, 84]),
    ],
)
def test_about_and_more_than_are_tested_as_such(value, qualifier, note, right, wrong):
    wanted = reading.Wanted(0, "Zahl", 2020, "contacts", "", "", value, qualifier, note)
    assert all(wanted.holds(number) for number in right)
    assert not any(wanted.holds(number) for number in wrong)


def test_shares_without_a_total_and_structure_are_listed_with_their_reason():
    plan = reading.read(
        figures(
            ("anfragen_nach_thema_anteil", "Sucht", 13, "exact", {"unit": "Prozent"}),
            ("struktur", "Standorte", 3, "exact", {}),
            ("gruppen", "Selbsthilfegruppen im Vorjahr", 259, "exact", {}),
        )
    )
    assert [each["label"] for each in plan.listed] == ["Standorte", "Sucht"]
    assert [(each.year, each.figure) for each in plan.wanted] == [(2019, "groups.end")]
