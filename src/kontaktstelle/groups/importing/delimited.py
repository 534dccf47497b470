"""CSV as offices have it: which encoding, which separator, quotes left open, NUL bytes, twice-encoded umlauts."""

import codecs
import csv
import re
from collections.abc import Iterator

from .reading import HEADER_WITHIN, MOST_COLUMNS, MOST_ROWS, Score, Sheet
from .refusals import FileUnreadable

SEPARATORS = (";", ",", "\t", "|")
SAMPLE = 200_000
MOST_ODD = 0.02
FEWEST_BYTES_TO_JUDGE = 40
_TWICE = re.compile("[ÃÂâ][\x80-\xbf\u0152-\u2122]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")
_DOS_UMLAUT = re.compile(rb"[A-Za-z][\x81\x84\x94\xe1][a-z]|[\x84\x8e\x94\x99\x81\x9a][a-z]{2}")
_WINDOWS_UMLAUT = re.compile(rb"[A-Za-z][\xe4\xf6\xfc\xdf]|[\xc4\xd6\xdc][a-z]|[\xe4\xf6\xfc][a-z]")


def read_sheet(raw: bytes, score: Score) -> Sheet:
    """Return the rows of a CSV file.

    Raises:
        FileUnreadable: not text, a quote left open, too many rows or columns.
    """
    notes: list[str] = []
    text = _repaired(_decoded(raw, notes), notes)
    told = re.match(r"sep=(.)\r?\n", text)
    if told:
        text = "\n" + text[told.end() :]  # an empty line keeps the numbers of the lines
    separator = str(told[1]) if told else _separator(text[:SAMPLE], score)
    return Sheet(_rows(text, separator, notes), notes)


def _decoded(raw: bytes, notes: list[str]) -> str:
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if raw.startswith(mark):
            return _without_nul(raw.decode(name, errors="replace"), notes)
    if wide := _wide(raw):
        return _without_nul(raw.decode(wide, errors="replace"), notes)
    sample = raw[:SAMPLE]
    odd = sum(1 for byte in sample if byte < 9 or 13 < byte < 32)  # noqa: PLR2004 - control characters but for line ends and tabs
    if odd > MOST_ODD * len(sample):
        raise FileUnreadable(
            "Das ist keine Textdatei und keine Arbeitsmappe. Wir lesen CSV und Excel-Arbeitsmappen (.xlsx)."
        )
    try:
        return _without_nul(raw.decode("utf-8"), notes)
    except UnicodeDecodeError:
        pass
    if len(_DOS_UMLAUT.findall(raw)) > len(_WINDOWS_UMLAUT.findall(raw)):
        notes.append(
            "Die Datei stammt aus einem alten DOS-Programm (Zeichensatz 850); bitte prüfen Sie die Umlaute."
        )
        return _without_nul(raw.decode("cp850"), notes)
    try:
        return _without_nul(raw.decode("cp1252"), notes)
    except UnicodeDecodeError:
        return _without_nul(raw.decode("latin-1"), notes)


def _wide(raw: bytes) -> str | None:
    """Recognise UTF-16 without its mark: every other byte is zero."""
    sample = raw[:4096]
    if len(sample) < FEWEST_BYTES_TO_JUDGE:
        return None
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = len(sample) // 2
    if odd > 0.7 * half and even < 0.1 * half:
        return "utf-16-le"
    return "utf-16-be" if even > 0.7 * half and odd < 0.1 * half else None


def _without_nul(text: str, notes: list[str]) -> str:
    if "\0" in text:
        notes.append("Die Datei enthielt NUL-Zeichen; wir haben sie entfernt.")
        return text.replace("\0", "")
    return text


def _repaired(text: str, notes: list[str]) -> str:
    """Undo umlauts encoded twice ("MÃ¼ller"), line by line, where that is plainly what happened."""
    if not _TWICE.search(text):
        return text
    mended, count = [], 0
    for line in text.splitlines(keepends=True):
        fixed = line
        if _TWICE.search(line):
            try:
                fixed = line.encode("cp1252").decode("utf-8")
            except UnicodeError:
                fixed = line
        count += fixed != line
        mended.append(fixed)
    if count:
        notes.append(
            f"In {count} Zeilen waren Umlaute doppelt kodiert („Ã¼“ statt „ü“); wir haben sie berichtigt."
        )
    return "".join(mended)


def _separator(sample: str, score: Score) -> str:
    """Return the separator under which a row has most known headings, and then most columns."""
    best, chosen = (-1, -1), ";"
    for separator in SEPARATORS:
        rows: list[list[str]] = []
        try:
            for row in csv.reader(_lines(sample), delimiter=separator):
                rows.append(row[:MOST_COLUMNS])
                if len(rows) > HEADER_WITHIN:
                    break
        except csv.Error:
            pass
        found = max(((score(row), len(row)) for row in rows), default=(0, 0))
        if found > best:
            best, chosen = found, separator
    return chosen


def _rows(text: str, separator: str, notes: list[str]) -> list[tuple[int, list[str]]]:
    try:
        return _counted(text, separator, strict=True)
    except csv.Error as error:
        if "expected after" not in str(error):
            raise _Sentence(str(error)) from error
    # A stray quote inside a text: read again, forgiving.
    notes.append(
        "Anführungszeichen stehen nicht überall, wie sie in CSV stehen sollen; bitte prüfen Sie die Texte."
    )
    try:
        return _counted(text, separator, strict=False)
    except csv.Error as error:
        raise _Sentence(str(error)) from error


def _counted(text: str, separator: str, *, strict: bool) -> list[tuple[int, list[str]]]:
    rows: list[tuple[int, list[str]]] = []
    reader = csv.reader(_lines(text), delimiter=separator, strict=strict)
    line, filled = 1, 0
    try:
        for row in reader:
            filled += any(row)
            if len(row) > MOST_COLUMNS and any(row[MOST_COLUMNS:]):
                raise FileUnreadable(f"Zeile {line} hat mehr als {MOST_COLUMNS} Zellen.")
            if filled > MOST_ROWS + HEADER_WITHIN:
                raise FileUnreadable(
                    f"Die Liste hat mehr als {MOST_ROWS:,} Zeilen. Bitte teilen Sie sie.".replace(",", ".")
                )
            if reader.line_num > line:
                _check_no_swallowed_rows(row, separator, rows, line)
            rows.append((line, row))
            line = reader.line_num + 1
    except csv.Error as error:
        raise csv.Error(f"{error} @{line}") from error
    return rows


def _lines(text: str) -> Iterator[str]:
    """Yield lines with their ends, as `io.StringIO(text, newline="")` does, which would hold four bytes per character."""
    return (match[0] for match in _LINE.finditer(text))


def _check_no_swallowed_rows(
    row: list[str], separator: str, above: list[tuple[int, list[str]]], line: int
) -> None:
    """Refuse a cell that holds whole rows: between two stray quotes they would vanish without a word."""
    width = max((len(cells) for _, cells in above[:HEADER_WITHIN]), default=0)
    fewest = max(2, width - 1)
    for cell in row:
        inside = cell.split("\n")
        whole = inside[1:-1]
        if len(inside) > 1 and (
            any(part.count(separator) >= fewest for part in inside)
            or (len(whole) > 1 and all(part.count(separator) == width - 1 for part in whole))
        ):
            raise _Sentence(f"unexpected end @{line}")


class _Sentence(FileUnreadable):
    """Says in German what the reader of CSV met."""

    def __init__(self, said: str) -> None:
        line = said.rpartition("@")[2]
        if "unexpected end" in said or "field larger" in said:
            super().__init__(
                f"Ab Zeile {line} wird ein Anführungszeichen nicht geschlossen, oder eine Zelle ist viel zu lang. Bitte prüfen Sie diese Zeile."
            )
        else:
            super().__init__(f"Zeile {line} können wir nicht lesen.")
