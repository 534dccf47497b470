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
OWN_CALM = ABOUT + "NOT-DANGER STABLE PAST FIGURE BEREAVED FEAR "
CALM = ABOUT + "GROUP PAST STABLE NOT-DANGER FIGURE FEAR "
LOOSE = CALM + "BEREAVED CARER "
LOOSE_OTHER = CALM + "BEREAVED "


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
    # Somebody else is about to end their life: named before one's own, whose words it shares.
    _rule(OTHER_SUICIDE, "OTHER OTHER-DEATH THREATENS/AT-OTHER/MISSING-OTHER/NOW/SOON", LOOSE_OTHER + "WISH-PRESENT"),
    _rule(OTHER_SUICIDE, "OTHER SUICIDE-THOUGHTS NOW/THREATENS/MISSING-OTHER/SOON", LOOSE_OTHER + "WISH-PRESENT"),
    _rule(OTHER_SUICIDE, "OTHER FAREWELL THREATENS/MISSING-OTHER", LOOSE_OTHER + "WISH-PRESENT"),
    _rule(OTHER_SUICIDE, "OTHER AT-OTHER PLACE/MEANS", LOOSE_OTHER),
    _rule(OTHER_SUICIDE, "OTHER MEANS MISSING-OTHER", LOOSE_OTHER),
    # Withdrawal that kills: seizure, delirium. Named before emergencies, whose signs it shares.
    _rule(WITHDRAWAL, "WITHDRAWAL WITHDRAWAL-SEVERE", CALM),
    _rule(WITHDRAWAL, "DELIRIUM", CALM + "MED-PAST"),
    # A child in danger.
    _rule(CHILD, "MY-PARENT HITS/HIT-DONE ME", CALM + "LONG"),
    _rule(CHILD, "PARENT HITS AFRAID-HOME", CALM),
    _rule(CHILD, "AFRAID-HOME MY-PARENT/YOUNG-SPEAKER/TOUCHES/CHILD", CALM),
    _rule(CHILD, "CHILD/PARENT/YOUNG-SPEAKER TOUCHES", CALM),
    _rule(CHILD, "CHILD HITS OTHER/NOW/MAN", CALM),
    _rule(CHILD, "CHILD HIT-DONE NOW", CALM),
    _rule(CHILD, "CHILD CHILD-HURT", CALM),
    _rule(CHILD, "CHILD CHILD-GONE", CALM + "SELF-DEATH OTHER-DEATH"),
    _rule(CHILD, "CHILD CHILD-ALONE NOW/OTHER/HELP", CALM),
    _rule(CHILD, "CHILD FORCED", CALM),
    _rule(CHILD, "GROOMING", CALM),
    _rule(CHILD, "YOUNG-SPEAKER LOCKED/CHILD-GONE/CHILD-ALONE/THREAT", CALM),
    # Violence.
    _rule(VIOLENCE, "THREAT", CALM + "WISH-PRESENT"),
    _rule(VIOLENCE, "HITS ME", CALM),
    _rule(VIOLENCE, "HIT-DONE OTHER/NOW ME", CALM + "LONG MY-PARENT"),
    _rule(VIOLENCE, "HIT-DONE NOW", CALM),
    _rule(VIOLENCE, "HITS OTHER NOW", CALM),
    _rule(VIOLENCE, "VIOLENCE-WORD NOW", CALM),
    _rule(VIOLENCE, "RAPE NOW/ME", CALM + "LONG"),
    _rule(VIOLENCE, "LOCKED ME/OTHER", CALM + "MISSING-OTHER"),
    _rule(VIOLENCE, "AT-DOOR OTHER/WEAPON/STALKED/NOW/ME", CALM),
    _rule(VIOLENCE, "STALKED", CALM),
    _rule(VIOLENCE, "WEAPON OTHER", CALM + "SELF-DEATH OTHER-DEATH"),
    _rule(VIOLENCE, "FORCED", CALM),
    _rule(VIOLENCE, "SHELTER NOW/HELP/OTHER", CALM),
    _rule(VIOLENCE, "OWN-VIOLENCE", CALM),
    # One's own life.
    _rule(SUICIDE, "SELF-DEATH", OWN_CALM),
    _rule(SUICIDE, "SUICIDE-THOUGHTS", CALM + "BEREAVED"),
    _rule(SUICIDE, "SUICIDE-WORD NOW", CALM + "BEREAVED"),
    _rule(SUICIDE, "ATTEMPT-NOW", CALM),
    _rule(SUICIDE, "SWALLOWED", CALM),
    _rule(SUICIDE, "FAREWELL", CALM + "BEREAVED"),
    _rule(SUICIDE, "PLACE AT/AT-POS", CALM + "CHRONIC"),
    _rule(SUICIDE, "WATER-GO", CALM),
    _rule(SUICIDE, "AT NOW", CALM),
    _rule(SUICIDE, "MEANS READY", CALM),
    _rule(SUICIDE, "VEILED", LOOSE),
    _rule(SUICIDE, "VOICES AT/SELF-DEATH/PLACE/SUICIDE-WORD", CALM),
    _rule(SUICIDE, "SELF-HARM-NOW", CALM),
    # Emergencies.
    _rule(MEDICAL, "CALL", CALM),
    _rule(MEDICAL, "CALL-WORD SHORT", CALM),
    _rule(MEDICAL, "UNCONSCIOUS/NOT-BREATHING", CALM + "CHRONIC"),
    _rule(MEDICAL, "STROKE-SIGN", CALM + "CARER BEREAVED CHRONIC MED-PAST"),
    _rule(MEDICAL, "STROKE-WORD/HEART-WORD NOW/MED-PRESENT/HELP", CALM + "MED-PAST BEREAVED CARER"),
    _rule(MEDICAL, "HEART-SIGN", CALM + "BEREAVED CHRONIC"),
    _rule(MEDICAL, "OVERDOSED", CALM + "BEREAVED CHRONIC"),
    _rule(MEDICAL, "BLEEDS/ALLERGIC/INJURED", CALM + "CHRONIC"),
    _rule(MEDICAL, "SEIZURE", CALM + "CHRONIC"),
    _rule(MEDICAL, "SEIZURE-NOUN NOT-STOPPING/NOW", CALM + "CHRONIC"),
)
# Broad rules over single words, for what nobody has foreseen; they hold only where the sharper ones above are silent.
BROAD: tuple[Rule, ...] = (
    _rule(WITHDRAWAL, "w-wd w-delir-sure", CALM + "w-not-talk MED-PAST"),
    _rule(CHILD, "w-small w-shaken/w-violent w-he/w-parent/w-myself", CALM + "CARER"),
    _rule(CHILD, "w-parent w-violent w-me w-i-am-child/NOW/HELP", CALM),
    _rule(CHILD, "w-parent w-sexual w-me/w-child", CALM),
    _rule(CHILD, "w-small w-left NOW/HELP/w-drunk", CALM),
    _rule(CHILD, "w-small w-missing", CALM),
    _rule(CHILD, "w-i-am-child w-left/w-locked/w-forced/w-missing/w-violent", CALM),
    _rule(CHILD, "w-child w-online w-meets", CALM),
    _rule(VIOLENCE, "w-violent w-he w-me", CALM + "LONG"),
    _rule(VIOLENCE, "w-violent w-he NOW", CALM),
    _rule(VIOLENCE, "w-rage w-he w-escape/w-danger-weapon/HELP", CALM),
    _rule(VIOLENCE, "w-escape w-he NOW/HELP/w-me", CALM),
    _rule(VIOLENCE, "w-locked w-me w-he", CALM),
    _rule(VIOLENCE, "w-follow w-me", CALM),
    _rule(VIOLENCE, "w-sexual w-me NOW", CALM),
    _rule(SUICIDE, "w-die w-want w-myself", LOOSE + "w-trivial"),
    _rule(SUICIDE, "w-means w-take w-myself", LOOSE),
    _rule(SUICIDE, "w-pills w-hoard w-myself", LOOSE),
    _rule(SUICIDE, "w-place w-jump w-myself", LOOSE),
    _rule(SUICIDE, "w-life w-tired w-myself", LOOSE + "w-trivial"),
    _rule(SUICIDE, "w-lethal w-means/w-die/w-pills", LOOSE),
    _rule(SUICIDE, "w-cut w-vein", LOOSE),
    _rule(SUICIDE, "w-farewell w-end/w-decided NOW/SOON", LOOSE),
    _rule(SUICIDE, "w-forever w-want/w-decided", LOOSE),
    _rule(SUICIDE, "w-alone-risk", CALM),
    _rule(SUICIDE, "w-decided w-end/w-die", LOOSE),
    _rule(MEDICAL, "w-unconscious w-he/w-child/NOW", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-breath w-he/w-child/NOW", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-poison w-swallowed w-child/w-too-much/w-he", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-too-much w-swallowed w-drugs/w-pills", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-stroke w-sudden w-he/w-myself", CALM + "CHRONIC MED-PAST CARER"),
    _rule(MEDICAL, "w-pain w-chest w-radiate", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-blood w-much", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-fell w-hurt-sign", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-seizure w-present", CALM + "CHRONIC"),
    _rule(MEDICAL, "w-heart w-present", CALM + "CHRONIC MED-PAST"),
)
QUIET: tuple[Rule, ...] = (
    _rule("quiet", "SELF-DEATH/SUICIDE-THOUGHTS/SUICIDE-WORD/ATTEMPT/SELF-HARM", "INFORMATION FIGURE"),
    _rule("quiet", "BEREAVED SUICIDE-WORD/OTHER-DEATH"),
    _rule("quiet", "HITS/HIT-DONE/RAPE/THREAT", "INFORMATION FIGURE"),
    _rule("quiet", "CARER VEILED"),
)
_LONG_OVER = frozenset({"STABLE", "BEREAVED", "GROUP"})
NEED = _rule("need", "NEED")


def acute(found: AbstractSet[str]) -> Rule | None:
    """Return the first acute rule that holds, or None."""
    if "PAST" in found and "NOW" in found and found.isdisjoint(_LONG_OVER):
        # "Vor zehn Jahren Schlaganfall und jetzt wieder": what is now counts.
        found = found - {"PAST"}
    return next((rule for rule in (*ACUTE, *BROAD) if rule.holds(found)), None)


def quiet(found: AbstractSet[str]) -> Rule | None:
    """Return the first rule for a quiet line that holds, or None."""
    return next((rule for rule in QUIET if rule.holds(found)), None)
