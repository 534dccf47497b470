"""Registers are loaded again and again; what an office changed or confirmed stays its own."""

from dataclasses import asdict
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.network import reading
from kontaktstelle.network.checking import confirm, overdue
from kontaktstelle.network.models import Body, HelpLine, Service
from kontaktstelle.network.reading import RegisterUnreadable
from kontaktstelle.network.registers import KeyIsTaken, RowIsNeeded, add, change, load_registers
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry

pytestmark = pytest.mark.django_db

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
LATER = datetime(2026, 3, 20, 9, 30, tzinfo=UTC)
STAFF = "6b1f0c9e-0000-4000-8000-000000000001"
ROW = """
[[row]]
key = "{key}"
name = "{name}"
numbers = ["030 23125 001"]
operator = "Beispiel e. V."
kinds = ["crisis"]
open = ["täglich 08:00-20:00"]
source = "Beispiel, example.org"
"""


@pytest.fixture
def shipped(tmp_path):
    """Load a small register of help lines instead of the shipped one."""

    def load(*rows, at=AT):
        file = tmp_path / "helplines.toml"
        file.write_text("".join(rows))
        return load_registers(at=at, files={HelpLine: file})["helplines"]

    return load


def row(key, name="Beispieltelefon"):
    return ROW.format(key=key, name=name)


def test_loading_twice_changes_nothing_the_second_time():
    first = load_registers(at=AT)
    lines = trail_lines()
    second = load_registers(at=LATER)

    assert first["helplines"]["added"] == HelpLine.objects.count() > 20
    assert first["bodies"]["added"] == Body.objects.count() >= 120
    assert first["services"]["added"] == Service.objects.count()
    assert all(
        count["unchanged"] and not count["added"] and not count["updated"] for count in second.values()
    )
    assert trail_lines() == lines == 1


def test_every_row_has_a_source_and_waits_for_its_first_check():
    load_registers(at=AT)

    for register in (HelpLine, Body, Service):
        assert not register.objects.filter(source="").exists()
        assert not register.objects.exclude(checked_on=None).exists()


def test_a_newer_file_renews_what_nobody_touched(shipped):
    shipped(row("eins"))
    counts = shipped(row("eins", "Neuer Name"))

    assert counts["updated"] == 1
    assert HelpLine.objects.get(key="eins").name == "Neuer Name"


def test_a_fact_the_file_no_longer_gives_is_gone(shipped):
    shipped(row("eins") + 'note = "Hinweis"\n')
    shipped(row("eins"))

    assert HelpLine.objects.get(key="eins").note == ""


def test_what_an_office_confirmed_survives_a_newer_file_and_is_marked(shipped):
    shipped(row("eins"))
    confirm(HelpLine.objects.get(key="eins"), STAFF, AT)
    counts = shipped(row("eins", "Neuer Name"), at=LATER)

    line = HelpLine.objects.get(key="eins")
    assert (counts["kept"], counts["to_review"]) == (1, ["eins"])
    assert (line.name, line.checked_on, line.to_review) == ("Beispieltelefon", date(2026, 3, 10), True)
    assert shipped(row("eins", "Neuer Name"))["to_review"] == []  # said once


def test_what_an_office_changed_survives_a_newer_file(shipped):
    shipped(row("eins"))
    change(HelpLine.objects.get(key="eins"), {"numbers": ["030 23125 002"]}, by=STAFF, at=AT)
    shipped(row("eins", "Neuer Name"))

    assert HelpLine.objects.get(key="eins").numbers == ["030 23125 002"]


def test_a_line_no_longer_shipped_goes_unless_an_office_stands_by_it(shipped):
    shipped(row("eins"), row("zwei"), row("drei"))
    confirm(HelpLine.objects.get(key="zwei"), STAFF, AT)
    counts = shipped(row("drei"))

    assert (counts["withdrawn"], counts["kept"], counts["to_review"]) == (1, 1, ["zwei"])
    assert set(HelpLine.objects.values_list("key", flat=True)) == {"zwei", "drei"}


def test_a_row_of_an_office_is_left_alone(shipped):
    shipped(row("eins"))
    mine = add(
        HelpLine,
        {
            "name": "Krisendienst Beispiel",
            "numbers": ["030 23125 009"],
            "operator": "Kreis Beispiel",
            "kinds": ["crisis"],
            "source": "Flyer 2026",
        },
        by=STAFF,
        at=AT,
    )
    shipped(row("zwei"))

    assert HelpLine.objects.get(pk=mine.pk).key == "krisendienst-beispiel"


def test_a_damaged_file_changes_nothing(shipped):
    shipped(row("eins"))
    with pytest.raises(RegisterUnreadable, match="Eintrag 2"):
        shipped(row("eins", "Neuer Name"), row("zwei").replace("030 23125 001", "<script>"))

    assert [line.name for line in HelpLine.objects.all()] == ["Beispieltelefon"]


def test_a_change_empties_the_check_because_the_facts_are_no_longer_those_confirmed():
    load_registers(at=AT)
    line = HelpLine.objects.get(key="opfer-telefon")
    confirm(line, STAFF, AT)
    change(line, {"open": ["Mo-Fr 08:00-18:00"]}, by=STAFF, at=LATER)

    line.refresh_from_db()
    assert (line.checked_on, line.checked_by) == (None, "")
    assert line.hours == "Mo–Fr 8–18 Uhr"
    assert line.changed_at_desk == LATER


def test_hiding_a_line_leaves_its_check():
    load_registers(at=AT)
    line = confirm(HelpLine.objects.get(key="silbernetz"), STAFF, AT)
    change(line, {"hidden": True}, by=STAFF, at=LATER)

    assert HelpLine.objects.get(key="silbernetz").checked_on == date(2026, 3, 10)


def test_a_line_that_stands_in_cannot_be_hidden():
    load_registers(at=AT)
    line = HelpLine.objects.get(key="telefonseelsorge")
    with pytest.raises(RowIsNeeded):
        change(line, {"hidden": True}, by=STAFF, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpLine.objects.filter(pk=line.pk).update(hidden=True)


@pytest.mark.parametrize(
    "values",
    [{"numbers": ["x"]}, {"name": ""}, {"numbers": []}, {"checked_on": "2026-01-01"}, {"source": " "}],
)
def test_a_change_is_held_to_the_same_rules_as_a_file(values):
    load_registers(at=AT)
    with pytest.raises(RegisterUnreadable, match="Silbernetz"):
        change(HelpLine.objects.get(key="silbernetz"), values, by=STAFF, at=AT)


def test_a_key_is_never_taken_twice():
    load_registers(at=AT)
    with pytest.raises(KeyIsTaken):
        add(
            HelpLine,
            {
                "key": "silbernetz",
                "name": "X",
                "numbers": ["112"],
                "operator": "Y",
                "kinds": ["crisis"],
                "source": "Z",
            },
            by=STAFF,
            at=AT,
        )


def test_keys_made_from_names_are_readable_and_free():
    values = {"name": "Krisendienst Würzburg", "kind": "crisis-service", "what": "Hilft.", "source": "Flyer"}

    assert [add(Service, values, by=STAFF, at=AT).key for _ in range(3)] == [
        "krisendienst-wuerzburg",
        "krisendienst-wuerzburg-2",
        "krisendienst-wuerzburg-3",
    ]


def test_a_body_of_a_land_names_it():
    with pytest.raises(RegisterUnreadable, match="nennt ihr Land"):
        add(
            Body,
            {"name": "A", "what": "b", "topics": ["depression"], "source": "c", "reach": "land"},
            by=STAFF,
            at=AT,
        )


def test_a_check_has_a_day_and_a_person_or_neither():
    load_registers(at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        HelpLine.objects.filter(key="silbernetz").update(checked_on=date(2026, 1, 1))


# --- Checking ------------------------------------------------------------------------------------


def test_a_confirmation_carries_the_day_in_berlin_and_stands_in_the_trail():
    load_registers(at=AT)
    confirm(
        HelpLine.objects.get(key="silbernetz"),
        STAFF,
        datetime(2026, 3, 9, 23, 30, tzinfo=UTC),
        contact_point=7,
    )

    line = HelpLine.objects.get(key="silbernetz")
    assert (line.checked_on, line.checked_by) == (date(2026, 3, 10), STAFF)
    entry = TrailEntry.objects.get(contact_point=7)
    assert (entry.action, entry.actor, entry.object_type) == ("network.confirmed", STAFF, "network.helpline")
    assert trail.broken_at(7) is None


def test_at_first_everything_is_overdue():
    load_registers(at=AT)

    assert next(due.key for due in overdue(AT.date())) == "notruf-112"
    assert len(overdue(AT.date())) == HelpLine.objects.count() + Service.objects.count()
    assert len(overdue(AT.date(), bodies=True)) > 120


@pytest.mark.parametrize(("today", "is_due"), [(date(2026, 9, 10), False), (date(2026, 9, 11), True)])
def test_a_check_lasts_six_months(shipped, today, is_due):
    shipped(row("eins"))
    confirm(HelpLine.objects.get(key="eins"), STAFF, AT)

    assert ("eins" in {due.key for due in overdue(today)}) is is_due


def test_six_months_before_the_end_of_august_is_the_end_of_february(shipped):
    shipped(row("eins"))
    confirm(HelpLine.objects.get(key="eins"), STAFF, datetime(2026, 2, 28, 12, tzinfo=UTC))

    assert "eins" not in {due.key for due in overdue(date(2026, 8, 31))}


def test_newer_facts_make_a_row_due_again_until_it_is_confirmed(shipped):
    shipped(row("eins"))
    confirm(HelpLine.objects.get(key="eins"), STAFF, AT)
    shipped(row("eins", "Neuer Name"))
    assert [due.to_review for due in overdue(AT.date()) if due.key == "eins"] == [True]

    confirm(HelpLine.objects.get(key="eins"), STAFF, LATER)
    assert "eins" not in {due.key for due in overdue(LATER.date())}


def test_hidden_rows_are_nobodys_duty():
    load_registers(at=AT)
    change(HelpLine.objects.get(key="silbernetz"), {"hidden": True}, by=STAFF, at=AT)

    assert "silbernetz" not in {due.key for due in overdue(AT.date())}


def test_what_is_due_says_where_to_look():
    load_registers(at=AT)

    assert all(asdict(due)["source"] for due in overdue(AT.date()))


def test_a_change_and_its_line_in_the_trail_are_one(monkeypatch):
    load_registers(at=AT)

    def fails(*args, **kwargs):
        raise RuntimeError

    monkeypatch.setattr(trail, "record", fails)
    with pytest.raises(RuntimeError):
        confirm(HelpLine.objects.get(key="silbernetz"), STAFF, AT)

    assert HelpLine.objects.get(key="silbernetz").checked_on is None


def trail_lines():
    return TrailEntry.objects.filter(action="network.loaded").count()


def test_the_limits_of_the_reader_are_those_of_the_tables():
    for register, (checks, _) in reading.FIELDS.items():
        names = {field.name for field in register._meta.get_fields()}
        assert {name for name in checks if name != "open"} <= names
