"""Gründungen at the desk: the whole way by telephone and letter, papers, two clicks, who sees the list."""

import re
import uuid
from datetime import timedelta

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import log
from kontaktstelle.foundings import interested
from kontaktstelle.foundings.lifecycle import FoundingStatus, InterestStatus
from kontaktstelle.foundings.models import (
    CallText,
    Founding,
    FoundingMeeting,
    Interest,
    MeetingInvitation,
    Outreach,
)
from kontaktstelle.groups.models import Group
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy.models import TrailEntry
from support.desk import KARLA
from support.foundings import begun, brought_to, make_venue
from support.visiting import text_of

pytestmark = pytest.mark.django_db
HERE = "/schreibtisch/gruendungen/"
S = FoundingStatus
NOW = timezone.now


class Desk:
    """Somebody at the desk with one founding before them."""

    def __init__(self, browser, founding):
        self.browser, self.founding = browser, founding

    @property
    def row(self):
        return Founding.unscoped.get(pk=self.founding.pk)

    def take(self, step, *, key=None, seen=None, **said):
        sent = {
            "form_key": str(key or uuid.uuid4()),
            "seen": self.row.version if seen is None else seen,
            **said,
        }
        return self.browser.post(f"{HERE}{self.founding.pk}/schritt/{step}/", sent)

    def page(self, more=""):
        return text_of(self.browser.get(f"{HERE}{self.founding.pk}/{more}"))

    def does(self, step, **said):
        answer = self.take(step, **said)
        assert answer.status_code == 302, re.findall(r'role="alert".*?</div>', text_of(answer), re.DOTALL)


@pytest.fixture
def desk(at_the_desk, office):
    browser, member = at_the_desk("counsels", "leads")
    with acting_for(office):
        made = begun(member)
    return Desk(browser, made)


def of(model, desk):
    return model.unscoped.filter(founding=desk.founding).order_by("pk").last()


def test_a_founding_goes_its_whole_way_by_telephone_and_letter(desk, office):
    today = timezone.localdate()
    with acting_for(office):
        venue = make_venue(office)
    desk.does("gespraech-planen", on=today.isoformat())
    desk.does(
        "gespraech",
        about=["motives", "room"],
        role="leads",
        place_wish="Unna",
        audience=["betroffene"],
        threshold="2",
        on=today.isoformat(),
    )
    desk.does("umgesehen")
    desk.does("aufruf")
    desk.does("text", text="Wer kennt das Pfeifen im Ohr?")
    assert desk.browser.get(f"{HERE}{desk.founding.pk}/aushang.pdf").status_code == 409, (
        "nothing hangs unapproved"
    )
    desk.does("freigabe", row=of(CallText, desk).pk, how="telephone")
    desk.does("weg", way="press", where="Beispielbote", on=today.isoformat())
    desk.does("erschienen", row=of(Outreach, desk).pk)
    desk.does("sammeln")
    for name in ("Anna Kanarie", "Bert Kanarie"):
        desk.does(
            "dazu",
            name=name,
            phone="030 23125 781" if name[0] == "A" else "030 23125 782",
            agreed="1",
            how="telephone",
            who="affected",
            outreach=str(of(Outreach, desk).pk),
        )
    desk.does("termin", on=today.isoformat(), starts="18.30", venue=str(venue.pk))
    meeting = of(FoundingMeeting, desk)
    desk.does("einladen", row=meeting.pk)
    for each in MeetingInvitation.unscoped.all():
        desk.does("eingeladen", row=each.pk)
        desk.does("antwort", row=each.pk, coming="ja")
    assert "2 kommt" in desk.page()
    desk.does(
        "treffen",
        row=meeting.pk,
        attended="5",
        purpose="Austausch",
        decided="Wir treffen uns",
        rhythm="jeden Dienstag",
    )
    minutes = desk.browser.get(f"{HERE}{desk.founding.pk}/protokoll/{meeting.pk}.pdf")
    assert minutes.content.startswith(b"%PDF")
    desk.does("gezaehlt", on=today.isoformat(), attended="4")
    desk.does("begleitung-endet")
    desk.does(
        "eintragen",
        name="Gruppe Tinnitus, Beispiel",
        description="Austausch",
        postcode="59423",
        town="Unna",
        forms=["in-person"],
        basis="consent-phone",
        basis_on=today.isoformat(),
    )
    assert Group.unscoped.get(name="Gruppe Tinnitus, Beispiel").listed
    assert not Interest.unscoped.filter(founding=desk.founding, status=InterestStatus.LISTED)
    desk.does("spaeter")
    assert desk.row.status == S.SETTLED
    assert "besteht" in desk.page()


def test_a_refused_step_keeps_what_was_typed(desk, office):
    with acting_for(office):
        founding = brought_to(S.GATHERING, desk_member(office))
    other = Desk(desk.browser, founding)
    answer = other.take("dazu", name="Karo Kanarie", phone="030 23125 784", how="telephone", who="affected")
    assert answer.status_code == 409
    assert "Karo Kanarie" in text_of(answer), (
        "without a yes nobody is put on the list, and nothing typed is lost"
    )
    assert not Interest.unscoped.filter(founding=founding)


def desk_member(office):
    from support.desk import make_staff

    return make_staff(office, "zweite")


def test_a_double_click_puts_one_person_on_the_list(desk, office):
    with acting_for(office):
        founding = brought_to(S.GATHERING, desk_member(office))
    other, key = Desk(desk.browser, founding), uuid.uuid4()
    said = {"name": "Karo Kanarie", "phone": "030 23125 784", "agreed": "1", "how": "telephone"}
    assert other.take("dazu", key=key, **said).status_code == 302
    assert other.take("dazu", key=key, **said).status_code == 302
    assert Interest.unscoped.filter(founding=founding).count() == 1


def test_of_two_people_on_one_card_the_second_is_told(desk):
    seen = desk.row.version
    desk.does("gespraech-planen", on=timezone.localdate().isoformat())
    answer = desk.take("ruhen", seen=seen, until=(timezone.localdate() + timedelta(days=30)).isoformat())
    assert answer.status_code == 409
    assert desk.row.status == S.ADVICE


def test_the_list_is_for_who_counsels_and_every_opening_is_traced(at_the_desk, office):
    counsellor, member = at_the_desk("counsels")
    with acting_for(office):
        founding = brought_to(S.APPOINTED, desk_member(office))
    names = [f"Person {number}" for number in range(2)]
    page = text_of(counsellor.get(f"{HERE}{founding.pk}/liste/"))
    assert all(name in page for name in names)
    assert TrailEntry.objects.filter(action="interest.opened", actor=str(member.pk)).count() == 2
    leading, _ = at_the_desk("leads", name="Lena")
    assert leading.get(f"{HERE}{founding.pk}/liste/").status_code == 404
    card = text_of(leading.get(f"{HERE}{founding.pk}/"))
    assert not any(name in card for name in names), "who leads sees how many they are"
    assert "2 auf der Liste" in card


def test_who_leaves_the_list_is_gone_at_once(desk, office):
    with acting_for(office):
        founding = brought_to(S.GATHERING, desk_member(office))
    other = Desk(desk.browser, founding)
    other.does("dazu", name="Karo Kanarie", phone="030 23125 784", agreed="1", how="telephone")
    assert "Karo Kanarie" in other.page("liste/")
    other.does("von-der-liste", row=of(Interest, other).pk)
    assert "Karo Kanarie" not in other.page("liste/")
    with acting_for(office):
        assert interested.count(other.row) == 0


def test_a_step_on_somebody_of_another_founding_is_refused(desk, office):
    with acting_for(office):
        other = brought_to(S.APPOINTED, desk_member(office))
        theirs = Interest.objects.filter(founding=other).first()
    assert desk.take("von-der-liste", row=theirs.pk).status_code == 409
    assert Interest.unscoped.get(pk=theirs.pk).status == InterestStatus.LISTED


def test_the_folder_and_the_poster_are_tagged_pdf(desk, office):
    folder = desk.browser.get(f"{HERE}gruendungsmappe.pdf").content
    with acting_for(office):
        founding = brought_to(S.GATHERING, desk_member(office))
    poster = desk.browser.get(f"{HERE}{founding.pk}/aushang.pdf").content
    for pdf in (folder, poster):
        assert b"pdfuaid" in pdf
        assert b"/MarkInfo" in pdf


def test_a_founding_is_begun_and_stands_in_the_overview(desk):
    answer = desk.browser.post(
        f"{HERE}neu/", {"form_key": str(uuid.uuid4()), "origin": "office", "title": "Schlafkanarie", "topic": ["Schlafstörungen"], "place": "Unna"}
    )  # fmt: skip
    assert answer.status_code == 302, text_of(answer)
    assert "Schlafkanarie" in text_of(desk.browser.get(HERE))
    wrong = desk.browser.post(
        f"{HERE}neu/",
        {
            "form_key": str(uuid.uuid4()),
            "origin": "office",
            "title": "Bleibt stehen",
            "topic": ["gibtsnicht"],
        },
    )
    assert wrong.status_code == 409
    assert "Bleibt stehen" in text_of(wrong)


def test_ended_foundings_are_a_list_of_their_own(desk, office):
    with acting_for(office):
        brought_to(S.GIVEN_UP, desk_member(office))
    assert "zu wenige" not in text_of(desk.browser.get(HERE))
    assert "aufgegeben" in text_of(desk.browser.get(f"{HERE}?welche=beendet"))


def test_volunteers_are_named_to_who_counsels_and_the_opening_is_traced(at_the_desk, office):
    counsellor, member = at_the_desk("counsels")
    said = {"form_key": str(uuid.uuid4()), "name": "Karo Kanarie", "phone": "030 23125 785", "topic": ""}
    assert counsellor.post(f"{HERE}starthilfen/", said).status_code == 302
    assert "Karo Kanarie" in text_of(counsellor.get(f"{HERE}starthilfen/"))
    assert TrailEntry.objects.filter(action="start-helper.opened", actor=str(member.pk)).exists()
    leading, _ = at_the_desk("leads", name="Lena")
    assert leading.get(f"{HERE}starthilfen/").status_code == 404


def test_reception_puts_whoever_rings_on_a_list_and_sees_no_list(at_the_desk, office):
    with acting_for(office):
        founding = brought_to(S.GATHERING, desk_member(office))
    reception, _ = at_the_desk("reception")
    page = text_of(reception.get(f"{HERE}dazu/"))
    assert "Tinnitus, Kreis Unna" in page
    assert "Kanariengründung" not in page, "what the office calls a founding is its own"
    said = {
        "form_key": str(uuid.uuid4()),
        "founding": str(founding.pk),
        "name": "Karo Kanarie",
        "phone": "030 23125 786",
        "agreed": "1",
        "how": "telephone",
    }
    assert reception.post(f"{HERE}dazu/", said).status_code == 302
    assert Interest.unscoped.filter(founding=founding, status=InterestStatus.LISTED).count() == 1
    assert reception.get(f"{HERE}{founding.pk}/liste/").status_code == 404
    wrong = reception.post(
        f"{HERE}dazu/", said | {"form_key": str(uuid.uuid4()), "founding": "", "name": "Bleibt Stehen"}
    )
    assert wrong.status_code == 409
    assert "Bleibt Stehen" in text_of(wrong)


def test_an_enquiry_about_founding_leads_to_one_that_knows_what_was_said(at_the_desk, office):
    browser, member = at_the_desk("counsels")
    with acting_for(office):
        contact = log.log_contact(
            by=member,
            at=NOW(),
            who="founder",
            concerns=["found-group"],
            topics=["tinnitus"],
            kreis_key="05978",
        )
        enquiry = log.open_enquiry(contact, by=member, at=NOW(), person=KARLA)
    card = text_of(browser.get(f"/schreibtisch/anfragen/{enquiry.number}/"))
    assert f"gruendungen/neu/?anfrage={enquiry.number}" in card
    form = text_of(browser.get(f"{HERE}neu/?anfrage={enquiry.number}"))
    assert "Tinnitus" in form
    assert KARLA.name in form
    leading, _ = at_the_desk("leads", name="Lena")
    assert leading.get(f"{HERE}neu/?anfrage={enquiry.number}").status_code == 404, (
        "who leads and does not counsel"
    )
