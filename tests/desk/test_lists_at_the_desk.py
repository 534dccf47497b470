"""A list brought to the desk: seen before it is written, every problem by its row, all or nothing, and back again."""

import io
import re
import threading
import uuid
from datetime import timedelta
from types import SimpleNamespace

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from kontaktstelle.desk import progress
from kontaktstelle.groups import exporting, uploads
from kontaktstelle.groups.models import ContactPerson, Group, ImportMapping, UploadedList
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
LISTS = "/schreibtisch/gruppen/einlesen/"
CANARY = "Karla Kanarienvogel"
GOOD = f"Name;Thema;Ort;Treffen;Ansprechpartner;Ansprechpartner Telefon\nTangram;Angst;Unna;montags 18 Uhr;{CANARY};030 23125 778\nNeue Wege;Depression;Unna;dienstags 19 Uhr;;\n"
BAD = "Name;Thema;Ort\nTangram;Angst;Unna\n;Depression;Unna\n"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def send(browser, text, name="liste.csv", key=None):
    content = text if isinstance(text, bytes) else text.encode()
    return browser.post(
        LISTS, {"liste": SimpleUploadedFile(name, content), "form_key": key or str(uuid.uuid4())}
    )


def uploaded():
    return UploadedList.unscoped.get()


def page(step=""):
    return f"{LISTS}{uploaded().pk}/{step}"


@pytest.fixture
def browser(at_the_desk):
    return at_the_desk("upkeep")[0]


def test_a_list_is_seen_before_anything_is_written_then_written_as_a_whole_and_taken_back(office, browser):
    answer = send(browser, GOOD)
    assert answer.headers["Location"] == page()
    shown = words(browser.get(page()))
    assert "2 neu" in shown
    assert "Noch ist nichts geschrieben" in shown
    assert not Group.unscoped.exists()
    assert browser.post(page("schreiben/")).status_code == 302
    assert sorted(Group.unscoped.values_list("name", flat=True)) == ["Neue Wege", "Tangram"]
    with acting_for(office):
        assert Party.objects.get().name == CANARY
    shown = words(browser.get(page()))
    assert "Die Liste ist eingelesen" in shown
    assert uploaded().content_sealed is None, "the file with its private addresses is still here"
    browser.post(f"{LISTS}zuruecknehmen/")
    assert not Group.unscoped.exists()
    assert not ContactPerson.unscoped.exists()


def test_a_double_click_takes_one_list_in_and_writes_it_once(browser):
    key = str(uuid.uuid4())
    send(browser, GOOD, key=key)
    send(browser, GOOD, key=key)
    where = page("schreiben/")
    browser.post(where)
    browser.post(where)
    assert Group.unscoped.count() == 2
    assert TrailEntry.objects.filter(action="groups.imported").count() <= 1


def test_one_refused_row_is_named_in_a_sentence_and_nothing_is_half_written(browser):
    send(browser, BAD)
    shown = words(browser.get(page()))
    assert "Abgelehnt: 1 Zeile" in shown
    assert "Zeile 3" in shown
    assert "So einlesen" not in shown
    browser.post(page("schreiben/"))
    assert not Group.unscoped.exists()


def test_what_lies_here_meanwhile_is_sealed_and_gone_after_a_day(office, browser):
    send(browser, GOOD)
    row = uploaded()
    assert b"Kanarienvogel" not in bytes(row.content_sealed) + bytes(row.report_sealed)
    with acting_for(office):
        assert uploads.forget_old(at=row.at + timedelta(hours=23)) == 0
        assert uploads.forget_old(at=row.at + timedelta(hours=25)) == 1


def test_a_column_nobody_knows_is_mapped_once_and_known_next_time(browser):
    send(browser, "Wie sie heißt;Thema;Ort\nTangram;Angst;Unna\n")
    shown = words(browser.get(page()))
    assert "Wir finden keine Spalte mit dem Namen der Gruppe" in shown
    assert "Wie sie heißt" in shown
    browser.post(page(), {"h0": "Wie sie heißt", "f0": "name"})
    assert "1 neu" in words(browser.get(page()))
    browser.post(page("schreiben/"))
    assert Group.unscoped.get().name == "Tangram"
    assert ImportMapping.unscoped.get().columns == {"Wie sie heißt": "name"}


def test_a_word_nobody_knows_as_a_topic_is_given_one(browser):
    send(browser, "Name;Thema;Ort\nTangram;Panikbuben;Unna\n")
    shown = text_of(browser.get(page()))
    assert "Panikbuben" in shown
    browser.post(page(), {"w0": "Panikbuben", "t0": "anxiety-panic"})
    browser.post(page("schreiben/"))
    assert Group.unscoped.get().topics == ["anxiety-panic"]


def test_a_ground_for_the_directory_needs_its_day_and_then_lists(browser):
    send(browser, GOOD)
    refused = browser.post(page(), {"basis": "consent-form", "basis_on": ""})
    assert refused.status_code == 409
    assert "der Tag, an dem eingewilligt wurde" in words(refused)
    browser.post(page(), {"basis": "consent-form", "basis_on": "2026-01-05"})
    browser.post(page("schreiben/"))
    assert set(Group.unscoped.values_list("listed", "basis")) == {(True, "consent-form")}


def test_an_excel_file_comes_in_and_what_goes_out_comes_back_identical(office, browser):
    book = openpyxl.Workbook()
    for row in (["Name", "Thema", "Ort"], ["Tangram", "Angst", "Unna"]):
        book.active.append(row)
    stream = io.BytesIO()
    book.save(stream)
    send(browser, stream.getvalue(), "liste.xlsx")
    browser.post(page("schreiben/"))
    assert Group.unscoped.get().name == "Tangram"
    UploadedList.unscoped.all().delete()
    for kind in ("xlsx", "csv"):
        given = browser.post("/schreibtisch/gruppen/ausgeben/", {"kind": kind})
        assert given.headers["Content-Disposition"].startswith("attachment")
        send(browser, given.content, f"liste.{kind}")
        assert "Alles steht schon so da" in words(browser.get(page())), kind
        UploadedList.unscoped.all().delete()


def test_what_goes_out_holds_no_person_and_no_note(office, browser):
    group = make_group(office)
    with acting_for(office):
        group.note = "Kanariennotiz"
        group.save()
    send(browser, GOOD)
    browser.post(page("schreiben/"))
    given = browser.post("/schreibtisch/gruppen/ausgeben/", {"kind": "csv"}).content.decode("utf-8-sig")
    assert "Tangram" in given
    assert "Kanarien" not in given


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "Bitte wählen Sie eine Datei"),
        (b"%PDF-1.7 \x00\x01", "eine PDF-Datei"),
        (b"PK\x03\x04kaputt", "."),
        (b"\xff\xfe\x00\x01" * 50, "."),
        (b"<html><script>alert(1)</script></html>", "Internetseite"),
        (b"a;b;c\n1;2;3\n", "Wir finden keine Zeile mit"),
    ],
    ids=["nothing", "pdf", "broken", "noise", "html", "no headings"],
)
def test_a_file_that_is_no_list_is_answered_kindly(browser, content, said):
    answer = send(browser, content)
    if answer.status_code == 302:
        answer = browser.get(answer.headers["Location"])
    assert answer.status_code in {200, 409}
    assert said in words(answer)
    assert "<script>alert(1)" not in text_of(answer)
    assert not Group.unscoped.exists()


def test_a_list_of_another_office_is_not_there(office_elsewhere, browser, at_the_desk):
    send(browser, GOOD)
    stranger, _ = at_the_desk("leads", "counsels", at=office_elsewhere)
    for step in ("", "schreiben/", "weglegen/"):
        assert stranger.post(page(step)).status_code == 404
    assert uploaded().content_sealed is not None


def test_put_away_it_is_gone(browser):
    send(browser, GOOD)
    browser.post(page("weglegen/"))
    assert not UploadedList.unscoped.exists()


def test_an_import_somebody_built_on_is_not_taken_back_by_the_way(browser):
    send(browser, GOOD)
    browser.post(page("schreiben/"))
    group = Group.unscoped.first()
    browser.post(f"/schreibtisch/gruppen/gruppe/{group.pk}/stand/", {"to": "full"})
    answer = browser.post(f"{LISTS}zuruecknehmen/")
    assert answer.status_code == 409
    assert "nicht mehr zurücknehmen" in words(answer)
    assert Group.unscoped.count() == 2


class AtOnce(threading.Thread):
    """A thread that does its work where it is started: the test's database knows one connection."""

    def start(self):
        self.run()

    def join(self, timeout=None):
        """Wait for nothing."""


def test_a_long_list_tells_how_far_it_is_and_where_its_result_stands(browser, monkeypatch):
    monkeypatch.setattr(uploads, "LONG", 0)
    monkeypatch.setattr(progress.threading, "Thread", AtOnce)
    monkeypatch.setattr(progress, "connection", SimpleNamespace(close=lambda: None))
    told = send(browser, GOOD)
    assert told.streaming
    text = text_of(told)
    assert "<progress" in text
    assert page() in text
    assert "2 neu" in words(browser.get(page()))
    assert "Fertig." in text_of(browser.post(page("schreiben/")))
    assert Group.unscoped.count() == 2


def test_only_who_may_gets_a_list_out(office, at_the_desk):
    _, reception = at_the_desk("reception")
    with pytest.raises(exporting.rights.NotAllowed), acting_for(office):
        exporting.export_for(office, "csv", by=reception, at=timezone.now())
