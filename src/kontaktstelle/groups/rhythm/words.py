"""The words in which meeting times are said, each with the kind of token it is.

Words are folded: lower case, ä as ae, ß as ss. A word in no table is prose and says nothing about time. Words of
kind `DOUBT` make a text stay a text: whoever writes "unregelmäßig, meist montags" states no rule.
"""

from typing import Final, NamedTuple

# Kinds are single letters, so that the grammar can be written as patterns over a line of kinds.
DATE, TIME, MAYBE_TIME, NUMBER, ORDINAL = "d", "t", "q", "n", "o"
WEEKDAY, MONTH, PARITY, CALENDAR_WEEK, UNIT = "w", "m", "e", "k", "u"
FREQUENCY, COUNT, EVERY_ONE, EVERY_SO_MANY = "f", "c", "j", "a"
AND, OR, COMMA, BREAK, DASH = "&", "|", ",", ";", "-"
AT, FROM, BETWEEN, SINCE, BESIDE = "@", "v", "z", "S", "N"
MEETING, PART_OF_DAY, DURATION, ENTRY, ABOUT = "g", "D", "H", "Y", "C"
SINGLE, DOUBT, HOLIDAY, NOT, ALSO, TERM_TIME, FESTIVAL = "s", "!", "h", "^", "%", "E", "y"
ALTERNATING, ARRANGED, DETAIL, INSTEAD, PROSE, FILLER = "~", "A", "p", "i", "x", ""


class Word(NamedTuple):
    """What a word means: its kind, a number and a name where the kind needs them."""

    kind: str
    number: int = 0
    name: str = ""


NUMBERS: Final = {
    "zwei": 2, "zwo": 2, "drei": 3, "vier": 4, "fuenf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9,
    "zehn": 10, "elf": 11, "zwoelf": 12, "dreizehn": 13, "vierzehn": 14, "fuenfzehn": 15, "sechzehn": 16,
    "siebzehn": 17, "achtzehn": 18, "neunzehn": 19, "zwanzig": 20, "einundzwanzig": 21, "zweiundzwanzig": 22,
}  # fmt: skip
_ORDINALS: Final = {
    "erst": 1, "zweit": 2, "dritt": 3, "viert": 4, "fuenft": 5, "sechst": 6, "siebt": 7, "acht": 8, "neunt": 9,
    "zehnt": 10, "letzt": -1, "vorletzt": -2,
}  # fmt: skip
WEEKDAYS: Final = ("montag", "dienstag", "mittwoch", "donnerstag", "freitag", "samstag", "sonntag")
SATURDAY: Final = 5
MONTHS: Final = (
    "januar", "februar", "maerz", "april", "mai", "juni",
    "juli", "august", "september", "oktober", "november", "dezember",
)  # fmt: skip
_MORE_MONTHS: Final = {
    "jaenner": 1, "jan": 1, "feb": 2, "mrz": 3, "maer": 3, "mar": 3, "marz": 3, "apr": 4, "jun": 6, "jul": 7,
    "aug": 8, "sep": 9, "sept": 9, "okt": 10, "nov": 11, "dez": 12,
}  # fmt: skip
MONTH_NUMBERS: Final = {name: number for number, name in enumerate(MONTHS, start=1)} | _MORE_MONTHS
# "So", "Do" and "Fr." are words of their own as well; tokens.py looks at their neighbours.
SHORT_WEEKDAYS: Final = {
    "mo": 0, "mon": 0, "di": 1, "diens": 1, "mi": 2, "mitt": 2, "mittw": 2, "do": 3, "don": 3, "donn": 3,
    "fr": 4, "fre": 4, "sa": 5, "sam": 5, "so": 6, "son": 6, "sonn": 6,
}  # fmt: skip
PARTS_OF_DAY: Final = {
    "abend": "abends", "abends": "abends", "nachmittag": "nachmittags", "nachmittags": "nachmittags",
    "mittag": "mittags", "mittags": "mittags", "vormittag": "vormittags", "vormittags": "vormittags",
    "morgen": "morgens", "morgens": "morgens", "frueh": "morgens", "nachts": "nachts",
}  # fmt: skip
_PLURAL_PARTS: Final = {
    "abende": "abends", "abenden": "abends", "nachmittage": "nachmittags", "nachmittagen": "nachmittags",
    "vormittage": "vormittags", "vormittagen": "vormittags",
}  # fmt: skip
ENDINGS: Final = ("", "e", "er", "en", "es", "em")


def _listed(kind: str, words: str, number: int = 0, name: str = "") -> dict[str, Word]:
    return dict.fromkeys(words.split(), Word(kind, number, name))


def _inflected(kind: str, stems: str, number: int = 0, name: str = "") -> dict[str, Word]:
    return {stem + ending: Word(kind, number, name) for stem in stems.split() for ending in ENDINGS}


_FILLERS = _listed(
    FILLER,
    """
    am an im in den der dem des die das zu zum zur ein eine einen einem einer eines auf fuer
    immer jeweils jew je pro per stets regelmaessig regelmaessige regelmaessigen regelmaessiger regelmaessigem regel
    normalerweise gewoehnlich ueblicherweise grundsaetzlich meistens meist rhythmus turnus abstand takt wechselrhythmus
    uhr h beginn start beginnt beginnend uhrzeit zeit zeiten bereits schon kurz jetzt wieder jeweilige jeweiligen
    waehrend innerhalb findet finden trifft trifftsich sich wir uns ist sind
    gesetzlichen gesetzliche gesetzlicher bayerischen hessischen berliner nrw stattfindend
    """,
)
_EVERY = _listed(EVERY_ONE, "jede jeder jeden jedem jedes jed") | _listed(EVERY_SO_MANY, "alle")
_UNITS = (
    _listed(UNIT, "tag tage tagen tages", name="D")
    | _listed(UNIT, "woche wochen", name="W")
    | _listed(UNIT, "monat monate monaten monats mon.", name="M")
    | _listed(UNIT, "quartal quartale quartals vierteljahr", name="Q")
    | _listed(UNIT, "jahr jahre jahren jahres", name="Y")
    | _listed(UNIT, "halbjahr halbjahres", name="H")
)
_FREQUENCIES = (
    _inflected(FREQUENCY, "woechentlich allwoechentlich", 1, "W")
    | _listed(FREQUENCY, "woech woechtl woechentl wtl woe", 1, "W")
    | _inflected(FREQUENCY, "monatlich allmonatlich", 1, "M")
    | _listed(FREQUENCY, "mtl monatl", 1, "M")
    | _inflected(FREQUENCY, "vierteljaehrlich", 3, "M")
    | _listed(FREQUENCY, "vierteljaehrl quartalsweise quartalsmaessig", 3, "M")
    | _inflected(FREQUENCY, "halbjaehrlich", 6, "M")
    | _inflected(FREQUENCY, "jaehrlich alljaehrlich", 1, "Y")
    | _listed(FREQUENCY, "jaehrl", 1, "Y")
    | _inflected(FREQUENCY, "taeglich alltaeglich", 1, "D")
)
_JOINERS = (
    _listed(AND, "und u sowie plus")
    | _listed(OR, "oder bzw beziehungsweise")
    | _listed(DASH, "bis", name="bis")
    | _listed(AT, "um gegen", name="um")
    | _listed(AT, "ab", name="ab")
    | _listed(FROM, "von vom")
    | _listed(BETWEEN, "zwischen")
    | _listed(SINCE, "seit")
    | _listed(BESIDE, "nach vor")
    | _listed(ABOUT, "ca circa zirka etwa ungefaehr rund")
    | _listed(ALSO, "auch selbst")
)
_MEETINGS = _listed(
    MEETING,
    """
    treffen treffs termin termine terminen gruppentreffen gruppentermin gruppentermine gruppenterminen gruppenabend
    gruppenabende gruppenabenden zusammenkunft zusammenkuenfte zusammenkuenften sitzung sitzungen meeting meetings
    gruppe gruppenstunde gruppenstunden gespraechsabend gespraechsabende stammtisch gespraechskreis selbsthilfegruppe
    gruppensitzung gruppensitzungen gespraech gespraeche gespraechsrunde gespraechsrunden begegnung begegnungen veranstaltung veranstaltungen male
    """,
)
_PARTS = {word: Word(PART_OF_DAY, name=part) for word, part in PARTS_OF_DAY.items()} | {
    word: Word(MEETING, name=part) for word, part in _PLURAL_PARTS.items()
}
_NEGATIONS = _listed(
    NOT,
    "ausser ausserhalb ausgenommen ausgeschlossen ausnahme ausnahmen entfaellt entfallen ausfall faellt",
    name="firm",
) | _listed(NOT, "nicht kein keine keinen keiner ohne pause pausiert geschlossen")
_HOLIDAYS = (
    _listed(HOLIDAY, "ferien schulferien ferienzeit ferienzeiten schulferienzeit", name="school-holidays")
    | _listed(HOLIDAY, "sommerferien", name="summer-holidays")
    | _listed(HOLIDAY, "herbstferien", name="autumn-holidays")
    | _listed(HOLIDAY, "weihnachtsferien", name="christmas-holidays")
    | _listed(HOLIDAY, "winterferien", name="winter-holidays")
    | _listed(HOLIDAY, "osterferien fruehjahrsferien", name="easter-holidays")
    | _listed(HOLIDAY, "pfingstferien", name="whitsun-holidays")
    | _listed(HOLIDAY, "feiertag feiertage feiertagen feiertags", name="public-holidays")
    | _listed(TERM_TIME, "schulzeit schulzeiten", name="school-holidays")
    | _listed(TERM_TIME, "sommerpause", name="summer-break")
    | _listed(TERM_TIME, "winterpause weihnachtspause ferienpause", name="other")
    | _listed(
        FESTIVAL,
        """
        weihnachten weihnachtszeit neujahr silvester ostern pfingsten karneval fasching heiligabend advent adventszeit
        karfreitag ostermontag pfingstmontag rosenmontag jahreswechsel himmelfahrt
        """,
    )
)
# One occasion, not a rhythm.
_SINGLES = _listed(
    SINGLE,
    """
    gruendung gruendungstreffen gruendungsabend gruendungsversammlung gruendungsveranstaltung neugruendung
    infoabend infoveranstaltung informationsabend informationsveranstaltung infotreffen infonachmittag informationstreffen
    auftakt auftakttreffen auftaktveranstaltung kennenlerntreffen kennenlernabend starttreffen eroeffnung
    schnuppertreffen schnupperabend vortrag workshop sommerfest weihnachtsfeier jubilaeum
    naechste naechster naechstes naechsten kommende kommender kommenden kommendes diesen diesem dieser
    einmalig einmalige einmaliges erstmals erstmalig erstmaliges geplant geplante geplantes voraussichtlich angedacht
    morgige heute uebermorgen
    """,
)
_DOUBTS = _listed(
    DOUBT,
    """
    unregelmaessig unregelmaessige unregelmaessigen unregelmaessiger sporadisch gelegentlich manchmal mehrmals mehrfach
    sonst ansonsten falls stattdessen anstatt ersatz ersatzweise ersatztermin ausweichtermin verschoben verlegt abgesagt
    alternativ eventuell evtl gegebenenfalls ggf moeglichst vielleicht darauffolgend darauffolgenden folgenden folgende
    danach anschliessend spaeter kuenftig zukuenftig dann
    frueher bisher ehemals ehemalige war waren fand fanden traf trafen aufgeloest ausgesetzt ruht ruhend beendet
    wochenende wochenenden wochenends werktags werktag werktage werktagen wochentags wochentag wochentagen wochentage
    sommer winter sommers winters sommermonate sommermonaten wintermonate wintermonaten sommerhalbjahr winterhalbjahr
    sommerzeit winterzeit fruehjahr fruehling herbst
    telefonisch erreichbar sprechzeit sprechzeiten sprechstunde sprechstunden buerozeit buerozeiten oeffnungszeiten
    stand soll sollen halben halbe haelfte
    """,
)
_ARRANGEMENTS = _listed(
    ARRANGED,
    """
    absprache vereinbarung anfrage bedarf verabredung terminabsprache terminvereinbarung wunsch rueckfrage ankuendigung
    terminankuendigung
    """,
)
_ALTERNATIONS = _listed(
    ALTERNATING, "abwechselnd abwechselnde wechsel wechselweise alternierend turnusgemaess einerseits mal"
)
# What is special about some dates of a rhythm that was stated before.
_DETAILS = _listed(
    DETAIL, "als praesenz online digital virtuell persoenlich gemeinsam offen offene offenes offener mit"
)
_OTHERS = (
    _listed(CALENDAR_WEEK, "kw kalenderwoche kalenderwochen kws")
    | _listed(INSTEAD, "statt")
    | _listed(ENTRY, "einlass ankommen")
    | _listed(DASH, "ende endet", name="bis")
    | _inflected(PARITY, "gerad", 0)
    | _inflected(PARITY, "ungerad", 1)
)

WORDS: Final[dict[str, Word]] = {
    **_FILLERS,
    **_EVERY,
    **_UNITS,
    **_FREQUENCIES,
    **_JOINERS,
    **_MEETINGS,
    **_PARTS,
    **_NEGATIONS,
    **_HOLIDAYS,
    **_SINGLES,
    **_DOUBTS,
    **_ARRANGEMENTS,
    **_ALTERNATIONS,
    **_DETAILS,
    **_OTHERS,
    **{name: Word(MONTH, number) for name, number in MONTH_NUMBERS.items()},
    **{stem + ending: Word(ORDINAL, number) for stem, number in _ORDINALS.items() for ending in ENDINGS[1:]},
    **{name: Word(NUMBER, number) for name, number in NUMBERS.items()},
}


class Day(NamedTuple):
    """A weekday as one word says it."""

    number: int
    part: str
    habitual: bool  # "montags": every Monday, never one of them


def _misspelt(word: str) -> set[str]:
    """Return the word with one letter missing, too much, wrong or swapped; the first letter is taken as right."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    split = [(word[:at], word[at:]) for at in range(1, len(word) + 1)]
    missing = {head + tail[1:] for head, tail in split if tail}
    swapped = {head + tail[1] + tail[0] + tail[2:] for head, tail in split if len(tail) > 1}
    wrong = {head + letter + tail[1:] for head, tail in split if tail for letter in letters}
    added = {head + letter + tail for head, tail in split for letter in letters}
    return missing | swapped | wrong | added


def _weekday_words() -> dict[str, Day]:
    names = {name: number for number, name in enumerate(WEEKDAYS)} | {"sonnabend": SATURDAY}
    exact: dict[str, Day] = {}
    spelt: dict[str, set[Day]] = {}
    for name, number in names.items():
        once, habit = Day(number, "", habitual=False), Day(number, "", habitual=True)
        exact |= {name: once, name + "s": habit, name + "e": habit, name + "en": habit}
        for word, day in ((name, once), (name + "s", habit)):
            for misspelt in _misspelt(word):
                spelt.setdefault(misspelt, set()).add(day)
    return {
        word: _agreed(days) for word, days in spelt.items() if len({day.number for day in days}) == 1
    } | exact


def _agreed(days: set[Day]) -> Day:
    """Return what readings of one misspelling have in common; they differ at most in the ending."""
    return Day(next(iter(days)).number, "", habitual=all(day.habitual for day in days))


_WEEKDAY_WORDS: Final = _weekday_words()
_PARTS_LONGEST_FIRST: Final = sorted(
    {**PARTS_OF_DAY, **_PLURAL_PARTS}.items(), key=lambda part: -len(part[0])
)


def weekday(word: str) -> Day | None:
    """Return the weekday a folded word says ("dienstagabends", "donerstag"), or None."""
    if day := _WEEKDAY_WORDS.get(word):
        return day
    for ending, part in _PARTS_LONGEST_FIRST:
        if word.endswith(ending) and (day := _WEEKDAY_WORDS.get(word.removesuffix(ending))):
            return Day(day.number, part, habitual=ending.endswith(("s", "e", "en")))
    return None
