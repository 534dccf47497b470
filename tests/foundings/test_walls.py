"""An interested person is found nowhere but sealed in their own office: first they are put there, then looked for."""

import email
import email.policy
from datetime import date, time
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from kontaktstelle.foundings import interested, meeting, starting, staying
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.foundings.models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    ListConsent,
    MeetingInvitation,
    Outreach,
    StartHelper,
)
from kontaktstelle.groups.models import Group
from kontaktstelle.mailroom import delivery
from kontaktstelle.organisation.tenancy import TenantModel, across_offices, acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from kontaktstelle.topics import tree
from support.desk import AT, CANARIES, KARLA, days_later
from support.foundings import LATER, appointed, brought_to, listed, make_venue, nth_person
from support.people import make_group

pytestmark = pytest.mark.django_db
MODELS = [
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    ListConsent,
    MeetingInvitation,
    Outreach,
    StartHelper,
]
KEPT_TOGETHER = import_module(
    "kontaktstelle.foundings.migrations.0002_rows_stay_in_their_office"
).KEPT_TOGETHER
# The office has a number that begins like Karla's.
MORE_CANARIES = [*(each for each in CANARIES if each != "23125"), "23125 778", "Kanariengründung", "Kanarie"]


@pytest.fixture
def told(office, counsellor):
    """Tell a whole story with Karla on the list, as founder, and as helper; return her founding."""
    with acting_for(office):
        starting.enrol(KARLA, ["grief"], by=counsellor, at=AT)
        founding = brought_to(FoundingStatus.GATHERING, counsellor)
        row = listed(founding, counsellor, KARLA, who=Interest.Who.AFFECTED, heard="doctor")
        listed(founding, counsellor, nth_person(2))
        interested.person_of(row, by=counsellor, at=AT)
        first = appointed(founding, counsellor, on=LATER)
        for each in meeting.invite(first, by=counsellor, at=AT):
            meeting.answer(each.pk, coming=True, by=counsellor, at=AT)
        meeting.hold(
            first,
            attended=4,
            minutes=meeting.Minutes(decided="Kanariennotiz"),
            by=counsellor,
            at=days_later(14),
        )
        staying.ask_again(row, by=counsellor, at=days_later(160))
        return founding


def stored():
    """Yield table and every value of every table, as bytes."""
    with across_offices(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    yield (
                        table,
                        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode(),
                    )


def test_no_value_of_any_table_tells_who_is_interested(told):
    assert Interest.unscoped.count() == 2
    for table, value in stored():
        for canary in MORE_CANARIES:
            assert canary.encode() not in value, (table, canary)


def test_no_row_shows_anything_when_it_is_printed(told):
    with across_offices():
        for model in MODELS:
            rows = list(model.objects.everywhere())
            assert rows, model
            for row in rows:
                assert str(row) == str(row.pk)
                assert "Kanarien" not in f"{row} {row!r}"


def test_the_trail_tells_that_somebody_looked_and_not_at_whom(told, counsellor):
    lines = TrailEntry.objects.filter(contact_point=counsellor.contact_point_id)
    actions = set(lines.values_list("action", flat=True))
    assert {
        "founding.begun",
        "interest.added",
        "interest.opened",
        "invitation.coming",
        "meeting.held",
        "interest.asked-again",
    } <= actions
    pk = str(Interest.unscoped.filter(who="affected").get().pk)
    for line in lines.values():
        assert pk not in str(line)
        assert "anarie" not in str(line)


def test_what_leaves_by_mail_names_neither_person_nor_topic_nor_founding(told, settings, tmp_path):
    settings.DATA_DIR, settings.SMTP_URL = tmp_path, ""
    delivery.work_once(days_later(161))
    mails = list((tmp_path / "mail").glob("*.eml"))
    assert len(mails) >= 3
    topic = tree.label("tinnitus")
    for file in mails:
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        assert len(message["To"].addresses) == 1
        said = f"{message['Subject']} {message['From']} {message.get_content()}"
        for word in ("Kanarien", topic, "Gründung", "Person 2", "Selbsthilfegruppe zu"):
            assert word not in said


def test_when_everybody_is_gone_nobody_is_left_in_relay(told, office):
    from support.nights import night

    assert Party.unscoped.count() == 4  # founder, helper, Karla, and one more
    with acting_for(office):
        for row in Interest.objects.filter(party__isnull=False):
            interested.withdraw(row, by=interested.Outside.INTERESTED, at=AT)
    night(at=days_later(800))
    assert Party.unscoped.count() == 2, "the founding goes on and the helper still helps"


def test_no_row_of_a_founding_is_seen_from_another_office(told, office_elsewhere):
    with acting_for(office_elsewhere):
        for model in MODELS:
            assert not model.objects.exists(), model


def test_every_key_between_rows_of_an_office_is_guarded():
    guarded = {(model, column) for model, column, _ in KEPT_TOGETHER}
    needed = {
        (model._meta.model_name, field.column)
        for model in apps.get_app_config("foundings").get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and issubclass(field.related_model, TenantModel)
    }
    assert needed == guarded


def test_every_guard_stands_in_the_database():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT name FROM sqlite_master WHERE type = 'trigger'"
            if connection.vendor == "sqlite"
            else "SELECT tgname FROM pg_trigger"
        )
        there = {name for (name,) in cursor.fetchall()}
    for model, column, _ in KEPT_TOGETHER:
        assert {f"{model}_{column}_on_insert_stays", f"{model}_{column}_on_update_stays"} <= there


def refused(step):
    with pytest.raises(IntegrityError), transaction.atomic():
        step()


def test_the_database_refuses_what_leads_to_another_office(told, office, office_elsewhere):
    with acting_for(office_elsewhere):
        group, venue = make_group(office_elsewhere), make_venue(office_elsewhere)
    with acting_for(office):
        refused(lambda: Founding.objects.filter(pk=told.pk).update(group=group))
        refused(lambda: Founding.objects.filter(pk=told.pk).update(joined=group))
        refused(
            lambda: FoundingMeeting.objects.create(
                contact_point=office,
                founding=told,
                kind="first",
                on=date(2026, 5, 1),
                starts=time(18),
                venue=venue,
            )
        )
    with acting_for(office_elsewhere):
        refused(
            lambda: CallText.objects.create(
                contact_point=office_elsewhere, founding=told, number=9, written_on=LATER
            )
        )
    assert Group.unscoped.count() == 1


def test_who_is_listed_without_an_end_is_refused_by_the_database(told, office):
    with acting_for(office):
        rows = Interest.objects.filter(status="listed")
        for column in ("consent_until", "erase_on", "party", "first_on"):
            refused(lambda column=column: rows.update(**{column: None}))
        refused(lambda: rows.update(status="withdrawn"))
