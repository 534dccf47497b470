"""A group's whole life: missed, begun, joined by link and by telephone, met, listed, kept by its own people, farewelled.

The office works at its desk with keyboard and mouse; who is interested and who keeps the group have JavaScript off.
The second way has no mail anywhere: who is interested has a telephone, whoever keeps the group a telephone and a letter.
"""

import re

import pytest
from django.utils import timezone

from browser.test_the_desk import by_name, join, looked_at

from .test_from_the_first_words_to_the_last_night import PHONE, backstage, go, link_in, mails, press

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
NAME = "Gruppe Narkolepsie am Kanal, Beispiel"
YES = ":has([name=coming][value=ja])"
BY_LETTER = "Gruppe Narkolepsie zu Fuß, Beispiel"


class Founding:
    """A founding's card in the browser of somebody at the desk."""

    def __init__(self, desk, site):
        self.desk, self.site, self.card = desk, site, ""

    def begin(self, title):
        self.desk.goto(by_name(self.site, "/schreibtisch/bedarf/"))
        assert self.desk.get_by_role("heading", name="Bedarf", exact=True).is_visible()
        self.desk.goto(by_name(self.site, "/schreibtisch/gruendungen/neu/?thema=narcolepsy&kreis=05978"))
        self.desk.get_by_label("Arbeitstitel").fill(title)
        press(self.desk, "Gründung anlegen")
        self.card = self.desk.url

    def take(self, step, *, at="", like="", **typed):
        """Fill the first of the card's forms for a step, and like this, and send it."""
        self.desk.goto(at or self.card)
        self.desk.locator("main details").evaluate_all("parts => parts.forEach(part => { part.open = true })")
        form = self.desk.locator(f"form[action$='/schritt/{step}/']{like}").first
        for name, value in typed.items():
            field = form.locator(f"[name={name}]").first
            if field.evaluate("each => each.tagName") == "SELECT":
                field.select_option(index=value) if isinstance(value, int) else field.select_option(value)
            elif value is True:
                field.check()
            elif field.get_attribute("type") in {"radio", "checkbox"}:
                form.locator(f"[name={name}][value='{value}']").check()
            else:
                field.fill(value)
        go(self.desk, form.locator("button[type=submit]").first.click)
        assert not self.desk.locator("[role=alert]").count(), self.desk.locator("[role=alert]").inner_text()

    def comes_to_gathering(self, text):
        today = timezone.localdate().isoformat()
        self.take("gespraech-planen", on=today)
        form = {"place_wish": "Unna", "threshold": "2"}
        self.take("gespraech", about="room", role="leads", audience="betroffene", **form)
        self.take("umgesehen")
        self.take("aufruf")
        self.take("text", text=text)
        self.take("freigabe")
        self.take("weg", way="poster", where="Stadtbücherei")
        self.take("erschienen")
        self.take("sammeln")

    def writes_down(self, name, phone):
        self.take("dazu", name=name, phone=phone, agreed=True)

    def meets(self):
        self.take("termin", on=timezone.localdate().isoformat(), starts="18:30", venue=1)
        self.take("einladen")

    def is_listed(self, name):
        today = timezone.localdate().isoformat()
        self.take(
            "treffen", attended="5", purpose="Austausch", decided="Wir treffen uns", rhythm="jeden Dienstag"
        )
        self.take("gezaehlt", on=today, attended="4")
        self.take("begleitung-endet")
        self.take(
            "eintragen",
            name=name,
            description="Wach bleiben, zusammen.",
            postcode="59423",
            town="Unna",
            basis_on=today,
        )


def nobody_is_shut_out(page, site, link, name):
    """Look at a page behind a link as axe and the HTML checker do, with somebody's eyes whose browser has scripts."""
    page.goto(site.url(link))
    assert looked_at(page, name, page.content()) == []


def found(page, site, words):
    """Search as anybody does; return the result's text."""
    page.goto(site.url("/"))
    page.get_by_label("In Ihren Worten").fill(words)
    page.get_by_label("Ort oder Postleitzahl").fill("59423")
    press(page, "Gruppen finden")
    return page.locator("main").inner_text()


def says_goodbye(desk, site, name):
    """Dissolve a group with a reason; what is erased and what stays is shown before."""
    desk.goto(by_name(site, f"/schreibtisch/gruppen/gruppe/{backstage(site, 'group', name)['pk']}/abschied/"))
    assert desk.get_by_role("heading", name="Das wird gelöscht").is_visible()
    assert desk.get_by_role("heading", name="Das bleibt, ohne Personen").is_visible()
    desk.get_by_label("Warum hört sie auf?").select_option(index=1)
    desk.get_by_label("Die Gruppe hat sich aufgelöst").check()
    press(desk, "Verabschieden")
    assert desk.get_by_role("heading", name=re.compile("Aufgelöst am")).is_visible()


def test_by_link_and_mail(open_browser, site):
    desk = open_browser(viewport={"width": 1280, "height": 900})
    join(desk, site, "gruendung@example.org", "counsels", "leads")
    anybody = open_browser(java_script_enabled=False, viewport=PHONE)
    founding = Founding(desk, site)
    founding.begin("Narkolepsie am Kanal")
    founding.comes_to_gathering("Am Tag einschlafen, nachts wach liegen: Wer kennt das?")
    for path in (
        founding.card.split("/", 3)[3],
        "schreibtisch/gruendungen/",
        "schreibtisch/zahlen/",
        "schreibtisch/zahlen/contacts/",
    ):
        desk.goto(by_name(site, f"/{path}"))
        wrong = looked_at(desk, path.split("/")[1])
        assert not wrong, "\n".join(wrong[:5])

    poster = backstage(site, "poster", "Narkolepsie am Kanal")["path"]
    nobody_is_shut_out(desk, site, poster, "a poster's page")
    anybody.goto(site.url(poster))
    assert "Am Tag einschlafen" in anybody.content()
    anybody.locator("[name=email]").fill("anna.interesse@example.org")
    anybody.locator("[name=einverstanden]").check()
    press(anybody, "Auf die Liste setzen")
    founding.writes_down("Bert Beispiel", "030 23125 901")

    founding.meets()
    invitation = link_in(site, "einladung")
    nobody_is_shut_out(desk, site, invitation, "an invitation")
    anybody.goto(site.url(invitation))
    press(anybody, "Ja, ich komme")
    assert anybody.get_by_role("heading", name="Schön, dass Sie kommen").is_visible()
    people = founding.card + "liste/"
    founding.take("eingeladen", at=people)
    founding.take("antwort", at=people, like=YES)
    founding.is_listed(NAME)
    assert NAME in found(anybody, site, "Narkolepsie")

    backstage(site, "contact", NAME, "rosa.ansprechbar@example.org")
    anybody.goto(site.url("/gruppe-pflegen/"))
    anybody.get_by_label("Name Ihrer Gruppe").fill(NAME)
    press(anybody, "Link schicken")
    assert anybody.get_by_role("heading", name="Sehen Sie in Ihr Postfach").is_visible()
    own = [link for mail in mails(site) for link in re.findall(r"/angaben/[\w-]{20,}/", mail)]
    nobody_is_shut_out(desk, site, own[-1], "a group's own page")
    anybody.goto(site.url(own[-1]))
    press(anybody, "Stimmt alles")
    anybody.get_by_label("Bis wann?").fill("")
    press(anybody, "Wir nehmen niemanden auf")
    desk.goto(by_name(site, "/schreibtisch/gruppenpflege/"))
    assert looked_at(desk, "what groups keep themselves") == []
    assert NAME in desk.locator("main").inner_text()
    founding.take("spaeter")
    desk.goto(by_name(site, f"/schreibtisch/foerderung/gruppe/{backstage(site, 'group', NAME)['pk']}/"))
    assert desk.get_by_role("heading", level=1).is_visible()

    old = f"/gruppe/{backstage(site, 'group', NAME)['slug']}/"
    says_goodbye(desk, site, NAME)
    anybody.goto(site.url(old))
    assert "gibt es nicht mehr" in anybody.content()
    assert NAME not in found(anybody, site, "Narkolepsie")


def test_by_telephone_and_letter_alone(open_browser, site):
    desk = open_browser(viewport={"width": 1280, "height": 900})
    join(desk, site, "zu-fuss@example.org", "counsels", "leads")
    founding = Founding(desk, site)
    founding.begin("Narkolepsie zu Fuß")
    founding.comes_to_gathering("Wer schläft am Tag ein und möchte darüber sprechen?")
    for number, name in enumerate(("Erna Beispiel", "Fritz Beispiel")):
        founding.writes_down(name, f"030 23125 91{number}")
    founding.meets()
    people = founding.card + "liste/"
    for _ in range(2):
        founding.take("eingeladen", at=people)
    for _ in range(2):
        founding.take("antwort", at=people, like=YES)
    desk.goto(founding.card)
    assert "2 kommt" in desk.locator("main").inner_text()
    founding.is_listed(BY_LETTER)
    group = backstage(site, "group", BY_LETTER)["pk"]
    desk.goto(by_name(site, f"/schreibtisch/gruppenpflege/{group}/"))
    go(desk, desk.locator("button[name=how][value=phone]").first.click)
    founding.take("spaeter")
    says_goodbye(desk, site, BY_LETTER)
