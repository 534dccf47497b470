"""What is read aloud before data move: at most forty words, which takes a quarter of a minute. Changed words get a new version."""

from dataclasses import dataclass

from kontaktstelle.enquiries.models import Referral

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


def spoken(row: Referral) -> Spoken:
    """Return the text for a referral's route; a body of the help network is called a Stelle."""
    text = _TEXTS[Route(row.route)]
    if row.group_id is not None:
        return text
    words = text.text
    for group, body in (("die Gruppe", "die Stelle"), ("der Gruppe", "der Stelle")):
        words = words.replace(group, body)
    return Spoken(f"{text.version}-stelle", words)
