"""Names and descriptions of example groups: own sentences, put together so that they read like people's.

The parts per topic lie in `data/topics_*.tsv`: a short name, whom the group is for, what is talked about.
"""

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

from kontaktstelle.topics import tree

from .chance import happens, one_of
from .plan import DATA, Planned

ALONE = "="
LONGEST_PAIR = 34
BOTH_NAMED = 0.6
IN_LANGUAGE = {
    "tr": "Türkisch",
    "ru": "Russisch",
    "uk": "Ukrainisch",
    "ar": "Arabisch",
    "en": "Englisch",
    "pl": "Polnisch",
}
# Topics whose groups speak other languages, whatever they talk about.
TOPIC_LANGUAGES = {
    "turkish-speaking": ("tr", "de"),
    "russian-speaking": ("ru", "de"),
    "ukrainian": ("uk", "ru"),
    "arabic-speaking": ("ar", "de"),
    "english-speaking": ("en",),
    "polish-speaking": ("pl", "de"),
    "refugees": ("de", "en", "ar"),
    "migrants-women": ("de", "tr", "ar"),
}
GREETING = {
    "tr": "Türkçe konuşuyoruz.",
    "ru": "Мы говорим по-русски.",
    "uk": "Ми розмовляємо українською.",
    "ar": "نتحدث العربية.",
    "en": "We speak English.",
    "pl": "Rozmawiamy po polsku.",
}
VARIANT_NAMES = {
    "young": "Junge Gruppe {name}",
    "women": "Frauengruppe {name}",
    "men": "Männergruppe {name}",
    "older": "Gruppe {name} für Ältere",
}
VARIANT_WHOM = {
    "young": "Die meisten von uns sind zwischen {age_from} und {age_to}.",
    "women": "Wir sind Frauen unter uns.",
    "men": "Wir sind Männer unter uns.",
    "older": "Die meisten von uns sind über sechzig.",
}
FOR_WHOM = (
    "Die Gruppe ist für {whom}.",
    "Hier treffen sich {whom}.",
    "Ein ruhiger Kreis für {whom}.",
    "Offen für {whom}.",
    "Ein Gesprächskreis für {whom}.",
    "Gedacht für {whom}.",
)
# Only where no clause stands between the two halves of the verb.
FOR_WHOM_SHORT = ("In dieser Runde kommen {whom} zusammen.", "Regelmäßig setzen sich {whom} hier zusammen.")
ABOUT = (
    "Wir sprechen über {themes}.",
    "Bei den Treffen geht es um {themes}.",
    "Oft reden wir über {themes}.",
    "Es geht um {themes}.",
    "Wir tauschen uns aus über {themes}.",
    "Jedes Treffen hat Zeit für Gespräche über {themes}.",
)
KIND = (
    "Wer erst einmal nur zuhören möchte, ist ebenso willkommen.",
    "Niemand muss etwas erzählen.",
    "Was gesagt wird, bleibt in der Runde.",
    "Beim ersten Mal dürfen Sie einfach dabei sein.",
    "Sie müssen sich hier nicht erklären.",
    "Wir nehmen uns Zeit füreinander.",
    "Fragen dürfen offen bleiben.",
    "Manchmal hilft es schon, dass jemand nickt.",
    "Wir geben keine Ratschläge, wir erzählen von uns.",
)
# Too light for what weighs heavily.
LIGHT = ("Gelacht wird auch.", "Ein Kaffee steht bereit.", "Kommen Sie so, wie es Ihnen gerade geht.")
HEAVY_FIELDS = frozenset({"Krebs", "Trauer", "Gewalt und Krisen"})
KIND_BY_AUDIENCE: dict[str, tuple[str, ...]] = {
    "angehoerige": (
        "Auch wer für andere da ist, braucht Zeit für sich.",
        "Hier geht es einmal um Sie.",
        "Sie dürfen müde sein und auch wütend.",
    ),
    "eltern": (
        "Hier darf man auch einmal ratlos sein.",
        "Patentrezepte hat niemand, Erfahrungen alle.",
        "Von den Kindern erzählen wir und auch einmal von uns.",
    ),
    "trauernde": (
        "Tränen haben hier Platz und Lachen auch.",
        "Jede Trauer hat ihr eigenes Tempo.",
        "Sie dürfen den Namen des Menschen sagen, der Ihnen fehlt.",
    ),
}
YOUNG_ABOUT = (
    "Bei uns geht es um {themes}.",
    "Wir reden über {themes}.",
    "Wir reden über {themes}. Manchmal unternehmen wir auch etwas.",
)
YOUNG_KIND = (
    "Du musst nichts erzählen, du kannst erst einmal zuhören.",
    "Bring gern jemanden mit, wenn der erste Schritt schwer ist.",
    "Schreib uns, dann treffen wir uns vor der Tür.",
    "Niemand erwartet, dass es dir gut geht.",
)
FELLOWSHIP = (
    "Wir gehen nach den Zwölf Schritten vor, ohne Anmeldung und ohne Nachnamen.",
    "Die Treffen folgen den Zwölf Schritten; der Vorname genügt.",
)
RELATIVES_TOO = (
    "Angehörige sind willkommen.",
    "Auch Angehörige dürfen mitkommen.",
    "Wer mag, bringt jemanden aus der Familie mit.",
)
FOUNDING = (
    "Die Gruppe entsteht gerade und freut sich über Menschen, die von Anfang an dabei sind.",
    "Wir fangen eben erst an: Wer mitgestalten möchte, kommt genau richtig.",
)
PROTECTED = (
    "Ort und Zeit erfahren Sie im Gespräch mit der Kontaktstelle.",
    "Den Weg in die Gruppe finden Sie über ein vertrauliches Gespräch mit der Kontaktstelle.",
)


@dataclass(frozen=True, slots=True)
class Parts:
    """What is told of a topic: short name, whether it stands without "Gruppe", whom for, what about."""

    name: str
    alone: bool
    whom: str
    themes: str


@lru_cache(maxsize=1)
def parts() -> dict[str, Parts]:
    """Return topic → its parts, for every topic of the tree."""
    lines = [line for file in sorted(DATA.glob("topics_*.tsv")) for line in tree.rows(file)]
    return {
        topic: Parts(name.removeprefix(ALONE), name.startswith(ALONE), whom, themes)
        for topic, name, whom, themes in lines
    }


def names(office: str, planned: list[Planned], online: set[int]) -> dict[int, str]:
    """Return number → name; groups of one name are numbered from the second on.

    Args:
        office: slug of the office.
        planned: its groups.
        online: numbers of those that meet online only.
    """
    taken: Counter[str] = Counter()
    found = {}
    for group in planned:
        name = _name(office, group, online=group.number in online)
        taken[name] += 1
        found[group.number] = f"{name}, Beispiel" if taken[name] == 1 else f"{name} {taken[name]}, Beispiel"
    return found


def description(
    office: str, group: Planned, *, relatives_too: bool, founding: bool, ages: tuple[int, int] | None
) -> str:
    """Return two to four kind sentences about a group."""
    about = (office, group.number, group.topic)
    told = parts()[group.topic]
    openings = FOR_WHOM if "," in told.whom else FOR_WHOM + FOR_WHOM_SHORT
    first = one_of(openings, *about, "whom").format(whom=told.whom)
    young = ages is not None
    themes = one_of(YOUNG_ABOUT if young else ABOUT, *about, "themes").format(themes=told.themes)
    sentences = [first]
    if group.variant:
        low, high = ages or (0, 0)
        sentences.append(VARIANT_WHOM[group.variant].format(age_from=low, age_to=high))
    sentences.append(themes)
    if group.second and not _both_named(about, group):
        sentences.append(_second(about, group))
    sentences += [one_of(RELATIVES_TOO, *about, "relatives")] if relatives_too else []
    sentences.append(_last(about, group, founding=founding, young=young))
    sentences += [GREETING[language] for language in languages(group) if language != "de"]
    return " ".join(sentences)


def languages(group: Planned) -> list[str]:
    """Return the languages spoken in a group, the main one first."""
    if group.language:
        return [group.language]
    return list(TOPIC_LANGUAGES.get(group.topic, ("de",)))


def _last(about: tuple[object, ...], group: Planned, *, founding: bool, young: bool) -> str:
    if group.protected:
        return one_of(PROTECTED, *about, "last")
    if group.fellowship:
        return one_of(FELLOWSHIP, *about, "last")
    if founding:
        return one_of(FOUNDING, *about, "last")
    if young:
        return one_of(YOUNG_KIND, *about, "last")
    told = tree.TOPICS[group.topic]
    sentences: tuple[str, ...] = KIND_BY_AUDIENCE.get(told.audience[0], ()) * 3 + KIND
    if not (told.sensitive or told.psych or told.rare or told.field in HEAVY_FIELDS):
        sentences += LIGHT
    return one_of(sentences, *about, "last")


def _second(about: tuple[object, ...], group: Planned) -> str:
    if tree.TOPICS[group.second].audience == ("angehoerige",):
        return one_of(RELATIVES_TOO, *about, "relatives")
    return f"Auch das Thema {parts()[group.second].name} gehört dazu."


def _name(office: str, group: Planned, *, online: bool) -> str:
    told = parts()[group.topic]
    name = told.name
    if _both_named((office, group.number, group.topic), group):
        name = f"{name} und {parts()[group.second].name}"
    if group.fellowship:
        return f"Zwölf-Schritte-Gruppe {name}"
    if group.variant:
        return VARIANT_NAMES[group.variant].format(name=name)
    plain = name if told.alone else f"Gruppe {name}"
    if group.language:
        return f"{plain} auf {IN_LANGUAGE[group.language]}"
    return f"{plain} online" if online else plain


def _both_named(about: tuple[object, ...], group: Planned) -> bool:
    if not group.second:
        return False
    one, other = parts()[group.topic], parts()[group.second]
    short = len(one.name) + len(other.name) <= LONGEST_PAIR and " " not in one.name + other.name
    return short and not one.alone and not other.alone and happens(BOTH_NAMED, *about, "both")
