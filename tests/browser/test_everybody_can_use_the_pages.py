"""Accessibility of every page and state: axe-core in light and dark, narrow and wide; valid HTML; nothing sticks out."""

import re
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.urls import URLResolver, get_resolver, resolve
from django.utils import translation

from .markup import faults_in
from .pages import STATES
from .running import Site
from .visiting import AXE, CHECK, LOOKS, MEASURABLE, RULES, STICKING_OUT

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
every_state = pytest.mark.parametrize("state", STATES, ids=str)

# What has an address but is no page.
NO_PAGES = {
    "plain:group_dates",
    "plain:group_qr",
    "plain:colours",
    "plain:leave",
    "plain:robots",
    "plain:sitemap",
    "plain:security",
    # Forms without a page of their own, and what a group opens by its link: the journeys walk them.
    "enquiries:end",
    "enquiries:group_answer",
    "enquiries:group_end",
    "enquiries:group_reply",
    # The same of foundings, groups and helpers; the pages behind links are looked at in the journeys, the ended links here.
    "foundings:join",
    "foundings:invitation",
    "foundings:list",
    "consent:consent",
    "groups:enter_code",
    "groups:own_page",
    "groups:own_confirm",
    "groups:own_date",
    "groups:own_end",
    "groups:own_pause",
    "groups:own_person",
    "groups:own_propose",
    "support:helper_date",
    "funding:funding_calendar",
}


@every_state
def test_every_page_answers_as_it_should(visits, state):
    assert visits[state].status == state.status, f"{state}: {visits[state].html[:300]}"


@every_state
def test_nobody_is_shut_out_by_a_page(visits, state):
    found = {look: visits[state].accessibility[look] for look in LOOKS}

    shut_out = [
        f"{state} ({scheme}, {width} px): {what}" for (scheme, width), all_ in found.items() for what in all_
    ]
    assert not shut_out, "\n".join(shut_out)


@every_state
def test_nobody_has_to_scroll_sideways(visits, state):
    sticking_out = [
        f"{state}, {where}: {what}" for where, all_ in visits[state].sticking_out.items() for what in all_
    ]
    assert not sticking_out, "\n".join(sticking_out)


@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_nobody_is_shut_out_when_only_the_emergency_folder_is_left(open_browser, site, scheme, width):
    page = open_browser(color_scheme=scheme, viewport={"width": width, "height": 800})
    for file in _emergency_pages(site):
        page.goto(file.as_uri())
        page.evaluate(AXE.read_text(encoding="utf-8"))
        assert page.evaluate(CHECK, RULES) == [], file.name
        assert page.evaluate(STICKING_OUT) == [], file.name


def test_all_pages_are_valid_html(visits, site, tmp_path):
    for number, state in enumerate(STATES):
        name = f"{number:03} {re.sub('[^a-zA-Z0-9 ]', '-', state.name)}.html"
        (tmp_path / name).write_text(visits[state].html, encoding="utf-8")
    for file in _emergency_pages(site):
        (tmp_path / f"Notfallmappe {file.name}").write_bytes(file.read_bytes())

    faults = faults_in(tmp_path)
    assert not faults, "\n".join(faults)


def test_no_page_is_forgotten(visits, site):
    known = {name for name in _names(get_resolver()) if name not in NO_PAGES}
    visited = {
        _name(visits[state].url.removeprefix(site.address)) for state in STATES if visits[state].status == 200
    }

    assert not known - visited, f"No state in pages.py shows {sorted(known - visited)}."


def test_faults_would_be_found(page, site, tmp_path):
    """Plant faults: instruments that find nothing must be able to find something."""
    page.goto(site.url("/"))
    page.evaluate(
        "() => { document.querySelector('label[for=worte]').remove(); document.querySelector('h1').style.color = '#ddd' }"
    )
    page.evaluate(AXE.read_text(encoding="utf-8"))
    assert "color-contrast: h1" in " ".join(page.evaluate(CHECK, RULES)), (
        "A contrast on a gradient cannot be measured: it counts as a fault."
    )
    page.evaluate(MEASURABLE, "--glow")

    found = " ".join(page.evaluate(CHECK, RULES))
    assert "label: #worte" in found
    assert "color-contrast: h1" in found
    assert page.evaluate(STICKING_OUT) == []
    page.evaluate("document.querySelector('h1').style.width = '3000px'")
    assert page.evaluate(STICKING_OUT)
    (tmp_path / "bad.html").write_text("<!DOCTYPE html><html lang=de><title>a</title><p id=a><p id=a><foo>")
    assert faults_in(tmp_path)


def _emergency_pages(site: Site) -> list[Path]:
    """Return the static pages that must survive the loss of the server: contents, and the office with fewest groups."""
    pages = (site.folder / "data" / "notfallmappe").glob("*.html")
    return [page for page in pages if page.name in {"index.html", "beispiel-apfelbaum.html"}]


def _name(address: str) -> str:
    with translation.override("en" if address.startswith("/en/") else "de"):
        return resolve(urlsplit(address).path).view_name


def _names(resolver: URLResolver, namespace: str = "") -> set[str]:
    names: set[str] = set()
    for pattern in resolver.url_patterns:
        if str(pattern.pattern).startswith("schreibtisch/"):
            continue  # the desk's pages are visited in test_the_desk.py
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            names |= _names(pattern, inner)
        else:
            names.add(f"{namespace}{pattern.name}")
    return names
