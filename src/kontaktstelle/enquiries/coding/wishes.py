"""What somebody wants: concerns from `concerns.tsv`, from what came of it, and the usual one of who asks."""

from collections.abc import Sequence

from . import cues, results, roles
from .reading import Clause

# What only groups want: who writes of it is one.
_MATTERS = frozenset({"foerderung", "raum", "gruppenberatung", "verzeichnis"})
_ALSO_MATTERS = frozenset({"oeffentlichkeitsarbeit", "fortbildung"})


def concerns(
    clauses: Sequence[Clause],
    done: Sequence[bool],
    asker: roles.Asker,
    came_of_it: dict[str, bool],
    *,
    channel: str,
    about: bool,
) -> dict[str, bool]:
    """Return the concerns, each with whether the note says so.

    Args:
        clauses: of the note.
        done: which of them say what the office did.
        asker: who asks.
        came_of_it: the outcomes.
        channel: the way it came.
        about: whether the note is about any topic.
    """
    said = dict.fromkeys(_told_concerns(clauses, done, asker), True)
    if results.CRISIS in came_of_it:
        said = {"krise": True, **said}
    if asker.type == roles.FOUNDER:
        return {"gruendung": asker.said}
    if asker.type in roles.SEEKERS:
        if results.CRISIS not in came_of_it or came_of_it.keys() & {
            results.TO_GROUP,
            results.LISTED,
            results.TO_SERVICE,
        }:
            said |= _of_seekers(clauses, came_of_it, about=about)
    elif channel == roles.EVENT:
        return {"oeffentlichkeitsarbeit": False}
    elif asker.type == roles.PROFESSIONAL and results.TO_SERVICE in came_of_it and not said:
        said = {"gruppensuche": False, "hilfesystem": True} if about else {"hilfesystem": True}
    elif not said:
        said = {_usual(asker, came_of_it, about=about): False}
    if "fortbildung" in said:
        said.pop("gruppenberatung", None)
    return said


def are_of_groups(clauses: Sequence[Clause]) -> bool:
    """Say whether a note speaks of what mostly groups want."""
    return any(
        cue.fits(clause.words)
        for cue in cues.table("concerns")
        if cue.columns[0] in _MATTERS | _ALSO_MATTERS and "gruppe" in cue.columns[1]
        for clause in clauses
    )


def is_office_talk(clause: Clause) -> bool:
    """Say whether a clause speaks of calls, lists, rooms, entries: only names of topics are meant there."""
    if any(cues.is_one(name, word) for name in ("CALLER", "RELATION") for word in clause.words):
        return False
    return any(
        cue.fits(clause.words)
        for cue in (*cues.table("outcomes"), *cues.table("concerns"))
        if (cue.columns[1] in {"any", "weak", "never"} and cue.columns[0] != results.CRISIS)
        or (cue.columns[0] in _MATTERS and cue.columns[1].startswith("gruppe"))
    )


def _told_concerns(clauses: Sequence[Clause], done: Sequence[bool], asker: roles.Asker) -> list[str]:
    return list(
        dict.fromkeys(
            cue.columns[0]
            for cue in cues.table("concerns")
            if not cue.columns[1] or asker.type in cue.columns[1].split()
            if any(
                cue.fits(clause.words)
                for clause, is_done in zip(clauses, done, strict=True)
                if not (is_done and cue.columns[0] == "material")
            )
        )
    )


def _of_seekers(clauses: Sequence[Clause], came_of_it: dict[str, bool], *, about: bool) -> dict[str, bool]:
    seeks = any(
        cues.word("SEEKS").fits(clause.words) and cues.word("GROUP").fits(clause.words) for clause in clauses
    )
    to_service = results.TO_SERVICE in came_of_it
    by_group = came_of_it.keys() & {results.TO_GROUP, results.NO_OFFER, results.LISTED}
    found: dict[str, bool] = {}
    if by_group or seeks or (about and not to_service and results.CRISIS not in came_of_it):
        found["gruppensuche"] = seeks
    if to_service:
        found["hilfesystem"] = came_of_it[results.TO_SERVICE]
    return found or {"sonstige": False}


def _usual(asker: roles.Asker, came_of_it: dict[str, bool], *, about: bool) -> str:
    if asker.type == roles.OTHER and results.TO_SERVICE in came_of_it:
        return "hilfesystem"
    if asker.type == roles.PROFESSIONAL:
        return "gruppensuche" if about else "information"
    return {roles.PRESS: "oeffentlichkeitsarbeit", roles.GROUP: "gruppenberatung"}.get(asker.type, "sonstige")
