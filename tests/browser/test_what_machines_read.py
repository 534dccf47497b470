"""A group as search engines and calendars read it (JSON-LD, iCalendar): what people see, and nothing more."""

import json
import re

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]


def linked(page):
    return json.loads(page.locator("script[type='application/ld+json']").text_content())


def test_search_engines_learn_when_and_where_an_open_group_meets(page, site):
    page.goto(site.url("/gruppe/{open}/"))

    group = linked(page)
    assert group["name"] == page.locator("h1").inner_text()
    assert group["event"][0]["location"]["address"]["addressLocality"] in page.locator(".facts").inner_text()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d(T\d\d:\d\d[+]0[12]:00)?", group["event"][0]["startDate"])


def test_search_engines_learn_nothing_of_where_a_protected_group_meets(page, site):
    page.goto(site.url("/gruppe/{protected}/"))

    group = linked(page)
    assert "event" not in group
    assert "location" not in json.dumps(group)
    assert group["parentOrganization"]["telephone"]


def test_a_protected_group_has_no_dates_to_download(page, site):
    answer = page.request.get(site.url("/gruppe/{protected}/termine.ics"))

    assert answer.status == 404
    assert "BEGIN" not in answer.text()
