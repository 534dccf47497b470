"""Which languages a few words may be in, and other languages read into German: small lexicons that people can read and correct (`data/lexicon/<language>.tsv`).

A search is read as foreign if more of its words stand in one foreign lexicon than in the German bank. Its words are then
understood twice: as they stand (phrases of that language were learnt) and as the German words they mean, so that what the
German phrases teach holds for everybody.
"""

from collections.abc import Collection, Sequence
from functools import lru_cache

from . import folding
from .tree import DATA, rows

LONGEST_PHRASE = 3
SHORTEST_STEM = 3
ANY = "any"
LATIN = ("de", "en", "tr", "pl")
CYRILLIC = frozenset({"uk", "ru"})
ARABIC = frozenset({"ar"})
GERMAN = frozenset({"de"})
# Groups that speak a language: whoever writes in it may want one of them, whatever troubles them.
SPOKEN_IN = {
    "en": "english-speaking",
    "tr": "turkish-speaking",
    "pl": "polish-speaking",
    "uk": "ukrainian",
    "ru": "russian-speaking",
    "ar": "arabic-speaking",
}
_LATIN_TO = "\u024f"
# So many words that speak for one language make it sure.
SURE = 2
_CYRILLIC_FROM, _CYRILLIC_TO = "\u0400", "\u04ff"
_ARABIC_FROM, _ARABIC_TO = "\u0600", "\u06ff"

# Folded words that are common in one of the languages and not in the others.
_COMMON: dict[str, str] = {
    word: language
    for language, words in {
        "de": "die du es im an wird wurde habe hatte sich ihr ihn ihm diese einer um nur so bei aus durch uber gegen sind haben kein alles immer bitte hilfe mutter vater papa mama sohn tochter partner freund kind kinder ich mich mir mein meine meinen meinem meiner er sie wir uns der das den dem ein eine einen und nicht nich nix mehr ist bin hat habe hab will mit von vor auf zu im fur nach seit wenn dass weil was wie wo wer kann keine kein keinen auch noch schon heute jetzt mann frau tod leben gruppe suche angst",
        "en": "i im my me he she the and is are dont cant my to of for with after not you your it its was has have be about who how what ive wont looking group support this that",
        "tr": "kendi kadar diye olan olarak ediyor oldu ilac ölmek olmek aldi yardim ben beni bana bir bu ve ile icin cok gibi nasil ne var yok sonra once artik istiyorum istemiyorum oglum kizim kocam esim annem babam kardesim kendimi hasta simdi degil daha iki yil gecen",
        "pl": "nie ma sobie za czy ale mnie moje moim ze sie ja mnie mi sie nie jest jestem mam moj moja na do ze z po przed od jak juz chce moze maz zona syn corka mama tata lat temu dla i w o przez szukam",
    }.items()
    for word in words.split()
}  # fmt: skip
# "And", "then", "with", "for", "like" are written as part of the Arabic word that follows.
_ARABIC_PREFIXES = frozenset("وفبلك")


def languages_of(words: Sequence[str]) -> tuple[frozenset[str], bool]:
    """Return the languages folded words may be in, and whether that is sure.

    All Latin languages if nothing tells them apart; sure if two words or more speak for one.
    """
    found: set[str] = set()
    votes = dict.fromkeys(LATIN, 0)
    latin = False
    for word in words:
        first = word[0]
        if first <= _LATIN_TO:
            latin = True
            language = _COMMON.get(word)
            if language:
                votes[language] += 1
        elif _CYRILLIC_FROM <= first <= _CYRILLIC_TO:
            found |= CYRILLIC
        elif _ARABIC_FROM <= first <= _ARABIC_TO:
            found |= ARABIC
        else:
            latin = True
    if not latin:
        return frozenset(found), True
    most = max(votes.values())
    found |= {language for language, count in votes.items() if count == most}
    return frozenset(found), most >= SURE


class Lexicon:
    """Words and stems of one language with their German."""

    def __init__(self, language: str) -> None:
        self.language = language
        self.words: dict[str, tuple[str, ...]] = {}
        self.stems: dict[str, tuple[str, ...]] = {}
        for row in rows(DATA / "lexicon" / f"{language}.tsv"):
            german = tuple(folding.words(row[1]))
            key = " ".join(folding.words(row[0]))
            if row[0].rstrip().endswith("*") and " " not in key:
                self.stems.setdefault(key, german)
            elif key:
                self.words.setdefault(key, german)
        self.lengths = sorted({len(stem) for stem in self.stems}, reverse=True)

    def german(self, word: str) -> tuple[str, ...] | None:
        """Return the German of one folded word, by itself or by its longest stem."""
        exact = self.words.get(word)
        if exact is not None:
            return exact
        for length in self.lengths:
            if SHORTEST_STEM <= length <= len(word) and (found := self.stems.get(word[:length])) is not None:
                return found
        if word[:1] in _ARABIC_PREFIXES and len(word) > SHORTEST_STEM:
            return self.german(word[1:])
        return None

    def share(self, words: Sequence[str]) -> float:
        """Return how much of the words this language knows, from 0 to 1."""
        return sum(self.german(word) is not None for word in words) / len(words)

    def translate(self, words: Sequence[str]) -> list[str]:
        """Return the words in German; unknown ones are left out."""
        result: list[str] = []
        position = 0
        while position < len(words):
            for length in range(min(LONGEST_PHRASE, len(words) - position), 0, -1):
                chunk = words[position : position + length]
                german = self.words.get(" ".join(chunk)) if length > 1 else self.german(chunk[0])
                if german is not None:
                    result += german
                    position += length - 1
                    break
            position += 1
        return result


@lru_cache(maxsize=1)
def lexicons() -> dict[str, Lexicon]:
    """Return all lexicons there are."""
    return {file.stem: Lexicon(file.stem) for file in sorted((DATA / "lexicon").glob("*.tsv"))}


def foreign(words: Sequence[str], known: Collection[str]) -> Lexicon | None:
    """Return the lexicon foreign words are to be read with, or None if the words are German.

    Args:
        words: folded words.
        known: words of the German bank.
    """
    strange = sum(word not in known for word in words)
    spoken, sure = languages_of(words)
    if not strange or (sure and spoken == GERMAN):
        return None
    german = 1 - strange / len(words)
    best = max(
        (lexicon for language, lexicon in lexicons().items() if language in spoken),
        key=lambda lexicon: lexicon.share(words),
        default=None,
    )
    return best if best is not None and best.share(words) > german else None
