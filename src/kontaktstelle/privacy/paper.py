"""The paper copy: the two keys that nothing else holds, in lines a tired person can type.

`form | KEK | length of signing key | signing key | checksum`, written with 32 letters and digits that cannot
be mistaken for each other, twenty to a line. Each line ends with three check signs (Reed–Solomon over GF(32), with the
number of the line): one, two or three wrong signs in a line are always found, a single one is named.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kontaktstelle.refusal import StepRefused

from . import keys

ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
PER_LINE, PER_GROUP, CHECKS = 20, 5, 3
CHECKSUM_BYTES = 3
# First byte: the form, and with it whether the signing key stands there as the bytes its base64 was made of.
_AS_BASE64, _AS_TEXT = 1, 2
_NUMBERED = re.compile(r"\s*(\d{1,2})(?:\s*[.:)]\s*|\s+)(\S.*)")


class PaperUnreadable(StepRefused):
    """What was typed is not what stands on a paper copy."""

    sentence = "Das ist keine vollständige Papierkopie."


class PaperIncomplete(PaperUnreadable):
    """So far every line is right, but the last ones are not there."""

    sentence = "Es fehlen die letzten Zeilen der Papierkopie."


class OtherKeys(StepRefused):
    """There are keys here, and not those of the paper copy."""

    sentence = "Hier liegen andere Schlüssel als auf der Papierkopie."


@dataclass(frozen=True, slots=True)
class Copy:
    """What a paper copy holds."""

    kek: bytes
    signing: bytes

    @property
    def name(self) -> str:
        """Return the name of the KEK, as backups carry it."""
        return keys.name_of(self.kek)


def here() -> Copy:
    """Return what the paper copy of this installation holds.

    Raises:
        keys.KeyUnavailable: the KEK is not here.
    """
    return Copy(keys.kek(), keys.signing_file().read_bytes())


def differs(copy: Copy) -> str:
    """Say in German how the keys here differ from a copy; "" if they do not, or are not here."""
    if keys.kek_file().exists() and (found := keys.kek()) != copy.kek:
        return f"Hier liegt der Hauptschlüssel {keys.name_of(found)}, auf der Papierkopie steht {copy.name}."
    if keys.signing_file().exists() and keys.signing_file().read_bytes() != copy.signing:
        return (
            f"Hier liegt ein anderer Schlüssel für Verweise ({keys.signing_file()}) als auf der Papierkopie."
        )
    return ""


def put_in_place(copy: Copy) -> bool:
    """Write the keys of a copy where they are missing; never replace one.

    Returns:
        True if something was missing.

    Raises:
        OtherKeys: other keys are here.
    """
    Path(settings.KEYS_DIR).mkdir(parents=True, exist_ok=True, mode=0o700)
    with keys.locked():
        if how := differs(copy):
            raise OtherKeys(f"{how} Überschrieben wird nichts.")
        wrote = keys.write_once(keys.signing_file(), copy.signing)
        wrote = keys.write_once(keys.kek_file(), copy.kek) or wrote
    keys.forget_cached()
    return wrote


def lines(copy: Copy) -> list[str]:
    """Return the lines to print: `1  ABCDE FGHJK LMNPQ RSTUV  XYZ`."""
    signs = _signs(_packed(copy))
    signs += [0] * (-len(signs) % PER_LINE)
    return [
        _line(number, signs[start : start + PER_LINE])
        for number, start in enumerate(range(0, len(signs), PER_LINE), start=1)
    ]


def read(text: Iterable[str]) -> Copy:
    """Return what the lines of a paper copy hold; lines without a number in front are passed over.

    Raises:
        PaperUnreadable: the sentence names each line that is wrong or missing.
    """
    found: dict[int, list[int]] = {}
    wrong: list[str] = []
    for line in text:
        if not (match := _NUMBERED.fullmatch(line.rstrip())):
            continue
        number = int(match[1])
        if fault := fault_in(number, match[2]):
            wrong.append(fault)
        elif found.setdefault(number, _values(match[2])[:PER_LINE]) != _values(match[2])[:PER_LINE]:
            wrong.append(f"Zeile {number} steht zweimal da, und nicht gleich.")
    missing = sorted(set(range(1, max(found, default=0) + 1)) - set(found)) if not wrong else []
    if wrong:
        raise PaperUnreadable(" ".join(wrong))
    if missing:
        raise PaperUnreadable(_missing(missing))
    return _unpacked([sign for number in sorted(found) for sign in found[number]])


def fault_in(number: int, line: str) -> str:
    """Say what is wrong with one line as typed, without its number; "" if it is right."""
    signs = re.sub(r"[\s\-–]", "", line).upper()
    for position, sign in enumerate(signs, start=1):
        if sign not in ALPHABET:
            return f"Zeile {number}: Das Zeichen „{sign}“ ({_where(position)}) kommt auf der Papierkopie nicht vor."
    if len(signs) != PER_LINE + CHECKS:
        much = "fehlen Zeichen" if len(signs) < PER_LINE + CHECKS else "stehen zu viele Zeichen"
        return f"Zeile {number}: Hier {much} ({len(signs)} statt {PER_LINE + CHECKS})."
    values = _values(signs)
    if not any(_remainder([number, *values])):
        return ""
    for position, value in enumerate(values):
        for other in range(len(ALPHABET)):
            if not any(_remainder([number, *values[:position], other, *values[position + 1 :]])):
                return f"Zeile {number}: Tippfehler ({_where(position + 1)}): „{ALPHABET[value]}“ statt „{ALPHABET[other]}“?"
    return f"Zeile {number}: Tippfehler, bitte noch einmal vergleichen."


def _where(position: int) -> str:
    if position > PER_LINE:
        return f"{position - PER_LINE}. Prüfzeichen"
    return f"{(position - 1) // PER_GROUP + 1}. Gruppe, {(position - 1) % PER_GROUP + 1}. Zeichen"


def _missing(numbers: Sequence[int]) -> str:
    if len(numbers) == 1:
        return f"Es fehlt Zeile {numbers[0]}."
    return f"Es fehlen die Zeilen {', '.join(map(str, numbers[:-1]))} und {numbers[-1]}."


def _line(number: int, values: list[int]) -> str:
    groups = [values[start : start + PER_GROUP] for start in range(0, PER_LINE, PER_GROUP)]
    checks = _remainder([number, *values, *[0] * CHECKS])
    text = " ".join("".join(ALPHABET[value] for value in group) for group in groups)
    return f"{number}  {text}  {''.join(ALPHABET[value] for value in checks)}"


def _packed(copy: Copy) -> bytes:
    kind, signing = _AS_TEXT, copy.signing
    if (raw := _raw(copy.signing)) is not None:
        kind, signing = _AS_BASE64, raw
    content = bytes([kind]) + copy.kek + bytes([len(signing)]) + signing
    return content + hashlib.sha256(content).digest()[:CHECKSUM_BYTES]


def _unpacked(signs: list[int]) -> Copy:
    content = _bytes(signs)
    head = 1 + keys.KEY_BYTES
    if not signs:
        raise PaperUnreadable
    if content[0] not in {_AS_BASE64, _AS_TEXT}:
        raise PaperUnreadable("Diese Papierkopie stammt von einer anderen Version dieser Software.")
    if len(content) <= head:
        raise PaperIncomplete
    end = head + 1 + content[head]
    checked, checksum = content[:end], content[end : end + CHECKSUM_BYTES]
    if len(checksum) < CHECKSUM_BYTES:
        raise PaperIncomplete
    if hashlib.sha256(checked).digest()[:CHECKSUM_BYTES] != checksum or any(content[end + CHECKSUM_BYTES :]):
        raise PaperUnreadable(
            "Jede Zeile ist für sich richtig, zusammen passen sie nicht: Sie stammen von verschiedenen Papierkopien."
        )
    signing = content[head + 1 : end]
    if content[0] == _AS_BASE64:
        signing = base64.urlsafe_b64encode(signing).rstrip(b"=")
    return Copy(content[1:head], signing)


def _raw(signing: bytes) -> bytes | None:
    """Return the bytes a signing key was made from, if writing them again gives the same key."""
    try:
        raw = base64.urlsafe_b64decode(signing + b"=" * (-len(signing) % 4))
    except (binascii.Error, ValueError):
        return None
    return raw if base64.urlsafe_b64encode(raw).rstrip(b"=") == signing else None


def _values(text: str) -> list[int]:
    return [ALPHABET.index(sign) for sign in re.sub(r"[\s\-–]", "", text).upper()]


def _signs(content: bytes) -> list[int]:
    bits = "".join(f"{byte:08b}" for byte in content)
    bits += "0" * (-len(bits) % 5)
    return [int(bits[start : start + 5], 2) for start in range(0, len(bits), 5)]


def _bytes(signs: list[int]) -> bytes:
    bits = "".join(f"{sign:05b}" for sign in signs)
    return bytes(int(bits[start : start + 8], 2) for start in range(0, len(bits) - len(bits) % 8, 8))


# GF(32) with x⁵ = x² + 1, and the generator with the roots 1, α, α².
_POWERS = [1]
for _ in range(30):
    _POWERS.append(_POWERS[-1] << 1 if _POWERS[-1] < 16 else (_POWERS[-1] << 1) ^ 0b100101)  # noqa: PLR2004
_LOGARITHMS = {power: exponent for exponent, power in enumerate(_POWERS)}


def _times(one: int, other: int) -> int:
    return _POWERS[(_LOGARITHMS[one] + _LOGARITHMS[other]) % 31] if one and other else 0


def _generator() -> list[int]:
    product = [1]
    for root in _POWERS[:CHECKS]:
        product = [
            left ^ _times(root, right) for left, right in zip([*product, 0], [0, *product], strict=True)
        ]
    return product


_GENERATOR = _generator()


def _remainder(word: list[int]) -> list[int]:
    rest = list(word)
    for position in range(len(word) - CHECKS):
        if factor := rest[position]:
            for offset, coefficient in enumerate(_GENERATOR):
                rest[position + offset] ^= _times(factor, coefficient)
    return rest[-CHECKS:]
