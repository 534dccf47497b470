"""Kinds: what a help line is there for, and which kinds answer which danger, in which order.

The words' danger recognition (`topics.danger`) speaks of `suicide`, `other-suicide`, `violence`, `child`, `medical`,
`withdrawal`, and of `quiet` and `need`; the register speaks of what a line does. `ROUTES` joins the two.
"""

from collections.abc import Sequence
from itertools import chain, zip_longest

KINDS: dict[str, str] = {
    "emergency": "Notruf",
    "police": "Polizei",
    "medical": "ärztlicher Bereitschaftsdienst",
    "crisis": "Krise",
    "violence-women": "Gewalt gegen Frauen",
    "violence-men": "Gewalt an Männern",
    "sexual-abuse": "sexueller Missbrauch",
    "victims": "Opfer von Straftaten",
    "children": "Kinder und Jugendliche",
    "parents": "Eltern",
    "addiction": "Sucht",
    "poison": "Vergiftung",
    "depression": "Depression",
    "therapy": "Behandlung",
    "pregnancy": "Schwangerschaft",
    "loneliness": "Einsamkeit",
    "older": "Ältere",
    "care": "Pflege",
}

ALL = "all"
ACUTE = frozenset({"suicide", "other-suicide", "violence", "child", "medical", "withdrawal"})

# First what saves life now, then who listens, then who knows the matter.
ROUTES: dict[str, tuple[str, ...]] = {
    "suicide": ("emergency", "crisis", "medical", "children"),
    "other-suicide": ("emergency", "crisis", "police", "medical"),
    "violence": (
        "police",
        "violence-women",
        "emergency",
        "violence-men",
        "sexual-abuse",
        "victims",
        "children",
        "crisis",
    ),
    "child": ("police", "emergency", "children", "sexual-abuse", "parents", "crisis"),
    "medical": ("emergency", "poison", "medical"),
    "withdrawal": ("emergency", "medical", "addiction", "crisis"),
    "quiet": ("crisis", "medical"),
    "need": ("therapy", "crisis", "depression"),
    ALL: tuple(KINDS),
}
# An unknown kind must still lead to somebody: it comes from a newer part of the software, in the middle of a crisis.
OTHERWISE = ("emergency", "crisis", "medical")


def route(kinds: Sequence[str]) -> list[str]:
    """Return what to look for in the register, most urgent first; several dangers take turns."""
    ways = [ROUTES.get(kind) or ((kind, "crisis") if kind in KINDS else OTHERWISE) for kind in kinds]
    turns = chain.from_iterable(zip_longest(*(ways or [OTHERWISE])))
    return list(dict.fromkeys(tag for tag in turns if tag))
