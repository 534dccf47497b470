"""`bench backup`: an installation with 100,000 enquiries, backed up while people write, brought back with the paper copy.

Each enquiry has a contact, a person and a note, sealed. The server takes posts all the time while `kontaktstelle backup`
runs; then a hundred persons are erased and the backup is brought back into an empty folder, elsewhere. Sampled fields are
opened there and compared, a hundred single bits are turned in copies of the file, and the erased persons are looked for.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import uuid
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

ENQUIRIES, ERASED, SAMPLED, FLIPS = 100_000, 100, 2_000, 100
BAR_MINUTES = 15
WRITERS = 2
POSTS = 4_000


def run(*, groups: int, queries: int) -> dict[str, Any]:  # noqa: ARG001 - the same call for every benchmark
    """Return how long each part took and what came back; `groups` is the number of enquiries here."""
    from . import installation

    with (
        installation.temporary("sqlite"),
        tempfile.TemporaryDirectory(prefix="kontaktstelle-bench-") as folder,
    ):
        installation.fill([])
        return _measured(groups or ENQUIRIES, Path(folder))


def _measured(count: int, folder: Path) -> dict[str, Any]:
    from django.conf import settings
    from django.db import connection

    from kontaktstelle.privacy import paper

    started = time.perf_counter()
    persons = _written(count)
    wrote = time.perf_counter() - started
    sheet = folder / "papier.txt"
    sheet.write_text("\n".join(paper.lines(paper.here())), encoding="utf-8")
    here = {
        "KONTAKTSTELLE_DATA": str(settings.DATA_DIR),
        "KONTAKTSTELLE_KEYS": str(settings.KEYS_DIR),
        "KONTAKTSTELLE_SECRET_KEY": settings.SECRET_KEY,
        "KONTAKTSTELLE_DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
    }
    made, backed, posted = _backed_up_while_people_write(folder, here)
    chosen = Random(3).sample(persons, min(SAMPLED, count))
    gone, kept = chosen[:ERASED], chosen[ERASED:]
    before = _fields([str(number) for number in kept])
    _erase(gone)
    _program(here, "backup", "--to", folder / "b2", "--keyring-to", folder / "b", "--json")
    there = {
        "KONTAKTSTELLE_DATA": str(folder / "neu" / "data"),
        "KONTAKTSTELLE_KEYS": str(folder / "neu" / "keys"),
        "KONTAKTSTELLE_DATABASE_URL": f"sqlite:///{folder}/neu/data/kontaktstelle.sqlite3",
    }
    started = time.perf_counter()
    told = _program(
        there, "restore", made["file"], "--keys", sheet, "--keyring", made["keyring"], "--older", "--json"
    )
    restored = time.perf_counter() - started
    after = _inside(there, "fields", [str(number) for number in kept])
    left = _inside(there, "fields", [str(number) for number in gone])
    return {
        "enquiries, rows in the backup, megabytes": f"{count}, {made['rows']}, {made['bytes'] / 1e6:.0f}",
        "written before, seconds": round(wrote),
        "posts taken while the backup was made": posted,
        f"backup under load, minutes (bar {BAR_MINUTES} with restore)": round(backed / 60, 2),
        "restore with the paper copy, minutes": round(restored / 60, 2),
        "both together, minutes": round((backed + restored) / 60, 2),
        "sampled fields that are the same (bar all)": f"{sum(before[key] == after.get(key) for key in before)} of {len(before)}",
        "erased again, still there (bar 0)": f"{told['erased_again']}, {len(left)}",
        "flipped bits that were found (bar all)": f"{_flips_found(Path(made['file']))} of {FLIPS}",
    }


def _written(count: int) -> list[uuid.UUID]:
    """Write enquiries with contact, person and note; return the persons' numbers."""
    from django.utils import timezone

    from kontaktstelle.enquiries.models import Contact, Enquiry, Note
    from kontaktstelle.organisation.setup import default_office
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.relay.models import Party
    from kontaktstelle.relay.parties import Address, sealed_party

    office, persons, now = default_office(), [], timezone.now()
    if office is None:
        raise RuntimeError("Es gibt keine Kontaktstelle.")
    with acting_for(office):
        for part in _batched(count):
            contacts, parties, enquiries, notes = [], [], [], []
            for number in part:
                day = date(2026, 1, 1) + timedelta(days=number % 300)
                contacts.append(
                    Contact(
                        contact_point=office, month=day.replace(day=1), day=day, code_year=2026, channel="telephone", direction="incoming", who="affected",
                        concerns=["find-group"], topics=["anxiety-panic"], kreis_key="05978", entered_at=datetime.combine(day, now.time(), now.tzinfo),
                    )
                )  # fmt: skip
                party = sealed_party(
                    Address(f"Mensch {number}, Beispiel", "030 23125 100", f"mensch{number}@example.org"), contact_point=office.pk, on=day
                )  # fmt: skip
                enquiry = Enquiry(
                    contact_point=office, number=f"B{number:06d}", month=day.replace(day=1), party=party.pk, due_on=day, opened_at=now
                )  # fmt: skip
                note = Note(contact_point=office, enquiry=enquiry, written_at=now)
                note.text = f"Notiz {number}: möchte nachmittags zurückgerufen werden, fragt nach einer Gruppe in der Nähe."
                parties.append(party)
                enquiries.append(enquiry)
                notes.append(note)
                persons.append(party.pk)
            for model, rows in ((Contact, contacts), (Party, parties), (Enquiry, enquiries), (Note, notes)):
                model.objects.bulk_create(rows, batch_size=500)
    return persons


def _backed_up_while_people_write(folder: Path, here: dict[str, str]) -> tuple[dict[str, Any], float, int]:
    from . import enquiry

    forms, posted, over = iter(enquiry.forms(POSTS)), [0], threading.Event()
    taking = threading.Lock()

    def write(writer: enquiry.Writer) -> None:
        while not over.is_set():
            with taking:
                body = next(forms, None)
            if body is None:
                return
            writer.post(body)
            with taking:
                posted[0] += 1

    with enquiry.server(folder) as (port, _):
        threads = [threading.Thread(target=write, args=[enquiry.Writer(port)]) for _ in range(WRITERS)]
        for each in threads:
            each.start()
        started = time.perf_counter()
        try:
            made = _program(here, "backup", "--to", folder / "b", "--json")
        finally:
            over.set()
            took = time.perf_counter() - started
            for each in threads:
                each.join()
    return made, took, posted[0]


def _erase(persons: list[uuid.UUID]) -> None:
    """Erase persons as a night does it: what goes is noted in the ledger by the model itself."""
    from kontaktstelle.organisation.setup import default_office
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.relay.parties import forget_party

    office = default_office()
    if office is None:
        raise RuntimeError("Es gibt keine Kontaktstelle.")
    with acting_for(office):
        for number in persons:
            forget_party(number)


def _fields(persons: list[str]) -> dict[str, list[str]]:
    """Open what is known of persons and what was noted in their enquiries."""
    from kontaktstelle.enquiries.models import Enquiry, Note
    from kontaktstelle.organisation.tenancy import across_offices
    from kontaktstelle.relay.models import Party

    found: dict[str, list[str]] = {}
    with across_offices():
        for part in (persons[at : at + 500] for at in range(0, len(persons), 500)):
            notes = {
                note.enquiry_id: note.text
                for note in Note.unscoped.filter(
                    enquiry__in=Enquiry.unscoped.filter(party__in=part).values("pk")
                )
            }
            of_enquiry = dict(Enquiry.unscoped.filter(party__in=part).values_list("party", "pk"))
            for party in Party.unscoped.filter(pk__in=part):
                found[str(party.pk)] = [
                    str(party.name), str(party.phone), str(party.email), str(notes.get(of_enquiry.get(party.pk)))
                ]  # fmt: skip
    return found


def _flips_found(file: Path) -> int:
    """Turn single bits anywhere in copies of a file; return how many a check refused."""
    from kontaktstelle.privacy import keys
    from kontaktstelle.privacy.backup import restoring
    from kontaktstelle.privacy.backup.sealing import Kind, Reader
    from kontaktstelle.refusal import StepRefused

    chance, found = Random(7), 0
    copy = Path(shutil.copy(file, file.with_suffix(".kopie")))
    for _ in range(FLIPS):
        place, bit = chance.randrange(file.stat().st_size), 1 << chance.randrange(8)
        with copy.open("r+b") as turned:
            turned.seek(place)
            was = turned.read(1)[0]
            turned.seek(place)
            turned.write(bytes([was ^ bit]))
        try:
            restoring.check(Reader(copy, Kind.BACKUP, [keys.kek()]))
        except StepRefused:
            found += 1
        with copy.open("r+b") as turned:
            turned.seek(place)
            turned.write(bytes([was]))
    return found


def _batched(count: int) -> list[range]:
    return [range(at, min(at + 1000, count)) for at in range(0, count, 1000)]


def _program(where: dict[str, str], *words: object) -> dict[str, Any]:
    done = subprocess.run(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-m", "kontaktstelle", *map(str, words)],
        env={**os.environ, **where},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def _inside(where: dict[str, str], function: str, persons: list[str]) -> dict[str, list[str]]:
    """Run a function of this module in another installation."""
    code = (
        "import json, sys, django; django.setup();"
        f"from kontaktstelle.cli.benchmarks import backup; print(json.dumps(backup._{function}(json.load(sys.stdin))))"
    )
    done = subprocess.run(  # noqa: S603 - our own interpreter and code
        [sys.executable, "-c", code],
        env={**os.environ, **where, "DJANGO_SETTINGS_MODULE": "kontaktstelle.settings"},
        input=json.dumps(persons),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found
