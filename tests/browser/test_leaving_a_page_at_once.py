"""“Seite verlassen”: for somebody who is being watched. With JavaScript no way leads back; without it a plain link does it."""

import http.client
from urllib.parse import urlsplit

import pytest

from .pages import asking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
SENSITIVE = [
    "/suche?thema=domestic-violence",
    "/suche?thema=alcohol",
    "/themen/stalking/",
    "/gruppe/{protected}/",
    "/sofort-hilfe/",
    "/leicht/sofort-hilfe/",
]
PHONE = {"width": 360, "height": 740}


@pytest.fixture
def neutral(open_browser):
    """A window in which the neutral page is one of ours: no other host is asked."""
    page = open_browser(viewport=PHONE)
    page.route(
        "**/weg",
        lambda route: route.fulfill(
            body="<!DOCTYPE html><title>Wetter</title><h1>Neutral</h1>", content_type="text/html"
        ),
    )
    return page


@pytest.mark.parametrize("path", SENSITIVE)
def test_a_sensitive_page_can_be_left_at_once(page, site, path):
    page.goto(site.url(path))

    assert page.get_by_role("link", name="Seite verlassen").is_visible()


@pytest.mark.parametrize(
    "words", ["mein Mann schlägt mich gerade", "ich will nicht mehr leben", "werde von meinem Ex gestalkt"]
)
def test_an_answer_to_sensitive_words_can_be_left_at_once(page, site, words):
    asking("", words).open(page, site)

    assert page.get_by_role("link", name="Seite verlassen").is_visible()


def test_the_way_out_stays_where_a_thumb_finds_it(neutral, site):
    neutral.goto(site.url("/suche?thema=domestic-violence"))
    for scrolled in (0, 400, 5000):
        neutral.evaluate("far => scrollTo(0, far)", scrolled)
        box = neutral.get_by_role("link", name="Seite verlassen").bounding_box()
        assert box is not None
        assert box["height"] >= 44
        assert 0 <= box["y"] <= PHONE["height"] - box["height"]


def test_the_way_out_comes_early_for_the_keyboard(page, site):
    page.goto(site.url("/suche?thema=domestic-violence"))
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")

    assert page.evaluate("document.activeElement.classList.contains('leave')")


def test_who_leaves_cannot_be_followed_back(neutral, site):
    neutral.goto(site.url("/themen/"))
    neutral.goto(site.url("/suche?thema=domestic-violence"))
    neutral.get_by_role("link", name="Seite verlassen").click()
    neutral.wait_for_url("**/weg")
    neutral.go_back()

    assert urlsplit(neutral.url).path == "/themen/"


def test_pressing_shift_three_times_leaves_too(neutral, site):
    neutral.goto(site.url("/themen/"))
    asking("", "mein Mann schlägt mich gerade").open(neutral, site)
    for _ in range(3):
        neutral.keyboard.press("Shift")
    neutral.wait_for_url("**/weg")


def test_writing_capital_letters_does_not_leave(neutral, site):
    neutral.goto(site.url("/suche?thema=domestic-violence"))
    neutral.locator("details.refine > summary").click()
    neutral.locator("#worte").press_sequentially("ABC DEF")

    assert urlsplit(neutral.url).path == "/suche"


def test_leaving_works_without_javascript(open_browser, site):
    page = open_browser(java_script_enabled=False, viewport=PHONE)
    page.route(
        "**/weg",
        lambda route: route.fulfill(body="<!DOCTYPE html><title>Wetter</title>", content_type="text/html"),
    )
    page.goto(site.url("/suche?thema=domestic-violence"))
    page.get_by_role("link", name="Seite verlassen").click()
    page.wait_for_url("**/weg")


def test_the_way_out_leads_to_a_page_nobody_asks_about(site):
    connection = http.client.HTTPConnection(urlsplit(site.address).netloc)
    connection.request("GET", "/weg")
    answer = connection.getresponse()

    assert answer.status == 303
    assert answer.headers["Location"].startswith("https://")
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    connection.close()
