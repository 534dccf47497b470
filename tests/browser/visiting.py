"""Open every page once, look at it in all ways that matter, and remember what was seen; tests read what they care about."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Page

from . import running
from .pages import State

AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "EN-301-549", "best-practice"]
NARROW, WIDE, HEIGHT = 320, 1280, 800
LOOKS = (("light", WIDE), ("dark", WIDE), ("dark", NARROW), ("light", NARROW))

# What is written on a page is the same in every look; colours and what is shown are each seen twice here. In the other two
# only what depends on colour and width together is looked at again.
WHOLE_RULES = LOOKS[0], LOOKS[2]
SEEN_BY_EYE = ["color-contrast", "link-in-text-block", "target-size", "scrollable-region-focusable"]

LISTEN = """document.addEventListener('securitypolicyviolation',
    event => (window.refusedByPolicy ||= []).push(`${event.violatedDirective}: ${event.blockedURI}`))"""
# A contrast that could not be measured counts as a fault: nobody would notice one.
CHECK = """async rules => {
    const found = await axe.run(document, {runOnly: {type: 'tag', values: rules}, resultTypes: ['violations', 'incomplete']});
    const unmeasured = found.incomplete.filter(rule => rule.id === 'color-contrast');
    return [...found.violations, ...unmeasured].flatMap(rule => rule.nodes.map(node => `${rule.id}: ${node.target.join(' ')} – ${rule.help}`
        + (unmeasured.includes(rule) ? ` (${node.any[0]?.message})` : '')));
}"""
# Contrast cannot be measured on a gradient, nor below the outlines of a map that reach beyond it: the ground is made
# one colour, the one end of the gradient when narrow and the other when wide, and outlines go.
MEASURABLE = """end => {
    for (const room of document.querySelectorAll('.room')) room.style.background = `var(${end})`;
    document.querySelectorAll('svg path').forEach(outline => outline.remove());
}"""
ENDS = {NARROW: "--glow", WIDE: "--paper"}
CHECK_AGAIN = CHECK.replace("{type: 'tag', values: rules}", "{type: 'rule', values: rules}")
KEPT = """async () => ({
    local: localStorage.length, session: sessionStorage.length, databases: (await indexedDB.databases()).length, caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length, written: document.cookie,
    refused: window.refusedByPolicy || [], links: [...document.links].map(link => link.href),
})"""
# What sticks out to the right, and what is cut off because its box is too small for its words.
STICKING_OUT = """() => {
    const root = document.scrollingElement, name = element => element.tagName.toLowerCase() + (element.id ? '#' + element.id : '')
        + [...element.classList].map(part => '.' + part).join('') + ' „' + element.textContent.trim().slice(0, 30) + '“';
    const all = [...document.body.querySelectorAll('*')].filter(element => element.checkVisibility() && !element.closest('.unseen, .skip, svg, input, select, textarea'));
    const cut = all.filter(element => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX) && element.scrollWidth > element.clientWidth + 1);
    const masked = [root, document.body].filter(element => ['hidden', 'clip'].includes(getComputedStyle(element).overflowX));
    const out = all.filter(element => element.getBoundingClientRect().right > root.clientWidth + 1);
    const inside = out.filter(element => ![...element.children].some(child => out.includes(child)));
    return [...(root.scrollWidth > root.clientWidth ? [`page: ${root.scrollWidth} of ${root.clientWidth} px`] : []),
        ...inside.map(name), ...cut.map(element => 'cut off: ' + name(element)), ...masked.map(element => 'hides what is too wide: ' + name(element))];
}"""
BIGGER = "size => { document.documentElement.style.fontSize = size }"


@dataclass
class Visit:
    """What was seen of one page in one state."""

    state: State
    status: int = 0
    url: str = ""
    title: str = ""
    html: str = ""
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    cookies: list[Any] = field(default_factory=list)
    kept: dict[str, Any] = field(default_factory=dict)
    accessibility: dict[tuple[str, int], list[str]] = field(default_factory=dict)
    sticking_out: dict[str, list[str]] = field(default_factory=dict)


class Visits:
    """All visits of a test process; a page is opened when somebody first asks for it."""

    def __init__(self, site: running.Site) -> None:
        self.site = site
        self._made: dict[str, Visit | Error] = {}
        self._page: Page | None = None
        self._now = Visit(State("nothing yet", lambda *_: None))

    def __getitem__(self, state: State) -> Visit:
        if state.name not in self._made:
            try:
                self._made[state.name] = self._visit(state)
            except Error as error:
                self._made[state.name] = error
        made = self._made[state.name]
        assert isinstance(made, Visit), f"{state} could not be opened: {made}"
        return made

    @property
    def page(self) -> Page:
        """The one window all pages are opened in: what a page leaves behind is there for the next."""
        if self._page is None:
            context = running.browser().new_context(locale="de-DE", reduced_motion="reduce")
            context.add_init_script(LISTEN)
            context.on("request", lambda request: self._now.requests.append(request.url))
            context.on("console", self._heard)
            context.on("weberror", lambda error: self._now.console.append(str(error.error)))
            context.set_default_timeout(running.MILLISECONDS_TO_WAIT)
            self._page = context.new_page()
        return self._page

    def _heard(self, message: ConsoleMessage) -> None:
        """Remember complaints; that a page for an error is an error is no news."""
        expected = (
            message.text.startswith("Failed to load resource")
            and message.location["url"] == self.page.url
            and self._now.state.status >= 400
        )
        if message.type in {"error", "warning"} and not expected:
            self._now.console.append(message.text)

    def _visit(self, state: State) -> Visit:
        visit = self._now = Visit(state)
        page = self.page
        _make(page, WIDE)
        response = state.open(page, self.site)
        visit.status, visit.html, visit.url, visit.title = (
            response.status,
            response.text(),
            page.url,
            page.title(),
        )
        visit.kept, visit.cookies = page.evaluate(KEPT), page.context.cookies()
        self._look(page, visit)
        return visit

    def _look(self, page: Page, visit: Visit) -> None:
        """Check accessibility in all looks and that nothing sticks out; with everything that can be opened opened."""
        page.evaluate(AXE.read_text(encoding="utf-8"))
        page.evaluate("document.fonts.ready.then(() => true)")
        page.evaluate("document.querySelectorAll('details').forEach(part => { part.open = true })")
        for scheme, width in LOOKS:
            _make(page, width)
            page.emulate_media(color_scheme=scheme)
            page.evaluate(MEASURABLE, ENDS[width])
            again = (scheme, width) not in WHOLE_RULES
            visit.accessibility[scheme, width] = page.evaluate(
                CHECK_AGAIN if again else CHECK, SEEN_BY_EYE if again else RULES
            )
            visit.sticking_out[f"{width} px"] = page.evaluate(STICKING_OUT)
        page.evaluate(BIGGER, "200%")
        for width in (WIDE // 2, WIDE):
            _make(page, width)
            visit.sticking_out[f"{width} px, letters 200 %"] = page.evaluate(STICKING_OUT)


def _make(page: Page, width: int) -> None:
    """Make the window so wide; to say it again would draw everything again."""
    if page.viewport_size != {"width": width, "height": HEIGHT}:
        page.set_viewport_size({"width": width, "height": HEIGHT})


def host(address: str) -> str:
    """Return the host of an address; data: and blob: have none."""
    return urlsplit(address).netloc
