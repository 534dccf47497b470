"""The blind index: the same for every spelling, another for every office, nothing for what is neither number nor address."""

import pytest

from kontaktstelle.privacy.blind import email_index, phone_index


@pytest.mark.parametrize(
    "spelling",
    ["030 23125 778", "+49 30 23125778", "0049 30 23125778", "+49 (0)30 / 23125-778", "(030) 23 12 57 78"],
)
def test_every_spelling_of_a_number_has_one_index(spelling):
    assert phone_index(spelling, contact_point=1) == phone_index("03023125778", contact_point=1)


@pytest.mark.parametrize("spelling", ["Karla@Example.org", " karla@example.org ", "KARLA@EXAMPLE.ORG."])
def test_every_spelling_of_an_address_has_one_index(spelling):
    assert email_index(spelling, contact_point=1) == email_index("karla@example.org", contact_point=1)


def test_another_number_or_office_has_another_index():
    indexes = {
        phone_index("030 23125 778", contact_point=1),
        phone_index("030 23125 779", contact_point=1),
        phone_index("030 23125 778", contact_point=2),
    }
    assert len(indexes) == 3
    assert {len(index) for index in indexes} == {32}


@pytest.mark.parametrize("text", ["", "Karla", "12345", "@", "karla@", "x@" + "ü" * 70 + ".de"])
def test_what_is_neither_number_nor_address_has_none(text):
    assert phone_index(text, contact_point=1) == ""
    assert email_index(text, contact_point=1) == ""
