"""From a file to rows of text: which kind of file it is, where its header stands, which rows lie below.

`read_table` refuses what is no list in one sentence, quickly, whatever is inside; limits are `MOST_BYTES` and `MOST_ROWS`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from .refusals import FileUnreadable

MOST_BYTES = 32 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 500
HEADER_WITHIN = 40
FEWEST_HEADINGS = 2
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "eine PDF-Datei"),
    (b"{\\rtf", "ein Textdokument (RTF)"),
    (b"\x89PNG", "ein Bild"),
    (b"\xff\xd8\xff", "ein Bild"),
    (b"GIF8", "ein Bild"),
    (b"\x1f\x8b", "ein gepacktes Archiv"),
    (b"7z\xbc\xaf", "ein gepacktes Archiv"),
    (b"Rar!", "ein gepacktes Archiv"),
    (b"SQLite format 3", "eine Datenbank"),
    (b"\x7fELF", "ein Programm"),
    (b"MZ\x90", "ein Programm"),
)
SAVE_AS = "Bitte speichern Sie die Liste als Excel-Arbeitsmappe (.xlsx) oder CSV."
Score = Callable[[Sequence[str]], int]


@dataclass(slots=True)
class Sheet:
    """Rows as they stand, with the line each begins at; what had to be said about the file."""

    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    row_notes: dict[int, list[str]] = field(default_factory=dict)
    header_groups: dict[int, dict[int, str]] = field(default_factory=dict)
    pads_short_rows: bool = False


@dataclass(slots=True)
class Table:
    """A list: its header, the rows below it with their lines, and what had to be said about the file."""

    header: list[str]
    header_line: int
    rows: list[tuple[int, list[str]]]
    repeated: set[int]
    notes: list[str]
    row_notes: dict[int, list[str]]
    pads_short_rows: bool


def read_table(path: Path, *, score: Score) -> Table:
    """Read a CSV or XLSX file.

    Args:
        path: the file.
        score: how many cells of a row are known headings.

    Raises:
        FileUnreadable: no list, too large, damaged, or without a header.
        FileNotFoundError: there is no such file.
    """
    from . import delimited, workbook

    kind, start = _kind(path)
    sheet = (
        workbook.read_sheet(path, score)
        if kind == "xlsx"
        else delimited.read_sheet(path.read_bytes() if len(start) else b"", score)
    )
    return _table(sheet, score)


def _kind(path: Path) -> tuple[str, bytes]:
    if path.is_dir():
        raise FileUnreadable("Das ist ein Ordner, keine Datei.")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise FileUnreadable(
            f"Die Datei ist {size // 1024 // 1024} MB groß; mehr als {MOST_BYTES // 1024 // 1024} MB lesen wir nicht."
        )
    if size == 0:
        raise FileUnreadable("Die Datei ist leer.")
    with path.open("rb") as file:
        start = file.read(4096)
        if start.startswith(b"\xd0\xcf\x11\xe0"):
            everything = start + file.read()
            locked = "EncryptedPackage".encode("utf-16-le") in everything
            raise FileUnreadable(
                "Die Arbeitsmappe ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort."
                if locked
                else f"Das ist eine alte Excel-Datei (.xls). {SAVE_AS}"
            )
    if start.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return "xlsx", start
    for mark, name in _OTHER_KINDS:
        if start.startswith(mark):
            raise FileUnreadable(f"Das ist {name}, keine Tabelle. {SAVE_AS}")
    head = start.lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    if head.startswith((b"<!doctype", b"<html", b"<table", b"<?xml")):
        raise FileUnreadable(f"Das ist eine Internetseite oder XML-Datei, keine Tabelle. {SAVE_AS}")
    return "csv", start


def _table(sheet: Sheet, score: Score) -> Table:
    filled = [
        (place, row)
        for place, (_, row) in enumerate(sheet.rows[: HEADER_WITHIN * 5])
        if any(cell.strip() for cell in row)
    ][:HEADER_WITHIN]
    if not filled:
        raise FileUnreadable("In der Datei steht nichts.")
    scores = [(score(row), -place) for place, row in filled]
    best, at = max(scores)
    if best < FEWEST_HEADINGS:
        seen = ", ".join(f"„{cell.strip()[:30]}“" for cell in filled[0][1][:12] if cell.strip())
        raise FileUnreadable(
            f"Wir finden keine Zeile mit Überschriften wie „Name“, „Themen“, „Ort“. Die erste Zeile lautet: {seen}."
        )
    line, header = sheet.rows[-at]
    if len(header) > MOST_COLUMNS:
        raise FileUnreadable(f"Die Liste hat mehr als {MOST_COLUMNS} Spalten.")
    header = _with_groups(header, sheet.header_groups.get(line - 1, {}), score)
    notes = list(sheet.notes)
    titles = sum(1 for place, _ in filled if place < -at)
    if titles:
        notes.append(
            f"{'Eine Zeile' if titles == 1 else f'{titles} Zeilen'} über den Überschriften (Zeile {line}) wurde{'' if titles == 1 else 'n'} übergangen."
        )
    plain = [cell.strip().lower() for cell in header]
    while plain and not plain[-1]:
        plain.pop()
    below = sheet.rows[-at + 1 :]
    repeated = {
        number
        for number, row in below
        if plain[0] == (row[0].strip().lower() if row else "")
        and [cell.strip().lower() for cell in row[: len(plain)]] == plain
    }
    return Table(header, line, below, repeated, notes, sheet.row_notes, sheet.pads_short_rows)


def _with_groups(header: list[str], groups: dict[int, str], score: Score) -> list[str]:
    """Put the heading spanning several columns above before each of them where that makes a known heading."""
    if not groups or len(groups) >= len([cell for cell in header if cell.strip()]):
        return header  # a title over the whole list is no heading
    joined = list(header)
    for place, group in groups.items():
        if place < len(header) and header[place].strip() and score([f"{group} {header[place]}"]):
            joined[place] = f"{group} {header[place]}"
    return joined
