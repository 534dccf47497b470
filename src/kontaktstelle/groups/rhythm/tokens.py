"""From a text to tokens: spelling evened out, numbers, clock times and dates recognised as such.

What is written like a telephone number, a house number, a floor or an age is set aside as prose, because a number
that explains nothing puts the whole reading in doubt.
"""

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Final

from . import words
from .words import MONTH_NUMBERS, NUMBERS, WORDS

# A meeting text is a line, at most a short paragraph. Longer input is something else.
LONGEST: Final = 600
_ANY_LEAP_YEAR: Final = 2000
_CENTURY: Final = 2000
_YEARS: Final = range(1950, 2100)
_HOURS: Final = 24
_NOON: Final = 12
_LAST_MONTH: Final = 12
_LAST_MINUTE: Final = 59


class Unreadable(Exception):  # noqa: N818 - a finding about the text, no fault
    """The text is no meeting text: too long, or with characters no person types."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text.

    Attributes:
        kind: one of the letters in `words`.
        low: the number; minutes since midnight for times; the lower one of a range.
        high: the higher one of a range, else equal to `low`.
        name: unit, exception, part of the day or the written form of a date.
        sure: a time said with morning or evening known, an ordinal in words, a weekday as habit ("montags").
    """

    kind: str
    low: int = 0
    high: int = 0
    name: str = ""
    sure: bool = False


_MOJIBAKE: Final = {"Ã¤": "ä", "Ã¶": "ö", "Ã¼": "ü", "ÃŸ": "ß", "Ã„": "Ä", "Ã–": "Ö", "Ãœ": "Ü", "â€“": "–", "Â": ""}
_LETTERS: Final = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "é": "e", "×": "x",
    "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "\u00ad": None, "\u200b": None, "\u00a0": " ",
})  # fmt: skip
_LINE_END_TAG: Final = re.compile(r"<(?:br|/?p|/?li|/?div|/?tr|/?td)\b[^<>]{0,60}>", re.IGNORECASE)
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,60}>")
_WORD_BROKEN_AT_LINE_END: Final = re.compile(r"(?<=[a-zäöüß])[-\u00ad]\s*\n\s*(?=[a-zäöüß])")
_SCHOOL_IN_BRACKETS: Final = re.compile(r"\(schul-?\)-?(?=ferien)", re.IGNORECASE)

_NUMBER_WORD: Final = "|".join(sorted(NUMBERS, key=len, reverse=True))
_MONTH_WORD: Final = "|".join(sorted(MONTH_NUMBERS, key=len, reverse=True))
_AMOUNT: Final = rf"(?:\d{{1,3}}|{_NUMBER_WORD})"
_HOUR: Final = r"\d{1,2}"
_CLOCK_WORD: Final = r"(?:uhr|h)\b"
_NO_CLOCK: Final = r"(?!\d|\s*(?:uhr|h\b|[.:]\s?\d|-|bis\b))"

# The order is the precedence: what comes first wins at the same place.
_GRAMMAR: Final = (
    ("address", r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]{1,64}"),
    ("phone", r"(?:tel|telefon|fon|fax|mobil|handy)\b[.: ]{0,3}\+?[\d ()/-]{4,}\d|\+?\b0\d{2,5}[ /-]{0,3}\d{3,}[\d /-]*"),
    ("place", rf"\b\w*(?:str\.|strasse|weg|platz|allee|gasse|raum|zimmer|haus|nr\.?|saal|ebene) ?\d{{1,3}}[a-z]?\b{_NO_CLOCK}"),
    ("floor", r"\b\d\. ?(?:stock\w*|etage|og|ug|obergeschoss|untergeschoss)\b"),
    ("age", r"\b(?:ab|bis|unter|ueber|von|zwischen|mit) \d{1,3}(?: ?(?:-|bis|und) ?\d{1,3})? ?jahren?\b|\b\d{1,3}(?: ?(?:-|bis) ?\d{1,3})?-?(?:jaehrige\w*| ?(?:personen|teilnehm\w+|plaetze\w*|mitglieder\w*|euro\b|€))"),
    ("iso", r"\b(?P<iso_y>\d{4})-(?P<iso_m>\d{2})-(?P<iso_d>\d{2})\b"),
    ("numeric", r"\b(?P<num_d>\d{1,2})\. ?(?P<num_m>\d{1,2})\.(?P<num_y> ?\d{4}|\d{2})\b" + _NO_CLOCK),
    ("slashed", r"\b(?P<sl_d>\d{1,2})/(?P<sl_m>\d{1,2})/(?P<sl_y>\d{4})\b"),
    ("named", rf"\b(?P<nam_d>\d{{1,2}})\.? ?(?P<nam_m>{_MONTH_WORD})\b\.?(?: ?(?P<nam_y>\d{{4}})\b{_NO_CLOCK})?"),
    ("colon", rf"\b(?P<co_h>{_HOUR}) ?: ?(?P<co_m>\d\d|oo)(?!\d| ?:)(?: ?{_CLOCK_WORD})?"),
    ("dotted", rf"\b(?P<do_h>{_HOUR})(?:[.,] ?|\.\. ?)(?P<do_m>\d\d|oo) ?{_CLOCK_WORD}"),
    ("short", r"\b(?P<sh_d>\d{1,2})\. ?(?P<sh_m>\d{1,2})\.(?!\d)"),
    ("joined", rf"\b(?P<jo>\d{{3,4}}) ?{_CLOCK_WORD}"),
    ("hour", rf"\b(?P<ho_h>{_HOUR}) ?{_CLOCK_WORD}(?: ?(?P<ho_m>[0-5]\d)\b(?! ?(?:{_CLOCK_WORD}|[-.:]|bis)))?"),
    ("bare", rf"\b(?P<ba_h>{_HOUR})\.(?P<ba_m>\d{{1,2}})(?!\d|\.\d)"),
    ("half", rf"\b(?P<ha_q>halb|viertel nach|viertel vor) (?P<ha_h>{_AMOUNT})\b(?: ?{_CLOCK_WORD})?"),
    ("spoken", rf"\b(?P<sp>{_NUMBER_WORD}|ein) uhr\b"),
    ("duration", rf"\b(?P<du_n>\d{{1,2}}(?:[.,]\d)?|{_NUMBER_WORD}|anderthalb|eineinhalb|zweieinhalb|eine|einer|halbe|halben|\d{{2,3}})(?: |-)?(?P<du_u>stunden?|std|stuendig\w*|minuten|minuetig\w*|min)\b\.?"),
    ("count", rf"\b(?P<cn>{_AMOUNT}|ein|eine)[ -]{{0,3}}(?:mal|x|maliges?)\b"),
    ("cycle", rf"\b(?P<cy_n>{_AMOUNT}|ein)-?(?:(?P<cy_r>wochen?|tage?|monats?)-?(?:rhythmus|takt|turnus|abstand)|(?P<cy_u>taegig|taeglich|taegl|taeg|woechig|woechentlich|woech|monatig|monatlich)(?:e[nrms]?)?\b)"),
    ("cycle_apart", r"\b(?P<ca_n>\d{1,2}) (?P<ca_u>taegig|woechig|taegl)(?:e[nrms]?)?\b"),
    ("per", r"/ ?(?P<pe>monat|woche|jahr|quartal)\b"),
    ("one", r"\bein(?:e|en|mal)?(?= (?:gruppen)?(?:treffen|termin|abend)\b)"),
    ("ordinal", r"\b(?P<or_n>\d{1,2})(?:\.?-?te[nrsm]?\b|\.(?!\d))"),
    ("number", r"\d+"),
    ("word", r"[^\W\d_]+"),
    ("sign", r"[^\s\w]"),
)  # fmt: skip
_LEXER: Final = re.compile("|".join(f"(?P<{name}>{pattern})" for name, pattern in _GRAMMAR), re.IGNORECASE)

_SIGNS: Final = {
    "&": words.AND, "+": words.AND, "/": words.AND, ",": words.COMMA, ":": words.COMMA, "-": words.DASH,
    "(": words.BREAK, ")": words.BREAK, ";": words.BREAK, "!": words.BREAK, "?": words.BREAK, ".": words.BREAK,
    "|": words.BREAK, "•": words.BREAK, "*": words.BREAK,
}  # fmt: skip
_CYCLE_UNITS: Final = {"t": ("D", 1), "w": ("W", 1), "m": ("M", 1)}
_DURATIONS: Final = {"anderthalb": 90, "eineinhalb": 90, "zweieinhalb": 150, "eine": 60, "einer": 60, "halbe": 30, "halben": 30}
_QUARTERS: Final = {"halb": -30, "viertel nach": 15, "viertel vor": -15}
# "Halb acht" without a part of the day is taken as evening only where the morning is out of the question.
_EVENING_HALVES: Final = range(6, 9)


def tokens(text: str) -> list[Token]:
    """Return the tokens of a text, fillers left out.

    Raises:
        Unreadable: the text is longer than `LONGEST` or holds control characters.
    """
    plain = _even(text)
    found: list[Token] = []
    for match in _LEXER.finditer(plain):
        token = _token(match, plain)
        if token.kind != words.FILLER:
            found.append(token)
    return found


def _even(text: str) -> str:
    if len(text) > LONGEST:
        raise Unreadable
    if any(unicodedata.category(character) == "Cc" and character not in "\t\n\r" for character in text):
        raise Unreadable
    if "&" in text:
        text = html.unescape(text)
    for broken, right in _MOJIBAKE.items():
        text = text.replace(broken, right)
    text = _WORD_BROKEN_AT_LINE_END.sub("", unicodedata.normalize("NFKC", text))
    text = _TAG.sub("", _LINE_END_TAG.sub(" ; ", text)).translate(_LETTERS)
    return " ".join(_SCHOOL_IN_BRACKETS.sub("schul", text).replace("\n", " ; ").split())


def _token(match: re.Match[str], text: str) -> Token:  # noqa: C901, PLR0911, PLR0912 - one branch per line of the grammar
    group = match.group
    match match.lastgroup if match.lastgroup in _NAMES else _name_of(match):
        case "address" | "phone" | "place" | "floor" | "age":
            return Token(words.PROSE)
        case "iso":
            return _date(group("iso_d"), group("iso_m"), group("iso_y"))
        case "numeric":
            return _date(group("num_d"), group("num_m"), group("num_y"))
        case "slashed":
            return _date(group("sl_d"), group("sl_m"), group("sl_y"))
        case "named":
            return _date(group("nam_d"), str(MONTH_NUMBERS[group("nam_m").lower()]), group("nam_y"))
        case "short":
            return _date_or_time(group("sh_d"), group("sh_m"), before=text[: match.start()])
        case "colon":
            return _time(group("co_h"), group("co_m"))
        case "dotted":
            return _time(group("do_h"), group("do_m"))
        case "joined":
            return _time(group("jo")[:-2], group("jo")[-2:])
        case "hour":
            return _time(group("ho_h"), group("ho_m") or "00")
        case "bare":
            return _bare(group("ba_h"), group("ba_m"))
        case "half":
            return _spoken_time(_amount(group("ha_h")), _QUARTERS[group("ha_q").lower()], half=group("ha_q").lower() == "halb")
        case "spoken":
            return _spoken_time(_amount(group("sp")), 0, half=False)
        case "duration":
            return _duration(group("du_n").lower(), group("du_u").lower())
        case "count":
            return Token(words.COUNT, _amount(group("cn")), _amount(group("cn")))
        case "cycle":
            return _cycle(group("cy_n"), (group("cy_r") or group("cy_u")).lower())
        case "cycle_apart":
            return _cycle(group("ca_n"), group("ca_u").lower())
        case "per":
            return Token(words.UNIT, name=WORDS[group("pe").lower()].name)
        case "one":
            return Token(words.NUMBER, 1, 1)
        case "ordinal":
            return Token(words.ORDINAL, int(group("or_n")), name=".")
        case "number":
            return Token(words.NUMBER, min(int(group()[:6]), 10**6))
        case "word":
            return _word(group(), text, match)
        case _:
            return Token(_SIGNS.get(group(), words.FILLER))


_NAMES: Final = frozenset(name for name, _ in _GRAMMAR)


def _name_of(match: re.Match[str]) -> str:
    return next(name for name, _ in _GRAMMAR if match.group(name) is not None)


def _amount(written: str) -> int:
    written = written.lower()
    if written.isdigit():
        return int(written)
    return NUMBERS.get(written, 1)


def _date(day: str, month: str, year: str | None) -> Token:
    """Return a date, or doubt where the calendar has no such day."""
    number = int(year) if year else _ANY_LEAP_YEAR
    if number < 100:  # noqa: PLR2004 - two digits
        number += _CENTURY
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return Token(words.DOUBT)
    if number not in _YEARS:
        return Token(words.DOUBT)
    return Token(words.DATE, name=found.isoformat() if year else f"--{found:%m-%d}")


def _date_or_time(first: str, second: str, *, before: str) -> Token:
    """Return "31.05." as a date and "19.30." at the end of a sentence as a time."""
    is_time = before.lower().endswith((" um ", "um ")) or not 1 <= int(second) <= _LAST_MONTH
    if is_time and len(second) > 1:
        return _time(first, second)
    return _date(first, second, None)


def _bare(first: str, second: str) -> Token:
    """Return "19.30" as a time, "15.3" as a date, and "18.10" as either: neighbours decide."""
    if len(second) == 1:
        return _date(first, second, None)
    time = _time(first, second)
    if 1 <= int(second) <= _LAST_MONTH and time.kind == words.TIME:
        return Token(words.MAYBE_TIME, time.low, time.high, sure=time.sure)
    return time


def _time(hour: str, minute: str) -> Token:
    minutes = 0 if minute.lower() == "oo" else int(minute)
    if int(hour) > _HOURS or minutes > _LAST_MINUTE or int(hour) * 60 + minutes > _HOURS * 60:
        return Token(words.DOUBT)
    at = int(hour) * 60 + minutes
    return Token(words.TIME, at, at, sure=True)


def _spoken_time(hour: int, shift: int, *, half: bool) -> Token:
    """Return a time said in words; up to twelve it may be morning or evening."""
    at = hour * 60 + shift
    if hour > _NOON:
        return Token(words.TIME, at, at, sure=True)
    if half and hour in _EVENING_HALVES:
        return Token(words.TIME, at + 720, at + 720, sure=True)
    return Token(words.TIME, at % 720, at % 720)


def _duration(amount: str, unit: str) -> Token:
    if amount in _DURATIONS:
        return Token(words.DURATION, _DURATIONS[amount])
    number = float(amount.replace(",", ".")) if amount[0].isdigit() else float(NUMBERS[amount])
    return Token(words.DURATION, round(number * (1 if unit.startswith("min") else 60)))


def _cycle(amount: str, unit: str) -> Token:
    name, _ = _CYCLE_UNITS[unit[0]]
    number = _amount(amount)
    return every(number, name)


def every(number: int, unit: str) -> Token:
    """Return the frequency "every so many units"; days count in whole weeks or not at all."""
    if number < 1:
        return Token(words.DOUBT)
    if unit == "D" and number > 1:
        return Token(words.FREQUENCY, number // 7, name="W") if number % 7 == 0 else Token(words.DOUBT)
    in_months = {"Q": 3, "H": 6}
    if unit in in_months:
        return Token(words.FREQUENCY, number * in_months[unit], name="M")
    return Token(words.FREQUENCY, number, name=unit)


def _word(written: str, text: str, match: re.Match[str]) -> Token:
    word = written.lower()
    if word in words.SHORT_WEEKDAYS and _is_short_weekday(written, text[match.end() :], text[: match.start()]):
        return Token(words.WEEKDAY, words.SHORT_WEEKDAYS[word])
    if known := WORDS.get(word):
        return Token(known.kind, known.number, known.number, known.name, sure=known.kind == words.ORDINAL)
    if day := words.weekday(word):
        return Token(words.WEEKDAY, day.number, name=day.part, sure=day.habitual)
    return Token(words.PROSE)


_NAME_FOLLOWS: Final = re.compile(r"\. ?[A-Z][a-z]{3,}")
_TWO_LETTERS: Final = 2


def _is_short_weekday(written: str, after: str, before: str) -> bool:
    """Tell "So. 18 Uhr" from "so", "Fr. 18 Uhr" from "Fr. Meier", "Mon" from a cut-off month."""
    if written == written.lower() and written == "so":
        return False
    if len(written) > _TWO_LETTERS:
        return after.startswith(".") and not before.rstrip().lower().endswith(" im")
    if written.lower() == "fr" and _NAME_FOLLOWS.match(after):
        following = re.findall(r"[A-Za-z]+", after)[0].lower()
        return following in WORDS or words.weekday(following) is not None
    return True
