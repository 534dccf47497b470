"""Treffpunkte and Ansprechpersonen at the desk: one house for many groups, and people whose ways lie sealed."""

import re
import uuid

import pytest
from django.utils import timezone

from kontaktstelle.directory.models import Entry
from kontaktstelle.groups import listing, persons
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ContactPerson, Group, Venue
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
VENUES = "/schreibtisch/gruppen/treffpunkte/"
HOUSE = {"name": "Haus am Markt", "street": "Markt 1", "postcode": "59423", "town": "Unna", "step_free": "yes", "access_note": "Klingel links"}  # fmt: skip
KARLA = {"name": "Karla Kanarienvogel", "phone": "030 23125 778", "email": "karla.kanarie@example.org", "address": "Kanarienallee 3", "note": "Kanarienwunsch", "consent": "internal"}  # fmt: skip
CANARIES = ("Kanarienvogel", "23125 778", "karla.kanarie", "Kanarienallee", "Kanarienwunsch")


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def keyed(**sent):
    return {"form_key": str(uuid.uuid4()), **sent}


@pytest.fixture
def browser(at_the_desk):
    return at_the_desk("upkeep")[0]


@pytest.fixture
def house(office, browser):
    browser.post(f"{VENUES}neu/", HOUSE)
    return Venue.unscoped.get()


@pytest.fixture
def group(office, house):
    made = make_group(office)
    with acting_for(office):
        return listing.change(made, {"venue_id": house.pk}, by="test", at=timezone.now())


class TestVenues:
    def test_a_double_click_makes_one_house(self, browser, house):
        browser.post(f"{VENUES}neu/", HOUSE | {"alike": str(house.pk)})
        assert Venue.unscoped.count() == 1
        assert (house.lat, house.step_free) != (None, "unknown")

    def test_before_a_house_is_made_twice_the_one_that_is_there_is_shown(self, browser, house):
        asked = browser.post(f"{VENUES}neu/", HOUSE | {"street": "Markt 3"})
        assert "Ist es einer von diesen" in words(asked)
        assert Venue.unscoped.count() == 1
        browser.post(f"{VENUES}neu/", HOUSE | {"street": "Markt 3", "alike": str(house.pk)})
        assert Venue.unscoped.count() == 2

    def test_a_change_stands_at_once_on_the_pages_of_its_groups(self, browser, house, group):
        seen = house.changed_at.isoformat()
        browser.post(f"{VENUES}{house.pk}/", HOUSE | {"name": "Haus am Platz", "seen": seen})
        assert "Haus am Platz" in Entry.objects.get(group=group.pk).shape
        assert group.name in words(browser.get(f"{VENUES}{house.pk}/"))

    def test_who_comes_second_sees_what_stands_there_and_keeps_what_they_typed(self, browser, house):
        seen = house.changed_at.isoformat()
        browser.post(f"{VENUES}{house.pk}/", HOUSE | {"access_note": "Klingel rechts", "seen": seen})
        answer = browser.post(f"{VENUES}{house.pk}/", HOUSE | {"access_note": "Klingel oben", "seen": seen})
        assert answer.status_code == 409
        assert "Klingel rechts" in words(answer)
        assert 'value="Klingel oben"' in text_of(answer)
        assert Venue.unscoped.get().access_note == "Klingel rechts"

    @pytest.mark.usefixtures("group")
    def test_closing_pauses_its_groups_and_opening_brings_them_back(self, browser, house):
        browser.post(f"{VENUES}{house.pk}/schliessen/", {"note": "Umbau"})
        assert Group.unscoped.get().stage == Stage.PAUSED
        assert "Umbau" in words(browser.get(f"{VENUES}{house.pk}/"))
        again = browser.post(f"{VENUES}{house.pk}/schliessen/", {"note": "Umbau"})
        assert "schon geschlossen" in words(again)
        browser.post(f"{VENUES}{house.pk}/oeffnen/")
        assert Group.unscoped.get().stage == Stage.OPEN

    def test_a_house_is_never_deleted_while_a_group_points_at_it(self, browser, house, group):
        answer = browser.post(f"{VENUES}{house.pk}/loeschen/")
        assert answer.status_code == 409
        assert "erst gelöscht, wenn keine Gruppe mehr" in words(answer)
        with acting_for(group.contact_point):
            listing.change(group, {"venue_id": None}, by="test", at=timezone.now())
        browser.post(f"{VENUES}{house.pk}/loeschen/")
        assert not Venue.unscoped.exists()

    def test_every_problem_is_said_and_nothing_typed_is_lost(self, browser):
        answer = browser.post(
            f"{VENUES}neu/", HOUSE | {"name": "", "postcode": "12", "street": "x" * 161, "step_free": "?"}
        )
        assert answer.status_code == 409
        for said in ("braucht einen Namen", "fünf Ziffern", "161 Zeichen", "ja, nein oder unbekannt"):
            assert said in words(answer), said
        assert "Klingel links" in text_of(answer)

    def test_an_office_without_houses_is_told_what_they_are_for(self, browser):
        assert "Noch kein Treffpunkt" in words(browser.get(VENUES))


class TestPersons:
    @pytest.fixture
    def address(self, group):
        return f"/schreibtisch/gruppen/gruppe/{group.pk}/personen/"

    @pytest.fixture
    def counsellor(self, at_the_desk):
        return at_the_desk("counsels")[0]

    def test_a_person_lies_sealed_is_opened_traced_and_stands_on_no_other_page(
        self, group, address, counsellor
    ):
        counsellor.post(f"{address}neu/", keyed(**KARLA))
        party = Party.unscoped.get()
        raw = b"".join(
            bytes(getattr(party, f"{way}_sealed") or b"")
            for way in ("name", "phone", "email", "address", "note")
        )
        assert b"anarien" not in raw
        shown = words(counsellor.get(address))
        for canary in CANARIES:
            assert canary in shown.replace("\u202f", " ").replace("\xa0", " ") or canary in text_of(
                counsellor.get(address)
            ), canary
        assert TrailEntry.objects.filter(action="group-contact.opened").count() >= 1
        before = TrailEntry.objects.filter(action="group-contact.opened").count()
        for other in (f"/schreibtisch/gruppen/gruppe/{group.pk}/", "/schreibtisch/gruppen/", f"/schreibtisch/gruppen/gruppe/{group.pk}/bearbeiten/", f"/gruppe/{group.slug}/"):  # fmt: skip
            for canary in CANARIES:
                assert canary not in text_of(counsellor.get(other)), (other, canary)
        assert TrailEntry.objects.filter(action="group-contact.opened").count() == before

    def test_who_only_keeps_records_opens_them_for_a_reason_of_the_list(self, address, browser, counsellor):
        counsellor.post(f"{address}neu/", keyed(**KARLA))
        assert "Kanarienvogel" not in text_of(browser.get(address))
        assert "Kanarienvogel" not in text_of(browser.post(address, {"reason": "neugier"}))
        assert "Kanarienvogel" in text_of(browser.post(address, {"reason": "nachfrage"}))
        assert (
            "reason:nachfrage"
            in TrailEntry.objects.filter(action="group-contact.opened").latest("number").fields
        )
        refused = browser.post(f"{address}neu/", keyed(**KARLA))
        assert refused.status_code == 409
        assert ContactPerson.unscoped.count() == 1

    def test_a_double_click_adds_one(self, address, counsellor):
        twice = keyed(**KARLA)
        counsellor.post(f"{address}neu/", twice)
        counsellor.post(f"{address}neu/", twice)
        assert ContactPerson.unscoped.count() == Party.unscoped.count() == 1

    def test_two_on_one_person_the_second_is_told_and_keeps_their_words(self, office, address, counsellor):
        counsellor.post(f"{address}neu/", keyed(**KARLA))
        person = ContactPerson.unscoped.get()
        mark = re.search(r'name="seen" value="(\w+)"', text_of(counsellor.get(address))).group(1)
        counsellor.post(f"{address}{person.pk}/", keyed(**KARLA | {"phone": "030 23125 779", "seen": mark}))
        answer = counsellor.post(
            f"{address}{person.pk}/", keyed(**KARLA | {"phone": "030 23125 780", "seen": mark})
        )
        assert answer.status_code == 409
        assert "inzwischen jemand anderes geändert" in words(answer)
        assert 'value="030 23125 780"' in text_of(answer)
        with acting_for(office):
            assert Party.objects.get().phone == "030 23125 779"

    def test_removed_every_way_to_them_is_gone_and_it_takes_a_second_thought(self, address, counsellor):
        counsellor.post(f"{address}neu/", keyed(**KARLA))
        person = ContactPerson.unscoped.get()
        assert counsellor.post(f"{address}{person.pk}/entfernen/", keyed()).status_code == 409
        counsellor.post(f"{address}{person.pk}/entfernen/", keyed(sicher="1"))
        assert counsellor.post(f"{address}{person.pk}/entfernen/", keyed(sicher="1")).status_code == 302
        assert not ContactPerson.unscoped.exists()
        assert not Party.unscoped.exists()

    def test_every_problem_is_said_at_its_field(self, address, counsellor):
        answer = counsellor.post(f"{address}neu/", keyed(name="x" * 201, email="keine", consent="?"))
        assert answer.status_code == 409
        for said in ("höchstens 200", "nicht wie eine Adresse", "was über die Einwilligung bekannt ist"):
            assert said in words(answer), said
        assert "x" * 201 in text_of(answer)
        assert "Namen oder einen Weg" in words(counsellor.post(f"{address}neu/", keyed(consent="internal")))

    def test_a_person_of_another_group_or_office_is_not_there(
        self, office, office_elsewhere, address, counsellor, at_the_desk
    ):
        counsellor.post(f"{address}neu/", keyed(**KARLA))
        person = ContactPerson.unscoped.get()
        other = make_group(office, name="Andere")
        wrong = f"/schreibtisch/gruppen/gruppe/{other.pk}/personen/{person.pk}/"
        assert counsellor.post(wrong, keyed(**KARLA)).status_code == 404
        stranger, member = at_the_desk("leads", "counsels", at=office_elsewhere)
        assert stranger.post(f"{address}{person.pk}/entfernen/", keyed(sicher="1")).status_code == 404
        assert Party.unscoped.exists()
        with acting_for(office), pytest.raises(persons.rights.NotAllowed):
            persons.add(other, Address("x"), "internal", by=member, at=timezone.now(), number=uuid.uuid4())
