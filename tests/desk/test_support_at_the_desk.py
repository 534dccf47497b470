"""Begleitung at the desk: noted in one form, read by those who counsel alone, never beside money."""

import re
import uuid
from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from kontaktstelle.funding import feed
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.support import helper_dates, log
from kontaktstelle.support.log import Facts
from kontaktstelle.support.models import HelperDate, SignSetAside, SupportEntry, SupportKind
from support.every_address import desk_patterns
from support.people import make_group
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/begleitung/"
CANARY = "Kanariennotiz: es knirscht zwischen zwei Menschen"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def sent(**fields):
    return {
        "form_key": str(uuid.uuid4()),
        "kind": "advice",
        "day": timezone.localdate().isoformat(),
        **fields,
    }


@pytest.fixture
def browser(at_the_desk):
    return at_the_desk("counsels")[0]


@pytest.fixture
def group(office):
    return make_group(office)


@pytest.fixture
def page(group):
    return f"{DESK}gruppe/{group.pk}/"


@pytest.fixture
def entry(office, group, at_the_desk):
    _, member = at_the_desk("counsels")
    with acting_for(office):
        return log.note(
            group,
            Facts(SupportKind.CONFLICT, timezone.localdate(), note=CANARY),
            by=member,
            at=timezone.now(),
        )


def test_a_talk_is_noted_and_read_on_the_groups_page(browser, page, group):
    answer = browser.post(page, sent(note=CANARY, who="member", minutes="40"), follow=True)
    assert "Eingetragen." in words(answer)
    for said in (CANARY, "Beratung", "jemand aus der Gruppe", "40 Minuten"):
        assert said in words(answer)
    beside = words(browser.get(f"/schreibtisch/gruppen/gruppe/{group.pk}/"))
    assert "Ein Eintrag" in beside
    assert CANARY not in beside


def test_one_key_confirms_the_entry_by_the_way(browser, page, group):
    assert 'data-key="a"' in text_of(browser.get(page))
    browser.post(page, sent(stimmt="1"))
    assert Group.unscoped.get(pk=group.pk).confirmed_on == timezone.localdate()


def test_a_double_click_notes_it_once(browser, page):
    form = sent(note=CANARY)
    for _ in range(2):
        browser.post(page, form)
    assert SupportEntry.unscoped.count() == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"kind": ""}, "Bitte wählen Sie, was es war"),
        ({"kind": "accompaniment"}, "wen die ganze Gruppe will"),
        ({"minutes": "lange"}, "in Minuten, als Zahl"),
        ({"day": "2199-01-01"}, "liegt in der Zukunft"),
        ({"next_on": "2001-01-01"}, "in der Vergangenheit"),
    ],
)
def test_what_is_refused_is_said_and_nothing_typed_is_lost(browser, page, fields, sentence):
    answer = browser.post(page, sent(note=CANARY, **fields))
    assert answer.status_code == 409
    assert sentence in words(answer)
    assert CANARY in text_of(answer)
    assert not SupportEntry.unscoped.exists()


def test_who_comes_second_sees_what_stands_there_and_keeps_what_they_typed(browser, entry):
    address = f"{DESK}eintrag/{entry.pk}/"
    browser.post(address, sent(kind="conflict", note="zuerst", seen="1"))
    answer = browser.post(address, sent(kind="conflict", note="danach", seen="1"))
    assert answer.status_code == 409
    assert "zuerst" in words(answer)
    assert "danach" in text_of(answer)
    assert SupportEntry.unscoped.get().note == "zuerst"


def test_an_entry_is_taken_back(browser, entry):
    browser.post(f"{DESK}eintrag/{entry.pk}/zuruecknehmen/", {"seen": "1"})
    assert not SupportEntry.unscoped.exists()


def test_what_is_next_stands_in_heute_and_on_the_overview_until_it_is_done(browser, page, group):
    tomorrow = timezone.localdate() + timedelta(days=1)
    browser.post(page, sent(next_on=tomorrow.isoformat(), kind="conflict"))
    entry = SupportEntry.unscoped.get()
    assert group.name in words(browser.get(DESK))
    assert "nächster Termin" not in words(browser.get("/schreibtisch/"))
    SupportEntry.unscoped.update(next_on=timezone.localdate())
    today = words(browser.get("/schreibtisch/"))
    assert f"{group.name}: Begleitung, nächster Termin" in today
    assert "Konflikt" not in today
    browser.post(f"{DESK}eintrag/{entry.pk}/erledigt/")
    assert "nächster Termin" not in words(browser.get("/schreibtisch/"))


def test_who_does_not_counsel_finds_neither_the_page_nor_a_trace_of_it(at_the_desk, page, entry, group):
    for role in ("leads", "reception", "upkeep"):
        other, _ = at_the_desk(role)
        for address in (DESK, page, f"{DESK}eintrag/{entry.pk}/"):
            assert other.get(address).status_code == 404
        assert "Begleitung" not in words(other.get(f"/schreibtisch/gruppen/gruppe/{group.pk}/"))


def test_a_sign_is_set_aside_from_the_overview_and_shown_again(browser, office):
    group = make_group(office, confirmed_on=timezone.localdate())
    with acting_for(office):
        ContactPerson.objects.create(
            contact_point=office, group=group, party="00000000-0000-4000-8000-000000000001"
        )
    reason = "Nur eine Person ist ansprechbar"
    assert reason not in words(browser.get(DESK)), "most groups have one: it is shown when asked for"
    assert reason in words(browser.get(f"{DESK}?zeichen=one-person"))
    until = (timezone.localdate() + timedelta(days=60)).isoformat()
    told = {"code": "one-person", "until": until, "overview": "1"}
    browser.post(f"{DESK}gruppe/{group.pk}/zeichen/", told)
    assert reason not in words(browser.get(f"{DESK}?zeichen=one-person"))
    assert reason in words(browser.get(f"{DESK}?zeichen=ruhend"))
    browser.post(f"{DESK}gruppe/{group.pk}/zeichen/zurueck/", {"code": "one-person"})
    assert not SignSetAside.unscoped.exists()
    refused = browser.post(f"{DESK}gruppe/{group.pk}/zeichen/", {"code": "one-person", "until": "2199-01-01"})
    assert refused.status_code == 409


def test_a_helper_gets_a_link_that_opens_without_an_account_and_can_be_withdrawn(browser, page, group):
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    answer = browser.post(
        f"{page}termin/", {"on": tomorrow, "begins": "18.30", "place": "Haus am Markt"}, follow=True
    )
    link = re.search(r'value="http://testserver(/termin/[^"]+)"', text_of(answer))[1]
    assert "Haus am Markt" in words(visitor().get(link))
    made = HelperDate.unscoped.get()
    browser.post(f"{DESK}termin/{made.pk}/zurueckziehen/")
    assert visitor().get(link).status_code == 410
    refused = browser.post(f"{page}termin/", {"on": tomorrow, "place": ""})
    assert refused.status_code == 409
    assert f'value="{tomorrow}"' in text_of(refused)


def test_a_fellowship_without_names_is_offered_no_contact_person_and_told_that_this_is_right(browser, office):
    fellowship = make_group(office, "AA Unna, Beispiel", is_anonymous_fellowship=True)
    said = words(browser.get(f"{DESK}gruppe/{fellowship.pk}/"))
    assert "Das ist so richtig" in said
    assert "Ansprechperson hinterlegt" not in said
    assert 'value="contact-person"' not in text_of(browser.get(f"{DESK}gruppe/{fellowship.pk}/"))
    assert "keine Ansprechperson" not in words(browser.get(DESK))


def test_the_trail_says_who_opened_notes(browser, page, entry):
    from kontaktstelle.privacy.models import TrailEntry

    before = TrailEntry.objects.filter(action="support.read").count()
    browser.get(page)
    assert TrailEntry.objects.filter(action="support.read").count() == before + 1


# Everything about money: modules of funding at the desk, whichever there are, and what funding itself gives out.
def of_funding():
    for _, route, view in desk_patterns():
        if ".funding" in getattr(view, "__module__", "") or "foerder" in route:
            yield "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", route)


def test_what_was_said_in_support_stands_on_no_page_pdf_or_feed_about_money(
    browser, at_the_desk, entry, group, office
):
    """First it is there: on the page of support. Then every page about money is read for it."""
    with acting_for(office):
        _, member = at_the_desk("counsels", "leads")
        made = helper_dates.tell(group, timezone.localdate(), "Kanarienhaus", by=member, at=timezone.now())
        assert made
        calendar = feed.calendar(office, at=timezone.now(), on=timezone.localdate())
    assert CANARY in words(browser.get(f"{DESK}gruppe/{group.pk}/"))
    read = [str(calendar)]
    for address in of_funding():
        filled = address.replace("<group>", str(group.pk))
        if "<" not in filled:
            read.append(text_of(browser.get(filled)))
    for text in read:
        for canary in ("Kanarien", "Konflikt", "/begleitung/"):
            assert canary not in re.sub(r'<nav class="deskways".*?</nav>', "", text, flags=re.DOTALL)


def test_no_module_about_money_knows_of_support():
    import ast
    from pathlib import Path

    import kontaktstelle

    root = Path(kontaktstelle.__file__).parent
    about_money = [*(root / "funding").rglob("*.py"), *(root / "desk" / "funding").rglob("*.py")]
    assert about_money
    for path in about_money:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.ImportFrom):
                assert "kontaktstelle.support" not in (node.module or ""), path
                assert "desk.support" not in (node.module or ""), path
    assert get_resolver()
