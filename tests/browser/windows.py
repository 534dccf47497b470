"""Fixtures of browser tests and journeys: a real server, a real Chromium, no other host."""

import pytest

from . import running
from .visiting import Visits


@pytest.fixture(scope="session")
def site():
    """A running installation with example data."""
    yield running.site()
    running.stop()


@pytest.fixture(scope="session")
def visits(site):
    """Every page and state, visited once, when first asked for."""
    return Visits(site)


@pytest.fixture(autouse=True)
def only_here_a_loop_runs():
    """Keep Playwright's event loop out of the other tests of this process."""
    running.borrow_loop()
    yield
    running.give_loop_back()


@pytest.fixture
def open_browser(site):
    """Return a fresh browser window of the given kind; closed after the test."""
    opened = []

    def fresh(**options):
        context = running.browser().new_context(**({"locale": "de-DE", "reduced_motion": "reduce"} | options))
        context.set_default_timeout(running.MILLISECONDS_TO_WAIT)
        opened.append(context)
        return context.new_page()

    yield fresh
    for context in opened:
        context.close()


@pytest.fixture
def page(open_browser):
    """A window of a usual computer."""
    return open_browser(viewport={"width": 1280, "height": 800})
