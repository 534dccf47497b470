"""A widower with large letters and a printer: he reads it without glasses, prints it, and has everything on one sheet."""

import pytest
from pypdf import PdfReader

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def page(open_browser):
    return open_browser(viewport={"width": 1024, "height": 768})


def bigger_letters(page):
    page.evaluate("document.documentElement.style.fontSize = '200%'")


def test_he_finds_a_group_for_the_bereaved_with_large_letters(page, site):
    page.goto(site.url("/"))
    bigger_letters(page)
    page.get_by_label("In Ihren Worten").fill("allein seit dem Tod meiner Frau")
    page.get_by_label("Ort oder Postleitzahl").fill("Unna")
    with page.expect_navigation():
        page.get_by_role("button", name="Gruppen finden").click()
    bigger_letters(page)

    assert (
        "Verwitwet" in page.locator(".understood").inner_text()
        or "Trauer" in page.locator(".understood").inner_text()
    )
    assert page.evaluate("document.scrollingElement.scrollWidth <= document.scrollingElement.clientWidth")


def test_what_he_prints_fits_on_one_sheet_and_says_whom_to_call(page, site, tmp_path):
    page.goto(site.url("/gruppe/{open}/"))
    name = page.locator("h1").inner_text()
    number = page.locator("aside a[href^='tel:']").first.inner_text()
    page.pdf(path=tmp_path / "group.pdf", format="A4")

    sheets = PdfReader(tmp_path / "group.pdf").pages
    words = " ".join(sheets[0].extract_text().split())
    assert len(sheets) == 1
    assert name in words
    assert number in words
    assert "Nächste Treffen" in words
    assert "Seite drucken" not in words
    assert "heute" not in words, "Tomorrow it would not be true."


def test_the_button_that_prints_really_prints(page, site):
    page.goto(site.url("/gruppe/{open}/"))
    page.evaluate("window.print = () => { document.title = 'printed' }")
    page.get_by_role("button", name="Seite drucken").click()

    assert page.title() == "printed"


def test_the_offices_hours_are_on_paper(page, site, tmp_path):
    page.goto(site.url("/stelle/beispiel-linde/"))
    page.pdf(path=tmp_path / "office.pdf", format="A4")

    words = " ".join(PdfReader(tmp_path / "office.pdf").pages[0].extract_text().split())
    assert "Sprechzeiten" in words
    assert "Uhr" in words


def test_he_can_call_instead(page, site):
    page.goto(site.url("/"))

    speak = page.locator("section.speak")
    assert speak.get_by_role("heading", name="Lieber sprechen?").is_visible()
    assert speak.locator("a[href^='tel:']").is_visible()
