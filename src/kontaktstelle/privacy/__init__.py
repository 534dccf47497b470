"""Confidentiality: sealed fields, the keys that open them, the trail of what was done, periods, backups, quiet logs.

Promise: what is sealed can be read only with the keys beside the data; what was done to a confidential
record stands in a trail that nobody can quietly change; every table says how long it keeps what (`retention`), and what
is erased stays erased, after a restore too; logs carry numbers of things, never names or words.
Hides: ciphers, key files, hash chain, snapshots. Anybody may call it; it knows none of the apps above.
"""
