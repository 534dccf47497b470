import uuid
from datetime import UTC, datetime, timedelta

import pytest
from django.db import transaction

from kontaktstelle.mailroom import carriers, outbox
from kontaktstelle.mailroom.addresses import MailAddress, PostalAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.organisation.letterhead import letterhead

MONDAY = datetime(2026, 3, 9, 9, 30, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
SECRET = "Zx3kQ9-wetV_b1Rr0sLm2Np4"
KARLA = MailAddress("karla.kanarie@example.org")
KARLAS_HOME = PostalAddress.of("Karla Kanarienvogel", "Kanarienallee 3, 59423 Unna")


@pytest.fixture(autouse=True)
def mail_folder(settings, tmp_path):
    """Where mails lie while there is no server: a folder of each test's own."""
    settings.DATA_DIR = tmp_path
    settings.SMTP_URL = settings.SMTP_CA = settings.MAIL_FROM = settings.PUBLIC_ADDRESS = ""
    return tmp_path / "mail"


@pytest.fixture
def sender(office):
    return letterhead(office)


@pytest.fixture
def put(sender):
    """Queue a message as a step does: in a transaction."""

    def put_one(template="mailroom/mail/access_changed", to=KARLA, *, kind=Kind.SINGLE, at=MONDAY, **more):
        with transaction.atomic():
            return outbox.queue(template, **({"to": to, "sender": sender, "kind": kind, "at": at} | more))

    return put_one


@pytest.fixture
def news(put):
    """Queue a piece of Sammelpost for a group."""

    def put_one(about, to=KARLA, at=MONDAY, secret=None, **more):
        path = f"/post/{secret or uuid.uuid4().hex}/"
        return put(
            "mailroom/mail/news_on_the_site", to, kind=Kind.BUNDLED, at=at, about=about, path=path, **more
        )

    return put_one


class Postbag:
    """A carrier that keeps what it took; `answers` say what happens to the next ones (None: taken)."""

    def __init__(self):
        self.taken, self.answers, self.away = [], [], None

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def be_ready(self):
        if self.away:
            raise carriers.ServerAway(self.away)

    def carry(self, mail, *, still_mine):
        content = mail.as_bytes()
        answer = self.answers.pop(0) if self.answers else None
        if isinstance(answer, BaseException) and not getattr(answer, "after", False):
            raise answer
        if not still_mine():
            raise carriers.NotNow
        self.taken.append((mail.to.text, mail.message_id, content))
        if answer is not None:
            raise answer


@pytest.fixture
def postbag(monkeypatch):
    bag = Postbag()
    monkeypatch.setattr(carriers, "carrier", lambda: bag)
    return bag
