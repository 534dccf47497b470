"""Folding: the one way words are made comparable, for learning, resolving and the full text alike.

Lower case; umlauts in every spelling (ä, ae, a) fall together, and so do ß and ss; accents, Arabic vowel signs and
typographic variants go; what is not a letter or digit separates words. Hamburg-Bergedorf is two words.
"""

import re
import unicodedata

# Longer input than this says nothing more about what somebody looks for.
LONGEST = 600
_WORD = re.compile(r"[^\W_]+")
_UMLAUT_SPELLED_OUT = re.compile(r"(?<![aeqou])([aou])e")
_REPEATED = re.compile(r"(.)\1{2,}")
_SINGLE = str.maketrans({
    "ß": "ss", "ı": "i", "æ": "ae", "ø": "o", "ł": "l", "đ": "d",
    "أ": "ا", "إ": "ا", "آ": "ا", "ى": "ي", "ة": "ه", "ؤ": "و", "ئ": "ي", "ـ": None,
    "’": None, "'": None, "ʼ": None, "`": None, "´": None,
})  # fmt: skip


def fold(text: str) -> str:
    """Return the text folded; at most `LONGEST` characters of it."""
    folded = text[:LONGEST].lower().translate(_SINGLE)
    if not folded.isascii():
        decomposed = unicodedata.normalize("NFKD", folded)
        folded = "".join(character for character in decomposed if not unicodedata.combining(character))
    return _UMLAUT_SPELLED_OUT.sub(r"\1", folded)


def words(text: str) -> list[str]:
    """Return the folded words of a text in order; letters repeated for emphasis count twice at most."""
    return _WORD.findall(_REPEATED.sub(r"\1\1", fold(text)))
