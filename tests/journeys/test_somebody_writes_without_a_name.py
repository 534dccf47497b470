"""Without JavaScript, without a name: from her own words to a group, to the office, to its answer, and back."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WORDS = "Ich habe Angst, unter Menschen zu gehen. Kann ich trotzdem kommen?"
ANSWER = "Guten Tag. Ja, das geht. Wollen wir vorher sprechen?"
REPLY = "Danke. Ja, gern am Donnerstag."


def at_the_desk(site, answer=""):
    """Let the office read and answer; its own page is tested elsewhere."""
    told = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "answering.py"), answer, WORDS],
        env={
            **os.environ,
            "KONTAKTSTELLE_DATA": str(site.folder / "data"),
            "KONTAKTSTELLE_KEYS": str(site.folder / "keys"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 0, told.stderr
    return told.stdout


@pytest.fixture
def page(open_browser):
    return open_browser(java_script_enabled=False, viewport={"width": 360, "height": 740})


def pressed(page, name):
    with page.expect_navigation():
        page.get_by_role("button", name=name).first.click()


def test_from_her_words_to_the_offices_answer_and_back(page, site):
    seen = []
    page.on("request", lambda request: seen.append(request.url))
    page.goto(site.url("/"))
    page.get_by_label("In Ihren Worten").fill("Angst")
    page.get_by_label("Ort oder Postleitzahl").fill("59423")
    pressed(page, "Gruppen finden")
    page.locator(".cards > li a").first.click()
    page.get_by_role("link", name="Nachricht an die Kontaktstelle").click()
    page.wait_for_url("**/nachricht/**")
    assert page.get_by_text("wird nicht gelesen").is_visible()
    page.get_by_label("Ihre Nachricht").fill(WORDS)
    page.wait_for_timeout(3200)
    pressed(page, "Nachricht schicken")
    code = page.locator(".receipt").inner_text().strip()
    assert re.fullmatch(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", code)
    assert page.context.cookies() == []

    assert WORDS in at_the_desk(site, ANSWER)

    page.goto(site.url("/antwort/"))
    page.get_by_label("Ihr Code").fill(code.lower().replace("-", " "))
    pressed(page, "Antwort öffnen")
    assert page.get_by_text(ANSWER).is_visible()
    page.get_by_label("Ihre Antwort").fill(REPLY)
    pressed(page, "Antwort schicken")
    assert page.get_by_text("Ihre Nachricht ist angekommen").is_visible()
    assert f"seeker: {REPLY}" in at_the_desk(site)
    assert page.context.cookies() == []
    assert not any(code in url or "Menschen" in url for url in seen)
