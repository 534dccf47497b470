"""Letters: for an envelope with a window, printed in two steps, erased when the paper is there."""

import io

import page
import pypdf
import pytest

from kontaktstelle.mailroom import delivery, letters
from kontaktstelle.mailroom.addresses import PostalAddress
from kontaktstelle.mailroom.lifecycle import Status, WrongStatus
from kontaktstelle.mailroom.models import Dispatch
from kontaktstelle.mailroom.outbox import cancel
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.privacy import trail
from kontaktstelle.privacy.models import TrailEntry

from .conftest import DAY, KARLAS_HOME, MINUTE, MONDAY, SECRET

pytestmark = pytest.mark.django_db
MM = 72 / 25.4


def print_at(office, at=MONDAY):
    with acting_for(office):
        return letters.print_run(by="front-office", at=at)


def texts(pdf):
    return [sheet.extract_text() for sheet in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def placed(pdf):
    """Return every text of the first page and where it begins, in millimetres from the left and from the top."""
    sheet = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]
    found = []

    def look(text, matrix, *_):
        if text.strip():
            found.append((text, matrix[4] / MM, (float(sheet.mediabox.height) - matrix[5]) / MM))

    sheet.extract_text(visitor_text=look)
    return found


def where(pdf, wanted):
    return next((left, top) for text, left, top in placed(pdf) if text.strip().startswith(wanted))


def test_a_message_for_somebody_without_mail_becomes_a_letter(office, put):
    number = put("mailroom/mail/message_waiting", KARLAS_HOME, path=f"/post/{SECRET}/")
    assert delivery.work_once(MONDAY) == 0, "the worker leaves letters alone"
    run = print_at(office)

    (sheet,) = texts(run.pdf)
    assert run.numbers == (number,)
    for line in (
        "Karla Kanarienvogel",
        "Kanarienallee 3",
        "59423 Unna",
        "9. März 2026",
        "Eine Nachricht wartet auf Sie",
        "Mit freundlichen Grüßen",
        office.name,
    ):
        assert line in sheet


def test_name_and_street_stand_in_the_window_and_nothing_else_does(office, put):
    put(to=KARLAS_HOME)
    pdf = print_at(office).pdf

    for line in KARLAS_HOME.lines:
        left, top = where(pdf, line)
        assert 20 < left < 30
        assert 62.7 < top < 90, "the address zone of DIN 5008 B"
    left, top = where(pdf, "Beispielstraße 1 ·")
    assert 45 < top < 62.7, "the return line above it"
    for line in ("An Ihrem Zugang", "Guten Tag"):
        assert where(pdf, line)[1] > 97, "below the fold of the window"
    assert where(pdf, "Telefon")[0] > 120, "right of the window"


def test_whoever_looks_at_the_envelope_does_not_learn_who_writes(office, put):
    put(to=KARLAS_HOME)
    pdf = print_at(office).pdf
    seen = "".join(text for text, left, top in placed(pdf) if left < 105 and 45 < top < 90)
    assert "Karla Kanarienvogel" in seen
    assert "Kontaktstelle" in texts(pdf)[0], "it could be seen"
    assert "Kontaktstelle" not in seen


def test_six_lines_still_fit_the_window(office, put):
    put(
        to=PostalAddress(
            (
                "Herrn",
                "Karl-Friedrich Kanarienvogel-Beispiel",
                "c/o Beispiel",
                "Hinterhaus, 3. Stock",
                "Kanarienallee 3",
                "59423 Unna",
            )
        )
    )
    assert where(print_at(office).pdf, "59423 Unna")[1] < 90


def test_every_letter_is_on_a_sheet_of_its_own_oldest_first(office, put):
    for day in (2, 0, 1):
        put(to=PostalAddress.of(f"Person {day}", "Allee 3, 59423 Unna"), at=MONDAY + day * DAY)
    sheets = texts(print_at(office, MONDAY + 3 * DAY).pdf)
    assert [next(f"Person {day}" for day in range(3) if f"Person {day}" in sheet) for sheet in sheets] == [
        "Person 0",
        "Person 1",
        "Person 2",
    ]


def test_the_pdf_can_be_read_by_everybody(office, put):
    put(to=KARLAS_HOME), put(to=KARLAS_HOME)
    report = page.validate_pdf_bytes(print_at(office).pdf, profile=page.ValidationProfile.PDF_UA_1)
    assert report.is_compliant, report


def test_what_stands_in_an_address_is_never_markup(office, put):
    put(to=PostalAddress(('#read("/etc/passwd")', "*fett* $x$ #1", "59423 Unna")))
    (sheet,) = texts(print_at(office).pdf)
    assert '#read("/etc/passwd")' in sheet
    assert "*fett* $x$ #1" in sheet


class TestPrinted:
    def test_making_the_pdf_changes_nothing_for_a_printer_can_jam(self, office, put):
        put(to=KARLAS_HOME)
        first, second = print_at(office), print_at(office, MONDAY + MINUTE)
        assert first.numbers == second.numbers
        assert Dispatch.unscoped.get().status == Status.TO_PRINT

    def test_once_it_is_on_paper_address_and_text_are_erased(self, office, put):
        put(to=KARLAS_HOME)
        run = print_at(office)
        with acting_for(office):
            assert letters.mark_printed(run.numbers, by="front-office", at=MONDAY) == 1
            assert letters.mark_printed(run.numbers, by="front-office", at=MONDAY) == 0, "a double click"
            assert letters.letters_to_print(at=MONDAY + DAY) == []
        letter = Dispatch.unscoped.get()
        assert (letter.status, letter.recipient_sealed, letter.content_sealed) == (Status.PRINTED, None, None)

    def test_a_letter_taken_back_is_not_printed(self, office, put):
        number = put(to=KARLAS_HOME)
        with acting_for(office):
            cancel(number, by="counsellor", at=MONDAY)
            with pytest.raises(letters.NothingToPrint) as refused:
                letters.print_run(by="front-office", at=MONDAY)
            with pytest.raises(WrongStatus):
                letters.mark_printed([number], by="front-office", at=MONDAY)
        assert refused.value.sentence == "Zurzeit ist kein Brief zu drucken."

    def test_a_letter_that_is_not_to_go_yet_is_not_printed(self, office, put):
        number = put(to=KARLAS_HOME, not_before=MONDAY + DAY)
        with acting_for(office):
            assert letters.letters_to_print(at=MONDAY) == []
            assert letters.letters_to_print(at=MONDAY + DAY) == [number]

    def test_a_mail_is_never_marked_printed(self, office, put):
        number = put()
        with acting_for(office):
            assert letters.mark_printed([number], by="front-office", at=MONDAY) == 0
        assert Dispatch.unscoped.get().status == Status.WAITING

    def test_who_opened_and_who_printed_stands_in_the_trail(self, office, put):
        number = put(to=KARLAS_HOME)
        run = print_at(office)
        with acting_for(office):
            letters.mark_printed(run.numbers, by="front-office", at=MONDAY)
        lines = TrailEntry.objects.filter(object_mac=trail.object_mac("mailroom.dispatch", number))
        assert [(line.actor, line.action) for line in lines.order_by("number")] == [
            ("front-office", "letter.opened"),
            ("front-office", "letter.printed"),
        ]
