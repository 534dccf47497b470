"""`office`: what an office does at the console stands on the next page, in every process that answers."""

from datetime import timedelta

import pytest
from django.urls import get_resolver
from django.utils import timezone

from kontaktstelle.network.models import Body, HelpLine, Service
from kontaktstelle.network.registers import load_registers
from kontaktstelle.organisation.models import Closing
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.ui import chrome, fresh
from support.people import A_MOMENT
from support.visiting import text_of, visitor

from .conftest import refused

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("office")]


@pytest.fixture(autouse=True)
def pages():
    """Load the addresses, as a server does at its start: they tell `chrome` where offices come from."""
    assert get_resolver().url_patterns


@pytest.fixture
def act(run, django_capture_on_commit_callbacks):
    """Run a step of an office as if its transaction were the outermost one."""

    def act(*arguments):
        with django_capture_on_commit_callbacks(execute=True):
            return run("office", *arguments)

    return act


def german(day):
    return f"{day:%d.%m.%Y}"


class TestClose:
    def test_without_days_it_is_closed_today(self, act):
        told = act("close", "hier")

        assert told.status == 0
        today = timezone.localdate()
        closing = Closing.objects.get()
        assert (closing.first_day, closing.last_day, closing.site) == (today, today, None)
        assert "Zurücknehmen: kontaktstelle office reopen hier" in told.out

    def test_days_are_read_as_people_and_as_machines_write_them(self, act):
        first = timezone.localdate() + timedelta(days=20)
        (told,) = act(
            "close", "hier", "--from", german(first), "--until", first + timedelta(days=7), "--site", "HAUPTSTELLE",
            "--public-note", "Betriebsausflug", "--json",
        ).values  # fmt: skip

        assert told["from"] == first.isoformat()
        assert told["until"] == (first + timedelta(days=7)).isoformat()
        assert (told["contact_point"], told["site"], told["public_note"]) == (
            "hier",
            "Hauptstelle",
            "Betriebsausflug",
        )

    def test_a_later_first_day_alone_is_one_day(self, act):
        first = timezone.localdate() + timedelta(days=20)
        told = act("close", "hier", "--from", german(first))

        assert Closing.objects.get().last_day == first
        assert f"reopen hier --from {german(first)}" in told.out

    def test_it_stands_on_the_next_page_and_is_gone_again_after_reopening(self, act):
        visit = visitor()
        head = chrome.office("hier")
        assert "Wasserschaden" not in text_of(visit.get("/stelle/hier/"))

        told = act(
            "close",
            "hier",
            "--until",
            timezone.localdate() + timedelta(days=30),
            "--public-note",
            "Wasserschaden",
        )
        page = text_of(visit.get("/stelle/hier/"))
        assert "Wasserschaden" in page
        closed = chrome.office("hier")
        assert (closed.there, closed.next) != (head.there, head.next)
        assert closed.next in told.out

        assert act("reopen", "hier").status == 0
        assert "Wasserschaden" not in text_of(visit.get("/stelle/hier/"))
        assert chrome.office("hier") == head

    def test_a_step_that_is_rolled_back_tells_nobody(self, run):
        before = fresh.version()
        run("office", "close", "hier")

        assert fresh.version() == before

    @pytest.mark.parametrize(
        ("words", "sentence"),
        [
            (["close", "nirgends"], "Die Kontaktstelle „nirgends“ gibt es nicht. Es gibt: hier."),
            (["close", "hier", "--site", "Mond"], "Es gibt: „Hauptstelle“ (haupt)."),
            (["close", "hier", "--until", "24.12.2019"], "liegt vor dem Beginn"),
            (["close", "hier", "--from", "31.02.2026"], "„31.02.2026“ ist kein Datum"),
            (["close"], "Es fehlt: KÜRZEL"),
            (["reopen", "hier"], "ist keine Schließzeit eingetragen."),
            (["reopen", "hier", "--from", "24.12.2019"], "ist vorbei"),
            ([], "Es fehlt: SCHRITT"),
            (["fly", "hier"], "gibt es nicht: 'fly'"),
        ],
    )
    def test_what_does_not_go_is_one_german_sentence(self, act, words, sentence):
        assert sentence in refused(act(*words))
        assert not TrailEntry.objects.exists()


class TestAccent:
    def test_a_readable_colour_is_taken_and_has_an_address_of_its_own(self, act):
        assert chrome.office("hier").colours == ""
        (told,) = act("accent", "hier", "#1C5A6E", "--json").values

        assert told == {"contact_point": "hier", "accent": "#1c5a6e", "before": ""}
        first = chrome.office("hier").colours
        assert "#1c5a6e" in text_of(visitor().get(first))
        act("accent", "hier", "#274C8E")
        assert chrome.office("hier").colours != first
        assert "vorher #274c8e" in act("accent", "hier", "keine").out
        assert chrome.office("hier").colours == ""

    @pytest.mark.parametrize(
        ("colour", "sentence"),
        [("#ffee00", "zu hell: Ihr Kontrast"), ("#cc0000", "nur für Gefahr"), ("blau", "als #RRGGBB")],
    )
    def test_an_unreadable_colour_is_refused_with_what_to_do(self, office, act, colour, sentence):
        assert sentence in refused(act("accent", "hier", colour))
        office.refresh_from_db()
        assert office.accent == ""


class TestConfirm:
    @pytest.fixture(autouse=True)
    def registers(self):
        load_registers(at=A_MOMENT)

    def test_what_check_lists_is_confirmed_and_listed_no_more(self, act, run):
        def due():
            return {each["key"] for each in run("check", "--json").values[0]["to_confirm"]}

        assert {"silbernetz", "terminservice-116117"} <= due()
        visit = visitor()
        before = text_of(visit.get("/sofort-hilfe/")).count("geprüft am")
        told = act("confirm-helpline", "silbernetz", "terminservice-116117", "silbernetz")

        assert told.status == 0
        assert HelpLine.objects.get(key="silbernetz").numbers[0] in told.out
        assert not {"silbernetz", "terminservice-116117"} & due()
        assert HelpLine.objects.get(key="silbernetz").checked_on == timezone.localdate()
        assert Service.objects.get(key="terminservice-116117").checked_by == "kommandozeile"
        assert text_of(visit.get("/sofort-hilfe/")).count("geprüft am") == before + 1

    def test_one_unknown_key_confirms_nothing(self, act):
        said = refused(act("confirm-helpline", "silbernetz", "telefonsorge"))

        assert "„telefonsorge“" in said
        assert "Gemeint vielleicht: telefonseelsorge?" in said
        assert not HelpLine.objects.exclude(checked_on=None).exists()

    def test_a_body_is_confirmed_for_an_office_and_listed_on_request(self, office, act, run):
        assert "nakos" not in run("check").out
        assert "nakos" in run("check", "--bodies").out
        (told,) = act("confirm-body", "nakos", "--contact-point", "hier", "--json").values

        assert told["checked_on"] == timezone.localdate().isoformat()
        assert [(each["key"], each["register"]) for each in told["confirmed"]] == [("nakos", "network.body")]
        assert Body.objects.get(key="nakos").checked_on == timezone.localdate()
        assert TrailEntry.objects.get(contact_point=office.pk).action == "network.confirmed"
        assert "nakos" not in run("check", "--bodies").out
        assert refused(act("confirm-body", "silbernetz"))


@pytest.mark.parametrize("step", ["close", "reopen", "accent", "confirm-helpline", "confirm-body"])
def test_help_is_german(run, step):
    told = run("office", step, "--help")

    assert told.status == 0
    assert told.out.startswith(f"Aufruf: kontaktstelle office {step}")
    assert not {"usage", "options", "positional", "show"} & set(told.out.replace(":", " ").split())
