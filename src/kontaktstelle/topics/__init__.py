"""Themen: from anybody's words to topics, whom it is for, danger and need. Built in memory, no tables.

Promise: `resolving.resolve(words)`, `tree.TOPICS`, `tree.label`, `tree.family`. Hides: phrases, synonyms, spelling,
compounds, languages. What it knows lies in `data/` and is reviewed like code; `learning` makes the model from it.
"""
