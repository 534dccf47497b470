"""Where somebody's words and address are found: nowhere but on their own page, and sealed. First: they could be."""

import email
import email.policy
import logging
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from kontaktstelle.enquiries import correspondence
from kontaktstelle.enquiries.models import Enquiry
from kontaktstelle.mailroom import carriers, delivery
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.logs import AllowListFormatter
from kontaktstelle.relay import receipt_codes, throttle
from kontaktstelle.relay.models import Message, ReceiptCode
from support.enquiring import code_in, open_with, reply, write
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
WORDS = "Kanarienworte: seit dem Kanarienunfall schlafe ich nicht."
ADDRESS = "karla.kanarie@example.org"
ANSWER, AGAIN = "Kanarienantwort der Stelle.", "Kanariennachfrage der Person."
CANARIES = ["Kanarien", "karla.kanarie", "Kanarienunfall"]


class Heard(logging.Handler):
    """Keeps every line as the service would write it, and as a library said it."""

    def __init__(self):
        super().__init__(level=logging.DEBUG)
        self.written, self.said = [], []

    def emit(self, record):
        self.written.append(AllowListFormatter().format(record))
        self.said.append(record.getMessage())


@pytest.fixture
def told(office, group, counsellor, monkeypatch):
    """Tell a whole story and return what could be heard of it."""
    throttle.forget()
    carriers.clear_folder(before=timezone.now() + timedelta(minutes=1))
    monkeypatch.setattr("kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(0))
    heard, visit = Heard(), visitor()
    root = logging.getLogger()
    root.addHandler(heard)
    loggers = [
        root,
        *(
            logging.getLogger(name)
            for name in ("django", "kontaktstelle", "django.request", "gunicorn.error")
        ),
    ]
    for logger in loggers[1:]:
        logger.addHandler(heard)
    try:
        thanks = write(visit, f"/nachricht/{group.slug}/", WORDS, rueckweg=ADDRESS)
        code = code_in(thanks)
        with acting_for(office):
            correspondence.tell(Enquiry.objects.get(), ANSWER, by=counsellor, at=timezone.now())
        page = open_with(visit, code)
        answered = reply(visit, page, AGAIN)
    finally:
        for logger in loggers:
            logger.removeHandler(heard)
    return {"code": code, "thanks": thanks, "page": page, "answered": answered, "heard": heard}


def stored_bytes():
    """Yield every value of every table, as bytes."""
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            for row in cursor.fetchall():
                for value in row:
                    yield (
                        table,
                        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode(),
                    )


def test_it_could_be_seen_for_the_person_sees_it(told):
    assert WORDS in text_of(told["page"])
    assert ANSWER in text_of(told["page"])
    assert AGAIN in text_of(told["answered"])


def test_no_column_of_the_database_holds_words_address_or_code(told, office):
    with acting_for(office):
        assert {message.text for message in Message.objects.all()} == {WORDS, ANSWER, AGAIN}
        assert ReceiptCode.objects.count() == 1
    bare = told["code"].replace("-", "")
    for table, value in stored_bytes():
        for canary in [*CANARIES, told["code"], bare, bare[:8]]:
            assert canary.encode() not in value, table


def test_titles_addresses_and_heads_of_pages_say_nothing(told, group):
    for name in ("thanks", "page", "answered"):
        page = text_of(told[name])
        title = re.search(r"<title>(.*?)</title>", page, re.DOTALL)[1]
        links = re.findall(r'(?:href|action|src)="([^"]*)"', page)
        for canary in [*CANARIES, told["code"], group.name, "Angst"]:
            assert canary not in title
            assert not any(canary.lower() in link.lower() for link in links), canary
        assert told[name].headers["Cache-Control"] == "no-store"
        assert "noindex" in told[name].headers["X-Robots-Tag"]
        assert not told[name].cookies
    assert told["code"] not in text_of(told["page"]), "the code is shown once"


def test_no_log_says_anything(told):
    everything = "\n".join(told["heard"].written + told["heard"].said)
    for canary in [*CANARIES, told["code"]]:
        assert canary not in everything


def test_no_mail_says_anything_but_that_something_waits(told):
    while delivery.work_once(timezone.now() + timedelta(minutes=1)):
        pass
    mails = [file.read_bytes() for file in carriers.folder().glob("*.eml")]
    texts = [email.message_from_bytes(mail, policy=email.policy.default) for mail in mails]
    assert len(texts) >= 4, "two to the person, two to the office: there are mails that could tell"
    for raw, mail in zip(mails, texts, strict=True):
        said = f"{raw.decode('utf-8', 'replace')} {mail['Subject']} {mail.get_content()}"
        for canary in [
            "Kanarienworte",
            "Kanarienunfall",
            "Kanarienantwort",
            "Kanariennachfrage",
            told["code"],
            "Angst",
        ]:
            assert canary not in said
        assert len(mail.get_all("To")) == 1
        assert not mail.get_all("Cc")
        assert not mail.get_all("Bcc")


def test_another_office_opens_nothing(told, office_elsewhere):
    with acting_for(office_elsewhere):
        assert not Message.objects.exists()
        assert not Enquiry.objects.exists()
        assert (
            receipt_codes.look_up(told["code"], on=timezone.localdate()).contact_point != office_elsewhere.pk
        )
