"""The folder for IT, data protection and staff council says what the installation does, and the law of its own Träger."""

import dataclasses
import io
from datetime import UTC, datetime

import pypdf
import pytest

from kontaktstelle.organisation.models import Traeger
from kontaktstelle.organisation.rights import Right, Role
from kontaktstelle.papers import activities, folder, law, wording
from kontaktstelle.privacy import retention
from support.people import make_member
from support.visiting import visitor

A_MOMENT = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def words(parts):
    """Return everything a reader reads."""
    said = []
    for part in parts:
        said.append(part.title)
        for block in part.blocks:
            said += [block.text, *block.points]
            if block.table:
                said += [cell for row in block.table.rows for cell in row]
    return "\n".join(said)


@pytest.mark.parametrize(
    ("kind", "own", "foreign"),
    [
        ("public", "DSGVO", ("KDG", "DSG-EKD", "BetrVG")),
        ("association", "BetrVG", ("KDG", "DSG-EKD", "MAVO")),
        ("catholic", "§ 31 KDG", ("Art. 30 DSGVO", "DSG-EKD", "BetrVG")),
        ("protestant", "§ 31 DSG-EKD", ("Art. 30 DSGVO", " KDG", "BetrVG")),
    ],
)
def test_a_traeger_reads_its_own_law_and_no_other(office, kind, own, foreign):
    office.traeger.kind = kind
    said = words(folder.papers(office, at=A_MOMENT))
    assert own in said
    assert not [other for other in foreign if other in said]


def test_every_kind_of_traeger_finds_every_provision():
    for kind in Traeger.Kind.values:
        empty = [key for key, provision in law.provisions(kind).items() if not provision.text]
        assert not empty, f"{kind}: {empty}"


def test_whatever_the_night_erases_stands_in_the_register_of_processing():
    """A table with a person in it that the Verzeichnis does not know would be kept behind the back of whoever watches."""
    named = {table for activity in activities.activities() for table in activity.tables}
    assert {rule.label for rule in retention.rules() if activities.ends(rule)} <= named
    assert named <= {rule.label for rule in retention.rules()}, (
        "the Verzeichnis names a table that is not there"
    )


def test_the_periods_are_those_the_night_keeps(office, monkeypatch):
    rule = next(rule for rule in retention.rules() if activities.ends(rule) and rule.period.days)
    assert f"{rule.period.days} Tage nach: {rule.since}" in words(folder.papers(office, at=A_MOMENT))
    changed = dataclasses.replace(rule, period=retention.Period(4711))
    monkeypatch.setattr(
        retention, "_RULES", [changed if each is rule else each for each in retention.rules()]
    )
    assert f"4711 Tage nach: {rule.since}" in words(folder.papers(office, at=A_MOMENT))


def test_what_is_missing_is_said_to_be_missing(office, settings):
    settings.HTTPS, settings.SMTP_URL = False, ""
    said = words(folder.papers(office, at=A_MOMENT))
    assert "fehlt noch: KONTAKTSTELLE_HTTPS" in said
    assert "fehlt noch: KONTAKTSTELLE_SMTP_URL" in said
    settings.HTTPS, settings.SMTP_URL = True, "smtps://konto:geheim@mail.example.org:465"
    said = words(folder.papers(office, at=A_MOMENT))
    assert "fehlt noch: KONTAKTSTELLE_HTTPS" not in said
    assert "geheim" not in said, (
        "The password of the mail account stands in a paper that goes from hand to hand."
    )


def test_what_an_office_calls_itself_is_text_and_nothing_else(office):
    office.name = "# Kreis & <b>Söhne</b> $today [[law]] #panic()"
    made = folder.make(office, at=A_MOMENT)
    pages = "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made.pdf)).pages)
    assert "<b>Söhne</b> $today [[law]] #panic()" in pages.replace("\n", " ")
    assert "&lt;b&gt;Söhne&lt;/b&gt; $today [[law]]" in made.page


def test_both_forms_are_tagged_german_and_complete(office):
    made = folder.make(office, at=A_MOMENT)
    pdf = pypdf.PdfReader(io.BytesIO(made.pdf))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert str(pdf.trailer["/Root"]["/Lang"]).startswith("de")
    text = " ".join("\n".join(page.extract_text() for page in pdf.pages).split())
    for part in folder.papers(office, at=A_MOMENT):
        assert part.title.split(":")[0] in text
        assert f"{part.title}</h2>" in made.page


def test_a_text_that_names_what_nobody_gives_is_an_error_at_once():
    with pytest.raises(KeyError):
        wording.read("= Titel\n$niemand", {}, {})
    with pytest.raises(KeyError):
        wording.read("= Titel\n[[nichts]]", {}, {})


@pytest.mark.parametrize(
    ("role", "status"), [("leads", 200), ("dpo", 200), ("reception", 404), ("counsels", 404)]
)
def test_who_leads_and_who_watches_takes_it_from_the_desk(office, role, status):
    browser = visitor()
    browser.force_login(make_member(office, role, password="vier blaue Tassen im Regal"))
    answer = browser.get("/schreibtisch/stammdaten/mappe.html")
    assert answer.status_code == status
    if status == 200:
        assert office.name in answer.content.decode()
        assert "attachment" in answer["Content-Disposition"]


def test_every_right_stands_in_the_table_with_whoever_holds_it(office):
    said = words(folder.papers(office, at=A_MOMENT))
    for right in Right:
        assert right.label in said
    assert Role.DPO.label in said
