"""Anfragen at the desk: from the log to the outcome, one step per form, and nothing typed is lost."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.desk import consent_texts
from kontaktstelle.directory import projection
from kontaktstelle.enquiries import arrangements, call_backs, log, referral, threads
from kontaktstelle.enquiries.models import (
    Arrangement,
    CallBack,
    Clearing,
    Consent,
    Contact,
    Enquiry,
    Note,
    Referral,
)
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.models import Party
from kontaktstelle.relay.parties import Address
from support.desk import KARLA
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/"
CANARY = "Kanarienvogel zwitschert"


def sent(**values):
    return {"form_key": str(uuid.uuid4()), **values}


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


@pytest.fixture
def group(office):
    made = make_group(office, name="Gruppe Angst, Beispiel", conditions={"first_talk": True})
    projection.rebuild(on=timezone.localdate())
    return made


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels")


@pytest.fixture
def opened(office, counsellor):
    """Return an enquiry made from a contact, covered by the counsellor."""
    _, member = counsellor
    return make(office, member)


def make(office, member, **how):
    with acting_for(office):
        contact = log.log_contact(
            by=member, at=timezone.now(), who="affected", concerns=["find-group"], topics=["anxiety-panic"], note=CANARY
        )  # fmt: skip
        return log.open_enquiry(contact, by=member, at=timezone.now(), **how)


def referred(office, member, enquiry, group, route=Referral.Route.CALL_BACK):
    with acting_for(office):
        return referral.draft(enquiry, to=group, route=route, by=member, at=timezone.now())


def made_due_today(office, row):
    with acting_for(office):
        type(row).objects.filter(pk=row.pk).update(due_on=timezone.localdate())


def one(office, model, **which):
    with acting_for(office):
        return model.objects.get(**which)


def card(enquiry):
    return f"{DESK}anfragen/{enquiry.number}/"


def test_one_key_makes_an_enquiry_of_what_was_just_logged_and_a_second_press_the_same(office, counsellor):
    browser, member = counsellor
    browser.post(f"{DESK}kontakt/", sent(channel="telephone", topics=["anxiety-panic"]))
    contact = one(office, Contact)
    shown = text_of(browser.get(f"{DESK}kontakt/"))
    assert 'data-key="o"' in shown
    twice = sent()
    first = browser.post(f"{DESK}kontakt/{contact.pk}/anfrage/", twice)
    browser.post(f"{DESK}kontakt/{contact.pk}/anfrage/", twice)

    enquiry = one(office, Enquiry)
    assert first.headers["Location"] == card(enquiry)
    assert enquiry.covered_by_id == member.pk
    assert "Angst" in words(browser.get(card(enquiry)))


def test_the_card_says_first_how_things_stand_and_what_is_next(counsellor, opened):
    browser, _ = counsellor
    shown = words(browser.get(card(opened)))

    assert opened.number in shown
    assert "offen" in shown
    assert "Mit der Person klären" in shown
    assert CANARY in shown


def test_notes_are_read_by_who_counsels_and_by_nobody_else(office, counsellor, opened, at_the_desk):
    browser, _ = counsellor
    browser.post(f"{card(opened)}notiz/", sent(text=f"lang: {CANARY}"))
    assert f"lang: {CANARY}" in words(browser.get(card(opened)))

    leading, _ = at_the_desk("leads")
    shown = leading.get(card(opened))
    assert shown.status_code == 200
    assert CANARY not in text_of(shown)
    assert leading.post(f"{card(opened)}notiz/", sent(text="x")).status_code == 404
    reception, _ = at_the_desk("reception")
    assert reception.get(card(opened)).status_code == 404


def test_only_me_shows_a_colleague_number_and_day_and_nothing_else(
    office, counsellor, opened, at_the_desk, group
):
    browser, member = counsellor
    browser.post(f"{card(opened)}zustaendig/", sent(staff=str(member.pk), only_me="1", seen=opened.version))
    colleague, _ = at_the_desk("counsels")
    shown = text_of(colleague.get(card(opened)))

    assert opened.number in shown
    assert CANARY not in shown
    assert "Angst" not in shown
    listed = text_of(colleague.get(f"{DESK}anfragen/?welche=alle"))
    assert opened.number in listed
    assert "Angst" not in listed
    assert 'value="anxiety-panic"' not in text_of(colleague.get(f"{DESK}merkzettel/?anfrage={opened.number}"))
    row = referred(office, member, opened, group)
    for path in (f"{card(opened)}klaerung/", f"{card(opened)}vermitteln/", f"{DESK}vermittlung/{row.pk}/"):
        assert colleague.get(path).status_code == 404, path
    assert group.name not in text_of(colleague.get(card(opened)))
    made_due_today(office, row)
    assert group.name not in text_of(colleague.get(DESK))


def test_a_withdrawal_is_taken_even_of_what_a_colleague_keeps_to_themselves(
    office, counsellor, opened, at_the_desk, group
):
    _, member = counsellor
    row = referred(office, member, opened, group)
    with acting_for(office):
        threads.cover(opened, member, by=member, at=timezone.now(), only_me=True)
    colleague, _ = at_the_desk("counsels")
    assert "Die Person widerruft" in text_of(colleague.get(card(opened)))
    answer = colleague.post(f"{DESK}vermittlung/{row.pk}/widerruf/", sent())

    assert answer.headers["Location"] == card(opened)
    assert one(office, Referral).status == "withdrawn"


def test_a_refused_note_stays_in_its_field(counsellor, opened):
    browser, _ = counsellor
    answer = browser.post(f"{card(opened)}notiz/", sent(text="x" * 20_001))

    assert answer.status_code == 409
    assert "höchstens 20 000 Zeichen" in text_of(answer)
    assert "x" * 20_001 in text_of(answer)


def test_two_who_change_a_note_at_once_both_keep_their_text(office, counsellor, opened, at_the_desk):
    browser, member = counsellor
    with acting_for(office):
        note = threads.write_note(opened, "erster Stand", by=member, at=timezone.now())
    colleague, _ = at_the_desk("counsels")
    colleague.post(f"{DESK}anfragen/notiz/{note.pk}/", sent(text="ihre Worte", seen=note.version))
    browser.post(f"{DESK}anfragen/notiz/{note.pk}/", sent(text="seine Worte", seen=note.version))
    shown = words(browser.get(card(opened)))

    assert "ihre Worte" in shown
    assert "seine Worte" in shown
    assert "Beide Texte stehen da" in shown


def test_a_step_from_an_old_page_is_refused_and_changes_nothing(office, counsellor, opened):
    browser, _ = counsellor
    browser.post(
        f"{card(opened)}warten/",
        sent(
            whom="person", until=(timezone.localdate() + timedelta(days=9)).isoformat(), seen=opened.version
        ),
    )
    answer = browser.post(f"{card(opened)}erledigen/", sent(seen=opened.version))

    assert answer.status_code == 409
    assert "inzwischen jemand anderes geändert" in text_of(answer)
    assert one(office, Enquiry).status == "waiting"


def test_waiting_needs_somebody_and_a_day(counsellor, opened):
    browser, _ = counsellor
    for wrong in (
        {"whom": "group"},
        {"whom": "mond", "until": timezone.localdate().isoformat()},
        {"whom": "group", "until": "bald"},
        {"whom": "group", "until": "2062-05-07"},
    ):
        assert browser.post(f"{card(opened)}warten/", sent(seen=opened.version, **wrong)).status_code == 409


def test_the_whole_way_from_clearing_to_the_outcome_by_telephone(office, counsellor, opened, group):
    browser, _ = counsellor
    browser.post(f"{card(opened)}erreichbar/", sent(name="Karla", phone="030 23125 778", seen=opened.version))
    clearing_page = words(browser.get(f"{card(opened)}klaerung/"))
    assert "Vorgespräch" in clearing_page
    assert "Gruppe Angst, Beispiel" in clearing_page
    answer = browser.post(f"{card(opened)}klaerung/", sent(outcome=["fits"]))
    assert answer.headers["Location"] == f"{card(opened)}vermitteln/"
    assert "Thema Angst" in words(browser.get(answer.headers["Location"]))
    answer = browser.post(answer.headers["Location"], sent(to=group.slug, route="R2"))
    page = answer.headers["Location"]
    assert "Sind Sie einverstanden?" in words(browser.get(page))
    browser.post(f"{page}einwilligung/", sent(how="telephone"))
    assert "030 23125778" in words(browser.get(page)).replace("030 23125 778", "030 23125778")
    for step in ("fragen", "zusage", "kontakt"):
        row = one(office, Referral)
        assert browser.post(f"{page}{step}/", sent(seen=row.version)).status_code == 302, step
    browser.post(f"{page}ergebnis/", sent(result="visited", seen=one(office, Referral).version))

    assert (one(office, Referral).status, one(office, Referral).result) == ("outcome", "visited")
    assert one(office, Clearing).outcomes == ["fits"]
    assert one(office, Consent).text_version == "rueckruf-1"
    assert "Treffen besucht" in words(browser.get(card(opened)))


def test_without_consent_nobody_is_asked(office, counsellor, opened, group):
    browser, member = counsellor
    row = referred(office, member, opened, group)
    answer = browser.post(f"{DESK}vermittlung/{row.pk}/fragen/", sent(seen=row.version))

    assert answer.status_code == 409
    assert one(office, Referral).status == "draft"


def test_withdrawing_is_possible_at_any_time_and_ends_the_consent(office, counsellor, opened, group):
    browser, member = counsellor
    row = referred(office, member, opened, group)
    page = f"{DESK}vermittlung/{row.pk}/"
    browser.post(f"{page}einwilligung/", sent(how="telephone"))
    browser.post(f"{page}fragen/", sent(seen=one(office, Referral).version))
    browser.post(f"{page}widerruf/", sent())

    assert one(office, Referral).status == "withdrawn"
    assert one(office, Consent).withdrawn_at is not None
    made_due_today(office, row)
    assert f"{group.name}: Bescheid geben, die Person hat widerrufen" in words(browser.get(DESK))
    assert "Der Gruppe Bescheid geben" in words(browser.get(card(opened)))
    refused = browser.post(f"{card(opened)}erledigen/", sent(seen=one(office, Enquiry).version))
    assert "Bitte geben Sie zuerst Bescheid" in text_of(refused)
    assert "Niemand soll sich mehr bei ihr melden" in words(browser.get(page))
    browser.post(f"{page}bescheid/", sent(seen=one(office, Referral).version))
    assert "Bescheid geben" not in words(browser.get(DESK))


def test_being_asked_later_is_taken_back_on_the_same_page(office, counsellor, opened, group):
    browser, member = counsellor
    row = referred(office, member, opened, group, Referral.Route.OPEN)
    page = f"{DESK}vermittlung/{row.pk}/"
    browser.post(f"{page}mitteilen/", sent())
    browser.post(f"{page}nachfragen/", sent(how="telephone"))
    assert "Doch nicht nachfragen" in text_of(browser.get(page))
    browser.post(f"{page}nicht-nachfragen/", sent())
    assert one(office, Consent).withdrawn_at is not None
    assert one(office, Referral).follow_up_on is None


@pytest.mark.parametrize("route", [route for route in Referral.Route if route != Referral.Route.OPEN])
def test_what_is_read_aloud_takes_a_quarter_of_a_minute(route, office):
    for group in (uuid.uuid4(), None):
        with acting_for(office):
            text = consent_texts.spoken(
                Referral(route=route, group_id=group, network="" if group else "body:x")
            )
        assert len(text.text.split()) <= consent_texts.MOST_WORDS, text
        assert "widerrufen" in text.text


def test_a_crisis_rests_the_referral_shows_lines_and_keeps_nothing_but_the_code(
    office, counsellor, opened, group
):
    browser, _ = counsellor
    contact = one(office, Contact)
    browser.post(f"{DESK}kontakt/{contact.pk}/krise/", sent())
    shown = words(browser.get(card(opened)))
    assert "Krise: jetzt nicht in eine Gruppe" in shown
    assert "112" in shown
    assert one(office, Contact).outcomes == ["crisis-help"]
    answer = browser.post(f"{card(opened)}vermitteln/", sent(to=group.slug))
    assert answer.status_code == 409
    assert "ruht die Vermittlung" in text_of(answer)
    browser.post(f"{card(opened)}weiter/", sent())
    assert browser.post(f"{card(opened)}vermitteln/", sent(to=group.slug)).status_code == 302


def test_an_arrangement_changed_meanwhile_shows_both_texts(office, counsellor, group):
    browser, member = counsellor
    with acting_for(office):
        row = arrangements.agree(group, {"words": "alte Worte"}, by=member, at=timezone.now())
        arrangements.agree(group, {"words": "ihre Worte"}, by=member, at=timezone.now())
    answer = browser.post(
        f"{DESK}absprache/{group.slug}/",
        sent(how="mail", rhythm="weekly", words="meine Worte", new_per_month="2", seen=row.version),
    )

    assert answer.status_code == 409
    assert "ihre Worte" in text_of(answer)
    assert "meine Worte" in text_of(answer)
    assert one(office, Arrangement).how == "call"
    browser.post(
        f"{DESK}absprache/{group.slug}/",
        sent(how="mail", rhythm="weekly", words="beides", seen=row.version + 1),
    )
    assert one(office, Arrangement).how == "mail"


def test_a_promise_is_made_beside_the_log_and_its_person_lies_sealed(office, at_the_desk):
    browser, _ = at_the_desk("reception")
    browser.post(f"{DESK}kontakt/", sent(channel="telephone"))
    contact = one(office, Contact)
    refused = browser.post(
        f"{DESK}rueckruf/", sent(kind="call", name=KARLA.name, kontakt=str(contact.pk), **{"from": "10"})
    )
    assert refused.status_code == 409
    assert KARLA.name in text_of(refused)
    answer = browser.post(
        f"{DESK}rueckruf/",
        sent(kind="call", name=KARLA.name, phone=KARLA.phone, kontakt=str(contact.pk), until="12", machine="neutral", **{"from": "10"}),
    )  # fmt: skip

    assert answer.status_code == 302
    assert KARLA.name in text_of(browser.get(answer.headers["Location"]))
    made = one(office, CallBack)
    assert (made.contact_id, made.machine, made.window_from.hour) == (contact.pk, "neutral", 10)
    assert "Kanarienvogel" not in answer.headers["Location"]


def test_who_calls_back_is_found_by_what_they_say_and_it_stands_in_no_address(
    office, counsellor, at_the_desk
):
    browser, member = counsellor
    enquiry = make(office, member, person=KARLA)
    for said in (enquiry.number.lower(), "030/23125778", "kanarienvogel"):
        answer = browser.post(f"{DESK}anrufer/", {"words": said})
        assert enquiry.number in text_of(answer), said
    assert "Dazu steht nichts mehr da" in text_of(browser.post(f"{DESK}anrufer/", {"words": "Niemand"}))
    reception, _ = at_the_desk("reception")
    assert f'href="{card(enquiry)}"' not in text_of(
        reception.post(f"{DESK}anrufer/", {"words": "kanarienvogel"})
    )


def test_the_leaflet_holds_public_facts_and_keeps_nothing_of_anybody(office, counsellor, group):
    browser, member = counsellor
    enquiry = make(office, member, person=KARLA)
    before = [len(_all(office, model)) for model in (Contact, Enquiry, Note, Party)]
    shown = text_of(browser.get(f"{DESK}merkzettel/?anfrage={enquiry.number}"))

    assert "Gruppe Angst, Beispiel" in shown
    assert "Vorgespräch nötig" in shown
    assert "030 23125" in shown
    assert "Kanarien" not in shown
    beside = browser.post(f"{DESK}merkzettel/", {"topic_words": "panikatacken", "place": "Unna"})
    assert "Gruppe Angst, Beispiel" in text_of(beside)
    assert [len(_all(office, model)) for model in (Contact, Enquiry, Note, Party)] == before


def test_the_leaflet_holds_three_groups_at_most(office, at_the_desk):
    names = [f"Gruppe {number}, Beispiel" for number in range(5)]
    slugs = [make_group(office, name=name).slug for name in names]
    projection.rebuild(on=timezone.localdate())
    browser, _ = at_the_desk("reception")
    answer = browser.post(
        f"{DESK}merkzettel/", {"gruppe": slugs, "gewaehlt": "1", "topics": ["anxiety-panic"]}
    )
    sheet = text_of(answer).split("<article")[1].split("</article>")[0]

    assert sum(name in sheet for name in names) == 3
    assert "Drei Gruppen sind eine Wahl" in text_of(answer)


def _all(office, model):
    with acting_for(office):
        return list(model.objects.all())


def test_every_page_of_an_enquiry_survives_odd_input(office, counsellor, opened, group):
    browser, member = counsellor
    row = referred(office, member, opened, group)
    with acting_for(office):
        back = call_backs.promise(CallBack.Kind.CALL, Address(phone="1"), by=member, at=timezone.now())
    odd = [
        "",
        "\x00",
        "'; DROP TABLE x; --",
        "<script>alert(1)</script>",
        "٣",
        "x" * 5000,
        "-1",
        "NaN",
        "💥",
        "9" * 20,
        "1.1.99999999999",
        "31.12.9999",
    ]
    fields = ["whom", "staff", "text", "name", "phone", "kind", "machine", "due_on", "from", "until", "what", "outcome", "to", "route",
              "how", "reason", "result", "on", "rhythm", "asked_person", "new_per_month", "words", "gruppe", "topics", "topic_words", "place", "seen", "kontakt", "of", "deputy", "since"]  # fmt: skip
    addresses = [
        f"{card(opened)}{step}/"
        for step in ("aufnehmen", "warten", "zustaendig", "notiz", "erreichbar", "klaerung", "vermitteln")
    ]
    addresses += [
        f"{DESK}vermittlung/{row.pk}/{step}/" for step in ("einwilligung", "absage", "ergebnis", "nachfragen")
    ]
    addresses += [f"{DESK}rueckruf/", f"{DESK}rueckruf/{back.pk}/versuch/", f"{DESK}rueckruf/{back.pk}/wieder/", f"{DESK}absprache/{group.slug}/",
                  f"{DESK}anrufer/", f"{DESK}merkzettel/", f"{DESK}uebergabe/notiz/", f"{DESK}uebergabe/abwesend/", f"{DESK}uebergabe/alles/"]  # fmt: skip
    for address in addresses:
        for value in odd:
            answer = browser.post(address, dict.fromkeys(fields, value))
            if "merkzettel" in address:
                assert browser.get(address, {"gruppe": value, "kontakt": value}).status_code < 500, value
            assert answer.status_code < 500, (address, value)
            assert "<script>alert(1)" not in text_of(answer), address


def test_due_tomorrow_means_due_on_a_day_somebody_is_there(office, counsellor, opened):
    assert opened.due_on > timezone.localdate()
    assert opened.due_on - timezone.localdate() <= timedelta(days=7)
    assert opened.due_on.weekday() in {1, 3}
