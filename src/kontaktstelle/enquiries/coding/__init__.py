"""Coding: a note as a counsellor jots it down is read, and the codes of a contact are proposed.

Promise: `propose(note)` gives a `Coding`: channel, who asked, topics, outcomes and what else a contact is counted by, each
with whether the note says so or it is only likely. Hides: abbreviations, clauses, cues, precedence – all of them data in
this folder. It knows no database, stores nothing, logs nothing; a person confirms what is proposed.
"""

from .proposing import Coding, Proposed, propose

__all__ = ["Coding", "Proposed", "propose"]
