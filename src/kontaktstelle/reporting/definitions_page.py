"""`docs/fach/kennzahlen.md`: what every number means, written from the definitions for whoever reads nothing else."""

from .definitions import AREAS, BREAKDOWNS, FIGURES, GROUPINGS, By, Definition, catalogue, catalogues, label

LATEST = 2026
_HEAD = """# Kennzahlen: was jede Zahl bedeutet

Erzeugt aus `reporting/*.tsv` mit `make docs`. Dieselben Sätze stehen bei jeder Tabelle, die das Programm zeigt oder druckt.

## Was für alle Zahlen gilt

- **Einheiten werden nie zusammengezählt.** Ein Kontakt ist kein Mensch, eine Vermittlung keine Anfrage. Wer zweimal anruft, sind
  zwei Kontakte; wer von zwei Gruppen hört, sind zwei Vermittlungen.
- **Niemand wird wiedererkannt.** Erst- und Folgekontakt sind ein Haken, kein Abgleich von Namen. Zahlen von Menschen heißen
  darum „Näherung“.
- **Sammelkontakte stehen für sich.** Ein Rundschreiben an 40 Gruppen ist ein Sammelkontakt mit 40 Erreichten, nicht 40 Kontakte.
- **Jede Aufteilung geht auf.** Was niemand gesagt hat, ist „unbekannt“, was in keine Klasse passt, „sonstige“; beides steht in der
  Tabelle. Wo mehrere Angaben je Kontakt üblich sind (Themen, Anliegen, Ergebnisse), ist die Summe die der Nennungen und heißt so.
- **Es zählt der Monat,** in dem etwas war; was nach Ende des Monats eingetragen wurde, ist als „nachgetragen“ erkennbar.
- **Die Zahlen bleiben, wenn die Person geht.** Vor und nach der Löschung kommt dasselbe heraus.
- **Nie eine Zahl je Mitarbeiterin oder Mitarbeiter.**
- **Was das Haus verlässt,** und Ratsuchende, Kontakte oder Vermittlungen zählt (Spalte „geschützt“), zeigt keine Zahl unter 5 und
  keine, aus der sich eine solche ausrechnen lässt, auch nicht zusammen mit früher Veröffentlichtem. Gruppen, Gründungen,
  Fortbildungen, Öffentlichkeitsarbeit, Gremien und Standorte werden nie verdeckt.
"""


def write() -> str:
    """Return the page."""
    lines = [_HEAD]
    for area, name in AREAS.items():
        lines += [
            f"## {name}", "", "| Zahl | Einheit | was zählt | was nicht | woher | geschützt | aufgeteilt nach |", "|---|---|---|---|---|---|---|",
            *(_row(figure) for figure in FIGURES.values() if figure.area == area), "",
        ]  # fmt: skip
    lines += ["## Aufteilungen", "", "| nach | Summe | Bemerkung |", "|---|---|---|"]
    lines += [
        f"| {by.name} | {'Nennungen' if by.has_mentions else 'die Zahl selbst'} | {by.note or '–'} |"
        for by in BREAKDOWNS.values()
    ]
    lines += ["", "### Zusammengefasste Werte", ""]
    lines += [f"- **{BREAKDOWNS[name].name}**: {_members(BREAKDOWNS[name])}" for name in GROUPINGS]
    lines += ["", "## Kataloge", ""]
    lines += [
        "Was Förderer und Verbände fragen, mit dem Jahr, ab dem es gilt. Ein geänderter Katalog gilt ab seinem Jahr; frühere Jahre",
        "werden so gelesen, wie sie waren, und nie still umgeschlüsselt.",
    ]  # fmt: skip
    for key in catalogues():
        asked = catalogue(key, year=LATEST)
        lines += [
            "",
            f"### {asked.name}",
            "",
            f"{asked.source}.",
            "",
            "| Nr. | Frage | Antwort |",
            "|---|---|---|",
        ]
        lines += [
            f"| {question.number} | {question.heading} | {'; '.join(_answer(*each) for each in question.figures) or 'keine Zahl: Text im Bericht'} |"
            for question in asked.questions
        ]
    return "\n".join(lines) + "\n"


def _row(figure: Definition) -> str:
    by = ", ".join(BREAKDOWNS[each].name for each in figure.breakdowns) or "–"
    return f"| **{figure.name}** | {figure.unit} | {figure.counts} | {figure.counts_not} | {figure.source} | {'ja' if figure.is_shielded else 'nein'} | {by} |"


def _members(by: By) -> str:
    groups: dict[str, list[str]] = {}
    for value, key in GROUPINGS[by.key].items():
        base = {"ways": "channel", "nakos-ways": "channel", "kinds": ""}.get(by.key, "who")
        groups.setdefault(label(by.key, key), []).append(label(base, value) if base else value)
    return "; ".join(f"{name} = {', '.join(values)}" for name, values in groups.items())


def _answer(figure: str, by: str) -> str:
    return f"{FIGURES[figure].name}{f' nach {BREAKDOWNS[by].name}' if by else ''}"
