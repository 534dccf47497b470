"""Everything works without JavaScript: from the start page to a date in one's calendar."""

import pytest

from .pages import asking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(open_browser):
    return open_browser(
        java_script_enabled=False, viewport={"width": 360, "height": 740}, accept_downloads=True
    )


def test_from_ones_own_words_to_a_date_in_the_calendar(page, site):
    asking("", "mein Mann trinkt", "59423").open(page, site)
    page.locator(".cards > li", has_text="nächstes Treffen").first.locator("a").click()
    page.wait_for_url("**/gruppe/**")
    with page.expect_download() as download:
        page.locator("a[href$='termine.ics']").click()

    calendar = download.value.path().read_text(encoding="utf-8")
    assert calendar.startswith("BEGIN:VCALENDAR")
    assert calendar.count("BEGIN:VEVENT") >= 1


def test_filters_can_be_opened_and_sent(page, site):
    asking("", "Depression", "59423").open(page, site)
    page.locator("details.refine > summary").click()
    page.select_option("#umkreis", "50")
    page.locator("#suche [type=submit]").click()

    page.locator(".understood", has_text="50 km").wait_for()


def test_a_wider_circle_is_one_button_away(page, site):
    asking("", "Huntington", "59423").open(page, site)
    page.locator("button[name=umkreis]").click()

    page.locator(".understood", has_text="50 km").wait_for()


def test_a_place_with_namesakes_is_chosen_and_the_words_are_kept(page, site):
    asking("", "Angst", "Mühlhausen").open(page, site)
    page.locator("button[name=ort]").first.click()

    page.locator(".understood", has_text="Mühlhausen").wait_for()
    assert page.locator("#worte").input_value() == "Angst"


def test_no_button_is_shown_that_does_nothing(page, site):
    page.goto(site.url("/gruppe/{open}/"))

    assert page.locator("[data-print]").count() == 1
    assert not page.locator("[data-print]").is_visible()
