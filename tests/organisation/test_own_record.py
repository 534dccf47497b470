"""What an office says of itself: changed in a step, seen at once, taken back with one key."""

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kontaktstelle.organisation import areas, earlier, hours_words, own_record, rights, setup
from kontaktstelle.organisation.hours_words import HoursUnclear, WeeklySpan
from kontaktstelle.organisation.models import Hours, Site
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.places.finding import kreis_name
from kontaktstelle.places.gazetteer import gazetteer
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.ui.accent import ColourRefused
from support.people import A_MOMENT, make_member

pytestmark = pytest.mark.django_db
NEW_SITE = {"name": "Lünen", "street": "Markt 1", "postcode": "44532", "town": "Lünen"}


@pytest.fixture
def upkeep(office):
    member = make_member(office, "upkeep")
    with acting_for(office):
        yield {"by": member, "at": A_MOMENT}


def test_a_change_stands_and_is_traced_by_field_only(office, upkeep):
    own_record.change_office(office, {"phone": "030 23125 199", "about": "Wir sind da."}, **upkeep)
    office.refresh_from_db()
    entry = TrailEntry.objects.get(action="organisation.office-changed")

    assert (office.phone, office.about) == ("030 23125 199", "Wir sind da.")
    assert entry.fields == "about phone"
    assert "23125" not in str(entry.__dict__)


def test_every_change_can_be_taken_back_one_after_the_other(office, upkeep):
    first = office.name
    own_record.change_office(office, {"name": "Zweiter Name"}, **upkeep)
    own_record.change_office(office, {"name": "Dritter Name"}, **upkeep)
    own_record.take_back("office", office, **upkeep)
    office.refresh_from_db()
    assert office.name == "Zweiter Name"
    own_record.take_back("office", office, **upkeep)
    office.refresh_from_db()

    assert office.name == first
    with pytest.raises(earlier.NothingToTakeBack):
        own_record.take_back("office", office, **upkeep)


def test_taking_back_never_overwrites_what_was_changed_by_another_way_since(office, upkeep):
    own_record.change_office(office, {"phone": "030 23125 199"}, **upkeep)
    type(office).objects.filter(pk=office.pk).update(phone="030 23125 111")
    with pytest.raises(earlier.ChangedMeanwhile):
        own_record.take_back("office", office, **upkeep)
    office.refresh_from_db()

    assert office.phone == "030 23125 111"


def test_two_pages_open_at_once_do_not_overwrite_each_other(office, upkeep):
    seen = earlier.fingerprint({"name": office.name})
    own_record.change_office(office, {"name": "Von der einen"}, seen=seen, **upkeep)
    with pytest.raises(earlier.ChangedMeanwhile):
        own_record.change_office(office, {"name": "Von der anderen"}, seen=seen, **upkeep)


def test_what_changes_nothing_leaves_nothing_to_take_back(office, upkeep):
    own_record.change_office(office, {"name": office.name}, **upkeep)

    assert earlier.last("office", office.pk) is None


@pytest.mark.parametrize(
    ("values", "refusal"),
    [
        ({"name": " "}, own_record.FactMissing),
        ({"phone": "0" * 41}, own_record.FactMissing),
        ({"name": "eins\nzwei"}, own_record.FactMissing),
        ({"email": "keine"}, setup.EmailWrong),
        ({"website": "javascript:alert(1)"}, setup.WebsiteWrong),
        ({"accent": "#ffee00"}, ColourRefused),
        ({"accent": "rot"}, ColourRefused),
        ({"reads_within_working_days": 0}, own_record.FactMissing),
    ],
)
def test_what_nobody_could_use_is_refused(office, upkeep, values, refusal):
    with pytest.raises(refusal):
        own_record.change_office(office, values, **upkeep)


@pytest.mark.parametrize("role", ["counsels", "reception", "operator", "dpo"])
def test_who_may_not_edit_the_office_cannot(office, role):
    with acting_for(office), pytest.raises(rights.NotAllowed):
        own_record.change_office(office, {"name": "X"}, by=make_member(office, role), at=A_MOMENT)


def test_another_office_is_out_of_reach(office_elsewhere, upkeep):
    with pytest.raises(rights.NotAllowed):
        own_record.change_office(office_elsewhere, {"name": "X"}, **upkeep)
    with pytest.raises(Site.DoesNotExist):
        own_record.set_hours(office_elsewhere.sites.first(), "Mo 9-12", **upkeep)


def test_a_site_is_found_on_the_map_and_may_go_while_nothing_hangs_on_it(office, upkeep):
    site = own_record.add_site(office, NEW_SITE, **upkeep)
    assert own_record.add_site(office, NEW_SITE, **upkeep) == site, "a double click makes two sites"
    assert (site.kreis_key, site.code) == ("05978", "ort-2")
    own_record.change_site(site, {"town": "Unna", "postcode": "59423"}, **upkeep)
    own_record.take_back("site", site, **upkeep)
    site.refresh_from_db()
    assert site.town == "Lünen"
    own_record.remove_site(site, **upkeep)

    assert office.sites.count() == 1
    with pytest.raises(own_record.LastSite):
        own_record.remove_site(office.sites.get(), **upkeep)


def test_a_site_that_contacts_hang_on_stays(office, upkeep):
    from kontaktstelle.enquiries import log

    site = own_record.add_site(office, NEW_SITE, **upkeep)
    log.log_contact(by=make_member(office, "reception"), at=A_MOMENT, site=site)
    with pytest.raises(own_record.SiteInUse):
        own_record.remove_site(site, **upkeep)
    assert Site.objects.filter(pk=site.pk).exists()


def test_hours_are_written_as_people_say_them_and_taken_back(office, upkeep):
    site = office.sites.get()
    before = own_record.hours_said(site)
    own_record.set_hours(site, "Mo–Do 9–12 und 14–16 Uhr\nMi 17-18 Uhr Telefon\nnach Vereinbarung", **upkeep)
    assert site.hours.count() == 10
    own_record.take_back("hours", site, **upkeep)

    assert own_record.hours_said(Site.objects.get(pk=site.pk)) == before


@pytest.mark.parametrize(
    "words",
    [
        "Fr-Mo 9-12",
        "jeden Tag 9-12",
        "Mo 12-9",
        "Mo 25-26",
        "Mo 9",
        "9-12",
        "Mo 9-12; Mo 11-13",
        "Mo 9-12 außer im Mai",
        "x" * 700,
        "Mo \0 9-12",
    ],
)
def test_hours_that_are_not_wholly_understood_are_never_guessed(words):
    with pytest.raises(HoursUnclear):
        hours_words.read(words)


MOMENTS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))


@given(
    st.lists(
        st.tuples(st.integers(0, 6), MOMENTS, MOMENTS, st.sampled_from(["open", "telephone"])), max_size=12
    ),
    st.booleans(),
)
def test_what_is_said_of_hours_is_read_as_the_same_hours(rows, by_appointment):
    spans, ends = [], {}
    for day, opens, closes, kind in sorted(rows):
        if opens < closes and ends.get((day, kind), time.min) <= opens:
            spans.append(WeeklySpan(day, opens, closes, kind))
            ends[day, kind] = closes
    if by_appointment:
        spans.append(WeeklySpan(None, None, None, Hours.Kind.APPOINTMENT.value))

    assert set(hours_words.read(hours_words.in_words(spans))) == set(spans)


def test_the_area_served_is_named_in_words_and_taken_back(office, upkeep):
    own_record.serve(office, "Kreis Soest, 59423", **upkeep)
    assert areas.responsible_for(kreis_key="05974") == office
    assert areas.responsible_for(kreis_key="05978") is None
    assert areas.responsible_for(postcode="59423") == office
    own_record.take_back("area", office, **upkeep)

    assert areas.responsible_for(kreis_key="05978") == office


@pytest.mark.parametrize(
    ("words", "said"),
    [("Neustadt", "Meinen Sie"), ("Märchenland", "kennen wir nicht"), (" , ", "mindestens")],
)
def test_an_area_is_asked_back_and_never_guessed(office, upkeep, words, said):
    with pytest.raises(own_record.AreaUnclear, match=said):
        own_record.serve(office, words, **upkeep)
    assert areas.responsible_for(kreis_key="05978") == office


def test_every_kreis_can_be_named_as_the_page_names_it():
    keys = list(gazetteer().kreise)

    assert [own_record.kreis_key_of(kreis_name(key)) for key in keys] == keys


def test_an_area_that_two_offices_name_is_told(office, office_elsewhere, upkeep):
    assert own_record.shared_areas(office) == []
    own_record.serve(office, "05978, 16077", **upkeep)

    assert own_record.shared_areas(office) == [kreis_name("16077")]
