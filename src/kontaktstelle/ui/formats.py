"""Dates, times, numbers and telephone numbers the way people write them, in German and English.

Everything takes what the projection stores (ISO strings) as well as dates and times, and answers from memory: a page
of twenty groups asks for the same few days and numbers again and again.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime
from datetime import time as clock_time
from functools import lru_cache
from urllib.parse import quote

import phonenumbers
from django.utils.translation import get_language, override
from markupsafe import Markup, escape

_WEEKDAYS = {
    "de": ("Mo", "Di", "Mi", "Do", "Fr", "Sa", "So"),
    "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
}
WEEKDAYS_IN_FULL = {
    "de": ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "de": (
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}
_SHORT_MONTHS = {
    "de": ("Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."),
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
}
# Numbers of at most so many digits (112, 116 117) are spoken as written and have no area code.
LONGEST_SERVICE_NUMBER = 6
METRES_PER_KM = 1000
NOON = 12


# The language of the page being made; asked for several dozen times a page, which Django's own answer is too slow for.
_page_language: ContextVar[str] = ContextVar("page_language", default="")


def language() -> str:
    """Return the language of this page: "de" or "en"."""
    return _page_language.get() or ("en" if (get_language() or "de").startswith("en") else "de")


@contextmanager
def shown_in(chosen: str) -> Iterator[None]:
    """Show everything of the block in a language: "de" or "en"."""
    before = _page_language.set(chosen)
    try:
        with override(chosen):
            yield
    finally:
        _page_language.reset(before)


def weekday(number: int) -> str:
    """Return a weekday's full name; 0 is Monday."""
    return WEEKDAYS_IN_FULL[language()][number]


def german_date(day: date | str) -> str:
    """Return "Di, 1. Dezember 2026"."""
    return _long(str(day)[:10], language())


def short_date(day: date | str) -> str:
    """Return "Di, 1. Dez."."""
    return _short(str(day)[:10], language())


def time(moment: datetime | clock_time | str) -> str:
    """Return "19 Uhr" or "19:30 Uhr", or "" for a day without a time."""
    return _time(clock(moment), language())


def span(start: datetime | clock_time | str, end: datetime | clock_time | str) -> str:
    """Return "14–17 Uhr"."""
    return _span(clock(start), clock(end), language())


def clock(moment: object) -> str:
    """Return HH:MM of a time, a moment or their ISO strings; "" if there is none."""
    text = moment.isoformat() if hasattr(moment, "isoformat") else str(moment)
    if "T" in text:
        text = text.split("T", 1)[1]
    elif " " in text:
        text = text.split(" ", 1)[1]
    return text[:5] if text[2:3] == ":" else ""


def month_year(day: date | str) -> str:
    """Return "09/2026"."""
    text = str(day)
    return f"{text[5:7]}/{text[:4]}"


def number(count: int) -> str:
    """Return a count with its thousands apart: "1.300", in English "1,300"."""
    grouped = f"{count:,}"
    return grouped if language() == "en" else grouped.replace(",", ".")


def km(distance: float) -> str:
    """Return "4 km", or "unter 1 km"."""
    if distance < 1:
        return "under 1 km" if language() == "en" else "unter 1 km"
    return f"{distance:.0f} km"


@lru_cache(maxsize=4096)
def phone(number: str) -> Markup:
    """Return a telephone number to tap, written as Germans write it; what is no number stays text."""
    number = number.strip()
    digits = "".join(character for character in number if character.isdigit())
    if not digits:
        return escape(number)
    target, shown = digits, number
    if len(digits) > LONGEST_SERVICE_NUMBER:
        try:
            parsed = phonenumbers.parse(number, "DE")
        except phonenumbers.NumberParseException:
            return escape(number)
        target = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
        if not number.startswith(("0800", "0180", "116")):
            shown = phonenumbers.format_number(
                parsed,
                phonenumbers.PhoneNumberFormat.NATIONAL
                if parsed.country_code == _GERMANY
                else phonenumbers.PhoneNumberFormat.INTERNATIONAL,
            )
    return Markup('<a class="tel" href="tel:{}">{}</a>').format(target, shown)


_GERMANY = 49


@lru_cache(maxsize=4096)
def tel(number: str) -> str:
    """Return what a tel: link of this number points to."""
    page = str(phone(number))
    return page.split('href="', 1)[1].split('"', 1)[0] if 'href="' in page else ""


def mail(address: str) -> Markup:
    """Return an e-mail address to tap."""
    return Markup('<a href="mailto:{}">{}</a>').format(quote(address, safe="@.+-_"), address)


@lru_cache(maxsize=4096)
def _long(iso: str, lang: str) -> str:
    day = date.fromisoformat(iso)
    dot = "." if lang == "de" else ""
    return f"{_WEEKDAYS[lang][day.weekday()]}, {day.day}{dot} {_MONTHS[lang][day.month - 1]} {day.year}"


@lru_cache(maxsize=4096)
def _short(iso: str, lang: str) -> str:
    day = date.fromisoformat(iso)
    dot = "." if lang == "de" else ""
    # The day and its month are never parted by the end of a line.
    return f"{_WEEKDAYS[lang][day.weekday()]}, {day.day}{dot}\N{NO-BREAK SPACE}{_SHORT_MONTHS[lang][day.month - 1]}"


def _hour(hhmm: str, lang: str) -> str:
    hour, minute = int(hhmm[:2]), hhmm[3:5]
    if lang == "en":
        return f"{(hour - 1) % NOON + 1}{'' if minute == '00' else f'.{minute}'}"
    return f"{hour}" if minute == "00" else f"{hour}:{minute}"


@lru_cache(maxsize=1024)
def _time(hhmm: str, lang: str) -> str:
    if not hhmm:
        return ""
    return f"{_hour(hhmm, lang)} {_half(hhmm)}" if lang == "en" else f"{_hour(hhmm, lang)} Uhr"


@lru_cache(maxsize=1024)
def _span(start: str, end: str, lang: str) -> str:
    if not end:
        return _time(start, lang)
    if lang == "en":
        return f"{_hour(start, lang)} {_half(start)} – {_hour(end, lang)} {_half(end)}"
    return f"{_hour(start, lang)}–{_hour(end, lang)} Uhr"


def _half(hhmm: str) -> str:
    return "am" if int(hhmm[:2]) < NOON else "pm"
