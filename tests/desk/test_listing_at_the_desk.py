"""The desk decides on entries, collects consents by telephone and paper, certifies, and lets a group go with a reason."""

import io
from uuid import uuid4

import pypdf
import pytest
from django.utils import timezone

from kontaktstelle.directory.models import Entry
from kontaktstelle.groups.entry import campaign, consents, criteria, papers
from kontaktstelle.groups.entry.models import ContactConsent, EntryDecision, Farewell
from kontaktstelle.groups.lifecycle import Stage
from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.groups.ways import PostWay
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address, register_party
from support.canaries import NEVER, make_canary
from support.people import A_DAY, make_group, make_member
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
LISTING = "/schreibtisch/gruppen/verzeichnis/"
NAME, MAIL = "Karla Kanarienvogel", "karla.kanarie@example.org"
HOME = "Kanarienallee 3, 59423 Unna"
PHONE = "069 90009 123"


def page_of(group, rest):
    return f"/schreibtisch/gruppen/gruppe/{group.pk}/{rest}"


def sent(**more):
    return {"form_key": str(uuid4()), **more}


def all_met(**more):
    return (
        sent(outcome="listed", seen="0", **{f"k{place}": "met" for place in range(len(criteria.DRAFT))})
        | more
    )


def person(group, **ways):
    with acting_for(group.contact_point_id):
        party = register_party(
            Address(**(ways or {"name": NAME, "email": MAIL})), contact_point=group.contact_point_id, on=A_DAY
        )
        return ContactPerson.objects.create(contact_point=group.contact_point, group=group, party=party)


def fresh(row):
    return ContactConsent.objects.everywhere().get(pk=row.pk)


def read(pdf):
    return " ".join(
        " ".join(sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages).split()
    )


class TestDeciding:
    def test_a_new_group_waits_is_decided_and_then_listed(self, office, at_the_desk):
        group = make_group(office, listed=False)
        browser, _ = at_the_desk("counsels")
        assert group.name in text_of(browser.get(LISTING))
        refused = browser.post(
            page_of(group, "aufnehmen/"), {"basis": "consent-phone", "basis_on": "2026-01-05"}
        )
        assert refused.status_code == 409
        assert "Diese Gruppe ist neu" in text_of(refused)
        went = browser.post(page_of(group, "aufnahme/"), all_met())
        assert went.status_code == 302
        browser.post(page_of(group, "aufnehmen/"), {"basis": "consent-phone", "basis_on": "2026-01-05"})
        assert Entry.objects.filter(group=group.pk).exists()
        assert group.name not in text_of(browser.get(LISTING))

    def test_what_was_typed_stays_when_a_reason_is_missing(self, office, at_the_desk):
        group = make_group(office, listed=False)
        browser, _ = at_the_desk("counsels")
        answer = browser.post(page_of(group, "aufnahme/"), all_met(k3="unmet", look_again_on="2030-05-07"))
        said = text_of(answer)
        assert answer.status_code == 409
        assert "Bitte schreiben Sie den Grund dazu" in said
        assert 'name="k3" value="unmet" checked' in said
        assert "2030-05-07" in said
        assert not EntryDecision.objects.everywhere().exists()

    def test_a_refused_group_gets_a_kind_letter(self, office, at_the_desk):
        group = make_group(office, listed=False)
        browser, _ = at_the_desk("leads")
        browser.post(
            page_of(group, "aufnahme/"), sent(outcome="not-listed", reason="Verkauft etwas.", seen="0")
        )
        said = text_of(browser.get(page_of(group, "aufnahme/")))
        assert "kein Urteil über Ihre Gruppe" in said
        assert "Verkauft etwas." in said

    def test_two_who_decide_at_once_are_told(self, office, at_the_desk):
        group = make_group(office, listed=False)
        browser, _ = at_the_desk("counsels")
        browser.post(page_of(group, "aufnahme/"), all_met())
        answer = browser.post(
            page_of(group, "aufnahme/"), sent(outcome="not-listed", reason="Nein.", seen="0")
        )
        assert answer.status_code == 409
        assert EntryDecision.objects.everywhere().get().outcome == "listed"

    def test_who_leads_changes_the_criteria_and_others_read_them(self, at_the_desk):
        browser, _ = at_the_desk("counsels")
        assert "Als neue Fassung beschließen" not in text_of(browser.get(LISTING + "kriterien/"))
        form = sent(kriterien="Sechs Menschen.\n\nKeine Werbung.", decided_on="2026-03-01", seen="0")
        assert browser.post(LISTING + "kriterien/", form).status_code == 409
        leads, _ = at_the_desk("leads")
        assert leads.post(LISTING + "kriterien/", form).status_code == 302
        assert "Keine Werbung." in text_of(browser.get(LISTING + "kriterien/"))


class TestConsents:
    def test_the_campaign_goes_from_asking_to_the_last_answer(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        people = [
            person(make_group(office, name=f"Gruppe {way}", public_phone=PHONE), name=NAME, **ways)
            for way, ways in {
                "Mail": {"email": MAIL},
                "Brief": {"address": HOME},
                "Anruf": {"phone": "1"},
            }.items()
        ]
        assert "3 Personen sind noch nicht gefragt" in text_of(browser.get(LISTING + "einwilligungen/"))
        browser.post(LISTING + "einwilligungen/fragen/", sent())
        page = text_of(browser.get(LISTING + "einwilligungen/"))
        assert "Gruppe Anruf" in page
        assert NAME not in page
        forms = browser.post(LISTING + "einwilligungen/drucken/", sent())
        assert forms.headers["Content-Type"] == "application/pdf"
        assert NAME in read(forms.content)
        row = ContactConsent.objects.everywhere().get(person=people[1])
        assert row.asked_on is None, "a printer can jam"
        browser.post(LISTING + "einwilligungen/gedruckt/", sent(bogen=[str(row.pk)]))
        found = browser.post(LISTING + "einwilligungen/zeichen/", sent(zeichen=consents.reference(row)))
        assert found.headers["Location"] == f"{LISTING}einwilligung/{row.pk}/"
        paper = sent(how="letter", zeigen=["public_phone:print"])
        assert browser.post(f"{LISTING}einwilligung/{row.pk}/antwort/", paper).status_code == 302
        call = ContactConsent.objects.everywhere().get(person=people[2])
        assert consents.SPOKEN in text_of(browser.get(f"{LISTING}einwilligung/{call.pk}/"))
        browser.post(f"{LISTING}einwilligung/{call.pk}/antwort/", sent(how="phone", alles="1"))
        row = fresh(row)
        call = fresh(call)
        assert (row.how, row.agreed) == ("letter", {"public_phone": ["print"]})
        assert (call.how, call.status) == ("phone", "given")
        assert "2 von 3 haben geantwortet" in text_of(browser.get(LISTING + "einwilligungen/"))

    def test_an_answer_without_a_mark_is_no_refusal(self, office, at_the_desk):
        browser, member = at_the_desk("counsels")
        who = person(make_group(office), phone="1")
        with acting_for(office):
            row = campaign.ask(who, by=member, at=timezone.now())
        answer = browser.post(f"{LISTING}einwilligung/{row.pk}/antwort/", sent(how="letter"))
        assert answer.status_code == 409
        assert "Es ist nichts angekreuzt" in text_of(answer)

    def test_a_withdrawal_at_the_desk_closes_the_field(self, office, at_the_desk):
        browser, member = at_the_desk("counsels")
        group = make_group(office, public_phone=PHONE)
        with acting_for(office):
            row = campaign.ask(person(group), by=member, at=timezone.now(), only=PostWay.CALL)
            consents.answer(row.pk, row.asked, how=consents.How.PHONE, by=member, at=timezone.now())
        assert PHONE in Entry.objects.get().shape
        browser.post(f"{LISTING}einwilligung/{row.pk}/widerruf/", sent(feld="public_phone"))
        assert PHONE not in Entry.objects.get().shape

    def test_an_unknown_sign_is_said_and_kept(self, at_the_desk):
        browser, _ = at_the_desk("leads")
        answer = browser.post(LISTING + "einwilligungen/zeichen/", sent(zeichen="E-0000-0000"))
        assert answer.status_code == 409
        assert "E-0000-0000" in text_of(answer)

    def test_one_person_is_asked_from_the_groups_page(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        who = person(make_group(office), phone="1")
        assert "1. Ansprechperson" in text_of(browser.get(page_of(who.group, "einwilligungen/")))
        none = browser.post(page_of(who.group, f"einwilligungen/{who.pk}/"), sent(way="mail"))
        assert none.status_code == 409
        went = browser.post(page_of(who.group, f"einwilligungen/{who.pk}/"), sent(way=""))
        assert went.headers["Location"].startswith(LISTING + "einwilligung/")


class TestThePublicPage:
    @pytest.fixture
    def asked(self, office):
        member = make_member(office, "counsels", second_factor=False)
        group = make_group(office, public_phone=PHONE, public_email="gruppe@example.org")
        with acting_for(office):
            row = campaign.ask(person(group), by=member, at=timezone.now())
            return row, consents.link_path(row)

    def marke(self, page):
        return text_of(page).partition('name="marke" value="')[2].partition('"')[0]

    def test_it_shows_by_get_acts_by_post_and_keeps_nothing(self, asked):
        row, path = asked
        visit = visitor()
        page = visit.get(path)
        said = text_of(page)
        assert page.status_code == 200
        assert PHONE in said
        assert NAME not in said
        assert MAIL not in said
        assert "<script" not in said
        assert " checked" not in said, "nothing is agreed to in advance"
        assert not page.cookies
        assert "no-store" in page.headers["Cache-Control"]
        row = fresh(row)
        assert row.status == "asked"
        done = visit.post(path, {"marke": self.marke(page), "auswahl": "1", "zeigen": ["public_phone:site"]})
        row = fresh(row)
        assert (done.status_code, row.status, row.agreed, row.recorded_by) == (
            200,
            "given",
            {"public_phone": ["site"]},
            "group",
        )
        assert PHONE in Entry.objects.get().shape

    def test_what_was_given_is_taken_back_by_the_same_link(self, asked):
        row, path = asked
        visit = visitor()
        marke = self.marke(visit.get(path))
        visit.post(path, {"marke": marke, "alles": "1"})
        visit.post(path, {"marke": marke, "widerrufen": "public_phone"})
        assert PHONE not in Entry.objects.get().shape
        assert "gruppe@example.org" in Entry.objects.get().shape
        said = text_of(visit.post(path, {"marke": marke, "widerrufen": "alles"}))
        row = fresh(row)
        assert row.status == "withdrawn"
        assert "Wir zeigen nichts davon" in said

    def test_a_form_without_a_mark_or_made_elsewhere_changes_nothing(self, asked):
        row, path = asked
        visit = visitor()
        marke = self.marke(visit.get(path))
        assert visit.post(path, {"marke": marke, "auswahl": "1"}).status_code == 409
        assert visit.post(path, {"marke": "falsch", "alles": "1"}).status_code == 409
        row = fresh(row)
        assert row.status == "asked"

    def test_a_forged_link_and_one_whose_person_is_gone_look_alike(self, asked):
        row, path = asked
        with acting_for(row.contact_point_id):
            row.person.delete()
        gone, forged = visitor().get(path), visitor().get("/einwilligung/" + "A" * 54 + "/")
        assert gone.status_code == forged.status_code == 410
        assert row.group.name not in text_of(gone)


class TestCertificate:
    def test_it_says_since_when_and_names_nobody(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        group = make_canary(office, opened=["town", "meeting"])
        answer = browser.get(page_of(group, "bestaetigung.pdf"))
        said = read(answer.content)
        assert papers.TITLE in said
        assert group.name in said
        assert "im Verzeichnis seit 10.03.2026" in said
        assert "Kanariendorf" in said
        for never in (*NEVER, "23125 77", "kanarienpost"):
            assert never not in said
        root = pypdf.PdfReader(io.BytesIO(answer.content)).trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"]
        assert root["/Lang"] == "de-DE"
        assert b"pdfuaid" in answer.content

    def test_a_protected_group_has_no_place_and_no_time(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        group = make_canary(office, opened=["town", "venue", "meeting", "founded"], protected=True)
        said = read(browser.get(page_of(group, "bestaetigung.pdf")).content)
        assert group.name in said
        for never in ("Kanarien", "18:37", "18.37", "Mittwoch", "1987"):
            assert never not in said

    @pytest.mark.parametrize(
        "fields", [{"listed": False}, {"listed": False, "stage": Stage.DISSOLVED, "dissolved_on": A_DAY}]
    )
    def test_there_is_none_for_who_is_not_listed(self, office, at_the_desk, fields):
        browser, _ = at_the_desk("counsels")
        answer = browser.get(page_of(make_group(office, **fields), "bestaetigung.pdf"))
        assert answer.status_code == 409
        assert "steht nicht im Verzeichnis" in text_of(answer)


class TestFarewell:
    def test_what_goes_is_said_before_and_it_can_be_taken_back(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        group = make_canary(office, opened=["town"])
        said = text_of(browser.get(page_of(group, "abschied/")))
        assert "eine Ansprechperson mit allen Wegen zu ihr" in said
        form = sent(reason="contact", words="Sie zieht weg.", on=timezone.localdate().isoformat())
        unsure = browser.post(page_of(group, "abschied/"), form)
        assert unsure.status_code == 409
        assert "Sie zieht weg." in text_of(unsure)
        browser.post(page_of(group, "abschied/"), form | {"sicher": "1"})
        assert Farewell.objects.everywhere().get().reason == "contact"
        assert "Ansprechperson hört auf" in text_of(browser.get(page_of(group, "abschied/")))
        browser.post(page_of(group, "abschied/zuruecknehmen/"), sent())
        with acting_for(office):
            assert Group.objects.get().stage == Stage.OPEN
        assert Entry.objects.exists()

    def test_who_keeps_the_records_does_not_read_the_words(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        group = make_group(office)
        browser.post(page_of(group, "abschied/"), sent(reason="few", words="Sie zieht weg.", sicher="1"))
        assert "Sie zieht weg." in text_of(browser.get(page_of(group, "abschied/")))
        upkeep, _ = at_the_desk("upkeep")
        assert "Sie zieht weg." not in text_of(upkeep.get(page_of(group, "abschied/")))

    def test_a_group_that_only_sleeps_can_pause_instead(self, office, at_the_desk):
        browser, _ = at_the_desk("counsels")
        assert "Stattdessen pausieren" in text_of(browser.get(page_of(make_group(office), "abschied/")))


def test_another_office_finds_no_page(office, office_elsewhere, at_the_desk):
    group = make_group(office)
    browser, _ = at_the_desk("leads", at=office_elsewhere)
    for rest in ("aufnahme/", "abschied/", "bestaetigung.pdf", "einwilligungen/"):
        assert browser.get(page_of(group, rest)).status_code == 404, rest
