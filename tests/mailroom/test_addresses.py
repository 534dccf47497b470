"""One recipient by type: what is not exactly one address never becomes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.mailroom.addresses import (
    AddressRefused,
    MailAddress,
    PostalAddress,
    PostalAddressRefused,
    Sender,
    SenderRefused,
    one_line,
)

from .hostile import BREAKING_OUT, MERELY_UNUSUAL, NO_SINGLE_ADDRESS, SINGLE_ADDRESSES


@pytest.mark.parametrize("text", NO_SINGLE_ADDRESS, ids=ascii)
def test_what_is_not_exactly_one_address_is_refused_kindly(text):
    with pytest.raises(AddressRefused) as refused:
        MailAddress(text)
    assert "@example.org" in refused.value.sentence
    assert len(text) < 3 or text not in str(refused.value)


@pytest.mark.parametrize(("text", "spoken"), SINGLE_ADDRESSES.items())
def test_one_address_is_taken_in_the_form_smtp_speaks(text, spoken):
    assert MailAddress(text).text == spoken
    assert MailAddress(MailAddress(text).text).text == spoken


@given(st.text(max_size=80) | st.builds("{}@{}.example".format, st.text(max_size=20), st.text(max_size=20)))
def test_whatever_is_taken_is_plain_and_single(text):
    try:
        address = MailAddress(text).text
    except AddressRefused:
        return
    assert address.isascii()
    assert address.count("@") == 1
    assert not set(address) & set(' ,;:<>()[]\\"\r\n\t\0')


def test_ss_is_never_made_of_an_eszett_because_that_is_somebody_elses_domain():
    assert "straße".encode("idna") == b"strasse", "the standard library would"
    with pytest.raises(AddressRefused):
        MailAddress("karla@straße.example")


def test_a_recipient_printed_by_mistake_shows_nothing():
    karla, home = MailAddress("karla@example.org"), PostalAddress.of("Karla K", "Allee 3, 59423 Unna")
    assert "karla" not in repr(karla)
    assert "Karla" not in repr(home)
    assert "Allee" not in repr([home])


class TestPostalAddress:
    @pytest.mark.parametrize(
        "noted",
        ["Allee 3, 59423 Unna", "Allee 3\n59423 Unna", " Allee  3 ,\n\n59423   Unna ", "Allee 3,59423 Unna,"],
    )
    def test_an_address_is_read_as_offices_note_it(self, noted):
        assert PostalAddress.of("Karla K", noted).lines == ("Karla K", "Allee 3", "59423 Unna")

    @pytest.mark.parametrize(
        "lines",
        [
            (),
            ("Karla",),
            ("Karla", "59423 Unna"),
            ("a",) * 7,
            ("Karla", " ", "", "Unna"),
            ("Karla", "x" * 49, "Unna"),
        ],
    )
    def test_what_does_not_fit_the_window_is_refused(self, lines):
        with pytest.raises(PostalAddressRefused):
            PostalAddress(lines)

    @pytest.mark.parametrize("text", ["a\u202eb", "a\0b", "\ud800", "a\u200bb"], ids=ascii)
    def test_no_invisible_letter_stands_on_an_envelope(self, text):
        with pytest.raises(PostalAddressRefused):
            PostalAddress(("Karla", text, "59423 Unna"))


class TestSender:
    @pytest.mark.parametrize("field", ["name", "phone", "street", "town", "email"])
    @pytest.mark.parametrize("text", BREAKING_OUT, ids=ascii)
    def test_nothing_an_office_calls_itself_breaks_out(self, field, text):
        values = {"contact_point": 1, "name": "Büro", "email": "post@example.org", "phone": "030"} | {
            field: text
        }
        with pytest.raises(SenderRefused):
            Sender(**values)

    @pytest.mark.parametrize("name", MERELY_UNUSUAL)
    def test_an_unusual_name_is_a_name(self, name):
        assert Sender(1, name, "post@example.org", "030").name == one_line(name)

    @pytest.mark.parametrize(
        "values", [{"name": ""}, {"name": "  "}, {"name": "x" * 201}, {"email": ""}, {"email": "a@b, c@d"}]
    )
    def test_an_office_without_name_or_address_cannot_write(self, values):
        with pytest.raises(SenderRefused):
            Sender(
                **({"contact_point": 1, "name": "Büro", "email": "post@example.org", "phone": ""} | values)
            )
