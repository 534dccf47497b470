"""Telefonliste der Ansprechpersonen: the part of the Notfallmappe that is for staff, sealed to the main key.

When the server is gone on a Saturday somebody must reach the groups that meet on Monday. `seal` writes who they are and their
telephones into one file beside the backups; nothing in it can be read without the key, which is on paper. `unseal` opens it on
any machine that has this software; it needs neither database nor key folder.
"""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.utils import timezone

from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import keys, trail
from kontaktstelle.privacy.backup.sealing import Kind, Reader, WholeFile
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import address_of

from .lifecycle import Stage
from .models import ContactPerson, Group

SUFFIX = ".telefonliste"


def seal(folder: Path, *, by: str, at: datetime) -> Path:
    """Write the list anew, sealed; a crash leaves the one before.

    Args:
        folder: where it lies, best beside the backups on another machine.
        by: who, as the trail knows them; each office finds a line in its trail that its contacts were opened.
        at: now.

    Returns:
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    content = {
        "made_on": f"{timezone.localtime(at):%d.%m.%Y %H:%M}",
        "offices": [_office(office, by=by, at=at) for office in ContactPoint.objects.order_by("name")],
    }
    file = folder / f"kontaktstelle-{keys.installation_name()}{SUFFIX}"
    with WholeFile(file, Kind.EMERGENCY, keys.kek()) as out:
        out.write(json.dumps(content, ensure_ascii=False).encode())
    return file


def unseal(file: Path, keks: Sequence[bytes]) -> dict[str, Any]:
    """Return what a sealed list holds.

    Raises:
        FileDamaged, NoFittingKey: see `privacy.backup.sealing`.
    """
    content: dict[str, Any] = json.loads(b"".join(Reader(file, Kind.EMERGENCY, keks).content()))
    return content


def _office(office: ContactPoint, *, by: str, at: datetime) -> dict[str, Any]:
    with acting_for(office):
        groups = Group.objects.exclude(stage=Stage.DISSOLVED).order_by("name", "pk")
        persons: dict[Any, list[dict[str, str]]] = {}
        for person in ContactPerson.objects.filter(group__in=groups).order_by("group", "position", "pk"):
            if found := _person(person):
                persons.setdefault(person.group_id, []).append(found)
        trail.record(
            by, "call-list.sealed", object_type="organisation.contactpoint", object_id=office.pk, at=at,
            contact_point=office.pk, fields=["email", "name", "phone"],
        )  # fmt: skip
        return {
            "name": office.name,
            "phone": office.phone,
            "groups": [
                {
                    "name": group.name,
                    "stage": Stage(group.stage).label,
                    "meeting": group.meeting_text,
                    "persons": persons.get(group.pk, []),
                }
                for group in groups
            ],
        }


def _person(person: ContactPerson) -> dict[str, str] | None:
    try:
        address = address_of(person.party)
    except Party.DoesNotExist:
        return None
    return {"name": address.name or "", "phone": address.phone or "", "email": address.email or ""}
