"""The statuses of an application and of a telling, and the only moves between them.

That a deadline has passed is no status: it follows from the day.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

from django.db import models

from kontaktstelle.refusal import StepRefused


class ApplicationStatus(models.TextChoices):
    """How far a request for money has come."""

    INFORMED = "informed", "informiert"
    WANTS = "wants", "will einen Antrag stellen"
    DECLINED = "declined", "will nicht"
    SUBMITTED = "submitted", "Antrag gestellt"
    MORE_WANTED = "more-wanted", "Unterlagen nachgefordert"
    GRANTED = "granted", "bewilligt"
    REFUSED = "refused", "abgelehnt"
    PROOF_DUE = "proof-due", "Verwendungsnachweis fällig"
    PROOF_SUBMITTED = "proof-submitted", "Verwendungsnachweis eingereicht"
    REPAYMENT = "repayment", "Rückzahlung offen"
    SETTLED = "settled", "geprüft, abgeschlossen"


class TellingStatus(models.TextChoices):
    """Whether a group has been told."""

    ON_ITS_WAY = "on-its-way", "auf dem Weg"
    TO_CALL = "to-call", "anzurufen"
    TOLD = "told", "gesagt"
    FAILED = "failed", "nicht angekommen"
    NOT_REACHED = "not-reached", "nicht erreicht"
    STOPPED = "stopped", "nicht mehr nötig"


A, T = ApplicationStatus, TellingStatus
APPLICATION_STEPS: dict[ApplicationStatus, set[ApplicationStatus]] = {
    A.INFORMED: {A.WANTS, A.DECLINED, A.SUBMITTED},
    A.WANTS: {A.DECLINED, A.SUBMITTED},
    # A group may think better of it as long as there is time.
    A.DECLINED: {A.WANTS, A.SUBMITTED},
    A.SUBMITTED: {A.MORE_WANTED, A.GRANTED, A.REFUSED},
    A.MORE_WANTED: {A.SUBMITTED, A.GRANTED, A.REFUSED},
    A.GRANTED: {A.PROOF_DUE, A.PROOF_SUBMITTED},
    A.REFUSED: set(),
    A.PROOF_DUE: {A.PROOF_SUBMITTED},
    A.PROOF_SUBMITTED: {A.PROOF_DUE, A.REPAYMENT, A.SETTLED},
    A.REPAYMENT: {A.SETTLED},
    A.SETTLED: set(),
}
TELLING_STEPS: dict[TellingStatus, set[TellingStatus]] = {
    T.ON_ITS_WAY: {T.TOLD, T.FAILED, T.STOPPED},
    T.TO_CALL: {T.TOLD, T.NOT_REACHED, T.STOPPED},
    # A mail can come back days after the server took it.
    T.TOLD: {T.FAILED},
    T.FAILED: set(),
    T.NOT_REACHED: {T.TOLD},
    T.STOPPED: set(),
}
assert set(APPLICATION_STEPS) == set(ApplicationStatus)  # noqa: S101 - an incomplete table must not import
assert set(TELLING_STEPS) == set(TellingStatus)  # noqa: S101

# As long as it stands here the group is reminded of the deadline; "erledigt" and "will nicht" lead away from it.
STILL_REMINDED = frozenset({A.INFORMED, A.WANTS})
OWES_PROOF = frozenset({A.GRANTED, A.PROOF_DUE})
HAS_MONEY = frozenset({A.GRANTED, A.PROOF_DUE, A.PROOF_SUBMITTED, A.REPAYMENT, A.SETTLED})
CLOSED = frozenset({A.DECLINED, A.REFUSED, A.SETTLED})
STILL_OPEN = frozenset({T.ON_ITS_WAY, T.TO_CALL})

Status = TypeVar("Status", ApplicationStatus, TellingStatus)


class WrongStatus(StepRefused):
    """The table knows no such move."""


def check_step(steps: Mapping[Status, AbstractSet[Status]], now: Status, to: Status) -> None:
    """Refuse a move the table does not know.

    Raises:
        WrongStatus: with both statuses in its sentence.
    """
    if to not in steps[now]:
        raise WrongStatus(f"Von „{now.label}“ führt kein Schritt zu „{to.label}“.")
