"""Danger and need in words. (Being written.)"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Alarm:
    """What the words alarm about."""

    kind: str = ""
    quiet: bool = False
    need: bool = False
    reason: str = ""


def recognise(words: list[str], text: str) -> Alarm:
    """Return what the words alarm about."""
    return Alarm()
