"""What the open side receives of a group: nothing whose field is closed, whatever the office did before."""

import json

import pytest
from django.db import transaction
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from kontaktstelle import places
from kontaktstelle.directory import fulltext
from kontaktstelle.directory.models import Entry, EntryTopic
from kontaktstelle.groups import listing
from kontaktstelle.groups.lifecycle import STEPS, Stage
from kontaktstelle.groups.models import ConditionDefault, Group, Venue
from kontaktstelle.groups.public import shape
from kontaktstelle.groups.visibility import ALWAYS, CHANNELS, OPENABLE, WITHHELD, is_open
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.topics import folding, tree
from support.canaries import EVERY_CHANNEL, NEVER, OPENED_BY, PLACES, closed_canaries, make_canary, singing
from support.people import A_DAY, A_MOMENT, make_group, make_office
from support.visiting import forget, text_of, visitor

pytestmark = pytest.mark.django_db
HOW = {"by": "test", "at": A_MOMENT}


def shown(group, channel="site"):
    return json.dumps(shape(group, channel, on=A_DAY, defaults={}).as_dict(), ensure_ascii=False)


def test_every_canary_can_be_heard_where_its_field_is_open(office):
    group = make_canary(office, opened=OPENABLE)
    text = shown(group)

    for field, canaries in OPENED_BY.items():
        assert singing(text, canaries), field
    assert singing(text, PLACES[:2])
    assert not singing(text, NEVER)


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "staff"])
@pytest.mark.parametrize("field", OPENABLE)
def test_a_field_is_shown_where_it_is_open_and_nowhere_else(office, field, channel):
    group = make_canary(office)
    with acting_for(office):
        listing.change(group, {"visibility": {field: [channel]}}, **HOW)

    for each in CHANNELS:
        if each != "staff":
            heard = singing(
                shown(group, each), [canary for canaries in OPENED_BY.values() for canary in canaries]
            )
            if each == channel:
                assert heard
                assert set(heard) <= set(OPENED_BY[field])
            else:
                assert heard == []
        assert not singing(shown(group, each), NEVER)


@pytest.mark.parametrize("channel", [channel for channel in CHANNELS if channel != "staff"])
def test_a_protected_group_shows_no_place_no_time_and_nobody_although_everything_was_opened(office, channel):
    group = make_canary(office, opened=OPENABLE, protected=True)
    entry = shape(group, channel, on=A_DAY, defaults={})

    assert not singing(shown(group, channel), closed_canaries(group, channel))
    assert (entry.lat, entry.lon) == places.kreis_centre("05978")
    assert entry.place_is_kreis
    assert entry.withheld
    assert entry.only_via_office
    assert entry.next_dates == entry.rules == []
    assert "only_via_office" in entry.conditions


@pytest.mark.parametrize(
    "words",
    [
        "Wir treffen uns in Kanariendorf.", "kanariendorf", "Im KANARIENHAUS, zweiter Stock", "Kanariengasse 7", "Immer mittwochs", "ab 18:37", "um 19 Uhr", "Tel. 03012345",
        "Mail an karla@example.org", "Beispielstraße 3", "www.example.org", "x " * 400 + "Kanariendorf",
    ],
)  # fmt: skip
def test_a_protected_group_s_own_words_are_held_back_when_they_tell_where_or_when(office, words):
    group = make_canary(office, opened=OPENABLE, protected=True)
    group.description = words

    assert shape(group, "site", on=A_DAY, defaults={}).description == ""
    group.protected = False
    assert shape(group, "site", on=A_DAY, defaults={}).description == words


def test_a_protected_group_s_own_words_are_shown_when_they_tell_nothing(office):
    group = make_canary(office, opened=OPENABLE, protected=True)
    group.description = "Wir reden über Gewalt und hören einander zu. Niemand muss etwas sagen."

    assert shape(group, "site", on=A_DAY, defaults={}).description == group.description


def test_where_the_town_is_closed_the_map_only_knows_the_kreis(office):
    group = make_canary(office, opened=["venue", "meeting"])
    entry = shape(group, "site", on=A_DAY, defaults={})

    assert (entry.lat, entry.lon) == places.kreis_centre("05978")
    assert entry.place_is_kreis


def test_the_exact_spot_of_a_house_needs_the_house_open_on_that_very_channel(office):
    group = make_canary(office)
    group.visibility = {"town": EVERY_CHANNEL, "venue": ["site"]}

    assert shape(group, "site", on=A_DAY, defaults={}).lat == 51.53777
    assert shape(group, "print", on=A_DAY, defaults={}).lat == 51.53111


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "JavaScript:alert(1)",
        "//example.org",
        "mailto:a@example.org",
        " https://example.org",
    ],
)
def test_only_an_address_of_the_web_becomes_a_link(office, address):
    group = make_canary(office, opened=["website"])
    group.website = address

    assert shape(group, "site", on=A_DAY, defaults={}).website == ""


def test_a_group_reached_through_the_office_shows_no_way_round_it(office):
    group = make_canary(office, opened=OPENABLE, takes_referrals_only_via_office=True)

    assert not singing(shown(group), OPENED_BY["public_phone"] + OPENED_BY["public_email"])


def test_a_new_field_or_channel_must_be_placed_before_it_can_be_shown():
    for field, channel in (("members", "site"), ("note", "print"), ("town", "twitter")):
        with pytest.raises(KeyError):
            is_open(
                field, channel, {"members": ["site"], "note": ["print"], "town": ["twitter"]}, protected=False
            )
    assert set(OPENABLE) > WITHHELD
    assert not ALWAYS & set(OPENABLE)
    assert set(OPENED_BY) == set(OPENABLE)


def test_conditions_of_the_field_hold_until_the_group_says_otherwise(office):
    group = make_group(office, conditions={"first_talk": False})
    field = tree.TOPICS["anxiety-panic"].field

    entry = shape(group, "site", on=A_DAY, defaults={field: {"first_talk": True, "call_first": True}})
    assert entry.conditions == ["call_first"]
    with acting_for(office):
        ConditionDefault.objects.create(contact_point=office, field=field, conditions={"stability": True})
        listing.change(group, {"conditions": {}}, **HOW)
    assert json.loads(Entry.objects.get().shape)["conditions"] == ["stability"]


class HistoryOfEdits(RuleBasedStateMachine):
    """Any history of what an office can do to a group and its house."""

    rooms = Bundle("rooms")

    @initialize(protected=st.booleans(), opened=st.sets(st.sampled_from(sorted(OPENABLE))))
    def begin(self, protected, opened):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        forget()
        self.visit = visitor()
        self.office = make_office()
        self.group = make_canary(self.office, opened=opened, protected=protected)
        self.scope = acting_for(self.office)
        self.scope.__enter__()

    def teardown(self):
        if hasattr(self, "scope"):
            self.scope.__exit__(None, None, None)
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    def fresh(self):
        self.group = Group.objects.select_related("venue", "contact_point").get(pk=self.group.pk)
        return self.group

    @rule(field=st.sampled_from(sorted(OPENABLE)), channels=st.sets(st.sampled_from(EVERY_CHANNEL)))
    def open_or_close_a_field(self, field, channels):
        group = self.fresh()
        listing.change(group, {"visibility": {**group.visibility, field: sorted(channels)}}, **HOW)

    @rule(protected=st.booleans())
    def protect_or_not(self, protected):
        listing.change(self.fresh(), {"protected": protected}, **HOW)

    @rule(only=st.booleans())
    def lead_through_the_office(self, only):
        listing.change(self.fresh(), {"takes_referrals_only_via_office": only}, **HOW)

    @rule(data=st.data())
    def move(self, data):
        group = self.fresh()
        if moves := sorted(STEPS[Stage(group.stage)] - {Stage.DISSOLVED}):
            listing.move(group, data.draw(st.sampled_from(moves)), **HOW)

    @rule()
    def dissolve(self):
        group = self.fresh()
        if group.stage != Stage.DISSOLVED:
            listing.move(group, Stage.DISSOLVED, **HOW)

    @rule()
    def unlist(self):
        listing.unlist_group(self.fresh(), **HOW)

    @rule()
    def list_again(self):
        listing.list_group(
            self.fresh(), basis=Group.Basis.CONSENT_PHONE, basis_on=A_DAY, by="Kanarienpruefer", at=A_MOMENT
        )

    @rule()
    def close_or_open_the_house(self):
        house = Venue.objects.get()
        if house.closed_since:
            listing.open_venue(house, **HOW)
        else:
            listing.close_venue(house, note="Kanariengrund", **HOW)

    @invariant()
    def nothing_closed_can_be_seen_or_found(self):
        if not hasattr(self, "scope"):
            return
        group = self.fresh()
        closed = closed_canaries(group)
        entry = Entry.objects.filter(group=group.pk).first()
        public = group.listed and group.stage != Stage.DISSOLVED
        assert (entry is not None) == public
        page = text_of(self.visit.get(f"/gruppe/{group.slug}/"))
        dates = text_of(self.visit.get(f"/gruppe/{group.slug}/termine.ics"))
        if not public:
            # A page that is not there only repeats the address it was asked for.
            page, dates = page.replace(group.slug, ""), dates.replace(group.slug, "")
        if not public:
            every = [canary for canaries in OPENED_BY.values() for canary in canaries]
            assert not singing(page + dates, every + NEVER)
            assert not EntryTopic.objects.exists()
            assert fulltext.having("beispiel", 5) == []
            return
        for text in (entry.shape, entry.slug, page, dates):
            assert not singing(text, closed)
        for canary in closed:
            assert not any("kanari" in word and fulltext.having(word, 5) for word in folding.words(canary))
        if group.protected or not is_open("town", "site", group.visibility, protected=False):
            assert (entry.lat, entry.lon) == places.kreis_centre("05978")
        if group.protected:
            assert "kanari" not in entry.slug
        assert set(EntryTopic.objects.values_list("lat", "lon")) == {(entry.lat, entry.lon)}


def test_no_history_of_edits_shows_what_is_closed():
    run_state_machine_as_test(
        HistoryOfEdits, settings=settings(max_examples=25, stateful_step_count=12, deadline=None)
    )
