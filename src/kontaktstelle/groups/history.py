"""What was done to a group, for its page at the desk; and the last change taken back, exactly.

Only the last change keeps what stood there before, sealed: less lies about, and further back than one step nobody can
take back what others built on.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused

from .models import Group, GroupChange
from .plain import back, fields_of, plain

# What every step writes anyway, and what only follows from other fields.
_NOT_TOLD = frozenset({"changed_at", "created_at", "rhythm", "stage_before_pause", "paused_by_venue"})
MOST_SHOWN = 20


class NothingToUndo(StepRefused):
    """The last step cannot be taken back: there is none, or something else was done since."""

    sentence = "Hier lässt sich nichts zurücknehmen: Seit der letzten Änderung ist etwas anderes geschehen."


def columns(group: Group) -> dict[str, Any]:
    """Return a group's columns as JSON can hold them, without what every step writes."""
    return {
        name: plain(getattr(group, name))
        for name in fields_of(Group)
        if name not in {"changed_at", "created_at"}
    }


def record(
    group: Group,
    action: str,
    *,
    by: str,
    at: datetime,
    before: Mapping[str, Any] | None = None,
    fields: Iterable[str] = (),
) -> None:
    """Write one step down, in its transaction; the steps before it forget what stood there.

    Args:
        group: as it stands after the step.
        action: the verb, as the trail has it.
        by: who, as the trail knows them.
        at: when.
        before: `columns` from before the step; None for a step that is not taken back this way.
        fields: what changed, where `before` does not tell.
    """
    changed = {} if before is None else _differing(before, columns(group))
    row = GroupChange(
        contact_point_id=group.contact_point_id,
        group=group,
        at=at,
        by=by,
        action=action,
        fields=sorted(set(fields) or {_told(name) for name in changed if name not in _NOT_TOLD}),
        stamp=group.changed_at,
    )
    if changed:
        row.before = json.dumps(changed)
    with acting_for(group.contact_point_id):
        if before is not None:
            GroupChange.objects.filter(group=group).exclude(before_sealed=None).update(before_sealed=None)
        row.save(force_insert=True)


def last_undoable(group: Group) -> GroupChange | None:
    """Return the step that can be taken back now, or None."""
    row: GroupChange | None = (
        GroupChange.objects.filter(group=group).exclude(before_sealed=None).order_by("-at", "-stamp").first()
    )
    return row if row is not None and row.stamp == group.changed_at else None


def before_last(group: Group) -> dict[str, Any]:
    """Return what stood in the fields of the last change before it, by column, as `restore` writes it.

    Raises:
        NothingToUndo: it cannot be taken back.
    """
    row = last_undoable(group)
    if row is None:
        raise NothingToUndo
    fields = fields_of(Group)
    return {name: back(fields[name], value) for name, value in json.loads(row.before or "{}").items()}


def forget(group: Group) -> None:
    """Let go what stood there before the last change."""
    GroupChange.objects.filter(group=group).exclude(before_sealed=None).update(before_sealed=None)


def changes(group: Group) -> list[GroupChange]:
    """Return the last steps on a group, latest first."""
    return list(GroupChange.objects.filter(group=group).order_by("-at", "-stamp")[:MOST_SHOWN])


def _differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in before.items() if value != after[name]}


def _told(name: str) -> str:
    return {"note_sealed": "note", "venue_id": "venue", "site_id": "site"}.get(name, name)
