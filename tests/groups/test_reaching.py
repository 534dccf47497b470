"""A group is reached in its own way, and nobody is left out because an address is wrong."""

import pytest

from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.groups.reaching import reach, wish
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.parties import Address, forget_party, register_party
from support.people import A_DAY, A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db
HOME = "Kanarienallee 3, 59423 Unna"


def way_to(office, group, *persons):
    with acting_for(office):
        for position, ways in enumerate(persons, start=1):
            party = register_party(Address(**ways), contact_point=office.pk, on=A_DAY)
            ContactPerson.objects.create(contact_point=office, group=group, party=party, position=position)
        return reach(group, by="test", at=A_MOMENT)


@pytest.mark.parametrize(
    ("persons", "own", "way"),
    [
        ([], "", "call"),
        ([], "gruppe@example.org", "mail"),
        ([{"name": "Karla", "phone": "030 23125 101"}], "", "call"),
        ([{"name": "Karla", "email": "karla@example.org"}], "", "mail"),
        ([{"name": "Karla", "email": "karla at example"}], "", "call"),
        ([{"name": "Karla", "address": HOME}], "", "letter"),
        ([{"name": "Karla", "address": "irgendwo"}], "", "call"),
        ([{"name": "Karla", "email": "keine Adresse", "address": HOME}], "", "letter"),
        ([{"name": "Karla", "phone": "1"}, {"name": "Kurt", "email": "kurt@example.org"}], "", "mail"),
    ],
)
def test_mail_before_letter_before_a_call_as_far_as_addresses_go(office, persons, own, way):
    assert way_to(office, make_group(office, public_email=own), *persons).way == way


def test_a_wish_goes_first_and_falls_back_where_it_cannot_be_met(office):
    group, staff = make_group(office), make_member(office, "counsels", second_factor=False)
    with acting_for(office):
        for wanted in (PostWay.CALL, PostWay.LETTER):
            wish(group, wanted, by=staff, at=A_MOMENT)
    found = way_to(office, group, {"name": "Karla", "email": "karla@example.org"})
    assert found.way == PostWay.MAIL  # no address for a letter is known
    assert "karla" not in repr(found)
    with acting_for(office):
        wish(group, PostWay.CALL, by=staff, at=A_MOMENT)
        assert reach(group, by="test", at=A_MOMENT).way == PostWay.CALL
        wish(group, None, by=staff, at=A_MOMENT)
        assert reach(group, by="test", at=A_MOMENT).way == PostWay.MAIL
        with pytest.raises(NotAllowed):
            wish(group, None, by=make_member(office, "reception", second_factor=False), at=A_MOMENT)


def test_a_person_who_was_erased_is_not_written_to_and_each_use_is_traced(office):
    group = make_group(office)
    way_to(office, group, {"name": "Karla", "email": "karla@example.org"})
    with acting_for(office):
        forget_party(ContactPerson.objects.get().party)
        assert reach(group, by="test", at=A_MOMENT).way == PostWay.CALL
    assert TrailEntry.objects.filter(action="group-contact.used").count() == 2
