"""Funding: every known group hears in time, in its own way, of the money it may ask for, or that none was found.

Programmes and their rounds are facts with a source (`programmes`); a date nobody at an office has checked is shown and never
sent. `matching` says what could fit and why, and excludes nobody. `telling` is the nightly work and the proof of it: told, how,
when. `applications` follow a request from the first word to the proof of use; `feed` is the calendar.
"""
