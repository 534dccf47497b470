"""Texts an office speaks or works by, in versions: the steps in a crisis, what is read aloud before data move.

A new version never changes an old one, so that what somebody agreed to stays readable as it was said. Until an office
decides on its own words, and again when it goes back to them, the programme's draft stands.
"""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import IntegrityError, transaction

from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import rights
from .earlier import ChangedMeanwhile
from .hours import BERLIN
from .models import OfficeText, Staff
from .rights import Right
from .tenancy import current

CRISIS = "crisis"
LONGEST = 4000
LONGEST_DECIDED_BY = 120
# A quarter of a minute, read aloud.
MOST_SPOKEN_WORDS = 40
CRISIS_DRAFT = """\
Bleiben Sie ruhig am Telefon. Holen Sie eine Kollegin oder einen Kollegen dazu, wenn jemand da ist.
Ist ein Leben in Gefahr, rufen Sie 112. Das dürfen Sie auch ohne Zustimmung (§ 34 StGB).
Danach sagen Sie der Leitung Bescheid; ist sie nicht da, ihrer Vertretung.
In allen anderen Fällen gilt die Schweigepflicht. Ob sie gebrochen wird, entscheidet die Leitung mit Ihnen, nie jemand allein.
Geht es um ein Kind in Gefahr, berät Sie das Jugendamt, ohne dass Sie einen Namen nennen (§ 4 KKG).
Aufgeschrieben wird nur „Krise, Hilfe genannt“. Sprechen Sie danach mit jemandem im Team darüber."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A text there may be: its name, what it must be to be of use."""

    key: str
    label: str
    most_words: int | None = None
    must_say: str = ""
    why: str = ""


_REVOCABLE = "Wer zustimmt, muss vorher hören, dass er es jederzeit widerrufen kann (Art. 7 DSGVO). Bitte sagen Sie das im Text."
KINDS: dict[str, Kind] = {
    kind.key: kind
    for kind in (
        Kind(CRISIS, "Schritte in einer Krise", must_say="112", why="Bitte nennen Sie im Text auch den Notruf 112."),
        Kind("consent-relay", "Einwilligung: geschützter Kontakt", MOST_SPOKEN_WORDS, "widerruf", _REVOCABLE),
        Kind("consent-call-back", "Einwilligung: die Gruppe ruft zurück", MOST_SPOKEN_WORDS, "widerruf", _REVOCABLE),
        Kind("consent-group-address", "Einwilligung: Kontakt der Gruppe", MOST_SPOKEN_WORDS, "widerruf", _REVOCABLE),
        Kind("consent-together", "Einwilligung: gemeinsames erstes Gespräch", MOST_SPOKEN_WORDS, "widerruf", _REVOCABLE),
        Kind("consent-follow-up", "Einwilligung: später nachfragen", MOST_SPOKEN_WORDS),
    )
}  # fmt: skip


class TextUnknown(StepRefused):
    """There is no such text, or no such version of it."""

    sentence = "Diesen Text oder diese Fassung gibt es nicht."


class TextUnfit(StepRefused):
    """The text cannot be used as it is."""

    sentence = "Dieser Text geht so nicht."


class DecisionUnclear(StepRefused):
    """It is not said who decided, and when."""

    sentence = "Bitte tragen Sie ein, wann und von wem der Text beschlossen wurde."


def current_text(key: str) -> OfficeText | None:
    """Return the version that stands, of the office being acted for; None where the programme's draft stands."""
    newest: OfficeText | None = OfficeText.objects.filter(key=key).order_by("-number").first()
    return newest if newest is not None and newest.text is not None else None


def versions(key: str) -> list[OfficeText]:
    """Return every version there was, newest first."""
    return list(OfficeText.objects.filter(key=key).order_by("-number"))


def crisis_steps() -> tuple[list[str], OfficeText | None]:
    """Return the steps in a crisis, a sentence or two each, and the version they are; None for the draft."""
    row = current_text(CRISIS)
    text = row.text if row and row.text else CRISIS_DRAFT
    return [line.strip() for line in text.splitlines() if line.strip()], row


@transaction.atomic
def decide(
    key: str,
    text: str,
    *,
    decided_on: date | None,
    decided_by: str,
    seen: int | None,
    by: Staff,
    at: datetime,
) -> OfficeText:
    """Let a text stand from now on, as its next version.

    Args:
        key: of `KINDS`.
        text: the words.
        decided_on: the day on which it was decided.
        decided_by: by whom, in the office's own words.
        seen: the number of the version the page showed, 0 for the draft.
        by: who enters it.
        at: when.

    Raises:
        rights.NotAllowed: not the Leitung.
        TextUnknown, TextUnfit, DecisionUnclear: as their sentences say.
        ChangedMeanwhile: another version was written since.
    """  # fmt: skip
    text, decided_by = "\n".join(line.rstrip() for line in text.strip().splitlines()), decided_by.strip()
    _check(key, text)
    if decided_on is None or not decided_by or len(decided_by) > LONGEST_DECIDED_BY:
        raise DecisionUnclear
    if decided_on > at.astimezone(BERLIN).date():
        raise DecisionUnclear("Der Tag des Beschlusses liegt in der Zukunft.")
    newest = _newest(key, by=by)
    if newest is not None and (newest.text, newest.decided_on, newest.decided_by) == (
        text,
        decided_on,
        decided_by,
    ):
        return newest  # sent twice
    return _next(key, newest, text, decided_on, decided_by, seen=seen, by=by, at=at)  # fmt: skip


@transaction.atomic
def go_back(key: str, number: int, *, seen: int | None, by: Staff, at: datetime) -> OfficeText:
    """Let an earlier version stand again, as a new one; 0 is the programme's draft.

    Raises:
        rights.NotAllowed: not the Leitung.
        TextUnknown: there is no such version.
        ChangedMeanwhile: another version was written since.
    """
    if key not in KINDS:
        raise TextUnknown
    newest = _newest(key, by=by)
    earlier = OfficeText.objects.filter(key=key, number=number).first() if number else None
    if newest is None or (number and earlier is None):
        raise TextUnknown
    if earlier is None:
        return _next(key, newest, None, None, None, seen=seen, by=by, at=at)
    return _next(key, newest, earlier.text, earlier.decided_on, earlier.decided_by, seen=seen, by=by, at=at)


def _newest(key: str, *, by: Staff) -> OfficeText | None:
    rights.check(by, Right.DECIDE, current())
    newest: OfficeText | None = OfficeText.objects.filter(key=key).order_by("-number").first()
    return newest


def _next(
    key: str, newest: OfficeText | None, text: str | None, decided_on: date | None, decided_by: str | None,
    *, seen: int | None, by: Staff, at: datetime,
) -> OfficeText:  # fmt: skip
    number = newest.number if newest else 0
    if seen is not None and seen != number:
        raise ChangedMeanwhile
    row = OfficeText(
        contact_point_id=current(),
        key=key,
        number=number + 1,
        decided_on=decided_on,
        written_at=at,
        written_by=by,
    )
    row.text, row.decided_by = text, decided_by
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError as error:  # two at the same moment
        raise ChangedMeanwhile from error
    trail.record(
        str(by.pk),
        "office-text.decided",
        object_type="organisation.officetext",
        object_id=row.pk,
        at=at,
        contact_point=row.contact_point_id,
        fields=[key],
    )
    return row


def _check(key: str, text: str) -> None:
    kind = KINDS.get(key)
    if kind is None:
        raise TextUnknown
    if not text:
        raise TextUnfit("Der Text ist leer. Mit „Entwurf des Programms“ gehen Sie zu dessen Worten zurück.")
    if len(text) > LONGEST:
        raise TextUnfit(f"Der Text hat {len(text)} Zeichen; höchstens {LONGEST} haben Platz.")
    if kind.most_words and (count := len(text.split())) > kind.most_words:
        raise TextUnfit(
            f"Der Text hat {count} Wörter. Vorgelesen wird er in einer Viertelminute; das sind höchstens {kind.most_words}."
        )
    if kind.must_say and kind.must_say not in text.lower():
        raise TextUnfit(kind.why)
