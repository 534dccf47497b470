"""Keyboard only: from the skip link through the search to a group and its contact, seeing at every step where one is."""

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# Where the keyboard is, whether a ring shows it, and whether it is really to be seen.
FOCUS = """() => {
    const here = document.activeElement, box = here.getClientRects()[0] || here.getBoundingClientRect();
    const ring = [null, '::after'].some(part => {
        const style = getComputedStyle(here, part);
        return (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2) || (part === null && style.boxShadow !== 'none');
    });
    const x = box.left + box.width / 2, y = box.top + box.height / 2, top = document.elementFromPoint(x, y);
    return {tag: here.tagName, id: here.id, text: (here.innerText || here.ariaLabel || '').trim(), href: here.getAttribute('href') || '',
        ring, seen: top !== null && (here.contains(top) || top.contains(here)), place: `${Math.round(x)}, ${Math.round(y)}`};
}"""
MOST_STEPS = 200


def tab_to(page, wanted):
    """Press Tab until `wanted` says so; every stop on the way must show where one is. Returns the last stop."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        assert here["ring"], f"No ring shows where one is: {here}"
        assert here["seen"], f"Where one is cannot be seen: {here}"
        if wanted(here):
            return here
    raise AssertionError("Tab did not lead there.")


@pytest.mark.parametrize("width", [1280, 360])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_somebody_without_a_mouse_finds_a_group_and_its_telephone(open_browser, site, width, scheme):
    page = open_browser(viewport={"width": width, "height": 740}, color_scheme=scheme)
    page.goto(site.url("/"))

    skip = tab_to(page, lambda _: True)
    assert skip["href"] == "#inhalt"
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id == 'inhalt'")
    assert tab_to(page, lambda _: True)["id"] == "worte"
    page.keyboard.type("mein Mann trinkt")
    assert tab_to(page, lambda _: True)["id"] == "ort"
    page.keyboard.type("59423")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, lambda here: here["href"].startswith("/gruppe/"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    called = tab_to(page, lambda here: here["href"].startswith("tel:"))
    assert sum(letter.isdigit() for letter in called["text"]) > 5


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/suche?thema=stalking&ort=59423",
        "/gruppe/{open}/",
        "/themen/depression/",
        "/sofort-hilfe/",
        "/stelle/beispiel-linde/",
    ],
)
def test_everything_on_a_page_is_reached_in_reading_order(page, site, path):
    page.goto(site.url(path))
    page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
    expected = page.evaluate(
        """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')]
            .filter(part => part.checkVisibility() && part.tabIndex >= 0).length"""
    )
    seen = []
    tab_to(page, lambda here: seen.append(here["place"]) or len(seen) == expected)
    page.keyboard.press("Tab")

    assert page.evaluate(
        "document.activeElement === document.body || document.activeElement.matches('.skip')"
    ), "The keyboard is trapped."


def test_filters_open_and_work_without_a_mouse(page, site):
    page.goto(site.url("/suche?thema=depression&ort=59423"))
    tab_to(page, lambda here: here["tag"] == "SUMMARY")
    page.keyboard.press("Enter")
    tab_to(page, lambda here: here["id"] == "umkreis")
    page.keyboard.press("ArrowDown")
    tab_to(page, lambda here: here["tag"] == "BUTTON")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    assert "50 km" in page.locator(".understood").inner_text()
