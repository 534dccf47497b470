"""Recognise danger and need: concepts, rules, and a second opinion where the rules are silent."""

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from kontaktstelle.topics.languages import ARABIC, CYRILLIC, languages_of, lexicons

from . import concepts, learnt, rules

# What is longer says nothing more about danger than its beginning; keeps the time bounded.
LONGEST = 80
# With so few words a name alone ("Notarzt") is a call.
FEW = 2
# The second opinion alarms from this probability on if no concept speaks for calm.
ALARMING = 0.25
# From this probability on a quiet line is worth it.
DOUBTFUL = 0.06
# Signs of illness are also what many live with for years: an alarm about them must not seem quite unlikely.
UNLIKELY = 0.1


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
    if not found:
        return NOTHING
    rule = rules.acute(found)
    if rule and rule.kind != rules.MEDICAL:
        return Alarm(kind=rule.kind, reason=rule.reason)
    if rule is None and not rules.SPEAKS_FOR_CALM.isdisjoint(found):
        return _calm(found)
    opinion = learnt.opinion(found, read, meant)
    if rule and opinion.danger >= UNLIKELY:
        return Alarm(kind=rule.kind, reason=rule.reason)
    if rule is None and opinion.danger >= ALARMING:
        return Alarm(kind=opinion.kind, reason=f"learnt {opinion.danger:.2f}")
    return _calm(found, doubt=rule is not None or opinion.danger >= DOUBTFUL)


def _calm(found: AbstractSet[str], *, doubt: bool = False) -> Alarm:
    """Return what there is without acute danger: a need, alarming words, or a doubt that is worth a quiet line."""
    hushed = rules.quiet(found)
    reason = hushed.reason if hushed else "doubt" * doubt
    return Alarm(quiet=bool(reason), need=rules.NEED.holds(found), reason=reason)


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
