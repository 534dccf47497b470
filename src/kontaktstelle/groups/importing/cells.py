"""Single cells: what a person meant by a text that went through a spreadsheet.

Everything is text here; `reading` has turned a workbook's typed values into what the spreadsheet showed.
"""

import re
import unicodedata
from datetime import date, timedelta

MONTHS = {
    "jan": 1, "januar": 1, "jän": 1, "jänner": 1, "feb": 2, "februar": 2, "mrz": 3, "mär": 3, "märz": 3, "mar": 3, "apr": 4, "april": 4, "mai": 5, "may": 5,
    "jun": 6, "juni": 6, "jul": 7, "juli": 7, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "okt": 10, "oct": 10, "oktober": 10,
    "nov": 11, "november": 11, "dez": 12, "dec": 12, "dezember": 12,
}  # fmt: skip
YES = {"ja", "j", "x", "1", "wahr", "true", "yes", "y", "✓", "✔", "☑", "vorhanden", "ja."}
NO = {"nein", "n", "0", "falsch", "false", "no", "-", "–", "keine", "nicht"}
ERRORS = {
    "#nv",
    "#n/a",
    "#wert!",
    "#value!",
    "#bezug!",
    "#ref!",
    "#div/0!",
    "#name?",
    "#zahl!",
    "#num!",
    "#null!",
    "#überlauf!",
    "#spill!",
}
# The characters a spreadsheet takes for the start of a formula, and their full-width twins.
FORMULA_STARTS = "=+-@\t\r＝＋－＠"
_ESCAPED = re.compile(rf"'+[{re.escape(FORMULA_STARTS)}]")
_CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)
_HASHES = re.compile(r"#{3,}")
_MANGLED_DAY = re.compile(
    r"\d{1,2}\.? ?(?:Jan|Feb|Mrz|Mär|Mar|Apr|Mai|May|Jun|Jul|Aug|Sep|Okt|Oct|Nov|Dez|Dec)\.?|(?:Jan|Feb|Mrz|Mär|Apr|Mai|Jun|Jul|Aug|Sep|Okt|Nov|Dez)\.?[ -]\d{2}"
)
_GERMAN = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4}|\d{2})(?:,? \d{1,2}:\d{2}(?::\d{2})?)?")
_WRITTEN = re.compile(r"(\d{1,2})\. ?([A-Za-zäÄ]+)\.? (\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?")
_NUMBER = re.compile(r"\d+(?:[.,]0+)?")
_POSTCODE = re.compile(r"(?:D[- ]?)?(\d{5})")
_SHORT_POSTCODE = re.compile(r"(\d{4})(?:[.,]0+)?")
_SCIENTIFIC = re.compile(r"\d(?:[.,]\d+)?E\+?\d+", re.IGNORECASE)
_FRACTION = re.compile(r"0[.,]\d+")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})(?::\d{2})?")
EXCEL_EPOCH = date(1899, 12, 30)
EARLIEST_SERIAL, LATEST_SERIAL = 18_000, 73_000
TWO_DIGIT_TURN = 50
MINUTES_A_DAY = 24 * 60
ROUNDING = 0.05
FEWEST_PHONE_DIGITS = 5
INTERNATIONAL_DIGITS = 11


def cleaned(text: str) -> str:
    """Return a cell's text without what nobody typed: control characters, odd blanks, the apostrophe against formulas."""
    if not text:
        return ""
    if text[0] == "'" and _ESCAPED.match(text):
        return _plain(text[1:]).rstrip()
    return _plain(text).strip()


def _plain(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n")
    if text.isascii() and text.isprintable():
        return text
    return unicodedata.normalize(
        "NFC", _CONTROL.sub("", text.replace("\xa0", " ").replace("\u202f", " ").replace("\xad", ""))
    )


def on_one_line(text: str) -> str:
    """Return the text with line breaks and runs of blanks as one blank."""
    return " ".join(text.split()) if "\n" in text or "  " in text or "\t" in text else text


def is_error(text: str) -> bool:
    """Say whether the spreadsheet showed an error or a column too narrow instead of a value."""
    return text.startswith("#") and (text.lower() in ERRORS or _HASHES.fullmatch(text) is not None)


def is_mangled_day(text: str) -> bool:
    """Say whether this looks like a text a spreadsheet made a day of: "1.3" became "01. Mrz"."""
    return _MANGLED_DAY.fullmatch(text) is not None


def yes_or_no(text: str) -> bool | None:
    """Return what an answer means, or None if it is neither."""
    word = text.strip().lower()
    if word in YES or word.startswith("ja,"):
        return True
    return False if word in NO or word.startswith("nein,") else None


def day(text: str) -> date | None:
    """Return the date a text means, day before month as in German, or None if it is none or impossible."""
    if match := _GERMAN.fullmatch(text):
        number, month, year = (int(part) for part in match.groups())
        if len(match[3]) == 2:  # noqa: PLR2004 - "12.3.19"
            year += 1900 if year > TWO_DIGIT_TURN else 2000
    elif match := _ISO.fullmatch(text):
        year, month, number = (int(part) for part in match.groups())
    elif match := _WRITTEN.fullmatch(text):
        number, month, year = int(match[1]), MONTHS.get(match[2].lower(), 0), int(match[3])
    elif _NUMBER.fullmatch(text) and EARLIEST_SERIAL <= float(text.replace(",", ".")) <= LATEST_SERIAL:
        return EXCEL_EPOCH + timedelta(days=int(float(text.replace(",", "."))))
    else:
        return None
    try:
        return date(year, month, number)
    except ValueError:
        return None


def whole_number(text: str) -> int | None:
    """Return a count, also from "12.0" and "ca. 12"; None if the text is not one number."""
    bare = re.sub(r"^(?:ca\.?|circa|etwa|rund|ungefähr|ab|bis|~) ?", "", text.strip(), flags=re.IGNORECASE)
    bare = re.sub(r" ?(?:Personen|Mitglieder|Menschen|Teilnehmende|Jahre?n?)$", "", bare)
    return int(float(bare.replace(",", "."))) if _NUMBER.fullmatch(bare) and len(bare) <= 7 else None  # noqa: PLR2004 - more is no count of people


def postcode(text: str) -> tuple[str, bool] | None:
    """Return a postcode and whether a lost leading zero was put back (4600 → 04600), or None if it is none."""
    bare = text.strip()
    if match := _POSTCODE.fullmatch(bare):
        return match[1], False
    if re.fullmatch(r"\d{5}[.,]0+", bare):
        return bare[:5], False
    if match := _SHORT_POSTCODE.fullmatch(bare):
        return f"0{match[1]}", True
    return None


def clock(text: str) -> str | None:
    """Return a time of day as "19:30 Uhr" from "19:30:00" or a spreadsheet's fraction of a day; None if it is neither."""
    if match := _CLOCK.fullmatch(text):
        hour, minute = int(match[1]), int(match[2])
        return f"{hour}:{minute:02d} Uhr" if hour < 24 and minute < 60 else None  # noqa: PLR2004 - a clock
    if _FRACTION.fullmatch(text):
        exact = float(text.replace(",", ".")) * MINUTES_A_DAY
        minutes = round(exact)
        # A fraction that is no full five minutes was never a time of meeting.
        is_time = abs(exact - minutes) < ROUNDING and minutes % 5 == 0 and minutes < MINUTES_A_DAY
        return f"{minutes // 60}:{minutes % 60:02d} Uhr" if is_time else None
    return None


def phone(text: str) -> tuple[str, str]:
    """Return a telephone number and what had to be said about it ("" if nothing).

    A number a spreadsheet rounded ("4,92E+12") is lost: it comes back empty.
    """
    bare = text.strip()
    if _SCIENTIFIC.fullmatch(bare):
        return (
            "",
            "Die Tabellenkalkulation hat die Telefonnummer gerundet (wissenschaftliche Schreibweise); sie ist verloren und fehlt.",
        )
    if match := re.fullmatch(r"([1-9]\d+)(?:[.,]0+)?", bare):
        digits = match[1]
        if digits.startswith("49") and len(digits) >= INTERNATIONAL_DIGITS:
            return f"+{digits}", "Der Telefonnummer fehlte das „+“; wir haben es ergänzt."
        if len(digits) >= FEWEST_PHONE_DIGITS + 2:
            return f"0{digits}", "Der Telefonnummer fehlte die Null am Anfang; wir haben sie ergänzt."
    return bare, ""


def neutral(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula; telephone numbers and a lone dash stay as they are.

    `cleaned` takes exactly this apostrophe off again.
    """
    first = text.lstrip("'")[:1]
    if not first or first not in FORMULA_STARTS or text == "-" or re.fullmatch(r"\+[\d /()\-]+", text):
        return text
    return f"'{text}"


def read_back(text: str) -> str:
    """Return what a stored text is once it was exported and read again: what a list that says the same thing says."""
    return cleaned(neutral(text))
