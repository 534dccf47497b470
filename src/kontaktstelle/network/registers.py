"""Keep the registers: load what is shipped, change and add what an office knows better.

A data file is a suggestion. Rows an office changed or confirmed are its own: a newer file only marks them `to_review`.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import fresh

from . import reading
from .models import Body, HelpLine, RegisterRow, Service

# The order in which they are loaded and checked.
REGISTERS: dict[str, type[RegisterRow]] = {"helplines": HelpLine, "bodies": Body, "services": Service}
FIRST_OWN_POSITION = 1000


class RowIsNeeded(StepRefused):
    """The row stands in when nothing else fits; without it a page could be without help."""

    sentence = (
        "Dieses Hilfetelefon springt ein, wenn nichts anderes passt. Es kann nicht ausgeblendet werden."
    )


class KeyIsTaken(StepRefused):
    """Another row has this key."""

    sentence = "Diesen Schlüssel gibt es schon."


@dataclass(slots=True)
class Counts:
    """What loading did to one register, in rows; `to_review` are keys an office should look at."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    kept: int = 0
    withdrawn: int = 0
    to_review: list[str] = field(default_factory=list)

    def changed(self) -> bool:
        """Say whether anything is different from before."""
        return bool(self.added or self.updated or self.withdrawn or self.to_review)


@transaction.atomic
def load_registers(
    *, at: datetime, files: Mapping[type[RegisterRow], Path] | None = None
) -> dict[str, dict[str, Any]]:
    """Bring the registers up to date with the data files; may be repeated.

    All files are read before the first row is written: a damaged one changes nothing.

    Args:
        at: when, for the trail.
        files: other files than the shipped ones, by register.

    Returns:
        By register name, in rows: `added`, `updated`, `unchanged`, `kept` (an office's own), `withdrawn`; and
        `to_review`, the keys of own rows about which the file now says something else.

    Raises:
        reading.RegisterUnreadable: a file is damaged or a row is wrong.
    """
    facts = {
        name: reading.facts_in(register, (files or {}).get(register)) for name, register in REGISTERS.items()
    }
    counts = {name: _load(register, facts[name]) for name, register in REGISTERS.items()}
    if changed := [name for name, count in counts.items() if count.changed()]:
        trail.record(
            "setup", "network.loaded", object_type="network", object_id="registers", at=at, fields=changed
        )
        fresh.changed()
    return {name: asdict(count) for name, count in counts.items()}


@transaction.atomic
def change(
    row: RegisterRow, values: Mapping[str, Any], *, by: str, at: datetime, contact_point: int = 0
) -> RegisterRow:
    """Change fields of a row; from then on it is the office's own.

    A row whose facts changed is no longer the one somebody confirmed, so "geprüft am" is emptied.

    Args:
        row: of any register.
        values: by field name, as in the data files (hours as `open`); `hidden` hides the row.
        by: the staff member's key.
        at: when.
        contact_point: number of the office acting, 0 for the installation.

    Raises:
        reading.RegisterUnreadable: a value cannot be used.
        RowIsNeeded: the row may not be hidden.
    """
    facts = dict(values)
    if "hidden" in facts:
        row.hidden = bool(facts.pop("hidden"))
        if row.hidden and getattr(row, "is_fallback", False):
            raise RowIsNeeded
    # The words for the hours follow the hours unless somebody gives both.
    if "open" in facts and "hours" not in facts:
        facts["hours"] = ""
    for name, value in reading.checked(type(row), facts, where=f"„{row.name}“", partial=True).items():
        setattr(row, name, value)
    row.changed_at_desk, row.to_review = at, False
    if facts:
        row.checked_on, row.checked_by = None, ""
    _saved(row)
    trail.record(
        by,
        "network.changed",
        object_type=row.label,
        object_id=row.pk,
        at=at,
        contact_point=contact_point,
        fields=list(values),
    )
    fresh.changed()
    return row


@transaction.atomic
def add(
    register: type[RegisterRow],
    values: Mapping[str, Any],
    *,
    by: str,
    at: datetime,
    contact_point: ContactPoint | None = None,
) -> RegisterRow:
    """Add a row an office knows of: a local crisis service, a Sozialpsychiatrischer Dienst.

    Args:
        register: `HelpLine`, `Body` or `Service`.
        values: by field name, as in the data files; without `key` one is made from the name.
        by: the staff member's key.
        at: when.
        contact_point: whose entry a service is.

    Raises:
        reading.RegisterUnreadable: a value is missing or cannot be used.
        KeyIsTaken: another row has this key.
    """
    facts = reading.checked(
        register, {"key": _free_key(register, str(values.get("name", ""))), **values}, where="Neuer Eintrag"
    )
    row = register(**facts, changed_at_desk=at, position=FIRST_OWN_POSITION)
    if isinstance(row, Service):
        row.contact_point = contact_point
    _saved(row)
    number = contact_point.pk if contact_point else 0
    trail.record(by, "network.added", object_type=row.label, object_id=row.pk, at=at, contact_point=number)
    fresh.changed()
    return row


def _load(register: type[RegisterRow], all_facts: list[dict[str, Any]]) -> Counts:
    counts = Counts()
    rows = {row.key: row for row in register.objects.all()}
    new: list[RegisterRow] = []
    for position, facts in enumerate(all_facts):
        digest = _digest(facts)
        row = rows.pop(facts["key"], None)
        if row is None:
            new.append(register(**facts, position=position, shipped_digest=digest))
            counts.added += 1
        elif row.is_own:
            counts.kept += 1
            _mark(row, digest, counts)
        elif row.shipped_digest == digest and row.position == position:
            counts.unchanged += 1
        else:
            _renew(row, facts, position, digest)
            counts.updated += 1
    register.objects.bulk_create(new)
    for row in rows.values():
        _withdraw(row, counts)
    return counts


def _mark(row: RegisterRow, digest: str, counts: Counts) -> None:
    """Remember that a file says something new about a row it may not touch."""
    if row.shipped_digest in {digest, ""}:
        return
    row.shipped_digest, row.to_review = digest, True
    row.save(update_fields=["shipped_digest", "to_review"])
    counts.to_review.append(row.key)


def _renew(row: RegisterRow, facts: dict[str, Any], position: int, digest: str) -> None:
    """Write all facts anew; what the file no longer says goes back to its default."""
    checks, _ = reading.FIELDS[type(row)]
    stored = (set(checks) - {"open"}) | ({"spans"} if "open" in checks else set())
    for name in stored:
        row.set_or_reset(name, facts)
    row.position, row.shipped_digest, row.to_review = position, digest, False
    _saved(row)


def _withdraw(row: RegisterRow, counts: Counts) -> None:
    """A line that is no longer shipped has ended or moved: gone, unless an office stands by it."""
    if not row.shipped_digest:
        return
    if not row.is_own:
        row.delete()
        counts.withdrawn += 1
        return
    counts.kept += 1
    if not row.to_review:
        row.to_review = True
        row.save(update_fields=["to_review"])
        counts.to_review.append(row.key)


def _digest(facts: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _free_key(register: type[RegisterRow], name: str) -> str:
    german = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
    base = slugify(name.translate(german)).replace("_", "-")[:50].strip("-") or "eintrag"
    taken = set(register.objects.filter(key__startswith=base).values_list("key", flat=True))
    return (
        base
        if base not in taken
        else next(
            f"{base}-{number}" for number in range(2, len(taken) + 3) if f"{base}-{number}" not in taken
        )
    )


def _saved(row: RegisterRow) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        if type(row).objects.filter(key=row.key).exclude(pk=row.pk).exists():
            raise KeyIsTaken from error
        if "names_it" in str(error):
            raise reading.RegisterUnreadable(
                "Eine Stelle eines Landes nennt ihr Land, eine andere keines."
            ) from error
        raise
