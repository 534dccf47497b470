"""The examples are loaded once per file of tests that only look at them, and taken back afterwards."""

from datetime import UTC, date, datetime

import pytest
from django.db import transaction

ON = date(2026, 3, 10)
AT = datetime(2026, 3, 10, 9, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker, installation_keys):
    """Return the counts of the example offices, which stand in the database for as long as this file's tests run."""
    from kontaktstelle import examples

    with django_db_blocker.unblock(), transaction.atomic():
        yield examples.load(on=ON, at=AT)
        transaction.set_rollback(True)


@pytest.fixture
def groups(loaded, db):
    """Return all example groups."""
    from kontaktstelle.groups.models import Group

    return list(
        Group.objects.everywhere()
        .filter(is_example=True)
        .select_related("contact_point", "venue", "site")
        .order_by("contact_point", "key")
    )


@pytest.fixture
def entries(loaded, db):
    """Return the public shapes of all example groups as plain values, by number of the group."""
    import json

    from kontaktstelle.directory.models import Entry

    return {group: json.loads(shape) for group, shape in Entry.objects.values_list("group", "shape")}
