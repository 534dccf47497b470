"""A call at ten: logged while talking, kept as an enquiry, cleared, referred, the group asked by telephone, an outcome."""

import pytest

from browser.test_the_desk import by_name, join, looked_at, watched

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


@pytest.fixture
def desk(open_browser, site, request):
    page = open_browser(viewport={"width": 1280, "height": 900})
    join(page, site, f"{request.node.name.replace('_', '-')[:50]}@example.org", "counsels", "leads")
    return page


def go(page, act):
    with page.expect_navigation():
        act()


def logged(page, site):
    """Log a call of somebody with panic, by keyboard, and save it."""
    page.goto(by_name(site, "/schreibtisch/kontakt/"))
    page.locator("[data-log] input:focus").wait_for()
    for key in ("1", "b", "1", *"angs"):
        page.keyboard.press(key)
    page.locator("#themen [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    page.locator(".fit").first.wait_for()
    go(page, lambda: page.keyboard.press("Control+Enter"))


def test_from_the_call_to_the_visit(desk, site):
    heard = watched(desk)
    wrong = []
    logged(desk, site)
    go(desk, lambda: desk.keyboard.press("o"))
    assert "Anfrage" in desk.get_by_role("heading", level=1).inner_text()
    card = desk.url
    wrong += looked_at(desk, "card")
    desk.goto(card)
    desk.get_by_text("Eintragen", exact=True).click()
    desk.get_by_label("Rufname").fill("Berg")
    desk.locator("#feld-phone").fill("030 23125 778")
    go(desk, lambda: desk.get_by_role("button", name="So erreichen").click())

    go(desk, lambda: desk.keyboard.press("k"))
    wrong += looked_at(desk, "clearing")
    desk.goto(desk.url)
    desk.get_by_label("eine Gruppe passt").check()
    go(desk, lambda: desk.get_by_role("button", name="Gespräch festhalten").click())
    assert desk.get_by_role("heading", name="Wohin vermitteln?").is_visible()
    wrong += looked_at(desk, "refer")
    desk.goto(desk.url)
    desk.locator(".offer input[name=to]").first.check()
    desk.get_by_label("Gruppe ruft zurück").check()
    go(desk, lambda: desk.get_by_role("button", name="Vermittlung vorbereiten").click())
    assert desk.locator(".aloud").first.inner_text().count(" ") < 45
    wrong += looked_at(desk, "consent")

    desk.goto(desk.url)
    go(desk, lambda: desk.keyboard.press("j"))
    assert "Das dürfen Sie weitergeben" in desk.locator("main").inner_text()
    assert "Berg" in desk.locator("main").inner_text()
    go(desk, lambda: desk.keyboard.press("w"))
    wrong += looked_at(desk, "asked")
    desk.goto(card)
    assert "wartet auf die Gruppe" in desk.locator(".summing").inner_text()
    go(desk, lambda: desk.keyboard.press("w"))
    go(desk, lambda: desk.keyboard.press("j"))
    go(desk, lambda: desk.keyboard.press("j"))
    go(desk, lambda: desk.get_by_role("button", name="Treffen besucht").click())
    assert "Ergebnis bekannt" in desk.locator(".summing").inner_text()

    desk.goto(card)
    go(desk, lambda: desk.keyboard.press("w"))
    assert "erledigt" in desk.locator(".summing").inner_text()
    for page_title in (desk.title(), desk.url):
        assert "Berg" not in page_title
    assert wrong == [], "\n".join(wrong)
    assert heard == []


def test_the_answer_in_the_hand_opens_beside_the_talk_and_keeps_nothing(desk, site):
    desk.goto(by_name(site, "/schreibtisch/kontakt/"))
    desk.locator("[data-log] input:focus").wait_for()
    desk.locator("#thema").fill("panik")
    desk.locator(".fit").first.wait_for()
    with desk.context.expect_page() as opened:
        desk.get_by_role("button", name="Merkzettel").click()
    sheet = opened.value
    sheet.wait_for_load_state()

    assert 1 <= sheet.locator(".sheet-of-paper section h2").count() <= 5
    assert sheet.locator("#text").input_value().count("Kontakt") >= 1
    assert sheet.locator(".sheet-of-paper").get_by_role("heading", name="Beim ersten Mal").is_visible()
    sheet.emulate_media(media="print")
    assert not sheet.get_by_role("button", name="Merkzettel ändern").is_visible()
    assert sheet.locator(".sheet-of-paper").is_visible()
    assert desk.locator("#thema").input_value() == "panik", "the talk goes on"


def test_nobody_is_shut_out_by_heute_and_what_it_leads_to(desk, site):
    heard = watched(desk)
    wrong = []
    for path in (
        "",
        "uebergabe/",
        "rueckruf/",
        "anrufer/",
        "anfragen/",
        "anfragen/?welche=alle",
        "merkzettel/?gruppe={open}",
    ):
        desk.goto(by_name(site, f"/schreibtisch/{path}"))
        wrong += looked_at(desk, path or "today")

    assert wrong == [], "\n".join(wrong)
    assert heard == []
