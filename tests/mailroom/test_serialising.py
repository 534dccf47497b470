"""The bytes: fixed headers, one recipient, plain text; what was tampered with does not leave."""

import email
import re
from datetime import UTC, datetime, timedelta, timezone
from email import policy
from email.header import decode_header, make_header
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kontaktstelle.mailroom.addresses import MailAddress, has_controls, one_line
from kontaktstelle.mailroom.serialising import HEADERS, BytesRefused, Mail, check

from .hostile import BREAKING_OUT, MERELY_UNUSUAL

LINE = (
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"]), min_size=1, max_size=200)
    .map(one_line)
    .filter(lambda text: text and not has_controls(text))
)
TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029"),
    max_size=600,
)


def mail(**changed):
    values = {
        "number": "b69436e640874da79c1b63418112eec0", "to": MailAddress("karla@example.org"), "origin": MailAddress("post@office.example"), "name": "Büro, Beispiel",
        "reply_to": MailAddress("office@office.example"), "subject": "Eine Nachricht für Sie", "text": "Guten Tag,\n\nGrüße", "on": datetime(2026, 3, 9, 9, 30, 7, tzinfo=UTC),
    }  # fmt: skip
    return Mail(**(values | changed))


def heads(content):
    """Header names, read without the product's or the library's parser."""
    head = content.split(b"\r\n\r\n")[0].decode("ascii")
    return [line.split(":")[0] for line in head.split("\r\n") if not line.startswith((" ", "\t"))]


def one_recipient(content):
    read = email.message_from_bytes(content, policy=policy.compat32)
    return getaddresses(read.get_all("To") + read.get_all("Cc", []) + read.get_all("Bcc", []))


class TestWritten:
    def test_the_headers_are_the_allowed_ones_each_once_and_nothing_tells_of_the_machine(self):
        content = mail().as_bytes()

        assert heads(content) == list(HEADERS)
        assert b"\r\nDate: Mon, 09 Mar 2026 09:30:00 +0000\r\n" in content
        assert b"\r\nMessage-ID: <b69436e640874da79c1b63418112eec0@office.example>\r\n" in content
        assert b"\r\nReply-To: office@office.example\r\n" in content

    def test_it_is_plain_text_of_one_part_and_seven_bits(self):
        content = mail(text="Grüße 🌻").as_bytes()
        read = email.message_from_bytes(content, policy=policy.default)

        assert content.isascii()
        assert not read.is_multipart()
        assert read.get_content_type() == "text/plain"
        assert read.get_content().rstrip() == "Grüße 🌻"

    def test_a_date_tells_no_time_zone(self):
        elsewhere = timezone(timedelta(hours=5, minutes=30))
        content = mail(on=datetime(2026, 3, 9, 15, 0, 59, tzinfo=elsewhere)).as_bytes()
        assert b"Date: Mon, 09 Mar 2026 09:30:00 +0000" in content

    @pytest.mark.parametrize("text", MERELY_UNUSUAL)
    def test_an_unusual_name_or_subject_arrives_as_it_is_and_adds_nothing(self, text):
        text = one_line(text)
        content = mail(name=text, subject=text).as_bytes()
        read = email.message_from_bytes(content, policy=policy.default)

        assert heads(content) == list(HEADERS)
        assert one_recipient(content) == [("", "karla@example.org")]
        name = getaddresses([email.message_from_bytes(content)["From"]])[0][0]
        assert str(make_header(decode_header(name))) == text
        assert str(read["Subject"]) == text
        assert max(map(len, content.split(b"\r\n"))) <= 998

    @pytest.mark.parametrize("text", BREAKING_OUT, ids=ascii)
    @pytest.mark.parametrize("field", ["name", "subject", "number"])
    def test_what_would_break_out_of_a_header_does_not_leave(self, field, text):
        with pytest.raises(BytesRefused):
            mail(**{field: text}).as_bytes()

    @given(LINE, LINE, TEXT)
    @example("ü, " * 60, "=?utf-8?b?YQpCY2M6IHhAZXZpbA==?=", ".\n..\nFrom x\n =\n\t\n")
    def test_whatever_the_words_are_there_is_one_recipient_and_no_header_more(self, name, subject, text):
        try:
            content = mail(name=name, subject=subject, text=text).as_bytes()
        except BytesRefused:
            return  # refused is safe; the unusual names above show that it is not refused lightly
        assert heads(content) == list(HEADERS)
        assert one_recipient(content) == [("", "karla@example.org")]
        assert not re.search(rb"(?<!\r)\n|\r(?!\n)", content)

    @given(LINE)
    def test_every_name_without_controls_can_be_written(self, name):
        assert heads(mail(name=name, subject=name).as_bytes()) == list(HEADERS)

    def test_the_same_message_is_the_same_bytes_always(self):
        assert mail().as_bytes() == mail().as_bytes()


TAMPERED = [
    (b"To: karla@example.org", b"To: karla@example.org, x@evil.example"),
    (b"To: karla@example.org", b"To: x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org\r\nBcc: x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org\r\nCc: x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org\r\nTo: x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org,\r\n x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org\nBcc: x@evil.example"),
    (b"To: karla@example.org", b"To: karla@example.org\rBcc: x@evil.example"),
    (b"To: karla@example.org", b"To: g: karla@example.org, x@evil.example;"),
    (b"To: karla@example.org", b"To: =?utf-8?q?x=40evil=2Eexample=2C?= karla@example.org"),
    (b"To: karla@example.org", b"To: Karla <karla@example.org>, <x@evil.example>"),
    (b"To: karla@example.org\r\n", b""),
    (b"Reply-To: office@office.example", b"Reply-To: x@evil.example"),
    (b"<post@office.example>", b"<x@evil.example>"),
    (b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nX-Mailer: x"),
    (b"MIME-Version: 1.0\r\n", b"MIME-Version: 1.0\r\n\r\n"),
    (b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nno header"),
    (b"MIME-Version: 1.0", b"MIME-Version: 1.0\r\nX-N\xc3\xa4me: x"),
    (b"text/plain", b"text/html"),
    (b"text/plain; charset=utf-8", b"multipart/mixed; boundary=x"),
    (b"Guten Tag", b"Guten Abend"),
    (b"Guten Tag", b"Guten\0Tag"),
    (b"Guten Tag", b"x" * 1000),
    (b"Subject: ", b"Subject: Angst "),
    (b"From: ", b"FROM: "),
]


@pytest.mark.parametrize(("was", "became"), TAMPERED)
def test_bytes_that_say_anything_else_do_not_leave(was, became):
    whole = mail().as_bytes()
    assert was in whole
    check(whole, mail())

    with pytest.raises(BytesRefused):
        check(whole.replace(was, became, 1), mail())
