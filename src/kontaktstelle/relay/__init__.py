"""Geschützter Kontakt: the only place where a way to reach a person is kept, sealed.

Promise: `register_party` takes an address and gives an opaque number; other apps hold numbers and never addresses.
Hides: every private address. (Channels and messages come with the desk, on the same table.)
"""
