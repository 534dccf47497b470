"""The public pages of foundings: come along, be told, stay, leave, answer; nobody learns who stands on a list."""

import email
import email.policy
import re
from datetime import date, timedelta

import pytest
from django.utils import timezone

from kontaktstelle.foundings import interested, links, meeting, starting
from kontaktstelle.foundings.lifecycle import FoundingStatus, InterestStatus, InvitationStatus
from kontaktstelle.foundings.models import Interest, ListConsent, MeetingInvitation, Outreach
from kontaktstelle.mailroom import delivery
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay import throttle
from kontaktstelle.relay.parties import Address
from kontaktstelle.topics import tree
from kontaktstelle.ui.tokens import form_token
from support.desk import AT, KARLA
from support.foundings import appointed, brought_to, enter, listed, nth_person
from support.people import make_group
from support.visiting import alarms, ask, forget, text_of, visitor

pytestmark = pytest.mark.django_db
S = FoundingStatus
HERE = {"origin": "http://testserver"}
PROTECTED = next(topic.id for topic in tree.TOPICS.values() if topic.protected)
IN_A_YEAR = date(2099, 1, 1)


@pytest.fixture(autouse=True)
def _fresh():
    throttle.forget()
    forget()
    yield
    throttle.forget()
    forget()


@pytest.fixture
def browser():
    return visitor()


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def gathering(office, counsellor, now):
    with acting_for(office):
        return brought_to(S.GATHERING, counsellor, at=now)


def mark_of(page):
    return re.search(r'name="marke" value="([^"]+)"', text_of(page)).group(1)


def join_address(founding):
    token = links.join(founding.pk, contact_point=founding.contact_point_id, until=IN_A_YEAR)
    return f"/mitmachen/{token}/"


def stay_address(row):
    return f"/liste/{links.stay(row.pk, contact_point=row.contact_point_id, until=IN_A_YEAR)}/"


def send(browser, address, **said):
    """Open the form, fill it, send it."""
    shown = browser.get(address)
    return browser.post(address, {"marke": mark_of(shown), **said}, headers=HERE)


def comes(browser, founding, **said):
    values = {
        "weg": "mail",
        "email": KARLA.email,
        "name": "",
        "telefon": "",
        "anschrift": "",
        "einverstanden": "1",
    }
    return send(browser, join_address(founding), **(values | said))


def rows(office, **which):
    with acting_for(office):
        return list(Interest.objects.filter(**which).order_by("pk"))


# --- From the poster onto the list ---------------------------------------------------------------------------------------


def test_who_reads_a_poster_comes_onto_the_list_and_has_said_yes_to_a_text(browser, office, gathering, now):
    with acting_for(office):
        paper = Outreach.objects.get(status="out")
    page = text_of(browser.get(join_address(gathering)))
    assert "Wer macht mit?" in page
    assert "Beispielbote" in page
    answer = comes(browser, gathering, woher=str(paper.pk), als="affected")
    assert answer.status_code == 200
    assert "Wir haben es notiert" in text_of(answer)
    (row,) = rows(office)
    assert (row.status, row.who, row.way, row.outreach_id) == ("listed", "affected", "mail", paper.pk)
    assert row.consent_until == timezone.localdate(now) + timedelta(days=182)
    with acting_for(office):
        proof = ListConsent.objects.get()
    assert (proof.text_version, proof.how, proof.recorded_by) == ("liste-seite-1", "site", None)


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ({"weg": "phone", "telefon": "030 23125 778", "email": ""}, "phone"),
        ({"weg": "letter", "name": "Karla K.", "anschrift": "Weg 1, 59423 Unna", "email": ""}, "letter"),
    ],
)
def test_without_e_mail_one_comes_along_just_as_well(browser, office, gathering, said, way):
    assert comes(browser, gathering, **said).status_code == 200
    assert [row.way for row in rows(office)] == [way]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"einverstanden": None}, "Bitte kreuzen Sie an"),
        ({"email": ""}, "wie wir Sie erreichen"),
        ({"email": "kein Postfach"}, "keine vollständige E-Mail-Adresse"),
        ({"weg": "phone", "telefon": "12"}, "keine vollständige Telefonnummer"),
        ({"weg": "letter", "name": "Karla Kanarienvogel", "anschrift": "nur so"}, "Für einen Brief fehlen"),
    ],
)
def test_what_is_missing_is_said_and_nothing_typed_is_lost(browser, office, gathering, said, sentence):
    values = {
        key: value
        for key, value in {"name": "Karla Kanarienvogel", "einverstanden": "1", **said}.items()
        if value is not None
    }
    shown = browser.get(join_address(gathering))
    answer = browser.post(
        join_address(gathering),
        {"marke": mark_of(shown), "weg": "mail", "email": "karla@example.org", **values},
        headers=HERE,
    )
    assert answer.status_code == 409
    assert sentence in text_of(answer)
    assert "Karla Kanarienvogel" in text_of(answer)
    assert rows(office) == []


def test_a_double_click_puts_somebody_on_the_list_once_and_writes_once(
    browser, office, gathering, settings, tmp_path
):
    shown = mark_of(browser.get(join_address(gathering)))
    said = {"marke": shown, "weg": "mail", "email": KARLA.email, "einverstanden": "1"}
    first = browser.post(join_address(gathering), said, headers=HERE)
    again = browser.post(join_address(gathering), said, headers=HERE)
    assert (first.status_code, again.status_code) == (200, 200)
    assert len(rows(office)) == 1
    assert len(mails(settings, tmp_path)) == 1


def test_a_form_is_no_way_to_ask_who_stands_on_the_list(browser, office, counsellor, gathering, now):
    with acting_for(office):
        listed(gathering, counsellor, KARLA, at=now)
    there = comes(browser, gathering)
    new = comes(browser, gathering, email="neu@example.org")
    assert (there.status_code, there.content) == (new.status_code, new.content)
    assert len(rows(office)) == 2


def test_a_program_that_fills_every_field_is_thanked_and_not_written_down(browser, office, gathering):
    assert "notiert" in text_of(comes(browser, gathering, webseite="https://x.example"))
    assert rows(office) == []


def test_one_place_does_not_fill_a_list(browser, office, gathering):
    codes = [
        comes(browser, gathering, email=f"p{number}@example.org").status_code
        for number in range(throttle.MOST_WRONG + 1)
    ]
    assert codes[-1] == 429
    assert codes[:-1] == [200] * throttle.MOST_WRONG


@pytest.mark.parametrize("status", [S.IDEA, S.GIVEN_UP, S.SETTLED])
def test_a_founding_that_takes_nobody_looks_like_a_link_that_is_over(browser, office, counsellor, status):
    with acting_for(office):
        founding = brought_to(status, counsellor, at=AT)
    assert browser.get(join_address(founding)).status_code == 410


# --- Links that do not fit -----------------------------------------------------------------------------------------------


def test_wrong_and_expired_and_foreign_links_look_the_same_and_say_what_to_do(
    browser, office, counsellor, gathering, now
):
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=now)
    good = links.stay(row.pk, contact_point=office.pk, until=IN_A_YEAR)
    over = links.stay(row.pk, contact_point=office.pk, until=date(2025, 1, 1))
    gone = links.stay(gathering.pk, contact_point=office.pk, until=IN_A_YEAR)
    for_another = links.join(gathering.pk, contact_point=office.pk, until=IN_A_YEAR)
    assert browser.get(f"/liste/{good}/").status_code == 200
    pages = {
        (answer.status_code, answer.content)
        for page in ("liste", "einladung", "mitmachen")
        for answer in (
            browser.get(f"/{page}/{token}/")
            for token in (good[:-2] + "xx", over, gone, for_another, "gibt-es-nicht")
            if (page, token) != ("mitmachen", for_another)
        )
    }
    assert len(pages) == 1
    status, content = pages.pop()
    assert status == 410
    assert "rufen Sie uns an" in content.decode()
    assert "tel:" in content.decode()


def test_who_tries_links_is_slowed_down_and_a_good_link_goes_on_elsewhere(browser, office, gathering):
    for _ in range(throttle.MOST_WRONG):
        browser.get("/liste/geraten/")
    assert browser.get("/liste/geraten/").status_code == 429
    assert browser.get(join_address(gathering), REMOTE_ADDR="198.51.100.7").status_code == 200


def test_no_page_sets_a_cookie_or_may_be_kept_or_found(browser, office, counsellor, gathering, now):
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=now)
    answers = [
        browser.get(join_address(gathering)),
        browser.get(stay_address(row)),
        browser.get("/bescheid/"),
        browser.get("/liste/nichts/"),
        comes(browser, gathering, email="neu@example.org"),
    ]
    for answer in answers:
        assert not answer.cookies
        assert answer["Cache-Control"] == "no-store"
        assert answer["X-Robots-Tag"] == "noindex, noarchive"
        assert "Set-Cookie" not in answer
    assert not browser.cookies


def test_opening_a_page_changes_nothing(browser, office, counsellor, gathering, now):
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=now)
    before = rows(office)[0].version
    browser.get(stay_address(row) + "?gehen=1")
    browser.head(stay_address(row))
    assert (rows(office)[0].version, rows(office)[0].status) == (before, "listed")


# --- Stay, leave, news -----------------------------------------------------------------------------------------------------


def press(browser, address, purpose, button):
    return browser.post(address, {"marke": form_token(purpose), button: "1"}, headers=HERE)


def test_one_click_stays_and_one_click_leaves(browser, office, counsellor, gathering, now):
    early = now - timedelta(days=150)
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=early)
    answer = press(browser, stay_address(row), "liste", "bleiben")
    assert "Sie bleiben auf der Liste" in text_of(answer)
    (stays,) = rows(office)
    assert stays.consent_until == timezone.localdate(now) + timedelta(days=182)
    answer = press(browser, stay_address(row), "liste", "gehen")
    assert "nicht mehr auf der Liste" in text_of(answer)
    (gone,) = rows(office)
    assert (gone.status, gone.party, gone.email_index) == (InterestStatus.WITHDRAWN, None, "")
    assert press(browser, stay_address(row), "liste", "gehen").status_code == 200
    again = press(browser, stay_address(row), "liste", "bleiben")
    assert again.status_code == 409


def test_who_has_just_come_is_not_asked_whether_they_stay(browser, office, counsellor, gathering, now):
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=now)
    page = text_of(browser.get(stay_address(row)))
    assert "Wir geben Ihnen Bescheid</h1>" in page
    assert "zwei Jahre" not in page
    assert 'name="bleiben"' not in page
    assert 'name="gehen"' in page


def test_a_form_that_was_not_ours_or_lay_too_long_does_nothing(browser, office, counsellor, gathering, now):
    with acting_for(office):
        row = listed(gathering, counsellor, KARLA, at=now)
    assert browser.post(stay_address(row), {"marke": "x", "gehen": "1"}, headers=HERE).status_code == 403
    assert rows(office)[0].status == "listed"


def waits(office, counsellor, now, topics=("tinnitus",), **how):
    with acting_for(office):
        return interested.wish_to_be_told(
            topics, KARLA, text_version="1", how="form", by=counsellor, at=now, kreis_key="05978", **how
        )


def test_who_waited_reads_which_group_started(browser, office, counsellor):
    row = waits(office, counsellor, AT)
    with acting_for(office):
        founding = brought_to(S.STARTING, counsellor, at=AT)
        starting.end_accompaniment(founding, by=counsellor, at=AT)
        enter(founding, counsellor, at=AT)
    page = text_of(browser.get(stay_address(row)))
    assert "Es gibt Neues" in page
    assert "Gruppe Neubeginn, Beispiel" in page
    assert "/gruppe/" in page


def test_who_waited_for_a_protected_topic_is_told_on_the_telephone(browser, office, counsellor, now):
    row = waits(office, counsellor, now, topics=(PROTECTED,))
    with acting_for(office):
        founding = brought_to(S.GATHERING, counsellor, at=now, topics=(PROTECTED,))
        interested.tell_waiting(founding, by=counsellor, at=now)
    page = text_of(browser.get(stay_address(row)))
    assert "Bitte rufen Sie uns an" in page
    assert "Kanariengründung" not in page
    assert tree.label(PROTECTED) not in page


# --- Invitations -----------------------------------------------------------------------------------------------------------


def invited(office, counsellor, now, **how):
    with acting_for(office):
        founding = brought_to(S.GATHERING, counsellor, at=now, **how)
        for number in range(2):
            listed(founding, counsellor, nth_person(number), at=now)
        first = appointed(founding, counsellor, at=now, on=timezone.localdate(now) + timedelta(days=14))
        row = meeting.invite(first, by=counsellor, at=now)[0]
    token = links.answer(row.pk, contact_point=office.pk, until=first.on + timedelta(days=1))
    return first, row, f"/einladung/{token}/"


def said_to(row, office):
    with acting_for(office):
        return MeetingInvitation.objects.get(pk=row.pk).status


def test_an_invitation_says_where_and_when_and_takes_an_answer_that_may_change(
    browser, office, counsellor, now
):
    _, row, address = invited(office, counsellor, now)
    page = text_of(browser.get(address))
    assert "Haus der Beispiele" in page
    assert "18" in page
    press(browser, address, "einladung", "spaeter")
    assert said_to(row, office) == InvitationStatus.SENT
    press(browser, address, "einladung", "ja")
    assert said_to(row, office) == InvitationStatus.COMING
    assert "Sie haben zugesagt" in text_of(browser.get(address))
    press(browser, address, "einladung", "nein")
    assert said_to(row, office) == InvitationStatus.NOT_COMING


def test_the_place_and_topic_of_a_protected_meeting_stand_behind_no_link(browser, office, counsellor, now):
    _, _, address = invited(office, counsellor, now, topics=(PROTECTED,))
    page = text_of(browser.get(address))
    for word in ("Haus der Beispiele", "Beispielweg 2", "Kanariengründung", tree.label(PROTECTED)):
        assert word not in page
    assert "am Telefon" in page


def test_who_is_invited_to_what_falls_out_reads_so_and_cannot_say_yes(browser, office, counsellor, now):
    first, row, address = invited(office, counsellor, now)
    with acting_for(office):
        meeting.call_off(first, by=counsellor, at=now)
    assert "fällt aus" in text_of(browser.get(address))
    assert press(browser, address, "einladung", "ja").status_code == 409
    assert said_to(row, office) == InvitationStatus.CALLED_OFF


# --- To be told ----------------------------------------------------------------------------------------------------------


def test_a_search_that_finds_nothing_offers_to_be_told_and_no_address_holds_a_word(browser, office):
    page = ask(browser, "Tinnitus", ort="59423")
    assert "Bescheid geben" in text_of(page)
    begun_form = browser.post("/bescheid/", {"thema": "tinnitus", "ort": "59423"}, headers=HERE)
    assert "Tinnitus" in text_of(begun_form)
    answer = browser.post(
        "/bescheid/",
        {"marke": mark_of(begun_form), "wunsch": "1", "thema": "tinnitus", "ort": "59423", "weg": "mail", "email": KARLA.email, "einverstanden": "1"},
        headers=HERE,
    )  # fmt: skip
    assert answer.status_code == 200
    (row,) = rows(office)
    assert (row.kind, row.topics, row.kreis_key, row.status) == (
        "to-be-told",
        ["tinnitus"],
        "05978",
        "listed",
    )
    for shown in (page, begun_form, answer):
        addresses = re.findall(r'(?:href|action)="([^"]+)"', text_of(shown))
        assert not [each for each in addresses if "59423" in each and "suche" not in each]
        assert not [each for each in addresses if each.startswith("/bescheid/") and each != "/bescheid/"]


def test_where_all_groups_near_by_are_full_to_be_told_is_offered(browser, office):
    from kontaktstelle.directory import projection

    make_group(office, topics=["tinnitus"], stage="intake-stop")
    projection.rebuild(on=timezone.localdate())
    assert "/bescheid/" in text_of(ask(browser, "Tinnitus", ort="59423"))


def test_the_topic_page_offers_it_too(browser, office):
    page = text_of(browser.get("/themen/tinnitus/"))
    assert 'action="/bescheid/"' in page
    assert 'value="tinnitus"' in page


def test_danger_comes_first_and_nothing_is_kept_before_it_was_seen(browser, office, monkeypatch):
    alarms(monkeypatch, sterben="suicide")
    assert 'action="/bescheid/"' not in text_of(ask(browser, "ich will sterben", ort="59423"))
    shown = browser.get("/bescheid/")
    answer = browser.post(
        "/bescheid/",
        {"marke": mark_of(shown), "wunsch": "1", "worte": "ich will sterben", "weg": "mail", "email": KARLA.email, "einverstanden": "1"},
        headers=HERE,
    )  # fmt: skip
    page = text_of(answer)
    assert page.index('class="urgent') < page.index("<h1>")
    assert KARLA.email in page
    assert rows(office) == []


def test_a_place_nobody_knows_is_asked_again(browser, office):
    shown = browser.get("/bescheid/")
    answer = browser.post(
        "/bescheid/",
        {"marke": mark_of(shown), "wunsch": "1", "thema": "tinnitus", "ort": "Nirgendshausen", "weg": "mail", "email": KARLA.email, "einverstanden": "1"},
        headers=HERE,
    )  # fmt: skip
    assert answer.status_code == 409
    assert rows(office) == []


# --- The open list -------------------------------------------------------------------------------------------------------


def test_what_looks_for_people_stands_on_the_open_list_and_its_link_leads_onto_the_list(
    browser, office, gathering
):
    page = text_of(browser.get("/neu/"))
    assert "Kanariengründung" in page
    assert "So kommen Sie dazu" in page
    address = re.search(r'href="(/mitmachen/[^"]+)"', page).group(1)
    assert str(gathering.pk) not in page
    assert browser.get(address).status_code == 200


@pytest.mark.parametrize("status", [S.IDEA, S.ADVICE, S.RESTING, S.APPOINTED, S.GIVEN_UP])
def test_no_other_founding_stands_there(browser, office, counsellor, status):
    with acting_for(office):
        brought_to(status, counsellor, at=AT)
    assert "Kanariengründung" not in text_of(browser.get("/neu/"))


def test_neither_a_protected_topic_nor_a_text_nobody_approved_stands_there(browser, office, counsellor, now):
    with acting_for(office):
        brought_to(S.GATHERING, counsellor, at=now, topics=(PROTECTED,))
        brought_to(S.CALLING, counsellor, at=now)
    page = text_of(browser.get("/neu/"))
    assert "Kanariengründung" not in page
    assert "/mitmachen/" not in page


# --- Nobody is told of anybody -------------------------------------------------------------------------------------------


def mails(settings, folder):
    settings.DATA_DIR, settings.SMTP_URL = folder, ""
    delivery.work_once(timezone.now() + timedelta(minutes=5))
    return [
        email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        for file in (folder / "mail").glob("*.eml")
    ]


def test_the_mail_after_signing_up_names_no_topic_and_leads_to_the_way_out(
    browser, office, gathering, settings, tmp_path
):
    comes(browser, gathering)
    (mail,) = mails(settings, tmp_path)
    said = f"{mail['Subject']} {mail.get_content()}"
    for word in ("Kanarien", tree.label("tinnitus"), "Gründung", "Selbsthilfegruppe zu"):
        assert word not in said
    address = (
        "/liste/"
        + re.search(r"/liste/(\S+)", said.replace("\n", ""))
        .group(1)
        .rstrip("/")
        .split("Haben")[0]
        .rstrip("/")
        + "/"
    )
    assert "alles löschen" in text_of(browser.get(address))


def test_no_public_page_shows_who_is_on_the_list(browser, office, counsellor, gathering, now):
    with acting_for(office):
        row = listed(
            gathering, counsellor, Address("Karla Kanarienvogel", "030 23125 778", None, None), at=now
        )
    for address in ("/neu/", join_address(gathering), stay_address(row), "/bescheid/", "/themen/tinnitus/"):
        page = text_of(browser.get(address))
        for word in ("Kanarienvogel", "23125 778", "Kanariendorf", str(row.pk), str(row.party)):
            assert word not in page, (address, word)


def test_titles_and_addresses_name_no_topic(browser, office, counsellor, gathering, now):
    for address in (join_address(gathering), "/bescheid/"):
        title = re.search(r"<title>(.*?)</title>", text_of(browser.get(address)), re.DOTALL).group(1)
        assert "Kanarien" not in title
        assert tree.label("tinnitus") not in title


def test_a_link_of_one_office_opens_nothing_of_another(browser, office, office_elsewhere, gathering):
    token = links.join(gathering.pk, contact_point=office_elsewhere.pk, until=IN_A_YEAR)
    assert browser.get(f"/mitmachen/{token}/").status_code == 410
