"""Backup and restore as an operator does them: in programs of their own, on the database of this run."""

import os
import random
import shutil
from pathlib import Path

import pytest

from kontaktstelle.privacy import keys, ledger
from kontaktstelle.privacy.backup import keyring, restoring
from kontaktstelle.privacy.backup.sealing import FileDamaged, Kind, NoFittingKey, Reader
from kontaktstelle.refusal import StepRefused
from support import installation

from .conftest import backed_up, inside, paper_of, restored, untouched

pytestmark = pytest.mark.xdist_group("backup")
BOTH = ["sqlite", "postgresql"] if "KONTAKTSTELLE_DATABASE_URL" in os.environ else ["sqlite"]


def kek_of(made):
    return (made.keys / "kek").read_bytes()


class TestThereAndBack:
    @pytest.mark.parametrize("vendor", BOTH)
    def test_everything_comes_back_with_the_paper_alone_and_the_key_ring(self, seeded, tmp_path, vendor):
        new = installation.empty(tmp_path / "neu", vendor=vendor)
        told = restored(new, seeded.backup.file, "--keys", seeded.paper)

        assert told["rows"] == seeded.backup.rows
        assert told["files"] == seeded.backup.files == 1
        assert (told["closed"], told["trail_broken"], told["erased_again"]) == (0, [], 0)
        assert told["opened"] >= 9
        assert inside(new, "print(json.dumps(seeding.everything()))") == seeded.everything

    def test_the_site_opens_on_it_and_goes_on(self, seeded, tmp_path):
        new = installation.empty(tmp_path / "neu")
        restored(new, seeded.backup.file, "--keys", seeded.paper)
        told = inside(new, """
from django.db import DatabaseError, transaction
from kontaktstelle.directory.models import Entry
from kontaktstelle.directory import fulltext
from kontaktstelle.organisation.models import Closing, ContactPoint, Staff
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
office = ContactPoint.objects.get(slug='hier')
before = max(Closing.objects.values_list('pk', flat=True))
closing = Closing.objects.create(contact_point=office, first_day='2026-06-01', last_day='2026-06-02')
trail.record('test', 'x', object_type='x', object_id=1, at=timezone.now(), contact_point=office.pk)
try:
    with transaction.atomic():
        TrailEntry.objects.all().delete()
    refused = False
except DatabaseError:
    refused = True
print(json.dumps({
    'entries': Entry.objects.count(), 'found': len(fulltext.having('beispiel', 9)), 'fresh': closing.pk > before, 'append_only': refused,
    'trail': [trail.broken_at(0), trail.broken_at(office.pk)], 'last': TrailEntry.objects.filter(contact_point=0).latest('number').action,
}))
""")  # fmt: skip
        assert told == {
            "entries": 1, "found": 1, "fresh": True, "append_only": True, "trail": [None, None], "last": "backup.restored",
        }  # fmt: skip
        assert new.program("setup").returncode == 0
        assert new.program("check").returncode == 0

    def test_typed_in_or_with_the_key_file_it_works_too(self, seeded, tmp_path):
        typed = installation.empty(tmp_path / "getippt")
        assert (
            restored(typed, seeded.backup.file, "--keys", "-", typed=seeded.paper.read_text())["closed"] == 0
        )
        by_file = installation.empty(tmp_path / "datei")
        assert restored(by_file, seeded.backup.file, "--keys", seeded.made.keys / "kek")["closed"] == 0
        for made in (typed, by_file):
            assert (made.keys / "signing.key").read_bytes() == (seeded.made.keys / "signing.key").read_bytes()

    @pytest.mark.skipif(len(BOTH) == 1, reason="needs both databases")
    @pytest.mark.parametrize("vendor", ["sqlite", "postgresql"])
    def test_a_backup_of_one_database_fits_the_other(self, tmp_path, vendor):
        old = installation.with_tables(tmp_path / "alt", vendor=vendor)
        inside(old, "seeding.seed()")
        backup = backed_up(old, tmp_path / "b")
        other = "sqlite" if vendor == "postgresql" else "postgresql"
        new = installation.empty(tmp_path / "neu", vendor=other)
        told = restored(new, backup.file, "--keys", paper_of(old, tmp_path))

        assert (old.vendor, new.vendor) == (vendor, other)
        assert told["closed"] == 0
        everything = "print(json.dumps(seeding.everything()))"
        assert inside(new, everything) == inside(old, everything)

    @pytest.mark.migrates
    def test_a_backup_of_an_older_version_is_brought_up_to_date(self, seeded, tmp_path):
        """As if the last migration had not yet been there when it was made."""
        folder = tmp_path / "b"
        made_then = inside(seeded.made, """
from kontaktstelle.privacy.backup import making, rows
now = rows.applied
rows.applied = lambda alias: [each for each in now(alias) if each != ('privacy', '0004_restriction')]
made = making.back_up(Path(sys.argv[2]), by='test', at=timezone.now())
print(json.dumps(str(made.file)))
""", folder, apart=True)  # fmt: skip
        new = installation.empty(tmp_path / "neu")
        assert restored(new, made_then, "--keys", seeded.paper)["closed"] == 0
        assert inside(new, "print(json.dumps(seeding.everything()))") == seeded.everything
        assert new.program("nightly").returncode == 0


class TestDamage:
    def test_of_a_hundred_flipped_bits_a_hundred_are_found(self, seeded, tmp_path):
        whole, kek, chance = Path(seeded.backup.file).read_bytes(), kek_of(seeded.made), random.Random(11)  # noqa: S311
        file, found = tmp_path / "x.sicherung", 0
        for _ in range(100):
            changed = bytearray(whole)
            changed[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
            file.write_bytes(changed)
            try:
                restoring.check(Reader(file, Kind.BACKUP, [kek]))
            except (FileDamaged, NoFittingKey):
                found += 1
        assert found == 100
        file.write_bytes(whole)
        assert restoring.check(Reader(file, Kind.BACKUP, [kek])).rows == seeded.backup.rows

    @pytest.mark.parametrize("place", [20, 200, -1])
    def test_it_is_found_before_anything_is_written(self, seeded, tmp_path, place):
        file = tmp_path / "x.sicherung"
        changed = bytearray(Path(seeded.backup.file).read_bytes())
        changed[place] ^= 1
        file.write_bytes(changed)
        new = installation.empty(tmp_path / "neu")
        told = restored(new, file, "--keys", seeded.paper, "--keyring", seeded.backup.keyring)
        assert isinstance(told, str)
        assert "beschädigt" in told or "keine Datei dieser Software" in told
        assert untouched(new)

    def test_a_damaged_key_ring_is_found_before_anything_is_written(self, seeded, tmp_path):
        ring = tmp_path / "x.schluesselbund"
        changed = bytearray(Path(seeded.backup.keyring).read_bytes())
        changed[-20] ^= 1
        ring.write_bytes(changed)
        new = installation.empty(tmp_path / "neu")
        assert "beschädigt" in restored(new, seeded.backup.file, "--keys", seeded.paper, "--keyring", ring)
        assert untouched(new)

    def test_it_can_be_asked_without_restoring(self, seeded, tmp_path):
        new = installation.empty(tmp_path / "neu")
        told = restored(new, seeded.backup.file, "--keys", seeded.paper, "--check")
        assert told["rows"] == seeded.backup.rows
        assert untouched(new)


class TestRefusals:
    def test_without_what_opens_it_nothing_happens(self, seeded, tmp_path):
        new = installation.empty(tmp_path / "neu")
        assert "--keys" in restored(new, seeded.backup.file)
        other = installation.with_tables(tmp_path / "andere")
        told = restored(new, seeded.backup.file, "--keys", paper_of(other, tmp_path))
        assert "wurde mit dem Schlüssel" in told
        assert untouched(new)

    def test_a_typing_error_on_the_paper_is_named(self, seeded, tmp_path):
        lines = seeded.paper.read_text().splitlines()
        lines[3] = lines[3][:4] + ("A" if lines[3][4] != "A" else "B") + lines[3][5:]
        new = installation.empty(tmp_path / "neu")
        assert restored(new, seeded.backup.file, "--keys", "-", typed="\n".join(lines)).startswith("Zeile 4")
        assert untouched(new)

    def test_it_is_not_written_over_anything(self, seeded, tmp_path):
        before = inside(seeded.made, "print(json.dumps(seeding.everything()))")
        assert "schon Tabellen" in restored(seeded.made, seeded.backup.file)
        assert inside(seeded.made, "print(json.dumps(seeding.everything()))") == before
        used = installation.empty(tmp_path / "benutzt")
        (used.data / "files").mkdir(parents=True)
        (used.data / "files" / "bild.png").write_bytes(b"x")
        assert "schon Dateien" in restored(used, seeded.backup.file, "--keys", seeded.paper)
        assert (used.data / "files" / "bild.png").read_bytes() == b"x"

    def test_other_keys_are_not_written_over(self, seeded, tmp_path):
        other = installation.with_tables(tmp_path / "andere")
        new = installation.empty(tmp_path / "neu")
        shutil.copytree(other.keys, new.keys)
        told = restored(new, seeded.backup.file, "--keys", seeded.paper)
        assert "KONTAKTSTELLE_KEYS" in told
        assert kek_of(new) == kek_of(other)
        assert not new.data.exists()

    def test_without_the_key_ring_it_says_what_would_be_lost_and_goes_on_if_told_so(self, seeded, tmp_path):
        alone = tmp_path / "allein" / Path(seeded.backup.file).name
        alone.parent.mkdir()
        shutil.copy(seeded.backup.file, alone)
        new = installation.empty(tmp_path / "neu")
        assert "Schlüsselbund fehlt" in restored(new, alone, "--keys", seeded.paper)
        assert untouched(new)
        told = restored(new, alone, "--keys", seeded.paper, "--without-keyring")
        assert told["opened"] == 0
        assert told["closed"] >= 9
        count = inside(
            new, "from kontaktstelle.groups.models import Group; print(json.dumps(Group.unscoped.count()))"
        )
        assert count == 1

    def test_a_backup_older_than_the_ledger_is_refused_unless_told_so(self, seeded, tmp_path):
        old = inside(seeded.made, """
from datetime import timedelta
from kontaktstelle.privacy.backup import making
making.remove_old = lambda *_, **__: []
print(json.dumps(str(making.back_up(Path(sys.argv[2]), by='test', at=timezone.now() - timedelta(days=46)).file)))
""", tmp_path / "b", apart=True)  # fmt: skip
        new = installation.empty(tmp_path / "neu")
        assert "älter als 45 Tage" in restored(new, old, "--keys", seeded.paper)
        assert untouched(new)
        assert restored(new, old, "--keys", seeded.paper, "--older")["closed"] == 0

    def test_tables_this_program_does_not_know_are_refused(self):
        content = restoring.Content(
            "9.9", None, (("groups", "0001_initial"), ("groups", "0999_future")), (), 1, 0
        )
        with pytest.raises(restoring.FromNewerVersion, match=r"9\.9"):
            restoring._check_known(content)

    def test_a_missing_file_is_named(self, seeded, tmp_path):
        new = installation.empty(tmp_path / "neu")
        assert "gibt es nicht" in restored(new, tmp_path / "nirgends", "--keys", seeded.paper)

    def test_every_refusal_is_one_of_a_step(self):
        for refusal in (
            restoring.NotEmpty,
            restoring.TooOld,
            restoring.KeyRingMissing,
            FileDamaged,
            NoFittingKey,
        ):
            assert issubclass(refusal, StepRefused)
        assert f"älter als {ledger.KEPT_DAYS} Tage" in restoring.TooOld.sentence


ERASE = """
from kontaktstelle.relay.models import Party
Party.unscoped.filter(pk=sys.argv[2]).delete()
print(json.dumps(seeding.names()))
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory):
    """An installation with five persons, of whom the second was erased after the backup, and a newer key ring."""
    tmp_path = tmp_path_factory.mktemp("geloescht")
    made = installation.with_tables(tmp_path / "alt")
    numbers = inside(made, "print(json.dumps(seeding.seed()))")
    made.before = backed_up(made, tmp_path / "b")
    made.paper = paper_of(made, tmp_path)
    left = inside(made, ERASE, numbers[1])
    assert "Person 1" not in left
    assert "Person 2" in left
    made.old_ring = shutil.copy(made.before.keyring, tmp_path / "alter.schluesselbund")
    backed_up(made, tmp_path / "b")
    return made


class TestErasedStayErased:
    NAMES = "print(json.dumps(seeding.names()))"

    def test_on_the_same_machine_by_the_ledger_beside_the_keys(self, old, tmp_path):
        new = installation.empty(tmp_path / "neu")
        shutil.copytree(old.keys, new.keys)
        told = restored(new, old.before.file, "--keyring", old.old_ring)
        assert told["erased_again"] == 1
        assert "Person 1" not in inside(new, self.NAMES)
        assert "Person 2" in inside(new, self.NAMES)

    def test_on_another_machine_by_the_newest_key_ring(self, old, tmp_path):
        new = installation.empty(tmp_path / "neu")
        told = restored(new, old.before.file, "--keys", old.paper)
        assert told["erased_again"] == 1
        assert "Person 1" not in inside(new, self.NAMES)
        assert len(ledger.read((new.keys / "ledger").read_text())) == 1

    def test_they_are_in_none_of_the_files_afterwards(self, old, tmp_path):
        sealed = inside(old, """
from kontaktstelle.privacy.backup.sealing import Kind, Reader
from kontaktstelle.privacy import keys
rows = [json.loads(line) for line in Reader(Path(sys.argv[2]), Kind.BACKUP, [keys.kek()]).lines() if sys.argv[3].encode() in line]
print(json.dumps([value for row in rows for value in row if isinstance(value, str) and value.startswith('AQ')]))
""", old.before.file, self.number_of(old))  # fmt: skip
        assert sealed, "the person was in the backup"
        new = installation.empty(tmp_path / "neu")
        restored(new, old.before.file, "--keys", old.paper)
        if new.vendor == "sqlite":
            import base64

            files = b"".join(file.read_bytes() for file in new.data.rglob("*") if file.is_file())
            assert not [each for each in sealed if base64.b64decode(each)[-24:] in files]

    def number_of(self, old):
        """Return the number of the erased person, as the backup has it: the one that is no longer here."""
        return inside(old, """
from kontaktstelle.privacy.backup.sealing import Kind, Reader
from kontaktstelle.privacy import keys
from kontaktstelle.relay.models import Party
lines = Reader(Path(sys.argv[2]), Kind.BACKUP, [keys.kek()]).lines()
inside = False
there = {str(each) for each in Party.unscoped.values_list('pk', flat=True)}
for line in lines:
    if line.startswith(b'{'):
        said = json.loads(line)
        inside = said.get('table') == 'relay.party'
        place = said.get('columns', []).index('id') if inside else 0
    elif inside and json.loads(line)[place] not in there:
        print(json.dumps(json.loads(line)[place]))
""", old.before.file)  # fmt: skip

    def test_somebody_whose_day_came_meanwhile_goes_too(self, tmp_path):
        made = installation.with_tables(tmp_path / "alt")
        inside(made, """
seeding.seed()
from datetime import timedelta
from kontaktstelle.relay.models import Party
someone = next(each for each in Party.unscoped.all() if each.name == 'Person 3')
Party.unscoped.filter(pk=someone.pk).update(erase_on=timezone.localdate())
""")  # fmt: skip
        backup = backed_up(made, tmp_path / "b")
        new = installation.empty(tmp_path / "neu")
        restored(new, backup.file, "--keys", paper_of(made, tmp_path))
        assert "Person 3" not in inside(new, self.NAMES)


class TestRotation:
    def test_an_older_backup_needs_its_own_paper_beside_the_new_one(self, tmp_path):
        made = installation.with_tables(tmp_path / "alt")
        inside(made, "seeding.seed()")
        old_paper = paper_of(made, tmp_path).rename(tmp_path / "altes-blatt.txt")
        before = backed_up(made, tmp_path / "b")
        assert made.program("keys", "rotate").returncode == 0
        after = backed_up(made, tmp_path / "b")
        new_paper = paper_of(made, tmp_path)

        one = installation.empty(tmp_path / "eins")
        assert restored(one, after.file, "--keys", new_paper)["closed"] == 0
        two = installation.empty(tmp_path / "zwei")
        assert "wurde mit dem Schlüssel" in restored(two, before.file, "--keys", new_paper)
        told = restored(two, before.file, "--keys", new_paper, "--keys", old_paper)
        assert (told["closed"], told["trail_broken"]) == (0, [])
        assert kek_of(two) == kek_of(made)

    def test_a_destroyed_month_stays_closed_in_a_forgotten_backup(self, tmp_path):
        made = installation.with_tables(tmp_path / "alt")
        inside(made, "seeding.seed()")
        before = backed_up(made, tmp_path / "b")
        inside(made, """
from kontaktstelle.groups.models import Group, GroupChange, ImportRun
from kontaktstelle.privacy import rotation
from datetime import timedelta
from kontaktstelle.relay.models import Party
Party.unscoped.all().delete(); GroupChange.unscoped.all().delete(); ImportRun.unscoped.all().delete(); Group.unscoped.update(note_sealed=None)
for kid in rotation.months():
    rotation.destroy(kid, by='test', at=timezone.now() + timedelta(days=40))
""")  # fmt: skip
        (made.keys / "ledger").unlink()
        inside(
            made, "from kontaktstelle.privacy.models import LedgerEntry; LedgerEntry.objects.all().delete()"
        )
        backed_up(made, tmp_path / "b")
        new = installation.empty(tmp_path / "neu")
        told = restored(new, before.file, "--keys", paper_of(made, tmp_path))
        assert told["opened"] == 0
        assert told["closed"] >= 9


class TestWhatABackupHolds:
    def test_it_holds_no_key_and_the_key_ring_none_that_is_not_wrapped(self, seeded):
        kek = kek_of(seeded.made)
        content = b"".join(Reader(Path(seeded.backup.file), Kind.BACKUP, [kek]).content())
        ring = keyring.read(Path(seeded.backup.keyring), [kek])
        ring_content = b"".join(Reader(Path(seeded.backup.keyring), Kind.KEY_RING, [kek]).content())
        raw = {kid: keys.opened_with(kek, kid, each) for kid, each in ring.wrapped.items()}
        assert len(raw) >= 3
        import base64

        secrets = [kek, *raw.values(), (seeded.made.keys / "signing.key").read_bytes()]
        for text in (content, ring_content):
            for secret in secrets:
                assert secret not in text
                assert base64.b64encode(secret)[:-4] not in text
                assert secret.hex().encode() not in text
        for each in ring.wrapped.values():
            assert base64.b64encode(each) not in content
        for file in (seeded.backup.file, seeded.backup.keyring):
            whole = Path(file).read_bytes()
            for word in (b"Kanarien", b"relay.party", b"cp1/", b"leitung@example.org"):
                assert word not in whole
            assert Path(file).stat().st_mode & 0o777 == 0o600

    def test_names_lie_sealed_even_inside(self, seeded):
        content = b"".join(Reader(Path(seeded.backup.file), Kind.BACKUP, [kek_of(seeded.made)]).content())
        assert b"leitung@example.org" in content, "what is not sealed can be read with the key"
        for word in (b"Karla", b"Person 1", b"Kanariennotiz", b"23125 778"):
            assert word not in content

    def test_nothing_is_left_lying_about(self, seeded):
        assert sorted(each.name for each in Path(seeded.backup.file).parent.iterdir()) == sorted(
            [Path(seeded.backup.file).name, Path(seeded.backup.keyring).name]
        )
        assert not [each for each in seeded.made.data.iterdir() if each.name.startswith(".sicherung")]

    def test_two_backups_in_one_second_are_two(self, seeded, tmp_path):
        made = inside(seeded.made, """
from kontaktstelle.privacy.backup import making
at = timezone.now()
print(json.dumps([str(making.back_up(Path(sys.argv[2]), by='test', at=at).file) for _ in range(2)]))
""", tmp_path / "b")  # fmt: skip
        assert len({Path(each) for each in made if Path(each).exists()}) == 2

    def test_the_key_ring_may_lie_elsewhere(self, seeded, tmp_path):
        made = backed_up(seeded.made, tmp_path / "b", "--keyring-to", tmp_path / "r")
        assert Path(made.keyring).parent == tmp_path / "r"
        new = installation.empty(tmp_path / "neu")
        assert "Schlüsselbund fehlt" in restored(new, made.file, "--keys", seeded.paper)
        assert restored(new, made.file, "--keys", seeded.paper, "--keyring", made.keyring)["closed"] == 0
