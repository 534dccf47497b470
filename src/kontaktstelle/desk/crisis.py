"""What is at hand in a crisis: lines to call, and the steps the office has decided on."""

from dataclasses import dataclass
from datetime import date

from kontaktstelle.directory import help as shown_help
from kontaktstelle.directory.help import HelpLine
from kontaktstelle.organisation import texts
from kontaktstelle.organisation.models import ContactPoint

MOST_LINES = 5


@dataclass(frozen=True, slots=True)
class CrisisHelp:
    """Lines, most fitting first; the office's steps; when and by whom they were decided, None for the draft."""

    lines: list[HelpLine]
    steps: list[str]
    decided_on: date | None
    decided_by: str


def at_hand(office: ContactPoint, *, kreis_key: str = "", kind: str = "suicide") -> CrisisHelp:
    """Return whom to call in a crisis and what the office does then.

    Args:
        office: the one being acted for.
        kreis_key: where the person is, "" if that was not said.
        kind: of danger, as `topics.danger` names it.
    """
    steps, row = texts.crisis_steps()
    return CrisisHelp(
        lines=shown_help.lines_for([kind], land=office.land, kreis_key=kreis_key, limit=MOST_LINES),
        steps=steps,
        decided_on=row.decided_on if row else None,
        decided_by=(row.decided_by or "") if row else "",
    )
