"""The whole way: somebody's words, a group's page, a message, clearing, a referral, both write, a question later, erasure.

Whoever seeks and the group have JavaScript off and no account; the office works at its desk.
"""

import email
import email.policy
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.utils import timezone

from browser.markup import remember
from browser.test_the_desk import by_name, join

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
WORDS = "Seit dem Umzug traue ich mich kaum aus dem Haus. Passt die Gruppe zu mir?"
PHONE = {"width": 360, "height": 740}


def run(site, *command):
    done = subprocess.run(
        [sys.executable, *command],
        env=os.environ
        | {
            "KONTAKTSTELLE_DATA": str(site.folder / "data"),
            "KONTAKTSTELLE_KEYS": str(site.folder / "keys"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def backstage(site, *said):
    return json.loads(run(site, str(Path(__file__).parent / "backstage.py"), *said))


def mails(site):
    """Send everything that waits, round by round, and return every mail as text."""
    folder, sent = site.folder / "data" / "mail", -1
    while sent < (sent := len(list(folder.glob("*.eml")))):
        run(site, "-m", "kontaktstelle", "work", "--once")
    found = sorted(folder.glob("*.eml"), key=lambda file: file.stat().st_mtime_ns)
    read = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in found]
    return [f"{mail['Subject']}\n{mail.get_content()}" for mail in read]


def link_in(site, sort):
    """Return the latest signed link of a sort: those to groups are longer than the ones for seekers."""
    every = [link for mail in mails(site) for link in re.findall(rf"(/{sort}/[\w-]{{48,}}/)", mail)]
    return every[-1]


def go(page, act):
    with page.expect_navigation():
        act()


def press(page, name):
    go(page, page.get_by_role("button", name=name).first.click)


@pytest.fixture
def without_scripts(open_browser):
    return lambda: open_browser(java_script_enabled=False, viewport=PHONE)


@pytest.fixture
def at_the_desk(open_browser, site):
    def joined(address):
        page = open_browser(viewport={"width": 1280, "height": 900})
        join(page, site, address, "counsels", "leads")
        return page

    return joined


def written(page, site, words, way_back=""):
    """Come from one's own words over a group's page to a message; return the code."""
    page.goto(site.url("/"))
    page.get_by_label("In Ihren Worten").fill("Angst")
    page.get_by_label("Ort oder Postleitzahl").fill("59423")
    press(page, "Gruppen finden")
    go(page, page.locator(".cards > li a").first.click)
    go(page, page.get_by_role("link", name="Nachricht an die Kontaktstelle").click)
    page.get_by_label("Ihre Nachricht").fill(words)
    if way_back:
        page.get_by_label("E-Mail oder Telefon").fill(way_back)
    page.wait_for_timeout(3200)  # whoever writes in less than three seconds is looked through first
    press(page, "Nachricht schicken")
    return page.locator(".receipt").inner_text().strip()


def opened(page, site, code, path="/antwort/"):
    page.goto(site.url(path))
    page.get_by_label("Ihr Code").fill(code)
    press(page, re.compile("öffnen"))


def referred(desk, site, found):
    """Take an enquiry up, clear it, and refer it on the protected way until the group is asked."""
    card = by_name(site, f"/schreibtisch/anfragen/{found['number']}/")
    desk.goto(card)
    if desk.get_by_role("button", name="Gelesen, ich kümmere mich").is_visible():
        press(desk, "Gelesen, ich kümmere mich")
    go(desk, lambda: desk.keyboard.press("k"))
    desk.get_by_label("eine Gruppe passt").check()
    press(desk, "Gespräch festhalten")
    desk.goto(by_name(site, f"/schreibtisch/merkzettel/?anfrage={found['number']}&gruppe={found['group']}"))
    assert desk.locator(".sheet-of-paper section h2").count() >= 1
    desk.goto(f"{card}vermitteln/")
    desk.locator("details").evaluate_all("parts => parts.forEach(part => { part.open = true })")
    desk.locator(f"input[name=to][value='{found['group']}']").first.check()
    desk.get_by_label("geschützter Kontakt").check()
    press(desk, "Vermittlung vorbereiten")
    assert desk.locator(".aloud").first.is_visible(), desk.locator("main").inner_text()
    go(desk, lambda: desk.keyboard.press("j"))
    go(desk, lambda: desk.keyboard.press("w"))
    return card


def they_write(desk, seeker, group, site, code):
    """The group says yes by its link; both write, and neither learns who the other is."""
    press(desk, "Link zum Antworten schicken")
    referral = desk.url
    group.goto(site.url(link_in(site, "antwort")))
    assert WORDS not in group.content()
    remember("a question to the group", group.content())
    press(group, "Ja, sie kann kommen")
    assert group.get_by_role("heading", name="Ihre Zusage ist angekommen").is_visible()

    desk.goto(referral)
    press(desk, "Ziffern für die Gruppe")
    digits = desk.locator(".receipt").inner_text().strip()
    opened(seeker, site, code)
    seeker.get_by_label("Ihre Antwort").nth(1).fill("Guten Tag, wann trefft ihr euch?")
    go(seeker, seeker.get_by_role("button", name="Antwort schicken").nth(1).click)
    opened(group, site, digits, link_in(site, "post"))
    assert group.get_by_text("wann trefft ihr euch?").is_visible()
    assert "niemand.reise@example.org" not in group.content()
    group.get_by_label("Ihre Nachricht").fill("Immer dienstags. Komm gern dazu.")
    press(group, "Antwort schicken")
    opened(seeker, site, code)
    assert seeker.get_by_text("Immer dienstags.").is_visible()
    assert "gerda.gruppe@example.org" not in seeker.content()

    return referral


def asked_later(desk, site, card, referral):
    """The office sees that they write, asks later how it was, and closes the enquiry."""
    desk.goto(referral)
    said = desk.locator("main").inner_text()
    assert "Beide haben geschrieben." in said
    assert "dienstags" not in said
    desk.get_by_text("Später einmal nachfragen").click()
    desk.get_by_label("Am").fill(timezone.localdate().isoformat())
    press(desk, "Ja, einverstanden")
    desk.goto(by_name(site, "/schreibtisch/"))
    assert desk.get_by_role("link", name="nachfragen, wie es war").first.is_visible()
    desk.goto(referral)
    press(desk, "Treffen besucht")
    desk.goto(card)
    go(desk, lambda: desk.keyboard.press("w"))
    assert "erledigt" in desk.locator(".summing").inner_text()


def test_words_to_group_to_messages_to_a_visit_and_then_nothing_but_a_number(
    without_scripts, at_the_desk, site
):
    seeker, group = without_scripts(), without_scripts()
    code = written(seeker, site, WORDS, "niemand.reise@example.org")
    found = backstage(site, "which", WORDS)

    desk = at_the_desk("reise-eins@example.org")
    desk.goto(by_name(site, "/schreibtisch/"))
    assert desk.get_by_role(
        "link", name=f"Anfrage {found['number']}: noch niemand hat sie gelesen"
    ).is_visible()
    desk.goto(by_name(site, f"/schreibtisch/anfragen/{found['number']}/"))
    assert desk.get_by_text(WORDS).is_visible()
    desk.get_by_label("Antwort", exact=True).fill("Guten Tag. Wir fragen die Gruppe gern für Sie.")
    press(desk, "Antwort schicken")

    opened(seeker, site, code)
    assert seeker.get_by_text("Wir fragen die Gruppe gern für Sie.").is_visible()
    seeker.get_by_label("Ihre Antwort").fill("Danke, das wäre schön.")
    press(seeker, "Antwort schicken")
    desk.goto(by_name(site, "/schreibtisch/"))
    assert desk.get_by_role("link", name=f"Anfrage {found['number']}").is_visible()

    card = referred(desk, site, found)
    referral = they_write(desk, seeker, group, site, code)
    asked_later(desk, site, card, referral)

    same = backstage(site, "night", "91")
    assert all(same.values()), "a figure changed when the person went"
    assert backstage(site, "left", found["number"]) == {"de_identified": True, "channels": 0}
    desk.goto(card)
    assert WORDS not in desk.content()
    opened(seeker, site, code)
    assert seeker.get_by_text("Mit diesem Code lässt sich nichts öffnen.").is_visible()
    for page in (seeker, group):
        assert page.context.cookies() == []
    for mail in mails(site):
        assert "traue ich mich" not in mail
        assert "dienstags" not in mail


def test_without_an_address_while_somebody_is_away_and_then_taken_back(without_scripts, at_the_desk, site):
    words = "Ich möchte erst einmal nur hören, wie es in der Gruppe zugeht."
    seeker, group = without_scripts(), without_scripts()
    code = written(seeker, site, words)
    found = backstage(site, "which", words)
    first, deputy = at_the_desk("reise-weg@example.org"), at_the_desk("reise-vertritt@example.org")
    card = referred(first, site, found)
    referral = first.url
    first.goto(card)
    first.get_by_text("Zuständig", exact=True).click()
    first.get_by_label("Wer", exact=True).select_option(index=1)
    press(first, "Speichern")
    backstage(site, "away", "reise-weg@example.org", "reise-vertritt@example.org")

    deputy.goto(by_name(site, "/schreibtisch/"))
    assert "ist nicht da bis" in deputy.locator("main").inner_text()
    deputy.goto(referral)
    press(deputy, "Zugesagt")
    press(deputy, "Ziffern für die Gruppe")
    digits = deputy.locator(".receipt").inner_text().strip()
    opened(seeker, site, code)
    seeker.get_by_label("Ihre Antwort").nth(1).fill("Hallo, hier bin ich.")
    go(seeker, seeker.get_by_role("button", name="Antwort schicken").nth(1).click)
    path = link_in(site, "post")
    opened(group, site, digits, path)
    assert group.get_by_text("Hallo, hier bin ich.").is_visible()

    seeker.get_by_text("Kontakt beenden").click()
    press(seeker, "Kontakt jetzt beenden")
    assert seeker.get_by_text("Die Gruppe kann Ihnen nicht mehr schreiben.").is_visible()
    group.get_by_label("Ihre Nachricht").fill("Schön, dass du da bist.")
    press(group, "Antwort schicken")
    assert group.get_by_text("Dieser Kontakt ist beendet").first.is_visible()
    assert "Schön, dass du da bist." in group.content(), "what was typed is not lost"
    opened(seeker, site, code)
    assert "Schön, dass du da bist." not in seeker.content()
    deputy.goto(referral)
    assert "widerrufen" in deputy.locator("main").inner_text()
