"""Export: comes back identical, holds no formula, holds no person without a reason."""

import csv
import io
from datetime import UTC, date, datetime

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.groups import exporting, visibility
from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.importing import cells, choices, import_file
from kontaktstelle.groups.importing.placing import PlaceReader
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Answer, ContactPerson, Group, Venue
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from kontaktstelle.topics import tree

pytestmark = pytest.mark.django_db
A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
EXPORTS = {"csv": exporting.export_csv, "xlsx": exporting.export_xlsx}


def exported(office, kind="csv", **options):
    stream = io.BytesIO()
    EXPORTS[kind](office, stream, by="test", at=A_MOMENT, **options)
    return stream.getvalue()


def rows_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


def bring_back(office, content, path):
    path.write_bytes(content)
    return import_file(path, contact_point=office, by="test", at=A_MOMENT)


def emptied(office):
    with acting_for(office):
        from kontaktstelle.groups.signals import listing_changed

        groups = list(Group.objects.all())
        for group in groups:
            group.listed = False
        listing_changed.send(sender=Group, groups=groups)
        for model in (ContactPerson, Party, Group, Venue):
            model.objects.all().delete()


# What people type, without what import takes out on purpose (persons, numbers) and blanks at the edges, which it drops.
def words_of(most, alphabet="abcäöüßé '\"=+-@;,|\t\n＝'„“%&<>#()*"):
    return (
        st.text(alphabet=alphabet, max_size=most)
        .map(cells.cleaned)
        .map(lambda text: text if cells.neutral(text) and not cells.is_error(text) else "")
    )


def lines_of(most):
    return words_of(most).map(lambda text: " ".join(text.split()))


def named(most):
    return lines_of(most).map(lambda text: f"Gruppe {text}".strip())


days = st.dates(date(1990, 1, 1), date(2040, 12, 31))
some_topics = st.lists(st.sampled_from(sorted(tree.TOPICS)), max_size=3, unique=True)
opened = st.dictionaries(
    st.sampled_from(sorted(visibility.OPENABLE)),
    st.lists(st.sampled_from(list(visibility.CHANNELS)), min_size=1, unique=True),
    max_size=4,
)
groups = st.fixed_dictionaries(
    {
        "name": named(30),
        "key": st.sampled_from(["", "", "17", "A-3", "=k"]),
        "description": words_of(120),
        "topics": some_topics,
        "unknown_topics": st.just([]) | st.just(["Quastenflosserkunde"]),
        "audience": st.lists(st.sampled_from(sorted(tree.AUDIENCES)), max_size=3, unique=True),
        "is_young": st.booleans(),
        "age_from": st.none() | st.integers(0, 99),
        "age_to": st.none() | st.integers(0, 99),
        "languages": st.lists(st.sampled_from(sorted(choices.LANGUAGES)), max_size=3, unique=True),
        "forms": st.lists(st.sampled_from(sorted(choices.FORMS)), max_size=3, unique=True),
        "online_note": words_of(40),
        "town": st.sampled_from(["", "Unna", "Nirgendsdorf", "Halle (Saale)"]),
        "postcode": st.sampled_from(["", "59423", "04600"]),
        "district": st.sampled_from(["", "Königsborn", "Landkreis Stade"]),
        "step_free": st.sampled_from(Answer),
        "sign_language": st.booleans(),
        "easy_language": st.booleans(),
        "induction_loop": st.booleans(),
        "meeting_text": st.sampled_from(
            ["", "jeden 1. Dienstag im Monat, 19 Uhr", "nach Absprache", "-", "1. Mai"]
        ),
        "first_on": st.none() | days,
        "cancelled_on": st.lists(days.map(date.isoformat), max_size=2),
        "founded": st.sampled_from(["", "2019", "2019-03"]),
        "conditions": st.dictionaries(st.sampled_from(sorted(CONDITIONS)), st.booleans(), max_size=3),
        "takes_referrals_only_via_office": st.booleans(),
        "public_phone": st.sampled_from(["", "+49 30 23125001", "030 23125-001", "-"]),
        "public_email": st.sampled_from(["", "gruppe@example.org"]),
        "website": st.sampled_from(["", "https://gruppe.example.org/a?b=c"]),
        "protected": st.booleans(),
        "visibility": opened,
        "confirmed_on": st.none() | days,
        "members": st.none() | st.integers(0, 500),
        "attending": st.none() | st.integers(0, 500),
        "association": lines_of(30),
        "is_anonymous_fellowship": st.booleans(),
        "led_by_professionals": st.sampled_from(Answer),
        "source": lines_of(30),
        "stage": st.sampled_from(Stage),
        "basis": st.sampled_from(Group.Basis),
        "listed": st.booleans(),
        "note": words_of(60),
        "person": st.none()
        | st.fixed_dictionaries(
            {
                "name": st.sampled_from(["Erika Muster", "Muster, Erika"]),
                "phone": st.sampled_from(["", "+49 30 23125001", "030 23125001"]),
                "email": st.sampled_from(["", "erika@example.org"]),
                "note": words_of(30),
            }
        ),
        "venue": st.none() | st.sampled_from(["Rathaus", "=Haus", "Bücherei, Saal 2"]),
    }
)


def stand(office, drawn):
    """Put a drawn group into the office the way the desk would."""
    from kontaktstelle.groups import listing, rhythm

    fields = {
        name: value
        for name, value in drawn.items()
        if name not in {"note", "person", "venue", "unknown_topics"}
    }
    if fields["basis"] == Group.Basis.NONE:
        fields["listed"] = False
    else:
        fields |= {
            "basis_on": date(2024, 1, 2),
            "basis_by": "Leitung",
            "is_example": fields["basis"] == Group.Basis.EXAMPLE,
        }
    fields["dissolved_on"] = date(2025, 1, 1) if fields["stage"] == Stage.DISSOLVED else None
    fields["stage_before_pause"] = Stage.FULL if fields["stage"] == Stage.PAUSED else ""
    fields["intake_stop_until"] = date(2026, 9, 1) if fields["stage"] == Stage.INTAKE_STOP else None
    fields["rhythm"] = rhythm.read(fields["meeting_text"]).as_json() if fields["meeting_text"] else {}
    place = PlaceReader(["05978"]).place(fields["postcode"], fields["town"], fields["district"])
    fields |= {"lat": place.lat, "lon": place.lon, "kreis_key": place.kreis_key}
    with acting_for(office):
        taken = set(Group.objects.everywhere().values_list("slug", flat=True))
        if fields["key"] and Group.objects.filter(key=fields["key"]).exists():
            fields["key"] = ""
        venue = None
        if drawn["venue"]:
            venue, _ = Venue.objects.get_or_create(
                contact_point=office,
                name=drawn["venue"],
                town=fields["town"],
                defaults={"street": "Beispielweg 1"},
            )
        group = Group(
            contact_point=office,
            slug=listing.free_slug(fields["name"], fields["town"], taken),
            venue=venue,
            unknown_topics=drawn["unknown_topics"],
            **fields,
        )
        if drawn["note"]:
            group.note = drawn["note"]
        group.save()
        if drawn["person"]:
            party = Party(contact_point=office, registered_on=A_MOMENT.date())
            for way, text in drawn["person"].items():
                if text:
                    setattr(party, way, text)
            party.save()
            ContactPerson.objects.create(
                contact_point=office,
                group=group,
                party=party.pk,
                position=1,
                consent=ContactPerson.Consent.INTERNAL,
            )


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    derandomize=True,
)
@given(drawn=st.lists(groups, min_size=1, max_size=3))
def test_an_export_comes_back_unchanged_here_and_identical_elsewhere(kind, office, tmp_path, drawn):
    emptied(office)
    for each in drawn:
        stand(office, each)
    content = exported(office, kind, with_persons=True, reason="umzug")
    readable = exported(office, with_persons=True, reason="umzug")
    here = bring_back(office, content, tmp_path / f"liste.{kind}")
    assert [line.as_json() for line in here.lines if line.outcome != "unchanged"] == []
    emptied(office)
    there = bring_back(office, content, tmp_path / f"liste.{kind}")
    assert [line.as_json() for line in there.lines if line.outcome != "new"] == []
    assert rows_of(exported(office, with_persons=True, reason="umzug")) == rows_of(readable)


def test_no_cell_can_be_taken_for_a_formula_and_numbers_stay_numbers(office):
    from support.people import make_group

    make_group(
        office,
        name="=HYPERLINK(1)",
        description="+1+1",
        association="@SUM(A1)",
        online_note="＝1",
        source="-2",
        public_phone="+49 30 23125001",
        meeting_text="-",
    )
    (row,) = rows_of(exported(office))
    assert (
        row["Name"],
        row["Beschreibung"],
        row["Dachverband"],
        row["Hinweis zum Online-Treffen"],
        row["Quelle"],
    ) == ("'=HYPERLINK(1)", "'+1+1", "'@SUM(A1)", "'＝1", "'-2")
    assert (row["Telefon der Gruppe"], row["Treffen"]) == ("+49 30 23125001", "-")
    book = openpyxl.load_workbook(io.BytesIO(exported(office, "xlsx")))
    assert {
        cell.data_type for line in book.active.iter_rows() for cell in line if cell.value is not None
    } == {"s"}


@pytest.mark.parametrize(
    "text",
    [
        "=1",
        "'=1",
        "''=1",
        "'",
        "-",
        "--",
        "+49 30 23125001",
        "'+49 30",
        "@",
        "\tx",
        "＋1",
        "a=1",
        "",
        "+49 30 CMD",
    ],
)
def test_the_apostrophe_against_formulas_is_taken_off_again_and_nothing_else(text):
    assert cells.cleaned(cells.neutral(text)) == text
    assert not cells.neutral(text).startswith(("=", "@", "＋", "--"))


def test_postcodes_are_text_and_the_file_is_what_a_german_excel_opens(office):
    from support.people import make_group

    make_group(office, town="Altenburg", postcode="04600", kreis_key="16077")
    content = exported(office)
    assert content.startswith(b"\xef\xbb\xbfSchl")
    assert content.count(b"\r\n") == 2
    assert b";04600;" in content
    sheet = openpyxl.load_workbook(io.BytesIO(exported(office, "xlsx"))).active
    heads = [cell.value for cell in sheet[1]]
    assert sheet.cell(2, heads.index("PLZ") + 1).value == "04600"


def test_persons_leave_only_for_a_reason_and_the_trail_says_so(office):
    from support.people import make_group

    group = make_group(office)
    with acting_for(office):
        group.note = "Vermerk"
        group.save()
        party = Party(contact_point=office, registered_on=A_MOMENT.date())
        party.name, party.phone = "Erika Muster", "030 23125001"
        party.save()
        ContactPerson.objects.create(contact_point=office, group=group, party=party.pk, position=1)
    plain = exported(office).decode()
    assert "Muster" not in plain
    assert "Vermerk" not in plain
    with pytest.raises(exporting.ReasonMissing):
        exported(office, with_persons=True, reason="  ")
    with pytest.raises(exporting.ReasonMissing):
        exported(office, with_persons=True, reason="Frau Kanarienvogel hat danach gefragt")
    assert not TrailEntry.objects.filter(fields__contains="Kanarienvogel").exists()
    assert "Erika Muster" in exported(office, with_persons=True, reason="umzug").decode()
    last = TrailEntry.objects.order_by("number").last()
    assert (last.action, last.fields) == (
        "groups.exported-with-persons",
        "count:1 reason:umzug",
    )


def test_an_export_without_persons_leaves_them_alone_when_it_comes_back(office, tmp_path):
    from support.people import make_group

    group = make_group(office)
    with acting_for(office):
        party = Party(contact_point=office, registered_on=A_MOMENT.date())
        party.name = "Erika Muster"
        party.save()
        ContactPerson.objects.create(contact_point=office, group=group, party=party.pk, position=1)
    report = bring_back(office, exported(office), tmp_path / "liste.csv")
    assert report.summary() == "0 neu, 0 geändert, 1 unverändert"
    assert Party.objects.everywhere().get().name == "Erika Muster"


def test_an_office_exports_only_its_own_groups(office, office_elsewhere):
    from support.people import make_group

    make_group(office, name="Gruppe Hier")
    make_group(office_elsewhere, name="Gruppe Dort")
    assert [row["Name"] for row in rows_of(exported(office))] == ["Gruppe Hier"]
