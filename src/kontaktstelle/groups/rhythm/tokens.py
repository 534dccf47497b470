"""From a text to tokens: spelling evened out, numbers, clock times and dates recognised as such.

What is written like a telephone number, a house number, a floor or an age is set aside as prose, because a number
that explains nothing puts the whole reading in doubt.
"""

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from . import words
from .words import MONTH_NUMBERS, NUMBERS, WORDS

# A meeting text is a line, at most a short paragraph. Longer input is something else.
LONGEST: Final = 600
# No group meets every hundred weeks or a hundred times a year.
MOST: Final = 60
_ANY_LEAP_YEAR: Final = 2000
_CENTURY: Final = 2000
_YEARS: Final = range(1950, 2100)
_HOURS: Final = 24
# A full stop after a word this short ends an abbreviation ("Mo.", "jed.", "ca."), no sentence.
_LONGEST_ABBREVIATION: Final = 5
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
        low: the number; minutes since midnight for times.
        name: unit, exception, part of the day or the written form of a date.
        sure: a number in digits, a time whose half of the day is known, a weekday said as habit ("montags").
    """

    kind: str
    low: int = 0
    name: str = ""
    sure: bool = False


_MOJIBAKE: Final = {
    "Ã¤": "ä",
    "Ã¶": "ö",
    "Ã¼": "ü",
    "ÃŸ": "ß",
    "Ã„": "Ä",
    "Ã–": "Ö",
    "Ãœ": "Ü",
    "â€“": "–",
    "Â": "",
}
_LETTERS: Final = str.maketrans({
    "ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "é": "e", "×": "x",
    "°": "0", "–": "-", "—": "-", "‐": "-", "‑": "-", "‒": "-", "−": "-", "\u00ad": None, "\u200b": None, "\u00a0": " ",
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
_NO_CLOCK: Final = r"(?!\d| ?(?:uhr|h\b|[.:] ?\d|-|bis\b))"
_TITLE: Final = r"(?:herrn?|frau|hr\.|familie|fam\.|dr\.|pfarrer|pfarrerin|pastor|pastorin)"
_NO_HOUR: Final = r"(?! ?(?:uhr|h)\b)"

# The order is the precedence: what comes first wins at the same place.
_GRAMMAR: Final = (
    ("address", r"https?://\S+|www\.\S+|[^\s@]{1,64}@[^\s@]{1,64}"),
    ("phone", r"(?:tel|telefon|fon|fax|mobil|handy)\b[.: ]{0,3}\+?[\d ()/-]{4,20}\d(?!\d)|\+?\b0\d{2,5}[ /-]{0,3}\d{3,9}[\d /-]{0,12}(?!\d)"),
    ("memorial", r"\b\w*(?:strasse|str\.|platz|allee) (?:des|der|vom) \d{1,2}\. ?\w+(?: \d{1,3}[a-z]?\b)?"),
    ("person_or_day", rf"\b{_TITLE} (?-i:[A-Z])\w+ (?-i:[A-Z])\w+(?<=tag|och|end)\b"),
    ("person", rf"\b{_TITLE} (?-i:[A-Z])\w+"),
    ("occasion", r"\binfo-\w+|\bkick-?off\b|\bin gruendung\b"),
    ("arranged", r"\b(?:uhrzeit|zeit|zeiten|ort|orte|treffpunkt|raum|anmeldung) (?:jeweils )?nach (?:\w+ )?(?:absprache|vereinbarung|verabredung|anfrage)\b"),
    ("apart", r"\b(?:abstand|abstaenden|rhythmus|turnus|takt) von\b"),
    ("house", r"\b\w*(?:str\.|strasse|raum|zimmer|nr\.?|ebene) ?\d{1,3}[a-z]?\b(?! ?(?:uhr\b|h\b|[:.]\d))"),
    ("place", rf"\b\w*(?:weg|platz|allee|gasse|ring|damm|ufer|markt|chaussee|haus|saal) ?\d{{1,3}}[a-z]?\b{_NO_CLOCK}"),
    ("floor", r"\b\d\. ?(?:stock\w*|etage|og|ug|obergeschoss|untergeschoss)\b"),
    ("age", r"\b(?:ab|bis|unter|ueber|von|zwischen|mit) \d{1,3}(?: ?(?:-|bis|und) ?\d{1,3})? ?jahren?\b|\b\d{1,3}(?: ?(?:-|bis) ?\d{1,3})?-?(?:jaehrige\w*| ?(?:personen|teilnehm\w+|plaetze\w*|mitglieder\w*|euro\b|€))"),
    ("iso", r"\b(?P<iso_y>\d{4})-(?P<iso_m>\d{2})-(?P<iso_d>\d{2})\b"),
    ("numeric", r"\b(?P<num_d>\d{1,2})\. ?(?P<num_m>\d{1,2})\.(?P<num_y> ?\d{4}\b" + _NO_HOUR + r"|\d{2}\b" + _NO_CLOCK + ")"),
    ("slashed", r"\b(?P<sl_d>\d{1,2})/(?P<sl_m>\d{1,2})/(?P<sl_y>\d{4})\b"),
    ("named", rf"\b(?P<nam_d>\d{{1,2}})\.? ?(?P<nam_m>{_MONTH_WORD})\b\.?(?: ?(?P<nam_y>\d{{4}})\b{_NO_HOUR})?"),
    ("colon", rf"\b(?P<co_h>{_HOUR}) ?: ?(?P<co_m>\d\d|oo)(?!\d| ?:)(?: ?{_CLOCK_WORD})?"),
    ("dotted", rf"\b(?P<do_h>{_HOUR})[.,](?P<do_m>\d\d|oo) ?{_CLOCK_WORD}"),
    ("torn", rf"\b(?P<to_h>[7-9]|1\d|2[0-3])\. (?P<to_m>00|15|30|45) ?{_CLOCK_WORD}"),
    ("short", r"\b(?P<sh_d>\d{1,2})\. ?(?P<sh_m>\d{1,2})\.(?!\d)"),
    ("joined", rf"\b(?P<jo>\d{{3,4}}) ?{_CLOCK_WORD}"),
    ("hour", rf"\b(?P<ho_h>{_HOUR}) ?{_CLOCK_WORD}(?: ?(?P<ho_m>15|30|45)\b(?! ?(?:{_CLOCK_WORD}|[-.:]|bis)))?"),
    ("bare", rf"\b(?P<ba_h>{_HOUR})\.(?P<ba_m>\d{{1,2}})(?!\d|\.\d)"),
    ("half", rf"\b(?P<ha_q>halb|viertel nach|viertel vor) (?P<ha_h>{_AMOUNT})\b(?: ?{_CLOCK_WORD})?"),
    ("spoken", rf"\b(?P<sp>{_NUMBER_WORD}|ein) uhr\b"),
    ("duration", rf"\b(?P<du_n>\d{{1,2}}(?:[.,]\d)?|{_NUMBER_WORD}|anderthalb|eineinhalb|zweieinhalb|eine|einer|halbe|halben|\d{{2,3}})(?: |-)?(?P<du_u>stunden?|std|stuendig\w*|minuten|minuetig\w*|min)\b\.?"),
    ("count", rf"\b(?P<cn>{_AMOUNT}|ein|eine)[ -]{{0,3}}(?:mal|x|maliges?)\b"),
    ("cycle", rf"\b(?P<cy_n>{_AMOUNT}|ein)(?:[ -]?(?P<cy_r>wochen?|tage?|monats?)[ -]?(?:rhythmus|takt|turnus|abstand)\b|-?(?P<cy_u>taegig|taeglich|taegl|taeg|woechig|woechentlich|woech|monatig|monatlich)(?:e[nrms]?)?\b)"),
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
_CYCLE_UNITS: Final = {"t": "D", "w": "W", "m": "M"}
_DURATIONS: Final = {
    "anderthalb": 90,
    "eineinhalb": 90,
    "zweieinhalb": 150,
    "eine": 60,
    "einer": 60,
    "halbe": 30,
    "halben": 30,
}
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
    abbreviated_until = 0
    for match in _LEXER.finditer(plain):
        if match[0] == "." and match.start() == abbreviated_until:
            continue
        if len(match[0]) <= _LONGEST_ABBREVIATION and match[0].isalpha():
            abbreviated_until = match.end()
        token = _READERS[match.lastgroup or ""](match)
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


def _date_or_time(match: re.Match[str]) -> Token:
    """Return "31.05." as a date and "19.30." at the end of a sentence as a time."""
    first, second = match["sh_d"], match["sh_m"]
    before = match.string[: match.start()]
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
        return Token(words.MAYBE_TIME, time.low, sure=True)
    return time


def _time(hour: str, minute: str, said: str = "") -> Token:
    """Return a time of day; `said` is "uhr" where the word stands behind it."""
    minutes = 0 if minute.lower() == "oo" else int(minute)
    if int(hour) > _HOURS or minutes > _LAST_MINUTE or int(hour) * 60 + minutes > _HOURS * 60:
        return Token(words.DOUBT)
    return Token(words.TIME, int(hour) * 60 + minutes, name=said, sure=True)


def _spoken_time(match: re.Match[str]) -> Token:
    """Return a time said in words; up to twelve it may be morning or evening."""
    hour = _amount(match["ha_h"] or match["sp"])
    quarter = (match["ha_q"] or "").lower()
    half = quarter == "halb"
    shift = _QUARTERS.get(quarter, 0)
    at = hour * 60 + shift
    if hour > _HOURS:
        return Token(words.DOUBT)
    if hour > _NOON:
        return Token(words.TIME, at, sure=True)
    if half and hour in _EVENING_HALVES:
        return Token(words.TIME, at + _NOON * 60, sure=True)
    return Token(words.TIME, at % (_NOON * 60))


def _duration(amount: str, unit: str) -> Token:
    if amount in _DURATIONS:
        return Token(words.DURATION, _DURATIONS[amount])
    number = float(amount.replace(",", ".")) if amount[0].isdigit() else float(NUMBERS[amount])
    return Token(words.DURATION, round(number * (1 if unit.startswith("min") else 60)))


def _cycle(amount: str, unit: str) -> Token:
    return every(_amount(amount), _CYCLE_UNITS[unit[0].lower()])


def every(number: int, unit: str) -> Token:
    """Return the frequency "every so many units"; days count in whole weeks or not at all."""
    if not 1 <= number <= MOST:
        return Token(words.DOUBT)
    if unit == "D" and number > 1:
        return Token(words.FREQUENCY, number // 7, name="W") if number % 7 == 0 else Token(words.DOUBT)
    in_months = {"Q": 3, "H": 6}
    if unit in in_months:
        return Token(words.FREQUENCY, number * in_months[unit], name="M")
    return Token(words.FREQUENCY, number, name=unit)


def _word(match: re.Match[str]) -> Token:
    word = match[0].lower()
    if word in words.SHORT_WEEKDAYS and _is_short_weekday(match):
        return Token(words.WEEKDAY, words.SHORT_WEEKDAYS[word])
    if known := WORDS.get(word):
        return Token(known.kind, known.number, known.name)
    if day := words.weekday(word):
        return Token(words.WEEKDAY, day.number, name=day.part, sure=day.habitual)
    return Token(words.PROSE)


_NAME_FOLLOWS: Final = re.compile(r"\. ?(?P<name>[A-Z][a-z]{3,})")
_SUNDAY_FOLLOWS: Final = re.compile(r" ?(?:[.,:+/&)-]|\d|$)| (?:im|um|von|ab|und|u)\b")
_COMPOUND: Final = re.compile(r"-(?P<word>[A-Za-z]+)")
_TWO_LETTERS: Final = 2


def _is_short_weekday(match: re.Match[str]) -> bool:
    """Tell "So. 18 Uhr" from "So treffen wir uns", "Fr. 18 Uhr" from "Fr. Meier", "Mon." from a cut-off month."""
    written, after, before = match[0], match.string[match.end() :], match.string[: match.start()]
    if written.lower() == "so":
        return (written[0] == "S" or before.endswith("-")) and _SUNDAY_FOLLOWS.match(after) is not None
    if (compound := _COMPOUND.match(after)) and not _is_about_days(compound["word"].lower()):
        return False
    if len(written) > _TWO_LETTERS:
        return after.startswith(".") and not before.lower().endswith(("im ", "/"))
    if written.lower() == "fr" and (name := _NAME_FOLLOWS.match(after)):
        return name["name"].lower() in WORDS
    return True


def _is_about_days(word: str) -> bool:
    """Tell "Mo-Fr", "Do-Abend" from the town of "DO-Hörde"."""
    return word in words.SHORT_WEEKDAYS or word in words.PARTS_OF_DAY or words.weekday(word) is not None


def _of_month(match: re.Match[str]) -> Token:
    return _date(match["nam_d"], str(MONTH_NUMBERS[match["nam_m"].lower()]), match["nam_y"])


def _counted(match: re.Match[str]) -> Token:
    number = _amount(match["cn"])
    return Token(words.COUNT, number)


def _prose(_match: re.Match[str]) -> Token:
    return Token(words.PROSE)


# How each line of the grammar becomes a token.
_READERS: Final[dict[str, Callable[[re.Match[str]], Token]]] = {
    **dict.fromkeys(
        ("address", "phone", "memorial", "person", "arranged", "house", "place", "floor", "age"), _prose
    ),
    "person_or_day": lambda _found: Token(words.DOUBT),
    "occasion": lambda _found: Token(words.SINGLE),
    "apart": lambda _found: Token(words.EVERY_SO_MANY),
    "iso": lambda found: _date(found["iso_d"], found["iso_m"], found["iso_y"]),
    "numeric": lambda found: _date(found["num_d"], found["num_m"], found["num_y"]),
    "slashed": lambda found: _date(found["sl_d"], found["sl_m"], found["sl_y"]),
    "named": _of_month,
    "colon": lambda found: _time(found["co_h"], found["co_m"]),
    "dotted": lambda found: _time(found["do_h"], found["do_m"], "uhr"),
    "torn": lambda found: _time(found["to_h"], found["to_m"], "uhr"),
    "short": _date_or_time,
    "joined": lambda found: _time(found["jo"][:-2], found["jo"][-2:]),
    "hour": lambda found: _time(found["ho_h"], found["ho_m"] or "00", "uhr"),
    "bare": lambda found: _bare(found["ba_h"], found["ba_m"]),
    "half": _spoken_time,
    "spoken": _spoken_time,
    "duration": lambda found: _duration(found["du_n"].lower(), found["du_u"].lower()),
    "count": _counted,
    "cycle": lambda found: _cycle(found["cy_n"], found["cy_r"] or found["cy_u"]),
    "cycle_apart": lambda found: _cycle(found["ca_n"], found["ca_u"]),
    "per": lambda found: Token(words.UNIT, name=WORDS[found["pe"].lower()].name),
    "one": lambda _found: Token(words.NUMBER, 1, sure=True),
    "ordinal": lambda found: Token(words.ORDINAL, int(found["or_n"]), name="."),
    "number": lambda found: Token(words.NUMBER, int(found[0][:6]), sure=True),
    "word": _word,
    "sign": lambda found: Token(_SIGNS.get(found[0], words.FILLER)),
}
