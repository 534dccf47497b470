"""Searches are counted as numbers: no person, no word, no moment; not for programs or staff; and they are no demand."""

from datetime import UTC, date, datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from kontaktstelle.directory import counting
from kontaktstelle.directory.counting import Searched
from kontaktstelle.enquiries.figures import Period
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import across_offices, acting_for
from kontaktstelle.reporting import demand, searches
from kontaktstelle.reporting.models import SearchCount
from support.desk import AT, make_staff
from support.nights import night
from support.people import make_group
from support.visiting import alarms, ask, forget, visitor

pytestmark = pytest.mark.django_db
A_DAY = date(2026, 5, 17)
A_BROWSER = {
    "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
    "accept-language": "de-DE,de;q=0.9",
}


@pytest.fixture(autouse=True)
def _nothing_counted(office):
    forget()
    searches.forget()
    yield
    searches.forget()


@pytest.fixture
def browser():
    client = visitor()
    client.defaults |= {f"HTTP_{name.upper().replace('-', '_')}": value for name, value in A_BROWSER.items()}
    return client


def numbers(office):
    searches.write()
    with acting_for(office):
        return {(row.topic, row.kreis_key, row.found_nearby): row.count for row in SearchCount.objects.all()}


def test_a_search_becomes_one_number_of_topic_kreis_quarter_and_whether_it_found(office, browser):
    ask(browser, "Tinnitus", ort="59423")
    ask(browser, "Tinnitus", ort="59423")
    make_group(office, topics=("tinnitus",))
    ask(browser, "Tinnitus", ort="59423")
    assert numbers(office) == {("tinnitus", "05978", False): 2, ("tinnitus", "05978", True): 1}
    ask(browser, "Tinnitus", ort="59423")
    assert numbers(office)["tinnitus", "05978", True] == 2


def test_what_nobody_understood_counts_without_its_words(office, browser):
    ask(browser, "Kanarienwort Xyzzy")
    assert numbers(office) == {("unknown", "unknown", False): 1}
    with across_offices(), connection.cursor() as cursor:
        cursor.execute("SELECT * FROM reporting_searchcount")
        (row,) = cursor.fetchall()
    assert "Kanarien" not in str(row)


def test_a_row_has_no_room_for_a_person_a_word_or_a_moment():
    assert {field.name for field in SearchCount._meta.get_fields()} == {
        "id",
        "contact_point",
        "quarter",
        "topic",
        "kreis_key",
        "found_nearby",
        "count",
    }
    kinds = {field.get_internal_type() for field in SearchCount._meta.get_fields()}
    assert not kinds & {"DateTimeField", "TimeField", "TextField", "JSONField", "BinaryField"}


@pytest.mark.parametrize(
    "agent",
    [
        "",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "curl/8.5.0",
        "python-requests/2.32",
        "Mozilla/5.0 (X11; Linux) HeadlessChrome/120.0",
    ],
)
def test_programs_are_not_counted(office, browser, agent):
    browser.defaults["HTTP_USER_AGENT"] = agent
    ask(browser, "Tinnitus", ort="59423")
    assert numbers(office) == {}


def test_what_says_no_language_is_a_program(office, browser):
    del browser.defaults["HTTP_ACCEPT_LANGUAGE"]
    ask(browser, "Tinnitus", ort="59423")
    assert numbers(office) == {}


def test_own_staff_are_not_counted_and_nobody_gets_a_cookie(office, browser, settings):
    answer = ask(browser, "Tinnitus", ort="59423")
    assert not answer.cookies
    assert len(numbers(office)) == 1
    browser.force_login(make_staff(office))
    ask(browser, "Trauer", ort="59423")
    assert len(numbers(office)) == 1


def test_who_narrows_or_widens_a_search_is_not_counted_again(office, browser):
    ask(browser, "Tinnitus", ort="59423")
    ask(browser, "Tinnitus", ort="59423", umkreis="50")
    ask(browser, "Tinnitus", ort="59423", stufenlos="1")
    assert numbers(office) == {("tinnitus", "05978", False): 1}


def test_words_that_sound_like_danger_are_not_counted(office, browser, monkeypatch):
    alarms(monkeypatch, sterben="suicide")
    ask(browser, "ich will sterben", ort="59423")
    assert numbers(office) == {}


def test_an_installation_or_an_office_may_do_without(office, browser, settings):
    lead = make_staff(office, "leitung", roles=("leads",))
    with acting_for(office):
        searches.switch(on=False, by=lead, at=AT)
        assert not searches.are_counted()
    ask(browser, "Tinnitus", ort="59423")
    assert numbers(office) == {}
    with acting_for(office):
        searches.switch(on=True, by=lead, at=AT)
    ask(browser, "Tinnitus", ort="59423")
    assert len(numbers(office)) == 1
    settings.COUNT_SEARCHES = False
    ask(browser, "Trauer", ort="59423")
    assert len(numbers(office)) == 1


def test_who_may_not_set_anything_does_not_switch_it(office):
    reception = make_staff(office, "empfang", roles=("reception",))
    with acting_for(office):
        for step in (
            lambda: searches.switch(on=False, by=reception, at=AT),
            lambda: searches.table(Period.year(2026), by=reception),
        ):
            with pytest.raises(NotAllowed):
                step()


def test_each_office_sees_its_own(office, office_elsewhere, browser):
    ask(browser, "Tinnitus", ort="59423")
    assert len(numbers(office)) == 1
    assert numbers(office_elsewhere) == {}


def test_searches_are_never_added_to_demand(office, browser):
    counsellor = make_staff(office)
    for _ in range(9):
        ask(browser, "Tinnitus", ort="59423")
    searches.write()
    with acting_for(office):
        today = date(2100, 1, 1)
        assert demand.gaps(on=today, by=counsellor) == []
        assert demand.gaps(on=datetime.now(UTC).date(), by=counsellor) == []


def test_counting_asks_the_database_nothing(office, rf, django_assert_num_queries):
    request = rf.get("/suche", headers=A_BROWSER)
    with django_assert_num_queries(0):
        for _ in range(50):
            searches.count(
                request, Searched(A_DAY, ("tinnitus",), "05978", found_nearby=False, office=office.slug)
            )
    assert numbers(office) == {("tinnitus", "05978", False): 50}


def test_an_office_is_written_in_one_statement_once_a_minute(
    office, rf, monkeypatch, django_assert_max_num_queries
):
    request = rf.get("/suche", headers=A_BROWSER)
    for topic in ("tinnitus", "grief", "depression"):
        searches.count(request, Searched(A_DAY, (topic,), "05978", found_nearby=False, office=office.slug))
    searches.after_an_answer()
    with acting_for(office):
        assert not SearchCount.objects.exists()
    monkeypatch.setattr(searches, "SECONDS_BETWEEN_WRITES", 0.0)
    with django_assert_max_num_queries(12) as asked:
        searches.after_an_answer()
    assert len([each for each in asked if "INSERT INTO reporting_searchcount" in each["sql"]]) == 1
    assert len(numbers(office)) == 3


def test_what_cannot_be_written_now_is_written_later(office, rf, monkeypatch):
    from django.db import DatabaseError

    searches.count(
        rf.get("/suche", headers=A_BROWSER),
        Searched(A_DAY, ("tinnitus",), "05978", found_nearby=False, office=office.slug),
    )

    def broken(*_):
        raise DatabaseError

    with monkeypatch.context() as away:
        away.setattr(searches, "_write", broken)
        assert searches.write() == 0
    assert numbers(office) == {("tinnitus", "05978", False): 1}


def test_a_program_that_walks_through_all_topics_fills_no_memory(office, rf):
    request = rf.get("/suche", headers=A_BROWSER)
    for number in range(searches.MOST_KEPT + 10):
        searches.count(
            request, Searched(A_DAY, (f"t{number}",), "05978", found_nearby=False, office=office.slug)
        )
    assert len(searches._counted) == searches.MOST_KEPT


SEARCHED = st.lists(
    st.builds(
        Searched,
        st.just(A_DAY),
        st.lists(st.sampled_from(["tinnitus", "grief"]), unique=True, max_size=2).map(tuple),
        st.sampled_from(["", "05978"]),
        st.booleans(),
        st.just(""),
    ),
    max_size=20,
)


@given(SEARCHED, st.sets(st.integers(0, 20)))
@hypothesis_settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_however_often_it_is_written_the_numbers_are_the_same(office, rf, said, written_after):
    from django.db import transaction

    request = rf.get("/suche", headers=A_BROWSER)
    with transaction.atomic():
        for number, each in enumerate(said):
            searches.count(request, each)
            if number in written_after:
                searches.write()
        assert sum(numbers(office).values()) == sum(max(1, len(each.topics)) for each in said)
        transaction.set_rollback(True)


def test_old_numbers_go(office):
    with acting_for(office):
        for quarter in (date(2026, 1, 1), date(2033, 1, 1)):
            SearchCount.objects.create(
                contact_point=office, quarter=quarter, topic="grief", kreis_key="05978", found_nearby=False, count=3
            )  # fmt: skip
    night(at=datetime(2033, 2, 1, 3, tzinfo=UTC))
    with acting_for(office):
        assert [row.quarter.year for row in SearchCount.objects.all()] == [2033]


def test_the_directory_counts_for_whoever_is_told_and_without_it_for_nobody(rf):
    heard = []
    counting.told_to(lambda _request, searched: heard.append(searched))
    try:
        counting.tell(rf.get("/"), Searched(A_DAY, (), "", found_nearby=False, office=""))
        counting.told_to(None)
        counting.tell(rf.get("/"), Searched(A_DAY, (), "", found_nearby=False, office=""))
    finally:
        counting.told_to(searches.count)
    assert len(heard) == 1


def test_the_privacy_notice_says_that_searches_are_counted(browser):
    page = browser.get("/datenschutz/").content.decode()
    assert "Gezählt wird nur" in page
    assert "Quartal" in page
