"""Poststelle: everything that leaves the house by mail or letter, to exactly one recipient each.

Promise: `outbox.queue` writes a dispatch in the caller's transaction; `delivery.work_once` sends it at least once and
erases address and text as soon as the server has it; `letters` prints for people without e-mail; what cannot be
delivered becomes visible to the desk (`figures`) and is told by `signals.bounced`. A message holds fixed German words
and nothing a person wrote.
Hides: SMTP, retries, leases, the bytes of a mail, DIN 5008, the pace of Sammelpost. Callers pass an address in and
never get one back.
"""
