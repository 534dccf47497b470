"""Wegweiser: from one's own words to the right group. The open side.

Promise: `search.find(words, near=…)`, `entries.public_entry(slug)`, the public pages. It receives `PublicEntry`
and nothing else of a group. Hides: the projection table, the index, ranking.
"""
