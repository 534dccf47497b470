"""The Schreibtisch: where the people of a contact point work.

Promise: pages behind doors (`organisation.access`), sessions that lock when idle and end after a working day, signing
in with passkey, or password and second factor. Hides: cookies, sessions, allauth, the frame of the pages.
"""
