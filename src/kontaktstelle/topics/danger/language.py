"""Which languages a few words may be in: enough to tell "die" the article from "die" the verb."""

from collections.abc import Sequence

ANY = "any"
LATIN = ("de", "en", "tr", "pl")
CYRILLIC = frozenset({"uk", "ru"})
ARABIC = frozenset({"ar"})
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
