"""A group keeps its own entry: by link and code, some things at once, the rest with staff; nobody takes it over."""

from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kontaktstelle.groups import history, listing, persons, upkeep
from kontaktstelle.groups.checking import ValuesUnfit
from kontaktstelle.groups.lifecycle import PROPOSAL_STEPS, ProposalStatus, Stage, WrongStage
from kontaktstelle.groups.models import ContactPerson, Group, LiveNotice, OwnPageKey, Proposal, YearlyUpdate
from kontaktstelle.groups.own_page import keys, live, proposals
from kontaktstelle.groups.own_page.proposals import mark_of
from kontaktstelle.groups.yearly import asking
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay import throttle
from kontaktstelle.relay.parties import Address, register_party
from kontaktstelle.ui.tokens import form_token
from support.people import make_group, make_member
from support.visiting import text_of

KARLA = Address(
    name="Karla Kanarie", phone="030 23125 600", email="karla@example.org", address="Weg 1\n59423 Unna"
)
NEW = Address(name="Nora Neu", phone="030 23125 700")


@pytest.fixture(autouse=True)
def post_stays_here(db, settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMTP_URL = settings.SMTP_CA = settings.MAIL_FROM = settings.PUBLIC_ADDRESS = ""
    throttle.forget()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def group(office):
    return with_karla(make_group(office))


@pytest.fixture
def counsellor(office):
    return make_member(office, "counsels", "leads", second_factor=False)


@pytest.fixture
def here(office):
    with acting_for(office):
        yield


def with_karla(group):
    with acting_for(group.contact_point_id):
        party = register_party(KARLA, contact_point=group.contact_point_id, on=date(2026, 3, 10))
        ContactPerson.objects.create(contact_point_id=group.contact_point_id, group=group, party=party)
    return group


def path_to(group, at=None):
    with acting_for(group.contact_point_id):
        return keys.path_of(group.pk, at=at or timezone.now())


def send(visit, path, **fields):
    return visit.post(
        path, {"marke": form_token("angaben"), **fields}, headers={"origin": "http://testserver"}
    )


def reloaded(group):
    return Group.objects.everywhere().get(pk=group.pk)


def tomorrow():
    return timezone.localdate() + timedelta(days=1)


class TestTheKey:
    def test_a_link_opens_the_page_of_its_group_without_a_cookie(self, visit, group):
        answer = visit.get(path_to(group))
        assert answer.status_code == 200
        assert group.name in text_of(answer)
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == "no-store"
        assert "noindex" in answer.headers["X-Robots-Tag"]

    def test_a_new_link_ends_the_old_one(self, visit, group):
        old, new = path_to(group), path_to(group)
        assert visit.get(old).status_code == 410
        assert visit.get(new).status_code == 200

    def test_a_link_ends_by_itself(self, group, now):
        token = path_to(group, at=now).split("/")[2]
        assert keys.opened_by_link(token, at=now + timedelta(days=keys.LASTS_DAYS - 1)) is not None
        assert keys.opened_by_link(token, at=now + timedelta(days=keys.LASTS_DAYS + 1)) is None

    def test_whoever_holds_it_can_end_it(self, visit, group):
        path = path_to(group)
        send(visit, path + "beenden/")
        assert visit.get(path).status_code == 410

    def test_a_changed_letter_opens_nothing(self, visit, group):
        path = path_to(group)
        assert visit.get(path[:-3] + ("A" if path[-3] != "A" else "B") + path[-2:]).status_code == 410

    @pytest.mark.usefixtures("here")
    def test_a_dissolved_group_has_no_page(self, visit, group, now):
        path = path_to(group)
        listing.move(group, Stage.DISSOLVED, by="test", at=now)
        assert visit.get(path).status_code == 410

    @pytest.mark.usefixtures("here")
    def test_a_code_told_on_the_telephone_opens_it(self, visit, group, counsellor, now):
        code = keys.tell_code(group, person=None, by=counsellor, at=now)
        answer = visit.post("/gruppe-pflegen/code/", {"code": code.lower()}, headers={"origin": "null"})
        assert answer.status_code == 302
        assert group.name in text_of(visit.get(answer["Location"]))

    @pytest.mark.usefixtures("group")
    def test_guessing_codes_is_slowed_down(self, visit):
        for _ in range(throttle.MOST_WRONG):
            assert visit.post("/gruppe-pflegen/code/", {"code": "AAAA"}).status_code == 403
        assert visit.post("/gruppe-pflegen/code/", {"code": "AAAA"}).status_code == 429

    def test_asking_for_a_link_tells_nobody_whether_the_group_exists(self, visit, group):
        def ask(name):
            return text_of(
                visit.post("/gruppe-pflegen/", {"gruppe": name, "marke": form_token("gruppe-pflegen")})
            )

        assert ask(group.name) == ask("Eine Gruppe, die es nicht gibt")
        [mail] = Dispatch.objects.everywhere()
        assert mail.recipient == KARLA.email

    def test_asking_again_at_once_fills_nobodys_mailbox_and_keeps_the_link(self, group, now):
        keys.ask_for_link(group.name, "", at=now)
        keys.ask_for_link(group.name, "", at=now + timedelta(minutes=5))
        assert Dispatch.objects.everywhere().count() == 1

    def test_between_groups_of_one_name_the_place_decides(self, office, now):
        here = with_karla(make_group(office, "Beisammen"))
        make_group(office, "Beisammen", town="Kamen")
        keys.ask_for_link("beisammen", "Unna", at=now)
        assert [key.group_id for key in OwnPageKey.objects.everywhere()] == [here.pk]

    @pytest.mark.usefixtures("here")
    def test_a_link_is_not_sent_where_no_address_is_known(self, office, counsellor, now):
        with pytest.raises(keys.NoMailKnown):
            keys.send_link(make_group(office, "Ohne Post"), by=counsellor, at=now)

    @pytest.mark.usefixtures("here", "group")
    def test_the_yearly_mail_brings_the_link(self, office, counsellor, now):
        asking.begin(timezone.localdate(now), by=counsellor, at=now)
        for week in range(40):
            asking.ask_due(
                office, at=now + timedelta(weeks=week), link=lambda number: keys.path_of(number, at=now)
            )
        assert any("/angaben/" in mail.content for mail in Dispatch.objects.all() if mail.content)


class TestWhatThePageShows:
    def test_what_is_public_and_what_is_stored_about_me(self, visit, group):
        shown = text_of(visit.get(path_to(group)))
        assert "jeden 1. Dienstag im Monat" in shown
        assert "eigene Internetseite" in shown
        assert KARLA.phone in shown

    @pytest.mark.usefixtures("here")
    def test_nobody_sees_another_contact_persons_record(self, visit, group, counsellor, now):
        persons.add(group, NEW, "internal", by=counsellor, at=now, number=group.pk)
        shown = text_of(visit.get(path_to(group)))
        assert KARLA.name in shown
        assert NEW.name not in shown

    def test_that_it_was_shown_is_in_the_trail(self, visit, group):
        from kontaktstelle.privacy.models import TrailEntry

        visit.get(path_to(group))
        assert TrailEntry.objects.filter(action="group-contact.shown-to-self").exists()


class TestAtOnce:
    @pytest.mark.usefixtures("here")
    def test_a_date_that_falls_out_is_public_at_once_and_staff_see_it(self, visit, group):
        on = tomorrow()
        answer = send(visit, path_to(group) + "termin/", tag=on.isoformat(), was="aus")
        assert answer.status_code == 200
        assert reloaded(group).cancelled_on == [on.isoformat()]
        assert LiveNotice.objects.get().kind == "cancelled"

    @pytest.mark.usefixtures("here")
    def test_said_twice_it_is_said_once(self, group, now):
        for _ in range(2):
            live.cancel(group, tomorrow(), at=now)
        assert LiveNotice.objects.count() == 1
        live.take_place(group, tomorrow(), at=now)
        assert reloaded(group).cancelled_on == []

    @pytest.mark.usefixtures("here")
    def test_two_dates_said_at_once_both_count(self, group, now):
        stale = reloaded(group)
        live.cancel(group, tomorrow(), at=now)
        live.cancel(stale, tomorrow() + timedelta(days=7), at=now)
        assert len(reloaded(group).cancelled_on) == 2

    @pytest.mark.usefixtures("here")
    def test_another_room_is_public_where_the_place_is(self, group, now):
        from kontaktstelle.groups.public import as_the_site_would_show

        live.use_room(group, tomorrow(), "Raum 2", at=now)
        on = timezone.localdate(now)
        assert as_the_site_would_show(reloaded(group), on=on).other_rooms == [f"{tomorrow()} Raum 2"]
        Group.objects.update(visibility={"meeting": ["site"]})
        assert as_the_site_would_show(reloaded(group), on=on).other_rooms == []

    @pytest.mark.parametrize("words", ["ruf an 0171 2345678", "www.kauf.example", "x@example.org", "r" * 81])
    @pytest.mark.usefixtures("here")
    def test_a_room_invites_nowhere(self, group, now, words):
        with pytest.raises(live.RoomUnfit):
            live.use_room(group, tomorrow(), words, at=now)

    @pytest.mark.parametrize("days", [-1, 400])
    @pytest.mark.usefixtures("here")
    def test_a_day_that_is_over_or_far_ahead_is_refused(self, group, now, days):
        with pytest.raises(live.DayUnfit):
            live.cancel(group, timezone.localdate(now) + timedelta(days=days), at=now)

    @pytest.mark.usefixtures("here")
    def test_a_pause_ends_by_itself(self, group, now):
        live.pause(group, tomorrow(), at=now)
        assert reloaded(group).stage == Stage.PAUSED
        live.resume_everywhere(at=now + timedelta(days=1))
        assert reloaded(group).stage == Stage.PAUSED
        live.resume_everywhere(at=now + timedelta(days=2))
        assert reloaded(group).stage == Stage.OPEN
        assert reloaded(group).paused_until is None

    @pytest.mark.usefixtures("here")
    def test_a_longer_pause_still_ends_where_it_began(self, group, now):
        listing.move(group, Stage.FULL, by="test", at=now)
        live.pause(group, tomorrow(), at=now)
        live.pause(group, tomorrow() + timedelta(days=5), at=now)
        live.come_back(group, at=now)
        assert reloaded(group).stage == Stage.FULL

    def test_an_intake_stop_and_back(self, visit, group):
        path = path_to(group)
        send(visit, path + "pause/", was="stopp", bis=tomorrow().isoformat())
        assert reloaded(group).stage == Stage.INTAKE_STOP
        send(visit, path + "pause/", was="zurueck")
        assert reloaded(group).stage == Stage.OPEN

    @pytest.mark.usefixtures("here")
    def test_what_the_office_paused_the_group_does_not_open(self, group, now):
        listing.move(group, Stage.PAUSED, by="test", at=now)
        with pytest.raises(live.NotTheirs):
            live.come_back(group, at=now)
        with pytest.raises(live.NotTheirs):
            live.stop_intake(group, None, at=now)

    @pytest.mark.usefixtures("here")
    def test_of_a_protected_group_nothing_goes_public_it_is_passed_on(self, office, now):
        group = make_group(office, "Geschützt", protected=True)
        assert live.cancel(group, tomorrow(), at=now) is False
        assert live.use_room(group, tomorrow(), "Raum 2", at=now) is False
        assert reloaded(group).cancelled_on == []
        assert not reloaded(group).other_rooms
        assert Proposal.objects.filter(field="words").count() == 2

    def test_opening_a_link_changes_nothing(self, visit, group):
        before = reloaded(group).changed_at
        path = path_to(group)
        visit.get(path)
        assert visit.get(path + "stimmt/").status_code == 405
        assert reloaded(group).changed_at == before

    def test_a_form_from_elsewhere_does_nothing(self, visit, group):
        path = path_to(group)
        answer = visit.post(path + "stimmt/", {"marke": "falsch"})
        assert answer.status_code == 409
        assert reloaded(group).confirmed_on is None


class TestProposals:
    @pytest.mark.usefixtures("here")
    def test_everything_else_waits_for_staff(self, visit, group):
        answer = send(visit, path_to(group) + "aendern/", name="Gruppe Mut", worte="Neuer Raum im Haus B")
        assert answer.status_code == 200
        assert reloaded(group).name == group.name
        assert {each.field for each in Proposal.objects.all()} == {"name", "words"}

    @pytest.mark.usefixtures("here")
    def test_a_wrong_value_loses_nothing_that_was_typed(self, visit, group):
        answer = send(
            visit, path_to(group) + "aendern/", public_email="kein-at", description="Mein langer Text"
        )
        assert answer.status_code == 409
        assert "Mein langer Text" in text_of(answer)
        assert "kein-at" in text_of(answer)
        assert not Proposal.objects.exists()

    @pytest.mark.usefixtures("here")
    def test_accepted_it_stands_in_the_record_and_taken_back_it_is_as_before(self, group, counsellor, now):
        [row] = proposals.propose(group, {"description": "Wir singen."}, at=now)
        proposals.accept(row.pk, seen=mark_of(group.description), by=counsellor, at=now)
        assert reloaded(group).description == "Wir singen."
        proposals.take_back(row.pk, by=counsellor, at=now)
        assert reloaded(group).description == "Wir reden miteinander."
        assert Proposal.objects.get().status == ProposalStatus.OPEN

    @pytest.mark.usefixtures("here")
    def test_against_a_record_changed_meanwhile_nothing_is_overwritten_unseen(self, group, counsellor, now):
        [row] = proposals.propose(group, {"description": "Wir singen."}, at=now)
        before = mark_of(group.description)
        upkeep.change(group, {"description": "Wir wandern."}, by=counsellor, at=now, seen=None)
        with pytest.raises(proposals.ShowsAnotherState):
            proposals.accept(row.pk, seen=before, by=counsellor, at=now)
        assert reloaded(group).description == "Wir wandern."
        proposals.accept(row.pk, seen=mark_of("Wir wandern."), by=counsellor, at=now)
        assert reloaded(group).description == "Wir singen."
        proposals.take_back(row.pk, by=counsellor, at=now)
        assert reloaded(group).description == "Wir wandern."

    @pytest.mark.usefixtures("here")
    def test_taking_back_never_loses_what_somebody_wrote_since(self, group, counsellor, now):
        [row] = proposals.propose(group, {"description": "Wir singen."}, at=now)
        proposals.accept(row.pk, seen=mark_of(group.description), by=counsellor, at=now)
        upkeep.change(group, {"description": "Wir tanzen."}, by=counsellor, at=now, seen=None)
        with pytest.raises(proposals.CannotTakeBack):
            proposals.take_back(row.pk, by=counsellor, at=now)
        assert reloaded(group).description == "Wir tanzen."

    @pytest.mark.usefixtures("here")
    def test_a_newer_proposal_replaces_the_one_that_waits(self, group, now):
        proposals.propose(group, {"name": "Mut"}, at=now)
        proposals.propose(group, {"name": "Mut"}, at=now)
        proposals.propose(group, {"name": "Mut und Kraft"}, at=now)
        assert sorted(Proposal.objects.values_list("status", flat=True)) == ["open", "replaced"]
        proposals.propose(group, {"name": group.name}, at=now)
        assert not Proposal.objects.filter(status="open").exists()

    @pytest.mark.parametrize("now_at", ProposalStatus)
    @pytest.mark.parametrize("to", ProposalStatus)
    def test_only_the_steps_of_the_table(self, now_at, to):
        from kontaktstelle.groups.lifecycle import check_proposal_step

        if to in PROPOSAL_STEPS[now_at]:
            check_proposal_step(now_at, to)
        else:
            with pytest.raises(WrongStage) as refused:
                check_proposal_step(now_at, to)
            assert to.label in refused.value.sentence

    @pytest.mark.usefixtures("here")
    def test_a_decided_proposal_is_not_decided_again(self, group, counsellor, now):
        [row] = proposals.propose(group, {"name": "Mut"}, at=now)
        proposals.reject(row.pk, by=counsellor, at=now)
        with pytest.raises(WrongStage):
            proposals.accept(row.pk, seen=mark_of(group.name), by=counsellor, at=now)
        assert reloaded(group).name == group.name

    @pytest.mark.usefixtures("here")
    def test_while_staff_have_to_decide_nobody_is_asked_again(self, office, group, counsellor, now):
        asking.begin(timezone.localdate(now), by=counsellor, at=now)
        proposals.propose(group, {"name": "Mut"}, at=now)
        assert asking.ask_due(office, at=now + timedelta(days=300)) == 0

    @pytest.mark.usefixtures("here")
    def test_who_may_not_see_contacts_decides_nothing_that_names_people(self, office, group, now):
        keeper = make_member(office, "upkeep", second_factor=False)
        row = proposals.say_words(group, "Karla zieht weg", at=now)
        with pytest.raises(NotAllowed):
            proposals.reject(row.pk, by=keeper, at=now)


class TestANewContactPerson:
    @pytest.mark.usefixtures("here")
    def test_waits_for_the_call_to_the_old_one_and_two_days(self, group, counsellor, now):
        row = proposals.new_person(group, NEW, at=now)
        later = now + timedelta(hours=49)
        with pytest.raises(proposals.OldNotAsked):
            proposals.accept(row.pk, seen="", by=counsellor, at=later)
        proposals.called_back(row.pk, by=counsellor, at=now)
        with pytest.raises(proposals.OldNotAsked):
            proposals.accept(row.pk, seen="", by=counsellor, at=now + timedelta(hours=47))
        assert ContactPerson.objects.count() == 1
        proposals.accept(row.pk, seen="", by=counsellor, at=later)
        assert ContactPerson.objects.count() == 2

    @pytest.mark.usefixtures("here")
    def test_the_old_one_hears_of_it_by_mail(self, visit, group):
        send(
            visit, path_to(group) + "person/", was="neu", **{"neu-name": "Nora", "neu-phone": "030 23125 700"}
        )
        [mail] = Dispatch.objects.all()
        assert mail.recipient == KARLA.email
        assert "Nora" not in mail.content

    @pytest.mark.parametrize("field", ["public_phone", "public_email"])
    @pytest.mark.usefixtures("here")
    def test_so_does_the_groups_own_telephone_and_mail(self, group, counsellor, now, field):
        value = "neu@example.org" if "email" in field else "030 23125 701"
        [row] = proposals.propose(group, {field: value}, at=now)
        with pytest.raises(proposals.OldNotAsked):
            proposals.accept(row.pk, seen=mark_of(""), by=counsellor, at=now + timedelta(days=3))

    @pytest.mark.usefixtures("here")
    def test_a_double_click_names_one(self, group, now):
        proposals.new_person(group, NEW, at=now)
        proposals.new_person(group, NEW, at=now)
        assert Proposal.objects.count() == 1

    @pytest.mark.usefixtures("here")
    def test_needs_a_name_and_a_way(self, group, now):
        with pytest.raises(ValuesUnfit):
            proposals.new_person(group, Address(name="Nora"), at=now)

    @pytest.mark.usefixtures("here")
    def test_what_is_proposed_lies_sealed(self, group, now):
        row = proposals.new_person(group, NEW, at=now)
        with connection.cursor() as cursor:
            cursor.execute("SELECT wish_sealed FROM groups_proposal")
            assert b"Nora" not in bytes(cursor.fetchone()[0])
        assert "Nora" in Proposal.objects.get(pk=row.pk).wish

    @pytest.mark.usefixtures("here")
    def test_the_own_record_is_corrected_after_the_call(self, group, counsellor, now):
        person = ContactPerson.objects.get()
        row = proposals.own_record(person, Address(name=KARLA.name, phone="030 23125 699"), at=now)
        proposals.called_back(row.pk, by=counsellor, at=now)
        seen = mark_of(proposals.now_of(row, group))
        proposals.accept(row.pk, seen=seen, by=counsellor, at=now + timedelta(days=3))
        [shown] = persons.opened(group, by=counsellor, at=now)
        assert shown.address.phone == "030 23125 699"

    @pytest.mark.usefixtures("here", "group")
    def test_who_asks_to_be_removed_is_removed_at_once_when_staff_say_so(self, counsellor, now):
        row = proposals.ask_removal(ContactPerson.objects.get(), at=now)
        proposals.accept(row.pk, seen=mark_of(None), by=counsellor, at=now)
        assert not ContactPerson.objects.exists()


class TestTheYearlyQuestion:
    @pytest.mark.usefixtures("here")
    def test_one_click_confirms_and_closes_it(self, visit, office, group, now):
        YearlyUpdate.objects.create(contact_point=office, group=group, opened_on=timezone.localdate(now))
        answer = send(visit, path_to(group) + "stimmt/")
        assert "dass heute alles stimmt" in text_of(answer)
        assert YearlyUpdate.objects.get().how == "link"
        assert reloaded(group).confirmed_on == timezone.localdate(now)

    @pytest.mark.usefixtures("here")
    def test_clicked_twice_it_is_one_confirmation(self, visit, group):
        path = path_to(group)
        for _ in range(2):
            assert send(visit, path + "stimmt/").status_code == 200
        assert sum(each.action == "group.changed" for each in history.changes(group)) == 1


@pytest.mark.usefixtures("here")
def test_days_are_the_installations(group):
    late = datetime(2026, 11, 24, 23, 30, tzinfo=timezone.get_fixed_timezone(0))
    live.cancel(group, date(2026, 11, 25), at=late)
    assert reloaded(group).cancelled_on == ["2026-11-25"]
