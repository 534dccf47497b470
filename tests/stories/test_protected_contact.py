"""Geschützter Kontakt: a group and a seeker write to each other through the site; neither learns who the other is."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import correspondence, group_answers, links, referral
from kontaktstelle.enquiries.models import Enquiry, Referral
from kontaktstelle.groups.models import ContactPerson
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import channels, throttle
from kontaktstelle.relay.parties import Address, register_party
from support.desk import make_staff
from support.enquiring import HERE, code_in, form_with, forms_of, open_with, reply, send, write
from support.people import A_DAY, make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
SEEKER = ["karla.kanarie@example.org", "Kanarienangst"]
PERSON = ["Gerda Kanariengruppe", "gerda.kanarie@example.org", "23125 779"]


@pytest.fixture(autouse=True)
def nobody_guessed(monkeypatch):
    throttle.forget()
    monkeypatch.setattr("kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(0))


@pytest.fixture
def staff(office):
    return make_staff(office)


@pytest.fixture
def group(office):
    group = make_group(office)
    with acting_for(office):
        party = register_party(
            Address("Gerda Kanariengruppe", "030 23125 779", "gerda.kanarie@example.org"),
            contact_point=office.pk,
            on=A_DAY,
        )
        ContactPerson.objects.create(contact_point=office, group=group, party=party)
    return group


@pytest.fixture
def code(office, group, visit):
    return code_in(write(visit, f"/nachricht/{group.slug}/", "Ich habe Kanarienangst.", rueckweg=SEEKER[0]))


@pytest.fixture
def asked(office, group, staff, code):
    with acting_for(office):
        row = referral.draft(
            Enquiry.objects.get(), to=group, route=Referral.Route.RELAY, by=staff, at=timezone.now()
        )
        row = referral.consent(row, text_version="weitergabe-1", how="site", by=staff, at=timezone.now())
        row = referral.ask(row, by=staff, at=timezone.now())
        group_answers.send_link(row, by=staff, at=timezone.now())
    return row


def path_in(office, template):
    with acting_for(office):
        return re.search(
            r"(/(?:antwort|post)/[\w-]+/)", Dispatch.objects.filter(template=template).last().content
        )[1]


def says_yes(office, visit):
    path = path_in(office, "mailroom/mail/answer_wanted")
    form = forms_of(visit.get(path))[0]
    return visit.post(path, form["fields"] | {"ja": "1"}, headers=HERE)


@pytest.fixture
def open_contact(office, asked, staff, visit):
    """Return the group's link and digits of a contact both sides may write in."""
    says_yes(office, visit)
    with acting_for(office):
        row = Referral.objects.get()
        digits = correspondence.digits_for_group(row, by=staff, at=timezone.now())
        token = links.group_channel(row.channel, contact_point=office.pk, at=timezone.now())
    return f"/post/{token}/", digits


def enter(visit, path, digits):
    return visit.post(path, {"code": digits}, headers=HERE)


def test_no_channel_opens_before_the_group_says_yes_and_opening_the_page_says_nothing(office, asked, visit):
    path = path_in(office, "mailroom/mail/answer_wanted")
    for _ in range(3):
        page = visit.get(path)
        assert page.status_code == 200
    for secret in SEEKER:
        assert secret not in text_of(page)
    with acting_for(office):
        assert Referral.objects.get().status == "asked"
        assert Referral.objects.get().channel is None
    assert "Zusage ist angekommen" in text_of(says_yes(office, visit))
    with acting_for(office):
        row = Referral.objects.get()
        assert row.status == "accepted"
        assert channels.find(row.channel) is not None
    assert "Zusage ist angekommen" in text_of(says_yes_again(office, visit))


def says_yes_again(office, visit):
    path = path_in(office, "mailroom/mail/answer_wanted")
    return visit.get(path)


def test_a_no_brings_the_enquiry_back_and_opens_nothing(office, asked, visit):
    path = path_in(office, "mailroom/mail/answer_wanted")
    form = forms_of(visit.get(path))[0]
    answer = visit.post(path, form["fields"] | {"nein": "1", "grund": "full"}, headers=HERE)
    assert "Absage ist angekommen" in text_of(answer)
    with acting_for(office):
        row = Referral.objects.get()
        assert (row.status, row.declined_for, row.channel) == ("declined", "full", None)
        assert Enquiry.objects.get().status == "open"
    later = visit.post(path, form["fields"] | {"ja": "1"}, headers=HERE)
    assert later.status_code == 200
    with acting_for(office):
        assert Referral.objects.get().status == "declined"


def test_both_write_and_neither_sees_who_the_other_is(office, open_contact, code, visit):
    path, digits = open_contact
    group_page = enter(visit, path, digits)
    assert group_page.status_code == 200
    told = reply(visit, group_page, "Kommen Sie gern am Dienstag.")
    assert "Ihre Nachricht ist angekommen" in text_of(told)
    mine = open_with(visit, code)
    assert "Kommen Sie gern am Dienstag." in text_of(mine)
    for secret in PERSON:
        assert secret not in text_of(mine)
    reply(visit, mine, "Ich komme, danke.", number=1)
    theirs = enter(visit, path, digits)
    assert "Ich komme, danke." in text_of(theirs)
    for secret in SEEKER:
        assert secret not in text_of(theirs)
    with acting_for(office):
        assert Referral.objects.get().status == "in-contact", "both have written"
        for dispatch in Dispatch.objects.all():
            assert "Dienstag" not in dispatch.content
            assert "Gruppe" not in dispatch.content


def test_a_number_or_an_address_is_asked_about_before_it_goes(office, open_contact, code, visit):
    mine = open_with(visit, code)
    warned = reply(visit, mine, "Rufen Sie an: 030 23125 778", number=1)
    assert "wirklich zeigen" in text_of(warned)
    assert "030 23125 778" in text_of(warned)
    assert "Rufen Sie an" not in text_of(enter(visit, *open_contact))
    sent = reply(visit, warned, "Rufen Sie an: 030 23125 778", number=1, trotzdem="1")
    assert "angekommen" in text_of(sent)
    assert "Rufen Sie an" in text_of(enter(visit, *open_contact))


@pytest.mark.parametrize(
    "text", ["0170 1234567", "+49 (170) 123-4567", "meine.adresse@gmx.de", "meine.adresse (at) gmx.de"]
)
def test_what_tells_who_somebody_is_is_noticed(text):
    assert channels.tells_who(f"Sie erreichen mich: {text}.")


@pytest.mark.parametrize("text", ["am 10.03.2026 um 19:30 Uhr", "in 59423 Unna", "seit 20 Jahren, 3 Kinder"])
def test_dates_and_places_are_no_numbers_to_call(text):
    assert not channels.tells_who(text)


def test_a_side_releases_its_contact_when_it_wants_to(office, open_contact, code, visit):
    mine = open_with(visit, code)
    form = form_with(mine, "freigeben")
    send(visit, form, text="Karla, 030 23125 778")
    theirs = text_of(enter(visit, *open_contact))
    assert "hat den eigenen Kontakt freigegeben" in theirs
    assert "Karla, 030 23125 778" in theirs


def test_a_withdrawal_at_the_desk_closes_at_once_and_loses_no_words(office, open_contact, staff, visit):
    theirs = enter(visit, *open_contact)
    with acting_for(office):
        referral.withdraw(Referral.objects.get(), by=staff, at=timezone.now())
    answer = reply(visit, theirs, "Ein langer Text der Gruppe.")
    assert answer.status_code == 409
    assert "Dieser Kontakt ist beendet" in text_of(answer)
    assert "Ein langer Text der Gruppe." in text_of(answer)
    assert enter(visit, *open_contact).status_code == 403, "the digits end with the contact"
    with acting_for(office):
        assert Referral.objects.get().channel is None


@pytest.mark.parametrize("side", ["seeker", "group"])
def test_either_side_ends_it_at_any_time(office, open_contact, code, visit, side):
    path, digits = open_contact
    theirs, mine = enter(visit, path, digits), open_with(visit, code)
    page = mine if side == "seeker" else theirs
    form = next(form for form in forms_of(page) if form["action"].endswith("/beenden/"))
    for _ in range(2):
        ended = send(visit, form)
    assert "Der Kontakt ist beendet" in text_of(ended)
    other = reply(visit, theirs, "Hallo?") if side == "seeker" else reply(visit, mine, "Hallo?", number=1)
    assert other.status_code == 409
    assert "Hallo?" in text_of(other)
    with acting_for(office):
        assert Referral.objects.get().status == ("withdrawn" if side == "seeker" else "declined")


def test_six_digits_alone_or_a_link_alone_open_nothing_and_ten_wrong_ones_end_them(
    office, open_contact, visit
):
    path, digits = open_contact
    wrong = f"{(int(digits) + 1) % 10**6:06d}"
    assert visit.get(path).status_code == 200
    assert "Nachrichten mit einer Person" not in text_of(visit.get(path))
    assert enter(visit, "/post/" + "A" * 54 + "/", digits).status_code == 403
    for _ in range(channels.MOST_WRONG_DIGITS):
        assert enter(visit, path, wrong).status_code == 403
    throttle.forget()
    assert enter(visit, path, digits).status_code == 403
    assert enter(visit, path, "").status_code == 403


def test_a_link_serves_its_purpose_only_and_ends(office, asked, open_contact, visit):
    path, _ = open_contact
    answer = path_in(office, "mailroom/mail/answer_wanted")
    assert visit.get(path.replace("/post/", "/antwort/")).status_code == 410
    token = answer.split("/")[2]
    now = timezone.now()
    assert links.read(token, links.ANSWER, at=now)
    assert links.read(token, links.MESSAGES, at=now) is None
    assert links.read(token, links.ANSWER, at=now + timedelta(days=31)) is None
    for changed in (token[:-2] + ("AA" if token[-2:] != "AA" else "BB"), token[1:], "", "ä", token * 2):
        assert links.read(changed, links.ANSWER, at=now) is None
    over = visit.get(f"/antwort/{token[:-4]}AAAA/")
    assert (over.status_code, "gilt nicht mehr" in text_of(over)) == (410, True)


def test_a_codes_page_of_one_person_never_writes_for_another(office, open_contact, code, group, visit):
    other = code_in(write(visit, f"/nachricht/{group.slug}/", "Ein anderer Mensch."))
    theirs = open_with(visit, other)
    foreign = forms_of(open_with(visit, code))
    numbers = {form["fields"]["kanal"] for form in foreign if "kanal" in form["fields"]}
    form = form_with(theirs, "kanal")
    for number in numbers:
        answer = send(visit, form | {"fields": form["fields"] | {"kanal": number}}, text="Fremdes")
        assert answer.status_code == 409
    assert "Fremdes" not in text_of(open_with(visit, code))
    assert (
        send(visit, form | {"fields": form["fields"] | {"einlass": "gefälscht"}}, text="x").status_code == 403
    )


def test_a_group_may_say_only_what_a_group_can(office, asked, staff):
    from kontaktstelle.enquiries.access import NotAllowed, Outside

    with acting_for(office):
        with pytest.raises(NotAllowed):
            referral.withdraw(asked, by=Outside.GROUP, at=timezone.now())
        with pytest.raises(NotAllowed):
            referral.accept(asked, by=Outside.SEEKER, at=timezone.now())
        with pytest.raises(StepRefused):
            group_answers.send_link(
                referral.withdraw(asked, by=staff, at=timezone.now()), by=staff, at=timezone.now()
            )
