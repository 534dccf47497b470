"""Every public page, and every state a page can be in.

A new public page gets a line here; `test_every_address_is_visited` names the one that was forgotten.
"""

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Response

from .running import Site

OK, REFUSED, MISSING, UNREADABLE, BROKEN = 200, 403, 404, 400, 503
CONFLICT, GONE = 409, 410


@dataclass(frozen=True, slots=True)
class State:
    """A page in one state: how it is opened, what is typed, and what it answers."""

    name: str
    open: Callable[[Page, Site], Response]
    typed: tuple[str, ...] = ()
    status: int = OK

    def __str__(self) -> str:
        return self.name


def at(path: str, name: str = "", status: int = OK) -> State:
    """A page that has an address."""

    def opened(page: Page, site: Site) -> Response:
        return page.goto(site.url(path))

    return State(name or path, opened, status=status)


def asking(
    name: str,
    words: str,
    place: str = "",
    *,
    start: str = "/",
    status: int = OK,
    prepare: Callable[[Page], object] = bool,
) -> State:
    """The answer to words typed into a form, as a person types them."""

    def opened(page: Page, site: Site) -> Response:
        page.goto(site.url(start))
        if words:
            page.fill("#worte", words)
        if place:
            page.fill("#ort", place)
        prepare(page)
        return sent(page, page.locator("main form.search [type=submit]").first.click)

    return State(name, opened, typed=tuple(text for text in (words, place) if text), status=status)


def sent(page: Page, act: Callable[[], object]) -> Response:
    """Do what leads to the next page, and return that page's answer."""
    with page.expect_navigation() as navigation:
        act()
    response = navigation.value
    assert response is not None
    return response


def _from_another_site(page: Page, site: Site) -> Response:
    page.goto("about:blank")
    page.set_content(
        f'<form method="post" action="{site.url("/suche")}"><input name="worte" value="Angst"><button>senden</button></form>'
    )
    return sent(page, lambda: page.click("button"))


def _with_an_old_form(page: Page) -> None:
    page.eval_on_selector("[name=marke]", "field => { field.value = 'suche:1abcde:alt' }")


def _with_a_thousand_fields(page: Page) -> None:
    page.eval_on_selector(
        "form#suche",
        """form => { for (let i = 0; i < 400; i++) {
            const field = document.createElement('input'); field.type = 'hidden'; field.name = `f${i}`; form.append(field) } }""",
    )


def _narrowed_to_nothing(page: Page) -> None:
    page.eval_on_selector(
        "form#suche",
        """form => { for (const [name, value] of [['fuer', 'maenner'], ['form', 'online'], ['jung', '1'], ['stufenlos', '1'], ['umkreis', '10']]) {
            const field = document.createElement('input'); field.type = 'hidden'; field.name = name; field.value = value; form.append(field) } }""",
    )


def _place_chosen(page: Page, site: Site) -> Response:
    sent_once = asking("", "Angst", "Mühlhausen").open(page, site)
    assert sent_once.status == OK
    return sent(page, lambda: page.locator("button[name=ort]").nth(1).click())


def _wider(page: Page, site: Site) -> Response:
    asking("", "Huntington", "59423").open(page, site)
    return sent(page, lambda: page.locator("button[name=umkreis]").click())


def _with_a_broken_database(page: Page, site: Site) -> Response:
    with site.without_its_directory():
        return page.goto(site.url("/gruppe/{open}/?an-einem-schlechten-tag"))


def writing(
    name: str, *, text: str, way_back: str = "", status: int = OK, path: str = "/nachricht/{open}/"
) -> State:
    """What is answered to a message to the office."""

    def opened(page: Page, site: Site) -> Response:
        page.goto(site.url(path))
        page.locator("#nachricht").evaluate("field => field.removeAttribute('required')")
        page.fill("#nachricht", text)
        if way_back:
            page.fill("#rueckweg", way_back)
        return sent(page, page.get_by_role("button", name="Nachricht schicken").click)

    return State(name, opened, typed=tuple(each for each in (text, way_back) if each), status=status)


def _answered(page: Page, site: Site) -> Response:
    writing("", text="Ich finde nachts keine Ruhe mehr.").open(page, site)
    code = page.locator(".receipt").inner_text()
    page.goto(site.url("/antwort/"))
    page.fill("#code", code)
    return sent(page, page.get_by_role("button", name="Antwort öffnen").click)


def _replied(page: Page, site: Site) -> Response:
    _answered(page, site)
    page.fill("#text-1", "Nachtrag zu meinen Zeilen.")
    return sent(page, page.get_by_role("button", name="Antwort schicken").click)


def _wrong_code(page: Page, site: Site) -> Response:
    page.goto(site.url("/antwort/"))
    page.fill("#code", "ABCD-EFGH-JKMN-PQRS-TUVW")
    return sent(page, page.get_by_role("button", name="Antwort öffnen").click)


LONG_WORDS = "Ich weiß nicht mehr, wie ich das alles schaffen soll, und mein Mann trinkt seit Jahren. " * 8
MARKUP = "<script>alert(1)</script> \"Angst\" & 'Panik' </input>{{ 7*7 }}"

SEARCHES = [
    asking("results: many", "Ich habe Depressionen", "Leipzig"),
    asking("results: nearby, for a relative", "mein Mann trinkt", "59423"),
    asking("results: without a place", "Panikattacken"),
    asking("results: few, wider circles", "Huntington", "59423"),
    asking("results: the place stands in the words", "Angehörige von Demenzkranken in Lünen"),
    asking("results: nothing understood", "qwertz asdfgh", "59423"),
    asking("results: nothing understood, no place", "qwertz asdfgh"),
    asking("results: wants to found a group", "ich möchte selbst eine Gruppe gründen", "59423"),
    asking("results: danger, own life", "ich will nicht mehr leben", "59423"),
    asking("results: danger, somebody else's life", "meine Tochter will sich umbringen"),
    asking("results: danger, violence now", "mein Mann schlägt mich gerade", "59423"),
    asking("results: danger, a child", "mein Nachbar schlägt sein Kind jetzt"),
    asking("results: danger, medical", "er hat Tabletten geschluckt und ist bewusstlos"),
    asking("results: alarming words", "Buch über Suizid"),
    asking("results: need for treatment", "finde keinen Therapeuten", "59423"),
    asking("results: sensitive topic", "häusliche Gewalt", "Unna"),
    asking("results: protected groups", "Stalking", "59423"),
    asking("results: Turkish", "kocam çok içiyor, yalnızım", "Leipzig"),
    asking("results: Arabic", "زوجي يشرب الكحول", "Leipzig"),
    asking("results: Ukrainian", "мій чоловік п'є", "Leipzig"),
    asking("results: postcode not in the data", "Angst", "59424"),
    asking("results: a district", "Angst", "Hamburg-Bergedorf"),
    asking("results: unknown place", "Angst", "Xyzhausen am Nirgendsee"),
    asking("results: impossible postcode", "Angst", "00000"),
    asking("results: long words", LONG_WORDS, "59423"),
    asking("results: endless words", "Angst " * 1700),
    asking("results: markup", MARKUP, "<b>Unna</b>"),
    asking("results: filters that leave nothing", "Prostatakrebs", "59423", prepare=_narrowed_to_nothing),
    asking("ambiguous place", "Angst", "Mühlhausen"),
    asking("ambiguous place, one stands out", "Angst", "Neustadt"),
    State("ambiguous place, chosen", _place_chosen, typed=("Angst", "Mühlhausen")),
    State("results: wider radius chosen", _wider, typed=("Huntington", "59423")),
    asking("empty query", ""),
    asking("empty query with a place", "", "59423"),
    asking("old form", "mein Mann trinkt", "59423", prepare=_with_an_old_form, status=REFUSED),
    asking("form with too many fields", "Panikattacken", prepare=_with_a_thousand_fields, status=UNREADABLE),
    State("form from another site", _from_another_site, status=REFUSED),
    asking("results from Leichte Sprache", "Einsamkeit", "Unna", start="/leicht/gruppe-finden/"),
    asking("results from Junge Selbsthilfe", "keine Freunde", "Leipzig", start="/junge-selbsthilfe/"),
    asking("results from a topic", "", "Unna", start="/themen/depression/"),
    asking("results in English", "my husband drinks", "59423", start="/en/"),
    asking("empty query in English", "", start="/en/"),
    asking("danger in English", "I want to kill myself", start="/en/"),
    asking("need in English", "I cannot find a therapist", start="/en/"),
    at("/suche", "search without anything asked"),
    at("/suche?thema=depression&ort=59423", "results: topic by link"),
    at("/suche?thema=stalking", "results: sensitive topic by link"),
    at(
        "/suche?thema=anxiety-panic&ort=59423&umkreis=50&fuer=frauen&form=in_person&neue=1&stufenlos=1",
        "results: all filters by link",
    ),
    at("/en/suche?thema=grief&ort=04109", "results in English: topic by link"),
]

GROUPS = [
    *(at(f"/gruppe/{{{kind}}}/", f"group: {kind}") for kind in (
        "open", "via_office", "protected", "online", "both", "by_phone", "full", "founding", "paused", "intake_stop", "conditions", "no_dates",
        "longest_name", "longest_word",
    )),
    at("/gruppe/gibt-es-nicht/", "group: unknown", MISSING),
    at("/en/gruppe/{open}/", "group in English: open"),
    at("/en/gruppe/{protected}/", "group in English: protected"),
]  # fmt: skip

ENQUIRIES = [
    at("/nachricht/", "message: to which office"),
    at("/nachricht/{open}/", "message: about a group"),
    at("/nachricht/{protected}/", "message: about a protected group"),
    at("/nachricht/an/beispiel-linde/", "message: to an office"),
    at("/nachricht/an/beispiel-wasserturm/", "message: where the ground is consent"),
    writing("message: sent", text="Ich traue mich kaum noch aus dem Haus.", way_back="niemand@example.org"),
    writing("message: danger", text="Ich kann nicht mehr und will mich umbringen."),
    writing("message: nothing written", text="", status=CONFLICT),
    writing(
        "message: unreadable address", text="Guten Abend zusammen.", way_back="niemand@", status=CONFLICT
    ),
    State("answer: opened with a code", _answered, typed=("Ich finde nachts keine Ruhe mehr.",)),
    State("answer: replied", _replied, typed=("Nachtrag zu meinen Zeilen.",)),
    at("/antwort/", "answer: asks for the code"),
    State("answer: wrong code", _wrong_code, status=REFUSED),
    at("/antwort/" + "A" * 54 + "/", "group: link over", GONE),
    at("/termin/" + "A" * 54 + "/", "helper: link over", GONE),
    at("/post/" + "A" * 54 + "/", "post: asks for the code"),
    at("/einwilligung/" + "A" * 54 + "/", "consent: link over", GONE),
    at("/gruppe-pflegen/", "keep an entry: ask for the link"),
    at("/gruppe-pflegen/gruppe-tinnitus/", "keep an entry: with its name"),
    at("/angaben/" + "A" * 54 + "/", "own page: link over", GONE),
]


def signing_up(name: str, *, email: str = "", status: int = OK) -> State:
    """What is answered to somebody who wishes to be told when a group begins."""

    def opened(page: Page, site: Site) -> Response:
        page.goto(site.url("/themen/huntington/"))
        sent(page, page.get_by_role("button", name="Bescheid geben, wenn eine Gruppe beginnt").click)
        page.fill("#ort", "59423")
        page.fill("#email", email)
        page.check("[name=einverstanden]")
        return sent(page, page.get_by_role("button", name="Bescheid geben lassen").click)

    return State(name, opened, typed=(email,) if email else (), status=status)


def _in_danger(page: Page, site: Site) -> Response:
    page.goto(site.url("/bescheid/"))
    page.fill("#worte", "Ich will nicht mehr leben")
    page.check("[name=einverstanden]")
    return sent(page, page.get_by_role("button", name="Bescheid geben lassen").click)


FOUNDINGS = [
    at("/bescheid/", "to be told: the form"),
    signing_up("to be told: noted", email="niemand@example.org"),
    signing_up("to be told: no way back", status=CONFLICT),
    State("to be told: danger", _in_danger, typed=("Ich will nicht mehr leben",)),
    at("/liste/" + "A" * 54 + "/", "list: link over", GONE),
    at("/einladung/" + "A" * 54 + "/", "invitation: link over", GONE),
    at("/mitmachen/" + "A" * 54 + "/", "come along: link over", GONE),
]

DIRECTORY = [
    at("/themen/"),
    at("/themen/depression/"),
    at("/themen/stalking/", "topic: sensitive"),
    at("/themen/huntington/", "topic: rare"),
    at("/themen/gibt-es-nicht/", "topic: unknown", MISSING),
    at("/kreis/05978/", "Kreis: many groups, map"),
    at("/kreis/05978/?seite=2", "Kreis: second page"),
    at("/kreis/14713/", "Kreis: a city"),
    at("/kreis/01001/", "Kreis: no group"),
    at("/kreis/99999/", "Kreis: unknown", MISSING),
    at("/stelle/beispiel-linde/", "office: three sites"),
    at("/stelle/beispiel-apfelbaum/", "office: one person"),
    at("/stelle/beispiel-wasserturm/", "office: a city"),
    at("/stelle/gibt-es-nicht/", "office: unknown", MISSING),
    at("/neu/"),
    at("/sofort-hilfe/"),
    at("/gibt-es-nicht/", "unknown page", MISSING),
    State("broken", _with_a_broken_database, status=BROKEN),
]

FIXED = (
    "was-ist-selbsthilfe",
    "gruppe-gruenden",
    "fachleute",
    "presse",
    "junge-selbsthilfe",
    "gruppen",
    "barrierefreiheit",
    "datenschutz",
    "impressum",
)

STATES: list[State] = [
    at("/"),
    *SEARCHES,
    *GROUPS,
    *ENQUIRIES,
    *FOUNDINGS,
    *DIRECTORY,
    *(at(f"/{page}/") for page in FIXED),
    *(
        at(f"/leicht/{page}")
        for page in ("", "was-ist-selbsthilfe/", "gruppe-finden/", "sofort-hilfe/", "datenschutz/")
    ),
    *(
        at(f"/en/{page}")
        for page in (
            "",
            "themen/",
            "themen/depression/",
            "kreis/05978/",
            "stelle/beispiel-linde/",
            "neu/",
            "sofort-hilfe/",
        )
    ),
    *(at(f"/en/{page}/") for page in FIXED),
    at("/en/gibt-es-nicht/", "unknown page in English", MISSING),
]
