"""`bench import`: a list of 50,000 rows, with validation, topics, places, rhythm and index, against `save()` per row.

The comparison checks and saves each group by itself; its entry in the directory is written with it, as in every step of
the product. Both run in processes of their own; the peak of memory is that of the import.
"""

import csv
import resource
import time
from multiprocessing import get_context
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from . import generated

DEFAULT_ROWS = 50_000
COMPARED_ROWS = 2_000
HEADER = [
    "Name",
    "Themen",
    "Zielgruppe",
    "Ort",
    "PLZ",
    "Treffen",
    "Beschreibung",
    "Ansprechperson",
    "Telefon privat",
]
MEETINGS = (
    "jeden 1. Dienstag im Monat, 19 Uhr",
    "14-tägig donnerstags",
    "mittwochs 18.30 Uhr",
    "jeden 2. und letzten Freitag im Monat um 19.00 Uhr",
    "nach Absprache",
    "",
)


def run(*, groups: int, queries: int) -> dict[str, Any]:  # noqa: ARG001 - the same call for every benchmark
    """Return rows per second and the ratio."""
    from . import installation

    rows = groups or DEFAULT_ROWS
    imported = installation.in_sqlite("bulk.imported", rows)
    saved = installation.in_sqlite("bulk.saved", min(rows, COMPARED_ROWS))
    return {
        **imported,
        **saved,
        "rows per CPU second, import / save() per row (bar 2.5)": round(
            imported["import: rows per CPU second"] / saved["save() per row: rows per CPU second"], 2
        ),
    }


def imported(rows: int) -> dict[str, Any]:
    """Import a generated list in this process."""
    from django.utils import timezone

    from kontaktstelle.groups.importing import import_file
    from kontaktstelle.groups.models import Group

    office = _office()
    with TemporaryDirectory(prefix="kontaktstelle-bench-") as folder:
        file = Path(folder) / "liste.csv"
        # Made by a process of its own, so that the peak of memory is the import's and not the generator's.
        maker = get_context("fork").Process(target=_write, args=(file, rows))
        maker.start()
        maker.join()
        started, cpu = time.perf_counter(), time.process_time()
        report = import_file(
            file, contact_point=office, by="bench", at=timezone.now(), basis=Group.Basis.EXISTING_PAPER, basis_on=timezone.localdate(), basis_by="bench",
        )  # fmt: skip
        cpu, wall = time.process_time() - cpu, time.perf_counter() - started
    assert report.written  # noqa: S101
    return {
        "import: rows": rows,
        "import: rows per CPU second": round(rows / cpu),
        "import: seconds": round(wall, 1),
        "import: peak memory MB (bar 500)": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000),
    }


def saved(rows: int) -> dict[str, Any]:
    """Check and save each group by itself in this process."""
    from django.utils import timezone

    from kontaktstelle import places
    from kontaktstelle.directory import projection
    from kontaktstelle.groups import listing, rhythm
    from kontaktstelle.groups.models import Group
    from kontaktstelle.organisation.tenancy import acting_for

    office = _office()
    cpu = time.process_time()
    taken: set[str] = set()
    with acting_for(office):
        for number, (name, topic, _audience, town, postcode, meeting, description, *_) in enumerate(
            _rows(rows)
        ):
            place = places.find(f"{postcode} {town}").place
            group = Group(
                contact_point=office, key=f"k{number}", name=name, topics=[topic], town=town, postcode=postcode, description=description, meeting_text=meeting, listed=True,
                basis=Group.Basis.EXISTING_PAPER, basis_on=timezone.localdate(), basis_by="bench", slug=listing.free_slug(name, town, taken), rhythm=rhythm.read(meeting).as_json(),
                lat=place.lat if place else None, lon=place.lon if place else None, kreis_key=place.kreis_key if place else "",
            )  # fmt: skip
            group.clean_fields(exclude=["topics", "audience", "languages", "forms"])
            group.save()
            projection.refresh([group], on=timezone.localdate())
    return {"save() per row: rows per CPU second": round(rows / (time.process_time() - cpu))}


def _rows(count: int) -> list[list[str]]:
    rng = Random(generated.SEED)
    return [
        [
            f"{group.name} {number}", group.topic, "Betroffene", group.name.rsplit(" ", 1)[-1], group.postcode, rng.choice(MEETINGS), group.description, f"Erika Beispiel {number}", f"030 23125 {number % 1000:03}",
        ]
        for number, group in enumerate(generated.groups(count))
    ]  # fmt: skip


def _write(file: Path, count: int) -> None:
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out, delimiter=";")
        writer.writerow(HEADER)
        writer.writerows(_rows(count))


def _office() -> Any:
    from kontaktstelle.organisation.models import ContactPoint, Traeger

    traeger = Traeger.objects.create(name="Vergleich", kind=Traeger.Kind.PUBLIC)
    return ContactPoint.objects.create(
        slug="bench",
        name="Vergleich",
        short_name="Vergleich",
        traeger=traeger,
        land="NW",
        phone="030 23125 100",
        email="bench@example.org",
        is_example=True,
    )
