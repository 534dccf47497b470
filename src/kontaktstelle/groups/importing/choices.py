"""Cells that choose among known values: whom a group is for, its stage, languages, form, conditions, what is open.

Each reader returns the values and the words nobody knows; the caller decides whether that is a hint or a refusal.
Each writer gives the text a reader turns back into the same values.
"""

import re
from collections.abc import Iterable, Mapping

from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE
from kontaktstelle.topics.folding import words
from kontaktstelle.topics.tree import AUDIENCES

from .cells import yes_or_no

_PARTS = re.compile(r"[;,/|\n&+]|\s+und\s+|\s+u\.\s+|\s+sowie\s+")
# Beginnings of folded words → audience.
_AUDIENCE: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("betroffen", ("betroffene",)), ("selbst betroffen", ("betroffene",)), ("erkrankt", ("betroffene",)), ("patient", ("betroffene",)), ("kranke", ("betroffene",)), ("menschen mit", ("betroffene",)),
    ("angehor", ("angehoerige",)), ("an zugehor", ("angehoerige",)), ("zugehor", ("angehoerige",)), ("partner", ("angehoerige",)), ("familie", ("angehoerige",)), ("geschwister", ("angehoerige",)), ("freund", ("angehoerige",)), ("pflegende", ("angehoerige",)), ("erwachsene kinder", ("angehoerige",)),
    ("eltern", ("eltern",)), ("mutter", ("eltern", "frauen")), ("vater", ("eltern", "maenner")), ("alleinerziehend", ("eltern",)),
    ("trauernd", ("trauernde",)), ("hinterblieben", ("trauernde",)), ("verwitwet", ("trauernde",)), ("verwaist", ("trauernde",)),
    ("junge", ("junge",)), ("jugendlich", ("junge",)), ("kinder", ("junge",)), ("studierend", ("junge",)), ("studenten", ("junge",)),
    ("altere", ("aeltere",)), ("senior", ("aeltere",)), ("alte menschen", ("aeltere",)),
    ("frauen", ("frauen",)), ("frau", ("frauen",)), ("manner", ("maenner",)), ("mann", ("maenner",)),
    ("relatives", ("angehoerige",)), ("parents", ("eltern",)), ("women", ("frauen",)), ("men", ("maenner",)), ("bereaved", ("trauernde",)),
)  # fmt: skip
_STAGES: tuple[tuple[str, Stage], ...] = (
    ("in grundung", Stage.FOUNDING), ("grundung", Stage.FOUNDING), ("neugrundung", Stage.FOUNDING), ("im aufbau", Stage.FOUNDING), ("geplant", Stage.FOUNDING), ("idee", Stage.FOUNDING), ("founding", Stage.FOUNDING),
    ("aufnahmestop", Stage.INTAKE_STOP), ("wartelist", Stage.INTAKE_STOP), ("intake stop", Stage.INTAKE_STOP), ("keine aufnahme", Stage.INTAKE_STOP), ("nimmt niemanden auf", Stage.INTAKE_STOP),
    ("zurzeit voll", Stage.FULL), ("voll", Stage.FULL), ("belegt", Stage.FULL), ("ausgebucht", Stage.FULL), ("full", Stage.FULL),
    ("pausiert", Stage.PAUSED), ("pause", Stage.PAUSED), ("ruht", Stage.PAUSED), ("ruhend", Stage.PAUSED), ("inaktiv", Stage.PAUSED), ("paused", Stage.PAUSED),
    ("aufgelost", Stage.DISSOLVED), ("beendet", Stage.DISSOLVED), ("eingestellt", Stage.DISSOLVED), ("existiert nicht mehr", Stage.DISSOLVED), ("dissolved", Stage.DISSOLVED),
    ("nimmt neue", Stage.OPEN), ("offen", Stage.OPEN), ("aktiv", Stage.OPEN), ("ja", Stage.OPEN), ("besteht", Stage.OPEN), ("lauft", Stage.OPEN), ("open", Stage.OPEN), ("nimmt auf", Stage.OPEN), ("neue willkommen", Stage.OPEN),
)  # fmt: skip
LANGUAGES: dict[str, str] = {
    "de": "Deutsch", "en": "Englisch", "tr": "Türkisch", "pl": "Polnisch", "ru": "Russisch", "uk": "Ukrainisch", "ar": "Arabisch", "fa": "Persisch", "fr": "Französisch",
    "es": "Spanisch", "it": "Italienisch", "pt": "Portugiesisch", "el": "Griechisch", "nl": "Niederländisch", "ro": "Rumänisch", "bg": "Bulgarisch", "hr": "Kroatisch",
    "sr": "Serbisch", "bs": "Bosnisch", "sq": "Albanisch", "hu": "Ungarisch", "cs": "Tschechisch", "sk": "Slowakisch", "ku": "Kurdisch", "ti": "Tigrinya", "so": "Somali",
    "vi": "Vietnamesisch", "zh": "Chinesisch", "ja": "Japanisch", "ur": "Urdu", "hi": "Hindi", "prs": "Dari", "ps": "Paschtu", "da": "Dänisch", "he": "Hebräisch",
}  # fmt: skip
_LANGUAGE_OF = {" ".join(words(name)): code for code, name in LANGUAGES.items()} | {
    "farsi": "fa",
    "kurmandschi": "ku",
    "english": "en",
    "german": "de",
    "turkisch": "tr",
    "hollandisch": "nl",
}
FORMS: dict[str, str] = {"in-person": "vor Ort", "online": "online", "telephone": "telefonisch"}
_FORMS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("hybrid", ("in-person", "online")), ("vor ort", ("in-person",)), ("prasenz", ("in-person",)), ("in person", ("in-person",)), ("personlich", ("in-person",)), ("live", ("in-person",)),
    ("online", ("online",)), ("video", ("online",)), ("digital", ("online",)), ("virtuell", ("online",)), ("zoom", ("online",)), ("internet", ("online",)), ("chat", ("online",)), ("telefon", ("telephone",)), ("telephone", ("telephone",)),
)  # fmt: skip
_BASIS: tuple[tuple[str, Group.Basis], ...] = (
    ("bestand", Group.Basis.EXISTING_PAPER), ("existing paper", Group.Basis.EXISTING_PAPER), ("consent form", Group.Basis.CONSENT_FORM), ("consent link", Group.Basis.CONSENT_LINK),
    ("consent phone", Group.Basis.CONSENT_PHONE), ("einwilligung uber den link", Group.Basis.CONSENT_LINK), ("online", Group.Basis.CONSENT_LINK), ("per mail", Group.Basis.CONSENT_LINK), ("e mail", Group.Basis.CONSENT_LINK),
    ("einwilligung am telefon", Group.Basis.CONSENT_PHONE), ("telefon", Group.Basis.CONSENT_PHONE), ("mundlich", Group.Basis.CONSENT_PHONE), ("beispiel", Group.Basis.EXAMPLE), ("example", Group.Basis.EXAMPLE),
    ("einwilligung auf papier", Group.Basis.CONSENT_FORM), ("schriftlich", Group.Basis.CONSENT_FORM), ("papier", Group.Basis.CONSENT_FORM), ("unterschrieben", Group.Basis.CONSENT_FORM), ("formular", Group.Basis.CONSENT_FORM), ("liegt vor", Group.Basis.CONSENT_FORM), ("erteilt", Group.Basis.CONSENT_FORM),
)  # fmt: skip
_PUBLIC_CHANNELS = [channel for channel in CHANNELS if channel != "staff"]
EVERYWHERE = "überall"
NOTHING = "nichts"


def _found(text: str, table: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[list[str], list[str]]:
    values: dict[str, None] = {}
    unknown: list[str] = []
    for part in _PARTS.split(text):
        key = " ".join(words(part))
        if not key:
            continue
        meant = next((values_of for start, values_of in table if key.startswith(start)), None) or next(
            (values_of for start, values_of in table if f" {start}" in key), None
        )
        if meant is None:
            unknown.append(part.strip())
        else:
            values.update(dict.fromkeys(meant))
    return list(values), unknown


def read_audience(text: str) -> tuple[list[str], list[str]]:
    """Return audience keys in the cell's order, and unknown words."""
    by_key = text.strip().lower()
    return ([by_key], []) if by_key in AUDIENCES else _found(text, _AUDIENCE)


def write_audience(keys: Iterable[str]) -> str:
    """Return the text of an audience."""
    return "; ".join(AUDIENCES.get(key, key) for key in keys)


def read_stage(text: str) -> Stage | None:
    """Return the stage a status means, or None."""
    key = " ".join(words(text))
    exact = next(
        (stage for stage in Stage if text == stage.value or key == " ".join(words(stage.label))), None
    )
    if exact:
        return exact
    if yes_or_no(text) is True:
        return Stage.OPEN
    return next((stage for start, stage in _STAGES if key.startswith(start)), None)


def _shortened(key: str) -> str | None:
    """Return the language an abbreviation means ("türk."), if only one begins so."""
    codes = (
        {code for name, code in _LANGUAGE_OF.items() if name.startswith(key)}
        if len(key) > len("tür")
        else set()
    )
    return codes.pop() if len(codes) == 1 else None


def read_languages(text: str) -> tuple[list[str], list[str]]:
    """Return language codes, and unknown words."""
    codes: dict[str, None] = {}
    unknown: list[str] = []
    for part in _PARTS.split(text):
        word = part.strip()
        key = " ".join(words(word))
        if not key:
            continue
        code = (
            _LANGUAGE_OF.get(key)
            or _shortened(key)
            or (word.lower() if re.fullmatch(r"[a-zA-Z]{2,3}", word) else None)
        )
        if code:
            codes[code] = None
        else:
            unknown.append(word)
    return list(codes), unknown


def write_languages(codes: Iterable[str]) -> str:
    """Return the text of languages."""
    return "; ".join(LANGUAGES.get(code, code) for code in codes)


def read_forms(text: str) -> tuple[list[str], list[str]]:
    """Return forms of meeting, and unknown words."""
    return _found(text, _FORMS)


def write_forms(forms: Iterable[str]) -> str:
    """Return the text of forms."""
    return "; ".join(FORMS.get(form, form) for form in forms)


_CONDITION_OF = {
    " ".join(words(label)): key
    for key, condition in CONDITIONS.items()
    for label in (condition.label, key, condition.key.replace("_", " "))
}


def read_conditions(text: str) -> tuple[dict[str, bool], list[str]]:
    """Return a group's own conditions, also "Vorgespräch: nein", and unknown words."""
    own: dict[str, bool] = {}
    unknown: list[str] = []
    for part in re.split(r"[;,\n]", text):
        label, _, answer = part.partition(":")
        key = " ".join(words(label))
        if not key:
            continue
        if key in _CONDITION_OF and (not answer.strip() or yes_or_no(answer) is not None):
            own[_CONDITION_OF[key]] = yes_or_no(answer) is not False if answer.strip() else True
        else:
            unknown.append(part.strip())
    return own, unknown


def write_conditions(own: Mapping[str, bool]) -> str:
    """Return the text of a group's own conditions."""
    return "; ".join(
        f"{CONDITIONS[key].label}{'' if wanted else ': nein'}"
        for key, wanted in own.items()
        if key in CONDITIONS
    )


def read_basis(text: str) -> Group.Basis | None:
    """Return the basis of publication a consent means; NONE for a plain no; None if it says neither."""
    key = " ".join(words(text))
    exact = next(
        (basis for basis in Group.Basis if text == basis.value or key == " ".join(words(basis.label))), None
    )
    if exact is not None:
        return exact
    if yes_or_no(text) is False or key.startswith(
        (
            "nein",
            "keine",
            "nicht",
            "widerruf",
            "fehlt",
            "offen",
            "liegt nicht",
            "nur intern",
            "abgelehnt",
            "verweigert",
        )
    ):
        return Group.Basis.NONE
    found = next(
        (basis for start, basis in _BASIS if key.startswith(start) or f" {start}" in f" {key}"), None
    )
    return found or (Group.Basis.CONSENT_FORM if yes_or_no(text) or key.startswith(("ja ", "vom ")) else None)


_FIELD_OF = {" ".join(words(label)): name for name, label in OPENABLE.items()} | {
    name: name for name in OPENABLE
}
_CHANNEL_OF = {" ".join(words(label)): name for name, label in CHANNELS.items()} | {
    name: name for name in CHANNELS
}


def read_visibility(text: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return what is open where, from "Beschreibung: überall; Ort: gedrucktes Verzeichnis", and unknown words."""
    opened: dict[str, list[str]] = {}
    unknown: list[str] = []
    for part in re.split(r"[;\n]", text):
        label, _, where = part.partition(":")
        if not label.strip() or label.strip().lower() == NOTHING:
            continue
        name = _FIELD_OF.get(" ".join(words(label)))
        channels = {_CHANNEL_OF.get(" ".join(words(channel)), "") for channel in where.split("+")}
        if where.strip().lower() == EVERYWHERE:
            channels = set(_PUBLIC_CHANNELS)
        if name is None or "" in channels:
            unknown.append(part.strip())
        else:
            opened[name] = [channel for channel in CHANNELS if channel in channels]
    return plain_visibility(opened), unknown


def write_visibility(opened: Mapping[str, Iterable[str]]) -> str:
    """Return the text of what is open where."""
    parts = []
    for name, channels in plain_visibility(opened).items():
        shown = (
            EVERYWHERE
            if channels == _PUBLIC_CHANNELS
            else " + ".join(CHANNELS[channel] for channel in channels)
        )
        parts.append(f"{OPENABLE[name]}: {shown}")
    return "; ".join(parts) or NOTHING


def plain_visibility(opened: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the same choice in a fixed order, without what opens nothing."""
    return {
        name: [channel for channel in CHANNELS if channel in opened[name]]
        for name in OPENABLE
        if any(channel in CHANNELS for channel in opened.get(name, ()))
    }
