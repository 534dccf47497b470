"""Förderung at the desk: dates are checked before anybody hears of them, whoever was told is on the list, money stays sums."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.funding import applications, programmes, telling
from kontaktstelle.funding.models import (
    Application,
    AwardingSeat,
    FundingRound,
    FundingSearch,
    Programme,
    Telling,
)
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.tenancy import acting_for
from support.people import make_group
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/foerderung/"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def ahead(**delta):
    return timezone.localdate() + timedelta(**delta)


@pytest.fixture
def seat(at_the_desk):
    return at_the_desk("counsels", "leads")


@pytest.fixture
def browser(seat):
    return seat[0]


@pytest.fixture
def make_round(office, seat):
    """A programme with a deadline five weeks ahead, not checked."""

    def made(due_on=None, *, checked=False, **fields):
        number = Programme.objects.count()
        values = {"key": f"p{number}", "name": f"Pauschale {number}", "kind": "gkv-flat", "land": "NW", "source": "Merkblatt"}  # fmt: skip
        programme = Programme.objects.create(**(values | fields))
        due_on = due_on or ahead(weeks=5)
        with acting_for(office):
            row = programmes.add_round(
                programme, {"year": due_on.year, "due_on": due_on, "source": "Merkblatt"}, by=seat[1], at=timezone.now()
            )  # fmt: skip
            if checked:
                programmes.check_round(row.pk, by=seat[1], at=timezone.now())
        return row

    return made


def facts(row, **said):
    return {
        "schritt": "pruefen", "seen": programmes.standing(row), "due_on": row.due_on.isoformat(), "delivery": "original", "source": "Anruf bei der Kasse",
    } | said  # fmt: skip


def tell(office):
    with acting_for(office):
        return telling.tell_due(office, at=timezone.now())


@pytest.fixture
def application(office, seat, make_round):
    row = make_round(checked=True)
    group = make_group(office)
    with acting_for(office):
        return applications.begin(row.pk, group=group, by=seat[1], at=timezone.now())


class TestDeadlines:
    def test_an_unchecked_date_is_striped_and_nobody_hears_of_it(self, browser, office, make_round):
        row = make_round()
        make_group(office)
        answer = browser.get(HERE)
        assert 'class="unchecked' in text_of(answer)
        assert "ungeprüft , wird nicht verschickt" in words(answer)
        assert tell(office) == 0
        browser.post(f"{HERE}frist/{row.pk}/", facts(row))
        row.refresh_from_db()
        assert (row.is_checked, row.delivery, row.source) == (True, "original", "Anruf bei der Kasse")
        assert 'class="unchecked' not in text_of(browser.get(HERE))
        assert tell(office) == 1

    def test_a_date_that_is_changed_is_not_sent_until_somebody_checks_it(self, browser, office, make_round):
        row = make_round(checked=True)
        make_group(office)
        row.refresh_from_db()
        later = (row.due_on + timedelta(days=3)).isoformat()
        browser.post(f"{HERE}frist/{row.pk}/", facts(row, schritt="aendern", due_on=later))
        row.refresh_from_db()
        assert (row.due_on.isoformat(), row.is_checked) == (later, False)
        assert tell(office) == 0

    def test_who_comes_second_overwrites_nothing_and_keeps_what_they_typed(self, browser, make_round):
        row = make_round()
        sent = facts(row)
        browser.post(f"{HERE}frist/{row.pk}/", sent | {"source": "Anruf der Kollegin"})
        answer = browser.post(f"{HERE}frist/{row.pk}/", sent | {"source": "meine Quelle"})
        assert answer.status_code == 409
        assert "inzwischen geändert" in words(answer)
        assert 'value="meine Quelle"' in text_of(answer)
        assert FundingRound.objects.get(pk=row.pk).source == "Anruf der Kollegin"

    @pytest.mark.parametrize("wrong", [{"source": " "}, {"due_on": "31.02.2027"}])
    def test_what_is_no_date_or_has_no_source_is_not_checked(self, browser, make_round, wrong):
        row = make_round()
        answer = browser.post(f"{HERE}frist/{row.pk}/", facts(row, note="Nicht verlieren") | wrong)
        assert answer.status_code == 409
        assert "Nicht verlieren" in text_of(answer)
        assert not FundingRound.objects.get(pk=row.pk).is_checked

    def test_the_towns_own_programme_is_entered_once_and_gets_its_date(self, browser, office, office_elsewhere, at_the_desk):  # fmt: skip
        sent = {"form_key": str(uuid.uuid4()), "name": "Förderung der Stadt", "kind": "municipal", "whom": ["groups", "offices"], "source": "Satzung"}  # fmt: skip
        browser.post(f"{HERE}programm/neu/", sent)
        browser.post(f"{HERE}programm/neu/", sent)
        made = Programme.objects.get()
        assert made.contact_point == office
        due = {"schritt": "frist", "form_key": str(uuid.uuid4()), "due_on": ahead(days=20).isoformat(), "source": "Satzung", "purpose": "application"}  # fmt: skip
        browser.post(f"{HERE}programm/{made.pk}/", due)
        browser.post(f"{HERE}programm/{made.pk}/", due)
        assert FundingRound.objects.count() == 1
        assert "Förderung der Stadt" in words(browser.get(HERE))
        assert (
            at_the_desk("leads", at=office_elsewhere)[0].get(f"{HERE}programm/{made.pk}/").status_code == 404
        )

    def test_a_programme_without_a_source_is_asked_for_it_and_loses_nothing(self, browser):
        answer = browser.post(
            f"{HERE}programm/neu/", {"name": "Stadt", "whom": "groups", "amount": "bis 500 Euro"}
        )
        assert answer.status_code == 409
        assert 'value="bis 500 Euro"' in text_of(answer)
        assert not Programme.objects.exists()

    def test_last_years_dates_come_into_the_next_year_unchecked(self, browser, make_round):
        row = make_round(checked=True)
        browser.post(f"{HERE}uebernehmen/", {"jahr": str(timezone.localdate().year + 1)})
        browser.post(f"{HERE}uebernehmen/", {"jahr": str(timezone.localdate().year + 1)})
        if row.year == timezone.localdate().year:
            assert not FundingRound.objects.get(rolled_from=row).is_checked
        assert browser.post(f"{HERE}uebernehmen/", {"jahr": "2090"}).status_code == 409

    def test_who_sits_in_the_awarding_round_is_told_so_beside_an_application(
        self, browser, seat, application
    ):
        programme = application.round.programme
        browser.post(
            f"{HERE}programm/{programme.pk}/",
            {"schritt": "sitz", "kollegin": str(seat[1].pk), "als": "votes"},
        )
        assert "Sie sitzen in der Vergaberunde" in words(browser.get(f"{HERE}antrag/{application.pk}/"))
        number = AwardingSeat.unscoped.get().pk
        browser.post(f"{HERE}programm/{programme.pk}/", {"schritt": "sitz-endet", "sitz": str(number)})
        assert AwardingSeat.unscoped.get().until == timezone.localdate()

    def test_a_seat_without_anybody_is_refused_with_a_sentence(self, browser, make_round):
        programme = make_round().programme
        answer = browser.post(f"{HERE}programm/{programme.pk}/", {"schritt": "sitz", "kollegin": "x"})
        assert answer.status_code == 409
        assert "genau eine Person" in words(answer)


class TestTheCalendar:
    def test_it_opens_without_signing_in_and_names_no_group(self, browser, application):
        assert application.group
        browser.post(f"{HERE}kalender/")
        address = re.search(r"http://testserver(/foerderkalender/[\w-]+\.ics)", text_of(browser.get(HERE)))[1]
        answer = visitor().get(address)
        assert answer["Content-Type"].startswith("text/calendar")
        assert "Pauschale 0" in text_of(answer)
        assert application.group.name not in text_of(answer)
        assert answer["Cache-Control"] == "no-store"
        browser.post(f"{HERE}kalender/")
        assert visitor().get(address).status_code == 404, "a renewed address ends the old one"

    @pytest.mark.parametrize("token", ["A" * 48, "x", "A" * 500])
    def test_a_forged_address_looks_like_none(self, token):
        assert visitor().get(f"/foerderkalender/{token}.ics").status_code == 404


class TestTold:
    @pytest.fixture
    def call(self, office, make_round):
        row = make_round(ahead(days=6), checked=True)
        group = make_group(office)
        tell(office)
        return Telling.unscoped.get(group=group, round=row)

    @pytest.mark.parametrize(
        ("said", "becomes", "application"),
        [("told", "told", "informed"), ("submitted", "told", "submitted"), ("declines", "told", "declined"), ("nobody", "to-call", "informed")],
    )  # fmt: skip
    def test_one_key_notes_what_came_of_a_call(self, browser, call, said, becomes, application):
        assert "Gruppe Angst" in words(browser.get(f"{HERE}gesagt/"))
        browser.post(f"{HERE}gesagt/anruf/{call.pk}/", {"gesagt": said})
        call = Telling.unscoped.get(pk=call.pk)
        assert call.status == becomes
        assert Application.unscoped.get().status == application

    def test_a_call_two_people_made_is_noted_once(self, browser, call):
        browser.post(f"{HERE}gesagt/anruf/{call.pk}/", {"gesagt": "told"})
        answer = browser.post(f"{HERE}gesagt/anruf/{call.pk}/", {"gesagt": "declines"})
        assert answer.status_code == 409
        assert Application.unscoped.get().status == "informed"

    def test_the_proof_can_be_taken_along_as_a_file_without_formulas(self, browser, call):
        Group.unscoped.filter(pk=call.group_id).update(name="=1+1")
        browser.post(f"{HERE}gesagt/anruf/{call.pk}/", {"gesagt": "told"})
        answer = browser.get(f"{HERE}gesagt/liste.csv?jahr={call.year}")
        assert "Pauschale 0" in text_of(answer)
        assert ";=1" not in text_of(answer)
        assert "\r\n=1" not in text_of(answer)

    def test_that_none_was_found_is_said_only_after_somebody_looked(self, browser, office):
        group = make_group(office)
        page = f"{HERE}gruppe/{group.pk}/"
        assert "Noch niemand hat für diese Gruppe nachgesehen" in words(browser.get(page))
        assert tell(office) == 0
        browser.post(f"{HERE}gesagt/nachgesehen/", {"bei": str(group.pk)})
        assert FundingSearch.unscoped.count() == 1
        assert "nichts gefunden" in words(browser.get(page))
        assert tell(office) == 1

    @pytest.mark.usefixtures("call")
    def test_heute_says_what_is_due_of_funding(self, browser, make_round):
        make_round(ahead(weeks=9))
        text = words(browser.get("/schreibtisch/"))
        assert "wegen Förderung anzurufen" in text
        assert "Frist prüfen: Pauschale 1" in text
        assert "Nichts ist offen" not in text


class TestApplications:
    def test_from_the_first_word_to_repayment(self, browser, application):
        page = f"{HERE}antrag/{application.pk}/"
        steps = [
            ({"schritt": "submitted", "summe": "1.250,50", "bestaetigt": "1"}, "Antrag gestellt"),
            ({"schritt": "more-wanted"}, "Unterlagen nachgefordert"),
            ({"schritt": "submitted"}, "Antrag gestellt"),
            ({"schritt": "granted", "summe": "900", "am": timezone.localdate().isoformat(), "nachweis_bis": ahead(days=60).isoformat()}, "bewilligt"),
            ({"schritt": "proof-submitted"}, "Verwendungsnachweis eingereicht"),
            ({"schritt": "proof-due", "nachweis_bis": ahead(days=70).isoformat()}, "Verwendungsnachweis fällig"),
            ({"schritt": "proof-submitted"}, "Verwendungsnachweis eingereicht"),
            ({"schritt": "repayment", "summe": "45,20", "bis": ahead(days=90).isoformat()}, "Rückzahlung offen"),
            ({"schritt": "settled"}, "geprüft, abgeschlossen"),
        ]  # fmt: skip
        for sent, said in steps:
            answer = browser.post(page, sent, follow=True)
            assert said in words(answer), sent
        row = Application.unscoped.get()
        assert (row.asked_cents, row.granted_cents, row.repay_cents) == (125050, 90000, 4520)
        assert "900 € bewilligt" in words(browser.get(f"{HERE}gruppe/{row.group_id}/"))

    def test_an_application_confirms_the_entry_by_the_way_when_somebody_says_so(self, browser, application):
        Group.unscoped.filter(pk=application.group_id).update(confirmed_on=None)
        browser.post(f"{HERE}antrag/{application.pk}/", {"schritt": "submitted"})
        assert Group.unscoped.get().confirmed_on is None
        browser.post(f"{HERE}antrag/{application.pk}/", {"schritt": "more-wanted"})
        browser.post(f"{HERE}antrag/{application.pk}/", {"schritt": "submitted", "bestaetigt": "1"})
        assert Group.unscoped.get().confirmed_on == timezone.localdate()

    @pytest.mark.parametrize("summe", ["", "0", "viel", "-5", "12,345", "DE02120300000000202051"])
    def test_what_is_no_sum_grants_nothing_and_stays_in_the_field(self, browser, application, summe):
        page = f"{HERE}antrag/{application.pk}/"
        browser.post(page, {"schritt": "submitted"})
        answer = browser.post(page, {"schritt": "granted", "summe": summe})
        assert answer.status_code == 409
        assert f'value="{summe}"' in text_of(answer)
        assert Application.unscoped.get().status == "submitted"

    def test_a_second_click_and_a_colleague_change_nothing(self, browser, application):
        page = f"{HERE}antrag/{application.pk}/"
        for _ in range(2):
            assert browser.post(page, {"schritt": "declined"}).status_code == 302
        assert browser.post(page, {"schritt": "granted", "summe": "5"}).status_code == 409

    def test_the_offices_own_application_stands_in_its_calendar(self, browser, make_round):
        row = make_round(checked=True, for_offices=True)
        browser.post(f"{HERE}frist/{row.pk}/", {"schritt": "antrag"})
        assert "Eigener Antrag" in words(browser.get(HERE))
        own = Application.unscoped.get()
        assert own.group is None
        assert "Will nicht" not in words(browser.get(f"{HERE}antrag/{own.pk}/"))


class TestAGroup:
    def test_reasons_are_shown_and_nobody_is_shut_out(self, browser, office, make_round):
        make_round(min_members=6, wants_account=True)
        group = make_group(office, members=4)
        answer = words(browser.get(f"{HERE}gruppe/{group.pk}/"))
        assert "mindestens 6 verlangt; bekannt sind 4" in answer
        assert "etwas spricht dagegen" in answer
        assert "Antrag beginnen" in answer
        browser.post(f"{HERE}gruppe/{group.pk}/", {"schritt": "blatt", "konto": "yes", "protokoll": "no"})
        assert "eigenes Konto: verlangt; ja" in words(browser.get(f"{HERE}gruppe/{group.pk}/"))

    def test_a_group_that_wants_to_hear_nothing_of_money_hears_nothing(self, browser, office, make_round):
        make_round(checked=True)
        group = make_group(office)
        browser.post(f"{HERE}gruppe/{group.pk}/", {"schritt": "hoert-nicht"})
        assert tell(office) == 0
        browser.post(f"{HERE}gruppe/{group.pk}/", {"schritt": "hoert"})
        assert tell(office) == 1

    def test_a_fellowship_without_names_is_offered_no_money(self, browser, office, make_round):
        make_round(checked=True)
        group = make_group(office, is_anonymous_fellowship=True)
        page = words(browser.get(f"{HERE}gruppe/{group.pk}/"))
        assert "nimmt kein Geld von außen" in page
        assert "Pauschale" not in page
        assert browser.get(f"{HERE}gruppe/{group.pk}/antragsdatenblatt.pdf").status_code == 404

    def test_the_sheet_is_a_tagged_pdf(self, browser, office):
        group = make_group(office, members=9)
        answer = browser.get(f"{HERE}gruppe/{group.pk}/antragsdatenblatt.pdf")
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert content.startswith(b"%PDF-")
        assert b"/MarkInfo" in content
        assert b"pdfuaid" in content

    def test_begun_twice_it_is_one_application(self, browser, office, make_round):
        row, group = make_round(checked=True), make_group(office)
        for _ in range(2):
            browser.post(f"{HERE}gruppe/{group.pk}/", {"schritt": "antrag", "frist": str(row.pk)})
        assert Application.unscoped.count() == 1
        assert (
            browser.post(f"{HERE}gruppe/{group.pk}/", {"schritt": "antrag", "frist": "x"}).status_code == 404
        )
