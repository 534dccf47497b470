"""The mailbox at the Posteingang: read over IMAP with TLS, neutral until opened, marked only once a contact was made."""

import uuid

import pytest

from kontaktstelle.desk import checks
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.mailroom.incoming import mailbox
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.imap_server import Mailbox, certificates
from support.people import make_office
from support.visiting import text_of

pytestmark = pytest.mark.django_db
INBOX = "/schreibtisch/posteingang/"
CANARY = "Kanarienvogel"
MAIL = f"From: Karla {CANARY} <karla.kanarie@example.org>\r\nSubject: {CANARY}\r\n\r\nIch habe Panikattacken, {CANARY}.\r\n".encode()
CANARIES = (CANARY, "karla.kanarie", "geheim", "postkonto")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return certificates(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def served(certificate, settings, office):
    authority, both = certificate

    def start(*, done="", **how):
        box = Mailbox(both, **how)
        box.__enter__()
        started.append(box)
        settings.IMAP_URL, settings.IMAP_CA = box.url, authority
        settings.IMAP_DONE, settings.IMAP_OFFICE = done, ""
        return box

    started = []
    yield start
    for each in started:
        each.__exit__()


def sent(**values):
    return {"form_key": str(uuid.uuid4()), "nachricht": "Text", "channel": "email", **values}


def contacts(office):
    with acting_for(office):
        return list(Contact.objects.all())


def test_without_a_mailbox_nothing_is_asked_of_any_server(at_the_desk, settings):
    browser, _ = at_the_desk("counsels")

    assert settings.IMAP_URL == ""
    assert "Postfach" not in text_of(browser.get(INBOX))


def test_what_waits_says_when_it_came_and_nothing_else(at_the_desk, served):
    box = served()
    box.deliver(MAIL, "9-Mar-2026 08:12:00 +0000")
    box.deliver(MAIL, "10-Mar-2026 08:12:00 +0000")
    browser, _ = at_the_desk("counsels")
    shown = text_of(browser.get(INBOX))

    assert shown.count("Nachricht von ") == 2
    assert "9.12 Uhr" in shown
    assert not [canary for canary in CANARIES if canary in shown]
    assert not box.inbox[0].flags


def test_opened_it_is_read_and_stays_unread_in_the_mailbox(at_the_desk, served, office):
    box = served()
    box.deliver(MAIL)
    browser, member = at_the_desk("counsels")
    shown = text_of(browser.post(f"{INBOX}postfach/77-1/"))

    assert "Ich habe Panikattacken" in shown
    assert not box.inbox[0].flags, "opening changed the mailbox"
    assert not [each for each in box.said if " SELECT " in each or "STORE" in each]
    (line,) = TrailEntry.objects.filter(action="mail.opened")
    assert line.actor == str(member.pk)
    assert contacts(office) == []


@pytest.mark.parametrize(("folder", "moves"), [("", True), ("Übernommen", True), ("Übernommen", False)])
def test_taken_in_it_is_marked_or_moved_and_never_deleted(at_the_desk, served, office, folder, moves):
    box = served(moves=moves, done=folder)
    box.deliver(MAIL)
    browser, _ = at_the_desk("counsels")
    browser.post(INBOX + "aufnehmen/", sent(mail="77-1"))

    assert len(contacts(office)) == 1
    everywhere = set(box.inbox).union(*box.folders.values())
    assert [each.content for each in everywhere] == [MAIL]
    assert [each.flags for each in everywhere] == [{"\\Seen"}]
    assert list(box.folders) == (["&ANw-bernommen"] if folder else [])
    assert len(box.inbox) == (0 if folder and moves else 1)
    assert not [each for each in box.said if "Deleted" in each or "EXPUNGE" in each]
    assert "Es wartet keine Nachricht" in text_of(browser.get(INBOX))


def test_the_second_of_two_colleagues_is_told_and_loses_nothing(at_the_desk, served, office):
    box = served()
    box.deliver(MAIL)
    first, _ = at_the_desk("counsels", email="eins@example.org")
    second, _ = at_the_desk("counsels", email="zwei@example.org")
    first.post(INBOX + "aufnehmen/", sent(mail="77-1"))
    answer = second.post(INBOX + "aufnehmen/", sent(mail="77-1", note="mein Vermerk"))

    assert answer.status_code == 409
    assert "inzwischen jemand anderes übernommen" in text_of(answer)
    assert "mein Vermerk" in text_of(answer)
    assert 'name="mail"' not in text_of(answer), "the next press would be refused again"
    assert len(contacts(office)) == 1


def test_a_double_click_is_one_contact_and_no_refusal(at_the_desk, served, office):
    box = served()
    box.deliver(MAIL)
    browser, _ = at_the_desk("counsels")
    twice = sent(mail="77-1")
    first, second = (browser.post(INBOX + "aufnehmen/", twice) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(contacts(office)) == 1


def test_a_server_that_fails_in_between_costs_no_contact_and_says_what_is_left_to_do(
    at_the_desk, served, office
):
    box = served()
    box.deliver(MAIL)
    box.refuses.add("UID STORE")
    browser, _ = at_the_desk("counsels")
    went = browser.post(INBOX + "aufnehmen/", sent(mail="77-1"))

    assert len(contacts(office)) == 1
    assert "kennzeichnen Sie die Nachricht dort selbst" in text_of(browser.get(went.headers["Location"]))


@pytest.mark.parametrize("trouble", ["gone", "wrong word", "no TLS", "untrusted", "says no"])
def test_a_mailbox_that_cannot_be_opened_is_said_kindly_and_the_page_still_works(
    at_the_desk, served, settings, trouble, caplog
):
    box = served(implicit=trouble != "no TLS", starttls=False)
    box.deliver(MAIL)
    if trouble == "gone":
        settings.IMAP_URL = "imaps://postkonto:geheim@127.0.0.1:9/INBOX"
    if trouble == "wrong word":
        settings.IMAP_URL = box.url.replace("geheim", "geraten")
    if trouble == "untrusted":
        settings.IMAP_CA = ""
    if trouble == "says no":
        box.refuses.add("UID SEARCH")
    browser, _ = at_the_desk("counsels")
    answer = browser.get(INBOX)

    assert answer.status_code == 200
    assert "Das Postfach antwortet gerade nicht" in text_of(answer)
    assert "Nachricht lesen" in text_of(answer)
    assert not [canary for canary in CANARIES if canary in caplog.text]
    if trouble in {"no TLS", "untrusted"}:
        assert not [each for each in box.said if "LOGIN" in each], (
            "the password went where nobody is to be trusted"
        )


def test_starttls_is_as_good(at_the_desk, served):
    box = served(implicit=False)
    box.deliver(MAIL)
    browser, _ = at_the_desk("counsels")

    assert "Nachricht von " in text_of(browser.get(INBOX))
    assert box.said.index(next(each for each in box.said if "STARTTLS" in each)) < box.said.index(
        next(each for each in box.said if "LOGIN" in each)
    )


def test_the_mailbox_of_one_office_is_not_anothers(at_the_desk, served, office, settings):
    box = served()
    box.deliver(MAIL)
    other = make_office("dort", kreis_key="05913")
    settings.IMAP_OFFICE = office.slug
    browser, _ = at_the_desk("counsels", at=other)

    assert "Postfach" not in text_of(browser.get(INBOX))
    assert CANARY not in text_of(browser.post(f"{INBOX}postfach/77-1/"))
    assert browser.post(INBOX + "aufnehmen/", sent(mail="77-1")).status_code == 409
    settings.IMAP_OFFICE = ""
    assert "Postfach" not in text_of(browser.get(INBOX)), "with several offices it must be said whose it is"
    assert box.said == []


def test_a_mailbox_of_nobody_knows_which_office_is_named_by_check(settings, office):
    settings.IMAP_URL = "imaps://a:b@127.0.0.1/INBOX"
    assert checks.the_mailbox_belongs_to_an_office() == []
    make_office("dort", kreis_key="05913")
    (found,) = checks.the_mailbox_belongs_to_an_office()
    assert "dort, hier" in found.hint
    settings.IMAP_OFFICE = "hier"
    assert checks.the_mailbox_belongs_to_an_office() == []


@pytest.mark.parametrize("key", ["77-9", "78-1", "77-1%20(FLAGS)", "1-1", "99999999999-1"])
def test_a_number_that_is_not_there_opens_nothing(at_the_desk, served, key):
    box = served()
    box.deliver(MAIL)
    browser, _ = at_the_desk("counsels")
    answer = browser.post(f"{INBOX}postfach/{key}/")

    assert answer.status_code in {404, 409}
    assert CANARY not in text_of(answer)


def test_a_mail_of_twenty_megabytes_is_not_fetched(at_the_desk, served):
    box = served()
    box.deliver(MAIL + b"A" * 20_000_000)
    browser, _ = at_the_desk("counsels")
    answer = browser.post(f"{INBOX}postfach/77-1/")

    assert "größer als 10 MB" in text_of(answer)
    assert not [each for each in box.said if "BODY" in each]


@pytest.mark.parametrize(
    "address", ["http://x", "imaps://ohne-konto.example.org", "imap://a:b@:0/", "imaps://a:b@[::1/"]
)
def test_nonsense_in_the_settings_stops_the_start_without_repeating_it(settings, address):
    from django.core.exceptions import ImproperlyConfigured

    settings.IMAP_URL = address
    with pytest.raises(ImproperlyConfigured) as refused:
        mailbox.check_settings()
    assert address not in str(refused.value)
