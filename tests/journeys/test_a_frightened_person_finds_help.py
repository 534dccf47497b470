"""Somebody is in danger, on a telephone, perhaps watched: help comes first, nothing stays behind, the way out is near."""

from urllib.parse import unquote_plus

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PHONE = {"width": 360, "height": 740}
A_THUMB = 44


@pytest.fixture
def page(open_browser, site):
    page = open_browser(viewport=PHONE, has_touch=True, is_mobile=True)
    page.goto(site.url("/"))
    return page


def says(page, words, place=""):
    page.get_by_label("In Ihren Worten").fill(words)
    page.get_by_label("Ort oder Postleitzahl").fill(place)
    with page.expect_navigation():
        page.get_by_role("button", name="Gruppen finden").tap()


def on_the_first_screen(locator):
    box = locator.bounding_box()
    return box is not None and box["y"] >= 0 and box["y"] + box["height"] <= PHONE["height"]


def test_whoever_does_not_want_to_live_sees_two_numbers_without_scrolling(page):
    says(page, "ich will nicht mehr leben", "59423")

    urgent = page.locator(".urgent")
    numbers = [number for number in urgent.locator("a[href^='tel:']").all() if on_the_first_screen(number)]
    assert len(numbers) >= 2
    assert all(number.bounding_box()["height"] >= A_THUMB for number in numbers)
    assert urgent.get_by_role("link", name="0800 1110111").count() == 1
    assert urgent.bounding_box()["y"] < page.get_by_role("heading", level=1).bounding_box()["y"]


def test_groups_are_there_too_but_below(page):
    says(page, "ich will nicht mehr leben", "59423")

    assert page.locator(".cards > li").first.bounding_box()["y"] > page.locator(".urgent").bounding_box()["y"]


def test_a_woman_who_is_being_beaten_finds_the_police_and_the_helpline(page):
    says(page, "mein Mann schlägt mich gerade")

    urgent = page.locator(".urgent")
    assert urgent.get_by_role("link", name="110", exact=True).is_visible()
    assert urgent.get_by_role("link", name="116 016").is_visible()


def test_nobody_who_looks_over_her_shoulder_sees_what_she_wrote(page):
    says(page, "mein Mann schlägt mich gerade")

    assert "schlägt" not in page.title()
    assert "Gewalt" not in page.title()
    assert "schlägt" not in unquote_plus(page.url)
    assert page.context.cookies() == []


def test_she_is_gone_with_one_tap(page):
    says(page, "mein Mann schlägt mich gerade")
    page.route(
        "**/weg",
        lambda route: route.fulfill(body="<!DOCTYPE html><title>Wetter</title>", content_type="text/html"),
    )
    page.get_by_role("link", name="Seite verlassen").tap()
    page.wait_for_url("**/weg")

    page.go_back()
    assert page.locator(".urgent").count() == 0


def test_help_at_once_is_one_tap_away_from_everywhere(page, site):
    for path in ("/", "/themen/", "/gruppe/{open}/", "/kreis/05978/", "/impressum/", "/leicht/", "/en/"):
        page.goto(site.url(path))
        with page.expect_navigation():
            page.locator("header .help a").tap()
        assert page.locator("main a[href='tel:112']").count() >= 1


def test_whoever_looks_for_a_therapist_is_told_calmly_where_there_is_treatment(page):
    says(page, "finde keinen Therapeuten", "59423")

    need = page.locator("section.notice.help")
    assert need.get_by_role("link", name="116 117").first.is_visible()
    assert page.locator(".urgent").count() == 0
    assert page.locator(".cards > li").count() > 0


def test_a_book_about_suicide_is_no_alarm(page):
    says(page, "Buch über Suizid")

    assert page.locator(".urgent").count() == 0
