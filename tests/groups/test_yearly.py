"""The yearly question: who is asked when, what confirms, and that silence alone changes nothing."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.groups import listing, upkeep
from kontaktstelle.groups.lifecycle import Stage, YearlyStatus
from kontaktstelle.groups.models import ContactPerson, Group, YearlyAsking, YearlyUpdate
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.groups.yearly import asking, rule, simulation
from kontaktstelle.groups.yearly.rule import Asked, due_from, next_asking
from kontaktstelle.mailroom import delivery
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.mailroom.signals import bounced
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address, register_party
from support.people import A_MOMENT, make_group, make_member

BEGIN = date(2026, 11, 25)
How = YearlyUpdate.How


def night(day):
    return datetime.combine(day, time(1), UTC)


@pytest.fixture(autouse=True)
def post_stays_here(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMTP_URL = settings.SMTP_CA = settings.MAIL_FROM = settings.PUBLIC_ADDRESS = ""


@pytest.fixture
def leader(office):
    return make_member(office, "leads", "counsels", second_factor=False)


@pytest.fixture
def group(office):
    group = make_group(office)
    with acting_for(office):
        Group.objects.update(created_at=A_MOMENT)
        party = register_party(
            Address(name="Karla", email="karla@example.org"), contact_point=office.pk, on=BEGIN
        )
        ContactPerson.objects.create(contact_point=office, group=group, party=party)
    return group


@pytest.fixture
def begun(office, leader):
    with acting_for(office):
        asking.begin(BEGIN, by=leader, at=night(BEGIN))


def first_day(group):
    return due_from(number=group.pk, known_since=BEGIN, confirmed_on=None)


def run(office, days, *, until=None):
    for day in days:
        with acting_for(office):
            asking.ask_due(office, at=night(day))
            if until and until():
                return day
    return None


class TestTheRule:
    def test_a_list_taken_over_is_spread_over_the_year(self):
        days = {due_from(number=UUID(int=each), known_since=BEGIN, confirmed_on=None) for each in range(500)}
        assert len(days) == rule.SPREAD_WEEKS
        assert min(days) == BEGIN

    @given(st.integers(0, 2**128 - 1), st.dates(date(2020, 1, 1), date(2026, 12, 1)))
    def test_nobody_is_asked_before_the_office_began(self, number, confirmed):
        assert due_from(number=UUID(int=number), known_since=BEGIN, confirmed_on=confirmed) >= min(
            BEGIN, confirmed + rule.ASKED_AFTER
        )
        assert due_from(number=UUID(int=number), known_since=BEGIN, confirmed_on=confirmed) >= BEGIN

    @given(st.sampled_from(PostWay), st.booleans(), st.booleans(), st.booleans(), st.integers(0, 3))
    def test_every_question_ends_before_the_desk_and_never_two_within_fourteen_days(
        self, way, first, letter, back, later
    ):
        asked, on = [], BEGIN
        while (
            coming := next_asking(asked, way=way, on=on, is_first_time=first, can_write_letter=letter)
        ) is None or coming.way:
            if coming is not None:
                on += timedelta(days=later if coming.way == PostWay.CALL else 0)
                asked.append(
                    Asked(on, coming.way, coming.is_announcement, back and coming.way == PostWay.MAIL)
                )
            on += timedelta(days=1)
            assert len(asked) < 12
        assert all((after.on - before.on).days > 14 for before, after in pairwise(asked))
        assert asked[-1].way == PostWay.CALL  # before silence counts, somebody has called
        if first and letter and way == PostWay.MAIL:
            assert asked[0].is_announcement
            assert asked[0].way == PostWay.LETTER


class TestTheSimulation:
    @pytest.mark.parametrize("seed", [1, 2, 3])
    def test_most_groups_are_confirmed_within_twelve_months(self, seed):
        rates = simulation.Rates()
        found = simulation.simulate(groups=250, years=2, rates=rates, start=BEGIN, seed=seed)
        halved = simulation.simulate(groups=250, years=2, rates=rates.halved(), start=BEGIN, seed=seed)

        assert min(found.after_one_year, found.lowest_in_second_year, found.at_the_end) >= 0.95
        assert min(halved.after_one_year, halved.lowest_in_second_year, halved.at_the_end) >= 0.85
        assert found.least_days_between > 14
        assert halved.least_days_between > 14
        assert 10 < found.hours_a_year < halved.hours_a_year < 60

    def test_the_command_prints_it(self, capsys):
        from kontaktstelle.cli import main

        assert main(["simulate-confirmation", "--groups", "60"]) == 0
        said = capsys.readouterr().out
        assert "binnen zwölf Monaten bestätigt" in said
        assert "Stunden im Jahr" in said
        assert main(["simulate-confirmation", "--groups", "60", "--json"]) == 0
        assert '"least_days_between"' in capsys.readouterr().out


@pytest.mark.django_db
class TestAsking:
    def test_nobody_is_asked_before_who_leads_decides_it(self, office, group):
        assert run(office, [first_day(group) + timedelta(days=7 * each) for each in range(40)]) is None
        assert not Dispatch.objects.everywhere().exists()
        counsels = make_member(office, "counsels", second_factor=False)
        with acting_for(office), pytest.raises(NotAllowed):
            asking.begin(BEGIN, by=counsels, at=night(BEGIN))

    @pytest.mark.usefixtures("begun")
    def test_a_silent_group_is_written_to_then_called_then_put_before_the_desk_and_stays_listed(
        self, office, group, leader
    ):
        day, decided = first_day(group), None
        for _ in range(220):
            with acting_for(office):
                asking.ask_due(office, at=night(day))
                for call in asking.calls_to_make():
                    asking.called(call.pk, confirmed=False, by=leader, at=night(day))
                if asking.to_decide():
                    decided = day
                    break
            day += timedelta(days=1)
        assert decided
        with acting_for(office):
            days = list(YearlyAsking.objects.order_by("asked_on").values_list("asked_on", "way"))
            assert [way for _, way in days] == ["mail"] * 3 + ["call"] * 5
            assert all((later - before).days > 14 for (before, _), (later, _) in pairwise(days))
            stored = Group.objects.get()
            assert (stored.listed, stored.stage, stored.confirmed_on) == (True, Stage.OPEN, None)
            (update,) = asking.to_decide()
            asking.decide(update.pk, take_out=False, by=leader, at=night(decided))
            assert Group.objects.get().listed
            with pytest.raises(asking.NothingToDecide):
                asking.decide(update.pk, take_out=True, by=leader, at=night(decided))
        assert (
            run(
                office,
                [decided + timedelta(days=each) for each in range(1, 400)],
                until=lambda: YearlyUpdate.objects.count() == 2,
            )
            == decided + rule.RESTS_AFTER_SILENCE
        )

    @pytest.mark.parametrize("how", How)
    @pytest.mark.usefixtures("begun")
    def test_whatever_way_a_group_answers_counts_the_same(self, office, group, how):
        run(office, [first_day(group)])
        answered = first_day(group) + timedelta(days=3)
        with acting_for(office):
            asking.confirm(group, how, by="group", at=night(answered))
            update = YearlyUpdate.objects.get()
            assert (update.status, update.how) == (YearlyStatus.CONFIRMED, how)
            assert Group.objects.get().confirmed_on == answered
        assert not Dispatch.objects.everywhere().filter(status="waiting").exists()
        assert (
            run(
                office,
                [answered + timedelta(days=each) for each in range(1, 400)],
                until=lambda: YearlyUpdate.objects.count() == 2,
            )
            == answered + rule.ASKED_AFTER
        )

    @pytest.mark.usefixtures("begun")
    def test_a_stand_noted_at_the_desk_closes_the_question_by_itself(self, office, group, leader):
        run(office, [first_day(group)])
        with acting_for(office):
            upkeep.confirm(group, by=leader, at=night(first_day(group) + timedelta(days=2)))
        run(office, [first_day(group) + timedelta(days=3)])
        with acting_for(office):
            assert YearlyUpdate.objects.get().how == How.RECORD

    @pytest.mark.usefixtures("begun")
    def test_the_same_night_twice_asks_once(self, office, group):
        run(office, [first_day(group)] * 2)
        assert Dispatch.objects.everywhere().count() == 1

    @pytest.mark.usefixtures("begun")
    def test_the_first_time_is_announced_by_letter_where_an_address_is_known(self, office, group):
        with acting_for(office):
            party = register_party(
                Address(name="Karla Kanarie", email="karla@example.org", address="Kanarienallee 3, 59423 Unna"),
                contact_point=office.pk, on=BEGIN,
            )  # fmt: skip
            ContactPerson.objects.update(party=party)
        run(office, [first_day(group)])
        assert list(Dispatch.objects.everywhere().values_list("way", "template")) == [
            ("letter", "groups/mail/yearly_announcement")
        ]
        run(office, [first_day(group) + rule.APART])
        assert Dispatch.objects.everywhere().filter(way="mail").count() == 1

    @pytest.mark.usefixtures("begun")
    def test_a_mail_that_came_back_leads_to_a_call(self, office, group, leader):
        run(office, [first_day(group)])
        dispatch = Dispatch.objects.everywhere().get()
        bounced.send(
            sender=Dispatch,
            number=dispatch.pk,
            about=dispatch.about,
            contact_point=office.pk,
            reason="refused",
        )
        run(office, [first_day(group) + rule.APART])
        with acting_for(office):
            (call,) = asking.calls_to_make()
            asking.called(call.pk, confirmed=True, by=leader, at=night(first_day(group) + rule.APART))
            with pytest.raises(asking.CallMade):
                asking.called(call.pk, confirmed=True, by=leader, at=night(first_day(group) + rule.APART))
            assert YearlyUpdate.objects.get().how == How.PHONE

    @pytest.mark.usefixtures("begun")
    def test_a_dissolved_group_is_asked_no_more(self, office, group):
        run(office, [first_day(group)])
        with acting_for(office):
            listing.move(Group.objects.get(), Stage.DISSOLVED, by="test", at=night(first_day(group)))
        run(office, [first_day(group) + timedelta(days=each) for each in (1, 15, 30)])
        with acting_for(office):
            assert YearlyUpdate.objects.get().status == YearlyStatus.ENDED
        assert not Dispatch.objects.everywhere().filter(status="waiting").exists()

    @pytest.mark.usefixtures("begun")
    def test_another_office_neither_sees_nor_makes_the_calls(self, office, office_elsewhere, group):
        with acting_for(office):
            ContactPerson.objects.all().delete()
        run(office, [first_day(group)])
        with acting_for(office):
            (call,) = asking.calls_to_make()
        theirs = make_member(office_elsewhere, "counsels", second_factor=False)
        with acting_for(office_elsewhere):
            assert asking.calls_to_make() == []
            with pytest.raises(YearlyAsking.DoesNotExist):
                asking.called(call.pk, confirmed=True, by=theirs, at=night(BEGIN))

    @pytest.mark.usefixtures("begun")
    def test_the_mail_leaves_and_names_no_group(self, office, group, settings):
        run(office, [first_day(group)])
        assert delivery.work_once(night(first_day(group)) + timedelta(hours=1)) == 1
        (mail,) = [each for each in settings.DATA_DIR.rglob("*") if each.is_file()]
        text = mail.read_bytes().decode()
        assert "Stimmen Ihre Angaben noch?" in text
        assert "Angst" not in text
