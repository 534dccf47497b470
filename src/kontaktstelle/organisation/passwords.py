"""Passwords: hashed with Argon2id at the cost measured to suit a small server; long enough, and not among the first guesses.

No rules about kinds of letters and no renewal: length and not being guessed is what helps (BSI, NIST 800-63B).
"""

import re
from threading import BoundedSemaphore
from typing import Any

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

# Each hash takes 64 MiB and a core: many tries at once must not take the server from those who search for a group.
_TWO_AT_ONCE = BoundedSemaphore(2)


class Argon2id(Argon2PasswordHasher):
    """Argon2id, 64 MiB, two passes, one lane: 0.16 s on two cores where Django's default takes 0.6 s; two at once."""

    time_cost = 2
    memory_cost = 65_536
    parallelism = 1

    def encode(self, password: str, salt: str) -> str:
        """Hash a password."""
        with _TWO_AT_ONCE:
            return super().encode(password, salt)

    def verify(self, password: str, encoded: str) -> bool:
        """Compare a password with a hash."""
        with _TWO_AT_ONCE:
            return super().verify(password, encoded)


SHORTEST, LONGEST = 12, 256
# What somebody would try first who knows what kind of office this is.
OF_THE_FIELD = (
    "selbsthilfe",
    "kontaktstelle",
    "schreibtisch",
    "kiss",
    "kreis",
    "passwort",
    "password",
    "hallo",
    "willkommen",
)
_LETTERS = re.compile(r"[^a-zäöüß]+")
_LEAVES_ENOUGH = 8


class LongEnough:
    """At least twelve characters, at most as many as anybody's password keeper makes."""

    def validate(self, password: str, user: Any = None) -> None:  # noqa: ARG002 - Django's signature
        """Refuse what is too short or too long.

        Raises:
            ValidationError: it is.
        """
        if len(password) < SHORTEST:
            raise ValidationError(
                f"Bitte nehmen Sie mindestens {SHORTEST} Zeichen. Drei, vier Wörter hintereinander sind gut zu merken.",
                code="too_short",
            )
        if len(password) > LONGEST:
            raise ValidationError(f"Bitte nehmen Sie höchstens {LONGEST} Zeichen.", code="too_long")

    def get_help_text(self) -> str:
        """Say what is asked."""
        return f"Mindestens {SHORTEST} Zeichen. Drei, vier Wörter hintereinander sind gut zu merken."


class NotGuessed(CommonPasswordValidator):
    """Not a common password, and not made of the field's words, the office's name or the person's own alone."""

    def validate(self, password: str, user: Any = None) -> None:
        """Refuse what somebody would guess.

        Raises:
            ValidationError: it is.
        """
        try:
            super().validate(password, user)
        except ValidationError as error:
            raise ValidationError(
                "Dieses Passwort steht auf Listen, die zuerst ausprobiert werden.", code="common"
            ) from error
        lower = password.lower()
        if lower.isdigit():
            raise ValidationError("Nur Ziffern sind schnell erraten. Nehmen Sie Wörter dazu.", code="digits")
        if len(set(lower)) < _LEAVES_ENOUGH // 2:
            raise ValidationError(
                "Dieses Passwort besteht aus zu wenigen verschiedenen Zeichen.", code="repeated"
            )
        left = lower
        for word in sorted(_known_words(user), key=len, reverse=True):
            left = left.replace(word, "")
        if left != lower and len(left) < _LEAVES_ENOUGH:
            raise ValidationError(
                "Dieses Passwort besteht fast nur aus Wörtern, die man bei Ihnen zuerst ausprobiert: Name, Ort, Stelle.",
                code="of_the_field",
            )

    def get_help_text(self) -> str:
        """Say what is asked."""
        return "Kein Passwort von der Stange, nicht Ihr Name und nicht der Name der Stelle."


def _known_words(user: Any) -> set[str]:
    own: list[str] = []
    if user is not None:
        own = [user.name, user.email]
        if office := user.contact_point:
            own += [office.name, office.short_name]
    parts = {part for text in own for part in _LETTERS.split(text.lower()) if len(part) > 3}  # noqa: PLR2004 - shorter parts are syllables
    return parts | set(OF_THE_FIELD)
