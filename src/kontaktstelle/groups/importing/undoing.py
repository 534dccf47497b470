"""Take an import back: what it made goes, what it changed is again as it was, to the bit."""

import json
import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError

from kontaktstelle.groups.models import ContactPerson, Group, ImportRun, Venue
from kontaktstelle.groups.plain import back, fields_of
from kontaktstelle.groups.signals import listing_changed
from kontaktstelle.privacy import trail
from kontaktstelle.relay.models import Party

from .refusals import ChangedSince, RunTakenBack, UnknownRun
from .writing import BATCH, mark, update_rows


def last_run(file_name: str = "") -> ImportRun:
    """Return the office's last import that still stands, of this file if one is named.

    Raises:
        UnknownRun: there is none.
    """
    runs = ImportRun.objects.filter(undone_at=None).order_by("-at", "-pk")
    found: ImportRun | None = (runs.filter(file_name=file_name) if file_name else runs).first()
    if found is None:
        raise UnknownRun(
            "Es gibt keinen Import dieser Datei, der zurückgenommen werden könnte."
            if file_name
            else "Es gibt keinen Import, der zurückgenommen werden könnte."
        )
    return found


@transaction.atomic
def undo(run_id: uuid.UUID, *, by: str, at: datetime) -> ImportRun:
    """Take an import of the contact point being acted for back, exactly and as a whole.

    Raises:
        UnknownRun: there is no such import here.
        RunTakenBack: it was taken back already.
        ChangedSince: something it wrote was changed or deleted afterwards; nothing is undone then.
    """
    run = ImportRun.objects.select_for_update().filter(pk=run_id).first()
    if run is None:
        raise UnknownRun
    if run.undone_at is not None:
        raise RunTakenBack
    before: dict[str, Any] = json.loads(run.before or "{}")
    _check_unchanged(before)
    _restore_groups(before["groups"])
    _restore_persons(before)
    _delete_created(run.created)
    _delete_venues(before["venues"])
    # What stood there is no longer needed; less lies about.
    run.undone_at, run.before = at, None
    run.save(update_fields=["undone_at", "before_sealed"])
    trail.record(
        by,
        "groups.import-undone",
        object_type="groups.importrun",
        object_id=run.pk,
        at=at,
        contact_point=run.contact_point_id,
        fields=[f"deleted:{len(run.created)}", f"restored:{len(before['groups'])}"],
    )
    return run  # type: ignore[no-any-return]


def _check_unchanged(before: Mapping[str, Any]) -> None:
    stamps: dict[str, str] = before["stamps"]
    for numbers in _batches(list(stamps)):
        found = {
            str(number): (name, changed_at)
            for number, name, changed_at in Group.objects.filter(pk__in=numbers).values_list(
                "pk", "name", "changed_at"
            )
        }
        for number in numbers:
            if number not in found:
                raise ChangedSince(
                    "Seit dem Import wurde eine der Gruppen gelöscht; er lässt sich nicht mehr zurücknehmen."
                )
            name, changed_at = found[number]
            if changed_at != datetime.fromisoformat(stamps[number]):
                raise ChangedSince(
                    f"Seit dem Import wurde „{name[:60]}“ geändert. Damit nichts davon verloren geht, lässt er sich nicht mehr zurücknehmen."
                )
    marks: dict[str, str] = before["marks"]
    for numbers in _batches(list(marks)):
        parties = {str(number): party for number, party in Party.objects.in_bulk(numbers).items()}
        if any(number not in parties or mark(parties[number]) != marks[number] for number in numbers):
            raise ChangedSince(
                "Seit dem Import wurde eine Ansprechperson geändert; er lässt sich nicht mehr zurücknehmen."
            )


def _restore_groups(groups: Mapping[str, Mapping[str, Any]]) -> None:
    fields = fields_of(Group)
    for numbers in _batches(list(groups)):
        update_rows(
            Group,
            [
                (
                    uuid.UUID(number),
                    {name: back(fields[name], value) for name, value in groups[number].items()},
                )
                for number in numbers
            ],
        )
        listing_changed.send(
            sender=Group,
            groups=list(Group.objects.select_related("contact_point", "venue").filter(pk__in=numbers)),
        )


def _restore_persons(before: Mapping[str, Any]) -> None:
    fields = fields_of(Party)
    update_rows(
        Party,
        [
            (uuid.UUID(number), {name: back(fields[name], value) for name, value in values.items()})
            for number, values in before["parties"].items()
        ],
    )
    update_rows(
        ContactPerson,
        [(uuid.UUID(number), {"consent": consent}) for number, consent in before["consents"].items()],
    )
    for numbers in _batches(before["persons"]):
        persons = ContactPerson.objects.filter(pk__in=numbers)
        Party.objects.filter(pk__in=list(persons.values_list("party", flat=True))).delete()
        persons.delete()


def _delete_created(created: list[str]) -> None:
    for numbers in _batches(created):
        groups = list(Group.objects.filter(pk__in=numbers))
        for group in groups:
            group.listed = False
        listing_changed.send(sender=Group, groups=groups)
        if ContactPerson.objects.filter(group__in=numbers).exists():
            raise ChangedSince(
                "Seit dem Import hat eine der neuen Gruppen eine Ansprechperson bekommen; er lässt sich nicht mehr zurücknehmen."
            )
        try:
            Group.objects.filter(pk__in=numbers).delete()
        except ProtectedError as error:
            raise ChangedSince(
                "Seit dem Import wurde mit einer der neuen Gruppen gearbeitet; er lässt sich nicht mehr zurücknehmen."
            ) from error


def _delete_venues(venues: list[int]) -> None:
    """Delete the venues the import made, but for those other groups meet in by now."""
    for numbers in _batches(venues):
        used = set(Group.objects.filter(venue__in=numbers).values_list("venue", flat=True))
        Venue.objects.filter(pk__in=[number for number in numbers if number not in used]).delete()


def _batches(numbers: list[Any]) -> Iterable[list[Any]]:
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))
