"""Files that are no lists get one sentence, quickly, and leave nothing behind."""

import time
import zipfile

import openpyxl
import pytest

from kontaktstelle.groups.importing.refusals import FileUnreadable

pytestmark = pytest.mark.django_db
HEADER = b"Name;Thema;Ort\n"
CASES = {
    "a cell of ten megabytes": (HEADER + b"x" * 10_000_000 + b";;\n", "viel zu lang"),
    "a hundred thousand columns": (b";".join(b"Name" for _ in range(100_000)) + b"\n", "Spalten|Zellen"),
    "a quote never closed": (HEADER + b'"Gruppe A;Depression;Unna\n' * 3, "Anführungszeichen"),
    "noise": (bytes(range(256)) * 4000, "keine Textdatei"),
    "an old workbook": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 5000, "alte Excel-Datei"),
    "a locked workbook": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
        "Kennwort",
    ),
    "a PDF": (b"%PDF-1.7 ...", "PDF"),
    "a page of the web": (b"<!DOCTYPE html><html><table></table></html>", "Internetseite"),
    "half a workbook": (b"PK\x03\x04" + b"\x01" * 500, "beschädigt"),
    "nothing": (b"", "leer"),
    "blanks": (b" \n;;;\n\t\n", "steht nichts"),
    "prose": (b"Liebe Kolleginnen,\nanbei die Liste.\n", "Überschriften"),
    "no column of names": (b"Thema;Ort\nDepression;Unna\n", "Namen der Gruppe"),
    "too many rows": (HEADER + b"a;b;c\n" * 50_100, "50.000"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_file_that_is_no_list_gets_a_sentence_quickly(case, bring_in, listing, stored):
    content, sentence = CASES[case]
    before = stored()
    started = time.monotonic()
    with pytest.raises(FileUnreadable, match=sentence):
        bring_in(listing(content))
    assert time.monotonic() - started < 3
    assert stored() == before


def _package(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


def _workbook_with(path, part, content):
    plain = path.with_name("plain.xlsx")
    book = openpyxl.Workbook()
    book.active.append(["Name", "Thema", "Ort"])
    book.active.append(["Gruppe A", "Depression", "Unna"])
    book.save(plain)
    with zipfile.ZipFile(plain) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    return _package(path, parts | {part: content(parts[part])})


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda path: _package(
                path, {"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}
            ),
            "LibreOffice",
        ),
        (lambda path: _package(path, {"readme.txt": "hello"}), "Archiv"),
        (
            lambda path: _workbook_with(
                path,
                "xl/worksheets/sheet1.xml",
                lambda xml: xml.replace(b"</sheetData>", b"</sheetData>" + b" " * 60_000_000),
            ),
            "entpackt",
        ),
        (
            lambda path: _workbook_with(
                path, "xl/worksheets/sheet1.xml", lambda xml: b'<!DOCTYPE x [<!ENTITY a "b">]>' + xml
            ),
            "Anweisungen",
        ),
        (
            lambda path: _workbook_with(path, "xl/worksheets/sheet1.xml", lambda xml: xml[: len(xml) // 2]),
            "beschädigt",
        ),
        (lambda path: _workbook_with(path, "xl/workbook.xml", lambda _: b"<nothing/>"), "beschädigt|Blatt"),
    ],
)
def test_a_hostile_package_gets_a_sentence_quickly(make, sentence, bring_in, tmp_path):
    path = make(tmp_path / "liste.xlsx")
    started = time.monotonic()
    with pytest.raises(FileUnreadable, match=sentence):
        bring_in(path)
    assert time.monotonic() - started < 5


def test_a_workbook_claiming_a_million_rows_and_columns_is_read_as_what_it_holds(
    bring_in, groups_of, tmp_path
):
    path = _workbook_with(
        tmp_path / "liste.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda xml: xml.replace(b'ref="A1:C2"', b'ref="A1:XFD1048576"'),
    )
    started = time.monotonic()
    assert bring_in(path).written
    assert time.monotonic() - started < 5
    assert set(groups_of()) == {"Gruppe A"}


def test_markup_and_formulas_in_cells_stay_text(bring_in, groups_of, listing):
    bring_in(
        listing(
            "Name;Ort;Beschreibung;Internet",
            ["Gruppe <script>alert(1)</script>", "Unna", "=cmd|' /C calc'!A0", "javascript:alert(1)"],
        )
    )
    (group,) = groups_of().values()
    assert group.name == "Gruppe <script>alert(1)</script>"
    assert group.description == "=cmd|' /C calc'!A0"
    assert group.website == ""


def test_a_thousand_groups_of_one_name_take_no_million_looks(bring_in, groups_of, listing):
    started = time.monotonic()
    report = bring_in(listing("Nr;Name;Ort", *(f"{number};Gruppe;Unna" for number in range(3000))))
    assert report.written
    assert time.monotonic() - started < 20
