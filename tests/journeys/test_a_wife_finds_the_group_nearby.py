"""“Mein Mann trinkt”: from her own words to the group around the corner, its next evening in her calendar."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def results(open_browser, site):
    page = open_browser(viewport={"width": 390, "height": 844}, accept_downloads=True)
    page.goto(site.url("/"))
    page.get_by_label("In Ihren Worten").fill("mein Mann trinkt")
    page.get_by_label("Ort oder Postleitzahl").fill("59423")
    with page.expect_navigation():
        page.get_by_role("button", name="Gruppen finden").click()
    return page


def kilometres(card):
    text = card.locator(".at").inner_text()
    return (
        0.5
        if text.startswith("unter")
        else float(text.split(" km")[0].replace(",", "."))
        if " km" in text
        else None
    )


def test_she_is_understood_as_a_relative(results):
    assert "Angehörige" in results.locator(".understood strong").inner_text()
    assert "Unna" in results.locator(".understood").inner_text()


def test_the_first_group_is_for_her_and_near(results):
    first = results.locator(".cards > li").first
    assert "Angehörige" in first.inner_text()
    assert kilometres(first) <= 10


def test_groups_for_her_topic_come_by_distance(results):
    topic = results.locator(".understood strong").inner_text()
    first_topic = [
        card
        for card in results.locator("section").first.locator(".cards > li").all()
        if f"Thema: {topic}" in card.inner_text()
    ]
    distances = [kilometres(card) for card in first_topic if kilometres(card) is not None]
    assert len(distances) > 1
    assert distances == sorted(distances)


def test_her_words_are_still_in_the_form_when_she_wants_to_change_them(results):
    results.get_by_text("Suche ändern oder eingrenzen").click()

    assert results.locator("#worte").input_value() == "mein Mann trinkt"


def test_she_reads_how_to_come_and_takes_the_dates_with_her(results):
    results.locator(".cards > li", has_text="nächstes Treffen").first.get_by_role("link").click()
    results.wait_for_url("**/gruppe/**")

    assert results.get_by_role("heading", name="So nehmen Sie Kontakt auf").is_visible()
    assert results.locator("main a[href^='tel:']").first.is_visible()
    assert results.locator(".facts li").count() >= 1
    with results.expect_download() as download:
        results.get_by_role("link", name="Termine in meinen Kalender").click()
    calendar = download.value.path().read_text(encoding="utf-8")
    assert "SUMMARY:" + results.locator("h1").inner_text().replace(",", "\\,") in calendar.replace(
        "\r\n ", ""
    )
    assert "TZID=Europe/Berlin" in calendar


def test_going_back_brings_her_to_her_results_not_to_a_question(results):
    results.locator(".cards > li").first.get_by_role("link").click()
    results.wait_for_url("**/gruppe/**")
    results.go_back()

    assert results.locator(".cards > li").count() > 1
    assert "Angehörige" in results.locator(".understood strong").inner_text()


def test_nothing_nearby_is_never_the_end(open_browser, site):
    page = open_browser(viewport={"width": 390, "height": 844})
    page.goto(site.url("/"))
    page.get_by_label("In Ihren Worten").fill("Huntington")
    page.get_by_label("Ort oder Postleitzahl").fill("59423")
    with page.expect_navigation():
        page.get_by_role("button", name="Gruppen finden").click()

    assert "0 " not in page.get_by_role("heading", level=1).inner_text()
    assert page.locator(".further a[href^='tel:']").first.is_visible()
    assert page.get_by_role("link", name="Selbst eine Gruppe gründen").is_visible()
    with page.expect_navigation():
        page.get_by_role("button", name="Im Umkreis von 50 km suchen").click()
    assert "50 km" in page.locator(".understood").inner_text()
