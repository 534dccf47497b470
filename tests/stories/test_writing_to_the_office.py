"""From a group's page to the office and back: a message, a code, an answer, a reply. Nobody says their name."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import correspondence, due, intake
from kontaktstelle.enquiries.models import Consent, Contact, Enquiry, Intake
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.models import ContactPoint, Traeger
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from kontaktstelle.relay import throttle
from support.desk import make_staff
from support.enquiring import HERE, code_in, form_with, open_with, reply, send, write
from support.people import A_MOMENT, make_group
from support.visiting import alarms, forget, text_of

pytestmark = pytest.mark.django_db
WORDS = "Seit Kanarienmonat habe ich Angst, aus dem Haus zu gehen."


def seen(answer):
    text = re.sub(
        r"<(?:script|style|title)[^>]*>.*?</(?:script|style|title)>", " ", text_of(answer), flags=re.DOTALL
    )
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").replace("&nbsp;", " "))


@pytest.fixture(autouse=True)
def nobody_guessed():
    throttle.forget()


@pytest.fixture(autouse=True)
def written_with_care(monkeypatch):
    """Tests are quicker than three seconds; what is quick is tested by itself."""
    monkeypatch.setattr("kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(0))


@pytest.fixture
def staff(office):
    return make_staff(office)


@pytest.fixture
def group(office):
    return make_group(office)


def the_enquiry(office):
    with acting_for(office):
        return Enquiry.objects.get()


def test_a_message_from_a_groups_page_is_answered_and_the_answer_is_read_with_the_code(
    office, group, staff, visit
):
    page = visit.get(f"/gruppe/{group.slug}/")
    assert f'href="/nachricht/{group.slug}/"' in text_of(page)
    form = visit.get(f"/nachricht/{group.slug}/")
    assert "nachts" in seen(form)
    assert "Eine Antwort haben Sie spätestens" in seen(form)
    assert office.name in seen(form)
    thanks = write(visit, f"/nachricht/{group.slug}/", WORDS)
    assert thanks.status_code == 200
    code = code_in(thanks)
    assert re.fullmatch(r"(?:[2-9A-Z]{4}-){4}[2-9A-Z]{4}", code)

    enquiry = the_enquiry(office)
    assert enquiry.status == "new"
    with acting_for(office):
        assert due.day(by=staff, at=timezone.now()).new[0].number == enquiry.number
        thread = correspondence.thread(enquiry, by=staff, at=timezone.now())
        assert [said.text for said in thread.said] == [WORDS]
        correspondence.tell(enquiry, "Guten Tag, wann dürfen wir\nSie anrufen?", by=staff, at=timezone.now())

    messages = open_with(visit, code.lower().replace("-", " "))
    assert "wann dürfen wir\nSie anrufen" in text_of(messages)
    assert WORDS in seen(messages)
    answered = reply(visit, messages, "Lieber hier schreiben.")
    assert "Ihre Nachricht ist angekommen" in seen(answered)
    with acting_for(office):
        enquiry.refresh_from_db()
        assert enquiry.status == "open"
        assert [said.text for said in correspondence.thread(enquiry, by=staff, at=timezone.now()).said][
            -1
        ] == "Lieber hier schreiben."


def test_enquiry_first_message_notices_and_trail_are_there_before_thanks_are_said(office, group, visit):
    write(visit, f"/nachricht/{group.slug}/", WORDS, rueckweg="karla.kanarie@example.org")

    with acting_for(office):
        contact = Contact.objects.get()
        assert (contact.channel, contact.concerns, contact.topics) == (
            "web",
            ["find-group"],
            ["anxiety-panic"],
        )
        assert sorted(Dispatch.objects.values_list("template", flat=True)) == [
            "enquiries/mail/it_arrived",
            "enquiries/mail/someone_wrote",
        ]
    assert TrailEntry.objects.filter(action="enquiry.received", actor="seeker").count() == 1


def test_a_refused_commit_leaves_nothing_behind_and_says_no_thanks(office, group, visit, monkeypatch):
    monkeypatch.setattr("kontaktstelle.mailroom.outbox.queue", lambda *_, **__: 1 / 0)
    answer = write(visit, f"/nachricht/{group.slug}/", WORDS)

    assert answer.status_code == 500
    with acting_for(office):
        assert not Enquiry.objects.exists()
        assert not Intake.objects.exists()


def test_a_double_click_is_one_enquiry_and_shows_the_same_code(office, group, visit):
    path = f"/nachricht/{group.slug}/"
    form = form_with(visit.get(path), "nachricht")
    first, second = (send(visit, form, at=path, nachricht=WORDS) for _ in range(2))

    assert code_in(first) == code_in(second)
    with acting_for(office):
        assert Enquiry.objects.count() == 1
    third = send(visit, form, at=path, nachricht=f"{WORDS} Und noch etwas.")
    assert code_in(third) != code_in(first), "other words in the same form are not lost"
    with acting_for(office):
        assert Enquiry.objects.count() == 2


def test_in_danger_help_comes_first_and_the_message_is_accepted_and_tops_the_day(
    office, group, staff, visit, monkeypatch
):
    from kontaktstelle.network.registers import load_registers

    load_registers(at=A_MOMENT)
    forget()
    alarms(monkeypatch, umbringen="suicide")
    path = f"/nachricht/{group.slug}/"
    write(visit, path, "Ich habe nur eine Frage.")
    page = write(visit, path, "Es ist alles zu viel. " * 90 + "Ich will mich umbringen.", webseite="http://x")

    assert seen(page).index("0800 1110111") < seen(page).index("Ihr Code")
    with acting_for(office):
        day = due.day(by=staff, at=timezone.now())
    assert [item.in_crisis for item in day.danger] == [True]
    assert [item.in_crisis for item in day.new] == [False]
    assert day.suspect == [], "who is in danger waits in no queue"


@pytest.fixture
def path(group):
    return f"/nachricht/{group.slug}/"


@pytest.mark.parametrize("how", ["honeypot", "quick", "links", "repeated"])
def test_a_suspect_message_waits_in_a_queue_with_an_alarm_and_is_never_dropped(
    path, staff, visit, request, how
):
    office = staff.contact_point
    text, more = WORDS, {}
    if how == "honeypot":
        more = {"webseite": "https://kauf.example"}
    elif how == "quick":
        request.getfixturevalue("monkeypatch").setattr(
            "kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(seconds=3)
        )
    elif how == "links":
        text = "https://a.example https://b.example https://c.example"
    else:
        write(visit, path, text.upper().replace(" ", "  "))
    answer = write(visit, path, text, **more)
    assert code_in(answer)
    now = timezone.now()
    with acting_for(office):
        (suspect,) = due.day(by=staff, at=now).suspect
        assert not suspect.alarms
        assert due.day(by=staff, at=now + timedelta(hours=25)).suspect[0].alarms
        known = 1 if how == "repeated" else 0
        assert len(due.day(by=staff, at=now).new) == known
        assert Contact.objects.count() == known
        intake.let_through(suspect.intake, by=staff, at=now)
        assert len(due.day(by=staff, at=now).new) == known + 1
        assert Contact.objects.count() == known + 1
        with pytest.raises(intake.AlreadyDecided):
            intake.lay_aside(suspect.intake, by=staff, at=now)
    assert text.split()[0] in seen(open_with(visit, code_in(answer)))


def test_what_is_no_message_is_laid_aside_and_not_counted(office, group, staff, visit):
    write(visit, f"/nachricht/{group.slug}/", WORDS, webseite="x")
    with acting_for(office):
        (suspect,) = intake.suspects(by=staff, at=timezone.now())
        enquiry = intake.lay_aside(suspect.intake, by=staff, at=timezone.now())
        assert enquiry.status == "closed"
        assert not Contact.objects.exists()
        assert intake.suspects(by=staff, at=timezone.now()) == []


def test_a_page_left_open_for_too_long_keeps_the_words(office, group, visit):
    path = f"/nachricht/{group.slug}/"
    form = form_with(visit.get(path), "nachricht")
    form["fields"]["marke"] = "alt:1abcde:falsch"
    answer = send(visit, form, at=path, nachricht=WORDS, rueckweg="030 23125 778")

    assert answer.status_code == 403
    assert WORDS in text_of(answer)
    assert "030 23125 778" in text_of(answer)
    again = send(visit, form_with(answer, "nachricht"), at=path)
    assert code_in(again)


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"nachricht": "  "}, "zwischen einem"),
        ({"rueckweg": "karla@"}, "Ihr Code genügt"),
        ({"rueckweg": "ruf mich an"}, "Ihr Code genügt"),
    ],
)
def test_what_cannot_be_is_said_kindly_and_nothing_typed_is_lost(office, group, visit, typed, says):
    path = f"/nachricht/{group.slug}/"
    fields = {"nachricht": WORDS, "rueckweg": ""} | typed
    answer = send(visit, form_with(visit.get(path), "nachricht"), at=path, **fields)

    assert answer.status_code == 409
    assert says in seen(answer)
    assert fields["nachricht"].strip() in text_of(answer)
    assert fields["rueckweg"] in text_of(answer)


def test_a_code_alone_is_enough_and_a_telephone_is_sealed(office, group, visit):
    write(visit, f"/nachricht/{group.slug}/", WORDS, rueckweg="030 23125 778")

    enquiry = the_enquiry(office)
    assert enquiry.phone_index
    from kontaktstelle.relay.parties import address_of

    with acting_for(office):
        assert address_of(enquiry.party).phone == "030 23125 778"


@pytest.mark.parametrize("kind", list(Traeger.Kind))
def test_consents_are_asked_where_the_ground_is_consent_each_by_itself(office, group, visit, kind):
    Traeger.objects.update(kind=kind)
    path = f"/nachricht/{group.slug}/"
    page = text_of(visit.get(path))
    asks = kind != Traeger.Kind.PUBLIC
    assert ('name="einverstanden"' in page) == asks
    assert ('name="weitergeben"' in page) == asks
    assert "checked" not in page
    if asks:
        refused = write(visit, path, WORDS, weitergeben="1")
        assert refused.status_code == 409
        assert "Häkchen" in seen(refused)
    write(visit, path, WORDS, einverstanden="1")
    with acting_for(office):
        assert [proof.purpose for proof in Consent.objects.all()] == (["processing"] if asks else [])
        assert not Intake.objects.get().may_pass_on


def test_it_goes_to_the_office_in_charge_where_somebody_lives(office, office_elsewhere, visit):
    page = visit.get("/nachricht/")
    form = form_with(page, "ort")
    there = send(visit, form, ort="59423")
    assert office.name in seen(there)
    assert "Kontaktstelle Anderswo" not in seen(there).split("Datenschutz")[0]
    send(visit, form_with(there, "nachricht"), nachricht=WORDS)
    with acting_for(office):
        assert Contact.objects.get().kreis_key == "05978"
    with acting_for(office_elsewhere):
        assert not Enquiry.objects.exists()


def test_where_no_office_is_in_charge_the_person_chooses(office, office_elsewhere, visit):
    answer = send(visit, form_with(visit.get("/nachricht/"), "ort"), ort="80331")

    assert "Bitte wählen Sie eine aus" in seen(answer)
    assert f"/nachricht/an/{office.slug}/" in text_of(answer)
    with acting_for(office):
        assert not Enquiry.objects.exists()


def test_a_wrong_an_expired_and_an_erased_code_look_the_same(office, group, visit):
    from kontaktstelle.relay import channels
    from kontaktstelle.relay.models import ReceiptCode

    code = code_in(write(visit, f"/nachricht/{group.slug}/", WORDS))
    other = code_in(write(visit, f"/nachricht/{group.slug}/", WORDS + " Noch einmal."))
    assert open_with(visit, code).status_code == 200
    mistyped = code[:-1] + ("2" if code[-1] != "2" else "3")
    with acting_for(office):
        ReceiptCode.objects.all().update(expires_on=timezone.localdate() - timedelta(days=1))
        answers = [open_with(visit, typed) for typed in (code, mistyped, "", "nichts", "ÄÖÜ\x00")]
        channels.erase(ReceiptCode.objects.exclude(about=the_first(office)).first().about)
    answers.append(open_with(visit, other))
    assert {answer.status_code for answer in answers} == {403}
    assert len({text_of(answer) for answer in answers}) == 1
    assert "Das macht nichts" in seen(answers[0])


def the_first(office):
    with acting_for(office):
        return Enquiry.objects.order_by("opened_at").first().pk


def test_whoever_guesses_is_slowed_down_and_others_are_not(office, group, visit):
    code = code_in(write(visit, f"/nachricht/{group.slug}/", WORDS))
    for _ in range(throttle.MOST_WRONG):
        assert open_with(visit, "ABCD-EFGH-JKMN-PQRS-TUVW").status_code == 403
    assert open_with(visit, code).status_code == 429
    elsewhere = visit.post("/antwort/", {"code": code}, headers=HERE, REMOTE_ADDR="198.51.100.7")
    assert elsewhere.status_code == 200


def test_an_unread_answer_becomes_a_task_after_a_day(office, group, staff, visit):
    code = code_in(write(visit, f"/nachricht/{group.slug}/", WORDS))
    enquiry, now = the_enquiry(office), timezone.now()
    with acting_for(office):
        correspondence.tell(enquiry, "Guten Tag.", by=staff, at=now)
        correspondence.thread(enquiry, by=staff, at=now)
        assert due.day(by=staff, at=now + timedelta(hours=23)).unread == []
        (task,) = due.day(by=staff, at=now + timedelta(hours=25)).unread
        assert (task.number, task.is_call_task) == (enquiry.number, True)
    open_with(visit, code)
    with acting_for(office):
        assert due.day(by=staff, at=now + timedelta(hours=25)).unread == []


def test_the_seeker_is_told_once_that_something_waits_and_never_what(office, group, staff, visit):
    write(visit, f"/nachricht/{group.slug}/", WORDS, rueckweg="karla.kanarie@example.org")
    enquiry = the_enquiry(office)
    with acting_for(office):
        for text in ("Guten Tag, Kanarienantwort.", "Noch etwas."):
            correspondence.tell(enquiry, text, by=staff, at=timezone.now())
        (waiting,) = Dispatch.objects.filter(template="mailroom/mail/message_waiting")
        for dispatch in Dispatch.objects.all():
            for canary in ("Kanarien", "Angst", "Gruppe"):
                assert canary not in dispatch.content
    path = re.search(r"(/post/[\w-]+/)", waiting.content)[1]
    assert visit.get(path).status_code == 200


def test_nobody_can_have_anothers_mailbox_filled_from_here(office, group, visit):
    for number in range(3):
        write(visit, f"/nachricht/{group.slug}/", f"{WORDS} {number}", rueckweg="karla.kanarie@example.org")
    with acting_for(office):
        assert Dispatch.objects.filter(template="enquiries/mail/it_arrived").count() == 1


def test_a_known_and_an_unknown_address_are_answered_alike(office, group, visit):
    path = f"/nachricht/{group.slug}/"
    pages = [
        write(visit, path, f"{WORDS} {number}", rueckweg="karla.kanarie@example.org") for number in range(2)
    ]
    without_code = [text_of(page).replace(code_in(page), "") for page in pages]
    assert without_code[0] == without_code[1]


def test_what_was_closed_is_open_again_when_the_person_writes(office, group, staff, visit):
    from kontaktstelle.enquiries import threads

    page = open_with(visit, code_in(write(visit, f"/nachricht/{group.slug}/", WORDS)))
    with acting_for(office):
        threads.close(the_enquiry(office), by=staff, at=timezone.now())
    reply(visit, page, "Ich habe doch noch eine Frage.")
    assert the_enquiry(office).status == "open"


def test_when_the_person_is_gone_so_are_words_and_code(office, group, staff, visit):
    from kontaktstelle.enquiries import erasure, threads
    from kontaktstelle.relay.models import Channel, Message, ReceiptCode

    code = code_in(write(visit, f"/nachricht/{group.slug}/", WORDS))
    later = timezone.now() + timedelta(days=100)
    with acting_for(office):
        threads.close(the_enquiry(office), by=staff, at=timezone.now())
        erasure.de_identify(at=later)
        for model in (Channel, Message, ReceiptCode, Intake):
            assert not model.objects.exists()
    assert open_with(visit, code).status_code == 403


def test_an_office_with_a_broken_address_still_gets_the_message(office, group, visit):
    ContactPoint.objects.filter(pk=office.pk).update(email="keine Adresse")
    assert code_in(write(visit, f"/nachricht/{group.slug}/", WORDS))
    assert the_enquiry(office).status == "new"
