"""The register of periods: nothing without a rule, nothing late, nothing early, nothing twice."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from django.apps import apps
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from kontaktstelle.cli import documents
from kontaktstelle.enquiries.models import Enquiry, Note
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ContactPerson, Group, GroupChange, ImportRun
from kontaktstelle.groups.retention import DISSOLVED_DAYS, IMPORT_DAYS
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Kind, Status
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation import staff_steps
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Closing, Traeger
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.privacy import ledger, retention, trail
from kontaktstelle.privacy.models import LedgerEntry, TrailEntry
from kontaktstelle.privacy.retention import Period, Rule, Then, kept
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, register_party
from support import installation
from support.canaries import make_canary
from support.desk import AT, KARLA, a_whole_thread, make_enquiry, make_staff
from support.nights import night
from support.people import make_group, make_office

NOON = datetime(2026, 3, 10, 11, tzinfo=UTC)
TODAY = date(2026, 3, 10)


def party(office, erase_on=None):
    return register_party(
        Address("Karla Kanarienvogel", "030 23125 778"), contact_point=office.pk, on=TODAY, erase_on=erase_on
    )


def left():
    return set(Party.unscoped.values_list("pk", flat=True))


class TestRegister:
    @pytest.mark.parametrize("model", apps.get_models(), ids=lambda model: model._meta.label)
    def test_every_model_says_how_long_it_keeps_what(self, model):
        assert [rule for rule in retention.rules() if rule.model is model], (
            f"{model._meta.label} has no rule. Add one in the module `retention` of its app."
        )

    def test_every_rule_gives_a_ground_in_german_and_erasing_ones_a_period(self):
        for rule in retention.rules():
            assert rule.what, rule
            assert rule.ground, rule
            if rule.then in {Then.ERASE, Then.DE_IDENTIFY}:
                assert rule.since, rule
                days, at_least, at_most, _ = rule.period
                assert (at_least is None) == (at_most is None), rule
                assert at_least is None or at_least <= days <= at_most, rule

    def test_what_goes_with_another_goes_with_one_that_has_a_rule(self):
        ruled = {rule.label for rule in retention.rules()}
        assert {rule.goes_with for rule in retention.rules() if rule.goes_with} <= ruled

    def test_the_document_is_that_of_the_rules(self):
        file = Path(__file__).parents[2] / "docs" / "reference" / "retention.md"
        assert file.read_text(encoding="utf-8") == documents.retention()

    @pytest.mark.parametrize(
        "rule",
        [
            Rule(Closing, Then.ERASE, what="x", ground="x", since="x", period=Period(1)),
            Rule(Closing, Then.KEEP, what="x", ground="x", due=lambda _: Q()),
            Rule(Closing, Then.DE_IDENTIFY, what="x", ground="x", due=lambda _: Q()),
            Rule(Closing, Then.WITH, what="x", ground="x"),
            kept(Closing, because="twice"),
        ],
    )
    def test_half_a_rule_stops_the_start(self, rule):
        before = retention.rules()
        with pytest.raises(ValueError, match=r"organisation\.closing"):
            retention.register(rule)
        assert retention.rules() == before


@pytest.mark.django_db
class TestRun:
    def test_a_person_goes_on_the_day_agreed_and_not_before(self, office):
        now, tomorrow, never = (party(office, on) for on in (TODAY, TODAY + timedelta(days=1), None))
        late = party(office, TODAY - timedelta(days=40))
        (taken,) = retention.run(at=NOON)

        assert (taken.rule.model, taken.count) == (Party, 2)
        assert left() == {tomorrow, never}
        assert now not in left()
        assert late not in left()

    def test_the_day_is_that_of_berlin(self, office):
        party(office, TODAY)
        assert retention.run(at=datetime(2026, 3, 9, 22, 59, tzinfo=UTC)) == []
        assert len(retention.run(at=datetime(2026, 3, 9, 23, 0, tzinfo=UTC))) == 1

    def test_done_twice_it_does_nothing_the_second_time(self, office):
        party(office, TODAY)
        assert retention.run(at=NOON)
        lines = TrailEntry.objects.count()
        assert retention.run(at=NOON) == []
        assert TrailEntry.objects.count() == lines

    def test_every_office_is_served_and_each_finds_it_in_its_own_trail_without_a_name(
        self, office, office_elsewhere
    ):
        numbers = {each.pk: party(each, TODAY) for each in (office, office_elsewhere)}
        retention.run(at=NOON)
        for point, number in numbers.items():
            line = TrailEntry.objects.get(contact_point=point, action="relay.party.erased")
            assert line.actor == "nightly"
            assert line.object_mac == trail.object_mac("relay.party", number)
            assert trail.broken_at(point) is None
        everything = str(list(TrailEntry.objects.values()) + list(LedgerEntry.objects.values()))
        assert "Karla" not in everything
        assert str(number) not in everything

    def test_the_preview_says_what_tomorrow_takes_and_takes_nothing(self, office, office_elsewhere):
        here, there = party(office, TODAY + timedelta(days=1)), party(office_elsewhere, TODAY)
        party(office, TODAY + timedelta(days=2))
        (coming,) = retention.coming(at=NOON)

        assert set(coming.numbers) == {here, there}
        assert [each.numbers for each in retention.coming(at=NOON, contact_point=office.pk)] == [(here,)]
        assert len(left()) == 3
        retention.run(at=NOON + timedelta(days=1))
        assert not {here, there} & left()

    def test_more_than_a_batch_goes_whole(self, office, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 3)
        for _ in range(8):
            party(office, TODAY)
        (taken,) = retention.run(at=NOON)
        assert taken.count == 8
        assert left() == set()

    def test_stopped_in_the_middle_it_goes_on_the_next_time(self, office, monkeypatch):
        monkeypatch.setattr(retention, "BATCH", 3)
        for _ in range(8):
            party(office, TODAY)
        take, calls = retention._take, []

        def stops(rule, rows, at):
            calls.append(rows)
            if len(calls) == 3:
                raise KeyboardInterrupt
            take(rule, rows, at)

        monkeypatch.setattr(retention, "_take", stops)
        with pytest.raises(KeyboardInterrupt):
            retention.run(at=NOON)
        assert len(left()) == 2
        monkeypatch.setattr(retention, "_take", take)
        assert [taken.count for taken in retention.run(at=NOON)] == [2]
        assert left() == set()
        assert TrailEntry.objects.filter(action="relay.party.erased").count() == 8

    def test_a_rule_that_fails_is_named_and_keeps_no_other_from_its_work(self, office, monkeypatch):
        def fails(rows, *, at):
            raise ZeroDivisionError

        def idles(rows, *, at):
            pass

        broken = Rule(
            Traeger,
            Then.ERASE,
            what="kaputt",
            ground="x",
            since="x",
            period=Period(0),
            due=lambda _: Q(),
            act=fails,
        )
        idle = Rule(
            Traeger, Then.ERASE, what="faul", ground="x", since="x", period=Period(0), due=lambda _: Q(), act=idles
        )  # fmt: skip
        monkeypatch.setattr(retention, "_RULES", [*retention._RULES, broken, idle])
        party(office, TODAY)
        taken = {each.rule.what: each for each in retention.run(at=NOON)}

        assert taken["kaputt"].is_stuck
        assert taken["faul"].is_stuck
        assert left() == set()
        assert Traeger.objects.count() == 1

    def test_somebody_who_gets_a_later_day_meanwhile_stays(self, office, monkeypatch):
        number = party(office, TODAY)
        rows, asked = Rule.rows, []

        def later(self, at):
            if self.model is Party:
                asked.append(at)
                if len(asked) == 2:
                    Party.unscoped.filter(pk=number).update(erase_on=TODAY + timedelta(days=30))
            return rows(self, at)

        monkeypatch.setattr(Rule, "rows", later)
        retention.run(at=NOON)
        assert left() == {number}

    def test_an_old_import_can_no_longer_be_taken_back(self, office):
        with acting_for(office):
            for days in (IMPORT_DAYS - 1, IMPORT_DAYS):
                run = ImportRun(
                    contact_point=office, at=NOON - timedelta(days=days), by="x", file_name=f"{days}.csv"
                )
                run.before = "Kanarienvogel"
                run.save()
            retention.run(at=NOON)
            assert [run.file_name for run in ImportRun.objects.all()] == [f"{IMPORT_DAYS - 1}.csv"]


@pytest.mark.django_db
class TestDissolvedGroups:
    def dissolved(self, office):
        group = make_canary(office, opened=["public_phone", "public_email"])
        with acting_for(office):
            listing.move(group, Stage.DISSOLVED, by="test", at=NOON)
        return group

    def test_its_people_go_and_its_history_stays(self, office):
        group = self.dissolved(office)
        before = Group.unscoped.filter(pk=group.pk).values().get()
        after_days = NOON + timedelta(days=DISSOLVED_DAYS)
        assert retention.run(at=after_days - timedelta(days=1)) == []
        (taken,) = retention.run(at=after_days)

        assert (taken.rule.model, taken.count) == (Group, 1)
        after = Group.unscoped.filter(pk=group.pk).values().get()
        stays = {"name", "topics", "kreis_key", "founded", "dissolved_on", "stage", "protected", "slug"}
        gone = {name for name in before if before[name] != after[name]}
        assert {"public_phone", "public_email", "note_sealed", "description", "town"} <= gone
        assert not stays & gone
        assert not ContactPerson.unscoped.filter(group=group).exists()
        assert not Party.unscoped.exists()
        assert retention.run(at=after_days) == []

    def test_a_group_that_lives_keeps_its_people_however_long_it_is_silent(self, office):
        group = make_canary(office)
        taken = retention.run(at=NOON + timedelta(days=3650))
        assert {each.rule.model for each in taken} <= {GroupChange, LedgerEntry, TrailEntry}, (
            "only who changed what years ago goes"
        )
        assert ContactPerson.unscoped.filter(group=group).count() == 1


class TestManyDays(TestCase):
    """Whatever days are agreed and however the nights fall: never early, never late by more than a night."""

    @settings(max_examples=30, deadline=None)
    @given(
        days=st.lists(st.one_of(st.none(), st.integers(-5, 60)), max_size=12),
        nights=st.lists(st.integers(0, 80), min_size=1, max_size=6),
    )
    def test_after_each_night_exactly_those_are_left_whose_day_is_to_come(self, days, nights):
        office = make_office()
        made = {party(office, None if day is None else TODAY + timedelta(days=day)): day for day in days}
        reached = -1
        for each_night in sorted(nights):
            retention.run(at=NOON + timedelta(days=each_night))
            reached = each_night
            assert left() == {number for number, day in made.items() if day is None or day > reached}


class TestNoCopies:
    CODE = """
from datetime import date, datetime, UTC
from support.desk import AT, KARLA, a_whole_thread, make_enquiry, make_staff
from support.nights import night
from support.people import make_group, make_office
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address, register_party
from kontaktstelle.privacy import retention
mode = connection.cursor().execute('PRAGMA journal_mode=WAL').fetchone()[0]
office = make_office()
marks = []
for number in range(50):
    party = register_party(Address(note='x' * 300), contact_point=office.pk, on=date(2026, 3, 10), erase_on=date(2026, 3, 10))
    marks.append(bytes(Party.unscoped.get(pk=party).note_sealed)[-40:])
def found():
    name = str(connection.settings_dict['NAME'])
    text = b''.join(Path(name + end).read_bytes() for end in ('', '-wal', '-journal') if Path(name + end).exists())
    return sum(mark in text for mark in marks)
before = found()
retention.run(at=datetime(2026, 3, 10, 11, tzinfo=UTC))
print(json.dumps({'mode': mode, 'before': before, 'after': found(), 'left': Party.unscoped.count()}))
"""

    def test_on_sqlite_with_a_write_ahead_log_nothing_erased_is_left_in_any_file(self, tmp_path):
        made = installation.with_tables(tmp_path / "i", vendor="sqlite")
        assert made.code(self.CODE) == {"mode": "wal", "before": 50, "after": 0, "left": 0}


@pytest.mark.django_db
class TestComesBack:
    """A backup from before is as if a row were written anew; what was erased or had left since goes again."""

    def test_an_enquiry_whose_person_was_gone_loses_it_again_and_an_open_one_keeps_it(self, office):
        counsellor = make_staff(office)
        with acting_for(office):
            gone = a_whole_thread(office, make_group(office), counsellor)
            stays = make_enquiry(office, counsellor, person=KARLA)
            ledger.record(Enquiry, [gone.pk], on=TODAY, stays=True)
            assert retention.erase_again(ledger.entries(), at=AT) == 1
            assert Enquiry.objects.get(pk=gone.pk).de_identified
            assert Enquiry.objects.get(pk=stays.pk).party is not None
            assert not Note.objects.exists()
            assert retention.erase_again(ledger.entries(), at=AT) == 0, "what is gone already is not counted"

    def test_a_night_notes_what_it_takes_the_person_from(self, office):
        with acting_for(office):
            gone = a_whole_thread(office, make_group(office), make_staff(office))
        retention.run(at=AT + timedelta(days=90))
        noted = set(LedgerEntry.objects.values_list("mac", flat=True))
        assert ledger.mac(ledger.label_of(Enquiry, stays=True), gone.pk) in noted
        assert ledger.mac("enquiries.enquiry", gone.pk) not in noted, "the row stays as a count"

    def test_a_message_that_had_left_is_not_sent_a_second_time(self, office):
        def put():
            return outbox.queue(
                "mailroom/mail/access_changed",
                to=MailAddress("karla.kanarie@example.org"),
                sender=letterhead(office),
                kind=Kind.SINGLE,
                at=AT,
            )

        left, waits = put(), put()
        ledger.record(Dispatch, [left], on=TODAY, stays=True)
        assert retention.erase_again(ledger.entries(), at=AT) == 1
        with acting_for(office):
            row = Dispatch.objects.get(pk=left)
            assert (row.status, row.recipient_sealed, row.content_sealed) == (Status.CANCELLED, None, None)
            assert Dispatch.objects.get(pk=waits).status == Status.WAITING


@pytest.mark.django_db
class TestStaff:
    def test_half_a_year_after_the_lock_name_and_sign_in_go_and_the_number_stays(self, office):
        leader, member = make_staff(office), make_staff(office, "kollegin")
        staff_steps.lock(member, contact_point=office, by=leader, at=AT)
        assert "organisation.staff" not in night(at=AT + timedelta(days=179))
        assert night(at=AT + timedelta(days=180))["organisation.staff"] == 1
        member.refresh_from_db()
        assert (member.name, member.posts.count(), member.has_usable_password()) == (
            "ausgeschieden",
            0,
            False,
        )
        assert "kollegin" not in member.email
        assert "organisation.staff" not in night(at=AT + timedelta(days=400))
        with pytest.raises(staff_steps.Forgotten):
            staff_steps.open_account(member, contact_point=office, by=leader, at=AT)

    def test_who_comes_back_before_that_keeps_everything(self, office):
        leader, member = make_staff(office), make_staff(office, "kollegin")
        staff_steps.lock(member, contact_point=office, by=leader, at=AT)
        staff_steps.open_account(member, contact_point=office, by=leader, at=AT + timedelta(days=100))
        night(at=AT + timedelta(days=400))
        member.refresh_from_db()
        assert (member.name, member.is_active, member.posts.count()) == ("Kollegin", True, 2)


@pytest.mark.django_db
class TestLedger:
    def test_whatever_way_a_person_is_deleted_it_is_noted(self, office):
        first, second, third = (party(office, on) for on in (TODAY, None, None))
        retention.run(at=NOON)
        with acting_for(office):
            Party.objects.filter(pk=second).delete()
            Party.objects.get(pk=third).delete()
        assert set(LedgerEntry.objects.values_list("mac", flat=True)) == {
            ledger.mac("relay.party", number) for number in (first, second, third)
        }

    def test_a_step_that_is_rolled_back_is_not_noted(self, office):
        number = party(office)

        def step():
            with transaction.atomic():
                Party.unscoped.filter(pk=number).delete()
                raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            step()
        assert not LedgerEntry.objects.exists()

    def test_what_came_back_with_a_backup_goes_again(self, office):
        kept_party = party(office)
        gone = Party.unscoped.get(pk=party(office))
        again = Party.unscoped.get(pk=gone.pk)
        with across_offices():
            gone.delete()
            again.save(force_insert=True)
        assert retention.erase_again(ledger.entries(), at=NOON) == 1
        assert left() == {kept_party}

    def test_entries_go_when_no_backup_can_be_older(self, office):
        party(office, TODAY)
        retention.run(at=NOON)
        LedgerEntry.objects.update(erased_on=TODAY)
        retention.run(at=NOON + timedelta(days=ledger.KEPT_DAYS - 1))
        assert LedgerEntry.objects.exists()
        retention.run(at=NOON + timedelta(days=ledger.KEPT_DAYS))
        assert not LedgerEntry.objects.exists()

    def test_half_a_line_is_passed_over(self):
        mac = "a" * 64
        assert ledger.read(f"2026-03-10 {mac}\n2026-03-11 bbb\nx\n2026-03") == {mac: TODAY}
        assert ledger.read(ledger.written({mac: TODAY})) == {mac: TODAY}


@pytest.mark.django_db
@pytest.mark.usefixtures("own_keys")
class TestLedgerFile:
    @pytest.fixture
    def committed(self, django_capture_on_commit_callbacks):
        """What happens in the block is done and committed."""
        return lambda: django_capture_on_commit_callbacks(execute=True)

    def test_it_lies_beside_the_keys_after_the_step_and_names_nobody(self, office, own_keys, committed):
        number = party(office)
        with committed():
            Party.unscoped.filter(pk=number).delete()
        text = (own_keys / "ledger").read_text()

        assert ledger.read(text).keys() == {ledger.mac("relay.party", number)}
        assert str(number) not in text
        assert number.hex not in text
        assert (own_keys / "ledger").stat().st_mode & 0o777 == 0o600

    def test_what_a_crash_kept_out_of_it_is_there_after_the_next_night(self, office, own_keys):
        Party.unscoped.filter(pk=party(office)).delete()
        (own_keys / "ledger").write_text("2026-03")
        ledger.sync(at=timezone.now())
        assert ledger.read((own_keys / "ledger").read_text()).keys() == set(
            LedgerEntry.objects.values_list("mac", flat=True)
        )
        assert LedgerEntry.objects.count() == 1

    def test_what_is_older_than_any_backup_leaves_it(self, own_keys):
        (own_keys / "ledger").write_text(f"2026-01-01 {'a' * 64}\n2026-03-01 {'b' * 64}\n")
        assert ledger.sync(at=NOON) == 1
        assert (own_keys / "ledger").read_text() == f"2026-03-01 {'b' * 64}\n"

    def test_a_folder_that_cannot_be_written_stops_no_erasure(self, office, monkeypatch, committed):
        def full(*_, **__):
            raise OSError

        number = party(office)
        monkeypatch.setattr(ledger.os, "open", full)
        with committed():
            Party.unscoped.filter(pk=number).delete()
        assert left() == set()
        assert LedgerEntry.objects.count() == 1
