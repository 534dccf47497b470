"""How an office keeps the registers at its desk: confirm, change, add, pause, and take the last of these back.

What comes with the programme as a supra-regional body stays as it came: the office says whether it still holds, or pauses
it. Help lines and services are changed by any office of the installation, an office's own service by that office alone.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction

from kontaktstelle.organisation import earlier, rights
from kontaktstelle.organisation.models import ContactPoint, Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import fresh

from . import checking, reading, registers
from .models import Body, RegisterRow, Service

_OF_THE_DESK = ("hidden", "checked_on", "checked_by", "to_review", "changed_at_desk")


class ComesWithTheProgramme(StepRefused):
    """The facts of a supra-regional body that comes with the programme are not an office's to change."""

    sentence = "Dieser Eintrag kommt mit dem Programm und bleibt, wie seine Quelle ihn nennt. Sie können ihn pausieren."


class AnotherOffices(StepRefused):
    """The service belongs to another office."""

    sentence = "Diesen Eintrag pflegt eine andere Kontaktstelle."


@transaction.atomic
def confirm_row(row: RegisterRow, *, by: Staff, at: datetime) -> RegisterRow:
    """Say that a row's facts are right today.

    Raises:
        rights.NotAllowed, AnotherOffices: as they say.
    """
    stored = _stored(row, by)
    return _kept(
        stored, lambda: checking.confirm(stored, str(by.pk), at, contact_point=current()), by=by, at=at
    )


@transaction.atomic
def change_row(
    row: RegisterRow, values: Mapping[str, Any], *, seen: str = "", by: Staff, at: datetime
) -> RegisterRow:
    """Change what a row says; it wants to be confirmed anew then.

    Args:
        row: of any register.
        values: as `registers.change` takes them.
        seen: the mark of what the page showed (`earlier.fingerprint` of `facts`).
        by: who.
        at: when.

    Raises:
        rights.NotAllowed, AnotherOffices, ComesWithTheProgramme, reading.RegisterUnreadable: as they say.
        earlier.ChangedMeanwhile: somebody else changed it since.
    """
    stored = _stored(row, by)
    if not may_change(stored):
        raise ComesWithTheProgramme
    earlier.check_unchanged(seen, facts(stored))
    return _kept(
        stored,
        lambda: registers.change(stored, values, by=str(by.pk), at=at, contact_point=current()),
        by=by,
        at=at,
    )


@transaction.atomic
def pause_row(row: RegisterRow, *, hidden: bool, by: Staff, at: datetime) -> RegisterRow:
    """Show a row nowhere, or show it again.

    Raises:
        rights.NotAllowed, AnotherOffices, registers.RowIsNeeded: as they say.
    """
    stored = _stored(row, by)
    return _kept(
        stored,
        lambda: registers.change(stored, {"hidden": hidden}, by=str(by.pk), at=at, contact_point=current()),
        by=by,
        at=at,
    )


@transaction.atomic
def add_service(values: Mapping[str, Any], *, by: Staff, at: datetime) -> RegisterRow:
    """Add a service the office knows of and has just asked: it counts as confirmed.

    Raises:
        rights.NotAllowed, reading.RegisterUnreadable: as they say.
    """
    rights.check(by, Right.KEEP_REGISTER, current())
    reading.checked(Service, {"key": "neu", **values}, where="Neuer Eintrag")
    same = Service.objects.filter(
        contact_point=current(), name=str(values.get("name", "")).strip(), numbers=values.get("numbers", [])
    ).first()
    if same is not None:
        return same  # sent twice
    office = ContactPoint.objects.get(pk=current())
    row = registers.add(Service, values, by=str(by.pk), at=at, contact_point=office)
    return checking.confirm(row, str(by.pk), at, contact_point=office.pk)


@transaction.atomic
def take_back_row(row: RegisterRow, *, by: Staff, at: datetime) -> RegisterRow:
    """Take this office's last change of a row back.

    Raises:
        earlier.NothingToTakeBack, earlier.ChangedMeanwhile: as they say.
    """
    stored = _stored(row, by)
    was = earlier.take(_kind(stored), stored.key, _state(stored), at=at)
    for name, value in was.items():
        is_moment = name in {"checked_on", "changed_at_desk"} and value
        setattr(stored, name, _moment(name, value) if is_moment else value)
    stored.save()
    trail.record(
        str(by.pk), "network.taken-back", object_type=stored.label, object_id=stored.pk, at=at, contact_point=current(), fields=list(was)
    )  # fmt: skip
    fresh.changed()
    return stored


def may_change(row: RegisterRow) -> bool:
    """Say whether the facts of a row are the office's to change."""
    if isinstance(row, Body):
        return not row.shipped_digest
    return not isinstance(row, Service) or row.contact_point_id in {None, current()}


def last_change(row: RegisterRow) -> Any:
    """Return this office's last change of a row that can be taken back, None if there is none."""
    return earlier.last(_kind(row), row.key)


def facts(row: RegisterRow) -> dict[str, Any]:
    """Return what a row says, by field, as it is stored."""
    checks, _ = reading.FIELDS[type(row)]
    names = [name for name in checks if name not in {"open", "key"}] + (["spans"] if "open" in checks else [])
    return {name: getattr(row, name) for name in names}


def _state(row: RegisterRow) -> dict[str, Any]:
    desk = {name: getattr(row, name) for name in _OF_THE_DESK}
    return facts(row) | {
        name: value.isoformat() if isinstance(value, date) else value for name, value in desk.items()
    }


def _moment(name: str, said: str) -> date | datetime:
    return date.fromisoformat(said) if name == "checked_on" else datetime.fromisoformat(said)


def _kind(row: RegisterRow) -> str:
    return row.label


def _stored(row: RegisterRow, by: Staff) -> RegisterRow:
    rights.check(by, Right.KEEP_REGISTER, current())
    stored: RegisterRow = type(row).objects.select_for_update().get(pk=row.pk)
    if isinstance(stored, Service) and stored.contact_point_id not in {None, current()}:
        raise AnotherOffices
    return stored


def _kept(stored: RegisterRow, step: Callable[[], object], *, by: Staff, at: datetime) -> RegisterRow:
    was = _state(stored)
    step()
    stored.refresh_from_db()
    earlier.keep(_kind(stored), stored.key, was, _state(stored), by=by, at=at)
    return stored
