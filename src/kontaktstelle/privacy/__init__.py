"""Confidentiality: sealed fields, the keys that open them, the trail of what was done, quiet logs.

Promise: what is sealed can be read only with the keys beside the data; what was done to a confidential
record stands in a trail that nobody can quietly change; logs carry numbers of things, never names or words.
Hides: ciphers, key files, hash chain. Anybody may call it; it knows none of the apps above.
"""
