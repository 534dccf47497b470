"""Rows of one office hang together: the database itself refuses what leads to another office, on insert and on update."""

from datetime import date
from importlib import import_module

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, transaction

from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry, Note
from kontaktstelle.organisation.tenancy import TenantModel, acting_for
from kontaktstelle.relay import channels
from kontaktstelle.relay.models import Channel, Message, ReceiptCode, Side
from support.desk import AT, KARLA, make_contact, make_enquiry

pytestmark = pytest.mark.django_db
MIGRATIONS = "kontaktstelle.enquiries.migrations"
KEPT_TOGETHER = [
    *import_module(f"{MIGRATIONS}.0002_rows_stay_in_their_office").KEPT_TOGETHER,
    *(("intake", column, to) for column, to in import_module(f"{MIGRATIONS}.0003_intake").KEPT_TOGETHER),
]
BELOW = import_module(f"{MIGRATIONS}.0004_messages_stay_in_their_office").KEPT_TOGETHER


def test_every_key_between_rows_of_an_office_is_guarded():
    guarded = {(model, column) for model, column, _ in KEPT_TOGETHER}
    needed = {
        (model._meta.model_name, field.column)
        for model in apps.get_app_config("enquiries").get_models()
        for field in model._meta.concrete_fields
        if field.is_relation and (issubclass(field.related_model, TenantModel) or field.column == "site_id")
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
    for table, column, _ in BELOW:
        assert {f"{table}_{column}_on_insert_stays", f"{table}_{column}_on_update_stays"} <= there


def refused(step):
    with pytest.raises(IntegrityError), transaction.atomic():
        step()


def test_a_contact_has_no_site_and_no_enquiry_of_another_office(
    office, office_elsewhere, counsellor, counsellor_elsewhere
):
    contact = make_contact(office, counsellor)
    theirs = make_enquiry(office_elsewhere, counsellor_elsewhere)
    with acting_for(office):
        rows = Contact.objects.filter(pk=contact.pk)
        refused(lambda: rows.update(site=office_elsewhere.sites.get()))
        refused(lambda: rows.update(enquiry=theirs))
        refused(lambda: rows.update(contact_point=office_elsewhere, site=office.sites.get()))
        assert rows.update(site=office.sites.get()) == 1


def test_notes_and_promises_do_not_hang_on_an_enquiry_of_another_office(
    office, office_elsewhere, counsellor, counsellor_elsewhere
):
    theirs, ours = (
        make_enquiry(office_elsewhere, counsellor_elsewhere),
        make_enquiry(office, counsellor, person=KARLA),
    )
    with acting_for(office):
        refused(lambda: Note.objects.create(contact_point=office, enquiry=theirs, written_at=AT))
        refused(
            lambda: CallBack.objects.create(
                contact_point=office,
                enquiry=theirs,
                party=ours.party,
                due_on=date(2026, 3, 12),
                promised_at=AT,
            )
        )


def test_an_enquiry_shows_as_its_number_and_a_contact_as_nothing_that_tells(office, counsellor):
    enquiry, contact = (
        make_enquiry(office, counsellor, person=KARLA),
        make_contact(office, counsellor, note="Kanariennotiz"),
    )
    for row in (enquiry, contact):
        assert "Kanarien" not in f"{row} {row!r}"
    assert Enquiry.unscoped.get(pk=enquiry.pk).number == str(enquiry)


def test_what_somebody_wrote_never_hangs_on_a_channel_or_an_enquiry_of_another_office(
    office, office_elsewhere, counsellor, counsellor_elsewhere
):
    ours, theirs = make_enquiry(office, counsellor), make_enquiry(office_elsewhere, counsellor_elsewhere)
    with acting_for(office_elsewhere):
        channel = channels.open_channel(theirs.pk, by="seeker", at=AT)
        channels.tell(channel, "Kanarienwort", side=Side.SEEKER, by="seeker", at=AT)
    with acting_for(office):
        refused(lambda: channels.open_channel(theirs.pk, by="seeker", at=AT))
        mine = channels.open_channel(ours.pk, by="seeker", at=AT)
        refused(
            lambda: Message.objects.create(
                contact_point=office, channel=channel, side=Side.SEEKER, sent_at=AT
            )
        )
        refused(lambda: Channel.objects.filter(pk=mine.pk).update(about=theirs.pk))
        refused(
            lambda: ReceiptCode.objects.create(
                contact_point=office, about=theirs.pk, lookup="x", proof="x", expires_on=date(2026, 3, 12)
            )
        )
        assert Message.objects.count() == 0
