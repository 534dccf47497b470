"""Sicherung: everything the installation stores in one sealed file, and back into an empty installation.

Promise: `making.back_up` writes a consistent picture while people work; `restoring.restore` finds every changed bit before
it writes anything, and whoever was erased stays erased. A backup holds no keys: they lie wrapped in the key ring beside it
(`keyring`), and what unwraps them only in the key folder and on paper. Hides: snapshots of two databases, the format.
Why it is so: docs/adr/0012.
"""
