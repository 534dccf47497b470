"""Letters for people without e-mail: one PDF for the printer, DIN 5008 B, for envelopes with a window.

Printing is two steps, because a printer can jam: `print_run` makes the PDF and changes nothing; `mark_printed` says that
the paper is there, and erases addresses and texts.
"""

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import typst
from django.db import transaction

from kontaktstelle.privacy import ledger, trail
from kontaktstelle.refusal import StepRefused

from .addresses import PostalAddress
from .lifecycle import Status, Way, check_step
from .models import Dispatch
from .outbox import read
from .pace import BERLIN
from .wording import Content, subject_of, whole_text

TEMPLATES = Path(__file__).parent / "typst"
FONTS = Path(__file__).parent.parent / "ui" / "fonts"
PDF_STANDARD: Final = "ua-1"
LETTERS_A_RUN = 200
MONTHS = (
    "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
)  # fmt: skip


class NothingToPrint(StepRefused):
    """No letter is due."""

    sentence = "Zurzeit ist kein Brief zu drucken."


@dataclass(frozen=True, slots=True)
class PrintRun:
    """Letters ready for the printer.

    Attributes:
        numbers: of the letters, in the order of the pages; for `mark_printed`.
        pdf: all of them, each on a sheet of its own.
    """

    numbers: tuple[uuid.UUID, ...]
    pdf: bytes


@dataclass(frozen=True, slots=True)
class Waiting:
    """A letter that waits for the printer: what it is about and since when, not to whom."""

    number: uuid.UUID
    subject: str
    template: str
    since: datetime


def waiting_letters(*, at: datetime) -> list[Waiting]:
    """Return the letters that are due for the contact point being acted for, oldest first; nothing is opened."""
    return [
        Waiting(letter.pk, subject_of(letter.template), letter.template, letter.next_at)
        for letter in _due(at)
    ]


def letters_to_print(*, at: datetime) -> list[uuid.UUID]:
    """Return the numbers of the letters that are due for the contact point being acted for, oldest first."""
    return [letter.pk for letter in _due(at)]


@transaction.atomic
def print_run(*, by: str, at: datetime, only: uuid.UUID | None = None) -> PrintRun:
    """Open the letters that are due and set them for printing; the trail tells who saw the addresses.

    Args:
        by: who, as the trail knows them.
        at: now.
        only: this letter alone, for one that jammed.

    Raises:
        NothingToPrint: no letter is due.
    """
    due = _due(at) if only is None else _due(at).filter(pk=only)
    letters = list(due[:LETTERS_A_RUN])
    if not letters:
        raise NothingToPrint
    for letter in letters:
        _tell(letter, "letter.opened", by=by, at=at)
    return PrintRun(
        tuple(letter.pk for letter in letters), as_pdf([_page(letter, at=at) for letter in letters])
    )


@transaction.atomic
def mark_printed(numbers: Iterable[uuid.UUID], *, by: str, at: datetime) -> int:
    """Note that letters are on paper, and erase their addresses and texts. Said twice it changes nothing.

    Returns:
        How many were marked.
    """
    marked = 0
    for letter in Dispatch.objects.select_for_update().filter(pk__in=list(numbers), way=Way.LETTER):
        if letter.status == Status.PRINTED:
            continue
        check_step(letter.status, Status.PRINTED)
        letter.status, letter.done_at = Status.PRINTED, at
        letter.recipient_sealed = letter.content_sealed = None
        letter.save()
        ledger.record(Dispatch, [letter.pk], on=at.astimezone(BERLIN).date(), stays=True)
        _tell(letter, "letter.printed", by=by, at=at)
        marked += 1
    return marked


def as_pdf(pages: list[dict[str, Any]]) -> bytes:
    """Return letters as tagged PDF (PDF/UA-1). What stands in them goes in as values, never as markup."""
    compiled = typst.compile(
        str(TEMPLATES / "letter.typ"),
        root=str(TEMPLATES),
        font_paths=[str(FONTS)],
        ignore_system_fonts=FONTS.is_dir(),
        sys_inputs={"content": json.dumps({"letters": pages}, ensure_ascii=False)},
        format="pdf",
        pdf_standards=PDF_STANDARD,
    )
    return bytes(compiled)


def _due(at: datetime) -> Any:
    return Dispatch.objects.filter(status=Status.TO_PRINT, next_at__lte=at).order_by("next_at", "id")


def _page(letter: Dispatch, *, at: datetime) -> dict[str, Any]:
    content = Content.from_json(letter.content or "")
    to = read(Way.LETTER, letter.recipient or "")
    assert isinstance(to, PostalAddress)  # noqa: S101 - `read` made it by its way
    sender, today = content.sender, at.astimezone(BERLIN)
    return {
        "to": list(to.lines),
        # Street and town only: who looks at the envelope need not know that a Kontaktstelle writes.
        "return": f"{sender.street} · {sender.town}",
        "sender": [sender.name, sender.street, sender.town],
        "ways": [["Telefon", sender.phone], ["E-Mail", sender.email]],
        "date": f"{today.day}. {MONTHS[today.month - 1]} {today.year}",
        "subject": content.piece.subject,
        "paragraphs": whole_text(content, way=Way.LETTER).split("\n\n"),
    }


def _tell(letter: Dispatch, action: str, *, by: str, at: datetime) -> None:
    trail.record(
        by,
        action,
        object_type="mailroom.dispatch",
        object_id=letter.pk,
        at=at,
        contact_point=letter.contact_point_id,
    )
