"""What the tests of import share: an import in one word, files made on the spot, groups as they stand."""

from datetime import UTC, date, datetime

import pytest

A_MOMENT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)
PAPER = {"basis": "existing-paper", "basis_on": date(2024, 1, 2), "basis_by": "Leitung"}


@pytest.fixture
def bring_in(office):
    """Import a file, or rows of text, into the office."""
    from kontaktstelle.groups.importing import import_file

    def bring(path, **options):
        options = {"contact_point": office, "by": "test", "at": A_MOMENT, **options}
        return import_file(path, **options)

    return bring


@pytest.fixture
def listing(tmp_path):
    """Write a CSV file of rows (lists of cells, or plain text) and return its path."""
    import csv

    def write(*rows, name="liste.csv", encoding="utf-8", separator=";"):
        path = tmp_path / name
        if len(rows) == 1 and isinstance(rows[0], bytes):
            path.write_bytes(rows[0])
            return path
        with path.open("w", encoding=encoding, newline="") as file:
            for row in rows:
                if isinstance(row, str):
                    file.write(row + "\r\n")
                else:
                    csv.writer(file, delimiter=separator).writerow(row)
        return path

    return write


@pytest.fixture
def groups_of(office):
    """Return the office's groups by name."""
    from kontaktstelle.groups.models import Group
    from kontaktstelle.organisation.tenancy import acting_for

    def groups(whose=office):
        with acting_for(whose):
            return {group.name: group for group in Group.objects.select_related("venue").order_by("name")}

    return groups


@pytest.fixture
def persons_of(office):
    """Return the addresses of a group's contact persons, in order."""
    from kontaktstelle.groups.models import ContactPerson
    from kontaktstelle.organisation.tenancy import acting_for
    from kontaktstelle.relay.parties import address_of

    def persons(group):
        with acting_for(office):
            return [
                address_of(person.party)
                for person in ContactPerson.objects.filter(group=group).order_by("position")
            ]

    return persons


@pytest.fixture
def stored(office):
    """Return every row of every table an import may touch, column by column, to compare two moments."""
    from kontaktstelle.directory.models import Entry
    from kontaktstelle.groups.models import ContactPerson, Group, Venue
    from kontaktstelle.relay.models import Party

    def everything():
        rows = {}
        for model in (Group, ContactPerson, Venue, Party):
            rows[model.__name__] = sorted((repr(row) for row in model.objects.everywhere().values()), key=str)
        rows["Entry"] = sorted(Entry.objects.values_list("group", "shape"), key=str)
        return rows

    return everything
