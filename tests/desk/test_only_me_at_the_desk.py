"""„Nur ich" on the pages: nobody else reads there who asked about what, and no address joins the two."""

import re
import uuid

import pytest
from django.utils import timezone

from kontaktstelle.enquiries import arrangements, call_backs, log, referral
from kontaktstelle.enquiries.models import CallBack, Referral
from kontaktstelle.organisation.tenancy import acting_for
from support.desk import KARLA
from support.people import make_group
from support.visiting import text_of

pytestmark = pytest.mark.django_db
DESK = "/schreibtisch/"


@pytest.fixture
def group(office):
    return make_group(office, name="Gruppe Angst, Beispiel")


def opened(office, member, **how):
    with acting_for(office):
        now = timezone.now()
        return log.open_enquiry(log.log_contact(by=member, at=now), by=member, at=now, **how)


def promised(office, member, enquiry):
    with acting_for(office):
        now = timezone.now()
        return call_backs.promise(
            CallBack.Kind.CALL, KARLA, by=member, at=now, enquiry=enquiry, due_on=timezone.localdate()
        )


def made_due(office, row):
    with acting_for(office):
        CallBack.objects.filter(pk=row.pk).update(due_on=timezone.localdate())


def drafted(office, member, enquiry, group, route=Referral.Route.OPEN):
    with acting_for(office):
        return referral.draft(enquiry, to=group, route=route, by=member, at=timezone.now())


@pytest.mark.parametrize("role", ["counsels", "leads", "reception"])
def test_a_promise_of_another_s_nur_ich_shows_no_name_and_no_number(office, at_the_desk, role):
    browser, member = at_the_desk("counsels")
    enquiry = opened(office, member, only_me=True, person=KARLA)
    row = promised(office, member, enquiry)
    made_due(office, row)
    assert "Kanarienvogel" in text_of(browser.get(f"{DESK}rueckruf/{row.pk}/"))
    other, _ = at_the_desk(role)
    assert other.get(f"{DESK}rueckruf/{row.pk}/").status_code == 404
    for page in (
        other.get(DESK),
        other.post(f"{DESK}heute/mit-namen/"),
        other.get(f"{DESK}anfragen/{enquiry.number}/"),
    ):
        shown = text_of(page)
        assert "Kanarienvogel" not in shown
        assert str(row.pk) not in shown


def test_the_sheet_to_print_joins_no_name_with_a_number(office, at_the_desk):
    browser, member = at_the_desk("counsels")
    enquiry = opened(office, member)
    made_due(office, promised(office, member, enquiry))
    assert f"Anfrage {enquiry.number}" in text_of(browser.get(DESK))
    printed = text_of(browser.post(f"{DESK}heute/mit-namen/"))
    line = next(part for part in printed.split("<li") if "Kanarienvogel" in part)
    assert enquiry.number not in line


def test_a_colleague_reads_in_no_collection_where_another_s_nur_ich_leads(office, at_the_desk, group):
    browser, member = at_the_desk("counsels")
    row = drafted(office, member, opened(office, member, only_me=True), group, Referral.Route.CALL_BACK)
    with acting_for(office):
        arrangements.agree(group, {"rhythm": "weekly"}, by=member, at=timezone.now())
        referral.consent(row, text_version="1", how="telephone", by=member, at=timezone.now())
    assert group.name in text_of(browser.get(DESK))
    colleague, _ = at_the_desk("counsels")
    assert group.name not in text_of(colleague.get(DESK))
    colleague.post(
        f"{DESK}heute/gesammelt/{group.pk}/",
        {"form_key": str(uuid.uuid4()), "told": f"{row.pk}:{row.version + 1}"},
    )
    with acting_for(office):
        assert Referral.objects.get().status == "consented"


def test_no_address_joins_somebody_who_asked_with_a_group(office, at_the_desk, group):
    """Addresses stay in the browser's history, where the next at this computer reads them."""
    browser, member = at_the_desk("counsels")
    enquiry = opened(office, member)
    row = drafted(office, member, enquiry, group)
    shown = text_of(browser.get(f"{DESK}vermittlung/{row.pk}/"))
    assert "Merkzettel" in shown
    assert f"absprache/{group.slug}/" in shown
    for address in re.findall(r'(?:href|action)="([^"]+)"', shown):
        asker = enquiry.number in address or str(row.pk) in address
        assert not (asker and group.slug in address), address
    sheet = browser.post(f"{DESK}merkzettel/", {"anfrage": enquiry.number, "gruppe": group.slug})
    assert sheet.status_code == 200


def test_from_an_arrangement_one_comes_back_to_the_referral(office, at_the_desk, group):
    browser, member = at_the_desk("counsels")
    row = drafted(office, member, opened(office, member), group)
    browser.get(f"{DESK}vermittlung/{row.pk}/")
    answer = browser.post(
        f"{DESK}absprache/{group.slug}/", {"form_key": str(uuid.uuid4()), "how": "call", "rhythm": "singly"}
    )
    assert answer.headers["Location"] == f"{DESK}vermittlung/{row.pk}/"
