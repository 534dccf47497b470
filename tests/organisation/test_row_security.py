"""On PostgreSQL the database itself keeps offices apart: SQL that forgets the office finds nothing and writes nothing."""

import uuid
from contextlib import nullcontext
from datetime import date

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, transaction

from kontaktstelle.mailroom.models import Dispatch, Enclosure
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy import checks, restriction, row_security
from kontaktstelle.privacy.models import Restriction
from kontaktstelle.privacy.tenancy import TenantManager
from kontaktstelle.relay.models import Party
from support.people import A_MOMENT

from .test_tenancy import TENANT_MODELS, make

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no row-level security"),
]
MODELS = [*TENANT_MODELS, Dispatch, Enclosure, Restriction]
# The policy, or before it the trigger that keeps what hangs together in one office.
REFUSED = "row-level security|row of another contact point"


def row_of(model, office):
    """Make a row of this office."""
    if model is Restriction:
        with acting_for(office):
            return restriction.lay(
                uuid.uuid4(),
                reason="Die Person bittet darum.",
                until=date(2026, 6, 1),
                by=uuid.uuid4(),
                at=A_MOMENT,
            )
    if model not in {Dispatch, Enclosure}:
        return make(model, office)
    values = {"contact_point_id": office.pk, "template": "x", "way": "mail", "queued_at": A_MOMENT}
    if model is Dispatch:
        values |= {"kind": "single", "status": "waiting", "next_at": A_MOMENT}
    else:
        values |= {"about": uuid.uuid4(), "posting_month": 202603, "posting_half": 2}
    row = model(**values)
    row.recipient, row.content = "karla@example.org", "{}"
    with acting_for(office):
        row.save(force_insert=True)
    return row


def sql(statement, *values):
    """Run a statement through the connection the application uses; return how many rows it met."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.rowcount


def test_every_table_of_a_tenant_stands_behind_the_wall():
    assert {model._meta.db_table for model in MODELS} == set(row_security.tables())
    assert row_security.unguarded() == []


def test_what_is_asked_for_by_an_office_belongs_to_a_tenant():
    """A model with the wall's manager under another name would be left out."""
    for model in apps.get_models():
        if any(isinstance(each, TenantManager) for each in model._meta.managers):
            assert model._meta.db_table in row_security.tables(), model


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("whose", ["another office's", "nobody's"])
def test_sql_that_names_no_office_meets_no_row_of_another(office, office_elsewhere, model, whose):
    row = row_of(model, office)
    table, key = model._meta.db_table, model._meta.pk.column
    with acting_for(office):
        assert sql(f"SELECT 1 FROM {table} WHERE {key} = %s", row.pk) == 1, "there is something to be seen"
    with acting_for(office_elsewhere) if whose.startswith("another") else nullcontext():
        assert sql(f"SELECT 1 FROM {table} WHERE {key} = %s", row.pk) == 0
        assert sql(f"UPDATE {table} SET contact_point_id = %s", office_elsewhere.pk) == 0
        assert sql(f"DELETE FROM {table}") == 0
    with acting_for(office):
        assert sql(f"SELECT 1 FROM {table} WHERE {key} = %s", row.pk) == 1, "and nobody touched it"


@pytest.mark.parametrize("model", MODELS)
def test_no_office_writes_a_row_for_another(office, office_elsewhere, model):
    row = row_of(model, office)
    table, key = model._meta.db_table, model._meta.pk.column
    columns = ", ".join(
        f'"{field.column}"'
        for field in model._meta.concrete_fields
        if field.column != key and not field.generated
    )
    with acting_for(office_elsewhere), across_offices():
        sql(
            f"CREATE TEMPORARY TABLE copied ON COMMIT DROP AS SELECT {columns} FROM {table} WHERE {key} = %s",
            row.pk,
        )
    new_key = "gen_random_uuid()" if "uuid" in model._meta.pk.db_type(connection) else "987654321"
    for_office = f"INSERT INTO {table} ({key}, {columns}) SELECT {new_key}, {columns} FROM copied"
    with (
        acting_for(office_elsewhere),
        pytest.raises(DatabaseError, match=REFUSED),
        transaction.atomic(),
    ):
        sql(for_office)
    with acting_for(office), pytest.raises(DatabaseError, match=REFUSED), transaction.atomic():
        sql(f"UPDATE {table} SET contact_point_id = %s", office_elsewhere.pk)
    assert row_security.unguarded() == []


class TestTheScope:
    @pytest.fixture
    def seen(self, office, office_elsewhere):
        """A way to count what a forgotten filter would see: one row here, two elsewhere."""
        for whose in (office, office_elsewhere, office_elsewhere):
            row_of(Party, whose)
        return lambda: sql("SELECT 1 FROM relay_party")

    def test_blocks_may_be_nested_and_left_by_an_error(self, office, office_elsewhere, seen):
        assert seen() == 0
        with acting_for(office):
            assert seen() == 1
            with acting_for(office_elsewhere):
                assert seen() == 2
                with across_offices():
                    assert seen() == 3
                    with acting_for(office):
                        assert seen() == 1
                assert seen() == 2
            with pytest.raises(ZeroDivisionError), acting_for(office_elsewhere):
                raise ZeroDivisionError
            assert seen() == 1
        assert seen() == 0

    def test_what_a_rollback_undid_is_told_again(self, office, office_elsewhere, seen):
        with acting_for(office):
            with (
                pytest.raises(ZeroDivisionError, match="2"),
                transaction.atomic(),
                acting_for(office_elsewhere),
            ):
                raise ZeroDivisionError(seen())
            assert seen() == 1
            with acting_for(office_elsewhere):
                with pytest.raises(ZeroDivisionError, match="2"), transaction.atomic():
                    raise ZeroDivisionError(seen())
                assert seen() == 2

    def test_after_a_refused_statement_the_wall_stands(self, office, office_elsewhere, seen):
        with acting_for(office):
            with pytest.raises(DatabaseError), transaction.atomic(), acting_for(office_elsewhere):
                sql("SELECT 1/0")
            assert seen() == 1
        assert seen() == 0

    def test_looking_everywhere_lasts_for_one_question(self, office, seen):
        assert Party.objects.everywhere().count() == 3
        assert seen() == 0
        with acting_for(office):
            everybodys = Party.objects.everywhere()
            assert len(everybodys.order_by("pk")[:5]) == 3
            assert sum(1 for _ in everybodys.iterator()) == 3
            assert seen() == 1, "a list of all offices opened nothing else"
            assert [seen() for _ in everybodys.iterator()] == [1, 1, 1]
            assert everybodys.filter(contact_point=office).update(registered_on="2026-03-11") == 1

    def test_django_s_own_machinery_is_no_way_round(self, office, office_elsewhere):
        row = row_of(Party, office)
        row.name = "Erika Muster"
        with acting_for(office_elsewhere):
            with pytest.raises((DatabaseError, IntegrityError)), transaction.atomic():
                row.save()
            key = row.pk
            assert row.delete()[0] == 0
        with acting_for(office):
            assert Party.objects.filter(pk=key).exists()


def test_a_connection_that_is_used_again_remembers_no_office_and_a_new_one_is_told():
    other = connection.copy()

    def told():
        with other.cursor() as cursor:
            cursor.execute("SELECT current_setting('kontaktstelle.office', true)")
            return cursor.fetchone()[0]

    try:
        with acting_for(7):
            assert told() == "7"
        other.close_if_unusable_or_obsolete()
        assert not told()
        with acting_for(7):
            assert told() == "7"
            other.close()
            assert told() == "7"
    finally:
        other.close()


def test_a_table_left_open_is_named_and_closed_by_the_next_setup(office):
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE relay_party NO FORCE ROW LEVEL SECURITY")
    [said] = [each for each in checks.database_keeps_what_it_acknowledged() if each.id == "privacy.E023"]
    assert "relay_party" in str(said.msg)
    row_security.guard()
    assert row_security.unguarded() == []


def test_the_role_of_the_application_has_no_special_rights():
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False, False)
    assert Staff._meta.db_table not in row_security.tables(), (
        "who signs in is looked for before an office is known"
    )
