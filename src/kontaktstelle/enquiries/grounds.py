"""On what ground an enquiry is dealt with, by kind of Träger, and the texts people agree to, with their version.

A public body acts on its public task and asks no consent for it; the others ask. Passing on is asked everywhere, always by
itself: for a public body in the talk, for the others beside the message. The DPO of an office checks these texts.
"""

from dataclasses import dataclass

from kontaktstelle.organisation.models import Traeger

Kind = Traeger.Kind
VERSION = "2026-11"


@dataclass(frozen=True, slots=True)
class Ground:
    """The legal ground of one kind of Träger: what the page says, and which consents it asks for."""

    law: str
    asks: bool

    @property
    def processing_version(self) -> str:
        """Name the version of the text for processing."""
        return f"web-processing-{VERSION}"

    @property
    def passing_on_version(self) -> str:
        """Name the version of the text for passing on."""
        return f"web-passing-on-{VERSION}"


GROUNDS: dict[Kind, Ground] = {
    Kind.PUBLIC: Ground(
        "Art. 6 Abs. 1 Buchst. e, Art. 9 Abs. 2 Buchst. h DSGVO (öffentliche Aufgabe)", asks=False
    ),
    Kind.ASSOCIATION: Ground(
        "Art. 6 Abs. 1 Buchst. a, Art. 9 Abs. 2 Buchst. a DSGVO (Ihre Einwilligung)", asks=True
    ),
    Kind.CATHOLIC: Ground("§ 6 Abs. 1 Buchst. b, § 11 Abs. 2 Buchst. a KDG (Ihre Einwilligung)", asks=True),
    Kind.PROTESTANT: Ground("§ 6 Nr. 2, § 13 Abs. 2 Nr. 1 DSG-EKD (Ihre Einwilligung)", asks=True),
}
assert set(GROUNDS) == set(Kind)  # noqa: S101 - an incomplete table must not import
PROCESSING = "Ich bin einverstanden, dass die Kontaktstelle meine Nachricht liest und beantwortet, auch wenn sie von Gesundheit handelt."
PASSING_ON = "Die Kontaktstelle darf mit der Gruppe über meine Nachricht sprechen, ohne meinen Namen und ohne meine Adresse."


def ground_of(kind: str) -> Ground:
    """Return the ground by kind of Träger."""
    return GROUNDS[Kind(kind)]
