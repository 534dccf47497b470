"""When example groups meet: real wordings from `data/meetings.tsv` with drawn weekdays and times.

Weekdays and hours in the shares of the same listings. Nothing here decides what a wording means: `groups.rhythm` does.
"""

import re
from collections import defaultdict
from datetime import date, timedelta
from functools import lru_cache

from kontaktstelle.groups.rhythm import Rhythm
from kontaktstelle.topics import tree

from .chance import chance, drawn, happens, one_of
from .plan import DATA

# Counted in the 271 listings of groups_dev.csv that give a time; single dates stand with the groups being founded.
KINDS = {
    "weekly": 70.0,
    "nth": 74.0,
    "month": 42.0,
    "fortnight": 12.0,
    "weeks": 4.0,
    "irregular": 8.0,
    "other": 6.0,
}
# An office's own list has a time for nearly every group, which news items (the listings' sources) have not.
NO_TIME_GIVEN = 0.06
WEEKDAYS = {
    "Montag": 37.0,
    "Dienstag": 36.0,
    "Mittwoch": 45.0,
    "Donnerstag": 42.0,
    "Freitag": 19.0,
    "Samstag": 8.0,
    "Sonntag": 4.0,
}
HOURS = {10: 4.0, 13: 5.0, 14: 14.0, 15: 20.0, 16: 22.0, 17: 23.0, 18: 34.0, 19: 42.0, 20: 12.0}
HALF_PAST = 0.3
LASTS_MINUTES = {90: 6.0, 120: 6.0, 60: 1.0}
NTH = ("ersten", "zweiten", "dritten", "vierten", "letzten")
MONTHS = (
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
)
DAY_NAMES = tuple(WEEKDAYS)
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FOUNDING = (
    "Gründungstreffen am {day} um {von} Uhr",
    "erstes Treffen {day}, um {von} Uhr",
    "{day}, {von} Uhr",
)
# Of the groups whose rhythm needs a first date, so many have told it to the office.
START_KNOWN = 0.8
LOOK_BACK_DAYS = 56
_BYDAY = re.compile(r"BYDAY=(-?\d)?([A-Z]{2})")


def meeting_text(*about: object) -> str:
    """Return when a group meets, as it would say it; "" if the office does not know."""
    if happens(NO_TIME_GIVEN, *about, "no time"):
        return ""
    kind = drawn(KINDS, *about, "kind")
    pattern = drawn(_wordings()[kind], *about, "wording")
    return _filled(pattern, about)


def founding_text(on: date, *about: object) -> str:
    """Return the first meeting of a group being founded, within the weeks after `on`; "" if there is no date yet."""
    if happens(1 / 3, *about, "no date yet"):
        return ""
    day = on + timedelta(days=chance(*about, "first day").randrange(8, 42))
    while day.weekday() > CODES.index("FR"):  # nobody founds a group on a Sunday
        day += timedelta(days=1)
    written = f"{DAY_NAMES[day.weekday()]}, {day.day}. {MONTHS[day.month - 1]} {day.year}"
    return one_of(FOUNDING, *about, "wording").format(day=written, von=_written(18 * 60))


def first_date(reading: Rhythm, on: date, *about: object) -> date | None:
    """Return the first meeting as the office would have noted it, for a rhythm that gives no dates without one.

    None if the rhythm needs none, if no day can be told (once a month), or if nobody noted it.
    """
    rules = [rule for rule in reading.rules if "INTERVAL=" in rule]
    if reading.anchored or not rules or not happens(START_KNOWN, *about, "start known"):
        return None
    byday = _BYDAY.search(rules[0])
    if byday is None and "FREQ=WEEKLY" not in rules[0]:
        return None
    day = on - timedelta(days=chance(*about, "start").randrange(LOOK_BACK_DAYS))
    while byday and not _fits(day, byday[2], int(byday[1] or 0)):
        day += timedelta(days=1)
    return day


def _fits(day: date, code: str, nth: int) -> bool:
    if CODES[day.weekday()] != code:
        return False
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return nth == 0 or (day + timedelta(days=7)).month != day.month


@lru_cache(maxsize=1)
def _wordings() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = defaultdict(dict)
    for kind, weight, wording in tree.rows(DATA / "meetings.tsv"):
        found[kind][wording] = float(weight)
    return found


def _filled(pattern: str, about: tuple[object, ...]) -> str:
    weekday = drawn(WEEKDAYS, *about, "weekday")
    starts = drawn(HOURS, *about, "hour") * 60 + (30 if happens(HALF_PAST, *about, "half past") else 0)
    nth = chance(*about, "nth").randrange(len(NTH))
    return pattern.format(
        Tag=weekday,
        tags=f"{weekday.lower()}s",
        von=_written(starts),
        bis=_written(starts + drawn(LASTS_MINUTES, *about, "lasts")),
        n=f"{min(nth, 3) + 1}.",
        nte=NTH[nth],
    )


def _written(minutes: int) -> str:
    hour, rest = divmod(minutes, 60)
    return f"{hour}.{rest:02}" if rest else str(hour)
