"""`staff`: links for people, made on the server."""

import pytest
from django.utils import timezone

from kontaktstelle.organisation import first_links, staff_steps
from kontaktstelle.organisation.models import Post, Staff
from support.people import A_PASSWORD, make_member, make_office

from .conftest import refused

pytestmark = pytest.mark.django_db


def token_of(link):
    return link.rstrip("/").rsplit("/", 1)[1]


def test_invite_gives_a_link_that_works(run, settings):
    settings.PUBLIC_ADDRESS = "https://selbsthilfe.example.org"
    office = make_office()
    (told,) = run(
        "staff",
        "invite",
        "Neu@Example.org",
        "--role",
        "counsels",
        "--role",
        "leads",
        "--office",
        office.slug,
        "--json",
    ).values

    assert told["email"] == "neu@example.org"
    assert told["link"].startswith("https://selbsthilfe.example.org/schreibtisch/einladung/")
    member = staff_steps.look_up(token_of(told["link"]), at=timezone.now()).staff
    assert set(member.posts.values_list("role", flat=True)) == {"counsels", "leads"}


def test_renew_voids_what_there_was(run):
    office = make_office()
    member = make_member(office, "leads", email="l@example.org", password=A_PASSWORD)
    (told,) = run("staff", "renew", "l@example.org", "--json").values
    member.refresh_from_db()

    assert not member.has_usable_password()
    assert not staff_steps.has_access(member)
    assert staff_steps.look_up(token_of(told["link"]), at=timezone.now()).staff == member


@pytest.mark.parametrize(
    "arguments",
    [
        ("invite", "x@example.org", "--role", "counsels", "--office", "gibt-es-nicht"), ("invite", "kein-at", "--role", "counsels"),
        ("invite", "x@example.org", "--role", "superuser"), ("invite", "x@example.org"), ("renew", "niemand@example.org"), (),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_a_sentence(run, arguments):
    make_office()

    assert refused(run("staff", *arguments))
    assert not Post.objects.exists()


class TestFirstLinks:
    def test_the_example_has_one_who_leads_and_one_who_counsels(self):
        office = make_office()
        links = first_links.example_links(office, at=timezone.now())

        assert [each.email for each in links] == ["leitung@example.org", "beratung@example.org"]
        assert set(Staff.objects.get(email="leitung@example.org").posts.values_list("role", flat=True)) == {
            "leads",
            "counsels",
        }

    def test_asked_again_only_those_who_have_not_joined_get_one_and_the_older_is_void(self):
        office = make_office()
        first = first_links.example_links(office, at=timezone.now())
        staff_steps.take_up(first[0].token, name="L", password=A_PASSWORD, at=timezone.now())
        again = first_links.example_links(office, at=timezone.now())

        assert [each.email for each in again] == ["beratung@example.org"]
        with pytest.raises(staff_steps.LinkUnusable):
            staff_steps.look_up(first[1].token, at=timezone.now())

    def test_an_office_that_is_led_gets_none(self):
        office = make_office()
        make_member(office, "leads", password=A_PASSWORD)

        assert first_links.leader_link(office, "neu@example.org", at=timezone.now()) is None
        assert first_links.leader_link(office, "", at=timezone.now()) is None
