"""Bedarf at the desk: what was asked in vain, what stands beside it and is never added, and what stays inside."""

from datetime import UTC, date, datetime

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import log
from kontaktstelle.foundings import interested
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.reporting import searches
from kontaktstelle.reporting.models import SearchCount
from support.desk import KARLA, make_staff
from support.foundings import begun
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/bedarf/"


@pytest.fixture
def counsellor(office):
    return make_staff(office, "andere")


def asks(office, by, outcome="no-offer", topics=("tinnitus",), times=1, **more):
    with acting_for(office):
        for _ in range(times):
            log.log_contact(
                by=by, at=timezone.now(), topics=list(topics), kreis_key="05978", outcomes=[outcome], **more
            )


def searched(office, topic="tinnitus", count=77, *, found=False):
    today = timezone.localdate()
    with acting_for(office):
        SearchCount.objects.create(
            contact_point=office, quarter=date(today.year, (today.month - 1) // 3 * 3 + 1, 1),
            topic=topic, kreis_key="05978", found_nearby=found, count=count,
        )  # fmt: skip


def cells(page, topic):
    """Return the texts of the first row of a topic."""
    import re

    row = re.search(rf"<tr>\s*<th scope=\"row\">{topic}.*?</tr>", page, re.DOTALL).group(0)
    return [
        re.sub(r"<.*?>", "", each).strip()
        for each in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL)
    ]


def test_a_gap_shows_what_was_asked_who_waits_what_is_begun_and_how_far_it_is(
    at_the_desk, office, counsellor
):
    browser, _ = at_the_desk("counsels")
    asks(office, counsellor, times=7)
    asks(office, counsellor, "groups-full", times=2)
    searched(office)
    with acting_for(office):
        interested.wish_to_be_told(
            ["tinnitus"], KARLA, text_version="1", how="form", by=counsellor, at=timezone.now(), kreis_key="05978"
        )  # fmt: skip
        begun(counsellor, at=timezone.now())
    make_group(office, topics=("tinnitus",))
    row = cells(text_of(browser.get(HERE)), "Tinnitus")
    assert row[1:6] == ["Kreis Unna", "7", "2*", "1", "1"]
    assert row[6].endswith("km")
    assert row[7] == "77"


def test_where_many_asked_and_nothing_is_begun_a_founding_is_worth_a_thought(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("leads")
    asks(office, counsellor, times=6)
    asks(office, counsellor, topics=("grief",), times=5)
    page = text_of(browser.get(HERE))
    assert page.count("Gründung?</span>") == 1


def test_searches_stand_beside_demand_and_are_never_added(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("counsels")
    searched(office, "depression", 500)
    page = text_of(browser.get(HERE))
    assert "Noch fehlt nirgends eine Gruppe" in page
    assert "Suchen sind kein Bedarf" in page
    assert "500" in page
    asks(office, counsellor)
    page = text_of(browser.get(HERE))
    assert "nur volle: 1." in page
    assert ">501<" not in page
    assert ">500<" in page


def test_the_outline_has_a_dot_and_the_table_says_the_same(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("counsels")
    asks(office, counsellor, times=3)
    page = text_of(browser.get(HERE))
    assert '<circle class="map-dot"' in page
    assert "<title>Kreis Unna: 3</title>" in page


def test_the_table_for_inside_use_says_so_in_its_name_and_first_line(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("counsels")
    asks(office, counsellor, times=2, note="Kanariennotiz", municipality="Kanariendorf")
    answer = browser.get(HERE + "tabelle.csv")
    text = answer.content.decode("utf-8-sig")
    assert "nur-intern" in answer["Content-Disposition"]
    assert text.splitlines()[0].startswith("nur intern")
    assert "Tinnitus;Kreis Unna;" in text
    assert "Kanarien" not in text


def test_nobody_is_named_on_the_page(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("leads")
    asks(office, counsellor, note="Kanariennotiz", municipality="Kanariendorf")
    with acting_for(office):
        interested.wish_to_be_told(
            ["tinnitus"], KARLA, text_version="1", how="form", by=counsellor, at=timezone.now(), kreis_key="05978"
        )  # fmt: skip
        begun(counsellor, at=timezone.now())
    page = text_of(browser.get(HERE))
    for word in ("Kanarien", "23125 778", KARLA.email):
        assert word not in page


def test_another_offices_demand_and_searches_are_not_there(at_the_desk, office, office_elsewhere, counsellor):
    asks(office, counsellor, times=8)
    searched(office, count=4711)
    browser, _ = at_the_desk("leads", "counsels", at=office_elsewhere)
    page = text_of(browser.get(HERE))
    assert "Tinnitus" not in page
    assert "4711" not in page


def test_who_leads_switches_the_counting_of_searches_and_who_counsels_does_not(at_the_desk, office):
    counsels, _ = at_the_desk("counsels")
    assert counsels.post(HERE + "suchen/", {"zaehlen": "nein"}).status_code == 409
    assert "Suchen nicht mehr zählen" not in text_of(counsels.get(HERE))
    leads, _ = at_the_desk("leads")
    assert leads.post(HERE + "suchen/", {"zaehlen": "nein"}).status_code == 302
    assert leads.post(HERE + "suchen/", {"zaehlen": "nein"}).status_code == 302
    with acting_for(office):
        assert not searches.are_counted()
    assert "zurzeit nicht gezählt" in text_of(leads.get(HERE))
    leads.post(HERE + "suchen/", {"zaehlen": "ja"})
    with acting_for(office):
        assert searches.are_counted()


def test_what_was_asked_two_years_ago_is_no_demand_today(at_the_desk, office, counsellor):
    browser, _ = at_the_desk("counsels")
    with acting_for(office):
        log.log_contact(
            by=counsellor, at=datetime(2020, 3, 10, 9, tzinfo=UTC), topics=["tinnitus"], kreis_key="05978", outcomes=["no-offer"]
        )  # fmt: skip
    assert "Noch fehlt nirgends eine Gruppe" in text_of(browser.get(HERE))
