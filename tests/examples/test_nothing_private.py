"""What the example groups keep to themselves: it is there to leak, and it does not."""

import json

import pytest

from kontaktstelle.directory import fulltext
from kontaktstelle.directory.models import Entry
from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.groups.visibility import WITHHELD
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import address_of
from kontaktstelle.topics import folding

pytestmark = pytest.mark.xdist_group("examples")


def test_no_contact_person_stands_in_a_public_shape(groups):
    public = " ".join(Entry.objects.values_list("shape", flat=True))
    private = set()
    for party in Party.objects.everywhere():
        private |= {
            party.name,
            party.name.split()[-1],
            party.phone,
            party.email,
            party.address and party.address.split(",")[0],
            party.note,
        }
    private |= {group.note for group in groups}
    private -= {None, ""}

    assert len(private) > 1500
    assert not [word for word in private if word in public]


def test_no_contact_person_is_found_by_full_text(groups):
    names = {folding.words(party.name)[-1] for party in Party.objects.everywhere()}

    assert not [name for name in names if fulltext.having(name, 1)]


def test_a_way_back_opens_for_its_own_office_only(groups):
    person = ContactPerson.objects.everywhere().order_by("pk").first()
    elsewhere = next(
        group.contact_point for group in groups if group.contact_point_id != person.contact_point_id
    )

    with acting_for(person.contact_point):
        assert address_of(person.party).name
    with acting_for(elsewhere), pytest.raises(Party.DoesNotExist):
        address_of(person.party)


def test_internal_numbers_and_houses_not_opened_stay_inside(groups, entries):
    for group in groups:
        entry = entries.get(group.id)
        if entry is None:
            continue
        assert "members" not in entry
        assert "attending" not in entry
        if group.venue and "venue" not in group.visibility:
            assert group.venue.name not in json.dumps(entry, ensure_ascii=False)
        if group.takes_referrals_only_via_office:
            assert "phone" not in entry
            assert "email" not in entry


def test_a_protected_group_shows_no_town_and_no_time(groups, entries):
    protected = [group for group in groups if group.protected]

    assert {group.topics[0] for group in protected} >= {"domestic-violence", "stalking", "sexual-abuse"}
    for group in protected:
        entry = entries[group.id]
        shown = json.dumps(entry, ensure_ascii=False)
        assert entry["place_is_kreis"]
        assert entry["withheld"]
        assert not WITHHELD & {"public_phone" if key == "phone" else key for key in entry}
        assert not {"next_dates", "rules", "starts_at", "postcode", "street", "access_note"} & set(entry)
        assert group.town.lower() not in entry["slug"]
        assert group.town == "Leipzig" or group.town not in entry["name"] + entry["description"]
        assert not group.meeting_text or group.meeting_text not in shown
        assert group.venue.name not in shown


def test_whatever_is_listed_has_a_basis_and_what_is_only_known_has_none(groups, entries):
    for group in groups:
        if group.listed:
            assert group.basis == "example"
            assert group.basis_on == group.confirmed_on
            assert group.basis_by
        else:
            assert group.basis == "none"
            assert group.visibility == {}
            assert group.id not in entries
            assert all(person.consent == "unclear" for person in ContactPerson.unscoped.filter(group=group))


def test_a_fellowship_keeps_no_names_and_counts_nobody(groups):
    fellowships = [group for group in groups if group.is_anonymous_fellowship]

    assert fellowships
    for group in fellowships:
        assert not ContactPerson.unscoped.filter(group=group).exists()
        assert group.members is None
    assert all(
        ContactPerson.unscoped.filter(group=group).exists()
        for group in groups
        if not group.is_anonymous_fellowship
    )
