"""Figures of a year: the same as a plain count of the exported rows, and every breakdown adds up."""

import json
from collections import Counter
from datetime import UTC, date, datetime

import pytest
from django.core import serializers
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.activities import log as activities
from kontaktstelle.activities.log import Facts
from kontaktstelle.enquiries import codes
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.enquiries.models import Clearing, Contact, MonthlyCount, Referral
from kontaktstelle.foundings.models import Founding
from kontaktstelle.groups import listing
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.models import Site
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.reporting import counting, definitions
from kontaktstelle.reporting.tally import Breakdown, DoesNotAddUp
from kontaktstelle.topics import tree
from support.desk import AT, make_staff
from support.people import make_group

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
YEAR = Period.year(2026)
TOPICS = ["tinnitus", "grief", "depression", "alcohol", "anxiety-panic"]
UNKNOWN = "unknown"


@pytest.fixture
def here(office):
    with acting_for(office):
        yield office


def key(name):
    return st.sampled_from([UNKNOWN, *list(codes.LISTS[name])[:5]])


def keys(name):
    return st.lists(st.sampled_from(list(codes.LISTS[name])), max_size=3, unique=True)


CONTACTS = st.lists(
    st.fixed_dictionaries(
        {
            "day": st.dates(date(2025, 11, 20), date(2027, 1, 10)),
            "channel": st.sampled_from([UNKNOWN, *codes.LISTS["channel"]]), "direction": key("direction"),
            "who": st.sampled_from([UNKNOWN, *codes.LISTS["who"]]), "visit": key("visit"),
            "concerns": keys("concern"), "outcomes": keys("outcome"), "topics": st.lists(st.sampled_from(TOPICS), max_size=3, unique=True),
            "extras": st.fixed_dictionaries({}, optional={"age": key("age"), "sex": key("sex"), "heard": key("heard")}),
            "kreis_key": st.sampled_from(["", "05978", "16077"]), "municipality": st.sampled_from(["", "Unna", "Lünen"]),
            "reached": st.sampled_from([None, None, None, 1, 40]), "entered_late": st.booleans(), "gone": st.booleans(),
        }
    ),
    max_size=25,
)  # fmt: skip


def written(office, said):
    """Write contacts as rows, some with their person gone already."""
    for each in said:
        values = dict(each)
        day, gone = values.pop("day"), values.pop("gone")
        at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        row = Contact(
            contact_point=office, month=day.replace(day=1), day=day, entered_at=at, code_year=2026, **values
        )
        if gone:
            kept = {**row.extras, **({"municipality": row.municipality} if row.municipality else {})}
            for name, value in kept.items():
                count, _ = MonthlyCount.objects.get_or_create(
                    contact_point=office, month=row.month, breakdown=name, value=value, is_collective=row.reached is not None
                )  # fmt: skip
                count.contacts += 1
                count.save()
            row.day = row.entered_at = None
            row.de_identified, row.extras, row.municipality = True, {}, ""
        row.save(force_insert=True)


def exported(model):
    """Return the rows of a table as plain values, as an export has them."""
    return [each["fields"] for each in json.loads(serializers.serialize("json", model.objects.all()))]


def counted_plainly(rows, kept, period):
    """Count contacts row by row, knowing nothing of the product's own counting."""
    found = {}
    inside = [row for row in rows if period.first.isoformat() <= row["month"] <= period.last.isoformat()]
    single = [row for row in inside if row["reached"] is None]
    for name, column in (("channel", "channel"), ("who", "who"), ("direction", "direction"), ("visit", "visit"), ("kreis", "kreis_key")):  # fmt: skip
        found[name] = Counter(row[column] or UNKNOWN for row in single)
    for name in ("concerns", "topics", "outcomes"):
        found[name] = Counter(value for row in single for value in (row[name] or [UNKNOWN]))
    found["fields"] = Counter(
        value
        for row in single
        for value in ({tree.TOPICS[topic].field for topic in row["topics"]} or {UNKNOWN})
    )
    found["main-field"] = Counter(
        tree.TOPICS[row["topics"][0]].field if row["topics"] else UNKNOWN for row in single
    )
    found["month-channel"] = Counter(f"{row['month'][:7]}/{row['channel'] or UNKNOWN}" for row in single)
    for name in ("age", "sex", "heard", "municipality"):
        said = Counter(
            row["municipality"] if name == "municipality" else row["extras"].get(name, "") for row in single
        )
        for each in kept:
            if each["breakdown"] == name and not each["is_collective"] and period.first.isoformat() <= each["month"] <= period.last.isoformat():  # fmt: skip
                said[each["value"]] += each["contacts"]
        known = Counter({value: count for value, count in said.items() if value not in {"", UNKNOWN}})
        found[name] = known + Counter({UNKNOWN: len(single) - known.total()})
    first = sum(row["visit"] == "first" for row in single)
    found["people"] = first + sum(row["reached"] for row in inside if row["reached"])
    found["seekers"] = sum("find-group" in row["concerns"] and row["visit"] != "repeat" for row in single)
    found["talks"] = sum("talk" in row["outcomes"] for row in single)
    found["total"] = len(single)
    found["collective"] = len(inside) - len(single)
    found["unmet"] = sum(
        bool({"no-offer", "groups-full"} & set(row["outcomes"])) and row["visit"] != "repeat"
        for row in single
    )
    return found


PERIODS = st.sampled_from(
    [YEAR, Period(date(2026, 4, 1), date(2026, 6, 1)), Period(date(2026, 3, 1), date(2026, 3, 1))]
)


@given(CONTACTS, PERIODS)
@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_figures_are_those_of_a_plain_count_of_the_exported_rows(here, said, period):
    with transaction.atomic():
        written(here, said)
        figures = counting.figures_of(period)
        plain = counted_plainly(exported(Contact), exported(MonthlyCount), period)
        contacts = figures.figures["contacts"]
        assert contacts.value == plain["total"]
        for by, counts in plain.items():
            if isinstance(counts, Counter):
                assert dict(contacts.breakdowns[by].values) == {
                    value: count for value, count in counts.items() if count
                }, by
        for figure in ("people", "seekers", "talks", "unmet"):
            assert figures.of(figure) == plain[figure], figure
        assert figures.of("contacts.collective") == plain["collective"]
        adds_up(figures)
        transaction.set_rollback(True)


def adds_up(figures):
    for figure in figures.figures.values():
        for by, table in figure.breakdowns.items():
            assert sum(count for _, count in table.values) == table.total, (figure.key, by)
            assert all(count > 0 for _, count in table.values), (figure.key, by)
            if not definitions.BREAKDOWNS[by].has_mentions:
                assert table.total == figure.value, (figure.key, by)
            assert all(definitions.label(by, value) for value, _ in table.values)


@given(CONTACTS)
@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_quarters_add_up_to_their_year(here, said):
    with transaction.atomic():
        written(here, said)
        year = counting.figures_of(YEAR)
        quarters = [
            counting.figures_of(Period(date(2026, first, 1), date(2026, first + 2, 1)))
            for first in (1, 4, 7, 10)
        ]
        for figure in ("contacts", "people", "seekers", "unmet", "contacts.reached"):
            assert year.of(figure) == sum(each.of(figure) for each in quarters), figure
        for by in ("channel", "topics", "main-field", "age"):
            together = Counter()
            for each in quarters:
                together.update(dict(each.figures["contacts"].breakdowns[by].values))
            assert dict(year.figures["contacts"].breakdowns[by].values) == dict(together), by
        transaction.set_rollback(True)


def test_every_figure_is_defined_and_every_definition_is_counted(here):
    figures = counting.figures_of(YEAR).figures
    assert list(figures) == list(definitions.FIGURES)
    for key_, figure in figures.items():
        assert set(figure.breakdowns) == set(figure.definition.breakdowns), key_
        assert all(
            [
                figure.definition.name,
                figure.definition.unit,
                figure.definition.counts,
                figure.definition.source,
            ]
        )
        assert figure.definition.area in definitions.AREAS


def test_a_table_that_does_not_add_up_cannot_be_made():
    with pytest.raises(DoesNotAddUp):
        Breakdown("channel", 2411, (("affected", 656), ("group", 797), ("professional", 968)))


def test_the_stock_of_groups_is_what_was_there_and_what_came_without_what_went(here):
    groups = [make_group(here, f"Gruppe {number}, Beispiel", listed=number < 3) for number in range(5)]
    for group, known in zip(groups, ("2024-05-01", "2025-02-01", "2026-03-01", "2026-05-01", "2027-01-05"), strict=True):  # fmt: skip
        Group.objects.filter(pk=group.pk).update(created_at=datetime.fromisoformat(f"{known}T12:00:00+00:00"))
    listing.move(Group.objects.get(pk=groups[0].pk), "dissolved", by="test", at=AT)
    Group.objects.filter(pk=groups[2].pk).update(founded="2026-02", languages=["de", "tr"], is_young=True)
    Group.objects.filter(pk=groups[3].pk).update(founded="2026")
    year = counting.figures_of(YEAR)
    assert [
        year.of(f"groups.{name}") for name in ("start", "new", "dissolved", "end", "founded", "listed")
    ] == [2, 2, 1, 3, 2, 3]
    assert (year.of("groups.young"), year.of("groups.multilingual")) == (1, 1)
    march = counting.figures_of(Period(date(2026, 3, 1), date(2026, 3, 1)))
    assert [march.of(f"groups.{name}") for name in ("start", "new", "dissolved", "end", "founded")] == [2, 1, 1, 2, 0]  # fmt: skip
    adds_up(year)


def test_rooms_are_meeting_places_at_the_address_of_a_site(here):
    from kontaktstelle.groups.models import Venue

    site = Site.objects.get(contact_point=here)
    own = Venue.objects.create(contact_point=here, name="Raum 1", street="Beispielstr. 1", postcode="59423")
    away = Venue.objects.create(contact_point=here, name="Kirche", street="Kirchplatz 3", postcode="59423")
    for venue in (own, own, away, None):
        make_group(here, "Gruppe, Beispiel", venue=venue, created_at=AT)
    Group.objects.update(created_at=AT)
    figures = counting.figures_of(YEAR)
    assert (figures.of("rooms"), figures.of("rooms.groups")) == (1, 2)
    assert figures.of("rooms.groups", "house", site.code) == 2


def test_referrals_clearings_and_foundings_stand_in_the_months_they_belong_to(here):
    group = make_group(here)
    for month, where in ((1, {"group": group}), (1, {"network": "body:x"}), (2, {"group": group})):
        Referral.objects.create(
            contact_point=here, route="R0", status="told", counted_in=date(2026, month, 1), **where
        )
    Clearing.objects.create(contact_point=here, month=date(2026, 1, 1), outcomes=["fits", "wants-to-found"])
    Founding.objects.create(
        contact_point=here, origin="office", begun_month=date(2025, 6, 1), next_on=date(2027, 1, 1), topics=["grief"]
    )  # fmt: skip
    year = counting.figures_of(YEAR)
    assert (year.of("referrals"), year.of("referrals.group"), year.of("referrals.network")) == (3, 2, 1)
    assert year.of("referrals", "month", "2026-02") == 1
    assert year.of("clearings") == 1
    assert year.figures["clearings"].breakdowns["clearing"].total == 2
    assert [year.of(f"foundings.{name}") for name in ("begun", "supported", "in-progress", "ended")] == [
        0,
        1,
        1,
        0,
    ]
    adds_up(year)


def test_activities_are_counted_by_kind_title_and_site(here):
    counsellor, site, march = make_staff(here), Site.objects.get(contact_point=here), date(2026, 3, 1)
    for facts in (
        Facts("training", march, times=3, reached=40, text="Erste-Hilfe-Auffrischung", site=site),
        Facts("training", march),
        Facts("post", march, times=83),
        Facts("talk", march, reached=25),
        Facts("committee", date(2025, 12, 1)),
    ):
        activities.note(facts, by=counsellor, at=AT)
    year = counting.figures_of(YEAR)
    assert (year.of("trainings"), year.of("trainings.people")) == (4, 40)
    assert year.of("trainings", "title", "Erste-Hilfe-Auffrischung") == 3
    assert (year.of("trainings", "site", "haupt"), year.of("trainings", "site", UNKNOWN)) == (3, 1)
    assert (year.of("outreach", "activity", "post"), year.of("outreach.people")) == (83, 25)
    assert year.of("committees") == 0
    assert counting.figures_of(YEAR, site=site).of("trainings") == 3
    adds_up(year)


def test_nobody_sees_another_offices_figures_or_any_without_the_right(here, office_elsewhere):
    written(
        here,
        [
            {
                "day": date(2026, 3, 1),
                "gone": False,
                "extras": {},
                "municipality": "",
                "reached": None,
                "topics": [],
            }
        ],
    )
    counsellor, reception = make_staff(here), make_staff(here, "empfang", roles=("reception",))
    assert counting.of_office(YEAR, by=counsellor).of("contacts") == 1
    with pytest.raises(NotAllowed):
        counting.of_office(YEAR, by=reception)
    with acting_for(office_elsewhere):
        assert counting.figures_of(YEAR).of("contacts") == 0
        with pytest.raises(NotAllowed):
            counting.of_office(YEAR, by=counsellor)


def test_a_catalogue_reads_an_old_year_as_it_was():
    asked = definitions.catalogue("sachsen-anhalt", year=2017)
    assert [each.heading for each in asked.questions] == ["Kontakte nach Wegen"]
    assert len(definitions.catalogue("sachsen-anhalt", year=2023).questions) == 4
    for name in definitions.catalogues():
        for question in definitions.catalogue(name, year=2026).questions:
            for figure, by in question.figures:
                assert not by or by in definitions.FIGURES[figure].breakdowns, (name, figure, by)
    assert [each.number for each in definitions.catalogue("nrw-nr4", year=2026).questions] == list(
        "abcdefghijk"
    )
