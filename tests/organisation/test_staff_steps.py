"""Mitarbeitende: who may invite, change, lock; what is never possible; what the trail says."""

from datetime import timedelta

import pytest

from kontaktstelle.organisation import four_eyes, staff_steps
from kontaktstelle.organisation.models import Invitation, Post, Staff
from kontaktstelle.organisation.rights import NotAllowed, Right, Role
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_MOMENT, A_PASSWORD, make_member

pytestmark = pytest.mark.django_db
LATER = A_MOMENT + timedelta(hours=1)


@pytest.fixture
def lead(office):
    return make_member(office, "leads")


def invite(office, by, email="neu@example.org", roles=(Role.COUNSELS,), at=A_MOMENT):
    return staff_steps.invite(email=email, roles=roles, contact_point=office, by=by, at=at)


def test_an_invitation_makes_an_account_with_these_roles_and_nothing_else(office, lead):
    member, token = invite(office, lead, roles=(Role.COUNSELS, Role.UPKEEP))

    assert not member.has_usable_password()
    assert set(member.posts.values_list("role", flat=True)) == {"counsels", "upkeep"}
    assert staff_steps.look_up(token, at=A_MOMENT + timedelta(hours=71)).staff == member
    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.look_up(token, at=A_MOMENT + timedelta(hours=73))


def test_a_link_is_good_once(office, lead):
    _, token = invite(office, lead)
    staff_steps.take_up(token, name="Nele", password=A_PASSWORD, at=LATER)
    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.take_up(token, name="Böse", password="etwas ganz anderes", at=LATER)

    assert Staff.objects.get(email="neu@example.org").name == "Nele"


def test_of_two_clicks_at_once_one_counts(office, lead, monkeypatch):
    _, token = invite(office, lead)
    seen = staff_steps.look_up(token, at=LATER)
    staff_steps.take_up(token, name="Nele", password=A_PASSWORD, at=LATER)
    monkeypatch.setattr(staff_steps, "look_up", lambda _token, **_: seen)
    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.take_up(token, name="Böse", password=A_PASSWORD, at=LATER)


def test_a_new_link_voids_the_older_one(office, lead):
    member, old = invite(office, lead)
    new = staff_steps.new_link(member, contact_point=office, by=lead, at=LATER)

    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.look_up(old, at=LATER)
    assert staff_steps.look_up(new, at=LATER)


def test_nobody_becomes_a_colleague_by_a_new_link(office, lead):
    colleague = make_member(office, "counsels", email="b@example.org", password=A_PASSWORD)
    with pytest.raises(staff_steps.HasAccess):
        staff_steps.new_link(colleague, contact_point=office, by=lead, at=LATER)
    with pytest.raises(staff_steps.HasAccess):
        invite(office, lead, email="B@Example.org ")


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.LEADS}))
def test_only_who_leads_invites_and_changes_roles(office, role):
    by = make_member(office, role)
    member = make_member(office, "upkeep", email="p@example.org")
    for step in (
        lambda: invite(office, by),
        lambda: staff_steps.change_roles(member, roles=[Role.LEADS], contact_point=office, by=by, at=LATER),
        lambda: staff_steps.change_roles(by, roles=[Role.LEADS], contact_point=office, by=by, at=LATER),
        lambda: staff_steps.new_link(member, contact_point=office, by=by, at=LATER),
        lambda: staff_steps.renew_access(member, contact_point=office, by=by, at=LATER),
        lambda: staff_steps.open_account(member, contact_point=office, by=by, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            step()
    assert set(Post.objects.filter(staff__in=[by, member]).values_list("role", flat=True)) == {role, "upkeep"}
    assert not Invitation.objects.exists()


def test_who_leads_another_office_can_do_nothing_here(office, office_elsewhere):
    stranger = make_member(office_elsewhere, "leads")
    member = make_member(office, "counsels")
    for step in (
        lambda: invite(office, stranger),
        lambda: staff_steps.lock(member, contact_point=office, by=stranger, at=LATER),
        lambda: staff_steps.lock(member, contact_point=office_elsewhere, by=stranger, at=LATER),
        lambda: staff_steps.renew_access(member, contact_point=office_elsewhere, by=stranger, at=LATER),
        lambda: staff_steps.new_link(member, contact_point=office_elsewhere, by=stranger, at=LATER),
    ):
        with pytest.raises(NotAllowed):
            step()


def test_an_address_of_another_office_is_not_drawn_over(office, office_elsewhere, lead):
    make_member(office_elsewhere, "counsels", email="dort@example.org")
    with pytest.raises(staff_steps.KnownElsewhere):
        invite(office, lead, email="dort@example.org")


class TestLastLead:
    def test_somebody_always_leads(self, office, lead):
        with pytest.raises(staff_steps.LastLead):
            staff_steps.change_roles(lead, roles=[Role.COUNSELS], contact_point=office, by=lead, at=LATER)

    def test_a_locked_lead_does_not_count(self, office, lead):
        locked = make_member(office, "leads", email="gesperrt@example.org")
        staff_steps.lock(locked, contact_point=office, by=lead, at=LATER)
        with pytest.raises(staff_steps.LastLead):
            staff_steps.change_roles(lead, roles=[Role.COUNSELS], contact_point=office, by=lead, at=LATER)

    def test_a_second_one_lets_the_first_go(self, office, lead):
        second = make_member(office, "leads", email="zwei@example.org")
        staff_steps.change_roles(lead, roles=[Role.COUNSELS], contact_point=office, by=second, at=LATER)
        assert set(lead.posts.values_list("role", flat=True)) == {"counsels"}


def test_locking_voids_links_and_opening_gives_the_roles_back(office, lead):
    member, token = invite(office, lead)
    staff_steps.lock(member, contact_point=office, by=lead, at=LATER)
    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.look_up(token, at=LATER)
    staff_steps.open_account(member, contact_point=office, by=lead, at=LATER)
    with pytest.raises(staff_steps.LinkUnusable):
        staff_steps.look_up(token, at=LATER)

    assert set(member.posts.values_list("role", flat=True)) == {"counsels"}


def test_nobody_locks_themselves_out(office, lead):
    make_member(office, "leads", email="zwei@example.org")
    with pytest.raises(staff_steps.NotOneself):
        staff_steps.lock(lead, contact_point=office, by=lead, at=LATER)


@pytest.mark.parametrize("email", ["", "x", "a@b", "a b@example.org", "a@example.org\nbcc: b@example.org"])
def test_what_is_no_address_is_refused(office, lead, email):
    with pytest.raises(staff_steps.EmailWrong):
        invite(office, lead, email=email)


def test_without_a_role_nobody_is_invited_or_left(office, lead):
    with pytest.raises(staff_steps.NoRole):
        invite(office, lead, roles=())
    with pytest.raises(staff_steps.NoRole):
        staff_steps.change_roles(lead, roles=[], contact_point=office, by=lead, at=LATER)


def test_every_step_is_in_the_trail_without_a_name(office, lead):
    member, token = invite(office, lead)
    staff_steps.take_up(token, name="Nele Kanarienvogel", password=A_PASSWORD, at=LATER)
    staff_steps.change_roles(member, roles=[Role.UPKEEP], contact_point=office, by=lead, at=LATER)
    staff_steps.lock(member, contact_point=office, by=lead, at=LATER)
    lines = list(TrailEntry.objects.filter(contact_point=office.pk).order_by("number"))

    assert [line.action for line in lines] == [
        "staff.invited",
        "staff.joined",
        "staff.roles_changed",
        "staff.locked",
    ]
    assert lines[0].actor == str(lead.pk)
    assert lines[2].fields == "counsels upkeep"
    assert "anarien" not in str([vars(line) for line in lines])
    assert "neu@example.org" not in str([vars(line) for line in lines])


def test_a_refused_step_leaves_no_line(office, lead):
    before = TrailEntry.objects.count()
    with pytest.raises(staff_steps.LastLead):
        staff_steps.change_roles(lead, roles=[Role.COUNSELS], contact_point=office, by=lead, at=LATER)

    assert TrailEntry.objects.count() == before


def test_the_server_may_invite_and_the_trail_says_it_was_the_server(office):
    staff_steps.invite(email="a@example.org", roles=[Role.LEADS], contact_point=office, by=None, at=A_MOMENT)

    assert TrailEntry.objects.get().actor == "kommandozeile"


def test_who_leads_does_not_give_themselves_the_right_to_read_notes(office, lead):
    with pytest.raises(staff_steps.OwnRoles):
        staff_steps.change_roles(
            lead, roles=[Role.LEADS, Role.COUNSELS], contact_point=office, by=lead, at=LATER
        )
    assert set(lead.posts.values_list("role", flat=True)) == {"leads"}

    with acting_for(office):
        step = four_eyes.ask(
            "staff.role_taken.counsels", lead.pk, right=Right.MANAGE_STAFF, reason="Allein in der Stelle.",
            contact_point=office, by=lead, at=LATER,
        )  # fmt: skip
        four_eyes.called_back(step, right=Right.MANAGE_STAFF, by=lead, at=LATER)

        def take():
            staff_steps.take_role(lead, role=Role.COUNSELS, contact_point=office, by=lead, at=LATER)

        with pytest.raises(four_eyes.StillWaiting):
            four_eyes.carry_out(step, take, right=Right.MANAGE_STAFF, by=lead, at=LATER)
        four_eyes.carry_out(step, take, right=Right.MANAGE_STAFF, by=lead, at=LATER + four_eyes.ALONE_AFTER)
    assert set(lead.posts.values_list("role", flat=True)) == {"leads", "counsels"}


def test_the_stolen_laptop_of_the_only_leitung_can_be_locked_by_who_keeps_the_server(office, lead):
    second = make_member(office, "counsels", "leads", email="zwei@example.org")
    staff_steps.change_roles(second, roles=[Role.COUNSELS], contact_point=office, by=lead, at=LATER)
    operator = make_member(office, "operator", email="server@example.org")

    staff_steps.lock(lead, contact_point=office, by=operator, at=LATER)
    lead.refresh_from_db()
    assert not lead.is_active
