"""XLSX: the first visible sheet with a header, its values as the spreadsheet showed them, as text.

Merged cells, formulas without a stored result and parts of absurd size are found in the file itself before openpyxl reads it.
"""

import re
import warnings
import zipfile
import zlib
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils import coordinate_to_tuple, range_boundaries

from .reading import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, SAVE_AS, Score, Sheet
from .refusals import FileUnreadable

MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 2000
SUSPICIOUS = 10 * 1024 * 1024
MOST_RATIO = 120
CHUNK = 1024 * 1024
OVERLAP = 4096
MOST_EMPTY_FORMULAS = 5000
MOST_MERGES = 20_000
MOST_FORMATTED = 100_000
LARGEST_EXACT = 10**15
_MERGE = re.compile(rb'<mergeCell\s+ref="([A-Z]+\d+:[A-Z]+\d+)"')
_EMPTY_FORMULA = re.compile(
    rb'<c\s[^>]*?r="([A-Z]{1,3}\d{1,7})"[^>]*>\s*<f[^>]*?(?:/>|>[^<]*</f>)\s*(?:<v\s*/>|<v></v>)?\s*</c>'
)
_MONTHS = ("Jan", "Feb", "Mrz", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez")
DAMAGED = "Die Arbeitsmappe ist beschädigt und lässt sich nicht öffnen."


def read_sheet(path: Path, score: Score) -> Sheet:
    """Return the rows of the first visible sheet that has a header.

    Raises:
        FileUnreadable: no workbook, damaged, absurdly large, too many rows, or no sheet with a header.
    """
    _check_parts(path)
    notes: list[str] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            # Given a name, the library asks for its ending; what was uploaded has none.
            with path.open("rb") as stream:
                book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
                try:
                    sheet, part = _chosen(book, score, notes)
                    return _rows(path, sheet, part, notes)
                finally:
                    book.close()
        except FileUnreadable:
            raise
        except Exception as error:
            raise FileUnreadable(DAMAGED) from error


def _check_parts(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            _check_package(package)
    except FileUnreadable:
        raise
    except (
        zipfile.BadZipFile,
        zlib.error,
        OSError,
        ValueError,
        KeyError,
        NotImplementedError,
        RuntimeError,
        EOFError,
    ) as error:
        raise FileUnreadable(DAMAGED) from error


def _check_package(package: zipfile.ZipFile) -> None:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if (
        "mimetype" in names
        and package.getinfo("mimetype").file_size < OVERLAP
        and b"opendocument" in package.read("mimetype")
    ):
        raise FileUnreadable(f"Das ist eine LibreOffice-Datei (.ods oder .odt). {SAVE_AS}")
    if not any(name.startswith("xl/workbook") for name in names):
        raise FileUnreadable(f"Das ist ein Archiv oder ein anderes Dokument, keine Arbeitsmappe. {SAVE_AS}")
    if any(part.flag_bits & 1 for part in parts):
        raise FileUnreadable(
            "Die Arbeitsmappe ist mit einem Kennwort geschützt. Bitte speichern Sie sie ohne Kennwort."
        )
    _check_sizes(parts)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            with package.open(part) as stream:
                if b"<!DOCTYPE" in stream.read(OVERLAP):
                    raise FileUnreadable(
                        "Die Arbeitsmappe enthält Anweisungen, die in keine Liste gehören; wir öffnen sie nicht."
                    )


def _check_sizes(parts: list[zipfile.ZipInfo]) -> None:
    read = [part for part in parts if part.filename.startswith("xl/") and part.filename.endswith(".xml")]
    huge = any(
        part.file_size > SUSPICIOUS and part.file_size > MOST_RATIO * max(part.compress_size, 1)
        for part in parts
    )
    if huge or len(parts) > MOST_PARTS or sum(part.file_size for part in read) > MOST_UNPACKED:
        raise FileUnreadable(
            "Die Arbeitsmappe ist entpackt viel größer, als eine Liste von Gruppen sein kann; wir öffnen sie nicht."
        )


def _chosen(book: Any, score: Score, notes: list[str]) -> tuple[Any, str]:
    """Return the sheet to read and its part in the package."""
    first = None
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            notes.append(f"Das ausgeblendete Blatt „{sheet.title}“ wurde nicht gelesen.")
            continue
        if first is None:
            sheet.reset_dimensions()
            rows = [
                [_text(cell) for cell in row[:MOST_COLUMNS]]
                for row in sheet.iter_rows(max_row=HEADER_WITHIN * 2)
            ]
            if max((score(row) for row in rows), default=0) >= 2:  # noqa: PLR2004 - as for CSV, two headings make a header
                first = sheet
                continue
        notes.append(f"Das Blatt „{sheet.title}“ wurde nicht gelesen.")
    if first is None:
        raise FileUnreadable(
            "Auf keinem sichtbaren Blatt finden wir eine Zeile mit Überschriften wie „Name“, „Themen“, „Ort“."
        )
    # The package's own name of the sheet; openpyxl has no public way to it.
    return first, str(first._worksheet_path).lstrip("/")  # noqa: SLF001


def _rows(path: Path, sheet: Any, part: str, notes: list[str]) -> Sheet:
    merges, unsolved = _of_the_part(path, part)
    down, across = _spans(merges)
    found = Sheet([], notes, pads_short_rows=True)
    tops: dict[int, list[str]] = {top: [] for cells in down.values() for _, top in cells}
    formatted = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        row = [_text(cell) for cell in cells]
        if number in down:
            _fill_down(row, down[number], found, number, tops)
        if number in tops:
            tops[number] = list(row)
        while row and not row[-1]:
            row.pop()
        if number in across and row:
            found.header_groups[number] = _spanned(row, across[number])
        if number in unsolved:
            found.row_notes.setdefault(number, []).append(
                f"Formel ohne gespeichertes Ergebnis in {', '.join(unsolved[number][:5])}; die Zelle ist leer angekommen."
            )
        if row:
            _check_limits(row, number, len(found.rows))
            found.rows.append((number, row))
            continue
        formatted += bool(cells)
        if formatted > MOST_FORMATTED:
            raise FileUnreadable(
                "Die Arbeitsmappe hat sehr viele leere, nur formatierte Zeilen. Bitte löschen Sie diese Zeilen."
            )
    return found


def _check_limits(row: list[str], number: int, above: int) -> None:
    if len(row) > MOST_COLUMNS:
        raise FileUnreadable(f"Zeile {number} hat mehr als {MOST_COLUMNS} Zellen.")
    if above >= MOST_ROWS + HEADER_WITHIN:
        raise FileUnreadable(
            f"Die Liste hat mehr als {MOST_ROWS:,} Zeilen. Bitte teilen Sie sie.".replace(",", ".")
        )


def _spanned(row: list[str], spans: list[tuple[int, int]]) -> dict[int, str]:
    """Return column → text of the cell that spans it."""
    return {
        place: row[start]
        for start, end in spans
        if start < len(row) and row[start]
        for place in range(start, end + 1)
    }


def _of_the_part(path: Path, part: str) -> tuple[list[str], dict[int, list[str]]]:
    """Return the merged ranges of a sheet and, by row, its formulas without a stored result."""
    merges: dict[str, None] = {}
    unsolved: dict[int, dict[str, None]] = {}
    with zipfile.ZipFile(path) as package, package.open(part) as stream:
        kept = b""
        while chunk := stream.read(CHUNK):
            text = kept + chunk
            if len(merges) < MOST_MERGES and b"<mergeCell " in text:
                merges.update(dict.fromkeys(match.decode() for match in _MERGE.findall(text)))
            if len(unsolved) < MOST_EMPTY_FORMULAS and b"<f" in text:
                for match in _EMPTY_FORMULA.findall(text):
                    unsolved.setdefault(coordinate_to_tuple(match.decode())[0], {})[match.decode()] = None
            kept = text[-OVERLAP:]
    return list(merges), {row: list(cells) for row, cells in unsolved.items()}


def _spans(merges: list[str]) -> tuple[dict[int, list[tuple[int, int]]], dict[int, list[tuple[int, int]]]]:
    """Return per row the cells that continue the one above (column, first row) and the columns spanned by one cell."""
    down: dict[int, list[tuple[int, int]]] = {}
    across: dict[int, list[tuple[int, int]]] = {}
    steps = 0
    for reference in merges:
        left, top, right, bottom = range_boundaries(reference)
        if left is None or top is None or right is None or bottom is None or right > MOST_COLUMNS:
            continue
        if right > left:
            across.setdefault(top, []).append((left - 1, right - 1))
        steps += bottom - top
        if steps > MOST_ROWS * 4:
            break
        for row in range(top + 1, min(bottom, top + MOST_ROWS) + 1):
            down.setdefault(row, []).append((left - 1, top))
    return down, across


def _fill_down(
    row: list[str], cells: list[tuple[int, int]], found: Sheet, number: int, tops: dict[int, list[str]]
) -> None:
    if not any(row) and number > HEADER_WITHIN:
        return  # a merged border down an empty page makes no group
    for column, top in cells:
        above = tops[top]
        if column >= len(above) or not above[column]:
            continue
        row.extend([""] * (column + 1 - len(row)))
        if not row[column]:
            row[column] = above[column]
            found.row_notes.setdefault(number, []).append(
                f"Verbundene Zelle: „{above[column][:40]}“ aus Zeile {top} gilt auch hier."
            )


def _text(cell: Any) -> str:
    """Return what the spreadsheet showed; a day without a year keeps none ("01. Mrz")."""
    value = cell.value
    if value is None or isinstance(value, str):
        return (value or "").replace("_x000D_", "")
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, int | float):
        return _number(value)
    if isinstance(value, date):
        return _day(value, str(cell.number_format))
    return _time(value)


def _time(value: time | timedelta) -> str:
    if isinstance(value, time):
        return f"{value:%H:%M}"
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _number(value: float) -> str:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124 - the test for "not a number"
        return ""
    return str(int(value)) if value == int(value) and abs(value) < LARGEST_EXACT else repr(value)


def _day(value: date, shown_as: str) -> str:
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%d.%m.%Y}, {value:%H:%M} Uhr"
    pattern = shown_as.lower()
    if "y" not in pattern and "j" not in pattern:
        return f"{value.day:02d}. {_MONTHS[value.month - 1]}"
    if "d" not in pattern and "t" not in pattern.replace("standard", ""):
        return f"{_MONTHS[value.month - 1]} {value:%y}"
    return f"{value:%d.%m.%Y}"
