"""Recognise danger and need: concepts, rules, and what was learnt."""

from collections.abc import Sequence
from dataclasses import dataclass

from kontaktstelle.topics.languages import ARABIC, CYRILLIC, languages_of, lexicons

from . import concepts, learnt, rules

# What is longer says nothing more about danger than its beginning; keeps the time bounded.
LONGEST = 80
# With so few words a name alone ("Notarzt") is a call.
FEW = 2
# What was learnt alarms from this probability on; together with a rule from a smaller one.
ALARMING = 0.5
SECONDED = 0.2
# Who says expressly that nothing is acute is believed unless everything else says otherwise.
DENIED = 0.9
# From this probability on a quiet line is worth it.
DOUBTFUL = 0.15
NEEDING = 0.5


@dataclass(frozen=True, slots=True)
class Alarm:
    """What words alarm about.

    `kind` is one of `rules.KINDS` if there is acute danger, else ""; `quiet` says that there are alarming words without
    acute danger; `need` that somebody looks for treatment; `reason` names the rule, for tests and for who corrects it.
    """

    kind: str = ""
    quiet: bool = False
    need: bool = False
    reason: str = ""


NOTHING = Alarm()


def recognise(words: list[str], text: str) -> Alarm:  # noqa: ARG001 - what was typed is part of the interface: signs and capitals may tell more one day
    """Return what somebody's words alarm about.

    Args:
        words: folded words, as `topics.folding.words` returns them.
        text: the same as it was typed.
    """
    read = words[:LONGEST]
    meant = german(read)
    found = find(read, meant)
    rule = rules.acute(found)
    opinion = learnt.opinion(read, meant, found, rule.kind if rule else "")
    if opinion.danger >= (DENIED if "NOT-DANGER" in found else ALARMING):
        # What was learnt tells the kinds apart better than the rules ("ich will mich umbringen" is no threat by another);
        # who of two wants to die, the rules.
        both_die = rule is not None and {rule.kind, opinion.kind} == {rules.SUICIDE, rules.OTHER_SUICIDE}
        kind = rule.kind if rule and both_die else opinion.kind
        return Alarm(kind=kind, reason=rule.reason if rule else f"learnt {opinion.danger:.2f}")
    if rule and opinion.danger >= SECONDED:
        return Alarm(kind=rule.kind, reason=rule.reason)
    hushed = rules.quiet(found)
    reason = hushed.reason if hushed else "doubt" if rule or opinion.danger >= DOUBTFUL else ""
    return Alarm(quiet=bool(reason), need=opinion.need >= NEEDING or rules.NEED.holds(found), reason=reason)


def find(words: Sequence[str], meant: Sequence[str]) -> set[str]:
    """Return the names of all concepts in folded words: the sharp ones and, of the same read into German, the broad ones."""
    found = concepts.load().find(words) | concepts.load_words().find(meant)
    if len(words) <= FEW and found:
        found.add("SHORT")
    return found


def german(words: Sequence[str]) -> Sequence[str]:
    """Return the words read into German; as they stand if they may be German."""
    spoken, _sure = languages_of(words)
    if "de" in spoken or not spoken:
        return words
    known = lexicons()
    candidates = [known[language] for language in sorted(spoken) if language in known]
    if not candidates:
        return words
    if len(candidates) == 1 or not (spoken & (CYRILLIC | ARABIC)):
        return candidates[0].translate(words)
    return max(candidates, key=lambda lexicon: lexicon.share(words)).translate(words)
