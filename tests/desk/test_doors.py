"""Doors: closed by default, forbidden looks like absent, nothing is kept on the way, a foreign form is refused."""

import re

import pytest
from django.core.checks import run_checks
from django.http import HttpResponse
from django.test import Client
from django.urls import path

from kontaktstelle.organisation import tenancy
from kontaktstelle.organisation.access import Door, door
from kontaktstelle.organisation.models import Post
from kontaktstelle.organisation.rights import Right
from kontaktstelle.urls import handler404, handler500  # noqa: F401 - handlers of the URL module
from kontaktstelle.urls import urlpatterns as product
from support.every_address import desk_patterns
from support.people import A_MOMENT, make_member
from support.visiting import text_of

TODAY = "/schreibtisch/"


def open_page(request):
    return HttpResponse("offen")


@door(Right.SEE_NOTE)
def says_where(request):
    return HttpResponse(f"{tenancy.current()} {request.contact_point.slug} {request.staff.pk}")


urlpatterns = [path("schreibtisch/offen/", open_page), path("schreibtisch/wo/", says_where), *product]


def test_every_page_of_the_desk_has_a_door():
    found = list(desk_patterns())
    assert len(found) > 30
    assert [name for name, _, view in found if not isinstance(getattr(view, "door", None), Door)] == []


@pytest.mark.urls(__name__)
def test_a_page_without_a_door_does_not_open_and_the_check_names_it(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")

    assert browser.get("/schreibtisch/offen/").status_code == 404
    assert [m.id for m in run_checks(tags=["security"]) if "schreibtisch/offen" in str(m.msg)] == [
        "desk.E001"
    ]


@pytest.mark.urls(__name__)
def test_a_door_opens_the_rows_of_ones_own_office(at_the_desk, office):
    browser, member = at_the_desk("counsels")

    assert text_of(browser.get("/schreibtisch/wo/")) == f"{office.pk} {office.slug} {member.pk}"


@pytest.mark.urls(__name__)
def test_somebody_of_two_offices_works_for_the_one_they_choose(at_the_desk, office, office_elsewhere):
    browser, member = at_the_desk("counsels")
    Post.objects.create(staff=member, contact_point=office_elsewhere, role="counsels", given_at=A_MOMENT)
    browser.post("/schreibtisch/stelle/", {"stelle": office_elsewhere.slug})
    assert text_of(browser.get("/schreibtisch/wo/")).startswith(f"{office_elsewhere.pk} ")
    Post.objects.filter(contact_point=office_elsewhere).delete()

    assert text_of(browser.get("/schreibtisch/wo/")).startswith(f"{office.pk} "), "lost at once"


@pytest.mark.urls(__name__)
def test_an_office_one_has_no_post_at_cannot_be_chosen(at_the_desk, office, office_elsewhere):
    browser, _ = at_the_desk("counsels")
    browser.post("/schreibtisch/stelle/", {"stelle": office_elsewhere.slug})

    assert text_of(browser.get("/schreibtisch/wo/")).startswith(f"{office.pk} ")


@pytest.mark.urls(__name__)
def test_a_role_taken_away_counts_with_the_next_page(at_the_desk):
    browser, member = at_the_desk("counsels", "reception")
    assert browser.get("/schreibtisch/wo/").status_code == 200
    member.posts.filter(role="counsels").delete()

    assert browser.get("/schreibtisch/wo/").status_code == 404
    assert browser.get(TODAY).status_code == 200


def test_forbidden_and_absent_look_alike(at_the_desk, office):
    browser, _ = at_the_desk("reception")
    somebody = make_member(office, "counsels")

    def seen(path):
        answer = browser.get(path)
        assert answer.status_code == 404
        return text_of(answer)

    assert seen(f"/schreibtisch/stammdaten/mitarbeitende/{somebody.pk}/") == seen(
        "/schreibtisch/gibt-es-nicht/"
    )


def test_nothing_is_kept_on_the_way(at_the_desk):
    browser, _ = at_the_desk("leads", "counsels")
    for path_ in (
        TODAY,
        "/schreibtisch/stammdaten/mitarbeitende/",
        "/schreibtisch/mein-konto/",
        "/schreibtisch/gibt-es-nicht/",
        "/schreibtisch/anmelden/",
    ):
        headers = browser.get(path_).headers
        assert headers["Cache-Control"] == "no-store", path_
        assert "noindex" in headers["X-Robots-Tag"], path_


@pytest.mark.parametrize(
    "headers",
    [{}, {"origin": "https://boese.example"}, {"origin": "null"}, {"sec-fetch-site": "same-origin"}],
)
def test_a_form_without_our_token_changes_nothing(office, headers):
    member = make_member(office, "counsels")
    browser = Client(enforce_csrf_checks=True, raise_request_exception=False)
    browser.force_login(member)
    answer = browser.post("/schreibtisch/mein-konto/name/", {"name": "Untergeschoben"}, headers=headers)

    member.refresh_from_db()
    assert answer.status_code == 403
    assert member.name != "Untergeschoben"


def test_delicate_pages_ask_once_more(at_the_desk, office):
    browser, _ = at_the_desk("leads", password="vier blaue Tassen im Regal")
    answer = browser.get("/schreibtisch/stammdaten/mitarbeitende/einladen/")
    assert answer.headers["Location"].startswith("/schreibtisch/anmelden/noch-einmal/")
    browser.post(answer.headers["Location"], {"password": "vier blaue Tassen im Regal"})

    assert browser.get("/schreibtisch/stammdaten/mitarbeitende/einladen/").status_code == 200


@pytest.mark.parametrize(
    ("path_", "here"),
    [
        ("", {"Heute": "page"}),
        ("stammdaten/", {"Stammdaten": "page"}),
        ("stammdaten/mitarbeitende/", {"Stammdaten": "true"}),
        ("mein-konto/", {}),
    ],
)
def test_the_ways_say_where_one_is(at_the_desk, path_, here):
    browser, _ = at_the_desk("leads", "counsels")
    page = text_of(browser.get(TODAY + path_))
    found = dict(re.findall(r'aria-current="(page|true)">(\w+)', page.split("</nav>")[0]))

    assert {words: kind for kind, words in found.items()} == here
