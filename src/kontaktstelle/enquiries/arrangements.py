"""Vermittlungsabsprache: agree with a group how it is asked."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from kontaktstelle.groups.conditions import CONDITIONS
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.refusal import StepRefused

from . import access, days
from .keeping import ChangedMeanwhile, kept, locked, once, traced
from .models import Arrangement

AGREED = frozenset({"asked_person", "how", "rhythm", "ask_for", "new_per_month", "words"})


class NotOfThisGroup(StepRefused):
    """The person to be asked is none of the group's, or a condition is unknown."""

    sentence = "Bitte wählen Sie eine Ansprechperson dieser Gruppe und bekannte Voraussetzungen."


@once(Arrangement)
def agree(
    group: Group,
    values: Mapping[str, Any],
    *,
    by: Staff,
    at: datetime,
    seen: int | None = None,
    form_key: UUID | None = None,
) -> Arrangement:
    """Write down, or change, what was agreed with a group.

    Args:
        group: of this contact point.
        values: fields of `AGREED`.
        by: who.
        at: when.
        seen: the version the page showed.
        form_key: of the form.

    Raises:
        NotOfThisGroup: as its sentence says.
        keeping.ChangedMeanwhile: somebody else changed it.
        TypeError: something else is given.
    """
    access.check_can_arrange(by)
    if wrong := sorted(set(values) - AGREED):
        raise TypeError(f"agree() does not know {', '.join(wrong)}")
    person = values.get("asked_person")
    if (person is not None and not ContactPerson.objects.filter(pk=person, group=group).exists()) or any(
        key not in CONDITIONS for key in values.get("ask_for", ())
    ):
        raise NotOfThisGroup
    known = Arrangement.objects.filter(group=group).first()
    if known is None and seen:
        raise ChangedMeanwhile
    row = (
        locked(known, seen=seen) if known else Arrangement(contact_point_id=current(), group=group, version=0)
    )
    for name, value in values.items():
        setattr(row, name, value)
    row.agreed_on = days.local_day(at)
    traced(by, "arrangement.agreed", row, at=at, fields=values)
    return kept(row)
