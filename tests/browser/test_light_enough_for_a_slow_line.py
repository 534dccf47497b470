"""What a visit costs on a slow line: bytes and requests as they go over the wire, headers included."""

import pytest

from . import running
from .pages import asking

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

FIRST_LOAD = 120_000
FURTHER_PAGE = 5_000
MOST_REQUESTS = 6
A_FULL_PAGE = 20


class Line:
    """Counts what goes over the line of a window."""

    def __init__(self, page):
        self.received: dict[str, int] = {}
        self.addresses: dict[str, str] = {}
        self.cached: set[str] = set()
        wire = page.context.new_cdp_session(page)
        wire.on(
            "Network.requestWillBeSent",
            lambda event: self.addresses.__setitem__(event["requestId"], event["request"]["url"]),
        )
        wire.on("Network.requestServedFromCache", lambda event: self.cached.add(event["requestId"]))
        wire.on(
            "Network.loadingFinished",
            lambda event: self.received.__setitem__(event["requestId"], event["encodedDataLength"]),
        )
        wire.send("Network.enable")

    def since(self, before):
        """Return what was fetched after `before`: address → bytes."""
        fetched = {
            number: size
            for number, size in self.received.items()
            if number not in before and number not in self.cached and size
        }
        return {self.addresses[number]: size for number, size in fetched.items()}


@pytest.fixture
def page(open_browser):
    return open_browser(viewport={"width": 360, "height": 740})


def test_the_first_page_comes_quickly_on_a_slow_line(page, site):
    line = Line(page)
    page.goto(site.url("/"), wait_until="networkidle")

    fetched = line.since(())
    assert sum(fetched.values()) <= FIRST_LOAD, fetched
    assert len(fetched) <= MOST_REQUESTS, fetched
    print(f"first load: {sum(fetched.values())} bytes, {len(fetched)} requests")  # noqa: T201 - shown by -rP


def test_a_further_page_of_results_costs_next_to_nothing(page, site):
    line = Line(page)
    page.goto(site.url("/"), wait_until="networkidle")
    asking("", "Depression", "04109").open(page, site)
    page.wait_for_load_state("networkidle")
    before = set(line.received)
    asking("", "Angst, Panik, Depression oder Sucht", "04109").open(page, site)
    page.wait_for_load_state("networkidle")

    fetched = {address: size for address, size in line.since(before).items() if address.endswith("/suche")}
    assert page.locator(".cards > li").count() == A_FULL_PAGE
    assert len(fetched) == 1
    assert sum(fetched.values()) <= FURTHER_PAGE, fetched
    print(f"further result page: {sum(fetched.values())} bytes")  # noqa: T201 - shown by -rP


def test_no_file_is_fetched_twice(page, site):
    line = Line(page)
    page.goto(site.url("/"), wait_until="networkidle")
    before = set(line.received)
    page.goto(site.url("/themen/"), wait_until="networkidle")

    again = {address for address in line.since(before) if "/static/" in address or "/farben/" in address}
    assert not again, again


def test_the_browser_of_these_tests_knows_no_other_host(page):
    with pytest.raises(Exception, match="ERR_NAME_NOT_RESOLVED"):
        page.goto("https://www.example.org/")
    assert "--disable-component-update" in running.CHROMIUM_ARGUMENTS
