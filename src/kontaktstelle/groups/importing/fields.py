"""What a list may say of a group: every field an import reads and an export writes, with the names columns have.

The order is that of an export. The first name of a field is its own heading; `spellings` are further ones, compared
folded (case, umlauts, punctuation and line breaks do not matter).
"""

import re
from dataclasses import dataclass

from kontaktstelle.topics.folding import words


@dataclass(frozen=True, slots=True)
class Field:
    """One field: its name in code, its heading, and the other headings it is known by."""

    name: str
    heading: str
    spellings: tuple[str, ...] = ()
    exported: bool = True


def _f(name: str, heading: str, others: str = "", *, exported: bool = True) -> Field:
    return Field(name, heading, tuple(part.strip() for part in others.split(",") if part.strip()), exported)


FIELDS: dict[str, Field] = {
    field.name: field
    for field in (
        _f(
            "key",
            "Schlüssel",
            "Nr, Nummer, ID, Lfd Nr, laufende Nummer, Gruppennummer, Gruppen-Nr, Gruppen-ID, Kennung, Kennziffer, Aktenzeichen, Datensatz, Number, Record ID",
        ),
        _f(
            "name",
            "Name",
            "Gruppe, Gruppenname, Name der Gruppe, Gruppenbezeichnung, Bezeichnung, Selbsthilfegruppe, SHG, Titel, Name Selbsthilfegruppe, Name der Selbsthilfegruppe, Group, Group name, Title",
        ),
        _f(
            "topics",
            "Themen",
            "Thema, Topic, Stichwort, Stichworte, Stichwörter, Schlagwort, Schlagworte, Schlagwörter, Rubrik, Krankheit, Krankheitsbild, Indikation, Themenbereich, Themengebiet, Bereich, Kategorie, Problem, Diagnose, Krankheit / Problem, Keywords, Subject, Category, Themenfeld",
        ),
        _f(
            "audience",
            "Für wen",
            "Zielgruppe, Zielgruppen, Angebot für, richtet sich an, Teilnehmerkreis, Personenkreis, Wer, Target group",
        ),
        _f(
            "description",
            "Beschreibung",
            "Info, Infos, Information, Informationen, Kurzbeschreibung, Text, Beschreibungstext, Inhalt, Anliegen, Angebot, Angebote, Über uns, Zusatz, Zusatzinfo, Anliegen / Arbeit der Gruppe, Erläuterung des Krankheitsbildes, Ziele, Arbeit der Gruppe, Notes, About, Selbstdarstellung",
        ),
        _f(
            "town",
            "Ort",
            "Stadt, Gemeinde, Wohnort der Gruppe, Treffort, Stadt / Gemeinde, Stadt/Ort, PLZ Ort, Kommune, City, Place, Gruppenort, Standort der Gruppe",
        ),
        _f("postcode", "PLZ", "Postleitzahl, Postcode, ZIP, Zip code, Postal code, Plz der Gruppe"),
        _f(
            "district",
            "Ortsteil oder Kreis",
            "Ortsteil, Kreis, Landkreis, Stadtteil, Bezirk, Region, Stadtbezirk, Kreis / Stadt, Landkreis / Stadt, Gebiet, Land, Bundesland, County",
        ),
        _f(
            "venue",
            "Treffpunkt",
            "Ort des Treffens, Treffpunkt Name, Versammlungsort, Veranstaltungsort, Raum, Räumlichkeit, Räume, Einrichtung, Haus, Treffen Ort, Wo, Venue, Location, Meeting place",
        ),
        _f(
            "venue_street",
            "Treffpunkt Straße",
            "Straße des Treffpunkts, Treffpunkt Anschrift, Anschrift des Treffpunkts, Adresse des Treffpunkts, Treffpunkt Adresse, Venue street, Venue address",
        ),
        _f("venue_postcode", "Treffpunkt PLZ", "PLZ des Treffpunkts, Venue postcode"),
        _f("venue_town", "Treffpunkt Ort", "Ort des Treffpunkts, Venue town"),
        _f("venue_step_free", "Treffpunkt stufenlos", "Venue step free"),
        _f("venue_access", "Treffpunkt Zugang", "Zugang, Wegbeschreibung, Anfahrt"),
        _f(
            "meeting_text",
            "Treffen",
            "Treffzeit, Treffzeiten, Termin, Termine, Zeit, Zeiten, Rhythmus, Wann, Gruppentreffen, Turnus, Treffen wann, Häufigkeit, Treffzeit und -ort, Treffen für Betroffene und Angehörige, Termine - Datum Uhrzeit und Treffpunkt, Meeting, Meeting time, Meetings, Schedule",
        ),
        _f("meeting_day", "Wochentag", "Tag, Treffen Tag, Day", exported=False),
        _f(
            "meeting_start",
            "Uhrzeit",
            "Beginn, von, Anfang, Uhrzeit Beginn, Treffen Uhrzeit, Start, Time",
            exported=False,
        ),
        _f("meeting_end", "Ende", "bis, Uhrzeit Ende, End", exported=False),
        _f("first_on", "Erstes Treffen", "erster Termin, Start am, first meeting"),
        _f("cancelled_on", "Fällt aus am", "Ausfall, Ausfalltermine, fällt aus"),
        _f(
            "stage",
            "Status",
            "Stand der Gruppe, Zustand, Gruppenstatus, Aufnahme, Neue Mitglieder, nimmt auf, offen für Neue, Stage",
        ),
        _f("stage_before_pause", "Status vor der Pause"),
        _f("intake_stop_until", "Aufnahmestopp bis", "keine Aufnahme bis, Aufnahmestop bis"),
        _f("dissolved_on", "Aufgelöst am", "Auflösung, Auflösungsdatum, Ende der Gruppe"),
        _f(
            "founded",
            "Gegründet",
            "Gründung, Gründungsjahr, Gründungsdatum, gegründet am, seit, besteht seit, Founded",
        ),
        _f("is_young", "Junge Selbsthilfe", "jung, Young"),
        _f("age", "Alter", "Altersgruppe, Alter von bis, Altersspanne, Age", exported=False),
        _f("age_from", "Alter ab", "Mindestalter, Alter von, Age from"),
        _f("age_to", "Alter bis", "Höchstalter, Age to"),
        _f("languages", "Sprachen", "Sprache, Gruppensprache, Language, Languages"),
        _f(
            "forms",
            "Form",
            "Format, Art des Treffens, Treffen online oder vor Ort, Durchführung, Online / Präsenz, Online/Präsenz, Forms",
        ),
        _f("online_note", "Hinweis zum Online-Treffen", "Online-Hinweis, Online-Zugang, Online Note"),
        _f(
            "step_free",
            "Stufenlos",
            "barrierefrei, Barrierefreiheit, rollstuhlgerecht, Rollstuhl, rollstuhlgeeignet, Step free, Wheelchair",
        ),
        _f("sign_language", "Gebärdensprache", "DGS, Sign language"),
        _f("easy_language", "Leichte Sprache", "Easy language"),
        _f("induction_loop", "Induktionsanlage", "Induktionsschleife, Höranlage, Induction loop"),
        _f(
            "conditions",
            "Voraussetzungen",
            "Teilnahmevoraussetzungen, Teilnahmevoraussetzung, Bedingungen, Aufnahmebedingungen, Conditions",
        ),
        _f(
            "takes_referrals_only_via_office",
            "Nur über die Kontaktstelle",
            "Kontakt nur über Kontaktstelle, Vermittlung nur über die Kontaktstelle",
        ),
        _f(
            "public_phone",
            "Telefon der Gruppe",
            "Gruppentelefon, Telefon öffentlich, öffentliche Telefonnummer, Telefon (öffentlich), Public phone",
        ),
        _f(
            "public_email",
            "E-Mail der Gruppe",
            "Gruppenmail, Gruppen-E-Mail, E-Mail öffentlich, öffentliche E-Mail, Public email",
        ),
        _f(
            "website",
            "Internet",
            "Internetseite, Website, Webseite, Homepage, Web, URL, Internetadresse, www, Link, Web site",
        ),
        _f(
            "listed",
            "Im Verzeichnis",
            "veröffentlichen, veröffentlicht, öffentlich, Verzeichnis, Listed, Public",
        ),
        _f(
            "consent",
            "Einwilligung",
            "Grundlage, Grundlage der Veröffentlichung, Einverständnis, Einverständniserklärung, Einwilligung liegt vor, Datenschutz, Datenschutzerklärung, Zustimmung, Consent, Basis",
        ),
        _f(
            "consent_on",
            "Einwilligung am",
            "Datum der Einwilligung, Einwilligungsdatum, Einwilligung Datum, Datum Einwilligung, Einwilligung vom, Datum der Grundlage, Consent date, Basis on",
        ),
        _f("consent_by", "Einwilligung bestätigt von", "bestätigt von, Basis by"),
        _f("visibility", "Sichtbar", "Sichtbarkeit, Visibility"),
        _f("protected", "Geschützt", "Schutz, geschützte Gruppe, Protected"),
        _f(
            "confirmed_on",
            "Zuletzt bestätigt",
            "aktualisiert, aktualisiert am, Aktualisierung, letzte Änderung, zuletzt aktualisiert, geprüft am, Stand vom, Datenstand, Confirmed on, Last update",
        ),
        _f(
            "members",
            "Mitglieder",
            "Mitgliederzahl, Anzahl Mitglieder, Teilnehmer, Teilnehmerzahl, Gruppengröße, Anzahl, Members",
        ),
        _f(
            "attending",
            "Kommen regelmäßig",
            "regelmäßige Teilnehmer, durchschnittliche Teilnehmerzahl, Attending",
        ),
        _f("association", "Dachverband", "Verband, Verein, Träger, Bundesverband, Association"),
        _f(
            "is_anonymous_fellowship",
            "Anonyme Gemeinschaft",
            "12 Schritte, Zwölf Schritte, Anonymous fellowship",
        ),
        _f(
            "led_by_professionals", "Fachlich geleitet", "angeleitet, fachliche Leitung, Led by professionals"
        ),
        _f("source", "Quelle", "Source, Source URL, Fundstelle, Herkunft"),
        _f("site", "Standort", "Zweigstelle, Außenstelle, Büro, Site"),
        _f("kreis_key", "Kreisschlüssel", "AGS, Kreis AGS"),
        _f("lat", "Breitengrad", "Breite, Latitude"),
        _f("lon", "Längengrad", "Länge, Longitude, lng"),
        _f("slug", "Adresse der Seite"),
        _f(
            "note",
            "Bemerkung (intern)",
            "Bemerkung, Bemerkungen, Notiz, Notizen, intern, Interne Notiz, interne Bemerkung, Anmerkung, Anmerkungen, Kommentar, Remarks, Internal note",
        ),
    )
}
# Lists join what stands in several columns of one meaning ("Thema 1", "Thema 2"); texts are put below each other.
JOINED = {
    "topics": "; ",
    "audience": "; ",
    "languages": "; ",
    "forms": "; ",
    "conditions": "; ",
    "cancelled_on": "; ",
    "meeting_text": ", ",
    "description": "\n",
    "note": "\n",
    "meeting_day": ", ",
}
WAYS: dict[str, str] = {
    "name": "Name",
    "phone": "Telefon",
    "email": "E-Mail",
    "address": "Anschrift",
    "note": "Notiz",
    "consent": "Einwilligung",
}
# Only an export with persons has these.
CONFIDENTIAL = frozenset({"note"})
MOST_PERSONS = 20
_PERSON_HEADS = (
    "ansprech",
    "kontaktpers",
    "leitung",
    "gruppenleit",
    "leiter",
    "gruppensprech",
    "sprecher",
    "verantwortlich",
    "kontakt",
    "vorstand",
    "contact",
)
_WAY_WORDS: dict[str, tuple[str, ...]] = {
    "phone": (
        "telefon",
        "tel",
        "fon",
        "handy",
        "mobil",
        "mobiltelefon",
        "festnetz",
        "rufnummer",
        "telefonnummer",
        "fax",
        "phone",
        "mobile",
        "handynummer",
    ),
    "email": ("mail", "email", "mailadresse", "emailadresse"),
    "address": (
        "anschrift",
        "adresse",
        "strasse",
        "hausnummer",
        "wohnort",
        "postanschrift",
        "address",
        "street",
    ),
    "note": ("notiz", "bemerkung", "erreichbarkeit", "erreichbar", "sprechzeit", "note"),
    "consent": ("einwilligung", "einverstandnis"),
    "name": ("name", "vorname", "nachname", "zuname", "familienname"),
}
_WAY_OF = {word: way for way, of_way in _WAY_WORDS.items() for word in of_way}
_FILLERS = {
    "e",
    "der",
    "des",
    "die",
    "privat",
    "1",
    "2",
    "3",
    "4",
    "5",
    "6",
    "in",
    "innen",
    "nr",
    "und",
    "person",
    "am",
}


def folded(heading: str) -> str:
    """Return a heading as it is compared."""
    return " ".join(words(heading))


SPELLINGS: dict[str, str] = {
    folded(spelling): field.name
    for field in FIELDS.values()
    for spelling in (field.name.replace("_", " "), *field.spellings)
}
SPELLINGS |= {folded(field.heading): field.name for field in FIELDS.values()}


def person_field(number: int, way: str) -> str:
    """Return the name of a way to reach the n-th contact person, e.g. `person2_phone`."""
    return f"person{number}_{way}"


def person_heading(number: int, way: str) -> str:
    """Return the heading of such a column."""
    return f"Ansprechperson {number} {WAYS[way]}"


def heading_of(field: str) -> str:
    """Return the heading of any field, also of a contact person's."""
    if match := re.fullmatch(r"person(\d+)_(\w+)", field):
        return person_heading(int(match[1]), match[2])
    return (
        FIELDS[field].heading
        if field in FIELDS
        else {"rhythm": "Rhythmus", "is_example": "Beispiel"}.get(field, field)
    )


def is_field(name: str) -> bool:
    """Say whether there is a field of this name."""
    match = re.fullmatch(r"person(\d{1,2})_(\w+)", name)
    return name in FIELDS or (match is not None and 1 <= int(match[1]) <= MOST_PERSONS and match[2] in WAYS)


def person_way(key: str) -> tuple[bool, int, str] | None:
    """Read a folded heading as a way to a contact person.

    Returns:
        Whether a person is named in the heading ("Ansprechpartner 2 Telefon") or only a way ("Telefon"), the
        person's number (0: not said) and the way; None if it is neither.
    """
    tokens = key.split()
    digits = [int(number) for token in tokens for number in re.findall(r"^\D*(\d{1,2})$", token)]
    bare = [re.sub(r"\d+$", "", token) for token in tokens]
    head = any(token.startswith(_PERSON_HEADS) and not token.startswith("kontaktst") for token in bare)
    way = next((_WAY_OF[token] for token in bare if token in _WAY_OF), "")
    number = digits[0] if digits and 1 <= digits[0] <= MOST_PERSONS else 0
    if head:
        return True, number, way or "name"
    if (
        way
        and way not in {"name", "note", "consent"}
        and all(token in _WAY_OF or token in _FILLERS or token == "" for token in bare)
    ):
        return False, number, way
    if way == "name" and len(tokens) == 1 and key != "name":
        return True, number, way
    return None
