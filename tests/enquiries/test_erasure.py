"""When the person is gone nothing sings: canaries are put in, seen, and then looked for byte by byte."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from kontaktstelle.enquiries import (
    clearing,
    figures,
    hand_over,
    log,
    threads,
)
from kontaktstelle.enquiries.figures import ByReferral, Period
from kontaktstelle.enquiries.models import (
    CallBack,
    Clearing,
    Consent,
    Contact,
    Enquiry,
    Note,
    PostedForm,
    Referral,
)
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from support.desk import AT, CANARIES, a_whole_thread, days_later, make_enquiry, make_staff
from support.nights import night
from support.people import make_group

YEAR = Period.year(2026)


def stored():
    """Return every byte of our tables."""
    found = []
    with across_offices(), connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += [
                bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
                for row in cursor.fetchall()
                for value in row
            ]
    return b"\n".join(found)


@pytest.mark.django_db
@pytest.mark.usefixtures("here")
class TestOneThread:
    def test_before_it_could_be_read_and_after_it_is_gone(self, office, group, counsellor):
        enquiry = a_whole_thread(office, group, counsellor)
        assert Note.objects.get().text == "Kanariennotiz, lang"
        assert Contact.objects.get().municipality == "Kanariendorf"
        assert Party.objects.count() == 2
        assert night(at=days_later(90)) == {"enquiries.callback": 1, "enquiries.enquiry": 1}

        assert not any(model.objects.exists() for model in (Note, Party, CallBack))
        gone = Enquiry.objects.get(pk=enquiry.pk)
        assert (gone.de_identified, gone.party, gone.covered_by_id, gone.opened_at, gone.phone_index) == (
            True,
            None,
            None,
            None,
            "",
        )
        contact = Contact.objects.get()
        assert (
            contact.day,
            contact.note_sealed,
            contact.entered_at,
            contact.entered_by_id,
            contact.enquiry_id,
        ) == (None,) * 5
        assert (contact.month, contact.who, contact.topics, contact.kreis_key) == (
            date(2026, 3, 1),
            "affected",
            ["anxiety-panic"],
            "05978",
        )

    def test_no_way_leads_from_a_count_to_another(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        night(at=days_later(90))
        row, talk, proof = Referral.objects.get(), Clearing.objects.get(), Consent.objects.get()
        assert (row.enquiry_id, row.asked_on, row.answered_on, row.drafted_at) == (None,) * 4
        assert (talk.enquiry_id, talk.discussed_on, proof.referral_id, proof.recorded_by_id) == (None,) * 4

    def test_the_figures_stand(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        before = [figures.referrals(YEAR, by) for by in ByReferral] + [
            figures.clearings(YEAR),
            figures.enquiries(YEAR),
        ]
        night(at=days_later(90))
        assert [figures.referrals(YEAR, by) for by in ByReferral] + [
            figures.clearings(YEAR),
            figures.enquiries(YEAR),
        ] == before
        assert figures.referrals(YEAR, ByReferral.RESULT).of("in-contact") == 1

    def test_a_night_worked_twice_does_nothing_the_second_time(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        night(at=days_later(90))
        lines = TrailEntry.objects.count()
        assert night(at=days_later(90)) == {}
        assert TrailEntry.objects.count() == lines

    def test_the_proof_of_consent_ends_with_the_third_year(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        night(at=days_later(90))
        assert Consent.objects.get().erase_on == date(2029, 12, 31)
        night(at=days_later(365 * 4))
        assert not Consent.objects.exists()

    def test_an_open_enquiry_keeps_its_contact_however_long(self, office, counsellor):
        make_enquiry(office, counsellor)
        night(at=days_later(200))
        assert Contact.objects.get().day == date(2026, 3, 10)

    def test_after_erasure_nothing_is_written_to_it(self, office, group, counsellor):
        enquiry = a_whole_thread(office, group, counsellor)
        night(at=days_later(90))
        for step in (
            lambda: threads.write_note(enquiry, "x", by=counsellor, at=days_later(91)),
            lambda: threads.take_up(enquiry, by=counsellor, at=days_later(91)),
            lambda: clearing.record(enquiry, ["fits"], by=counsellor, at=days_later(91)),
        ):
            with pytest.raises(threads.PersonIsGone):
                step()
        contact = Contact.objects.get()
        for step in (
            lambda: log.recode(contact, {"who": "press"}, by=counsellor, at=days_later(91)),
            lambda: log.date_back(contact, date(2026, 6, 1), by=counsellor, at=days_later(91)),
            lambda: log.open_enquiry(contact, by=counsellor, at=days_later(91)),
        ):
            with pytest.raises(log.AlreadyAnonymous):
                step()

    def test_the_database_refuses_a_person_on_what_is_de_identified(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        night(at=days_later(90))
        for rows, value in (
            (Contact, {"day": date(2026, 3, 10)}), (Contact, {"note_sealed": b"x"}), (Enquiry, {"phone_index": "x"}), (Referral, {"asked_on": date(2026, 3, 10)}),
        ):  # fmt: skip
            with pytest.raises(IntegrityError), transaction.atomic():
                rows.objects.update(**value)

    def test_notes_left_for_the_team_and_keys_of_forms_go_too(self, counsellor):
        from uuid import uuid4

        hand_over.leave_note("Kanariennotiz", by=counsellor, at=AT, form_key=uuid4())
        night(at=days_later(3))
        assert not PostedForm.objects.exists()
        assert night(at=days_later(30)) == {"enquiries.handovernote": 1}

    def test_every_office_s_people_go_in_one_night_each_in_its_own_trail(
        self, office, group, counsellor, office_elsewhere
    ):
        a_whole_thread(office, group, counsellor)
        with acting_for(office_elsewhere):
            a_whole_thread(office_elsewhere, make_group(office_elsewhere), make_staff(office_elsewhere))
        assert night(at=days_later(90)) == {"enquiries.callback": 2, "enquiries.enquiry": 2}
        for each in (office, office_elsewhere):
            assert (
                TrailEntry.objects.filter(contact_point=each.pk, action="enquiry.de-identified").count() == 1
            )
        assert not Party.unscoped.exists()

    def test_nothing_sealed_stands_in_clear_even_before(self, office, group, counsellor):
        a_whole_thread(office, group, counsellor)
        sealed = [canary for canary in CANARIES if canary not in {"Kanariendorf", "59999", "23125"}]
        assert [canary for canary in sealed if canary.encode() in stored()] == []


def test_after_a_night_the_file_of_the_database_holds_no_canary_and_no_ciphertext(tmp_path):
    """In an installation of its own: what was deleted must be overwritten in the file (secure_delete)."""
    environment = {
        name: value for name, value in os.environ.items() if name != "KONTAKTSTELLE_DATABASE_URL"
    } | {"KONTAKTSTELLE_DATA": str(tmp_path / "data"), "KONTAKTSTELLE_KEYS": str(tmp_path / "keys")}
    environment["PYTHONPATH"] = os.pathsep.join([*sys.path, str(Path(__file__).parents[1])])
    (tmp_path / "data").mkdir()
    said = subprocess.run(
        [sys.executable, "-m", "support.one_night"],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )
    night = json.loads(said.stdout)

    assert night["put_in"] > 10
    assert night["found_before"] == night["put_in"]
    # The Gemeinde stays as a bare number of its month, the index of the address as proof of the consent.
    assert night["left"] == ["Kanariendorf", "proof"]


def test_what_is_deleted_is_overwritten_in_the_file():
    assert settings.SQLITE_PRAGMAS["secure_delete"] == "ON"
