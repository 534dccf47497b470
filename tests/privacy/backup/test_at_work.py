"""Backups while others write, and a restore killed at its worst moment."""

from pathlib import Path

import pytest

from support import installation

from .conftest import INSIDE, backed_up, inside, paper_of, restored

pytestmark = pytest.mark.xdist_group("backup")


class TestUnderLoad:
    """While others write: each transaction is in it whole or not at all, and all that was acknowledged before."""

    WRITER = """
import itertools
from django.db import transaction
from kontaktstelle.organisation.models import Area, Closing, ContactPoint
office = ContactPoint.objects.get(slug='hier')
for number in itertools.count(1):
    with transaction.atomic():
        Closing.objects.create(contact_point=office, first_day='2027-01-01', last_day='2027-01-01', public_note=f'{sys.argv[2]}-{number}')
        Area.objects.create(contact_point=office, postcode=f'{sys.argv[2]}{number:04d}'[-5:])
    print(number, flush=True)
"""
    COUNT = """
from kontaktstelle.organisation.models import Area, Closing
notes = set(Closing.objects.exclude(public_note='').values_list('public_note', flat=True))
print(json.dumps([sorted(notes), Area.objects.exclude(postcode='').count()]))
"""

    def test_backups_made_meanwhile_are_each_one_moment(self, tmp_path):
        made = installation.with_tables(tmp_path / "alt")
        inside(made, "seeding.seed()")
        writers = [made.started(INSIDE + self.WRITER, Path(__file__).parent, name) for name in "12"]
        try:
            for writer in writers:
                for _ in range(5):
                    assert writer.stdout.readline()
            acknowledged = {f"{name}-{number}" for name in "12" for number in range(1, 6)}
            backups = [backed_up(made, tmp_path / f"b{number}") for number in range(2)]
            for writer in writers:
                assert writer.poll() is None, "the writer was still writing"
        finally:
            for writer in writers:
                writer.kill()
                writer.wait()
        counts = []
        for number, backup in enumerate(backups):
            new = installation.empty(tmp_path / f"neu{number}")
            told = restored(new, backup.file, "--keys", paper_of(made, tmp_path))
            assert told["closed"] == 0
            notes, areas = inside(new, self.COUNT)
            assert acknowledged <= set(notes)
            assert len(notes) == areas, "both rows of each transaction, or none"
            counts.append(areas)
        assert counts[0] < counts[1]


class TestKilled:
    """Killed at the worst moment: all rows are in, and those erased since the backup are not yet out again."""

    def test_there_is_nothing_and_the_next_try_works(self, seeded, tmp_path):
        new = installation.empty(tmp_path / "neu")
        code = """
import signal
from kontaktstelle.cli import main
from kontaktstelle.privacy.backup import restoring
from support import tables
if connection.vendor == "sqlite":
    restoring.rows.migrate_to = tables.copied_to
def killed(*_, **__):
    print("now", flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
restoring.retention.erase_again = killed
main(['restore', sys.argv[1], '--keys', sys.argv[2]])
"""
        child = new.started(code, seeded.backup.file, seeded.paper)
        assert child.communicate()[0].splitlines()[-1] == "now"
        assert new.vendor == "postgresql" or not new.database.exists()
        told = restored(new, seeded.backup.file, "--keys", seeded.paper)
        assert told["closed"] == 0
        assert inside(new, "print(json.dumps(seeding.everything()))") == seeded.everything
        assert not [each.name for each in new.data.iterdir() if "restoring" in each.name]
