"""Gründung: from an idea to a group that stands by itself, and the people who would like to be told of one.

Promise: `beginning.begin`, then the steps of `advice`, `calling`, `interested`, `staying`, `meeting`, `starting` and `exits`;
`coming.next_of` says what is next, for whom, until when. Hides: the people. Founders, interested people and helpers lie as
opaque numbers in `relay`; when they go, a count is left. Rows are fetched through `access` only.
"""
