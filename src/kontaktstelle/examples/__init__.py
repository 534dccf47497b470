"""Beispieldaten: three invented offices in real Kreise, to look at, to try out, to measure with.

Promise: `load(on=…, at=…)` writes them, or puts them back to where they were, with dates relative to today;
nothing else of the installation is touched; `load_money(…)` then gives one office programmes and applications. Hides: which groups there are and how they come by name, place, rhythm,
persons. Nothing here tells of a real office, group or person: all rows say `is_example`, names say "Beispiel",
addresses are example.org, telephone numbers are those kept free for films. Only `cli` calls it.
"""

from .loading import load
from .money import load as load_money

__all__ = ["load", "load_money"]
