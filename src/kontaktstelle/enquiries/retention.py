"""Löschfristen of this app, in one table: what is kept how long, from when, within which bounds, and why.

The register of the installation reads `RULES`; `erasure` acts by it.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One period: `days` counted from `since`; an office may set it between `at_least` and `at_most`."""

    key: str
    model: str
    what: str
    since: str
    days: int
    at_least: int
    at_most: int
    then: str
    ground: str


RULES: dict[str, Rule] = {
    rule.key: rule
    for rule in (
        Rule(
            "contact", "Contact", "Notiz, Tag und Wohnort eines Kontakts", "Erfassung", 30, 0, 90,
            "entpersönlicht: Monat, Stelle, Weg, Wer, Anliegen, Themen, Kreis und Ergebnis bleiben als Zahl", "Art. 5 (1) c DSGVO",
        ),
        Rule(
            "enquiry", "Enquiry", "Person, Erreichbarkeit und Notizen einer Anfrage", "Abschluss oder letztes Ereignis, nicht vor einem versprochenen Rückruf oder einer vereinbarten Nachfrage", 90, 0, 180,
            "entpersönlicht, mit ihren Kontakten und Vermittlungen", "Art. 5 (1) e, 17 (1) a DSGVO",
        ),
        Rule("call-back", "CallBack", "Rückruf, Termin", "Erledigung", 30, 0, 30, "gelöscht", "Art. 5 (1) e DSGVO"),
        Rule("dispatch", "CallBack", "Anschrift zum Zusenden", "Versand", 1, 0, 1, "gelöscht", "Art. 5 (1) e DSGVO"),
        Rule(
            "consent", "Consent", "Nachweis einer Einwilligung", "Ende der Verarbeitung", 3 * 365, 365, 4 * 365,
            "gelöscht zum Ende des Jahres", "Art. 7 (1), 5 (2) DSGVO; §§ 195, 199 BGB",
        ),
        Rule("hand-over", "HandOverNote", "Übergabenotiz", "Eintrag", 30, 7, 60, "gelöscht", "Art. 5 (1) c DSGVO"),
        Rule("absence", "Absence", "Abwesenheit", "ihr letzter Tag", 30, 0, 90, "gelöscht", "Art. 5 (1) c DSGVO"),
        Rule(
            "message", "Message", "Nachricht über die Internetseite", "Lesen", 30, 0, 90,
            "gelöscht; spätestens mit der Anfrage", "Art. 5 (1) c, e DSGVO",
        ),
        Rule("message-unread", "Message", "Nachricht, die niemand gelesen hat", "Schreiben", 90, 30, 180, "gelöscht", "Art. 5 (1) e DSGVO"),
        Rule(
            "advertising", "Intake", "Nachricht, die als Werbung beiseite gelegt wurde", "Entscheidung", 14, 7, 30,
            "gelöscht, mit allem, was kam", "Art. 6 (1) f, 32 DSGVO",
        ),
        Rule("form", "PostedForm", "Schlüssel eines abgesandten Formulars", "Absenden", 2, 1, 7, "gelöscht", "Art. 32 DSGVO"),
    )
}  # fmt: skip
# Rows that keep nothing of a person, or go with the row they hang on.
GOES_WITH: dict[str, str] = {
    "Referral": "mit seiner Anfrage entpersönlicht; bleibt als Zahl",
    "Clearing": "mit seiner Anfrage entpersönlicht; bleibt als Zahl",
    "Note": "mit ihrer Anfrage gelöscht",
    "Intake": "mit ihrer Anfrage gelöscht; die Kennung des Textes nach zwei Tagen",
    "Channel": "mit seiner Anfrage gelöscht",
    "ReceiptCode": "mit seiner Anfrage gelöscht; er öffnet 180 Tage nach der letzten Nachricht nichts mehr",
    "MonthlyCount": "Zahl ohne Person, bleibt",
    "CodeSwitch": "Einstellung, bleibt",
    "Arrangement": "mit der Gruppe",
}


def period(key: str) -> int:
    """Return a period in days."""
    return RULES[key].days
