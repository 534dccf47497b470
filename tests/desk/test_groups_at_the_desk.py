"""Gruppen at the desk: found, made, changed, published, paused, ended; two people at once; nothing typed is lost."""

import json
import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.desk import group_form
from kontaktstelle.directory import projection
from kontaktstelle.directory.models import Entry
from kontaktstelle.enquiries import arrangements
from kontaktstelle.groups import listing
from kontaktstelle.groups.entry import criteria
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import Group, GroupChange, Venue
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry
from support.people import make_group
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
GROUPS = "/schreibtisch/gruppen/"
CANARY = "Kanarienvogel zwitschert"


def words(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(answer)))


def address(group, step=""):
    return f"{GROUPS}gruppe/{group.pk}/{step}"


def stored(group):
    return Group.unscoped.get(pk=group.pk)


def seen(group):
    return stored(group).changed_at.isoformat()


def typed(group=None, **changed):
    """Return the whole form as the page shows it, with some of it changed."""
    row = stored(group) if group else None
    texts = group_form.texts(row, note=row.note or "") if group else group_form.new(note="")
    sent = {"form_key": str(uuid.uuid4()), "shown": group_form.as_hidden(texts), **texts, **changed}
    return sent | ({"seen": seen(group)} if group else {})


@pytest.fixture
def group(office):
    made = make_group(office, name="Gruppe Angst, Beispiel")
    projection.rebuild(on=timezone.localdate())
    return made


@pytest.fixture
def counsellor(at_the_desk):
    return at_the_desk("counsels", "leads")


@pytest.fixture
def browser(counsellor):
    return counsellor[0]


class TestList:
    @pytest.mark.usefixtures("group")
    def test_it_is_found_by_name_by_place_and_by_what_people_say(self, office, browser):
        make_group(office, name="Die Wandervögel", town="Hamm", postcode="59065", topics=("depression",))
        for asked in ("angst", "Unna", "ANGST unna", "panikattacken"):
            shown = words(browser.post(GROUPS, {"worte": asked}))
            assert "Gruppe Angst" in shown, asked
            assert "Wandervögel" not in shown, asked

    @pytest.mark.usefixtures("group")
    def test_words_searched_stand_in_no_address(self, browser):
        answer = browser.post(GROUPS, {"worte": CANARY})
        assert answer.status_code == 200
        assert "Dazu gibt es keine Gruppe" in words(answer)
        assert CANARY.replace(" ", "+") not in text_of(answer)

    def test_each_filter_shows_its_groups_and_no_others(self, office, browser):
        today = timezone.localdate()
        make_group(office, name="Die Volle", stage=Stage.FULL, confirmed_on=today)
        make_group(office, name="Die Pausierte", stage=Stage.PAUSED, confirmed_on=today)
        make_group(office, name="Die Alte", confirmed_on=today - timedelta(days=400))
        make_group(office, name="Die Geschützte", protected=True, confirmed_on=today)
        make_group(office, name="Die Verborgene", listed=False, confirmed_on=today)
        make_group(office, name="Die Beendete", stage=Stage.DISSOLVED, dissolved_on=today, confirmed_on=today)
        for which, name in (
            ("voll", "Die Volle"), ("pause", "Die Pausierte"), ("alt", "Die Alte"), ("geschuetzt", "Die Geschützte"),
            ("verborgen", "Die Verborgene"), ("beendet", "Die Beendete"),
        ):  # fmt: skip
            shown = words(browser.get(f"{GROUPS}?welche={which}"))
            found = re.findall(r"Die (?:Volle|Pausierte|Alte|Geschützte|Verborgene|Beendete)", shown)
            assert set(found) == {name}, which
        assert "Die Beendete" not in words(browser.get(GROUPS)), (
            "who looks for a group finds one that is gone"
        )

    def test_an_office_without_groups_is_told_how_to_begin(self, browser):
        shown = words(browser.get(GROUPS))
        assert "Hier steht noch keine Gruppe" in shown
        assert "einlesen" in shown.lower()

    def test_another_office_finds_nothing_of_this_one(self, office_elsewhere, group, at_the_desk):
        stranger, _ = at_the_desk("leads", "counsels", at=office_elsewhere)
        assert "Gruppe Angst" not in words(stranger.get(GROUPS))
        assert stranger.get(address(group)).status_code == 404
        assert stranger.post(address(group, "stand/"), {"to": "full"}).status_code == 404
        assert stranger.get(f"{GROUPS}neu/?vorlage={group.pk}").status_code == 404
        assert stored(group).stage == Stage.OPEN


class TestPage:
    def test_it_shows_everything_staff_may_know(self, office, group, browser, counsellor):
        with acting_for(office):
            venue = Venue.objects.create(contact_point=office, name="Haus am Markt", town="Unna")
            listing.change(
                group, {"venue_id": venue.pk, "note": CANARY, "members": 9}, by="test", at=timezone.now()
            )
            arrangements.agree(group, {"how": "mail", "rhythm": "weekly", "asked_person": None, "ask_for": [], "new_per_month": 3, "words": None}, by=counsellor[1], at=timezone.now())  # fmt: skip
        shown = words(browser.get(address(group)))
        for said in ("Gruppe Angst", "Haus am Markt", CANARY, "Nächste Treffen", "höchstens 3 im Monat", "Noch niemand hinterlegt", "im Verzeichnis", "Verlauf"):  # fmt: skip
            assert said in shown, said
        assert TrailEntry.objects.filter(action="group.note-read").exists(), (
            "a sealed note was opened untraced"
        )

    def test_who_only_keeps_records_does_not_read_the_office_s_note_and_cannot_lose_it(
        self, office, group, at_the_desk
    ):
        with acting_for(office):
            listing.change(group, {"note": CANARY}, by="test", at=timezone.now())
        upkeep, _ = at_the_desk("upkeep")
        assert CANARY not in text_of(upkeep.get(address(group)))
        form = upkeep.get(address(group, "bearbeiten/"))
        assert CANARY not in text_of(form)
        sent = typed(group, name="Anders") | {"note": "überschrieben"}
        sent["shown"] = "{}"
        assert upkeep.post(address(group, "bearbeiten/"), sent).status_code == 302
        assert stored(group).name == "Anders"
        assert stored(group).note == CANARY


class TestForm:
    def test_a_new_group_is_known_to_the_office_and_not_public_and_what_it_lacks_is_said(self, browser):
        answer = browser.post(f"{GROUPS}neu/", typed(name="Gruppe Neu", topics=["anxiety-panic"], town="Unna", postcode="59423", meeting_text="jeden 2. Dienstag im Monat 19 Uhr"))  # fmt: skip
        made = Group.unscoped.get()
        assert answer.headers["Location"] == address(made)
        assert not made.listed
        assert made.kreis_key == "05978"
        assert made.rhythm["understood"]
        shown = words(browser.get(address(made)))
        assert "Die Einwilligung der Gruppe mit ihrem Datum fehlt" in shown
        assert "Eine Beschreibung fehlt" in shown
        assert not Entry.objects.exists()

    def test_a_double_click_makes_one_group(self, browser):
        twice = typed(name="Gruppe Neu")
        browser.post(f"{GROUPS}neu/", twice)
        browser.post(f"{GROUPS}neu/", twice)
        assert Group.unscoped.count() == 1

    def test_every_problem_is_said_and_nothing_typed_is_lost(self, browser):
        answer = browser.post(
            f"{GROUPS}neu/",
            typed(name="", postcode="123", public_email="keine", website="javascript:alert(1)", age_from="vierzig", first_on="neulich", description=CANARY),
        )  # fmt: skip
        assert answer.status_code == 409
        assert CANARY in text_of(answer)
        for said in ("Bitte eine Zahl", "Dieses Datum lesen wir nicht"):
            assert said in words(answer)
        answer = browser.post(f"{GROUPS}neu/", typed(name="", postcode="123", public_email="keine", website="javascript:alert(1)", age_from="60", age_to="20"))  # fmt: skip
        for said in (
            "braucht einen Namen",
            "hat fünf Ziffern",
            "nicht wie eine Adresse",
            "beginnt mit https",
            "andersherum",
        ):
            assert said in words(answer), said
        assert not Group.unscoped.exists()

    def test_words_without_a_chosen_topic_are_asked_back_once_and_then_left(self, browser):
        sent = typed(name="Gruppe Neu", topic_words="panikattacken")
        asked = browser.post(f"{GROUPS}neu/", sent)
        assert "Was davon ist gemeint" in words(asked)
        assert not Group.unscoped.exists()
        browser.post(f"{GROUPS}neu/", sent | {"asked_about": "panikattacken", "topics": ["anxiety-panic"]})
        assert Group.unscoped.get().topics == ["anxiety-panic"]

    def test_the_preview_is_the_public_page_and_saves_nothing(self, group, browser):
        sent = typed(group, description="Ganz neue Worte.", meeting_text="jeden 2. Dienstag im Monat 19 Uhr")
        shown = text_of(browser.post(address(group, "bearbeiten/"), sent | {"preview": "1"}))
        assert stored(group).description == "Wir reden miteinander."
        preview = re.search(r'<article class="aside">.*?</article>', shown, re.DOTALL).group(0)
        assert "Ganz neue Worte." in preview
        assert "noch ist nichts gespeichert" in words_of(shown).lower()
        assert len(re.findall(r"<li>\w\w, \d+\. \w+ \d{4}, 19 Uhr</li>|<li>\w\w, \d+\. \w+ 20\d\d", shown)) >= 5, "the next dates are not shown before saving"  # fmt: skip
        browser.post(address(group, "bearbeiten/"), sent)
        public = re.search(r'<article class="aside">.*?</article>', text_of(visitor().get(f"/gruppe/{group.slug}/")), re.DOTALL).group(0)  # fmt: skip
        assert said_on(preview) == said_on(public)

    def test_words_that_can_mean_two_rhythms_are_asked_back_with_both(self, browser):
        asked = browser.post(f"{GROUPS}verstehen/", {"meeting_text": "jeden 2. Dienstag 19 Uhr"}).json()[
            "meeting"
        ]
        assert not asked["dates"]
        for each in ("jeden 2. Dienstag im Monat", "alle 2 Wochen dienstags"):
            assert each in asked["hint"]
            again = browser.post(f"{GROUPS}verstehen/", {"meeting_text": each}).json()["meeting"]
            assert again["understood"], each

    def test_the_preview_of_a_protected_group_shows_no_place(self, group, browser):
        sent = typed(group, protected="1", preview="1")
        shown = text_of(browser.post(address(group, "bearbeiten/"), sent))
        preview = re.search(r'<article class="aside">.*?</article>', shown, re.DOTALL).group(0)
        assert "Zum Schutz aller" in preview
        assert "19 Uhr" not in preview

    def test_a_topic_that_needs_protection_brings_it(self, group, browser):
        from kontaktstelle.topics import tree

        topic = next(each.id for each in tree.TOPICS.values() if each.protected)
        browser.post(address(group, "bearbeiten/"), typed(group, topics=[topic]))
        assert stored(group).protected

    def test_only_who_leads_takes_protection_away(self, office, at_the_desk):
        group = make_group(office, protected=True)
        upkeep, _ = at_the_desk("upkeep")
        answer = upkeep.post(address(group, "bearbeiten/"), typed(group, protected=""))
        assert answer.status_code == 409
        assert "nimmt nur die Leitung zurück" in words(answer)
        assert stored(group).protected
        leading, _ = at_the_desk("leads")
        leading.post(address(group, "bearbeiten/"), typed(group, protected=""))
        assert not stored(group).protected

    def test_a_copy_begins_with_what_both_share_and_nothing_private(self, office, browser):
        group = make_group(office, public_phone="030 23125 100", members=9)
        shown = text_of(browser.get(f"{GROUPS}neu/?vorlage={group.pk}"))
        assert "Gruppe Angst, Beispiel (Kopie)" in shown
        assert "Wir reden miteinander." in shown
        assert "030 23125 100" not in shown

    def test_saving_what_stands_there_already_leaves_no_trace(self, group, browser):
        before = (seen(group), TrailEntry.objects.filter(action="group.changed").count())
        browser.post(address(group, "bearbeiten/"), typed(group))
        assert (seen(group), TrailEntry.objects.filter(action="group.changed").count()) == before

    def test_another_office_s_house_cannot_be_chosen(self, office_elsewhere, group, browser):
        with acting_for(office_elsewhere):
            strange = Venue.objects.create(contact_point=office_elsewhere, name="Fremdes Haus")
        answer = browser.post(address(group, "bearbeiten/"), typed(group, venue_id=str(strange.pk)))
        assert answer.status_code == 409
        assert "Fremdes Haus" not in text_of(answer)
        assert stored(group).venue_id is None


class TestTwoPeople:
    def test_who_comes_second_keeps_what_they_typed_and_sees_what_changed(self, group, browser, at_the_desk):
        mine = typed(group, description="Meine Worte.")
        colleague, _ = at_the_desk("upkeep")
        theirs = typed(group, description="Ihre Worte.", town="Hamm", postcode="59065")
        theirs.pop("note")
        colleague.post(address(group, "bearbeiten/"), theirs)
        answer = browser.post(address(group, "bearbeiten/"), mine)
        assert answer.status_code == 409
        shown = text_of(answer)
        assert "Meine Worte." in re.search(
            r"<textarea id=\"feld-description\".*?</textarea>", shown, re.DOTALL
        ).group(0)
        assert "Ihre Worte." in words(answer)
        assert 'value="Hamm"' in shown, (
            "what the other one changed and nobody typed here would be overwritten"
        )
        again = mine | {"town": "Hamm", "postcode": "59065", "seen": seen(group)}
        browser.post(address(group, "bearbeiten/"), again)
        assert (stored(group).description, stored(group).town) == ("Meine Worte.", "Hamm")

    def test_a_step_from_an_old_page_is_refused(self, group, browser):
        old = seen(group)
        browser.post(address(group, "stand/"), {"to": "full", "seen": old})
        answer = browser.post(address(group, "stand/"), {"to": "paused", "seen": old})
        assert answer.status_code == 409
        assert stored(group).stage == Stage.FULL

    def test_a_form_whose_hidden_fields_were_bent_is_answered_kindly(self, group, browser):
        for bent in ({"seen": "gestern"}, {"shown": "{"}, {"shown": "[1]"}, {"seen": "2026-01-01T00:00:00"}):
            answer = browser.post(address(group, "bearbeiten/"), typed(group, description="Neu.") | bent)
            assert answer.status_code in {302, 409}, bent


class TestLife:
    def test_full_open_paused_and_back(self, group, browser):
        for step, sent, stage in (
            ("stand/", {"to": "full"}, Stage.FULL), ("stand/", {"to": "paused"}, Stage.PAUSED), ("weiter/", {}, Stage.FULL),
            ("stand/", {"to": "open"}, Stage.OPEN), ("stand/", {"to": "intake-stop", "until": "2030-05-07"}, Stage.INTAKE_STOP),
        ):  # fmt: skip
            answer = browser.post(address(group, step), sent | {"seen": seen(group)})
            assert answer.status_code == 302, (step, sent, words(answer))
            assert stored(group).stage == stage
        assert stored(group).intake_stop_until.isoformat() == "2030-05-07"
        browser.post(
            address(group, "stand/"), {"to": "intake-stop", "until": "2031-05-07", "seen": seen(group)}
        )
        assert stored(group).intake_stop_until.isoformat() == "2031-05-07"

    def test_a_second_click_on_the_same_step_does_nothing(self, group, browser):
        old = seen(group)
        assert browser.post(address(group, "stand/"), {"to": "paused", "seen": old}).status_code == 302
        assert browser.post(address(group, "stand/"), {"to": "paused", "seen": old}).status_code == 302
        assert TrailEntry.objects.filter(action="group.paused").count() == 1

    def test_a_group_ends_only_when_somebody_says_it_twice(self, group, browser):
        answer = browser.post(address(group, "stand/"), {"to": "dissolved", "seen": seen(group)})
        assert answer.status_code == 409
        assert stored(group).stage == Stage.OPEN
        browser.post(address(group, "stand/"), {"to": "dissolved", "sicher": "1", "seen": seen(group)})
        assert stored(group).stage == Stage.DISSOLVED
        assert not Entry.objects.exists()

    def test_a_group_appears_with_its_consent_and_goes_again(self, office, browser):
        group = make_group(office, listed=False)
        met = {f"k{place}": "met" for place in range(len(criteria.DRAFT))}
        browser.post(address(group, "aufnahme/"), {"outcome": "listed", "seen": "0"} | met)
        refused = browser.post(
            address(group, "aufnehmen/"), {"basis": "consent-phone", "basis_on": "", "seen": seen(group)}
        )
        assert refused.status_code == 409
        assert "Ohne Grundlage" in words(refused)
        ahead = (timezone.localdate() + timedelta(days=3)).isoformat()
        assert (
            browser.post(
                address(group, "aufnehmen/"), {"basis": "consent-phone", "basis_on": ahead}
            ).status_code
            == 409
        )
        assert (
            browser.post(
                address(group, "aufnehmen/"), {"basis": "example", "basis_on": "2026-01-05"}
            ).status_code
            == 409
        )
        browser.post(
            address(group, "aufnehmen/"),
            {"basis": "consent-phone", "basis_on": "2026-01-05", "seen": seen(group)},
        )
        assert Entry.objects.filter(group=group.pk).exists()
        browser.post(address(group, "herausnehmen/"), {"seen": seen(group)})
        assert not Entry.objects.exists()

    def test_the_last_change_is_taken_back_to_the_letter_and_traced(self, group, browser, counsellor):
        columns = {
            name: value for name, value in vars(stored(group)).items() if name not in {"_state", "changed_at"}
        }
        browser.post(
            address(group, "bearbeiten/"),
            typed(group, name="Anders", town="Hamm", postcode="59065", note=CANARY),
        )
        assert stored(group).note == CANARY
        assert "Letzte Änderung zurücknehmen" in words(browser.get(address(group)))
        browser.post(address(group, "zuruecknehmen/"))
        assert {
            name: value for name, value in vars(stored(group)).items() if name not in {"_state", "changed_at"}
        } == columns
        assert TrailEntry.objects.filter(action="group.undone", actor=str(counsellor[1].pk)).exists()
        assert trail.broken_at(group.contact_point_id) is None
        again = browser.post(address(group, "zuruecknehmen/"))
        assert again.status_code == 409
        assert "lässt sich nichts zurücknehmen" in words(again)

    def test_only_the_last_change_keeps_what_stood_before(self, group, browser):
        browser.post(address(group, "bearbeiten/"), typed(group, description=CANARY))
        browser.post(address(group, "bearbeiten/"), typed(group, description="Anders."))
        browser.post(address(group, "bearbeiten/"), typed(group, description="Noch einmal."))
        kept = [json.loads(row.before) for row in GroupChange.unscoped.exclude(before_sealed=None)]
        assert kept == [{"description": "Anders."}]

    def test_what_an_import_or_a_closing_did_since_cannot_be_undone_by_the_way(self, office, group, browser):
        with acting_for(office):
            venue = Venue.objects.create(contact_point=office, name="Haus")
            listing.change(group, {"venue_id": venue.pk}, by="test", at=timezone.now())
            listing.close_venue(venue, note="", by="test", at=timezone.now())
        assert browser.post(address(group, "zuruecknehmen/")).status_code == 409
        assert stored(group).stage == Stage.PAUSED

    def test_a_group_moves_out_of_a_closed_house_and_goes_on(self, office, group, browser):
        with acting_for(office):
            old = Venue.objects.create(contact_point=office, name="Altes Haus")
            new = Venue.objects.create(contact_point=office, name="Neues Haus")
            listing.change(group, {"venue_id": old.pk}, by="test", at=timezone.now())
            listing.close_venue(old, note="", by="test", at=timezone.now())
        refused = browser.post(address(group, "weiter/"), {"seen": seen(group)})
        assert "geschlossen" in words(refused)
        browser.post(address(group, "bearbeiten/"), typed(group, venue_id=str(new.pk)))
        assert (stored(group).stage, stored(group).paused_by_venue) == (Stage.OPEN, False)

    def test_the_history_says_who_did_what_and_nothing_of_what_stood_there(self, group, browser):
        browser.post(
            address(group, "bearbeiten/"), typed(group, description=CANARY, public_phone="030 23125 100")
        )
        shown = words(browser.get(address(group)))
        assert "Wer counsels und leads" in shown
        assert "Beschreibung" in shown
        assert CANARY.encode() not in b"".join(
            bytes(row.before_sealed or b"") for row in GroupChange.unscoped.all()
        )


def words_of(html):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def said_on(article):
    """Return what a page says, without what only a page that is there has: calendar, code, print."""
    return words_of(re.sub(r'<p class="no-print">.*?</p>|<button.*?</button>', " ", article, flags=re.DOTALL))


HOSTILE = [
    "<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; DROP TABLE groups_group; -- {{ 7 * 7 }}", "\x00%00", "\u202egnp.exe 😀" * 200, "a" * 5000,
    "../../etc/passwd", "\r\nSet-Cookie: x=1", "١٢٣", "9" * 40, "-1", "1e9",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_whatever_is_typed_into_whichever_field_is_kept_or_refused_and_never_run(
    office, group, browser, text
):
    with acting_for(office):
        venue = Venue.objects.create(contact_point=office, name="Haus")
    whole = {name: text for name in typed(group) if name != "form_key"}
    forms = {
        GROUPS: {"worte": text, "welche": text, "seite": text},
        f"{GROUPS}neu/": whole | {"name": text[:190]},
        address(group, "bearbeiten/"): whole,
        f"{GROUPS}verstehen/": {"topic_words": text, "meeting_text": text, "first_on": text},
        address(group, "stand/"): {"to": text, "until": text, "seen": text, "sicher": text},
        address(group, "aufnehmen/"): {"basis": text, "basis_on": text, "seen": text},
        f"{address(group)}personen/neu/": {"name": text, "phone": text, "email": text, "address": text, "note": text, "consent": text, "form_key": text, "reason": text},
        f"{address(group)}personen/{uuid.uuid4()}/": {"name": text, "seen": text, "consent": text},
        f"{GROUPS}treffpunkte/neu/": {"name": text, "street": text, "postcode": text, "town": text, "step_free": text, "access_note": text, "alike": text},
        f"{GROUPS}treffpunkte/{venue.pk}/": {"name": text, "seen": text},
        f"{GROUPS}treffpunkte/{venue.pk}/schliessen/": {"note": text},
        f"{GROUPS}ausgeben/": {"kind": text},
    }  # fmt: skip
    # What is read as words alone gets as far as the database and the pages.
    free = dict.fromkeys(("description", "online_note", "district", "town", "meeting_text", "association", "source", "note", "topic_words"), text)  # fmt: skip
    forms[f"{address(group, 'bearbeiten/')}?vorschau"] = (
        typed(group) | free | {"preview": "1", "asked_about": text}
    )
    forms[f"{address(group, 'bearbeiten/')}?speichern"] = typed(group) | free | {"asked_about": text}
    for path, sent in forms.items():
        answer = browser.post(
            path,
            {
                name: value if isinstance(value, list) else str(value).encode("utf-8", "replace").decode()
                for name, value in sent.items()
            },
        )
        assert answer.status_code in {200, 302, 404, 405, 409}, (path, text[:40])
        said = text_of(answer)
        assert "<script>alert" not in said, path
        assert "onerror=alert" not in said.replace("&#34;", "").replace("onerror=alert(1)&gt;", ""), path
    assert Group.unscoped.filter(pk=group.pk).exists()
    for path in (
        GROUPS,
        address(group),
        address(group, "bearbeiten/"),
        f"{GROUPS}treffpunkte/",
        f"/gruppe/{stored(group).slug}/",
    ):
        assert "<script>alert" not in text_of(browser.get(path)), path
