"""Printed pages: no navigation, the telephone numbers there, dark letters on white whatever the screen shows."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PRINTED = [
    "/gruppe/{open}/",
    "/gruppe/{protected}/",
    "/suche?thema=depression&ort=59423",
    "/sofort-hilfe/",
    "/stelle/beispiel-linde/",
    "/themen/depression/",
]
FOR_THE_SCREEN = "nav, .skip, .leave, form, button, a.button, summary"

# Visible words whose colour is too light for paper: relative luminance above 0.3 is less than 3:1 on white.
TOO_LIGHT = """() => [...document.body.querySelectorAll('*')].filter(part => part.checkVisibility() && [...part.childNodes].some(
    words => words.nodeType === 3 && words.textContent.trim())).filter(part => {
        const [red, green, blue] = getComputedStyle(part).color.match(/[\\d.]+/g).map(Number).map(
            value => (value /= 255) <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.3;
    }).map(part => part.tagName + ' ' + part.textContent.trim().slice(0, 40))"""


@pytest.fixture(params=["light", "dark"])
def paper(open_browser, request):
    page = open_browser(color_scheme=request.param, viewport={"width": 794, "height": 1123})
    page.emulate_media(media="print")
    return page


@pytest.mark.parametrize("path", PRINTED)
def test_a_printed_page_has_telephone_numbers_and_no_navigation(paper, site, path):
    paper.goto(site.url(path))

    on_paper = [part.inner_text()[:40] for part in paper.locator(FOR_THE_SCREEN).all() if part.is_visible()]
    assert not on_paper, on_paper
    numbers = [
        number.inner_text() for number in paper.locator("main a[href^='tel:']").all() if number.is_visible()
    ]
    numbers += [
        number.inner_text() for number in paper.locator("footer a[href^='tel:']").all() if number.is_visible()
    ]
    assert any(sum(letter.isdigit() for letter in number) >= 3 for number in numbers)
    assert paper.evaluate(TOO_LIGHT) == []


def test_a_printed_group_says_when_where_and_how(paper, site):
    paper.goto(site.url("/gruppe/{open}/"))

    for part in ("h1", ".facts", "#kontakt", ".qr"):
        assert paper.locator(part).first.is_visible(), part


def test_a_group_fits_on_one_sheet(page, site, tmp_path):
    from pypdf import PdfReader

    page.goto(site.url("/gruppe/{open}/"))
    page.pdf(path=tmp_path / "group.pdf", format="A4")

    assert len(PdfReader(tmp_path / "group.pdf").pages) == 1
