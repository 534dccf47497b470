"""Moving one telling, and stopping all of them when a group has answered."""

from datetime import datetime
from uuid import UUID

from kontaktstelle.mailroom import outbox
from kontaktstelle.privacy import trail

from .lifecycle import TELLING_STEPS, TellingStatus, check_step
from .models import Telling


def stop(group: UUID, of_round: int, *, by: str, at: datetime) -> None:
    """Take back what is still on its way about one application, and its calls: the group has answered."""
    waiting = Telling.objects.filter(
        group=group, round=of_round, about=Telling.About.APPLICATION,
        status__in=[TellingStatus.ON_ITS_WAY, TellingStatus.TO_CALL],
    )  # fmt: skip
    for telling in waiting.select_for_update():
        if telling.status == TellingStatus.ON_ITS_WAY and not outbox.withdraw(about=telling.pk, by=by, at=at):
            continue  # it has left already: the nightly work notes when
        move(telling.pk, TellingStatus.STOPPED, by=by, at=at)


def move(number: UUID, to: TellingStatus, *, by: str, at: datetime) -> Telling:
    """Move a telling; told, it has its moment and whoever told it.

    Raises:
        lifecycle.WrongStatus: the table knows no such move.
    """
    telling: Telling = Telling.objects.select_for_update().get(pk=number)
    check_step(TELLING_STEPS, TellingStatus(telling.status), to)
    telling.status = to
    if to == TellingStatus.TOLD:
        telling.told_at, telling.told_by = at, by
    telling.save(update_fields=["status", "told_at", "told_by"])
    trace(telling, f"telling.{to}", by=by, at=at)
    return telling


def trace(telling: Telling, action: str, *, by: str, at: datetime) -> None:
    """Write a line about a telling into the trail."""
    trail.record(
        by, action, object_type="funding.telling", object_id=telling.pk, at=at, contact_point=telling.contact_point_id
    )  # fmt: skip
