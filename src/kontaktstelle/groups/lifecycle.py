"""The stages of a group and the only moves between them."""

from datetime import date

from django.db import models

from kontaktstelle.refusal import StepRefused


class Stage(models.TextChoices):
    """Where a group stands in its life."""

    FOUNDING = "founding", "in Gründung"
    OPEN = "open", "nimmt neue Menschen auf"
    FULL = "full", "zurzeit voll"
    INTAKE_STOP = "intake-stop", "Aufnahmestopp"
    PAUSED = "paused", "pausiert"
    DISSOLVED = "dissolved", "aufgelöst"


class YearlyStatus(models.TextChoices):
    """How far the yearly question has come."""

    ASKING = "asking", "wird gefragt"
    TO_DECIDE = "to-decide", "keine Antwort, zu entscheiden"
    CONFIRMED = "confirmed", "bestätigt"
    LEFT = "left", "bleibt, unbestätigt"
    TAKEN_OUT = "taken-out", "aus dem Verzeichnis genommen"
    ENDED = "ended", "beendet, die Gruppe gibt es nicht mehr"


class ProposalStatus(models.TextChoices):
    """How far a group's proposal for one field has come."""

    OPEN = "open", "wartet auf die Stelle"
    ACCEPTED = "accepted", "übernommen"
    REJECTED = "rejected", "nicht übernommen"
    REPLACED = "replaced", "durch einen neueren ersetzt"


class Outcome(models.TextChoices):
    """What was decided about a group's entry."""

    LISTED = "listed", "wird aufgenommen"
    NOT_LISTED = "not-listed", "wird nicht aufgenommen"
    LATER = "later", "später noch einmal ansehen"


class ConsentStatus(models.TextChoices):
    """What a contact person said to being shown, and whether it still holds."""

    ASKED = "asked", "gefragt, noch keine Antwort"
    GIVEN = "given", "eingewilligt"
    REFUSED = "refused", "nichts davon zeigen"
    WITHDRAWN = "withdrawn", "widerrufen"
    REPLACED = "replaced", "durch eine neuere Antwort ersetzt"
    ENDED = "ended", "nicht mehr gefragt"


S = Stage
STEPS: dict[Stage, set[Stage]] = {
    S.FOUNDING: {S.OPEN, S.PAUSED, S.DISSOLVED},
    S.OPEN: {S.FULL, S.INTAKE_STOP, S.PAUSED, S.DISSOLVED},
    S.FULL: {S.OPEN, S.INTAKE_STOP, S.PAUSED, S.DISSOLVED},
    S.INTAKE_STOP: {S.OPEN, S.FULL, S.PAUSED, S.DISSOLVED},
    S.PAUSED: {S.FOUNDING, S.OPEN, S.FULL, S.INTAKE_STOP, S.DISSOLVED},
    S.DISSOLVED: set(),
}
Y = YearlyStatus
# Silence leads to a person who decides, never by itself out of the directory.
YEARLY_STEPS: dict[YearlyStatus, set[YearlyStatus]] = {
    Y.ASKING: {Y.CONFIRMED, Y.TO_DECIDE, Y.ENDED},
    Y.TO_DECIDE: {Y.CONFIRMED, Y.LEFT, Y.TAKEN_OUT, Y.ENDED},
    Y.CONFIRMED: set(),
    Y.LEFT: set(),
    Y.TAKEN_OUT: set(),
    Y.ENDED: set(),
}
P = ProposalStatus
# A decision can be taken back; then the proposal waits again.
PROPOSAL_STEPS: dict[ProposalStatus, set[ProposalStatus]] = {
    P.OPEN: {P.ACCEPTED, P.REJECTED, P.REPLACED},
    P.ACCEPTED: {P.OPEN},
    P.REJECTED: {P.OPEN},
    P.REPLACED: set(),
}
assert set(PROPOSAL_STEPS) == set(ProposalStatus)  # noqa: S101 - as below
C = ConsentStatus
# Silence is no answer: from "asked" nothing leads to "given" but a person's own words.
CONSENT_STEPS: dict[ConsentStatus, set[ConsentStatus]] = {
    C.ASKED: {C.GIVEN, C.REFUSED, C.ENDED},
    C.GIVEN: {C.WITHDRAWN, C.REPLACED},
    C.REFUSED: {C.REPLACED},
    C.WITHDRAWN: {C.REPLACED},
    C.REPLACED: set(),
    C.ENDED: set(),
}
assert set(CONSENT_STEPS) == set(ConsentStatus)  # noqa: S101 - as below
assert set(YEARLY_STEPS) == set(YearlyStatus)  # noqa: S101 - as below
assert set(STEPS) == set(Stage)  # noqa: S101 - an incomplete table must not import


class WrongStage(StepRefused):
    """The table knows no such move."""


def check_step(now: Stage, to: Stage) -> None:
    """Refuse a move the table does not know.

    Raises:
        WrongStage: with both stages in its sentence.
    """
    if to not in STEPS[now]:
        raise WrongStage(
            f"Eine Gruppe „{Stage(now).label}“ kann nicht auf „{Stage(to).label}“ gesetzt werden."
        )


def takes_newcomers(stage: str, stopped_until: date | None, on: date) -> bool:
    """Say whether a group takes new people on a day: an intake stop with a date ends by itself."""
    if stage == Stage.INTAKE_STOP:
        return stopped_until is not None and on > stopped_until
    return stage in {Stage.OPEN, Stage.FOUNDING}


def check_yearly_step(now: YearlyStatus, to: YearlyStatus) -> None:
    """Refuse a move the table of the yearly question does not know.

    Raises:
        WrongStage: with both statuses in its sentence.
    """
    if to not in YEARLY_STEPS[now]:
        raise WrongStage(f"Von „{now.label}“ führt kein Schritt zu „{to.label}“.")


def check_proposal_step(now: ProposalStatus, to: ProposalStatus) -> None:
    """Refuse a move the table of proposals does not know.

    Raises:
        WrongStage: with both statuses in its sentence.
    """
    if to not in PROPOSAL_STEPS[now]:
        raise WrongStage(f"Ein Vorschlag „{now.label}“ kann nicht auf „{to.label}“ gesetzt werden.")


def check_consent_step(now: ConsentStatus, to: ConsentStatus) -> None:
    """Refuse a move the table of consents does not know.

    Raises:
        WrongStage: with both statuses in its sentence.
    """
    if to not in CONSENT_STEPS[now]:
        raise WrongStage(f"Von „{now.label}“ führt kein Schritt zu „{to.label}“.")
