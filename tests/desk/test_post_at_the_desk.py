"""Post at the desk: letters are printed, posted and forgotten; what came back is seen by somebody, without its address."""

import re

import pytest
from django.db import transaction
from django.utils import timezone

from kontaktstelle.groups.models import PostWish
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress, PostalAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
LETTERS, FAILED = "/schreibtisch/post/briefe/", "/schreibtisch/post/nicht-zugestellt/"
CANARIES = ("Kanarienvogel", "Kanarienallee", "karla.kanarie")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def leaks(answer):
    return [canary for canary in CANARIES if canary in text_of(answer)]


def queued(office, to, about=None, template="enquiries/mail/someone_wrote"):
    with acting_for(office), transaction.atomic():
        return outbox.queue(
            template, to=to, sender=letterhead(office), kind=Kind.SINGLE, at=timezone.now(), about=about
        )


@pytest.fixture
def browser(at_the_desk):
    return at_the_desk("reception")[0]


@pytest.fixture
def letter(office):
    to = PostalAddress.of("Karla Kanarienvogel", "Kanarienallee 3, 59423 Unna")
    return queued(office, to)


@pytest.fixture
def failed(office):
    """A message to a group that came back."""

    def made(template="enquiries/mail/someone_wrote", about=None):
        number = queued(office, MailAddress("karla.kanarie@example.org"), about=about, template=template)
        Dispatch.unscoped.filter(pk=number).update(
            status="failed", done_at=timezone.now(), reason="refused", template=template
        )
        return number

    return made


class TestLetters:
    def test_a_letter_is_printed_as_often_as_it_takes_and_then_forgotten(self, browser, letter):
        page = browser.get(LETTERS)
        assert "Ein Brief wartet" in words(page)
        assert not leaks(page), "the list names nobody"
        for sent in ({}, {"brief": str(letter)}):
            answer = browser.post(f"{LETTERS}drucken/", sent)
            assert answer["Content-Type"] == "application/pdf"
            assert answer.content.startswith(b"%PDF-")
        assert TrailEntry.objects.filter(action="letter.opened").count() == 2
        browser.post(f"{LETTERS}abgeschickt/", {"brief": str(letter)})
        browser.post(f"{LETTERS}abgeschickt/", {"brief": str(letter)})
        row = Dispatch.unscoped.get()
        assert (row.status, row.recipient_sealed, row.content_sealed) == ("printed", None, None)
        assert "kein Brief zu drucken" in words(browser.get(LETTERS))

    def test_nothing_to_print_and_nothing_chosen_get_a_sentence(self, browser, letter):
        assert browser.post(f"{LETTERS}abgeschickt/", {}).status_code == 409
        assert (
            browser.post(f"{LETTERS}drucken/", {"brief": "00000000-0000-4000-8000-000000000009"}).status_code
            == 409
        )
        assert browser.get(f"{LETTERS}drucken/").status_code == 405
        assert Dispatch.unscoped.get(pk=letter).status == "to-print"

    def test_another_offices_letter_is_neither_seen_nor_printed_nor_posted(self, at_the_desk, office_elsewhere, letter):  # fmt: skip
        there, _ = at_the_desk("reception", at=office_elsewhere)
        assert "kein Brief" in words(there.get(LETTERS))
        assert there.post(f"{LETTERS}drucken/", {"brief": str(letter)}).status_code == 409
        there.post(f"{LETTERS}abgeschickt/", {"brief": str(letter)})
        assert Dispatch.unscoped.get(pk=letter).status == "to-print"

    @pytest.mark.usefixtures("letter")
    def test_heute_says_that_letters_and_failures_wait(self, browser, failed):
        failed()
        page = browser.get("/schreibtisch/")
        assert "Ein Brief ist zu drucken" in words(page)
        assert "Eine Nachricht wurde nicht zugestellt" in words(page)
        assert "Nichts ist offen" not in words(page)
        assert not leaks(page)


class TestUndelivered:
    def test_it_says_why_and_to_whom_in_kind_and_never_the_address(self, browser, office, failed):
        group = make_group(office)
        number = failed()
        Dispatch.unscoped.filter(pk=number).update(template="groups/mail/yearly_question", about=group.pk)
        page = browser.get(FAILED)
        assert "hat die Adresse oder die Nachricht abgelehnt" in words(page)
        assert not leaks(page)
        assert group.name not in words(page), "who may not edit groups sees none"

    def test_it_is_tried_again_or_laid_aside(self, browser, failed):
        first, second = failed(), failed()
        browser.post(f"{FAILED}{first}/", {"schritt": "noch-einmal"})
        assert Dispatch.unscoped.get(pk=first).status == "waiting"
        browser.post(f"{FAILED}{second}/", {"schritt": "erledigt"})
        assert Dispatch.unscoped.get(pk=second).recipient_sealed is None
        assert browser.post(f"{FAILED}{second}/", {"schritt": "erledigt"}).status_code == 404
        assert "Alles wurde zugestellt" in words(browser.get(FAILED))

    def test_a_group_is_reached_another_way_from_now_on(self, at_the_desk, office, failed):
        browser, _ = at_the_desk("counsels")
        group = make_group(office)
        number = failed()
        Dispatch.unscoped.filter(pk=number).update(template="groups/mail/yearly_question", about=group.pk)
        assert group.name in words(browser.get(FAILED))
        browser.post(f"{FAILED}{number}/", {"schritt": "anruf"})
        assert PostWish.unscoped.get().way == "call"
        assert Dispatch.unscoped.get(pk=number).status == "cancelled"

    def test_the_reception_changes_no_groups_way(self, browser, office, failed):
        group = make_group(office)
        number = failed()
        Dispatch.unscoped.filter(pk=number).update(template="groups/mail/yearly_question", about=group.pk)
        assert browser.post(f"{FAILED}{number}/", {"schritt": "anruf"}).status_code == 409
        assert not PostWish.unscoped.exists()
        assert Dispatch.unscoped.get(pk=number).status == "failed"
