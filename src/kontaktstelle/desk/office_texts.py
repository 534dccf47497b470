"""The office's texts as their pages show them: what stands, who decided it, what stood before."""

from dataclasses import dataclass
from datetime import date, datetime

from django.http import Http404

from kontaktstelle.organisation import texts
from kontaktstelle.organisation.models import OfficeText

from . import consent_texts


@dataclass(frozen=True, slots=True)
class Version:
    """One version; `number` is 0 for the programme's draft, `text` is "" where the office went back to it."""

    number: int
    text: str
    decided_on: date | None = None
    decided_by: str = ""
    written_at: datetime | None = None
    proof: str = ""


@dataclass(frozen=True, slots=True)
class TextShown:
    """A text: what stands now, the programme's draft, earlier versions newest first."""

    key: str
    label: str
    most_words: int | None
    stands: Version
    draft: Version
    earlier: list[Version]
    newest: int

    @property
    def is_draft(self) -> bool:
        """Say whether the office has not decided on words of its own."""
        return self.stands.number == 0


def all_texts() -> list[TextShown]:
    """Return every text there may be."""
    return [text(key) for key in texts.KINDS]


def text(key: str) -> TextShown:
    """Return a text with all its versions.

    Raises:
        Http404: there is no such text.
    """
    kind = texts.KINDS.get(key)
    if kind is None:
        raise Http404
    rows = texts.versions(key)
    proposed = consent_texts.DRAFTS.get(key)
    draft = Version(
        0, proposed.text if proposed else texts.CRISIS_DRAFT, proof=proposed.version if proposed else ""
    )
    stands = _shown(rows[0]) if rows and rows[0].text is not None else draft
    return TextShown(
        key, kind.label, kind.most_words, stands, draft, [_shown(row) for row in rows[1:]], rows[0].number if rows else 0
    )  # fmt: skip


def _shown(row: OfficeText) -> Version:
    proof = consent_texts.own_version(row.key, row.number) if row.key in consent_texts.DRAFTS else ""
    return Version(
        row.number, row.text or "", row.decided_on, row.decided_by or "", row.written_at, proof if row.text else ""
    )  # fmt: skip
