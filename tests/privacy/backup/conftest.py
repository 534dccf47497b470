"""One seeded installation with a backup and its paper copy, made once for all tests that only read it."""

import json
import os
from types import SimpleNamespace

import pytest

from kontaktstelle.privacy.backup import restoring
from support import installation, tables

# What is run inside an installation finds the tests' own modules.
INSIDE = "import sys; sys.path.insert(0, sys.argv[1]); import seeding\n"


def inside(made, code, *arguments, apart=False):
    from pathlib import Path

    return made.code(INSIDE + code, Path(__file__).parent, *arguments, apart=apart)


def restored(made, file, *options, typed=None):
    """Restore into an installation; return what was said, or the sentence it was refused with."""
    done = made.program("restore", file, *options, "--json", typed=typed)
    assert "Traceback" not in done.stderr, done.stderr
    return json.loads(done.stdout) if done.returncode != 2 else done.stderr.strip()


def untouched(made):
    """Say whether nothing at all was written."""
    nothing = not made.data.exists() and not made.keys.exists()
    if made.vendor == "postgresql":
        nothing = nothing and made.code("print(json.dumps(connection.introspection.table_names() == []))")
    return nothing


@pytest.fixture(autouse=True)
def _tables_from_a_pattern(monkeypatch, request):
    """Copy tables where only rows matter; tests marked `migrates` really migrate."""
    if (
        request.node.get_closest_marker("migrates")
        or os.environ.get("KONTAKTSTELLE_TEST_DATABASE") == "postgresql"
    ):
        return
    monkeypatch.setattr(restoring.rows, "migrate_to", tables.copied_to)


def paper_of(made, folder):
    """Write the paper copy of an installation down as somebody types it."""
    file = folder / "abgetippt.txt"
    lines = made.code("from kontaktstelle.privacy import paper; print(json.dumps(paper.lines(paper.here())))")
    file.write_text("\n".join(lines), encoding="utf-8")
    return file


def backed_up(made, folder, *more):
    """Make a backup and return its file and its key ring."""
    import json

    done = made.program("backup", "--to", folder, "--json", *more)
    assert done.returncode == 0, done.stderr
    return SimpleNamespace(**json.loads(done.stdout))


@pytest.fixture(scope="session")
def seeded(tmp_path_factory):
    """An installation with everything in it, its backup, key ring and paper; nobody changes it."""
    folder = tmp_path_factory.mktemp("gesichert")
    made = installation.with_tables(folder / "alt")
    persons = inside(made, "print(json.dumps(seeding.seed()))")
    before = inside(made, "print(json.dumps(seeding.everything()))")
    backup = backed_up(made, folder / "b")
    return SimpleNamespace(
        made=made,
        persons=persons,
        everything=before,
        backup=backup,
        paper=paper_of(made, folder),
        folder=folder,
    )
