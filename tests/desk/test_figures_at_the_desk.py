"""Zahlen at the desk: this year beside the year before, every table adds up, nothing is about a member of staff."""

import re

import pytest
from django.utils import timezone

from kontaktstelle.desk.figures import shown
from kontaktstelle.enquiries import log
from kontaktstelle.organisation.tenancy import acting_for
from support.visiting import text_of

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/zahlen/"


@pytest.fixture
def desk(at_the_desk, office):
    browser, member = at_the_desk("counsels", "leads", name="Kanarie Kollegin")
    with acting_for(office):
        for channel, topic in (("telephone", "tinnitus"), ("telephone", "tinnitus"), ("email", "depression")):
            log.log_contact(by=member, at=timezone.now(), channel=channel, who="affected", topics=[topic], concerns=["find-group"])  # fmt: skip
    return browser


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def test_the_year_so_far_stands_beside_the_year_before(desk):
    page = words(desk.get(HERE))
    year = timezone.localdate().year
    assert re.search(r"Kontakte intern 3 0 neu", page), page[:2000]
    assert f"dieselben Monate {year - 1}" in page
    assert "Kanarie Kollegin" not in page.replace("Kanarie Kollegin ▸", "", 1).split("Zahlen", 2)[-1]


def test_a_figure_says_what_it_counts_and_its_tables_add_up(desk):
    page = text_of(desk.get(f"{HERE}contacts/"))
    assert "Gezählt wird" in page
    by_channel = re.search(r'aria-labelledby="nach-channel".*?</section>', page, re.DOTALL).group()
    counts = [int(each) for each in re.findall(r'<td class="count"[^>]*>(\d+)</td>', by_channel)]
    now = counts[::2]
    assert sum(now[:-1]) == now[-1] == 3
    assert "Diese Tabellen bleiben im Haus" in page


def test_the_table_says_that_it_stays_inside(desk):
    answer = desk.get(f"{HERE}tabelle.csv")
    assert "nur-intern" in answer["Content-Disposition"]
    assert text_of(answer).lstrip("\ufeff").startswith("Nur intern")
    assert "Kontakte;Kontakt;;3;0" in text_of(answer)


def test_an_unknown_figure_year_or_site_is_no_fault(desk):
    assert desk.get(f"{HERE}gibtsnicht/").status_code == 404
    assert desk.get(f"{HERE}?jahr=99999999999&standort=x").status_code == 200
    assert desk.get(f"{HERE}contacts/?jahr=1887").status_code == 200


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        (0, 0, ""),
        (3, 0, "neu"),
        (100, 100, "etwa gleich"),
        (104, 100, "etwa gleich"),
        (150, 100, "+50 %"),
        (50, 100, "−50 %"),
    ],
)
def test_how_a_figure_went_is_said_in_words(now, before, said):
    assert shown.went(now, before) == said
