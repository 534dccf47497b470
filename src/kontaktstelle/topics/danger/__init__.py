"""Danger and need in words: when help lines must come first.

`recognise` reads what somebody typed and says whether it shows acute danger and which (help lines come first), alarming
words without acute danger (a quiet line at most), or a need for treatment. Three steps: concepts are found in the words
(`concepts`, data anybody can read and correct), rules say what they mean together (`rules`), and a classifier learnt from
utterances judged by hand (`learnt`) weighs words, concepts and rules and decides. Nothing is stored, nothing here is a
judgement of a person.
"""

from .measuring import measure
from .recognising import Alarm, recognise

__all__ = ["Alarm", "measure", "recognise"]
