"""The statuses of an enquiry, a referral and a call-back, and the only moves between them.

Overdue is no status: it follows from the due date. That the person is gone is none either: it is a mark on the row
(`de_identified`), because a count by result must stay the same when the person goes.
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from typing import TypeVar

from django.db import models

from kontaktstelle.refusal import StepRefused


class EnquiryStatus(models.TextChoices):
    """Whose turn it is."""

    NEW = "new", "neu, noch nicht gelesen"
    OPEN = "open", "offen"
    WAITING = "waiting", "wartet"
    CLOSED = "closed", "erledigt"


class ReferralStatus(models.TextChoices):
    """How far a Vermittlung has come."""

    DRAFT = "draft", "Entwurf"
    TOLD = "told", "mitgeteilt"
    CONSENTED = "consented", "bereit, Einwilligung liegt vor"
    ASKED = "asked", "Gruppe gefragt"
    ACCEPTED = "accepted", "Gruppe hat zugesagt"
    DECLINED = "declined", "Gruppe hat abgesagt"
    IN_CONTACT = "in-contact", "in Kontakt"
    OUTCOME = "outcome", "Ergebnis bekannt"
    WITHDRAWN = "withdrawn", "widerrufen"
    ENDED = "ended", "ohne Ergebnis beendet"


class CallBackStatus(models.TextChoices):
    """Whether a promise is kept."""

    PROMISED = "promised", "versprochen"
    DONE = "done", "erledigt"
    GIVEN_UP = "given-up", "nicht erreicht, beendet"


E, R, C = EnquiryStatus, ReferralStatus, CallBackStatus
ENQUIRY_STEPS: dict[EnquiryStatus, set[EnquiryStatus]] = {
    E.NEW: {E.OPEN, E.WAITING, E.CLOSED},
    E.OPEN: {E.WAITING, E.CLOSED},
    E.WAITING: {E.OPEN, E.CLOSED},
    E.CLOSED: {E.OPEN},
}
REFERRAL_STEPS: dict[ReferralStatus, set[ReferralStatus]] = {
    R.DRAFT: {R.TOLD, R.CONSENTED, R.WITHDRAWN, R.ENDED},
    R.TOLD: {R.OUTCOME, R.WITHDRAWN},
    R.CONSENTED: {R.ASKED, R.WITHDRAWN, R.ENDED},
    R.ASKED: {R.ACCEPTED, R.DECLINED, R.WITHDRAWN, R.ENDED},
    R.ACCEPTED: {R.IN_CONTACT, R.DECLINED, R.WITHDRAWN, R.ENDED},
    R.IN_CONTACT: {R.OUTCOME, R.WITHDRAWN},
    R.DECLINED: set(),
    R.OUTCOME: set(),
    R.WITHDRAWN: set(),
    R.ENDED: set(),
}
CALL_BACK_STEPS: dict[CallBackStatus, set[CallBackStatus]] = {
    C.PROMISED: {C.DONE, C.GIVEN_UP},
    C.GIVEN_UP: {C.PROMISED, C.DONE},
    C.DONE: {C.PROMISED},
}
assert set(ENQUIRY_STEPS) == set(EnquiryStatus)  # noqa: S101 - an incomplete table must not import
assert set(REFERRAL_STEPS) == set(ReferralStatus)  # noqa: S101
assert set(CALL_BACK_STEPS) == set(CallBackStatus)  # noqa: S101

# Somebody waits for us: these need a day on which they are looked at again.
OPEN_ENQUIRY = frozenset({E.NEW, E.OPEN, E.WAITING})
OPEN_REFERRAL = frozenset({R.DRAFT, R.CONSENTED, R.ASKED, R.ACCEPTED})
# Not at its end: a second referral of the same person to the same place would count them twice.
LIVE_REFERRAL = OPEN_REFERRAL | {R.TOLD, R.IN_CONTACT}

Status = TypeVar("Status", EnquiryStatus, ReferralStatus, CallBackStatus)


class WrongStatus(StepRefused):
    """The table knows no such move."""


def check_step(steps: Mapping[Status, AbstractSet[Status]], now: Status, to: Status) -> None:
    """Refuse a move the table does not know.

    Raises:
        WrongStatus: with both statuses in its sentence.
    """
    if to not in steps[now]:
        raise WrongStatus(f"Von „{now.label}“ führt kein Schritt zu „{to.label}“.")
