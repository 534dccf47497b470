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
OWN_CALM = ABOUT + "NOT-DANGER STABLE PAST LONG-OVER FIGURE BEREAVED FEAR "
CALM = ABOUT + "GROUP PAST LONG-OVER STABLE NOT-DANGER FIGURE FEAR "
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
    _rule(
        OTHER_SUICIDE,
        "OTHER OTHER-DEATH THREATENS/AT-OTHER/MISSING-OTHER/NOW/SOON",
        LOOSE_OTHER + "WISH-PRESENT",
    ),
    _rule(
        OTHER_SUICIDE, "OTHER SUICIDE-THOUGHTS NOW/THREATENS/MISSING-OTHER/SOON", LOOSE_OTHER + "WISH-PRESENT"
    ),
    _rule(OTHER_SUICIDE, "OTHER FAREWELL THREATENS/MISSING-OTHER", LOOSE_OTHER + "WISH-PRESENT"),
    _rule(OTHER_SUICIDE, "OTHER AT-OTHER PLACE/MEANS", LOOSE_OTHER),
    _rule(OTHER_SUICIDE, "OTHER MEANS MISSING-OTHER", LOOSE_OTHER),
    # Withdrawal that kills: seizure, delirium. Named before emergencies, whose signs it shares.
    _rule(WITHDRAWAL, "WITHDRAWAL WITHDRAWAL-SEVERE", CALM),
    _rule(WITHDRAWAL, "DELIRIUM", CALM + "MED-PAST"),
    # A child in danger.
    _rule(CHILD, "MY-PARENT HITS/HIT-DONE ME", CALM + "LONG CARER"),
    _rule(CHILD, "PARENT HITS AFRAID-HOME", CALM),
    _rule(CHILD, "AFRAID-HOME MY-PARENT/YOUNG-SPEAKER/TOUCHES/CHILD", CALM),
    _rule(CHILD, "CHILD/PARENT/YOUNG-SPEAKER TOUCHES", CALM),
    _rule(CHILD, "CHILD HITS OTHER/NOW/MAN", CALM),
    _rule(CHILD, "CHILD HIT-DONE NOW", CALM),
    _rule(CHILD, "CHILD CHILD-HURT", CALM),
    _rule(CHILD, "CHILD CHILD-GONE", CALM + "SELF-DEATH OTHER-DEATH"),
    _rule(CHILD, "CHILD/YOUNG-SPEAKER/MY-PARENT CHILD-ALONE", CALM),
    _rule(CHILD, "CHILD FORCED", CALM),
    _rule(CHILD, "GROOMING", CALM),
    _rule(CHILD, "YOUNG-SPEAKER LOCKED/CHILD-GONE/CHILD-ALONE/THREAT", CALM),
    # Violence.
    _rule(VIOLENCE, "THREAT", CALM + "WISH-PRESENT"),
    _rule(VIOLENCE, "HITS ME", CALM),
    _rule(VIOLENCE, "HIT-DONE OTHER/NOW ME", CALM + "LONG MY-PARENT"),
    _rule(VIOLENCE, "HIT-DONE NOW", CALM),
    _rule(VIOLENCE, "HITS", CALM + "LONG CARER SHORT"),
    _rule(VIOLENCE, "VIOLENCE-WORD NOW", CALM),
    _rule(VIOLENCE, "RAPE NOW/ME/SHORT", CALM + "LONG"),
    _rule(VIOLENCE, "LOCKED ME/OTHER", CALM + "MISSING-OTHER"),
    _rule(VIOLENCE, "AT-DOOR", CALM),
    _rule(VIOLENCE, "STALKED", CALM),
    _rule(VIOLENCE, "WEAPON AFRAID", CALM),
    _rule(VIOLENCE, "AFRAID OTHER NOW", LOOSE + "CHRONIC CHILD"),
    _rule(VIOLENCE, "LOCKED NOW", CALM + "MISSING-OTHER"),
    _rule(VIOLENCE, "VICTIM-FRESH HIT-DONE", CALM),
    _rule(VIOLENCE, "WEAPON OTHER", CALM + "SELF-DEATH OTHER-DEATH"),
    _rule(VIOLENCE, "FORCED", CALM),
    _rule(VIOLENCE, "SHELTER NOW/HELP/OTHER/ME", CALM),
    _rule(VIOLENCE, "OWN-VIOLENCE", CALM),
    # One's own life.
    _rule(SUICIDE, "SELF-DEATH", OWN_CALM),
    _rule(SUICIDE, "SUICIDE-THOUGHTS", CALM + "BEREAVED"),
    _rule(SUICIDE, "SUICIDE-WORD NOW", CALM + "BEREAVED"),
    _rule(SUICIDE, "ATTEMPT-NOW", CALM),
    _rule(SUICIDE, "SWALLOWED", CALM),
    _rule(SUICIDE, "FAREWELL", CALM + "BEREAVED"),
    _rule(SUICIDE, "PLACE AT/AT-POS", CALM + "CHRONIC"),
    _rule(SUICIDE, "w-place w-stand", LOOSE + "CHRONIC"),
    _rule(SUICIDE, "PLACE NOW I", LOOSE + "CHRONIC"),
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
    _rule(MEDICAL, "w-poison w-swallowed w-child/w-too-much/w-he/w-myself", CALM + "CHRONIC"),
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
# What is past stays past if one of these is there too.
_LASTS = frozenset({"STABLE", "BEREAVED", "GROUP"})
# Concepts that say nothing about danger by themselves.
NEUTRAL = frozenset(CALM.split()) | frozenset(
    """I ME OTHER PARENT MY-PARENT CHILD YOUNG-SPEAKER NOW SOON LATE THREATENS WISH-PRESENT MAYBE HELP NEED CARER BEREAVED
    CHRONIC MED-PAST MED-PRESENT LONG CLEAN SHORT READY PREGNANT AFRAID w-he w-me w-myself w-child w-parent w-small w-want
    w-end w-present w-sudden w-stand w-hurt-sign w-trivial w-not-talk w-left w-take w-much w-too-much w-hoard w-radiate
    w-farewell w-tired w-decided""".split()
)
NEED = _rule("need", "NEED")


def _by_telling_need() -> dict[str, tuple[int, ...]]:
    """File each acute rule under the concepts of the need that tells most: only those rules can hold."""
    filed: dict[str, list[int]] = {}
    for number, rule in enumerate(_ALL_ACUTE):
        telling = min(rule.needs, key=lambda need: (len(need & NEUTRAL), len(need)))
        for concept in telling:
            filed.setdefault(concept, []).append(number)
    return {concept: tuple(numbers) for concept, numbers in filed.items()}


_ALL_ACUTE = (*ACUTE, *BROAD)
_FILED = _by_telling_need()


def acute(found: AbstractSet[str]) -> Rule | None:
    """Return the first acute rule that holds, the sharp ones first, or None."""
    numbers = {number for concept in found for number in _FILED.get(concept, ())}
    if not numbers:
        return None
    if "PAST" in found and "NOW" in found and found.isdisjoint(_LASTS):
        # "Vor zehn Jahren Schlaganfall und jetzt wieder": what is now counts.
        found = found - {"PAST"}
    return next((_ALL_ACUTE[number] for number in sorted(numbers) if _ALL_ACUTE[number].holds(found)), None)


def quiet(found: AbstractSet[str]) -> Rule | None:
    """Return the first rule for a quiet line that holds, or None."""
    return next((rule for rule in QUIET if rule.holds(found)), None)
