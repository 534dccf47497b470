"""Every address of the desk × every role × one's own and another contact point, against docs/reference/access.md."""

import re
import uuid
from datetime import timedelta
from pathlib import Path

import pytest
from allauth.mfa.models import Authenticator
from django.db import transaction
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from kontaktstelle.activities import log as activity_log
from kontaktstelle.desk.navigation import SEARCH, WAYS, ways_for
from kontaktstelle.enquiries import call_backs, hand_over, intake, log, referral, threads
from kontaktstelle.enquiries.models import CallBack, Intake
from kontaktstelle.foundings.lifecycle import FoundingStatus
from kontaktstelle.foundings.models import Founding, FoundingMeeting
from kontaktstelle.funding import applications, programmes
from kontaktstelle.funding.models import Telling
from kontaktstelle.groups import persons, uploads
from kontaktstelle.groups.entry import campaign
from kontaktstelle.groups.models import Group, Venue, YearlyAsking, YearlyUpdate
from kontaktstelle.groups.own_page import proposals
from kontaktstelle.mailroom import outbox
from kontaktstelle.mailroom.addresses import MailAddress
from kontaktstelle.mailroom.lifecycle import Kind
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.network import registers
from kontaktstelle.network.models import Service
from kontaktstelle.organisation import rights, staff_steps, trail_opening
from kontaktstelle.organisation.letterhead import letterhead
from kontaktstelle.organisation.models import Post
from kontaktstelle.organisation.rights import FOR_A_REASON, TABLE, Right, Role
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay.parties import Address
from kontaktstelle.support import helper_dates
from kontaktstelle.support import log as support_log
from kontaktstelle.support.models import SupportKind
from support.desk import make_staff
from support.every_address import desk_patterns
from support.foundings import brought_to
from support.people import A_MOMENT, make_group, make_member
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
PAPER = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "access.md").read_text(encoding="utf-8")
COLUMNS = ["nobody", "no factor", "reception", "counsels", "leads", "upkeep", "dpo", "operator", "elsewhere"]
ROLES = ["reception", "counsels", "leads", "upkeep", "dpo", "operator"]
CANARIES = ("Kanarie Kollegin", "kanarie@example.org")
CANARY = Address(CANARIES[0], "030 23125 778", CANARIES[1])


def rows():
    """Yield route and cells of the matrix."""
    for line in PAPER.splitlines():
        if line.startswith("| `/schreibtisch/"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            yield cells[0].strip("`"), dict(zip(COLUMNS, cells[1:], strict=True))


def shape(route):
    """Return a route as the paper writes it."""
    route = re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", "/" + route)
    return route.replace("passkeys/<pk>", "passkeys/<key>")


MATRIX = dict(rows())


def test_paper_and_code_name_the_same_pages():
    assert {shape(route) for _, route, _ in desk_patterns()} == set(MATRIX)


@pytest.fixture
def colleague(office):
    """Somebody of the first office: the row that addresses name."""
    return make_member(office, "counsels", "reception", email=CANARIES[1], name=CANARIES[0])


def who(column, office, office_elsewhere):
    browser = visitor()
    if column == "nobody":
        return browser, None
    if column == "no factor":
        member = make_member(office, "counsels", second_factor=False, password="vier blaue Tassen im Regal")
    elif column == "elsewhere":
        member = make_member(office_elsewhere, "leads", "counsels", password="vier blaue Tassen im Regal")
    else:
        member = make_member(office, column, password="vier blaue Tassen im Regal")
    browser.force_login(member)
    return browser, member


def address(route, colleague, member, column):
    owner = colleague if column in {"elsewhere", "no factor"} or member is None else member
    passkey, _ = (
        Authenticator.objects.get_or_create(
            user=owner,
            type=Authenticator.Type.WEBAUTHN,
            defaults={"data": {"name": "Passkey 1", "credential": {}}},
        )
        if "passkeys/<key>" in route
        else (None, None)
    )
    return (
        _of_the_office(route, colleague)
        .replace("<pk>", str(colleague.pk))
        .replace("<key>", str(passkey.pk if passkey else ""))
        .replace("<token>", "gibt-es-nicht")
        .replace("<number>", str(_a_contact(colleague).pk) if "<number>" in route else "")
        .replace("<contact>", str(_a_contact(colleague).pk) if "<contact>" in route else "")
        .replace("<group>", _a_group(colleague, route) if "<group>" in route else "")
        .replace("<programme>", str(_a_round(colleague).programme.pk) if "<programme>" in route else "")
        .replace("<round>", str(_a_round(colleague).pk) if "<round>" in route else "")
        .replace("<telling>", str(_a_telling(colleague).pk) if "<telling>" in route else "")
        .replace("<application>", str(_an_application(colleague).pk) if "<application>" in route else "")
        .replace("<dispatch>", str(_a_failed_message(colleague)) if "<dispatch>" in route else "")
        .replace("<proposal>", str(_a_proposal(colleague).pk) if "<proposal>" in route else "")
        .replace("<asking>", str(_a_yearly_call(colleague).pk) if "<asking>" in route else "")
        .replace("<update>", str(_a_yearly_call(colleague).update_id) if "<update>" in route else "")
        .replace("<venue>", str(_a_venue(colleague).pk) if "<venue>" in route else "")
        .replace("<uploaded>", str(_a_list(colleague).pk) if "<uploaded>" in route else "")
        .replace("<person>", str(_a_person(colleague).pk) if "<person>" in route else "")
        .replace("<consent>", str(_a_consent(colleague).pk) if "<consent>" in route else "")
        .replace("<mail>", "7-1")
        .replace("<absence>", str(_an_absence(colleague).pk) if "<absence>" in route else "")
        .replace("<note>", str(_a_note(colleague, route).pk) if "<note>" in route else "")
        .replace("<call_back>", str(_a_call_back(colleague).pk) if "<call_back>" in route else "")
        .replace("<enquiry>", _an_enquiry(colleague).number if "<enquiry>" in route else "")
        .replace("<entry>", str(_an_entry_of_support(colleague).pk) if "<entry>" in route else "")
        .replace("<helper_date>", str(_a_helper_date(colleague).pk) if "<helper_date>" in route else "")
        .replace("<activity>", str(_an_activity(colleague).pk) if "<activity>" in route else "")
        .replace("<intake>", str(_a_suspect(colleague).pk) if "<intake>" in route else "")
        .replace("<opening>", str(_an_opening(colleague)) if "<opening>" in route else "")
        .replace("<referral>", str(_a_referral(colleague).pk) if "<referral>" in route else "")
        .replace("<step>", "umgesehen")
        .replace("<figure>", "contacts")
        .replace(
            "<meeting>", str(_a_meeting(colleague, _a_founding(colleague)).pk) if "<meeting>" in route else ""
        )
        .replace("<founding>", str(_a_founding(colleague).pk) if "<founding>" in route else "")
    )


def _of_the_office(route, colleague):
    """Fill an address among the office's own records."""
    site = colleague.contact_point.sites.first()
    if "<register>" in route:
        return route.replace("<register>/<key>", f"dienst/{_a_service(colleague).key}")
    return route.replace("texte/<key>", "texte/crisis").replace("<site>", str(site.pk))


def _a_service(colleague):
    """Return a service that is the first office's own."""
    facts = {"kind": "counselling", "name": CANARIES[0], "what": "Beratung", "source": "Flyer"}
    return registers.add(Service, facts, by="test", at=timezone.now(), contact_point=colleague.contact_point)


def _an_enquiry(colleague):
    with acting_for(colleague.contact_point):
        return log.open_enquiry(_a_contact(colleague), by=colleague, at=timezone.now(), person=CANARY)


def _a_suspect(colleague):
    """Return what waits to be looked through."""
    office = colleague.contact_point
    written = intake.Written(CANARIES[0], uuid.uuid4(), timedelta(0), way_back=CANARIES[1], agrees=True)
    intake.receive(office, written, at=timezone.now())
    with acting_for(office):
        return Intake.objects.get()


def _a_referral(colleague):
    group = make_group(colleague.contact_point)
    with acting_for(colleague.contact_point):
        return referral.draft(_an_enquiry(colleague), to=group, by=colleague, at=timezone.now())


def _a_founding(colleague):
    """Return the founding of the first office, with somebody on its list and a date."""
    with acting_for(colleague.contact_point):
        made = Founding.objects.first()
        return made or brought_to(FoundingStatus.APPOINTED, make_staff(colleague.contact_point, "gruendung"))


def _a_meeting(colleague, founding):
    with acting_for(colleague.contact_point):
        return FoundingMeeting.objects.get(founding=founding)


def _an_entry_of_support(colleague):
    group = make_group(colleague.contact_point)
    facts = support_log.Facts(SupportKind.CONFLICT, timezone.localdate(), note=CANARIES[0])
    with acting_for(colleague.contact_point):
        return support_log.note(group, facts, by=colleague, at=timezone.now())


def _a_helper_date(colleague):
    group = make_group(colleague.contact_point)
    with acting_for(colleague.contact_point):
        return helper_dates.tell(group, timezone.localdate(), CANARIES[0], by=colleague, at=timezone.now())


def _an_activity(colleague):
    facts = activity_log.Facts("post", timezone.localdate(), text=CANARIES[0])
    with acting_for(colleague.contact_point):
        return activity_log.note(facts, by=colleague, at=timezone.now())


def _a_call_back(colleague):
    with acting_for(colleague.contact_point):
        return call_backs.promise(CallBack.Kind.CALL, CANARY, by=colleague, at=timezone.now())


def _a_note(colleague, route):
    with acting_for(colleague.contact_point):
        if "uebergabe" in route:
            return hand_over.leave_note(CANARIES[0], by=colleague, at=timezone.now())
        return threads.write_note(_an_enquiry(colleague), CANARIES[0], by=colleague, at=timezone.now())


def _an_opening(colleague):
    """Return the number of what the Datenschutz of the first office asked for."""
    office, today = colleague.contact_point, timezone.localdate()
    dpo = make_member(office, "dpo")
    with acting_for(office):
        return trail_opening.ask(
            today, today, reason=CANARIES[0], contact_point=office, by=dpo, at=timezone.now()
        ).number


def _an_absence(colleague):
    with acting_for(colleague.contact_point):
        return hand_over.go_away(staff=colleague, until=timezone.localdate(), by=colleague, at=timezone.now())


def _a_group(colleague, route):
    group = make_group(colleague.contact_point)
    return group.slug if "absprache" in route else str(group.pk)


def _a_proposal(colleague):
    group = make_group(colleague.contact_point)
    with acting_for(colleague.contact_point):
        return proposals.say_words(group, CANARIES[0], at=timezone.now())


def _a_yearly_call(colleague):
    office, today = colleague.contact_point, timezone.localdate()
    with acting_for(office):
        update = YearlyUpdate.objects.create(contact_point=office, group=make_group(office), opened_on=today)
        return YearlyAsking.objects.create(contact_point=office, update=update, way="call", planned_on=today)


def _a_venue(colleague):
    with acting_for(colleague.contact_point):
        return Venue.objects.create(contact_point=colleague.contact_point, name=CANARIES[0])


def _a_round(colleague):
    """Return a deadline of a programme that is the first office's own."""
    facts = {"key": "eigenes", "name": CANARIES[0], "kind": "municipal", "source": "Flyer"}
    with acting_for(colleague.contact_point):
        programme = programmes.add_programme(facts, by=colleague, at=timezone.now())
        due = timezone.localdate() + timedelta(days=30)
        return programmes.add_round(
            programme, {"year": due.year, "due_on": due, "source": "Flyer"}, by=colleague, at=timezone.now()
        )


def _an_application(colleague):
    with acting_for(colleague.contact_point):
        return applications.begin(
            _a_round(colleague).pk, group=make_group(colleague.contact_point), by=colleague, at=timezone.now()
        )


def _a_telling(colleague):
    office = colleague.contact_point
    with acting_for(office):
        return Telling.objects.create(
            contact_point=office, group=make_group(office), about="none", year=2026, step="once", way="call", status="to-call", made_at=timezone.now(),
        )  # fmt: skip


def _a_failed_message(colleague):
    with acting_for(colleague.contact_point), transaction.atomic():
        number = outbox.queue(
            "enquiries/mail/someone_wrote", to=MailAddress(CANARIES[1]), sender=letterhead(colleague.contact_point), kind=Kind.SINGLE, at=timezone.now(),
        )  # fmt: skip
        Dispatch.objects.filter(pk=number).update(status="failed", done_at=timezone.now(), reason="refused")
        return number


def _a_list(colleague):
    with acting_for(colleague.contact_point):
        return uploads.receive(
            f"Name;Ort\n{CANARIES[0]};Unna\n".encode(), "liste.csv", by=colleague, at=timezone.now(), number=uuid.uuid4()
        )  # fmt: skip


def _a_person(colleague):
    with acting_for(colleague.contact_point):
        group = Group.objects.first() or make_group(colleague.contact_point)
        return persons.add(group, CANARY, "internal", by=colleague, at=timezone.now(), number=uuid.uuid4())


def _a_consent(colleague):
    with acting_for(colleague.contact_point):
        make_group(colleague.contact_point)
        return campaign.ask(_a_person(colleague), by=colleague, at=timezone.now())


def _a_contact(colleague):
    """Return a contact of the first office, just logged."""
    with acting_for(colleague.contact_point):
        return log.log_contact(by=colleague, at=timezone.now())


def happened(answer):
    """Say in the paper's words what an answer means."""
    to = answer.headers.get("Location", "")
    if answer.status_code == 404:
        return "nein"
    if to.startswith("/schreibtisch/anmelden/noch-einmal/") and "next=" in to:
        return "+"
    if to.startswith("/schreibtisch/anmelden/?next="):
        return "Anmeldung"
    if to == "/schreibtisch/zweiter-faktor/":
        return "Faktor"
    return "ja" if answer.status_code in {200, 302, 303, 405, 409, 410, 429} else str(answer.status_code)


def be_fresh(browser):
    import time

    session = browser.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("route", MATRIX)
def test_the_door_does_what_the_paper_says(route, column, office, office_elsewhere, colleague):
    browser, member = who(column, office, office_elsewhere)
    path = address(route, colleague, member, column)
    said = MATRIX[route][column]
    answer = browser.get(path)
    if said.endswith("+"):
        assert happened(answer) == "+", (answer.status_code, answer.headers.get("Location"))
        be_fresh(browser)
        answer = browser.get(path)
    seen = happened(answer)
    # The second factor's own pages lead there; nothing else may be taken for it.
    assert seen == said.rstrip("+") or ((seen, said, column) == ("Faktor", "ja", "no factor")), (
        path,
        answer.status_code,
        answer.headers.get("Location"),
    )
    assert "no-store" in answer.headers["Cache-Control"]
    if column in {"nobody", "elsewhere", "no factor"} or said.startswith("nein"):
        for canary in CANARIES:
            assert canary not in text_of(answer), path


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("route", [route for route in MATRIX if "<pk>" in route or "einladen" in route])
def test_a_form_gets_through_the_same_doors_and_no_others(route, column, office, office_elsewhere, colleague):
    browser, member = who(column, office, office_elsewhere)
    if member is not None:
        be_fresh(browser)
    before = list(Post.objects.filter(staff=colleague).values_list("role", flat=True))
    answer = browser.post(
        address(route, colleague, member, column),
        {"roles": "operator", "email": "x@example.org", "grund": "weil es sein muss"},
    )
    colleague.refresh_from_db()
    if not MATRIX[route][column].startswith("ja"):
        assert happened(answer) in {"nein", "Anmeldung", "Faktor"}
        assert colleague.is_active
        assert list(Post.objects.filter(staff=colleague).values_list("role", flat=True)) == before
        assert not staff_steps.Invitation.objects.exists()
    else:
        assert happened(answer) == "ja", answer.status_code


def test_rights_on_paper_and_in_the_table_are_the_same():
    paper = {}
    for line in PAPER.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if cells[0] in set(Right):
            paper[Right(cells[0])] = dict(zip(ROLES, cells[1:], strict=True))
    assert set(paper) == set(Right)
    for right, cells in paper.items():
        for role, cell in cells.items():
            held = Role(role) in TABLE[right]
            reason = held and Role(role) in FOR_A_REASON.get(right, ())
            assert cell == ("Grund" if reason else "ja" if held else "–"), (right, role)


def test_nobody_holds_every_right_and_the_operator_none_that_shows_content():
    for role in Role:
        assert rights.rights_of([role]) != frozenset(Right)
    content = {
        Right.SEE_NOTE,
        Right.SEE_ENQUIRY,
        Right.SEE_GROUP_CONTACT,
        Right.EXPORT_PERSONS,
        Right.SEE_TRAIL,
        Right.LOG_CONTACT,
    }
    assert not rights.rights_of([Role.OPERATOR]) & content
    assert Right.SEE_NOTE not in rights.rights_of([Role.LEADS])
    assert Right.SEE_NOTE not in rights.rights_of([Role.RECEPTION])


def test_whoever_may_see_people_needs_a_second_factor(office):
    for role in Role:
        member = make_member(office, role, second_factor=False)
        assert rights.needs_second_factor(member) == (role != Role.UPKEEP), role


def test_the_ways_offered_are_ways_that_open(office):
    for role in ROLES:
        browser, _ = who(role, office, office)
        for way in ways_for(frozenset({Role(role)}), "/schreibtisch/", (*WAYS, SEARCH)):
            assert browser.get(way.address).status_code == 200, (role, way.address)


def test_a_way_not_built_yet_is_not_offered():
    names = {way.name for way in WAYS}
    for name in names:
        try:
            reverse(name)
        except NoReverseMatch:
            words = next(way.words for way in WAYS if way.name == name)
            assert words not in [way.words for way in ways_for(frozenset(Role), "/schreibtisch/")]


def test_roles_are_asked_of_the_database_each_time(office):
    member = make_member(office, "counsels")
    assert rights.may(member, Right.SEE_NOTE, office)
    Post.objects.filter(staff=member).delete()
    assert not rights.may(member, Right.SEE_NOTE, office)
    Post.objects.create(staff=member, contact_point=office, role="counsels", given_at=A_MOMENT)
    type(member).objects.update(is_active=False)
    assert not rights.may(member, Right.SEE_NOTE, office), "a stale copy of somebody locked has no rights"
