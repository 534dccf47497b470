"""What the example offices are: enough of everything to try the product out, and nothing that could hurt anybody."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest

from kontaktstelle.examples import meetings, offices, wording
from kontaktstelle.examples.chance import shared_out
from kontaktstelle.examples.plan import shares
from kontaktstelle.groups import rhythm
from kontaktstelle.groups.models import ContactPerson, Venue
from kontaktstelle.organisation.areas import responsible_for
from kontaktstelle.organisation.models import ContactPoint, Hours
from kontaktstelle.relay.models import Party
from kontaktstelle.topics import tree

pytestmark = pytest.mark.xdist_group("examples")
ON = date(2026, 3, 10)
FICTION = re.compile(r"(030 23125|069 90009|040 66969|0221 4710|089 99998) \d{3}")


def test_there_are_three_offices_of_three_sizes(loaded, groups):
    sizes = Counter(group.contact_point.slug for group in groups)

    assert sizes == {"beispiel-linde": 250, "beispiel-apfelbaum": 40, "beispiel-wasserturm": 420}
    assert (loaded["offices"], loaded["sites"], loaded["groups"]) == (3, 6, 710)
    assert loaded["listed"] == loaded["entries"] == sum(group.listed for group in groups)
    assert (
        loaded["contact_persons"]
        == ContactPerson.objects.everywhere().count()
        == Party.objects.everywhere().filter(pk__in=_contact_persons()).count()
    )


def test_nobody_can_take_an_example_for_a_real_office_or_group(groups):
    points = list(ContactPoint.objects.filter(is_example=True))

    assert all("Beispiel" in point.name and "(erfunden)" in point.traeger.name for point in points)
    assert all(group.is_example and "Beispiel" in group.name and "beispiel" in group.slug for group in groups)
    assert all(
        "Beispiel" in venue.name and ("Beispiel" in venue.street or "Muster" in venue.street)
        for venue in Venue.objects.everywhere()
    )
    assert all(site.street == "Beispielstraße 1" for point in points for site in point.sites.all())


def test_telephones_are_kept_free_for_films_and_mail_goes_nowhere(groups):
    points = list(ContactPoint.objects.filter(is_example=True))
    parties = list(Party.objects.everywhere())
    phones = [point.phone for point in points] + [
        site.phone for point in points for site in point.sites.all()
    ]
    phones += [group.public_phone for group in groups if group.public_phone] + [
        party.phone for party in parties if party.phone
    ]
    mails = (
        [point.email for point in points]
        + [group.public_email for group in groups if group.public_email]
        + [party.email for party in parties if party.email]
    )

    assert all(FICTION.fullmatch(phone) for phone in phones)
    assert all(mail.endswith("@example.org") for mail in mails)
    assert all(group.website.startswith("https://example.org/") for group in groups if group.website)
    leading = [party.phone for party in parties if party.phone and party.pk in _contact_persons()]
    assert len(set(leading)) == len(leading)


def _contact_persons():
    return set(ContactPerson.objects.everywhere().values_list("party", flat=True))


def test_every_place_has_somebody_responsible_who_is_there_at_times(loaded, db):
    assert responsible_for(kreis_key="05978").slug == "beispiel-linde"
    assert responsible_for(kreis_key="16077").slug == "beispiel-apfelbaum"
    assert responsible_for(kreis_key="14713").slug == "beispiel-wasserturm"
    assert responsible_for(postcode="04416", kreis_key="14729").slug == "beispiel-wasserturm"
    assert responsible_for(kreis_key="14729") is None
    for point in ContactPoint.objects.filter(is_example=True):
        kinds = {span.kind for site in point.sites.all() for span in site.hours.all()}
        assert kinds == set(Hours.Kind)
        assert all(closing.first_day > ON for closing in point.closings.all())
        assert point.closings.exists()


@pytest.mark.parametrize("office", offices.OFFICES, ids=lambda office: office.slug)
def test_an_accent_can_be_read_on_white(office):
    def linear(value):
        return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4

    red, green, blue = (linear(int(office.accent[at : at + 2], 16) / 255) for at in (1, 3, 5))

    assert 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05) >= 7


def test_whoever_asks_for_one_of_the_forty_most_asked_topics_finds_a_group_in_a_big_office(groups):
    assert len(offices.MOST_ASKED) == len(set(offices.MOST_ASKED)) == 40
    for slug in ("beispiel-linde", "beispiel-wasserturm"):
        listed = {topic for group in groups if group.contact_point.slug == slug for topic in group.topics}
        assert set(offices.MOST_ASKED) <= listed


def test_topics_come_in_the_shares_of_real_listings(groups):
    real, mentioned = shares(), Counter(topic for group in groups for topic in group.topics)
    total, ours = sum(real.values()), sum(mentioned.values())

    assert all(topic in tree.TOPICS for topic in (*real, *mentioned))
    for topic, count in Counter(real).most_common(5):
        assert abs(mentioned[topic] / ours - count / total) < 0.025, topic
    assert len({group.topics[0] for group in groups}) > 170


def test_audiences_come_in_the_shares_of_real_listings(groups):
    share = {
        who: count / len(groups)
        for who, count in Counter(who for group in groups for who in group.audience).items()
    }
    # Of 506 listings: Betroffene 393, Angehörige 140, Eltern 65, Frauen 42, junge Menschen 21, Männer 20.
    real = {
        "betroffene": 0.78,
        "angehoerige": 0.28,
        "eltern": 0.13,
        "frauen": 0.08,
        "junge": 0.04,
        "maenner": 0.04,
    }

    assert set(share) <= set(tree.AUDIENCES)
    assert all(abs(share[who] - wanted) < 0.06 for who, wanted in real.items()), share


def test_rhythms_come_in_the_shares_of_real_listings(groups):
    given = [group.meeting_text for group in groups if group.meeting_text and group.stage != "founding"]
    kinds = Counter(
        "nth"
        if re.search(r"(\d\.|sten|iten|itten|rten) \w+tag|(\d\.|sten|iten|itten|rten) Mittwoch", text)
        and "onat" in text
        else "monthly"
        if "onat" in text
        else "other"
        for text in given
    )

    assert 0.25 < kinds["nth"] / len(given) < 0.45
    assert 0.12 < kinds["monthly"] / len(given) < 0.28
    assert sum(not group.meeting_text for group in groups) < 0.12 * len(groups)


def test_a_meeting_time_is_read_right_or_stays_as_it_was_said(groups, entries):
    for group in groups:
        if not group.meeting_text:
            assert group.rhythm == {}
            continue
        reading = rhythm.read(group.meeting_text)
        assert group.rhythm == reading.as_json(), group.meeting_text
        entry = entries.get(group.id)
        if entry and not group.protected:
            assert entry["meeting"] == (reading.text if reading.understood else group.meeting_text)


def test_only_vague_words_stay_unread(groups):
    unread = {group.meeting_text for group in groups if group.meeting_text and not group.rhythm["understood"]}

    assert unread <= {
        "nach Absprache an unterschiedlichen Orten",
        "mit vorheriger Terminankündigung",
        "nach Vereinbarung",
    }


def test_a_fortnightly_group_has_dates_where_the_office_knows_the_first_one(groups, entries):
    started = [group for group in groups if group.first_on]
    unknown = [
        group
        for group in groups
        if group.meeting_text
        and any("INTERVAL=" in rule for rule in group.rhythm["rules"])
        and not group.first_on
    ]

    assert len(started) > 20
    assert unknown
    for group in started:
        if group.listed and group.stage != "paused" and not group.protected:
            assert entries[group.id]["next_dates"], group.meeting_text
    for group in unknown:
        assert not entries.get(group.id, {}).get("next_dates"), group.meeting_text


def test_a_group_being_founded_meets_first_in_the_coming_weeks(groups):
    days = [
        day
        for group in groups
        if group.stage == "founding" and group.meeting_text
        for day in group.rhythm["dates"]
    ]

    assert days
    assert all(ON < date.fromisoformat(day) <= ON + timedelta(days=45) for day in days)


def test_every_stage_and_trait_can_be_seen(groups):
    stages = Counter(group.stage for group in groups)

    assert set(stages) == {"open", "founding", "full", "intake-stop", "paused"}
    assert stages["open"] > 0.75 * len(groups)
    assert all(group.intake_stop_until > ON for group in groups if group.stage == "intake-stop")
    assert {language for group in groups for language in group.languages} == {
        "de",
        "tr",
        "ru",
        "uk",
        "ar",
        "en",
        "pl",
    }
    assert {form for group in groups for form in group.forms} == {"in-person", "online", "telephone"}
    assert all(
        group.age_from < group.age_to and "junge" in group.audience for group in groups if group.is_young
    )
    for trait in (
        "is_young",
        "protected",
        "takes_referrals_only_via_office",
        "is_anonymous_fellowship",
        "sign_language",
        "induction_loop",
        "easy_language",
        "public_phone",
        "website",
    ):
        assert sum(bool(getattr(group, trait)) for group in groups) >= 2, trait
    assert 0.03 < sum(not group.listed for group in groups) / len(groups) < 0.1


def test_a_closed_house_pauses_its_groups_and_they_know_where_they_stood(groups):
    waiting = [group for group in groups if group.venue and group.venue.closed_since]

    assert waiting
    assert all(group.stage == "paused" for group in waiting)
    assert any(group.paused_by_venue and group.stage_before_pause == "open" for group in waiting)


def test_houses_are_shared_and_lie_in_the_towns_of_the_kreis(groups):
    shared = Counter(group.venue_id for group in groups if group.venue_id)

    assert max(shared.values()) > 10
    assert sum(count > 1 for count in shared.values()) > 0.6 * len(shared)
    assert {venue.step_free for venue in Venue.objects.everywhere()} == {"yes", "no", "unknown"}
    assert all(
        group.town == group.venue.town and group.lat == group.venue.lat for group in groups if group.venue
    )
    assert {group.kreis_key for group in groups} == {"05978", "16077", "14713", "14729"}


def test_a_group_for_the_mind_asks_first_and_a_relative_is_not_asked_for_a_diagnosis(groups, entries):
    depression = [
        entries[group.id]
        for group in groups
        if group.topics == ["depression"] and group.listed and not group.conditions
    ]
    relatives = [
        entries[group.id]
        for group in groups
        if group.topics[0] == "mental-illness-relatives" and group.listed
    ]

    assert depression
    assert all(
        {"first_talk", "diagnosis", "first_therapy", "stability"} <= set(entry["conditions"])
        for entry in depression
    )
    assert relatives
    assert all("diagnosis" not in entry.get("conditions", []) for entry in relatives)


def test_each_topic_has_words_of_its_own():
    assert set(wording.parts()) == set(tree.TOPICS)
    assert all(
        parts.name and parts.whom and parts.themes and not parts.themes.endswith(".")
        for parts in wording.parts().values()
    )


def test_descriptions_are_two_or_three_sentences_that_hardly_repeat(groups):
    texts = [group.description for group in groups]

    assert len(set(texts)) > 0.98 * len(texts)
    assert all(2 <= len(re.findall(r"[.!?؟](?= |$)", text)) <= 6 and len(text) < 600 for text in texts)
    assert not [text for text in texts if re.search(r"[{}]|  |,,|\.\.| ,", text)]
    assert len({(group.contact_point_id, group.name) for group in groups}) == len(groups)


def test_confirmations_are_spread_over_fourteen_months(groups):
    ages = sorted((ON - group.confirmed_on).days for group in groups)

    assert ages[0] >= 0
    assert ages[-1] <= 14 * 31
    assert 150 < ages[len(ages) // 2] < 270


def test_shares_add_up_to_the_seats():
    assert shared_out({"a": 1.0, "b": 1.0, "c": 1.0}, 10) == {"a": 4, "b": 3, "c": 3}
    assert sum(shared_out({str(number): number + 0.3 for number in range(50)}, 317).values()) == 317


def test_a_wording_never_names_a_sixth_weekday_of_a_month():
    texts = {meetings.meeting_text("test", number) for number in range(3000)}

    assert not [text for text in texts if re.search(r"\b(5|6)\. |Mittwochs|mittwochss|\{", text)]
