"""Who a message goes to, and in whose name: one recipient by type, checked where it comes in.

`MailAddress` is one address, never a list; `PostalAddress` one person's address field; `Sender` what an office tells
of itself. None of them shows an address when somebody prints it by mistake.
"""

import re
import unicodedata
from dataclasses import dataclass, field

from kontaktstelle.refusal import StepRefused

LONGEST_ADDRESS, LONGEST_LOCAL_PART, LONGEST_NAME = 254, 64, 200
# An address field of DIN 5008 holds six lines; longer ones would run out of the envelope's window.
ADDRESS_LINES, ADDRESS_LINE_LENGTH = 6, 48
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?")
# Python's own IDNA is that of 2003: it turns ß into ss and drops joiners, which is another domain and another person.
_OTHER_DOMAIN_IN_2003 = frozenset("ßς\u200c\u200d")


class AddressRefused(StepRefused):
    """It is not exactly one e-mail address."""

    sentence = "Das ist keine vollständige E-Mail-Adresse, zum Beispiel name@example.org."


class PostalAddressRefused(StepRefused):
    """It does not fit a letter's address field."""

    sentence = "Für einen Brief fehlen Name, Straße und Ort, oder die Anschrift hat mehr als sechs Zeilen."


class SenderRefused(StepRefused):
    """The office does not say who writes."""

    sentence = (
        "Damit Post versandt werden kann, braucht die Kontaktstelle Name, E-Mail-Adresse und Anschrift."
    )


@dataclass(frozen=True, slots=True)
class MailAddress:
    """Exactly one e-mail address, in the form SMTP speaks (ASCII; the domain in Punycode).

    Raises:
        AddressRefused: no address, several, or one with characters that have a meaning in a header.
    """

    text: str = field(repr=False)

    def __post_init__(self) -> None:
        local, at, domain = self.text.strip(" ").rpartition("@")
        domain = _ascii_domain(domain)
        if not at or not _LOCAL_PART.fullmatch(local) or len(local) > LONGEST_LOCAL_PART:
            raise AddressRefused
        if len(local) + 1 + len(domain) > LONGEST_ADDRESS:
            raise AddressRefused
        object.__setattr__(self, "text", f"{local}@{domain}")


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """One person's address as it stands in the window of an envelope, from the name to the town.

    Raises:
        PostalAddressRefused: fewer than three lines, more than six, or a line that does not fit.
    """

    lines: tuple[str, ...] = field(repr=False)

    def __post_init__(self) -> None:
        cleaned = tuple(one_line(line) for line in self.lines if line.strip())
        if not 3 <= len(cleaned) <= ADDRESS_LINES:  # noqa: PLR2004 - name, street, town
            raise PostalAddressRefused
        if any(len(line) > ADDRESS_LINE_LENGTH or has_controls(line) for line in cleaned):
            raise PostalAddressRefused
        object.__setattr__(self, "lines", cleaned)

    @classmethod
    def of(cls, name: str, address: str) -> "PostalAddress":
        """Read an address as offices note it: parts by line or by comma, e.g. `Beispielallee 3, 59423 Unna`."""
        return cls((name, *re.split(r"[\n,]", address)))


Recipient = MailAddress | PostalAddress


@dataclass(frozen=True, slots=True)
class Sender:
    """The office that writes: all of it stands on its public page too.

    Attributes:
        contact_point: its number.
        name: as it appears everywhere.
        email: where answers go (Reply-To).
        phone: for whoever does not want to write.
        street: with number, for letters.
        town: with postcode, for letters.

    Raises:
        SenderRefused: without name, or with an address that is none.
    """

    contact_point: int
    name: str
    email: str
    phone: str
    street: str = ""
    town: str = ""

    def __post_init__(self) -> None:
        if not self.name.strip() or len(self.name) > LONGEST_NAME:
            raise SenderRefused
        if any(has_controls(text) for text in (self.name, self.phone, self.street, self.town)):
            raise SenderRefused
        for name in ("name", "phone", "street", "town"):
            object.__setattr__(self, name, one_line(getattr(self, name)))
        try:
            object.__setattr__(self, "email", MailAddress(self.email).text)
        except AddressRefused as error:
            raise SenderRefused from error


def has_controls(text: str) -> bool:
    """Say whether a text holds line breaks, control, direction or half characters: none may reach a header or a line."""
    return any(unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for each in text)


def one_line(text: str) -> str:
    """Return a text with single plain spaces, none at its ends, and letters composed."""
    return unicodedata.normalize("NFC", " ".join(text.split()))


def _ascii_domain(domain: str) -> str:
    if _OTHER_DOMAIN_IN_2003 & set(domain) or has_controls(domain):
        raise AddressRefused
    try:
        # The whole domain by the codec, which folds case and width; a dot of another script separates labels there too.
        plain = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as error:
        raise AddressRefused from error
    labels = plain.split(".")
    if len(labels) < 2 or not all(map(_LABEL.fullmatch, labels)) or labels[-1].isdigit():  # noqa: PLR2004 - a name and its top domain
        raise AddressRefused
    return plain
