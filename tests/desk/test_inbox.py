"""Posteingang: a message is read, proposes its coding, becomes a contact or an enquiry, is answered – and is kept nowhere."""

import uuid

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection

from kontaktstelle.directory import projection
from kontaktstelle.enquiries.models import Contact, Enquiry
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.parties import address_of
from support.outlook_file import compound, outlook_message
from support.people import A_DAY, make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
INBOX = "/schreibtisch/posteingang/"
CANARY = "Kanarienvogel"
MAIL = f"""From: =?utf-8?q?Karla_{CANARY}?= <karla.kanarie@example.org>
To: stelle@example.org
Subject: Suche Gruppe
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=x

--x
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

Guten Tag, ich habe Panikattacken und suche eine Selbsthilfegruppe in Unna. {CANARY} heißt meine Katze.
--x
Content-Type: application/pdf; name="Kanarienbefund.pdf"
Content-Disposition: attachment; filename="Kanarienbefund.pdf"
Content-Transfer-Encoding: base64

S2FuYXJpZW5hbmhhbmc=
--x--
""".replace("\n", "\r\n").encode()  # fmt: skip


def upload(name, content):
    return SimpleUploadedFile(name, content)


def read(browser, content=MAIL, name="post.eml"):
    return browser.post(INBOX + "lesen/", {"text": "", "datei": upload(name, content)})


def sent(**values):
    return {
        "form_key": str(uuid.uuid4()),
        "nachricht": f"Liebe Leute, {CANARY} hier.",
        "betreff": "Suche",
        **values,
    }


def contacts(office):
    with acting_for(office):
        return list(Contact.objects.all())


def test_a_mail_is_shown_with_what_it_says_and_its_attachments_are_only_named(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    shown = text_of(read(browser))

    assert "ich habe Panikattacken" in shown
    assert "Kanarienbefund.pdf" in shown
    assert "Kanarienanhang" not in shown, "an attachment was opened"
    assert 'value="email" data-shortcut="2" aria-keyshortcuts="2" checked' in shown
    assert 'value="karla.kanarie@example.org"' in shown
    assert "anxiety-panic" in shown
    assert contacts(office) == [], "reading a mail stored something"


def test_what_is_only_likely_is_not_chosen_before_a_person_does(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    shown = text_of(browser.post(INBOX + "lesen/", {"text": "Haben Sie etwas zu Depressionen?"}))

    for chip in shown.split('class="chip guessed"')[1:]:
        assert " checked" not in chip.split("</label>")[0]
    outcomes = shown.split('data-step="outcome"')[1].split("</fieldset>")[0]
    assert " checked" not in outcomes, "what came of it is ours to say"


def test_one_step_makes_a_contact_and_leads_to_the_answer(at_the_desk, office):
    make_group(office, name="Gruppe Angst, Beispiel")
    projection.rebuild(on=A_DAY)
    browser, _ = at_the_desk("counsels")
    went = browser.post(INBOX + "aufnehmen/", sent(channel="email", who="affected", topics=["anxiety-panic"]))

    (contact,) = contacts(office)
    assert (contact.source, contact.channel, contact.enquiry_id) == ("mail", "email", None)
    answer = text_of(browser.get(went.headers["Location"]))
    assert "Gruppe Angst, Beispiel" in answer
    assert "vielen Dank für Ihre Nachricht" in answer
    assert CANARY not in answer, "the answer repeats what the person wrote"


def test_one_step_makes_an_enquiry_with_a_way_back(at_the_desk, office):
    browser, member = at_the_desk("counsels")
    browser.post(
        INBOX + "aufnehmen/",
        sent(channel="email", anfrage="1", name="Karla", email="karla.kanarie@example.org"),
    )

    with acting_for(office):
        enquiry = Enquiry.objects.get()
        assert enquiry.covered_by == member
        assert address_of(enquiry.party).email == "karla.kanarie@example.org"


def test_without_an_enquiry_nothing_of_the_person_is_kept(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    browser.post(INBOX + "aufnehmen/", sent(channel="email", name="Karla", email="karla.kanarie@example.org"))

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM relay_party")
        assert cursor.fetchone()[0] == 0


def test_a_double_click_makes_one_contact_and_one_enquiry(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    twice = sent(channel="email", anfrage="1", email="karla.kanarie@example.org")
    first, second = (browser.post(INBOX + "aufnehmen/", twice) for _ in range(2))

    assert first.headers["Location"] == second.headers["Location"]
    assert len(contacts(office)) == 1


def test_what_is_refused_loses_neither_the_message_nor_what_was_typed(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    answer = browser.post(
        INBOX + "aufnehmen/",
        sent(
            channel="email",
            place="Nirgendwohausen",
            note="meine Notiz",
            email="k@example.org",
            anhang="befund.pdf",
        ),
    )

    assert answer.status_code == 409
    for kept in (
        CANARY,
        "Nirgendwohausen",
        "meine Notiz",
        "k@example.org",
        "befund.pdf",
        "Diesen Ort kennen wir nicht",
    ):
        assert kept in text_of(answer), kept
    assert contacts(office) == []


def test_danger_in_the_last_sentence_of_a_long_mail_is_seen(at_the_desk):
    browser, _ = at_the_desk("counsels")
    text = (
        "Ich schreibe Ihnen wegen meiner Nachbarin und ihres Gartens. " * 60
        + "Ich will mich heute umbringen."
    )
    shown = text_of(browser.post(INBOX + "lesen/", {"text": text}))

    assert "Krise: jetzt nicht in eine Gruppe" in shown


def test_the_message_is_found_nowhere_afterwards(at_the_desk, office, caplog, settings):
    """It was there: the page showed it, twice. No row, no session, no file, no line of the log has it."""
    browser, _ = at_the_desk("counsels")
    shown = text_of(read(browser))
    assert CANARY in shown
    answer = browser.post(INBOX + "aufnehmen/", sent(channel="email", anfrage="1"))
    refused = browser.post(INBOX + "aufnehmen/", sent(channel="email", place="Nirgendwohausen"))
    assert CANARY in text_of(refused)

    assert CANARY not in str(answer.headers)
    assert CANARY not in repr(dict(browser.session))
    assert CANARY not in caplog.text
    assert not [line for line in TrailEntry.objects.all() if CANARY in repr(line.__dict__)]
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            found += [table for row in cursor.fetchall() if CANARY in "".join(map(_readable, row))]
    assert found == []
    for file in settings.DATA_DIR.rglob("*"):
        if file.is_file() and "sqlite3" not in file.name:
            assert CANARY.encode() not in file.read_bytes(), file


def _readable(value):
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)


def test_an_uploaded_file_never_lies_on_a_disk(at_the_desk, monkeypatch):
    import tempfile

    def refuse(*_, **__):
        raise AssertionError("a temporary file was made of a mail")

    monkeypatch.setattr(tempfile, "NamedTemporaryFile", refuse)
    monkeypatch.setattr("django.core.files.uploadedfile.TemporaryUploadedFile.__init__", refuse)
    browser, _ = at_the_desk("counsels")
    large = MAIL + b"A" * 4_000_000

    assert "Panikattacken" in text_of(read(browser, large))


@pytest.mark.parametrize("in_bytes", [False, True])
def test_a_message_of_outlook_is_read_without_opening_what_hangs_on_it(at_the_desk, in_bytes):
    browser, _ = at_the_desk("counsels")
    message = outlook_message(
        text="Ich habe Panikattacken. Grüße", subject="Suche Gruppe", sender="Karla", address="karla.kanarie@example.org",
        attachments=[("Kanarienbefund.pdf", b"Kanarienanhang"), ("bombe.zip", b"PK" + b"\x00" * 9000)], in_bytes=in_bytes,
    )  # fmt: skip
    shown = text_of(read(browser, message, "post.msg"))

    for kept in (
        "Ich habe Panikattacken. Grüße",
        "Suche Gruppe",
        "karla.kanarie@example.org",
        "Kanarienbefund.pdf, bombe.zip",
    ):
        assert kept in shown, kept
    assert "Kanarienanhang" not in shown
    assert 'value="email" data-shortcut="2" aria-keyshortcuts="2" checked' in shown


def test_a_message_of_outlook_in_html_alone_is_read_as_words(at_the_desk):
    browser, _ = at_the_desk("counsels")
    html = b"<html><style>x</style><p>Ich habe Panikattacken</p><script>alert(1)</script></html>"
    shown = text_of(read(browser, outlook_message(html=html), "post.msg"))

    assert "Ich habe Panikattacken" in shown
    assert "alert(1)" not in shown


def broken(content, place):
    return content[:place] + b"\xff\x07" * 200 + content[place + 400 :]


OUTLOOK = outlook_message(text="Ich habe Panikattacken")


@pytest.mark.parametrize("place", range(40, len(OUTLOOK) - 400, 1777))
def test_a_damaged_message_of_outlook_is_read_or_refused_and_never_a_fault(at_the_desk, place):
    browser, _ = at_the_desk("counsels")

    assert read(browser, broken(OUTLOOK, place), "post.msg").status_code in {200, 409}


NESTED = b"From: a@example.org\nContent-Type: multipart/mixed; boundary=b0\n\n" + b"".join(
    b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (depth, depth + 1) for depth in range(10_000)
)
HOSTILE = {
    "twenty megabytes.eml": b"From: a@example.org\n\n" + b"A" * 20_000_000,
    "ten thousand parts within each other.eml": NESTED,
    "enclosed ten thousand times.eml": b"Content-Type: message/rfc822\n\n" * 10_000,
    "a head without end.eml": b"From: a@example.org\nContent-Type: text/plain"
    + b"; a=b" * 1_000_000
    + b"\n\nhallo",
    "brackets.eml": b"From: " + b"(" * 1_000_000 + b"\n\nhallo",
    "too many lines.eml": b"From: a@example.org\n" + b"X: y\n" * 1_000_000,
    "only scripts.eml": b"From: a@example.org\nContent-Type: text/html\n\n<script>alert(1)</script><img src=//x.example/p>",
    "a sheet of numbers.msg": compound({"Workbook": b"x" * 5000}, {}),
    "thousands of streams.msg": compound({f"__substg1.0_{number:08}": b"" for number in range(5000)}, {}),
    "only attachments.msg": outlook_message(attachments=[("bombe.zip", b"PK")]),
    "an archive.msg": b"PK\x03\x04" + b"\x00" * 10_000,
    "a broken compound file.msg": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000,
    "empty.eml": b"",
    "zeros.txt": b"\x00" * 10_000,
    "pdf.pdf": b"%PDF-1.7",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_in_a_kind_sentence(at_the_desk, office, name):
    browser, _ = at_the_desk("counsels")
    answer = read(browser, HOSTILE[name], name)

    assert answer.status_code == 409
    assert "Bitte" in text_of(answer) or "bitte" in text_of(answer)
    assert contacts(office) == []


def test_html_comes_as_words_and_nothing_of_it_runs_or_is_fetched(at_the_desk):
    browser, _ = at_the_desk("counsels")
    html = (
        b"From: a@example.org\nContent-Type: text/html; charset=utf-8\n\n"
        b"<style>p{}</style><p onclick=alert(1)>Ich suche <b>Hilfe</b></p><img src='https://spion.example/p.gif'>"
        b"<script>alert(1)</script>&lt;script&gt;alert(2)&lt;/script&gt;</textarea><script>alert(3)</script>"
    )
    shown = text_of(read(browser, html))

    assert "Ich suche Hilfe" in shown
    assert "spion.example" not in shown
    assert "alert(1)" not in shown
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert(2)" in shown


def test_text_in_a_broken_encoding_is_read_as_far_as_it_goes(at_the_desk):
    browser, _ = at_the_desk("counsels")
    mail = "From: a@example.org\nContent-Type: text/plain; charset=gibt-es-nicht\n\nGrüße aus Köln".encode(
        "latin-1"
    )

    assert "Grüße aus Köln" in text_of(read(browser, mail))


def test_whoever_does_not_counsel_does_not_find_the_page(at_the_desk):
    for role in ("reception", "leads", "upkeep", "dpo", "operator"):
        browser, _ = at_the_desk(role)
        assert browser.get(INBOX).status_code == 404, role
        assert read(browser).status_code == 404, role
        assert browser.post(INBOX + "aufnehmen/", sent(channel="email")).status_code == 404, role
        assert "Posteingang" not in text_of(browser.get("/schreibtisch/")), role
