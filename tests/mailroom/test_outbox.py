"""Into the outbox with the step or not at all; sealed; taken back in time."""

import uuid

import pytest
from django.db import IntegrityError, connection, connections, transaction
from django.db.transaction import TransactionManagementError

from kontaktstelle.mailroom import delivery, figures, letters, outbox
from kontaktstelle.mailroom.addresses import MailAddress, Sender, SenderRefused
from kontaktstelle.mailroom.lifecycle import STEPS, Kind, Reason, Status, Way, WrongStatus, check_step
from kontaktstelle.mailroom.models import Dispatch, Enclosure
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.tenancy import TenantManager, TenantNotSet, across_offices, acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.nights import night

from .conftest import DAY, HOUR, KARLA, KARLAS_HOME, MINUTE, MONDAY, SECRET

pytestmark = pytest.mark.django_db
THING = uuid.UUID("00000000-0000-4000-8000-00000000000a")
CANARIES = (b"karla", b"Karla", b"Kanarien", b"example.org", SECRET.encode(), b"wartet auf Sie", b"Guten Tag")


def stored():
    """Everything the mailroom's tables hold, as bytes."""
    found = []
    with across_offices(), connection.cursor() as cursor:
        for table in ("mailroom_dispatch", "mailroom_enclosure"):
            cursor.execute(f"SELECT * FROM {table}")
            for row in cursor.fetchall():
                found += [
                    bytes(each) if isinstance(each, bytes | memoryview) else str(each).encode()
                    for each in row
                ]
    return b" ".join(found)


class TestWithTheStep:
    def test_a_step_that_is_rolled_back_leaves_no_message(self, sender, postbag):
        def step():
            with transaction.atomic():
                outbox.queue(
                    "mailroom/mail/access_changed", to=KARLA, sender=sender, kind=Kind.SINGLE, at=MONDAY
                )
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            step()
        assert not Dispatch.unscoped.exists()
        assert delivery.work_once(MONDAY) == 0
        assert postbag.taken == []

    def test_outside_a_transaction_nothing_is_queued(self, sender, monkeypatch):
        with monkeypatch.context() as patch:
            patch.setattr(connections["default"], "in_atomic_block", False)
            with pytest.raises(TransactionManagementError):
                outbox.queue(
                    "mailroom/mail/access_changed", to=KARLA, sender=sender, kind=Kind.SINGLE, at=MONDAY
                )
        assert not Dispatch.unscoped.exists()

    @pytest.mark.parametrize("to", ["karla@example.org", ["karla@example.org"], None, (KARLA, KARLA)])
    def test_a_recipient_is_one_by_type(self, put, to):
        with pytest.raises((AttributeError, TypeError)):
            put(to=to)
        assert not Dispatch.unscoped.exists()

    def test_what_is_not_to_go_yet_waits(self, put):
        put(not_before=MONDAY + 2 * HOUR)
        assert delivery.work_once(MONDAY + HOUR) == 0
        assert delivery.work_once(MONDAY + 2 * HOUR) == 1

    def test_a_letter_without_the_offices_own_address_is_refused(self, put):
        with pytest.raises(SenderRefused):
            put(to=KARLAS_HOME, sender=Sender(1, "Büro", "hier@example.org", "030"))

    def test_answers_go_to_the_office(self, office, put, postbag):
        put()
        delivery.work_once(MONDAY)
        assert f"\r\nReply-To: {office.email}\r\n".encode() in postbag.taken[0][2]


class TestSealed:
    def test_neither_address_nor_text_lies_in_the_database_in_clear(self, put, news):
        put("mailroom/mail/message_waiting", path=f"/post/{SECRET}/")
        put(to=KARLAS_HOME)
        news(THING, secret=SECRET)

        assert b"cp" in stored()
        assert [canary for canary in CANARIES if canary in stored()] == []

    def test_what_was_taken_is_erased_at_once_and_only_the_fact_stays(self, put, postbag):
        put("mailroom/mail/message_waiting", path=f"/post/{SECRET}/", about=THING)
        delivery.work_once(MONDAY)
        fact = Dispatch.unscoped.get()

        assert postbag.taken[0][0] == KARLA.text, "it could have been kept"
        assert fact.recipient_sealed is fact.content_sealed is None
        assert fact.recipient is fact.content is None
        assert (fact.status, fact.about, fact.done_at.date()) == (Status.SENT, THING, MONDAY.date())

    def test_two_messages_to_the_same_person_do_not_show_it(self, put):
        put()
        put()
        one, other = Dispatch.unscoped.all()
        assert bytes(one.recipient_sealed)[-40:] != bytes(other.recipient_sealed)[-40:]

    def test_a_message_printed_by_mistake_is_a_number(self, put):
        number = put()
        assert str(Dispatch.unscoped.get()) == str(number)
        assert "karla" not in repr(Dispatch.unscoped.get())


WRONG_ROWS = [
    {"recipient_sealed": None},
    {"content_sealed": None},
    {"recipient_sealed": None, "content_sealed": None},
    {"status": Status.SENT, "done_at": MONDAY},
    {"status": Status.CANCELLED, "done_at": MONDAY},
    {"status": Status.PRINTED, "done_at": MONDAY},
    {"status": Status.FAILED, "done_at": MONDAY},
    {"status": Status.FAILED, "reason": Reason.POISON},
    {"reason": Reason.POISON},
    {"status": Status.TO_PRINT},
    {"way": Way.LETTER},
    {"done_at": MONDAY},
    {"leased_until": MONDAY},
    {"leased_by": THING},
    {"posting_month": 202603, "posting_half": 1},
    {"kind": Kind.BUNDLED},
    {"kind": Kind.BUNDLED, "about": THING, "posting_month": 202603, "posting_half": 3},
    {"kind": Kind.BUNDLED, "posting_month": 202603, "posting_half": 1},
    {"status": "anything"},
]


@pytest.mark.parametrize("wrong", WRONG_ROWS, ids=str)
def test_the_database_itself_refuses_what_must_never_be(put, wrong):
    number = put()
    with pytest.raises(IntegrityError), transaction.atomic():
        Dispatch.unscoped.filter(pk=number).update(**wrong)


def test_the_database_refuses_a_third_bundle_of_a_month(put):
    rows = [put() for _ in range(3)]
    for row, half in zip(rows, (1, 2), strict=False):
        Dispatch.unscoped.filter(pk=row).update(
            kind=Kind.BUNDLED, about=THING, posting_month=202603, posting_half=half
        )
    for half in (1, 2, 3, 0, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            Dispatch.unscoped.filter(pk=rows[2]).update(
                kind=Kind.BUNDLED, about=THING, posting_month=202603, posting_half=half
            )


class TestTakenBack:
    def test_what_concerns_one_thing_is_taken_back_and_erased(self, office, put, news, postbag):
        put(about=THING)
        put(to=KARLAS_HOME, about=THING)
        news(THING)
        other = put(about=uuid.uuid4())
        with acting_for(office):
            assert outbox.withdraw(about=THING, by="counsellor", at=MONDAY) == 2
        delivery.work_once(MONDAY + 60 * DAY)

        assert [message_id for _, message_id, _ in postbag.taken] == [f"<{other.hex}@example.org>"]
        assert not Enclosure.unscoped.exists()
        assert set(Dispatch.unscoped.filter(about=THING).values_list("status", "recipient_sealed")) == {
            (Status.CANCELLED, None)
        }

    def test_what_has_left_cannot_be_taken_back(self, office, put):
        number = put(about=THING)
        delivery.work_once(MONDAY)
        with acting_for(office):
            assert outbox.withdraw(about=THING, by="counsellor", at=MONDAY) == 0
            with pytest.raises(WrongStatus) as refused:
                outbox.cancel(number, by="counsellor", at=MONDAY)
        assert refused.value.sentence == "Eine Sendung „versandt“ kann nicht „zurückgezogen“ werden."

    def test_what_is_being_sent_at_this_moment_is_not_promised_back(self, office, put):
        number = put(about=THING)
        delivery._lease(MONDAY)
        with acting_for(office):
            assert outbox.withdraw(about=THING, by="counsellor", at=MONDAY + MINUTE) == 0
            with pytest.raises(outbox.IsBeingSent):
                outbox.cancel(number, by="counsellor", at=MONDAY + MINUTE)
            outbox.cancel(number, by="counsellor", at=MONDAY + 6 * MINUTE)

    def test_each_such_step_stands_in_the_trail_without_anybodys_name(self, office, put):
        number = put()
        with acting_for(office):
            outbox.cancel(number, by="counsellor", at=MONDAY)
        line = TrailEntry.objects.get(action="dispatch.cancelled")
        assert line.object_mac == trail.object_mac("mailroom.dispatch", number)
        assert line.contact_point == office.pk


class TestAgain:
    def failed(self, put, postbag, reply=550):
        from kontaktstelle.mailroom.carriers import Never

        postbag.answers = [Never(reply)]
        number = put()
        delivery.work_once(MONDAY)
        return number

    def test_what_failed_is_shown_and_goes_again(self, office, put, postbag):
        number = self.failed(put, postbag)
        with acting_for(office):
            (shown,) = figures.failures()
            assert shown.number == number
            assert shown.subject == "An Ihrem Zugang wurde etwas geändert"
            assert shown.reason == "Der Mail-Server hat die Adresse oder die Nachricht abgelehnt."
            outbox.send_again(number, by="counsellor", at=MONDAY + HOUR)
            assert figures.failures() == []
        assert delivery.work_once(MONDAY + HOUR) == 1

    def test_after_a_week_there_is_nothing_left_to_send(self, office, put, postbag):
        number = self.failed(put, postbag)
        night(at=MONDAY + 7 * DAY + MINUTE)
        with acting_for(office):
            assert [shown.can_be_sent_again for shown in figures.failures()] == [False]
            with pytest.raises(outbox.AlreadyErased):
                outbox.send_again(number, by="counsellor", at=MONDAY + 8 * DAY)
            outbox.cancel(number, by="counsellor", at=MONDAY + 8 * DAY)

    def test_what_waits_or_has_left_is_not_sent_again(self, office, put):
        number = put()
        with acting_for(office):
            with pytest.raises(WrongStatus):
                outbox.send_again(number, by="counsellor", at=MONDAY)
            delivery.work_once(MONDAY)
            with pytest.raises(WrongStatus):
                outbox.send_again(number, by="counsellor", at=MONDAY)


@pytest.mark.parametrize("now", Status)
@pytest.mark.parametrize("to", Status)
def test_the_table_knows_every_move(now, to):
    if to in STEPS[now]:
        check_step(now, to)
    else:
        with pytest.raises(WrongStatus):
            check_step(now, to)


class TestTheWall:
    @pytest.mark.parametrize("model", [Dispatch, Enclosure])
    def test_rows_stand_behind_it(self, model, put, news, office, office_elsewhere):
        put(), news(THING)
        assert isinstance(model._default_manager, TenantManager)
        with pytest.raises(TenantNotSet):
            model.objects.count()
        with acting_for(office_elsewhere):
            assert model.objects.count() == 0
        with acting_for(office):
            assert model.objects.count() == 1

    def test_another_office_takes_nothing_back_prints_nothing_and_sees_nothing(
        self, put, news, office_elsewhere
    ):
        mail, letter = put(about=THING), put(to=KARLAS_HOME, about=THING)
        news(THING)
        with acting_for(office_elsewhere):
            assert outbox.withdraw(about=THING, by="x", at=MONDAY) == 0
            for step in (outbox.cancel, outbox.send_again):
                with pytest.raises(Dispatch.DoesNotExist):
                    step(mail, by="x", at=MONDAY)
            assert letters.letters_to_print(at=MONDAY) == []
            assert letters.mark_printed([letter], by="x", at=MONDAY) == 0
            with pytest.raises(letters.NothingToPrint):
                letters.print_run(by="x", at=MONDAY)
            assert figures.post_counts(at=MONDAY) == figures.PostCounts(0, 0, 0, 0)
        assert Enclosure.unscoped.count() == 1

    def test_an_office_counts_its_own(self, office, put, news):
        put(), put(to=KARLAS_HOME), put(to=KARLAS_HOME, not_before=MONDAY + DAY), news(THING)
        with acting_for(office):
            assert figures.post_counts(at=MONDAY) == figures.PostCounts(
                waiting=1, gathered=1, to_print=1, failed=0
            )


class TestLetterhead:
    def test_an_office_writes_as_it_appears_everywhere(self, office):
        assert letterhead(office) == Sender(
            office.pk, office.name, office.email, office.phone, "Beispielstraße 1", "59423 Unna"
        )

    def test_a_site_writes_with_its_own_number(self, office):
        site = office.sites.create(
            code="zwei", name="Zwei", street="Allee 2", postcode="44532", town="Lünen", phone="030 23125 200"
        )
        assert (letterhead(office, site=site).phone, letterhead(office, site=site).town) == (
            "030 23125 200",
            "44532 Lünen",
        )

    def test_an_office_without_address_cannot_write_yet(self, office):
        office.email = ""
        with pytest.raises(SenderRefused):
            letterhead(office)

    def test_an_office_without_site_can_write_mails(self, office):
        office.sites.all().delete()
        assert letterhead(office).street == ""
        assert isinstance(KARLA, MailAddress)
