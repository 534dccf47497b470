"""Eintrag ins Verzeichnis: nothing is public without a basis, a step is whole or not at all, venues close and open."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from kontaktstelle.directory import fulltext
from kontaktstelle.directory.models import Entry, EntryTopic
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, Venue
from kontaktstelle.organisation.tenancy import TenantNotSet, acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, A_MOMENT, make_group

pytestmark = pytest.mark.django_db
HOW = {"by": "test", "at": A_MOMENT}


def listed(group):
    return Entry.objects.filter(group=group.pk).exists()


def stages(*groups):
    return [Group.unscoped.get(pk=group.pk).stage for group in groups]


class TestBasis:
    @pytest.mark.parametrize("basis", [basis for basis in Group.Basis if basis != Group.Basis.NONE])
    def test_every_basis_but_none_lists(self, office, basis):
        group = make_group(office, listed=False)
        with acting_for(office):
            listing.list_group(group, basis=basis, basis_on=A_DAY, **HOW)

        assert listed(group)

    @pytest.mark.parametrize(
        "missing",
        [{"basis": Group.Basis.NONE}, {"basis_on": None}, {"by": ""}],
        ids=["no ground", "no date", "nobody confirmed it"],
    )
    def test_a_step_without_a_whole_basis_is_refused_kindly_and_changes_nothing(self, office, missing):
        group = make_group(office, listed=False)
        with acting_for(office), pytest.raises(listing.NoBasis, match="Ohne Grundlage der Veröffentlichung"):
            listing.list_group(
                group, **({"basis": Group.Basis.CONSENT_FORM, "basis_on": A_DAY} | HOW | missing)
            )

        assert not Group.unscoped.get().listed
        assert not listed(group)
        assert not TrailEntry.objects.filter(action="group.listed").exists()

    @pytest.mark.parametrize("values", [{"basis": "none"}, {"basis_on": None}, {"basis_by": ""}])
    def test_the_database_itself_refuses_a_listing_without_a_basis(self, office, values):
        make_group(office)
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.unscoped.update(**values)

    def test_a_change_cannot_take_the_basis_away_or_list_by_the_way(self, office):
        group = make_group(office, listed=False)
        for name, value in (
            ("listed", True),
            ("basis", "example"),
            ("stage", "dissolved"),
            ("slug", "x"),
            ("contact_point_id", 99),
            ("is_staff", True),
        ):
            with pytest.raises(TypeError, match=name), acting_for(office):
                listing.change(group, {name: value}, **HOW)
        assert not listed(group)

    @pytest.mark.parametrize(
        "values",
        [{"stage": "dissolved"}, {"dissolved_on": A_DAY}, {"paused_by_venue": True}],
        ids=["dissolved without a day", "a day without being dissolved", "paused by a venue but open"],
    )
    def test_the_database_refuses_what_must_never_be(self, office, values):
        make_group(office)
        with pytest.raises(IntegrityError), transaction.atomic():
            Group.unscoped.update(**values)


class TestDirectory:
    def test_a_dissolved_group_leaves_the_directory_at_once_and_for_good(self, office, visit):
        group = make_group(office)
        assert visit.get(f"/gruppe/{group.slug}/").status_code == 200
        with acting_for(office):
            listing.move(group, Stage.DISSOLVED, **HOW)

        assert not listed(group)
        assert not EntryTopic.objects.exists()
        assert fulltext.having("angst", 5) == []
        assert visit.get(f"/gruppe/{group.slug}/").status_code == 404
        with acting_for(office):
            listing.list_group(group, basis=Group.Basis.EXAMPLE, basis_on=A_DAY, **HOW)
        assert not listed(group)

    def test_a_group_taken_out_is_known_to_the_office_and_to_nobody_else(self, office):
        group = make_group(office)
        with acting_for(office):
            listing.unlist_group(group, **HOW)
            assert Group.objects.get() == group
        assert not listed(group)

    def test_a_step_taken_back_leaves_the_old_entry_standing(self, office):
        group = make_group(office, description="Alte Worte.")
        before = Entry.objects.values().get()
        with acting_for(office), transaction.atomic():
            listing.change(group, {"description": "Neue Worte."}, **HOW)
            assert "Neue" in Entry.objects.get().shape
            transaction.set_rollback(True)

        assert Entry.objects.values().get() == before
        assert len(fulltext.having("alte", 5)) == 1
        assert fulltext.having("neue", 5) == []

    def test_when_the_directory_cannot_be_written_the_group_is_not_changed_either(self, office, monkeypatch):
        group = make_group(office, description="Alte Worte.")
        monkeypatch.setattr(fulltext, "add", lambda _entries: 1 / 0)
        with acting_for(office), pytest.raises(ZeroDivisionError):
            listing.change(group, {"description": "Neue Worte."}, **HOW)

        assert Group.unscoped.get().description == "Alte Worte."
        assert "Alte" in Entry.objects.get().shape
        assert not TrailEntry.objects.filter(action="group.changed").exists()

    def test_every_step_leaves_a_line_without_names_in_the_trail(self, office):
        group = make_group(office)
        with acting_for(office):
            listing.change(group, {"description": "Neu."}, **HOW)
            listing.move(group, Stage.FULL, **HOW)
            listing.unlist_group(group, **HOW)

        lines = list(TrailEntry.objects.order_by("number").values_list("action", "fields"))
        assert lines == [
            ("group.listed", "basis listed"),
            ("group.changed", "description"),
            ("group.full", "stage"),
            ("group.unlisted", "listed"),
        ]
        assert trail.broken_at(office.pk) is None

    def test_a_rare_word_at_the_end_of_a_long_description_is_found(self, office):
        make_group(office, description="Wir reden. " * 300 + "Manchmal geht es um Klöppeln.")

        assert len(fulltext.having("kloppeln", 5)) == 1


class TestAddress:
    def test_a_group_keeps_its_address_when_its_name_changes(self, office):
        group = make_group(office)
        slug = group.slug
        with acting_for(office):
            listing.change(group, {"name": "Ganz anders"}, **HOW)

        assert group.slug == slug

    def test_a_group_that_becomes_protected_gets_an_address_without_its_town(self, office, visit):
        group = make_group(office, town="Unna")
        old = group.slug
        assert old.endswith("unna")
        with acting_for(office):
            listing.change(group, {"protected": True}, **HOW)

        assert "unna" not in Entry.objects.get().slug
        assert visit.get(f"/gruppe/{old}/").status_code == 404

    @pytest.mark.usefixtures("visit")
    def test_a_group_whose_town_is_closed_has_no_address_that_names_it(self, office):
        group = make_group(office, town="Lünen", visibility={})
        assert group.slug == "gruppe-angst-beispiel"
        with acting_for(office):
            listing.change(group, {"visibility": {"town": ["site"]}}, **HOW)
            assert group.slug == "gruppe-angst-beispiel"
        other = make_group(office, town="Lünen")
        assert other.slug.endswith("luenen")
        with acting_for(office):
            listing.change(other, {"visibility": {"town": ["print"]}}, **HOW)

        assert other.slug == "gruppe-angst-beispiel-2"

    @pytest.mark.parametrize(
        ("name", "town", "address"),
        [
            ("Gruppe Ängste", "Lünen", "gruppe-aengste-luenen"),
            ("Angst in Unna", "Unna", "angst-in-unna"),
            ("!!!", "", "gruppe"),
            ("", "", "gruppe"),
            ("Группа", "", "gruppe"),
            ("x" * 300, "", "x" * 80),
        ],
    )
    def test_addresses_are_readable_whatever_the_name(self, name, town, address):
        taken = set()
        assert listing.free_slug(name, town, taken) == address
        assert listing.free_slug(name, town, taken) == f"{address}-2"


@pytest.fixture
def house(office):
    with acting_for(office):
        return Venue.objects.create(contact_point=office, name="Haus Beispiel")


@pytest.fixture
def groups_of_the_house(office, house):
    how = [
        {"stage": "open"}, {"stage": "full"}, {"stage": "founding"}, {"stage": "intake-stop", "intake_stop_until": date(2026, 5, 1)},
        {"stage": "paused", "stage_before_pause": "full"}, {"stage": "dissolved", "dissolved_on": A_DAY},
    ]  # fmt: skip
    return [
        make_group(office, name=f"Gruppe {number}", venue=house, **fields)
        for number, fields in enumerate(how)
    ]


def rows(groups):
    names = (
        "stage",
        "stage_before_pause",
        "paused_by_venue",
        "intake_stop_until",
        "dissolved_on",
        "listed",
        "slug",
    )
    return [Group.unscoped.values(*names).get(pk=group.pk) for group in groups]


class TestVenue:
    def test_closing_pauses_active_groups_and_opening_brings_everything_back_exactly(
        self, office, house, groups_of_the_house
    ):
        elsewhere = make_group(office, name="Anderes Haus")
        before = rows([*groups_of_the_house, elsewhere])
        entries = sorted(Entry.objects.values_list("slug", "stage", "takes_new", "shape"))
        with acting_for(office):
            paused = listing.close_venue(house, note="Wasserschaden", **HOW)
            assert {group.name for group in paused} == {f"Gruppe {number}" for number in range(4)}
            assert stages(*groups_of_the_house, elsewhere) == ["paused"] * 5 + ["dissolved", "open"]
            assert set(Entry.objects.exclude(group=elsewhere.pk).values_list("stage", flat=True)) == {
                "paused"
            }
            listing.open_venue(house, by="test", at=A_MOMENT + timedelta(days=30))

        assert rows([*groups_of_the_house, elsewhere]) == before
        assert sorted(Entry.objects.values_list("slug", "stage", "takes_new", "shape")) == entries

    def test_a_group_paused_by_hand_stays_paused_when_its_house_opens_again(
        self, office, house, groups_of_the_house
    ):
        with acting_for(office):
            listing.close_venue(house, note="", **HOW)
            listing.open_venue(house, **HOW)

        assert stages(groups_of_the_house[4]) == ["paused"]

    def test_a_group_moved_by_hand_while_its_house_is_closed_is_left_alone(
        self, office, house, groups_of_the_house
    ):
        with acting_for(office):
            listing.close_venue(house, note="", **HOW)
            group = Group.objects.get(pk=groups_of_the_house[1].pk)
            listing.move(group, Stage.OPEN, **HOW)
            listing.open_venue(house, **HOW)

        assert stages(groups_of_the_house[1]) == ["open"]

    def test_closing_twice_and_opening_twice_is_refused_kindly(self, office, house, groups_of_the_house):
        with acting_for(office):
            with pytest.raises(listing.VenueIsOpen, match="Dieser Treffpunkt ist nicht geschlossen"):
                listing.open_venue(house, **HOW)
            listing.close_venue(house, note="", **HOW)
            with pytest.raises(listing.VenueIsClosed, match="Dieser Treffpunkt ist schon geschlossen"):
                listing.close_venue(house, note="", **HOW)
            listing.open_venue(house, **HOW)

        assert stages(groups_of_the_house[0], groups_of_the_house[1]) == ["open", "full"]

    def test_without_saying_for_which_office_no_house_is_closed(self, house, groups_of_the_house):
        with pytest.raises(TenantNotSet):
            listing.close_venue(house, note="", **HOW)

        assert Venue.unscoped.get().closed_since is None
        assert stages(groups_of_the_house[0]) == ["open"]

    @pytest.mark.usefixtures("groups_of_the_house")
    def test_two_people_with_the_same_page_open_close_a_house_once(self, office, house):
        with acting_for(office):
            also = Venue.objects.get()
            listing.close_venue(house, note="Wasserschaden", **HOW)
            with pytest.raises(listing.VenueIsClosed):
                listing.close_venue(also, note="", **HOW)

        assert Venue.unscoped.get().closed_note == "Wasserschaden"

    @pytest.mark.usefixtures("groups_of_the_house")
    def test_another_office_cannot_close_this_one_s_house(self, house, office_elsewhere):
        with acting_for(office_elsewhere), pytest.raises(Venue.DoesNotExist):
            listing.close_venue(house, note="", **HOW)

        assert Venue.unscoped.get().closed_since is None
