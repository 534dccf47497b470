"""Somebody new in Leipzig writes in Turkish, finds a group, and reads on in English."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
TURKISH = "kocam çok içiyor, yardıma ihtiyacım var"


@pytest.fixture
def results(open_browser, site):
    page = open_browser(viewport={"width": 390, "height": 844}, locale="tr-TR")
    page.goto(site.url("/"))
    page.locator("#worte").fill(TURKISH)
    page.locator("#ort").fill("Leipzig")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    return page


def test_her_words_are_understood_in_her_language(results):
    assert "Angehörige" in results.locator(".understood strong").inner_text()
    assert "Leipzig" in results.locator(".understood").inner_text()
    assert results.locator(".cards > li").count() >= 1


def test_turkish_letters_come_back_whole(results):
    results.locator("details.refine > summary").click()

    assert results.locator("#worte").input_value() == TURKISH


def test_the_pages_can_be_read_in_english(results, site):
    results.goto(site.url("/suche?thema=addiction-relatives&ort=04109"))
    with results.expect_navigation():
        results.get_by_role("link", name="English").click()

    assert results.locator("html").get_attribute("lang") == "en"
    assert results.get_by_role("heading", level=1).inner_text().split(" ", 1)[1] != "Gruppen in Ihrer Nähe"
    with results.expect_navigation():
        results.locator(".cards > li").first.get_by_role("link").click()
    assert "/en/gruppe/" in results.url
    assert results.get_by_role("link", name="Deutsch").count() == 1


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("мій чоловік п'є", "uk"),
        ("زوجي يشرب الكحول", "ar"),
        ("mój mąż pije", "pl"),
        ("мой муж пьёт", "ru"),
        ("my husband drinks", "en"),
    ],
)
def test_others_are_understood_in_theirs(open_browser, site, words, language):
    page = open_browser(viewport={"width": 390, "height": 844}, locale=language)
    page.goto(site.url("/"))
    page.locator("#worte").fill(words)
    page.locator("#ort").fill("Leipzig")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "Angehörige" in page.locator(".understood strong").inner_text()
    assert page.locator(".cards > li").count() >= 1
