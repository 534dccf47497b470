"""The statuses of a dispatch and the only moves between them."""

from django.db import models

from kontaktstelle.refusal import StepRefused


class Kind(models.TextChoices):
    """How urgent a message is; only what is gathered counts against two a month."""

    SINGLE = "single", "einzeln"
    DEADLINE = "deadline", "Frist"
    BUNDLED = "bundled", "Sammelpost"


class Way(models.TextChoices):
    """By which way it leaves."""

    MAIL = "mail", "E-Mail"
    LETTER = "letter", "Brief"


class Status(models.TextChoices):
    """Where a dispatch stands."""

    WAITING = "waiting", "wartet"
    SENT = "sent", "versandt"
    FAILED = "failed", "nicht zustellbar"
    TO_PRINT = "to-print", "zu drucken"
    PRINTED = "printed", "gedruckt"
    CANCELLED = "cancelled", "zurückgezogen"


class Reason(models.TextChoices):
    """Why a message could not be delivered, in words for the desk."""

    REFUSED = "refused", "Der Mail-Server hat die Adresse oder die Nachricht abgelehnt."
    GIVEN_UP = "given-up", "Drei Tage lang nahm kein Mail-Server die Nachricht an."
    POISON = "poison", "Aus diesen Angaben ließ sich keine sichere Nachricht bauen."


S = Status
STEPS: dict[Status, set[Status]] = {
    S.WAITING: {S.SENT, S.FAILED, S.CANCELLED},
    S.FAILED: {S.WAITING, S.CANCELLED},
    S.TO_PRINT: {S.PRINTED, S.CANCELLED},
    S.SENT: set(),
    S.PRINTED: set(),
    S.CANCELLED: set(),
}
assert set(STEPS) == set(Status)  # noqa: S101 - an incomplete table must not import
# Only these still need an address and a text; a failed one keeps them for a week, so that it can be sent again.
NEEDS_CONTENT = frozenset({S.WAITING, S.TO_PRINT})
DONE = frozenset({S.SENT, S.PRINTED, S.CANCELLED})


class WrongStatus(StepRefused):
    """The table knows no such move."""


def check_step(now: str, to: Status) -> None:
    """Refuse a move the table does not know.

    Raises:
        WrongStatus: with both statuses in its sentence.
    """
    if to not in STEPS[Status(now)]:
        raise WrongStatus(f"Eine Sendung „{Status(now).label}“ kann nicht „{to.label}“ werden.")
