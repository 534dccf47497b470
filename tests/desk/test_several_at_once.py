"""Anrufbeantworter abhören and Strichliste: several contacts in a row or at once, and back again within 15 minutes."""

import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import log
from kontaktstelle.enquiries.models import CallBack, Contact
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import address_of
from support.people import make_member
from support.visiting import text_of

pytestmark = pytest.mark.django_db
MACHINE = "/schreibtisch/kontakt/anrufbeantworter/"
TALLY = "/schreibtisch/kontakt/strichliste/"
CANARY = "Kanarienvogel"


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def contacts(office):
    with acting_for(office):
        return list(Contact.objects.order_by("entered_at"))


def call_backs(office):
    with acting_for(office):
        return list(CallBack.objects.all())


class TestMachine:
    def test_the_way_chosen_here_stays_for_the_next_message_and_nothing_else_does(self, at_the_desk):
        browser, _ = at_the_desk("reception")
        assert " checked" not in text_of(browser.get(MACHINE)).split('class="log"')[1].split("</form>")[0]
        went = browser.post(MACHINE, sent(channel="telephone", who="relative", concern="find-group"))
        shown = text_of(browser.get(went.headers["Location"])).split('class="log"')[1].split("</form>")[0]

        assert shown.count(" checked") == 1
        assert 'value="telephone" data-shortcut="1" aria-keyshortcuts="1" checked' in shown

    def test_with_a_number_a_message_is_a_call_back_as_well(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post(
            MACHINE,
            sent(channel="telephone", phone="030 23125 778", name=CANARY, **{"from": "10", "until": "12"}),
        )

        (contact,), (promised,) = contacts(office), call_backs(office)
        assert (promised.contact_id, promised.kind, contact.outcomes) == (contact.pk, "call", ["call-back"])
        with acting_for(office):
            assert address_of(promised.party).name == CANARY
        assert f"{promised.window_from:%H}-{promised.window_to:%H}" == "10-12"

    def test_without_a_number_nobody_is_kept(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post(MACHINE, sent(channel="telephone"))

        assert (len(contacts(office)), call_backs(office)) == (1, [])

    def test_a_name_without_a_number_is_said_and_nothing_is_half_saved(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        answer = browser.post(MACHINE, sent(channel="telephone", name=CANARY, note="ruft wieder an"))

        assert answer.status_code == 409
        assert "wie die Person zu erreichen ist" in text_of(answer)
        assert CANARY in text_of(answer)
        assert "ruft wieder an" in text_of(answer)
        assert (contacts(office), call_backs(office)) == ([], [])

    def test_a_double_click_is_one_contact_and_one_call_back(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        twice = sent(channel="telephone", phone="030 23125 778")
        browser.post(MACHINE, twice)
        browser.post(MACHINE, twice)

        assert (len(contacts(office)), len(call_backs(office))) == (1, 1)

    def test_taken_back_both_are_gone_and_one_goes_on_listening(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post(MACHINE, sent(channel="telephone", phone="030 23125 778"))
        went = browser.post(f"/schreibtisch/kontakt/{contacts(office)[0].pk}/zuruecknehmen/", {"reihe": "1"})

        assert went.headers["Location"] == MACHINE
        assert (contacts(office), call_backs(office)) == ([], [])

    def test_name_and_number_stand_in_no_address_and_no_draft_of_the_browser(self, at_the_desk):
        browser, _ = at_the_desk("reception")
        went = browser.post(MACHINE, sent(channel="telephone", phone="030 23125 778", name=CANARY))
        shown = text_of(browser.get(MACHINE))

        assert CANARY not in went.headers["Location"]
        for name in ("name", "phone", "wish"):
            field = next(part for part in shown.split("<input")[1:] if f'name="{name}"' in part)
            assert "data-unkept" in field.split(">")[0], name


class TestTally:
    def test_so_many_contacts_as_strokes_each_of_its_kind(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post(
            TALLY,
            sent(
                channel="event", **{"striche-affected": "3", "striche-relative": "2", "striche-unknown": "1"}
            ),
        )

        found = [(each.channel, each.who, each.source) for each in contacts(office)]
        assert sorted(found) == sorted(
            [("event", "affected", "tally")] * 3
            + [("event", "relative", "tally")] * 2
            + [("event", "unknown", "tally")]
        )

    @pytest.mark.parametrize(
        ("values", "sentence"),
        [
            ({}, "zwischen einem und 200"),
            ({"striche-affected": "0"}, "zwischen einem und 200"),
            ({"striche-affected": "201"}, "zwischen einem und 200"),
            ({"striche-affected": "drei"}, "in Ziffern"),
            ({"striche-affected": "-3"}, "in Ziffern"),
            ({"striche-affected": "٣"}, "in Ziffern"),
            ({"striche-affected": "3", "day": "24.12.2999"}, "liegt noch vor uns"),
            ({"striche-affected": "3", "day": "1.1.2020"}, "Nachtragen geht bis zum ersten Tag"),
            ({"striche-affected": "3", "channel": "<script>"}, "kennt die Liste nicht"),
        ],
    )
    def test_what_cannot_be_counted_is_said_and_no_stroke_is_lost(
        self, at_the_desk, office, values, sentence
    ):
        browser, _ = at_the_desk("reception")
        answer = browser.post(
            TALLY, sent(**{"channel": "event", "striche-relative": "" if len(values) < 2 else "7", **values})
        )

        assert answer.status_code == 409
        assert sentence in text_of(answer)
        assert len(values) < 2 or 'value="7"' in text_of(answer)
        assert contacts(office) == []

    def test_a_double_click_counts_once(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        twice = sent(channel="event", **{"striche-affected": "3"})
        browser.post(TALLY, twice)
        browser.post(TALLY, twice)

        assert len(contacts(office)) == 3

    def test_taken_back_all_strokes_of_this_list_go_and_no_other(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post(TALLY, sent(channel="event", **{"striche-affected": "3"}))
        browser.post("/schreibtisch/kontakt/", sent(channel="telephone"))
        browser.post(TALLY, sent(channel="event", **{"striche-relative": "4"}))
        assert "Letzte Striche zurücknehmen" in text_of(browser.get(TALLY))
        last = contacts(office)[-1]
        browser.post(f"{TALLY}{last.pk}/zuruecknehmen/")

        assert [each.who for each in contacts(office)] == ["affected"] * 3 + ["unknown"]
        assert "Letzte Striche zurücknehmen" not in text_of(browser.get(TALLY))

    def test_after_a_quarter_of_an_hour_or_by_somebody_else_they_stay(self, at_the_desk, office):
        browser, member = at_the_desk("reception")
        browser.post(TALLY, sent(channel="event", **{"striche-affected": "3"}))
        colleague, (one, *_) = make_member(office, "reception"), contacts(office)
        with acting_for(office):
            for who, at in ((member, timezone.now() + timedelta(minutes=16)), (colleague, timezone.now())):
                with pytest.raises(log.TooLateToUndo):
                    log.undo_tally(one, by=who, at=at)

        assert len(contacts(office)) == 3

    def test_a_single_contact_is_no_list(self, at_the_desk, office):
        browser, _ = at_the_desk("reception")
        browser.post("/schreibtisch/kontakt/", sent(channel="telephone"))
        browser.post("/schreibtisch/kontakt/", sent(channel="telephone"))
        browser.post(f"{TALLY}{contacts(office)[0].pk}/zuruecknehmen/")

        assert len(contacts(office)) == 2


class TestFurtherFieldsOfTheLog:
    def test_a_collective_contact_keeps_how_many_it_reached_and_its_day(self, at_the_desk, office):
        browser, _ = at_the_desk("counsels")
        first = timezone.localdate().replace(day=1)
        browser.post("/schreibtisch/kontakt/", sent(channel="event", reached="40", day=f"{first:%d.%m.%Y}"))

        (contact,) = contacts(office)
        assert (contact.reached, contact.day, contact.entered_late) == (40, first, False)

    @pytest.mark.parametrize("typed", ["0", "vierzig", "99999999999", "-4", "200000"])
    def test_a_number_that_is_none_is_said_and_not_swallowed(self, at_the_desk, office, typed):
        browser, _ = at_the_desk("counsels")
        answer = browser.post("/schreibtisch/kontakt/", sent(channel="event", reached=typed, note="am Markt"))

        assert answer.status_code == 409
        assert f'value="{typed}"' in text_of(answer)
        assert "am Markt" in text_of(answer)
        assert contacts(office) == []
