"""What installations of these tests hold, and how two of them are compared. Runs inside them."""

import hashlib
import json
import uuid
from datetime import UTC, date, datetime, time
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.utils import timezone

from kontaktstelle.groups.models import ImportRun
from kontaktstelle.organisation.models import Closing, Staff
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy import fields, trail
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, register_party
from support.canaries import make_canary
from support.people import make_office

AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
# Left out of backups and made anew; the trail has grown by what was done since.
MADE_ANEW = {"directory.entry", "directory.entrytopic"}
GROWN = {"privacy.trailentry", "privacy.ledgerentry"}


def seed(persons=5):
    """Fill an installation: two offices, a group with everything, persons, staff, an import, a logo."""
    office, other = (
        make_office(),
        make_office("anderswo", kreis_key="16077", name="Kontaktstelle Anderswo, Beispiel"),
    )
    make_canary(office, opened=["public_phone"])
    numbers = []
    for number in range(persons):
        where = (office, other)[number % 2]
        numbers.append(
            register_party(
                Address(f"Person {number}", note='ä€𝄞 \n" ,'), contact_point=where.pk, on=date(2026, 3, 10)
            )
        )
    Staff.objects.create(email="leitung@example.org", name="Lena Beispiel", contact_point=office)
    Closing.objects.create(contact_point=office, first_day=date(2026, 5, 1), last_day=date(2026, 5, 2))
    with acting_for(office):
        run = ImportRun(
            contact_point=office, at=timezone.now(), by="x", file_name="x.csv", created=[str(uuid.uuid4())]
        )
        run.before = json.dumps({"a": [1, None, "ß"]})
        run.save()
    logo = Path(settings.DATA_DIR) / "files" / "logos" / "hier.png"
    logo.parent.mkdir(parents=True, exist_ok=True)
    logo.write_bytes(bytes(range(256)) * 3000)
    office.logo.name = "logos/hier.png"
    office.save()
    trail.record(
        "test", "group.changed", object_type="groups.group", object_id=1, at=AT, contact_point=office.pk
    )
    return [str(number) for number in numbers]


@across_offices()
def everything():
    """Return a digest of every table's rows and of every file, and every sealed text as it opens."""
    found = {}
    for model in apps.get_models():
        label = model._meta.label_lower
        if label in MADE_ANEW | GROWN:
            continue
        rows = [
            [plain(value) for value in row]
            for row in model._base_manager.order_by("pk").values_list(
                *[f.attname for f in model._meta.concrete_fields]
            )
        ]
        found[label] = [len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()]
    for model, name in fields.sealed_attributes():
        texts = [getattr(row, name) for row in model._base_manager.order_by("pk")]
        found[f"{model._meta.label_lower}/{name}"] = [
            len(texts),
            hashlib.sha256(repr(texts).encode()).hexdigest(),
        ]
    folder = Path(settings.DATA_DIR) / "files"
    for file in sorted(folder.rglob("*")):
        if file.is_file():
            found[file.relative_to(folder).as_posix()] = hashlib.sha256(file.read_bytes()).hexdigest()
    return found


def plain(value):
    """Return a value as both databases give it."""
    if isinstance(value, memoryview | bytearray):
        return bytes(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, time | date):
        return value.isoformat()
    if isinstance(value, dict):
        return sorted((key, plain(each)) for key, each in value.items())
    return value


def names():
    """Return who is there, by name."""
    return sorted(party.name for party in Party.unscoped.all() if party.name)
