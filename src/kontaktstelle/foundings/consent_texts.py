"""What somebody agrees to when they put themselves on a list, in versions; the proof names the version."""

from dataclasses import dataclass

from . import periods

_MONTHS = 6
_END = (
    f"Das gilt {_MONTHS} Monate. Danach fragen wir nach; ohne Antwort löschen wir alles nach {periods.NO_ANSWER.days} Tagen. "
    "Ich kann jederzeit widerrufen, ein Klick oder ein Anruf genügt."
)


@dataclass(frozen=True, slots=True)
class Agreed:
    """A text to agree to, and the version by which the proof names it."""

    version: str
    text: str


JOIN = Agreed(
    "liste-seite-1",
    "Ich bin einverstanden, dass die Kontaktstelle meine Angaben und das Thema aufbewahrt, um mich zu einem ersten Treffen einzuladen. "
    f"Die Kontaktstelle gibt sie niemandem weiter, auch nicht der Person, die gründet. {_END}",
)
TO_BE_TOLD = Agreed(
    "bescheid-seite-1",
    "Ich bin einverstanden, dass die Kontaktstelle meine Angaben und das Thema aufbewahrt, um mir Bescheid zu geben, wenn eine Gruppe beginnt. "
    f"Die Kontaktstelle gibt sie niemandem weiter. {_END}",
)
STAY = Agreed(
    "bleiben-seite-1",
    f"Ich bin einverstanden, dass die Kontaktstelle meine Angaben weiter aufbewahrt und mir Bescheid gibt. {_END}",
)
