"""Offices as pages last showed them, in a small file beside the database: for the page that says the database is away.

A process that starts while the database is away remembers nothing; telephone and Sprechzeiten must be there all the same.
The file holds public words only. If it cannot be written (a full disk), the last one stays.
"""

import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from django.conf import settings

NAME = "pages-spare"
_written: dict[str, dict[str, Any]] = {}


def keep(slug: str, language: str, office: dict[str, Any]) -> None:
    """Keep an office as it is shown now, unless it stands in the file like that."""
    lasting = {name: value for name, value in office.items() if name not in {"there", "next"}}
    if _written.get(key := _key(slug, language)) == lasting:
        return
    _written[key] = lasting
    file = Path(settings.DATA_DIR) / NAME
    beside = file.with_name(f"{NAME}.{os.getpid()}")
    with suppress(OSError):
        beside.write_text(json.dumps(_read(file) | {key: lasting}, ensure_ascii=False), encoding="utf-8")
        beside.replace(file)


def kept(slug: str, language: str) -> dict[str, Any] | None:
    """Return an office as it was last shown; for "" any of them if the default never was; None if there is none."""
    all_kept = _read(Path(settings.DATA_DIR) / NAME)
    found: dict[str, Any] | None = all_kept.get(_key(slug, language))
    if found is None and not slug:
        found = next((office for key, office in all_kept.items() if key.startswith(_key("", language))), None)
    return found


def forget() -> None:
    """Forget what this process wrote (in tests); the file stays."""
    _written.clear()


def _read(file: Path) -> dict[str, Any]:
    try:
        read = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return read if isinstance(read, dict) else {}


def _key(slug: str, language: str) -> str:
    return f"{language}:{slug}"
