"""The desk in a real browser: signing in with a passkey or without JavaScript, the lock, every page for everybody."""

import base64
import hashlib
import hmac
import json
import os
import struct
import subprocess
import sys
import time

import pytest

from .markup import remember
from .test_without_a_mouse import tab_to
from .visiting import AXE, BIGGER, CHECK, MEASURABLE, RULES, STICKING_OUT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
PASSWORD = "vier blaue Tassen im Regal"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip
# Colours and widths each twice as one: what is wrong in two of four looks is wrong in one of these.
OPPOSITE = [("light", 1280), ("dark", 360)]


def invited(site, email, *roles):
    """Return the path of a link for somebody, made by the program an operator uses."""
    told = subprocess.run(
        [sys.executable, "-m", "kontaktstelle", "staff", "invite", email, *(word for role in roles for word in ("--role", role)), "--json"],
        env=os.environ | {"KONTAKTSTELLE_DATA": str(site.folder / "data"), "KONTAKTSTELLE_KEYS": str(site.folder / "keys")},
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return "/schreibtisch/" + json.loads(told.stdout)["link"].split("/schreibtisch/")[1]


def by_name(site, path):
    """Return an address by the server's name: a passkey belongs to a name, never to a number."""
    return site.url(path).replace("127.0.0.1", "localhost")


def a_code(secret):
    digest = hmac.new(
        base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), hashlib.sha1
    ).digest()
    at = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[at : at + 4])[0] & 0x7FFFFFFF) % 10**6:06}"


def with_passkeys(page):
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})


def watched(page):
    """Return what the browser complains of from now on."""
    heard = []
    page.on(
        "console",
        lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: heard.append(str(error)))
    return heard


def join(page, site, email, *roles):
    """Take up an invitation with a passkey and come to Heute."""
    with_passkeys(page)
    page.goto(by_name(site, invited(site, email, *roles)))
    page.get_by_label("Ihr Name").fill("Karla Beispiel")
    page.get_by_role("button", name="Passkey anlegen und beginnen").click()
    page.wait_for_url("**/notfall-codes/")


def looked_at(page, name, html=None):
    """Return what is wrong with a page as it stands, in opposite looks; its HTML is checked when the test is done.

    `html` is its source if it has no address.
    """
    wrong = []
    page.evaluate(AXE.read_text(encoding="utf-8"))
    page.evaluate(MEASURABLE, "--paper")
    page.evaluate("document.querySelectorAll('details:not(.me)').forEach(part => { part.open = true })")
    for scheme, width in OPPOSITE:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        wrong += [f"{name} {scheme} {width}: {each}" for each in page.evaluate(CHECK, RULES)]
        wrong += [f"{name} {width}: {each}" for each in page.evaluate(STICKING_OUT)]
    page.evaluate(BIGGER, "200%")
    page.set_viewport_size({"width": 1280, "height": 800})
    wrong += [f"{name} 200 %: {each}" for each in page.evaluate(STICKING_OUT)]
    page.evaluate(BIGGER, "")
    page.emulate_media(color_scheme="light")
    if html or "/einladung/" not in page.url:
        remember(name, html or page.request.get(page.url).text())
    return wrong


def test_somebody_joins_with_a_passkey_leaves_and_comes_back_with_it_alone(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "passkey@example.org", "counsels")
    assert page.locator(".codes li").count() == 10
    page.get_by_role("link", name="Aufgeschrieben, weiter").click()
    assert page.get_by_role("heading", level=1).inner_text().strip()
    page.locator(".me summary").click()
    page.locator(".me").get_by_role("button", name="Sperren").click()
    page.get_by_role("button", name="Mit Passkey entsperren").click()
    page.wait_for_url("**/schreibtisch/")
    page.locator(".me summary").click()
    page.locator(".me").get_by_role("button", name="Abmelden").click()
    page.goto(by_name(site, "/schreibtisch/stammdaten/"))
    page.get_by_role("button", name="Mit Passkey anmelden").click()
    page.wait_for_url("**/schreibtisch/")

    assert page.get_by_role("heading", name="Sprechzeiten heute").is_visible()
    assert heard == []


def test_without_javascript_password_and_app_do(open_browser, site):
    page = open_browser(java_script_enabled=False)
    page.goto(site.url(invited(site, "ohne-skript@example.org", "leads", "counsels")))
    assert not page.get_by_role("button", name="Passkey anlegen und beginnen").is_visible()
    page.get_by_label("Ihr Name").fill("Ole Ohne")
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Mit Passwort weiter").click()
    page.get_by_role("link", name="App mit Codes").click()
    secret = page.locator(".secret").inner_text()
    page.get_by_label("Code aus der App").fill(a_code(secret))
    page.get_by_role("button", name="App einrichten").click()
    page.get_by_role("link", name="Aufgeschrieben, weiter").click()
    assert page.get_by_role("heading", name="Sprechzeiten heute").is_visible()
    page.locator(".me summary").click()
    page.locator(".me").get_by_role("button", name="Sperren").click()
    page.get_by_label("Passwort").fill(PASSWORD)
    page.get_by_role("button", name="Entsperren").click()

    assert page.get_by_role("heading", name="Sprechzeiten heute").is_visible()


def test_nobody_is_shut_out_by_a_page_of_the_desk(open_browser, site):
    page = open_browser()
    heard = watched(page)
    wrong = []
    page.goto(by_name(site, "/schreibtisch/"))
    wrong += looked_at(page, "sign in")
    page.goto(by_name(site, "/schreibtisch/einladung/gibt-es-nicht/"))
    wrong += looked_at(page, "link unusable")
    page.goto(by_name(site, invited(site, "alle@example.org", "leads")))
    wrong += looked_at(page, "invitation")
    join(page, site, "alle@example.org", "leads", "counsels")
    wrong += looked_at(page, "codes")
    other = f"{int(time.time())}@example.org"
    invited(site, other, "counsels")
    for path in (
        "", "rueckruf/", "mein-konto/", "stammdaten/", "stammdaten/mitarbeitende/", "stammdaten/mitarbeitende/einladen/", "stammdaten/protokoll/", "gibt-es-nicht/", "anmelden/passkeys/neu/", "anmelden/app/",
        "anmelden/passwort/neu/", "anmelden/notfall-codes/neu/", "anmelden/notfall-codes/", "anmelden/noch-einmal/passkey/", "anmelden/abmelden/",
    ):  # fmt: skip
        page.goto(by_name(site, f"/schreibtisch/{path}"))
        wrong += looked_at(page, path or "today")
    page.goto(by_name(site, "/schreibtisch/stammdaten/mitarbeitende/"))
    page.get_by_role("link", name=other).click()
    wrong += looked_at(page, "member")
    page.locator(".me summary").click()
    wrong += page.evaluate("async () => (await axe.run('.me')).violations.map(each => each.id)")
    page.locator(".me").get_by_role("button", name="Sperren").click()
    page.wait_for_url("**/gesperrt/")
    wrong += looked_at(page, "locked")

    assert wrong == [], "\n".join(wrong)
    assert [each for each in heard if "404" not in each and "410" not in each] == []


@pytest.mark.parametrize("width", [1280, 360])
def test_somebody_without_a_mouse_gets_about(open_browser, site, width):
    page = open_browser(viewport={"width": width, "height": 800})
    join(page, site, f"tasten-{width}@example.org", "leads", "counsels")
    page.goto(by_name(site, "/schreibtisch/"))

    assert tab_to(page, lambda _: True)["href"] == "#inhalt"
    assert tab_to(page, lambda _: True)["href"] == "#wege"
    page.keyboard.press("Enter")
    tab_to(page, lambda here: here["text"] == "Stammdaten")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    tab_to(page, lambda here: here["text"] == "Mitarbeitende")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "arbeite" in page.get_by_role("heading", level=1).inner_text()


def test_on_paper_the_page_is_only_itself(open_browser, site):
    page = open_browser()
    join(page, site, "papier@example.org", "counsels")
    page.emulate_media(media="print")

    assert page.locator(".codes").is_visible()
    assert not page.get_by_role("link", name="Aufgeschrieben, weiter").is_visible()


def test_a_call_is_logged_by_keyboard_in_fourteen_presses(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "telefon@example.org", "counsels")
    page.goto(by_name(site, "/schreibtisch/"))
    pressed = []

    def press(*keys):
        for key in keys:
            page.keyboard.press(key)
            pressed.append(key)

    press("n")
    page.locator("[data-log] input:focus").wait_for()
    press("1", "b", "1", *"angs")
    page.locator("#themen [role=option]").first.wait_for()
    assert page.locator(".fit").first.inner_text()
    press("Enter")
    assert page.locator("[data-picked] .chip").inner_text().strip() == "Angst und Panik"
    press("Enter", "v")
    page.reload()
    page.locator("[data-picked] .chip").wait_for()
    assert page.get_by_label("Telefon").is_checked(), "a reload lost what was chosen"
    with page.expect_navigation():
        press("Control+Enter")

    assert "ist erfasst" in page.locator(".said").inner_text()
    assert len(pressed) <= 14, pressed
    assert page.locator(".log input:checked").count() == 0, "the next contact begins with something preset"
    assert heard == []


def test_a_dropped_line_loses_nothing_of_a_talk_and_what_arrived_comes_back_to_nobody(open_browser, site):
    page = open_browser()
    join(page, site, "leitung-weg@example.org", "counsels")
    address = by_name(site, "/schreibtisch/kontakt/")
    page.goto(address)
    page.locator("#notiz").fill("Kanariennotiz")
    page.route(address, lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    with page.expect_event("requestfailed"):
        page.keyboard.press("Control+Enter")
    page.unroute(address)
    page.goto(address)
    assert page.locator("#notiz").input_value() == "Kanariennotiz"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "ist erfasst" in page.locator(".said").inner_text()
    assert page.locator("#notiz").input_value() == ""
    page.reload()
    assert page.locator("#notiz").input_value() == ""


def test_nobody_is_shut_out_by_the_quick_log(open_browser, site):
    page = open_browser()
    join(page, site, "erfassen@example.org", "counsels")
    page.goto(by_name(site, "/schreibtisch/kontakt/"))
    wrong = looked_at(page, "log")
    page.locator("#thema").fill("panik")
    page.locator("#themen [role=option]").first.wait_for()
    wrong += page.evaluate("async () => (await axe.run('.topic')).violations.map(each => each.id)")
    page.locator("#thema").fill("")
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    page.get_by_role("link", name="Letzten ändern").click()
    page.get_by_role("heading", name="Angaben ändern").wait_for()
    wrong += looked_at(page, "contact")

    assert wrong == [], "\n".join(wrong)


A_LIST = "Name;Thema;Ort;Treffen;Zimmer\nTangram;Angst;Unna;montags 18 Uhr;12\nNeue Wege;Panikbuben;Hamm;;3\n;Depression;Unna;;\n"


def test_nobody_is_shut_out_by_the_pages_of_groups(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "gruppen@example.org", "leads", "counsels")
    wrong = []

    def look(path, name):
        page.goto(by_name(site, f"/schreibtisch/gruppen/{path}"))
        wrong.extend(looked_at(page, name))

    look("", "groups")
    first = page.locator("[data-rows] th a").first.get_attribute("href")
    page.locator("[data-find]").fill("xqzwv")
    page.get_by_role("button", name="Suchen").click()
    assert page.get_by_role("heading", name="Dazu gibt es keine Gruppe.").is_visible()
    wrong += looked_at(page, "no group")
    own = first.removeprefix("/schreibtisch/gruppen/")
    look(own, "group")
    look(f"{own}bearbeiten/", "form")
    page.locator("#feld-postcode").fill("12")
    page.locator("#feld-age_from").fill("")
    page.get_by_role("button", name="Änderungen speichern").click()
    assert page.get_by_role("heading", name="Bitte sehen Sie noch einmal nach").is_visible()
    wrong += looked_at(page, "problems")
    look(f"{own}bearbeiten/", "form again")
    page.get_by_role("button", name="Vorschau").click()
    assert page.get_by_role("heading", name="So sieht man Sie").is_visible()
    wrong += looked_at(page, "preview")
    for path in ("neu/", f"{own}personen/", "treffpunkte/", "treffpunkte/neu/", "ausgeben/", "einlesen/"):
        look(path, path)
    page.set_input_files("#liste", {"name": "liste.csv", "mimeType": "text/csv", "buffer": A_LIST.encode()})
    page.get_by_role("button", name="Ansehen, was geschehen würde").click()
    assert page.get_by_role("heading", name="Das würde geschehen").is_visible()
    wrong += looked_at(page, "list")
    look("treffpunkte/", "venues")
    page.locator("[data-rows] th a").first.click()
    wrong += looked_at(page, "venue")

    assert wrong == [], "\n".join(wrong)
    assert [each for each in heard if "409" not in each] == []


def test_nobody_is_shut_out_by_support_and_activities(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "begleitung@example.org", "counsels", "reception")
    wrong = []
    page.goto(by_name(site, "/schreibtisch/begleitung/"))
    wrong += looked_at(page, "support")
    page.locator("main h3 a").first.click()
    page.get_by_text("Neuer Termin").click()
    page.get_by_label("Ort", exact=True).fill("Haus am Markt")
    page.get_by_label("Tag", exact=True).fill(time.strftime("%Y-%m-%d"))
    page.get_by_role("button", name="Link machen").click()
    page.get_by_label("Notiz").fill("Ein Gespräch")
    page.get_by_role("button", name="Eintragen", exact=True).click()
    assert page.get_by_role("alert").is_visible()
    page.keyboard.press("b")
    page.get_by_role("button", name="Eintragen", exact=True).click()
    assert page.get_by_text("Ein Gespräch").is_visible()
    wrong += looked_at(page, "support of a group")
    page.get_by_role("link", name="ändern").first.click()
    wrong += looked_at(page, "entry of support")
    page.goto(by_name(site, "/schreibtisch/aktivitaeten/"))
    page.get_by_label("In einer Zeile").fill("3 Posts")
    page.keyboard.press("Enter")
    page.wait_for_url("**jahr=**")
    assert page.get_by_text("Eingetragen: 3 Beiträge in sozialen Medien.").is_visible()
    wrong += looked_at(page, "activities")
    page.locator(".said-of a").first.click()
    wrong += looked_at(page, "activity")
    page.goto(by_name(site, "/schreibtisch/aktivitaeten/einlesen/"))
    wrong += looked_at(page, "activities taken in")

    assert wrong == [], "\n".join(wrong)
    assert [each for each in heard if "409" not in each] == []


def test_a_group_is_made_by_keyboard_and_its_words_are_understood_while_typing(open_browser, site):
    page = open_browser()
    join(page, site, "anlegen@example.org", "counsels")
    page.goto(by_name(site, "/schreibtisch/gruppen/"))
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "gruppe-suchen"
    page.keyboard.press("ArrowDown")
    assert page.evaluate("document.activeElement.closest('th') !== null")
    page.keyboard.press("g")
    page.wait_for_url("**/gruppen/neu/")
    page.locator("#feld-name").fill("Gruppe Tastatur")
    page.locator("#thema").fill("panik")
    page.locator("#themen [role=option]").first.wait_for()
    page.keyboard.press("Enter")
    assert page.locator("[data-picked] input").count() == 1
    page.locator("#feld-meeting_text").fill("jeden 2. Dienstag im Monat 19 Uhr")
    page.locator("[data-reading] li").nth(4).wait_for()
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert page.get_by_role("heading", level=1).inner_text() == "Gruppe Tastatur"
    assert "Was noch fehlt" in page.locator("main").inner_text()


def test_nobody_is_shut_out_by_the_offices_own_records(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "stammdaten@example.org", "leads", "counsels")
    wrong = []
    records = "/schreibtisch/stammdaten/"
    for path in ("krise/", "stammdaten/stelle/", "stammdaten/fristen/", "stammdaten/kontaktbogen/", "stammdaten/woerter/", "stammdaten/hilfe/neu/"):  # fmt: skip
        answer = page.goto(by_name(site, f"/schreibtisch/{path}"))
        assert answer.status == 200, path
        wrong += looked_at(page, path)
    # A site with a preview; a closing refused; a text decided on; a row confirmed with its key.
    page.goto(by_name(site, f"{records}stelle/"))
    page.locator(".lined a").first.click()
    page.get_by_role("button", name="Vorschau").click()
    page.get_by_role("heading", name="Vorschau").wait_for()
    wrong += looked_at(page, "site with preview")
    page.goto(by_name(site, f"{records}schliesszeiten/"))
    page.get_by_label("Erster Tag").fill("2020-01-01")
    page.get_by_role("button", name="Schließen", exact=True).click()
    page.get_by_role("alert").wait_for()
    wrong += looked_at(page, "closing refused")
    page.goto(by_name(site, f"{records}texte/crisis/"))
    page.get_by_label("Beschlossen am").fill("2026-01-05")
    page.get_by_label("Beschlossen von").fill("Teambesprechung")
    page.get_by_role("button", name="So soll es gelten").click()
    page.get_by_role("heading", name="Frühere Fassungen").wait_for()
    wrong += looked_at(page, "text decided on")
    page.goto(by_name(site, f"{records}hilfe/"))
    due = page.locator("#pruefen").inner_text()
    with page.expect_navigation():
        page.keyboard.press("g")
    assert page.locator("#pruefen").inner_text() != due, "one key does not confirm the first row"

    assert wrong == [], "\n".join(wrong)
    assert [each for each in heard if "409" not in each] == []


def test_nobody_is_shut_out_by_funding_and_post(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "foerderung@example.org", "leads", "counsels")
    wrong = []
    money = "/schreibtisch/foerderung/"
    for path in (money, f"{money}gesagt/", f"{money}programm/neu/", "/schreibtisch/post/briefe/", "/schreibtisch/post/nicht-zugestellt/"):  # fmt: skip
        answer = page.goto(by_name(site, path))
        assert answer.status == 200, path
        wrong += looked_at(page, path)
    page.goto(by_name(site, money))
    page.get_by_role("link", name="Beispiel: Pauschale der Krankenkassen").first.click()
    wrong += looked_at(page, "round")
    page.locator("[aria-labelledby=antraege] a").first.click()
    wrong += looked_at(page, "application")
    page.get_by_role("link", name="Förderung", exact=True).last.click()
    wrong += looked_at(page, "group and money")

    assert wrong == [], "\n".join(wrong)
    assert heard == []


def test_nobody_is_shut_out_by_inbox_answering_machine_and_tally(open_browser, site):
    page = open_browser()
    heard = watched(page)
    join(page, site, "eingang@example.org", "counsels")
    wrong = []
    for path in ("posteingang/", "kontakt/anrufbeantworter/", "kontakt/strichliste/", "bedarf/"):
        page.goto(by_name(site, f"/schreibtisch/{path}"))
        wrong += looked_at(page, path)
    page.goto(by_name(site, "/schreibtisch/posteingang/"))
    page.locator("#nachrichtentext").fill(
        "Von: Karla\nBetreff: Suche\n\nIch will nicht mehr leben. Gibt es etwas gegen Panikattacken in Unna?"
    )
    with page.expect_navigation() as navigation:
        page.keyboard.press("Control+Enter")
    wrong += looked_at(page, "message", navigation.value.text())
    assert page.evaluate("[sessionStorage.length, localStorage.length]") == [0, 0], (
        "a mail stays in the browser"
    )
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")
    assert "vielen Dank" in page.locator("#antwort").input_value()
    wrong += looked_at(page, "answer")

    assert wrong == [], "\n".join(wrong)
    assert heard == []


def test_three_people_at_a_stall_are_seven_presses(open_browser, site):
    page = open_browser()
    join(page, site, "stand@example.org", "reception")
    page.goto(by_name(site, "/schreibtisch/"))
    page.keyboard.press("n")
    page.locator("[data-log] input:focus").wait_for()
    with page.expect_navigation():
        page.keyboard.press("Shift+S")
    page.locator("[data-tally-hint]").wait_for()
    for key in ("5", "b", "b", "a"):
        page.keyboard.press(key)
    page.reload()
    assert page.locator("#striche-affected").input_value() == "2", "a reload lost strokes"
    with page.expect_navigation():
        page.keyboard.press("Control+Enter")

    assert "3 Kontakte sind erfasst" in page.locator(".said").inner_text()
    assert page.locator(".stroke input").first.input_value() == ""
