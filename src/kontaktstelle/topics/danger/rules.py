"""Rules: what concepts together mean. First the acute ones in the order of danger, then quiet lines.

A rule reads "these concepts, unless those". `A/B` is one of several. Who speaks of long ago, of a book, of a group for the
bereaved, at work, in a figure of speech or says expressly that nothing is acute is not in danger now; the guards say so.
"""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

SUICIDE, OTHER_SUICIDE, VIOLENCE = "suicide", "other-suicide", "violence"
CHILD, MEDICAL, WITHDRAWAL = "child", "medical", "withdrawal"
KINDS = (SUICIDE, OTHER_SUICIDE, VIOLENCE, CHILD, MEDICAL, WITHDRAWAL)

ABOUT = "INFORMATION PROFESSIONAL "
CALM = ABOUT + "GROUP PAST STABLE NOT-DANGER FIGURE FEAR "
LOOSE = CALM + "BEREAVED CARER "


@dataclass(frozen=True, slots=True)
class Rule:
    """Concepts that together mean something, unless others are there too."""

    kind: str
    needs: tuple[frozenset[str], ...]
    unless: frozenset[str]
    reason: str

    def holds(self, found: AbstractSet[str]) -> bool:
        """Say whether the rule holds for the concepts found."""
        return self.unless.isdisjoint(found) and all(not need.isdisjoint(found) for need in self.needs)


def _rule(kind: str, needs: str, unless: str = "") -> Rule:
    return Rule(
        kind, tuple(frozenset(need.split("/")) for need in needs.split()), frozenset(unless.split()), needs
    )  # fmt: skip


ACUTE: tuple[Rule, ...] = (
    # Withdrawal that kills: seizure, delirium. Named before emergencies, whose signs it shares.
    _rule(WITHDRAWAL, "WITHDRAWAL WITHDRAWAL-SEVERE", ABOUT + "PAST STABLE GROUP FEAR NOT-DANGER"),
    _rule(WITHDRAWAL, "DELIRIUM", ABOUT + "PAST STABLE GROUP FEAR NOT-DANGER"),
    # A child in danger.
    _rule(CHILD, "PARENT HITS/HIT-DONE ME", CALM),
    _rule(CHILD, "PARENT HITS AFRAID-HOME", CALM),
    _rule(CHILD, "AFRAID-HOME PARENT/YOUNG-SPEAKER/TOUCHES/CHILD", CALM),
    _rule(CHILD, "CHILD/PARENT/YOUNG-SPEAKER TOUCHES", CALM),
    _rule(CHILD, "CHILD HITS/HIT-DONE/CHILD-HURT", CALM + "SELF-DEATH"),
    _rule(CHILD, "CHILD CHILD-GONE", CALM + "SELF-DEATH OTHER-DEATH"),
    _rule(CHILD, "CHILD CHILD-ALONE", CALM),
    _rule(CHILD, "CHILD FORCED", CALM),
    _rule(CHILD, "YOUNG-SPEAKER LOCKED/CHILD-GONE/CHILD-ALONE/THREAT", CALM),
    # Violence.
    _rule(VIOLENCE, "THREAT", CALM + "WISH-PRESENT"),
    _rule(VIOLENCE, "HITS ME", CALM),
    _rule(VIOLENCE, "HIT-DONE ME", CALM),
    _rule(VIOLENCE, "HIT-DONE OTHER NOW", CALM),
    _rule(VIOLENCE, "HITS OTHER NOW", CALM),
    _rule(VIOLENCE, "RAPE", CALM),
    _rule(VIOLENCE, "LOCKED ME/OTHER", CALM + "MISSING-OTHER"),
    _rule(VIOLENCE, "AT-DOOR OTHER/WEAPON/STALKED/NOW", CALM),
    _rule(VIOLENCE, "STALKED ME/NOW/AT-DOOR", CALM),
    _rule(VIOLENCE, "WEAPON OTHER", CALM + "SELF-DEATH OTHER-DEATH READY"),
    _rule(VIOLENCE, "FORCED ME/NOW/FUTURE-SOON", CALM),
    _rule(VIOLENCE, "SHELTER NOW", CALM),
    _rule(VIOLENCE, "OWN-VIOLENCE", CALM),
    # Somebody else is about to end their life.
    _rule(OTHER_SUICIDE, "OTHER OTHER-DEATH", LOOSE + "WISH-PRESENT"),
    _rule(OTHER_SUICIDE, "OTHER AT-OTHER PLACE/MEANS", LOOSE),
    _rule(OTHER_SUICIDE, "OTHER FAREWELL THREATENS/MISSING-OTHER", LOOSE),
    _rule(OTHER_SUICIDE, "OTHER SUICIDE-THOUGHTS NOW/THREATENS", LOOSE),
    _rule(OTHER_SUICIDE, "OTHER MEANS READY", LOOSE),
    _rule(OTHER_SUICIDE, "OTHER PLACE AT", LOOSE + "I"),
    # One's own life.
    _rule(SUICIDE, "SELF-DEATH", ABOUT + "NOT-DANGER STABLE"),
    _rule(SUICIDE, "SUICIDE-THOUGHTS", CALM + "BEREAVED"),
    _rule(SUICIDE, "SUICIDE-WORD NOW", CALM + "BEREAVED"),
    _rule(SUICIDE, "SWALLOWED", CALM),
    _rule(SUICIDE, "FAREWELL", CALM + "BEREAVED"),
    _rule(SUICIDE, "PLACE AT", CALM),
    _rule(SUICIDE, "MEANS READY", CALM),
    _rule(SUICIDE, "VEILED", LOOSE),
    _rule(SUICIDE, "VOICES SELF-DEATH/PLACE/SUICIDE-WORD", CALM),
    _rule(SUICIDE, "SELF-HARM-NOW", CALM),
    # Emergencies.
    _rule(MEDICAL, "CALL", CALM),
    _rule(MEDICAL, "UNCONSCIOUS/NOT-BREATHING", CALM),
    _rule(MEDICAL, "STROKE-SIGN", CALM + "CARER BEREAVED"),
    _rule(MEDICAL, "HEART", CALM + "BEREAVED"),
    _rule(MEDICAL, "OVERDOSED", CALM + "BEREAVED"),
    _rule(MEDICAL, "BLEEDS/ALLERGIC/INJURED", CALM),
    _rule(MEDICAL, "SEIZURE NOT-STOPPING/NOW/OTHER", CALM),
)
QUIET: tuple[Rule, ...] = (
    _rule("quiet", "SELF-DEATH/SUICIDE-THOUGHTS/SUICIDE-WORD/ATTEMPT/SELF-HARM", "INFORMATION FIGURE"),
    _rule("quiet", "BEREAVED SUICIDE-WORD/OTHER-DEATH"),
    _rule("quiet", "HITS/HIT-DONE/RAPE/THREAT", "INFORMATION FIGURE"),
    _rule("quiet", "CARER VEILED"),
)
NEED = _rule("need", "NEED")


def acute(found: AbstractSet[str]) -> Rule | None:
    """Return the first acute rule that holds, or None."""
    return next((rule for rule in ACUTE if rule.holds(found)), None)


def quiet(found: AbstractSet[str]) -> Rule | None:
    """Return the first rule for a quiet line that holds, or None."""
    return next((rule for rule in QUIET if rule.holds(found)), None)
