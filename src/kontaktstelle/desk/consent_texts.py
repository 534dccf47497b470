"""What is read aloud before data move: at most forty words, which takes a quarter of a minute.

An office may decide on its own words (`organisation.texts`); each version has its own name in the proof, and what it
said can be read again by that name.
"""

from dataclasses import dataclass

from kontaktstelle.enquiries.models import Referral
from kontaktstelle.organisation import texts

Route = Referral.Route
MOST_WORDS = 40
_END = "Sie können das jederzeit widerrufen, ein Anruf genügt. Sind Sie einverstanden?"


@dataclass(frozen=True, slots=True)
class Spoken:
    """A text to read aloud, and by which version the proof names it."""

    version: str
    text: str


_TEXTS = {
    Route.RELAY: Spoken(
        "geschuetzt-1",
        f"Wir öffnen Ihnen und der Gruppe einen geschützten Weg, sich zu schreiben. Niemand sieht dabei Ihren Namen oder Ihre Adresse. Wir fragen die Gruppe vorher. {_END}",
    ),
    Route.CALL_BACK: Spoken(
        "rueckruf-1",
        f"Wir geben Ihren Rufnamen und Ihre Telefonnummer an eine Person der Gruppe weiter, sonst nichts. Sie ruft Sie zurück. {_END}",
    ),
    Route.GROUP_ADDRESS: Spoken(
        "kontakt-1",
        f"Wir fragen die Gruppe, ob wir Ihnen ihren Kontakt geben dürfen. Von Ihnen sagen wir nur, dass jemand anruft. {_END}",
    ),
    Route.TOGETHER: Spoken(
        "gemeinsam-1",
        f"Wir verabreden mit der Gruppe ein erstes Gespräch, bei dem wir dabei sind. Dafür nennen wir Ihren Rufnamen und den Tag. {_END}",
    ),
}
FOLLOW_UP = Spoken(
    "nachfrage-1", "Dürfen wir Sie in einigen Wochen einmal fragen, wie es war? Sie müssen dann nichts sagen."
)
WHAT_MOVES = {
    Route.OPEN: "nichts; wir nennen nur, was öffentlich ist",
    Route.RELAY: "nichts; beide schreiben über die Seite, ohne Namen und Adresse",
    Route.CALL_BACK: "Rufname und Telefonnummer an eine Person der Gruppe",
    Route.GROUP_ADDRESS: "der Kontakt der Gruppe an die Person",
    Route.TOGETHER: "Rufname und Tag",
}


_KEYS = {
    Route.RELAY: "consent-relay",
    Route.CALL_BACK: "consent-call-back",
    Route.GROUP_ADDRESS: "consent-group-address",
    Route.TOGETHER: "consent-together",
}
DRAFTS: dict[str, Spoken] = {key: _TEXTS[route] for route, key in _KEYS.items()} | {
    "consent-follow-up": FOLLOW_UP
}
_OWN, _BODY = "-eigen-", "-stelle"


def spoken(row: Referral) -> Spoken:
    """Return the text for a referral's route, in the office's words if it has its own; a body is called a Stelle."""
    text = _standing(_KEYS[Route(row.route)])
    return text if row.group_id is not None else _to_a_body(text)


def asking_later() -> Spoken:
    """Return the text that asks whether one may ask later how it went."""
    return _standing("consent-follow-up")


def own_version(key: str, number: int) -> str:
    """Return by which name the proof names an office's own version of a text."""
    return f"{DRAFTS[key].version.rpartition('-')[0]}{_OWN}{number}"


def as_said(version: str) -> str:
    """Return the words of the version a proof names, "" for one nobody knows any more."""
    name = version.removesuffix(_BODY)
    said = next((text.text for text in DRAFTS.values() if text.version == name), "")
    _, own, number = name.partition(_OWN)
    if own and number.isascii() and number.isdigit():
        keys = [key for key in DRAFTS if own_version(key, int(number)) == name]
        rows = [row for key in keys for row in texts.versions(key) if row.number == int(number)]
        said = (rows[0].text or "") if rows else ""
    return _to_a_body(Spoken(name, said)).text if version.endswith(_BODY) else said


def _standing(key: str) -> Spoken:
    row = texts.current_text(key)
    return Spoken(own_version(key, row.number), row.text) if row and row.text else DRAFTS[key]


def _to_a_body(text: Spoken) -> Spoken:
    words = text.text
    for group, body in (("die Gruppe", "die Stelle"), ("der Gruppe", "der Stelle")):
        words = words.replace(group, body)
    return Spoken(f"{text.version}{_BODY}", words)
