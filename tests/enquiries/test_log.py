"""Logging a contact: nothing preset, nothing doubled, undone within fifteen minutes, dated back within the month."""

from datetime import date, timedelta
from uuid import uuid4

import pytest

from kontaktstelle.enquiries import access, codes, log, offer
from kontaktstelle.enquiries.keeping import ChangedMeanwhile, TakenBack
from kontaktstelle.enquiries.models import CallBack, Contact, Enquiry
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.topics import tree
from support.desk import AT, KARLA

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("here")]
TOPIC, OTHER = "anxiety-panic", "depression"


def test_what_nobody_said_is_unknown(counsellor):
    contact = log.log_contact(by=counsellor, at=AT)

    assert {contact.channel, contact.direction, contact.who, contact.visit} == {"unknown"}
    assert contact.concerns == contact.topics == contact.outcomes == []
    assert contact.note is None


def test_everything_said_is_held(counsellor, here):
    contact = log.log_contact(
        by=counsellor, at=AT, channel="telephone", direction="incoming", who="relative", concerns=["crisis", "find-group"], topics=[OTHER, TOPIC],
        outcomes=["material", "to-group"], visit="first", site=here.sites.get(), kreis_key="05978", municipality="Unna", postcode_area="594",
        note="  fragt für die Schwester ", reached=None,
    )  # fmt: skip
    contact = Contact.objects.get(pk=contact.pk)

    assert contact.concerns == ["find-group", "crisis"]
    assert contact.outcomes == ["to-group", "material"]
    assert contact.topics == [OTHER, TOPIC]
    assert contact.note == "fragt für die Schwester"
    assert (contact.day, contact.month, contact.code_year) == (date(2026, 3, 10), date(2026, 3, 1), 2026)


@pytest.mark.parametrize(
    "wrong", [{"who": "alien"}, {"channel": "pigeon"}, {"concerns": ["x"]}, {"topics": ["x"]}, {"kreis_key": "99999"}, {"extras": {"age": "18-35"}}]
)  # fmt: skip
def test_a_value_no_list_has_is_refused_and_nothing_is_kept(counsellor, wrong):
    with pytest.raises(codes.UnknownCode):
        log.log_contact(by=counsellor, at=AT, **wrong)
    assert not Contact.objects.exists()


def test_more_than_three_topics_are_refused(counsellor):
    with pytest.raises(codes.TooManyTopics):
        log.log_contact(by=counsellor, at=AT, topics=list(tree.TOPICS)[:4])


def test_a_note_too_long_is_refused_whole_not_cut(counsellor):
    with pytest.raises(log.TooLong):
        log.log_contact(by=counsellor, at=AT, note="x" * (log.LONGEST_NOTE + 1))


def test_a_double_click_counts_once_and_leaves_one_line_in_the_trail(counsellor):
    key = uuid4()
    first = log.log_contact(by=counsellor, at=AT, who="affected", form_key=key)
    second = log.log_contact(by=counsellor, at=AT, who="affected", form_key=key)

    assert second.pk == first.pk
    assert Contact.objects.count() == 1
    assert TrailEntry.objects.filter(action="contact.logged").count() == 1


def test_another_form_counts_again(counsellor):
    for _ in range(2):
        log.log_contact(by=counsellor, at=AT, form_key=uuid4())
    assert Contact.objects.count() == 2


def test_a_form_whose_step_was_refused_may_be_posted_again(counsellor):
    key = uuid4()
    with pytest.raises(codes.UnknownCode):
        log.log_contact(by=counsellor, at=AT, who="alien", form_key=key)
    assert log.log_contact(by=counsellor, at=AT, who="affected", form_key=key).who == "affected"


def test_strokes_become_as_many_contacts_once(counsellor):
    key = uuid4()
    strokes = {("event", "affected"): 3, ("event", "relative"): 2}
    first = log.tally(strokes, by=counsellor, at=AT, form_key=key)
    again = log.tally(strokes, by=counsellor, at=AT, form_key=key)

    assert [each.pk for each in again] == [each.pk for each in first]
    assert Contact.objects.filter(source="tally", who="affected").count() == 3
    assert Contact.objects.count() == 5


@pytest.mark.parametrize("count", [0, -1, log.MOST_TALLIED + 1])
def test_a_tally_of_nothing_or_of_too_much_is_refused(counsellor, count):
    with pytest.raises(log.NothingToCount):
        log.tally({("event", "affected"): count}, by=counsellor, at=AT)


@pytest.mark.parametrize(("minutes", "goes"), [(0, True), (15, True), (16, False)])
def test_undo_is_possible_for_fifteen_minutes(counsellor, minutes, goes):
    contact = log.log_contact(by=counsellor, at=AT)
    later = AT + timedelta(minutes=minutes)
    if goes:
        log.undo(contact, by=counsellor, at=later)
    else:
        with pytest.raises(log.TooLateToUndo):
            log.undo(contact, by=counsellor, at=later)
    assert Contact.objects.exists() is not goes
    assert TrailEntry.objects.filter(action="contact.undone").exists() is goes


def test_nobody_undoes_what_a_colleague_entered(counsellor, colleague):
    contact = log.log_contact(by=counsellor, at=AT)
    with pytest.raises(log.TooLateToUndo):
        log.undo(contact, by=colleague, at=AT)


def test_a_form_undone_does_not_come_back_by_a_late_click(counsellor):
    key = uuid4()
    log.undo(log.log_contact(by=counsellor, at=AT, form_key=key), by=counsellor, at=AT)
    with pytest.raises(TakenBack):
        log.log_contact(by=counsellor, at=AT, form_key=key)
    assert not Contact.objects.exists()


def test_dating_back_goes_to_the_first_of_the_month_unmarked(counsellor):
    contact = log.log_contact(by=counsellor, at=AT)
    dated = log.date_back(contact, date(2026, 3, 1), by=counsellor, at=AT)
    assert (dated.day, dated.entered_late) == (date(2026, 3, 1), False)


def test_an_earlier_month_is_for_who_leads_and_marked(counsellor, monkeypatch):
    contact = log.log_contact(by=counsellor, at=AT)

    def refuse(_by):
        raise access.NotAllowed

    with monkeypatch.context() as patch:
        patch.setattr(access, "check_leads", refuse)
        with pytest.raises(log.NotInThisMonth):
            log.date_back(contact, date(2026, 2, 28), by=counsellor, at=AT)
    dated = log.date_back(contact, date(2026, 2, 28), by=counsellor, at=AT)
    assert (dated.month, dated.entered_late) == (date(2026, 2, 1), True)


def test_nobody_logs_the_future(counsellor):
    with pytest.raises(log.NotInThisMonth):
        log.log_contact(by=counsellor, at=AT, day=date(2026, 3, 11))


def test_one_key_turns_a_contact_into_an_enquiry_with_all_that_was_said(counsellor):
    contact = log.log_contact(by=counsellor, at=AT, topics=[TOPIC], note="möchte Rückmeldung")
    enquiry = log.open_enquiry(contact, by=counsellor, at=AT, person=KARLA, form_key=uuid4())
    again = log.open_enquiry(contact, by=counsellor, at=AT, form_key=uuid4())

    assert again.pk == enquiry.pk
    contact = Contact.objects.get(pk=contact.pk)
    assert contact.enquiry_id == enquiry.pk
    assert (contact.topics, contact.note) == ([TOPIC], "möchte Rückmeldung")
    assert enquiry.due_on == date(2026, 3, 12)  # Thursday: the next day with hours


def test_undoing_a_contact_takes_its_fresh_enquiry_and_person_along(counsellor):
    from kontaktstelle.relay.models import Party

    contact = log.log_contact(by=counsellor, at=AT)
    log.open_enquiry(contact, by=counsellor, at=AT, person=KARLA)
    assert Party.objects.exists()
    log.undo(contact, by=counsellor, at=AT)

    assert not any(model.objects.exists() for model in (Contact, Enquiry, CallBack, Party))


def test_two_who_correct_one_contact_see_both_notes(counsellor, colleague):
    contact = log.log_contact(by=counsellor, at=AT, note="erste")
    log.recode(contact, {"note": "zweite"}, by=colleague, at=AT, seen=1)
    with pytest.raises(ChangedMeanwhile) as refused:
        log.recode(contact, {"note": "dritte"}, by=counsellor, at=AT, seen=1)
    assert (refused.value.theirs, refused.value.yours) == ("zweite", "dritte")


def test_only_counting_leaves_nothing_but_codes(counsellor):
    contact = log.log_contact(by=counsellor, at=AT, who="affected", note="Kanariennotiz")
    counted = log.only_count(contact, by=counsellor, at=AT)
    assert (counted.note, counted.who) == (None, "affected")


def test_whoever_works_elsewhere_or_has_left_logs_nothing_here(counsellor_elsewhere, counsellor):
    counsellor.is_active = False
    for by in (counsellor_elsewhere, counsellor):
        with pytest.raises(access.NotAllowed):
            log.log_contact(by=by, at=AT)


def test_an_office_keeps_a_field_from_a_year_on(counsellor):
    offer.switch("age", is_on=True, from_year=2026, by=counsellor, at=AT)
    contact = log.log_contact(by=counsellor, at=AT, extras={"age": "18-35"})

    assert contact.extras == {"age": "18-35"}
    assert offer.fields(2025) == []
    assert offer.fields(2027) == ["age"]


def test_an_office_switches_a_value_off_and_no_year_that_is_over(counsellor):
    offer.switch("channel", value="letter", is_on=False, from_year=2027, by=counsellor, at=AT)
    assert "letter" in [code.key for code in offer.values("channel", 2026)]
    assert "letter" not in [code.key for code in offer.values("channel", 2027)]
    for wrong in ({"field": "age", "from_year": 2025}, {"field": "channel", "from_year": 2026}):
        with pytest.raises(offer.NotSwitchable):
            offer.switch(wrong["field"], is_on=True, from_year=wrong["from_year"], by=counsellor, at=AT)
