"""Who speaks about whom: "mein Sohn kifft" is a parent, "hab keine freunde bin 19" is young.

German is read by small tables of relations and ages; other languages by `data/hints/<language>.tsv`. The words tell more
than the topic: who the groups of a topic are for by nature (`Topic.audience`) only fills in what the words leave open.
"""

import re
from collections.abc import Collection
from functools import lru_cache

from .tree import DATA, rows

_CHILD = frozenset(
    """
    sohn tochter kind kinder kindern kindes baby saugling jungster jungste altester alteste kleiner
    kleine sohnes bub jungs zwillinge teenager pflegekind adoptivkind stiefsohn stieftochter
    schulkind kleinkind sohnemann madel tochterchen kids
    """.split()
)
_RELATIVE = frozenset(
    """
    mann manns mannes ehemann frau ehefrau partner partnerin freund freundin vater papa papas
    mutter mama mamas bruder schwester opa oma enkel enkelin eltern schwiegermutter schwiegervater
    schwiegereltern gatte gattin verlobter verlobte onkel tante cousin cousine neffe nichte
    geschwister familie lebensgefahrte lebensgefahrtin mutti vati grossmutter grossvater ex
    schwager schwagerin kumpel stiefvater stiefmutter angehorige angehoriger
    """.split()
)
_MY = frozenset(
    """
    mein meine meinen meinem meiner meines mei unser unsere unseren unserem unserer sein seine ihre
    ihr der die dem den
    """.split()
)
_OWN = frozenset("mein meine meinen meinem meiner meines mei unser unsere unseren unserem unserer".split())
_PARENT = frozenset(
    """
    eltern elterngruppe elternkreis mutter vater mama alleinerziehend alleinerziehende
    alleinerziehender sterneneltern pflegeeltern adoptiveltern
    """.split()
)
_SELF = frozenset("ich bin hab habe mir mich betroffen betroffene betroffener selbst".split())
_WOMAN = frozenset(
    """
    frauen frauengruppe frauenselbsthilfe witwe alkoholikerin patientin mutter schwangere damen
    madchen freundinnen lesbisch migrantinnen muslima rentnerin studentin soldatin
    """.split()
)
_MAN = frozenset("manner mannern mannergruppe witwer herren vater vatern schwul mannlich rentner".split())
_YOUNG = frozenset(
    """
    junge jungen jung jugendliche jugendlichen jugend student studentin studierende studium uni
    azubi ausbildung schuler schulerin abi abitur teenager teenie teens jugendgruppe
    """.split()
)
_OLDER = frozenset(
    """
    senioren senior seniorin rentner rentnerin ruhestand alter altere alteren hochbetagt
    seniorengruppe pensionar greis
    """.split()
)
_BEREAVED = frozenset(
    """
    gestorben verstorben verstorbenen tod todes verwitwet witwe witwer trauer trauernde
    hinterbliebene verwaist verwaiste beerdigt verlust totgeburt fehlgeburt sternenkind
    sternenkinder beerdigung
    """.split()
)
_PARENTS_OF_THEIR_OWN = frozenset("eltern mutter vater mama".split())
_RELATIVES_NAMED = frozenset(
    "angehorige angehoriger angehorigen angehorigengruppe partnerinnen zugehorige".split()
)
_MARKS = {
    "frauen": _WOMAN - {"mutter"},
    "maenner": _MAN - {"vater"},
    "junge": _YOUNG,
    "aeltere": _OLDER,
    "trauernde": _BEREAVED,
}
_SAID_BY_A_MAN = re.compile(r"\bmeiner? (?:ehe)?frau\b|\bmeine freundin\b")
_SAID_BY_A_WOMAN = re.compile(r"\bmein(?:em|en)? (?:ehe)?mann\b|\bmein freund\b")
_AGE = re.compile(r"^(\d{1,2})(?:j|jahrig|jahrige|jahriger|jahre|er|w|m)?$")
_YOUNG_AGES = range(14, 31)
_OLD_FROM = 65


def of_words(words: list[str]) -> list[str]:
    """Return whom folded words speak for, surest first; empty if they do not say."""
    said = set(words)
    found = _relation(words, said)
    if said & _PARENT and "eltern" not in found and not _stands_beside(words, _PARENTS_OF_THEIR_OWN, _OWN):
        found.append("eltern")
    for audience, marks in _MARKS.items():
        if said & marks and audience not in found and not (audience == "junge" and _is_a_boy(words)):
            found.append(audience)
    for audience in (*_ages(words), *_other_languages(words)):
        if audience not in found:
            found.append(audience)
    if not found and said & _SELF:
        found.append("betroffene")
    # Last and least sure: who says "meine Frau" is mostly a man, who says "mein Mann" mostly a woman.
    text = " ".join(words)
    for said_so, audience in ((_SAID_BY_A_MAN, "maenner"), (_SAID_BY_A_WOMAN, "frauen")):
        if audience not in found and said_so.search(text):
            found.append(audience)
    return found


def _relation(words: list[str], said: set[str]) -> list[str]:
    """Return whether a parent or another relative speaks.

    "Mein Sohn" and "meine Frau" say so; "Papa dement" or "Kind 8 zappelt" say so by the relation alone, unless somebody
    speaks of themselves.
    """
    if _stands_beside(words, _CHILD, _OWN):
        return ["eltern"]
    if _stands_beside(words, _RELATIVE, _OWN) or said & _RELATIVES_NAMED:
        return ["angehoerige"]
    if said & _RELATIVE and not said & {"ich", "bin", "gesprachskreis", "frauen", "manner"}:
        return ["eltern" if said & _CHILD else "angehoerige"]
    if said & _CHILD and not said & {"ich", "junge", "kindheit", "erwachsene"}:
        return ["eltern"]
    return []


def _stands_beside(words: list[str], nouns: Collection[str], possessives: Collection[str]) -> bool:
    """Say whether one of the nouns follows a possessive, with at most two words between ("mein jüngster Sohn")."""
    for position, word in enumerate(words):
        if word in nouns and any(before in possessives for before in words[max(0, position - 3) : position]):
            return True
    return False


def _is_a_boy(words: list[str]) -> bool:
    return (
        "junge" in words
        and any(article in words for article in ("ein", "mein", "unser", "der", "kleiner"))
        and "leute" not in words
    )


def _ages(words: list[str]) -> list[str]:
    found = []
    own = bool({"ich", "bin", "mit", "w", "m"} & set(words)) or len(words) <= 3  # noqa: PLR2004 - "Witwe 52"
    for position, word in enumerate(words):
        match = _AGE.match(word)
        if not match or not own:
            continue
        before = words[position - 1] if position else ""
        after = words[position + 1] if position + 1 < len(words) else ""
        if before in {"seit", "vor", "typ", "nach", "in"} or after in {
            "jahren",
            "wochen",
            "monaten",
            "tagen",
            "kilo",
            "kg",
            "uhr",
            "ssw",
            "woche",
        }:
            continue
        age = int(match[1])
        if age in _YOUNG_AGES:
            found.append("junge")
        elif age >= _OLD_FROM:
            found.append("aeltere")
    return found


@lru_cache(maxsize=1)
def _hints() -> dict[str, str]:
    from .folding import words as folded

    known: dict[str, str] = {}
    for file in sorted((DATA / "hints").glob("*.tsv")):
        for word, label in rows(file):
            known[" ".join(folded(word))] = label
    return known


def _other_languages(words: list[str]) -> list[str]:
    known = _hints()
    found = []
    for start in range(len(words)):
        for length in (1, 2, 3):
            label = (
                known.get(" ".join(words[start : start + length])) if start + length <= len(words) else None
            )
            if label and label != "group" and label not in found:
                found.append(label)
    return found
