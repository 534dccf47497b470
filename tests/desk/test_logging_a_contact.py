"""Kontakt erfassen: a call is written down while talking, nothing is preset and nothing that was typed is lost."""

import uuid

import pytest
from django.utils import timezone

from kontaktstelle.directory import projection
from kontaktstelle.enquiries import log, threads
from kontaktstelle.enquiries.models import Contact
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.people import A_DAY, make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
FORM = "/schreibtisch/kontakt/"
CANARY = "Kanarienvogel zwitschert"


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def contacts(office):
    with acting_for(office):
        return list(Contact.objects.all())


def test_what_nobody_said_counts_as_unknown(at_the_desk, office):
    browser, _ = at_the_desk("reception")
    shown = text_of(browser.get(FORM))
    answer = browser.post(FORM, sent(channel="telephone"))

    assert " checked" not in shown.split('class="log"')[1].split("</form>")[0]
    assert answer.status_code == 302
    (contact,) = contacts(office)
    assert (contact.channel, contact.who, contact.concerns, contact.outcomes) == (
        "telephone",
        "unknown",
        [],
        [],
    )


def test_a_whole_call_is_kept_as_it_was_chosen(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    browser.post(
        FORM,
        sent(
            channel="telephone", who="relative", concern=["find-group", "information"], topics=["anxiety-panic"],
            place="59423", outcome=["to-group"], visit="first", note=CANARY,
        ),
    )  # fmt: skip

    (contact,) = contacts(office)
    assert (contact.who, contact.concerns, contact.topics) == (
        "relative", ["find-group", "information"], ["anxiety-panic"],
    )  # fmt: skip
    assert (contact.kreis_key, contact.postcode_area, contact.outcomes) == ("05978", "594", ["to-group"])
    with acting_for(office):
        assert contact.note == CANARY


def test_a_double_click_counts_once(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    twice = sent(channel="email")
    browser.post(FORM, twice)
    browser.post(FORM, twice)

    assert len(contacts(office)) == 1


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        ("place", "Nirgendwohausen", "Diesen Ort kennen wir nicht"),
        ("place", "Neustadt", "Diesen Ort gibt es mehrmals"),
        ("day", "gestern", "Dieses Datum lesen wir nicht"),
        ("day", "24.12.2999", "liegt noch vor uns"),
        ("day", "1.1.99999999999", "Dieses Datum lesen wir nicht"),
        ("reached", "0", "von 1 bis 100 000"),
        ("reached", "²", "von 1 bis 100 000"),
        ("reached", "3000000000", "von 1 bis 100 000"),
        ("reached", "9" * 20, "von 1 bis 100 000"),
        ("reached", "viele", "von 1 bis 100 000"),
        ("note", "x" * 2001, "höchstens 2000 Zeichen"),
        ("who", "<script>", "kennt die Liste nicht"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(at_the_desk, office, field, typed, sentence):
    browser, _ = at_the_desk("counsels")
    answer = browser.post(FORM, {**sent(channel="telephone", note=CANARY), field: typed})

    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert (CANARY in text_of(answer)) or field == "note"
    assert 'value="telephone" data-shortcut="1" aria-keyshortcuts="1" checked' in text_of(answer)
    assert contacts(office) == []


def test_how_many_came_is_kept_as_it_was_typed(at_the_desk, office):
    browser, _ = at_the_desk("reception")
    browser.post(FORM, sent(channel="event", reached="1.200"))
    assert [contact.reached for contact in contacts(office)] == [1200]


def test_the_next_form_says_which_one_arrived_so_that_no_other_draft_is_forgotten(at_the_desk):
    """A draft that goes before the answer is lost with a dropped line."""
    browser, _ = at_the_desk("reception")
    assert 'data-arrived=""' in text_of(browser.get(FORM))
    refused = sent(place="Nirgendwohausen")
    assert 'data-arrived=""' in text_of(browser.post(FORM, refused))
    form = sent(channel="telephone")
    browser.post(FORM, form)
    assert f'data-arrived="{form["form_key"]}"' in text_of(browser.get(FORM))


def test_what_is_done_already_is_told_and_not_opened_a_second_time(at_the_desk, office):
    browser, member = at_the_desk("counsels")
    browser.post(FORM, sent(channel="telephone"))
    (contact,) = contacts(office)
    with acting_for(office):
        enquiry = log.open_enquiry(contact, by=member, at=timezone.now())
        threads.close(enquiry, by=member, at=timezone.now())
    answer = browser.post(f"{FORM}{contact.pk}/anfrage/", sent())
    assert answer.status_code == 302
    assert "gibt es schon; sie ist erledigt" in text_of(browser.get(answer.headers["Location"]))


def test_without_a_script_words_are_asked_back_as_topics_before_anything_is_saved(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    answer = browser.post(FORM, sent(channel="telephone", topic_words="mein mann trinkt"))

    assert "Was davon ist gemeint?" in text_of(answer)
    assert 'name="topics" value="addiction-alcohol-relatives"' in text_of(answer)
    assert contacts(office) == []


def test_whoever_was_asked_back_and_chose_nothing_is_not_asked_again(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    first = browser.post(FORM, sent(channel="telephone", topic_words="xqzt blubb"))
    assert 'name="asked_about" value="xqzt blubb"' in text_of(first)
    assert 'name="topic_words" value="xqzt blubb"' in text_of(first)
    again = browser.post(FORM, sent(channel="telephone", topic_words="xqzt blubb", asked_about="xqzt blubb"))

    assert again.status_code == 302
    assert [contact.topics for contact in contacts(office)] == [[]]


def test_while_typing_the_groups_that_fit_are_shown_with_what_is_to_be_cleared(at_the_desk, office):
    make_group(office, name="Gruppe Angst, Beispiel", conditions={"first_talk": True})
    projection.rebuild(on=A_DAY)
    browser, _ = at_the_desk("reception")
    answer = browser.post(FORM + "passend/", {"topic_words": "panikatacken", "place": "Unna"}).json()

    assert answer["topics"][0]["id"] == "anxiety-panic"
    assert [group["name"] for group in answer["groups"]] == ["Gruppe Angst, Beispiel"]
    assert contacts(office) == []


def test_words_typed_while_talking_stand_in_no_title_address_or_trail(at_the_desk, office):
    browser, _ = at_the_desk("counsels")
    browser.post(FORM + "passend/", {"topic_words": CANARY})
    answer = browser.post(FORM, sent(note=CANARY, channel="telephone"))

    assert CANARY not in answer.headers["Location"]
    assert not [line for line in TrailEntry.objects.all() if "anarien" in repr(line.__dict__)]


def test_what_was_just_logged_is_taken_back_and_not_counted(at_the_desk, office):
    browser, _ = at_the_desk("reception")
    browser.post(FORM, sent(channel="telephone"))
    (contact,) = contacts(office)
    again = text_of(browser.get(FORM))
    assert "Letzten zurücknehmen" in again
    browser.post(f"{FORM}{contact.pk}/zuruecknehmen/")

    assert contacts(office) == []
    assert "Letzten zurücknehmen" not in text_of(browser.get(FORM))


def test_whoever_keeps_the_directory_logs_no_contacts(at_the_desk, office):
    browser, _ = at_the_desk("upkeep")

    assert browser.get(FORM).status_code == 404
    assert browser.post(FORM, sent(channel="telephone")).status_code == 404
    assert contacts(office) == []
