"""Whatever is written, into whichever field: nobody's message breaks a page, and nothing written becomes part of one."""

from datetime import timedelta
from html import unescape

import pytest
from django.utils import timezone

from directory.hostile_words import HOSTILE
from kontaktstelle.enquiries import correspondence
from kontaktstelle.enquiries.models import Enquiry
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.relay import throttle
from support.enquiring import HERE, code_in, form_with, forms_of, open_with, reply, send
from support.visiting import text_of, visitor

pytestmark = pytest.mark.django_db
KIND = {200, 400, 403, 409, 410, 413, 429}


@pytest.fixture
def visit():
    return visitor()


def check(answer, typed):
    page = text_of(answer)
    assert answer.status_code in KIND, (typed[:60], answer.status_code)
    if "<" in typed:
        assert typed not in page
    assert "SECRET_KEY" not in page or "SECRET_KEY" in typed
    return page


def fitting(text):
    return "".join(
        sign
        for sign in text.replace("\r\n", "\n").replace("\r", "\n")
        if sign in "\n\t" or sign.isprintable() or ord(sign) > 0x9F
    ).strip()


@pytest.mark.parametrize("typed", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_message_is_accepted_or_kindly_refused_and_read_as_it_was_written(
    office, group, counsellor, visit, typed
):
    path = f"/nachricht/{group.slug}/"
    form = form_with(visit.get(path), "nachricht")
    answer = send(visit, form, at=path, nachricht=typed)
    check(answer, typed)
    if answer.status_code != 200:
        assert not fitting(typed) or len(typed) > 6000, "only nothing and too much are refused"
        return
    page = open_with(visit, code_in(answer))
    text = check(page, typed)
    assert fitting(typed) in unescape(text)
    with acting_for(office):
        enquiry = Enquiry.objects.get()
        correspondence.tell(enquiry, typed, by=counsellor, at=timezone.now())
    check(reply(visit, open_with(visit, code_in(answer)), typed), typed)


@pytest.mark.parametrize(
    "field", ["rueckweg", "plz", "webseite", "marke", "einverstanden", "weitergeben", "ort"]
)
def test_hostile_values_of_any_field_get_a_kind_answer(office, group, visit, field):
    path = f"/nachricht/{group.slug}/"
    form = form_with(visit.get(path), "nachricht")
    for typed in HOSTILE.values():
        if len(typed) < 5000:
            check(send(visit, form, at=path, nachricht="Guten Tag.", **{field: typed}), typed)
            check(visit.post("/nachricht/", {"ort": typed, field: typed}, headers=HERE), typed)


@pytest.mark.parametrize("field", ["code", "text"])
def test_hostile_codes_get_a_kind_answer(office, visit, field):
    for typed in HOSTILE.values():
        throttle.forget()
        check(visit.post("/antwort/", {field: typed}, headers=HERE), typed)
        check(visit.post("/post/" + "A" * 54 + "/", {field: typed}, headers=HERE), typed)


def test_hostile_values_of_a_reply_get_a_kind_answer(office, group, visit):
    path = f"/nachricht/{group.slug}/"
    page = open_with(
        visit, code_in(send(visit, form_with(visit.get(path), "nachricht"), at=path, nachricht="Guten Tag."))
    )
    form = forms_of(page)[0]
    for field in ("einlass", "kanal", "marke", "freigeben", "trotzdem"):
        for typed in HOSTILE.values():
            if len(typed) < 5000:
                check(send(visit, form, text="Noch etwas.", **{field: typed}), typed)
    for typed in ("a" * 60, "-_" * 30, "x"):
        check(visit.get(f"/antwort/{typed}/"), typed)
        check(visit.post(f"/post/{typed}/schreiben/", {"text": "x"}, headers=HERE), typed)
        check(visit.post(f"/post/{typed}/beenden/", {}, headers=HERE), typed)


def test_a_form_from_elsewhere_is_refused(office, group, visit):
    path = f"/nachricht/{group.slug}/"
    form = form_with(visit.get(path), "nachricht")
    answer = visit.post(
        path, form["fields"] | {"nachricht": "x"}, headers={"origin": "https://boese.example"}
    )
    assert answer.status_code == 403
    with acting_for(office):
        assert not Enquiry.objects.exists()


@pytest.fixture(autouse=True)
def written_with_care(monkeypatch):
    monkeypatch.setattr("kontaktstelle.enquiries.suspicion.QUICKEST", timedelta(0))
    throttle.forget()
