"""An office's own reading of columns and topics: from a file, kept for next time."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kontaktstelle.groups.models import ImportMapping

from .refusals import MappingUnusable

MOST_BYTES = 2 * 1024 * 1024


def read_mapping(path: Path) -> dict[str, dict[str, Any]]:
    """Read a mapping file: `{"columns": {"Spalte": "field"}, "topics": {"ihr Wort": "topic_id" or [..]}}`.

    Raises:
        MappingUnusable: no such JSON.
    """
    if path.stat().st_size > MOST_BYTES:
        raise MappingUnusable("Die Datei mit der Zuordnung ist viel zu groß.")
    try:
        return checked(json.loads(path.read_text(encoding="utf-8-sig")))
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MappingUnusable("Die Datei mit der Zuordnung ist kein gültiges JSON (UTF-8).") from error


def checked(mapping: object) -> dict[str, dict[str, Any]]:
    """Return the mapping with both its parts.

    Raises:
        MappingUnusable: another shape.
    """
    if (
        not isinstance(mapping, Mapping)
        or not set(mapping) <= {"columns", "topics"}
        or not all(isinstance(part, Mapping) for part in mapping.values())
    ):
        raise MappingUnusable(
            'Eine Zuordnung sieht so aus: {"columns": {"Spalte": "feld"}, "topics": {"Wort": "thema"}}.'
        )
    return {"columns": dict(mapping.get("columns", {})), "topics": dict(mapping.get("topics", {}))}


def kept() -> dict[str, dict[str, Any]]:
    """Return what the contact point being acted for kept."""
    found = ImportMapping.objects.first()
    return (
        {"columns": dict(found.columns), "topics": dict(found.topics)}
        if found
        else {"columns": {}, "topics": {}}
    )


def merged(given: Mapping[str, Mapping[str, Any]] | None) -> dict[str, dict[str, Any]]:
    """Return what was kept, and over it what is given now."""
    before = kept()
    new = checked(given or {})
    return {part: {**before[part], **new[part]} for part in ("columns", "topics")}


def keep(mapping: Mapping[str, Mapping[str, Any]], contact_point: int) -> None:
    """Keep a mapping for next time."""
    ImportMapping.objects.update_or_create(
        contact_point_id=contact_point,
        defaults={"columns": dict(mapping["columns"]), "topics": dict(mapping["topics"])},
    )
