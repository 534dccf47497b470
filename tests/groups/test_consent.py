"""A contact person decides field by field what is shown; silence shows nothing new, and a withdrawal closes it at once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kontaktstelle.directory.models import Entry
from kontaktstelle.groups import history
from kontaktstelle.groups.entry import campaign, consents
from kontaktstelle.groups.entry.models import ContactConsent
from kontaktstelle.groups.lifecycle import CONSENT_STEPS, ConsentStatus, WrongStage, check_consent_step
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.visibility import WITHHELD
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.rights import NotAllowed
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import retention
from kontaktstelle.relay import signed_links
from kontaktstelle.relay.parties import Address, register_party
from support.people import A_DAY, A_MOMENT, make_group, make_member

pytestmark = pytest.mark.django_db
How = ContactConsent.How
PHONE = "069 90009 123"
HOME = "Kanarienallee 3, 59423 Unna"
LATER = A_MOMENT + timedelta(days=40)


@pytest.fixture
def counsels(office):
    return make_member(office, "counsels", second_factor=False)


@pytest.fixture(autouse=True)
def here(office):
    with acting_for(office):
        yield


@pytest.fixture
def group(office):
    return make_group(office, public_phone=PHONE, public_email="gruppe@example.org")


def person(group, **ways):
    party = register_party(
        Address(**(ways or {"name": "Karla", "email": "karla@example.org"})), contact_point=group.contact_point_id, on=A_DAY
    )  # fmt: skip
    return ContactPerson.objects.create(contact_point=group.contact_point, group=group, party=party)


def asked(group, by, way=PostWay.MAIL, **ways):
    return campaign.ask(person(group, **ways), by=by, at=A_MOMENT, only=way)


def fresh(group):
    return Group.objects.get(pk=group.pk)


def shown():
    return Entry.objects.get().shape


def test_the_text_that_is_read_aloud_takes_a_quarter_of_a_minute():
    assert len(consents.SPOKEN.split()) <= 40
    assert "widerrufen" in consents.SPOKEN
    for said in consents.TEXTS.values():
        assert "widerrufen" in said
        assert "!" not in said


def test_silence_opens_nothing_however_long(group, counsels):
    before = fresh(group).visibility
    row = asked(group, counsels)
    for days in (21, 22, 60, 400):
        campaign.remind_everywhere(at=A_MOMENT + timedelta(days=days))
    assert ContactConsent.objects.get().status == ConsentStatus.ASKED
    assert fresh(group).visibility == before
    assert PHONE not in shown()
    assert row.person.consent == "unclear"


def test_what_is_agreed_to_is_shown_there_and_nowhere_else(group, counsels):
    row = asked(group, counsels)
    assert PHONE not in shown()
    row = consents.answer(row.pk, {"public_phone": ["site"]}, how=How.LINK, by=None, at=A_MOMENT)
    assert (row.status, row.agreed, row.text_version) == (
        "given",
        {"public_phone": ["site"]},
        "verzeichnis-1",
    )
    assert PHONE in shown()
    assert "gruppe@example.org" not in shown()
    assert fresh(group).visibility == {"public_phone": ["site"]}, "what was left out is closed"
    assert ContactPerson.objects.get().consent == "public"


def test_nobody_opens_what_was_not_asked(group, counsels):
    row = asked(group, counsels)
    ContactConsent.objects.filter(pk=row.pk).update(asked={"public_phone": ["site"]})
    row = consents.answer(
        row.pk, {"public_phone": ["site", "feeds"], "website": ["site"]}, how=How.LINK, by=None, at=A_MOMENT
    )
    assert row.agreed == {"public_phone": ["site"]}


def test_a_withdrawal_closes_the_field_at_once_and_the_rest_stays(group, counsels):
    row = asked(group, counsels)
    consents.answer(row.pk, row.asked, how=How.LINK, by=None, at=A_MOMENT)
    assert PHONE in shown()
    assert "gruppe@example.org" in shown()
    row = consents.withdraw(row.pk, ["public_phone"], by=None, at=LATER)
    assert PHONE not in shown()
    assert "gruppe@example.org" in shown()
    assert row.agreed == row.asked, "the proof of what was agreed stays"
    assert set(row.withdrawn) == {"public_phone"}
    row = consents.withdraw(row.pk, by=None, at=LATER)
    assert (row.status, ContactPerson.objects.get().consent) == ("withdrawn", "internal")
    assert fresh(group).visibility == {}
    with pytest.raises(consents.NothingHolds):
        consents.withdraw(row.pk, by=None, at=LATER)


def test_what_a_person_closed_no_undo_opens_again(group, counsels):
    row = asked(group, counsels)
    consents.answer(row.pk, row.asked, how=How.LINK, by=None, at=A_MOMENT)
    consents.withdraw(row.pk, by=None, at=LATER)
    assert history.last_undoable(fresh(group)) is None


def test_a_refusal_closes_what_was_open_and_asks_no_more(group, counsels):
    row = asked(group, counsels)
    row = consents.answer(row.pk, {}, how=How.PHONE, by=counsels, at=A_MOMENT)
    assert (row.status, row.text_version, row.recorded_by) == (
        "refused",
        "verzeichnis-telefon-1",
        str(counsels.pk),
    )
    assert fresh(group).visibility == {}
    assert campaign.not_asked() == []


def test_a_double_click_counts_once_and_another_answer_is_told(group, counsels):
    row = asked(group, counsels)
    first = consents.answer(row.pk, row.asked, how=How.LINK, by=None, at=A_MOMENT)
    assert (
        consents.answer(row.pk, row.asked, how=How.LINK, by=None, at=LATER).answered_at == first.answered_at
    )
    with pytest.raises(consents.NotAsked):
        consents.answer(row.pk, {}, how=How.PHONE, by=counsels, at=LATER)


def test_a_newer_answer_takes_the_place_of_an_older_one(group, counsels):
    who = person(group)
    first = campaign.ask(who, by=counsels, at=A_MOMENT)
    consents.answer(first.pk, first.asked, how=How.LINK, by=None, at=A_MOMENT)
    second = campaign.ask(who, by=counsels, at=LATER, only=PostWay.CALL)
    consents.answer(second.pk, {}, how=How.PHONE, by=counsels, at=LATER)
    first.refresh_from_db()
    assert first.status == ConsentStatus.REPLACED
    assert fresh(group).visibility == {}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    agreed=st.dictionaries(
        st.sampled_from(["town", "venue", "meeting", "public_phone", "description"]), st.just(["site"])
    )
)
def test_a_protected_group_is_asked_for_nothing_it_may_never_show(office, counsels, agreed):
    group = make_group(office, name=f"Geschützt {uuid4()}", protected=True, public_phone=PHONE)
    row = asked(group, counsels)
    assert not set(row.asked) & WITHHELD
    consents.answer(row.pk, agreed, how=How.LINK, by=None, at=A_MOMENT)
    assert not set(fresh(group).visibility) & WITHHELD
    assert PHONE not in Entry.objects.get(group=group.pk).shape


def test_each_is_asked_in_their_own_way_and_once(office, counsels):
    for number, ways in enumerate(
        ({"name": "A", "email": "a@example.org"}, {"name": "B", "address": HOME}, {"name": "C", "phone": "1"})
    ):
        person(make_group(office, name=f"Gruppe {number}"), **ways)
    assert campaign.progress(on=A_DAY).not_asked == 3
    assert campaign.ask_next(by=counsels, at=A_MOMENT) == {
        PostWay.MAIL: 1,
        PostWay.LETTER: 1,
        PostWay.CALL: 1,
    }
    assert campaign.ask_next(by=counsels, at=A_MOMENT) == dict.fromkeys(PostWay, 0)
    now = campaign.progress(on=A_DAY)
    assert (now.unclear, now.waiting, now.to_print, now.to_call) == (3, 1, 1, 1)
    assert Dispatch.objects.count() == 1
    (waiting,) = campaign.letters()
    ((_, to),) = campaign.opened_for_print([waiting], by=counsels, at=A_MOMENT)
    assert to.lines[0] == "B"
    assert campaign.mark_printed([waiting.pk], by=counsels, at=A_MOMENT) == 1
    assert campaign.mark_printed([waiting.pk], by=counsels, at=A_MOMENT) == 0


def test_a_reminder_goes_out_once(group, counsels):
    asked(group, counsels)
    assert campaign.remind_everywhere(at=A_MOMENT + timedelta(days=20)) == 0
    assert campaign.remind_everywhere(at=A_MOMENT + timedelta(days=21)) == 1
    assert campaign.remind_everywhere(at=A_MOMENT + timedelta(days=90)) == 0
    assert Dispatch.objects.count() == 2


def test_what_came_back_becomes_a_call(group, counsels, office):
    row = asked(group, counsels)
    assert campaign.calls() == []
    campaign.on_bounced(about=row.pk, contact_point=office.pk)
    assert [each.pk for each in campaign.calls()] == [row.pk]


def test_an_answer_takes_back_mail_that_has_not_left(group, counsels):
    row = asked(group, counsels)
    consents.answer(row.pk, {}, how=How.PHONE, by=counsels, at=A_MOMENT)
    assert Dispatch.objects.get().status == "cancelled"


def test_a_form_that_comes_back_is_found_by_its_sign(group, counsels):
    for _ in range(20):
        row = asked(group, counsels, PostWay.LETTER, name="Karla", address=HOME)
        for typed in (
            consents.reference(row),
            consents.reference(row).lower().replace("-", " "),
            row.pk.hex[:8],
        ):
            assert consents.by_reference(typed) == row, typed
    assert consents.by_reference("E-1") is None
    assert consents.by_reference("") is None


def test_the_link_serves_one_purpose_and_names_nobody(group, counsels):
    row = asked(group, counsels)
    secret = consents.link_path(row).split("/")[2]
    assert signed_links.read(secret, consents.PURPOSE, at=A_MOMENT).row == row.pk
    assert signed_links.read(secret, "referral-answer", at=A_MOMENT) is None
    assert signed_links.read(secret, consents.PURPOSE, at=A_MOMENT + timedelta(days=1200)) is None


def test_the_proof_stays_without_the_person_and_goes_after_three_years(group, counsels):
    row = asked(group, counsels)
    consents.answer(row.pk, row.asked, how=How.LINK, by=None, at=A_MOMENT)
    consents.withdraw(row.pk, by=None, at=A_MOMENT)
    row.person.delete()
    row.refresh_from_db()
    assert row.person is None
    retention.run(at=A_MOMENT + timedelta(days=3 * 365))
    assert ContactConsent.objects.exists(), "till the end of the year"
    retention.run(at=A_MOMENT + timedelta(days=4 * 365))
    assert not ContactConsent.objects.exists()


@pytest.mark.parametrize("now", list(ConsentStatus))
@pytest.mark.parametrize("to", list(ConsentStatus))
def test_the_table_says_every_move(now, to):
    if to in CONSENT_STEPS[now]:
        check_consent_step(now, to)
    else:
        with pytest.raises(WrongStage, match="führt kein Schritt"):
            check_consent_step(now, to)


def test_who_sees_no_contacts_asks_nobody(office, group):
    with pytest.raises(NotAllowed):
        campaign.ask(person(group), by=make_member(office, "reception", second_factor=False), at=A_MOMENT)


def test_another_office_sees_no_consent(office_elsewhere, group, counsels):
    row = asked(group, counsels)
    with acting_for(office_elsewhere):
        assert consents.by_number(row.pk) is None
        assert consents.by_reference(consents.reference(row)) is None
