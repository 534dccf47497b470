"""Gruppenpflege at the desk: what groups changed, what they propose, and the yearly question with one key."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.groups.models import (
    ContactPerson,
    Group,
    LiveNotice,
    OwnPageKey,
    Proposal,
    YearlyAsking,
    YearlyUpdate,
)
from kontaktstelle.groups.own_page import live, proposals, sheet
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address, register_party
from support.people import make_group
from support.visiting import text_of

PLACE = "/schreibtisch/gruppenpflege/"


@pytest.fixture(autouse=True)
def post_stays_here(settings, tmp_path):
    settings.DATA_DIR = tmp_path
    settings.SMTP_URL = settings.SMTP_CA = settings.MAIL_FROM = settings.PUBLIC_ADDRESS = ""


@pytest.fixture
def group(office):
    return make_group(office)


@pytest.fixture
def desk(at_the_desk):
    return at_the_desk("counsels")[0]


@pytest.fixture
def here(office):
    with acting_for(office):
        yield


def proposed(group, **values):
    with acting_for(group.contact_point):
        return proposals.propose(group, values, at=timezone.now())[0]


def stored(group):
    return Group.objects.everywhere().get(pk=group.pk)


@pytest.mark.usefixtures("here")
def test_heute_says_what_groups_want_and_what_is_public_already(desk, group):
    live.cancel(group, timezone.localdate() + timedelta(days=1), at=timezone.now())
    proposed(group, name="Mut")
    shown = text_of(desk.get("/schreibtisch/"))
    assert "Ein Änderungsvorschlag wartet" in shown
    assert "Eine Meldung gilt schon öffentlich" in shown


@pytest.mark.usefixtures("here")
def test_what_is_public_already_is_looked_through_and_what_came_since_stays(desk, group):
    now, on = timezone.now(), timezone.localdate() + timedelta(days=1)
    live.cancel(group, on, at=now)
    assert "fällt aus" in text_of(desk.get(PLACE))
    first = LiveNotice.objects.get()
    live.cancel(group, on + timedelta(days=7), at=now)
    desk.post(f"{PLACE}gesehen/", {"notice": str(first.pk)})
    assert [each.pk for each in LiveNotice.objects.filter(seen_at=None)] != [first.pk]
    assert LiveNotice.objects.filter(seen_at=None).count() == 1


@pytest.mark.usefixtures("here")
def test_side_by_side_accepted_and_taken_back(desk, group):
    row = proposed(group, description="Wir singen.")
    page = text_of(desk.get(f"{PLACE}{group.pk}/"))
    assert "Wir reden miteinander." in page
    assert "Wir singen." in page
    seen = proposals.mark_of(group.description)
    desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "annehmen", "seen": seen})
    assert stored(group).description == "Wir singen."
    again = desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "annehmen", "seen": seen})
    assert again.status_code == 409
    desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "zurueck"})
    assert stored(group).description == "Wir reden miteinander."


@pytest.mark.usefixtures("here")
def test_a_record_changed_meanwhile_is_shown_with_what_stood_there(desk, group):
    row = proposed(group, description="Wir singen.")
    seen = proposals.mark_of(group.description)
    Group.objects.update(description="Wir wandern.")
    page = text_of(desk.get(f"{PLACE}{group.pk}/"))
    assert all(words in page for words in ("Wir reden miteinander.", "Wir wandern.", "Wir singen."))
    answer = desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "annehmen", "seen": seen})
    assert answer.status_code == 409
    assert stored(group).description == "Wir wandern."


@pytest.mark.usefixtures("here")
def test_a_new_contact_offers_the_call_first_and_no_button_to_accept(desk, group):
    row = proposals.new_person(group, Address(name="Nora", phone="030 23125 700"), at=timezone.now())
    page = text_of(desk.get(f"{PLACE}{group.pk}/"))
    assert "Zurückgerufen, stimmt" in page
    assert "Übernehmen</button>" not in page
    answer = desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "annehmen"})
    assert answer.status_code == 409
    desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "rueckruf"})
    assert Proposal.objects.get().called_back_at is not None
    assert not ContactPerson.objects.exists()


@pytest.mark.usefixtures("here")
def test_who_only_keeps_the_directory_does_not_read_what_names_people(at_the_desk, group):
    keeper, _ = at_the_desk("upkeep")
    proposals.new_person(group, Address(name="Nora Kanarie", phone="030 23125 700"), at=timezone.now())
    page = text_of(keeper.get(f"{PLACE}{group.pk}/"))
    assert "Nora Kanarie" not in page
    assert "beraten oder leiten" in page


def test_who_leads_begins_the_yearly_question_and_nobody_else(desk, at_the_desk, group):
    on = timezone.localdate().isoformat()
    assert desk.post(f"{PLACE}nachfrage/beginnen/", {"on": on}).status_code == 404
    leader, _ = at_the_desk("leads")
    assert leader.post(f"{PLACE}nachfrage/beginnen/", {"on": ""}).status_code == 409
    leader.post(f"{PLACE}nachfrage/beginnen/", {"on": on})
    assert "Läuft seit" in text_of(desk.get(f"{PLACE}nachfrage/"))
    leader.post(f"{PLACE}nachfrage/ruhen/")
    assert "Hat noch nicht begonnen" in text_of(desk.get(f"{PLACE}nachfrage/"))


@pytest.mark.parametrize("how", ["phone", "sheet", "mail", "visit", "talk"])
@pytest.mark.usefixtures("here")
def test_one_key_confirms_by_whatever_way(desk, group, office, how):
    YearlyUpdate.objects.create(contact_point=office, group=group, opened_on=timezone.localdate())
    for _ in range(2):
        assert desk.post(f"{PLACE}{group.pk}/bestaetigt/", {"how": how}).status_code == 302
    assert YearlyUpdate.objects.get().how == how
    assert stored(group).confirmed_on == timezone.localdate()


@pytest.mark.usefixtures("here")
def test_a_call_of_the_list_is_made_once(desk, group, office):
    today = timezone.localdate()
    update = YearlyUpdate.objects.create(contact_point=office, group=group, opened_on=today)
    call = YearlyAsking.objects.create(contact_point=office, update=update, way="call", planned_on=today)
    assert group.name in text_of(desk.get(f"{PLACE}nachfrage/"))
    path = f"{PLACE}nachfrage/anruf/{call.pk}/"
    assert desk.post(path, {"was": "stimmt", "group": str(group.pk)}).status_code == 302
    assert desk.post(path, {"was": "stimmt", "group": str(group.pk)}).status_code == 409
    assert stored(group).confirmed_on == today


@pytest.mark.usefixtures("here")
def test_silence_is_decided_by_somebody(desk, group, office):
    update = YearlyUpdate.objects.create(
        contact_point=office, group=group, opened_on=timezone.localdate(), status="to-decide"
    )
    assert f"{group.name} bleibt" in text_of(desk.get(f"{PLACE}nachfrage/"))
    desk.post(f"{PLACE}nachfrage/entscheiden/{update.pk}/", {"was": "bleibt"})
    assert stored(group).listed
    again = desk.post(f"{PLACE}nachfrage/entscheiden/{update.pk}/", {"was": "heraus"})
    assert again.status_code == 409
    assert stored(group).listed


@pytest.mark.usefixtures("here")
def test_the_sheet_is_a_tagged_pdf_with_sign_and_code_and_comes_back_by_its_sign(desk, group, office):
    party = register_party(
        Address(name="Karla", address="Weg 1\n59423 Unna"), contact_point=office.pk, on=timezone.localdate()
    )
    ContactPerson.objects.create(contact_point=office, group=group, party=party)
    answer = desk.post(f"{PLACE}{group.pk}/blatt/")
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert b"pdfuaid" in answer.content
    sign = sheet.reference_of(group)
    back = desk.post(f"{PLACE}nachfrage/zeichen/", {"zeichen": f" {sign[:4]} {sign[4:].lower()} "})
    assert back["Location"] == f"{PLACE}{group.pk}/"
    assert desk.post(f"{PLACE}nachfrage/zeichen/", {"zeichen": "%%%"}).status_code == 409


@pytest.mark.usefixtures("here")
def test_a_sign_that_cannot_be_printed_is_said_and_ends_no_link(desk, group):
    Group.objects.update(description="Wir 🎉 feiern")
    answer = desk.post(f"{PLACE}{group.pk}/blatt/")
    assert answer.status_code == 409
    assert "nicht drucken" in text_of(answer)
    assert not OwnPageKey.objects.exists()


@pytest.mark.usefixtures("here")
def test_a_code_is_shown_once_and_a_link_goes_only_to_a_stored_address(desk, group):
    assert "Der neue Code" in text_of(desk.post(f"{PLACE}{group.pk}/code/"))
    assert "Der neue Code" not in text_of(desk.get(f"{PLACE}{group.pk}/"))
    assert desk.post(f"{PLACE}{group.pk}/link/").status_code == 409
    Group.objects.update(public_email="gruppe@example.org")
    assert desk.post(f"{PLACE}{group.pk}/link/").status_code == 302


def test_a_proposal_of_another_office_is_not_there(desk, office_elsewhere):
    row = proposed(make_group(office_elsewhere, "Woanders"), name="Mut")
    assert desk.post(f"{PLACE}vorschlag/{row.pk}/", {"was": "annehmen"}).status_code == 404
    assert desk.get(f"{PLACE}{uuid.uuid4()}/").status_code == 404
