"""Reading a jotted note: abbreviations written out, sentences and clauses told apart.

What is shortened stands in `abbreviations.tsv`. A word that no table knows and that ends with a full stop inside a
sentence is completed to a name of a topic that begins so ("Endometr.", "Osteop."). Nothing of the note is kept here.
"""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from kontaktstelle.topics import bank, folding, model, tree

from . import cues

TABLES = Path(__file__).parent
SHORTEST_TO_COMPLETE = 4
# "an die Beratungsst. verw.": how many words before still tell what a short word means.
REACH_BACK = 4
# A full stop that may be left out: only where so many letters remain that the word is no other.
LETTERS_WITHOUT_STOP = 5
# Longer than any word that is shortened or joined.
LONGEST_WORD = 60
_TOKEN = re.compile(
    r"(?P<arrow>-+>|=+>|→|⇒|➔|>>)"
    r"|(?P<number>\d+(?:[.,/]\d+)*\.?)"
    r"|(?P<word>[^\W\d_]+(?:[.'’*/-]{1,2}[^\W\d_]+)*[.*]?)"
    r"|(?P<sign>[,;:!?+&/()\"„“”»«\n]|\.+|[–—-])"
)
_AFTER_A_STOP = frozenset(
    """
    an auf will möchte habe hat bittet sucht bei im in ist kein keine keinen wohnt wünscht beides nicht ruft kommt
    überlegt meldet zusätzlich außerdem noch später wird werde zu zum zur ich sie er es dort ggf. termin
    hier gibt es frage fragt braucht soll kann geht war wir mit nach seit kollegin rückruf danke keiner
    """.split()
)
# No German word ends so: "psychiatr.", "freundl."
_CUT_OFF = re.compile(r"[bcdfgkpt][rl]$")
_ENDS = {".": "sentence", "!": "sentence", "?": "sentence", ";": "sentence", "\n": "sentence", ":": "colon"}
_PAUSES = frozenset(",/–—-")
_BRACKETS = frozenset("()")


@dataclass(frozen=True, slots=True)
class Clause:
    """A part of a note between two signs.

    `text` is written out; `words` are its folded words; `sentence` counts from 0; `handed` says that an arrow stands
    before it (what the office did), `asks` that a question mark ends it, `starts` that a sentence begins with it.
    """

    text: str
    words: tuple[str, ...]
    sentence: int
    handed: bool
    asks: bool
    starts: bool
    after_colon: bool


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    long: str
    when: str


def read(note: str) -> list[Clause]:
    """Return the clauses of a note in order, abbreviations written out."""
    tokens = [
        _Token(str(match.lastgroup), match.group()) for match in _TOKEN.finditer(note.replace("\r", "\n"))
    ]
    return list(_clauses(_written_out(tokens)))


def _clauses(parts: list[tuple[str, str]]) -> Iterator[Clause]:
    sentence, handed, starts, colon = 0, False, True, False
    now: list[str] = []

    def close(*, asks: bool = False) -> Iterator[Clause]:
        nonlocal starts
        text = " ".join(_noun_sucht(now))
        if words := tuple(folding.words(text)):
            yield Clause(text, words, sentence, handed, asks, starts, colon)
            starts = False
        now.clear()

    for kind, text in parts:
        if kind == "word":
            now.append(text)
        elif kind == "sentence":
            yield from close(asks=text == "?")
            if not starts:
                sentence, starts, handed = sentence + 1, True, False
            colon = False
        elif kind == "arrow":
            yield from close()
            handed, colon = True, False
        elif kind == "colon":
            yield from close()
            colon = True
        elif kind == "pause":
            yield from close()
            colon = False
    yield from close()


def _noun_sucht(words: list[str]) -> list[str]:
    """Tell the noun "Sucht" from the verb: alone, last, or not first in its clause and written large, it is the illness."""
    return [
        "Suchterkrankung" if word == "Sucht" and (place > 0 or len(words) == 1) else word
        for place, word in enumerate(words)
    ]


def _written_out(tokens: list[_Token]) -> list[tuple[str, str]]:
    """Return words written out and the boundaries between them."""
    parts: list[tuple[str, str]] = []
    for position, token in enumerate(tokens):
        if token.kind == "arrow":
            parts.append(("arrow", ""))
        elif token.kind == "number":
            parts.extend(_number(token.text, tokens, position))
        elif token.kind == "sign":
            parts.extend(_sign(token.text))
        else:
            long, consumed = _word(token.text, tokens, position)
            parts.append(("word", long))
            if token.text.endswith(".") and (not consumed or _begins_anew(tokens, position, long)):
                parts.append(("sentence", "."))
    return parts


def _number(text: str, tokens: list[_Token], position: int) -> Iterator[tuple[str, str]]:
    yield "word", text.rstrip(".")
    following = tokens[position + 1 : position + 2]
    # "14.3." and "2. Gr." go on; "um 18." ends unless a small letter follows.
    if (
        text.endswith(".")
        and text.count(".") == 1
        and following
        and following[0].text.lower() in _AFTER_A_STOP
    ):
        yield "sentence", "."


def _sign(text: str) -> Iterator[tuple[str, str]]:
    if text[0] in _ENDS:
        yield _ENDS[text[0]], text[0]
    elif text in {"+", "&"}:
        yield "word", "und"
    elif text in '"„“”»«' or text in _PAUSES:
        yield "pause", text


def _begins_anew(tokens: list[_Token], position: int, long: str) -> bool:
    """Say whether a sentence begins after a word that is shortened: "an 1 Gr. An Ber.stelle verw.", "tot geb. Trauergr. gen."."""
    if position + 1 >= len(tokens):
        return True
    following = tokens[position + 1]
    return (
        following.kind == "word"
        and following.text[0].isupper()
        and (
            following.text.lower() in _AFTER_A_STOP
            or any(cues.is_one(name, folding.fold(long)) for name in ("GIVEN", "CHANGED", "HAPPENED"))
        )
    )


def _word(text: str, tokens: list[_Token], position: int) -> tuple[str, bool]:
    """Return a word written out, and whether its full stop belonged to it."""

    def fits(when: str) -> bool:
        return _fits(when, tokens, position)

    known = _known(text, fits)
    if known is not None:
        return known, True
    bare = text.rstrip(".*") or text
    if len(bare) > LONGEST_WORD:
        return re.sub(r"[./-]", " ", bare), False
    if "/" in bare or "-" in bare:
        return _joined(bare, text, tokens, position)
    if text.endswith(".") or "." in bare:
        return _shortened(bare, text, tokens, position)
    return bare, False


def _joined(bare: str, text: str, tokens: list[_Token], position: int) -> tuple[str, bool]:
    """Write out what a stroke or hyphen joins: "Angeh.-Gr.", "Suchtber./AA"; names of topics stay whole ("Al-Anon")."""
    if " ".join(folding.words(bare)) in _whole_names():
        return bare, False
    if ".-" in bare and (compound := _compound(bare.replace(".-", "."))):
        return compound, True
    parts = [part for part in re.split("[/-]", bare) if part]
    last = parts[-1] + ("." if text.endswith(".") else "")
    written = [_word(part, tokens, position)[0] for part in parts[:-1]]
    ending, consumed = _word(last, tokens, position)
    return " ".join([*written, ending]), consumed


def _shortened(bare: str, text: str, tokens: list[_Token], position: int) -> tuple[str, bool]:
    """Write out what has a full stop in it or behind it and stands in no table."""
    if compound := _compound(bare):
        return compound, True
    if "." in bare:
        # No blank after a full stop: "gegeben.Anruf" are two sentences' words.
        first, _, rest = bare.partition(".")
        last, consumed = _word(rest + text[len(bare) :], tokens, position)
        return f"{_word(first, tokens, position)[0]} {last}", consumed
    if completed := _completed(bare):
        return completed, True
    return bare, _is_cut_off(bare, tokens, position)


def _is_cut_off(bare: str, tokens: list[_Token], position: int) -> bool:
    """Say whether the full stop of a word no table knows shortens it rather than ends a sentence."""
    following = tokens[position + 1] if position + 1 < len(tokens) else None
    return (
        len(bare) == 1
        or _CUT_OFF.search(bare) is not None
        or (
            following is not None
            and (following.text in _PAUSES | _BRACKETS or following.text[0].islower())
            and len(bare) > 1
            and not _is_known(bare)
        )
    )


def _is_known(word: str) -> bool:
    return all(each in model.load().german for each in folding.words(word))


def _known(text: str, fits: Callable[[str], bool]) -> str | None:
    for key in (text, text.lower()):
        for row in _table()["word"].get(key, ()):
            if fits(row.when):
                return row.long
    return None


def _fits(when: str, tokens: list[_Token], position: int) -> bool:
    """Say whether what stands around a word fits a row's condition."""
    if not when:
        return True
    before = tokens[position - 1] if position else None
    after = tokens[position + 1] if position + 1 < len(tokens) else None
    kind, _, wanted = when.partition(":")
    if kind == "alone":
        return (
            after is None
            or after.kind != "word"
            or after.text.lower() in {"ca.", "anf.", "mitte", "ende", "um"}
        )
    if kind == "slash":
        return position == 0 and after is not None and after.text in {"/", ":", ",", "|", "-"}
    if kind == "digit":
        return before is not None and before.kind == "number"
    names = wanted.split(",")
    if kind == "after":
        return after is not None and (
            after.text.lower().rstrip(".") in names
            or ("colon" in names and after.text == ":")
            or ("digit" in names and after.kind == "number")
        )
    reach = tokens[max(0, position - REACH_BACK) : position]
    return any(
        each.text.lower().rstrip(".") in names or ("digit" in names and each.kind == "number")
        for each in reach
    )


def _compound(text: str) -> str | None:
    """Return a compound of shortened parts written out: "Angeh.gr", "Stoffw.krankh", "Elterngr"."""
    table = _table()
    parts = text.split(".")
    if len(parts) == 1:
        for cut in range(len(text) - 2, 2, -1):
            for row in table["tail"].get(text[cut:], ()):
                return text[:cut] + row.long
        return None
    *firsts, last = parts
    tails = table["tail"].get(last) or table["tail"].get(last.lower())
    if not tails and not any(first in table["head"] for first in firsts):
        return None
    ending = tails[0].long if tails else last
    if not tails and ending[:1].isupper():
        return None
    written = "".join(_head(first) for first in firsts)
    return written + (ending if written else ending.capitalize())


def _head(text: str) -> str:
    rows = _table()["head"].get(text) or _table()["head"].get(text.capitalize())
    if rows:
        return rows[0].long
    completed = _completed(text)
    return completed or text


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[_Row]]]:
    table: dict[str, dict[str, list[_Row]]] = {
        "word": defaultdict(list),
        "head": defaultdict(list),
        "tail": defaultdict(list),
    }
    for row in tree.rows(TABLES / "abbreviations.tsv"):
        kind, short, long, when = (*row, "")[:4]
        found = _Row(long, when)
        keys = {short}
        letters = short.rstrip(".")
        if not letters.isupper():
            keys.add(short.lower())
        if kind == "word" and len(letters) >= LETTERS_WITHOUT_STOP and "." not in letters:
            keys |= {letters, letters.lower()} if not letters.isupper() else {letters}
        if letters.isupper() and len(letters) > 1:
            keys.add(letters + ".")
        for key in keys:
            table[kind][key].append(found)
    return table


@lru_cache(maxsize=1)
def _names() -> list[tuple[str, str]]:
    """Return the one-word names of topics, folded, in alphabetical order, each with how it is written."""
    names: dict[str, str] = {}
    for phrase in bank.vocabulary():
        for word in phrase.text.split():
            folded = folding.words(word)
            if len(folded) == 1 and len(folded[0]) > SHORTEST_TO_COMPLETE and phrase.flag != "misspelt":
                names.setdefault(folded[0], word.strip("(),"))
    return sorted(names.items())


@lru_cache(maxsize=1)
def _whole_names() -> frozenset[str]:
    return frozenset(" ".join(folding.words(phrase.text)) for phrase in bank.vocabulary())


@lru_cache(maxsize=2048)
def _completed(text: str) -> str | None:
    """Return the name of a topic that begins so, the one people use most; None for whole or unknown words."""
    folded = folding.words(text)
    if len(folded) != 1 or len(folded[0]) < SHORTEST_TO_COMPLETE:
        return None
    start = folded[0]
    counts = model.load().german
    if start in counts:
        return None
    names = _names()
    position = bisect_left(names, (start, ""))
    candidates = []
    while position < len(names) and names[position][0].startswith(start):
        candidates.append(names[position])
        position += 1
    if not candidates:
        return None
    return max(candidates, key=lambda pair: (counts.get(pair[0], 0), -len(pair[0])))[1]
