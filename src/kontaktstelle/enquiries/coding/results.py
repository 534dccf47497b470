"""What came of a contact: outcomes from `outcomes.tsv`, and the one that is likely where the note tells none."""

from collections.abc import Sequence

from . import cues, doing, subjects
from .reading import Clause
from .roles import EVENT, FOUNDER, GROUP, OTHER, PRESS, PROFESSIONAL, SEEKERS, Asker

TO_GROUP, TO_SERVICE, TO_BODY, CRISIS = (
    "vermittelt_gruppe",
    "vermittelt_fachstelle",
    "ueberregional_verwiesen",
    "krisendienst",
)
MATERIAL, NO_OFFER, CALL_BACK, LISTED = (
    "info_material",
    "kein_angebot",
    "rueckruf_offen",
    "interessentenliste",
)
ENTRY, SUPPORTED, ADVISED = "verzeichnis_aktualisiert", "gruppe_unterstuetzt", "gruendung_beraten"
# What a part that was handed out may name.
_KNOWN = (
    "OFFICE",
    "GROUP",
    "GROUPS-THING",
    "SERVICE",
    "BODY",
    "CRISIS",
    "MATERIAL",
    "ENTRY",
    "DAY",
    "TRAINING",
)
FIRST_TREATMENT = "erst_behandlung"
# What does not come of a contact with these, whatever is named: a group is not referred to itself.
_NOT_FOR = {
    GROUP: frozenset({TO_GROUP, TO_SERVICE, TO_BODY, NO_OFFER}),
    PRESS: frozenset({TO_GROUP, TO_SERVICE, NO_OFFER, CALL_BACK}),
    FOUNDER: frozenset({TO_GROUP, NO_OFFER}),
}
_REFERRED = frozenset({TO_GROUP, TO_SERVICE, TO_BODY, MATERIAL, CRISIS})


def outcomes(
    clauses: Sequence[Clause], done: Sequence[bool], *, asker: Asker, channel: str, about: bool
) -> dict[str, bool]:
    """Return the outcomes in the order of the table, each with whether the note says so.

    Args:
        clauses: of the note.
        done: which of them say what the office did.
        asker: who asks.
        channel: the way it came.
        about: whether the note is about any topic.
    """
    told, weak, never = _by_cue(clauses, done, asker=asker, channel=channel)
    if asker.type in SEEKERS | {OTHER, PROFESSIONAL} and channel != EVENT and _names_a_place(clauses, done):
        told.add(TO_SERVICE)
    told -= never
    _settle(told, weak - never, clauses, asker, channel)
    found = dict.fromkeys(told, True)
    if asker.type == FOUNDER:
        found.setdefault(ADVISED, False)
    if not found and (likely := _likely(clauses, asker, channel, about=about)) and likely not in never:
        found[likely] = False
    order = {cue.columns[0]: place for place, cue in reversed(list(enumerate(cues.table("outcomes"))))}
    return dict(sorted(found.items(), key=lambda pair: order[pair[0]]))


def _names_a_place(clauses: Sequence[Clause], done: Sequence[bool]) -> bool:
    """Say whether something was named that no list knows and that is no group: "Weißer Ring genannt", "an Heimaufsicht verw."."""
    return any(
        not any(cues.word(name).fits(part) for name in _KNOWN)
        and not subjects.names_in(part)
        and _telling(part)
        for number, clause in enumerate(clauses)
        if number
        and done[number]
        and cues.word("OFFERED").fits(clause.words)
        and not cues.word("NOT").fits(clause.words)
        for part in doing.parts(clause.words)
    )


def _telling(part: tuple[str, ...]) -> bool:
    return any(
        not any(cues.is_one(name, word) for name in ("OFFERED", "SAYS-NOTHING", "NOISE", "GIVEN"))
        for word in part
    )


def _by_cue(
    clauses: Sequence[Clause], done: Sequence[bool], *, asker: Asker, channel: str
) -> tuple[set[str], set[str], set[str]]:
    material = any(cues.word("MATERIAL").fits(clause.words) for clause in clauses)
    nothing_here = any(
        cue.fits(clause.words)
        for cue in cues.table("outcomes")
        if cue.columns[0] == NO_OFFER
        for clause in clauses
    )
    told: set[str] = set()
    weak: set[str] = set()
    never: set[str] = set()
    missed = any(cues.word("MISSED").fits(clause.words) for clause in clauses)
    for number, clause in enumerate(clauses):
        for cue in cues.table("outcomes"):
            outcome, where = cue.columns
            if where == "done":
                if any(
                    cue.fits(part) or (outcome == TO_GROUP and _is_named_group(part))
                    for part in _handed_out(clauses, done, number, outcome)
                ):
                    told.add(outcome)
            elif not cue.fits(clause.words) or (
                outcome == MATERIAL
                and (cues.word("NOT").fits(clause.words) or cues.word("BOTH").fits(clause.words))
            ):
                continue
            elif where == "weak":
                weak.add(outcome)
            elif where == "never":
                if outcome != CALL_BACK or not missed:
                    never.add(outcome)
            elif where == "any" or _counts(
                where, asker, channel, material=material, nothing_here=nothing_here
            ):
                told.add(outcome)
    return told, weak, never


def _counts(where: str, asker: Asker, channel: str, *, material: bool, nothing_here: bool) -> bool:
    return {
        "material": material,
        "group": asker.type == GROUP,
        "matter": asker.type == GROUP,
        "founder": asker.type == FOUNDER,
        "press": asker.type == PRESS,
        "by-hand": channel in {"persoenlich", EVENT},
        "nothing-here": nothing_here,
    }[where]


def _handed_out(
    clauses: Sequence[Clause], done: Sequence[bool], number: int, outcome: str
) -> list[tuple[str, ...]]:
    """Return the parts of a clause that say what was handed out; "beides" stands for what was asked before.

    A part that names a supra-regional body names no group or service of here.
    """
    if not done[number]:
        return []
    words = clauses[number].words
    if number and outcome != MATERIAL and cues.word("BOTH").fits(words):
        words = clauses[number - 1].words + words
    parts = doing.parts(words)
    if outcome == TO_SERVICE:
        parts = [part for part in parts if not cues.word("GROUP-NOUN").fits(part)]
    if outcome == TO_BODY:
        parts = [part for part in parts if not cues.word("MATERIAL").fits(part)]
    if outcome in {TO_GROUP, TO_SERVICE}:
        parts = [
            part for part in parts if not cues.word("BODY").fits(part) and not cues.word("CRISIS").fits(part)
        ]
    return [part for part in parts if not cues.word("NOT").fits(part)]


def _is_named_group(words: tuple[str, ...]) -> bool:
    """Say whether a name of a topic stands for its group ("AGUS genannt"), not for a service or a leaflet."""
    return bool(subjects.names_in(words)) and not any(
        cues.word(name).fits(words) for name in ("SERVICE", "MATERIAL")
    )


def _settle(told: set[str], weak: set[str], clauses: Sequence[Clause], asker: Asker, channel: str) -> None:
    """Take away what goes with something else; "hier nichts" counts only where nothing stronger came of it."""
    told -= _NOT_FOR.get(asker.type, frozenset())
    if channel == EVENT:
        told -= {TO_GROUP, TO_SERVICE}
    if FIRST_TREATMENT in told:
        told.discard(TO_GROUP)
    supports = any(_is_support(clause) for clause in clauses)
    if CALL_BACK in told or (ENTRY in told and not supports):
        told.discard(SUPPORTED)
    if ADVISED in told:
        told.discard(CALL_BACK)
    if told & _REFERRED and not any(cues.word("CALL-BACK").fits(clause.words) for clause in clauses):
        told.discard(CALL_BACK)
    if not told:
        told |= weak
    elif told == {LISTED} and asker.type != FOUNDER:
        told |= weak & {NO_OFFER}


def _is_support(clause: Clause) -> bool:
    """Say whether a clause asks for support and is not itself about the entry."""
    rows = {cue.columns: cue for cue in cues.table("outcomes")}
    return any(rows[SUPPORTED, where].fits(clause.words) for where in ("matter", "group")) and not any(
        rows[ENTRY, where].fits(clause.words) for where in ("any", "group")
    )


def _likely(clauses: Sequence[Clause], asker: Asker, channel: str, *, about: bool) -> str | None:
    """Return what mostly comes of such a contact where the note does not say."""
    if channel == EVENT:
        return MATERIAL
    seeks = any(cues.word("GROUP").fits(clause.words) for clause in clauses)
    if asker.type in SEEKERS:
        return TO_GROUP if about or seeks else None
    if asker.type == PROFESSIONAL:
        return TO_GROUP if about and seeks else MATERIAL
    return {GROUP: SUPPORTED, PRESS: MATERIAL}.get(asker.type)
