"""Applications from the first word to the proof of use and repayment: each step asks the table, the right, and writes the trail.

A group's application begins when it is told of a deadline; the office's own has no group. Sums are in cents. There is no bank data.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from kontaktstelle.groups.models import Answer, Group, YearlyUpdate
from kontaktstelle.groups.yearly.asking import confirm
from kontaktstelle.organisation import rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.retention import day as day_of
from kontaktstelle.refusal import StepRefused

from .lifecycle import (
    APPLICATION_STEPS,
    CLOSED,
    OWES_PROOF,
    STILL_REMINDED,
    ApplicationStatus,
    TellingStatus,
    check_step,
)
from .models import Application, FundingCard, FundingRound, FundingSearch, Telling
from .moving import move, stop
from .steps import FIRST

ACTOR = "nightly"
S = ApplicationStatus


class SumWrong(StepRefused):
    """No sum, or one that cannot be."""

    sentence = "Bitte geben Sie einen Betrag über null an."


class RepaysTooMuch(StepRefused):
    """More is to be paid back than was granted."""

    sentence = "Zurückzuzahlen ist höchstens, was bewilligt wurde."


class DayAhead(StepRefused):
    """A decision cannot lie in the future."""

    sentence = "Dieser Tag liegt in der Zukunft."


class NotForThem(StepRefused):
    """A programme for groups only, or for offices only."""

    sentence = "Dieses Programm ist dafür nicht gemacht."


@transaction.atomic
def begin(round_number: int, *, group: Group | None, by: Staff, at: datetime) -> Application:
    """Begin an application by hand: of a group nobody had to tell, or (`group=None`) of the office itself. Twice finds the first.

    Raises:
        NotForThem: the programme is for the other kind of applicant.
        rights.NotAllowed: not for this person.
    """
    rights.check(by, Right.FUNDING, current())
    round_ = FundingRound.objects.select_related("programme").get(pk=round_number)
    if not (round_.programme.for_groups if group else round_.programme.for_offices):
        raise NotForThem
    if round_.programme.contact_point_id not in {None, current()}:
        raise NotForThem
    whose = {"group": Group.objects.get(pk=group.pk)} if group else {"group": None}
    made, new = Application.objects.get_or_create(
        **whose, round=round_, contact_point_id=current(),
        defaults={"status": S.WANTS, "began_at": at, "changed_at": at},
    )  # fmt: skip
    if new:
        _trace(made, "application.begun", by=str(by.pk), at=at)
    return made  # type: ignore[no-any-return]


def wants(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that a group wants to apply: reminders go on."""
    return _step(number, S.WANTS, by=by, at=at)


@transaction.atomic
def declines(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that a group does not want this money ("will nicht"): nothing more is sent about it."""
    return _stopping(_step(number, S.DECLINED, by=by, at=at), by=by, at=at)


@transaction.atomic
def submits(
    number: UUID, *, by: Staff, at: datetime, asked_cents: int | None = None, facts_are_right: bool = False
) -> Application:
    """Note that the application is in ("erledigt"), or that what was asked for has been handed in: nothing more is sent about it.

    Args:
        number: of the application.
        by: who notes it.
        at: when.
        asked_cents: the sum asked for, if it is known.
        facts_are_right: its form says size and rhythm anew: the group's yearly question is answered by the way.
    """
    if asked_cents is not None:
        _check_sum(asked_cents)
    values = {} if asked_cents is None else {"asked_cents": asked_cents}
    done = _stopping(_step(number, S.SUBMITTED, values, by=by, at=at), by=by, at=at)
    if facts_are_right and done.group is not None:
        confirm(done.group, YearlyUpdate.How.FUNDING, by=str(by.pk), at=at)
    return done


def more_wanted(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that the funder asks for further papers."""
    return _step(number, S.MORE_WANTED, by=by, at=at)


def granted(
    number: UUID, *, cents: int, on: date, proof_due_on: date | None, by: Staff, at: datetime
) -> Application:
    """Note what was granted.

    Args:
        number: of the application.
        cents: the sum.
        on: the day of the decision.
        proof_due_on: until when the proof of use is wanted, as the decision says; None if none is.
        by: who notes it.
        at: when.

    Raises:
        SumWrong, DayAhead, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    _check_sum(cents)
    if on > day_of(at):
        raise DayAhead
    values = {"granted_cents": cents, "granted_on": on, "proof_due_on": proof_due_on}
    return _step(number, S.GRANTED, values, by=by, at=at)


def refused(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that it was refused. No reason is kept: it may say something about people."""
    return _step(number, S.REFUSED, by=by, at=at)


@transaction.atomic
def proof_submitted(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that the proof of use is in; reminders of it stop."""
    done = _step(number, S.PROOF_SUBMITTED, by=by, at=at)
    if done.group_id is not None:
        for telling in Telling.objects.filter(
            group=done.group_id, round=done.round_id, about=Telling.About.PROOF, status=TellingStatus.TO_CALL
        ):
            move(telling.pk, TellingStatus.STOPPED, by=str(by.pk), at=at)
    return done


def proof_returned(number: UUID, *, proof_due_on: date, by: Staff, at: datetime) -> Application:
    """Note that the funder wants the proof corrected, until a day."""
    return _step(number, S.PROOF_DUE, {"proof_due_on": proof_due_on}, by=by, at=at)


@transaction.atomic
def proof_checked(
    number: UUID, *, repay_cents: int = 0, repay_by: date | None = None, by: Staff, at: datetime
) -> Application:
    """Note that the proof was checked; what is left of the money is to be paid back.

    Raises:
        RepaysTooMuch: more than was granted.
        SumWrong, lifecycle.WrongStatus, rights.NotAllowed: as their sentences say.
    """
    if repay_cents == 0:
        return _step(number, S.SETTLED, by=by, at=at)
    _check_sum(repay_cents)
    noted = _step(number, S.REPAYMENT, {"repay_cents": repay_cents, "repay_by": repay_by}, by=by, at=at)
    if repay_cents > (noted.granted_cents or 0):
        raise RepaysTooMuch
    return noted


def repaid(number: UUID, *, by: Staff, at: datetime) -> Application:
    """Note that it was paid back."""
    return _step(number, S.SETTLED, by=by, at=at)


def note_proofs_due(*, at: datetime) -> int:
    """Let proofs of use become due eight weeks before their day, for the office being acted for."""
    soon = Application.objects.filter(status=S.GRANTED, proof_due_on__lte=day_of(at) + FIRST)
    numbers = list(soon.values_list("pk", flat=True))
    for number in numbers:
        _move(number, S.PROOF_DUE, {}, by=ACTOR, at=at)
    return len(numbers)


def own_deadlines(*, on: date) -> list[tuple[date, str, Application]]:
    """Return what the office itself has to hand in: day, what, and the application, the nearest first; overdue too."""
    mine = Application.objects.filter(group__isnull=True).exclude(status__in=sorted(CLOSED))
    found = []
    for each in mine.select_related("round__programme"):
        if each.status in STILL_REMINDED and each.round.due_on:
            found.append((each.round.due_on, "Antrag", each))
        if each.status in OWES_PROOF and each.proof_due_on:
            found.append((each.proof_due_on, "Verwendungsnachweis", each))
        if each.status == S.REPAYMENT and each.repay_by:
            found.append((each.repay_by, "Rückzahlung", each))
    return sorted(
        ((day, what, each) for day, what, each in found if day >= on or each.status not in CLOSED),
        key=lambda line: (line[0], line[1], str(line[2].pk)),
    )


@transaction.atomic
def note_search(year: int, *, by: Staff, at: datetime) -> FundingSearch:
    """Note that the office has looked for money for its groups: only now may a group be told that none was found."""
    rights.check(by, Right.FUNDING, current())
    search, new = FundingSearch.objects.get_or_create(
        year=year, contact_point_id=current(),
        defaults={"searched_on": day_of(at), "searched_by": str(by.pk)},
    )  # fmt: skip
    if new:
        trail.record(
            str(by.pk), "funding.searched", object_type="funding.fundingsearch", object_id=search.pk, at=at, contact_point=current()
        )  # fmt: skip
    return search  # type: ignore[no-any-return]


@transaction.atomic
def fill_card(
    group: Group,
    *,
    by: Staff,
    at: datetime,
    has_account: Answer | None = None,
    has_minutes: Answer | None = None,
    wants_to_hear: bool | None = None,
) -> FundingCard:
    """Note what funders ask of a group, and whether it wants to hear of money at all; None leaves as it is."""
    rights.check(by, Right.FUNDING, current())
    known = Group.objects.select_for_update().get(pk=group.pk)
    card, _ = FundingCard.objects.get_or_create(group=known, defaults={"contact_point_id": current()})
    if has_account is not None:
        card.has_account = has_account
    if has_minutes is not None:
        card.has_minutes = has_minutes
    if wants_to_hear is not None:
        card.quiet_since = None if wants_to_hear else day_of(at)
        waiting = Application.objects.filter(group=known, status__in=sorted(STILL_REMINDED))
        for each in [] if wants_to_hear else waiting:
            stop(known.pk, each.round_id, by=str(by.pk), at=at)
    card.save()
    trail.record(
        str(by.pk), "funding.card", object_type="groups.group", object_id=known.pk, at=at, contact_point=current()
    )  # fmt: skip
    return card  # type: ignore[no-any-return]


def _step(
    number: UUID, to: ApplicationStatus, values: Mapping[str, Any] | None = None, *, by: Staff, at: datetime
) -> Application:
    rights.check(by, Right.FUNDING, current())
    return _move(number, to, values or {}, by=str(by.pk), at=at)


@transaction.atomic
def _move(
    number: UUID, to: ApplicationStatus, values: Mapping[str, Any], *, by: str, at: datetime
) -> Application:
    application: Application = Application.objects.select_for_update().get(pk=number)
    if application.status == to and not any(
        getattr(application, name) != value for name, value in values.items()
    ):
        return application  # a second click
    check_step(APPLICATION_STEPS, ApplicationStatus(application.status), to)
    application.status, application.changed_at = to, at
    for name, value in values.items():
        setattr(application, name, value)
    application.save()
    _trace(application, f"application.{to}", by=by, at=at, fields=values)
    return application


def _stopping(application: Application, *, by: Staff, at: datetime) -> Application:
    if application.group_id is not None:
        stop(application.group_id, application.round_id, by=str(by.pk), at=at)
    return application


def _check_sum(cents: int) -> None:
    if cents <= 0:
        raise SumWrong


def _trace(
    application: Application, action: str, *, by: str, at: datetime, fields: Iterable[str] = ()
) -> None:
    trail.record(
        by, action, object_type="funding.application", object_id=application.pk, at=at,
        contact_point=application.contact_point_id, fields=fields,
    )  # fmt: skip
