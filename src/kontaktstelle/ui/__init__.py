"""The look and the manners of every page: base, parts, words and figures as Germans write them, headers, refusals.

Promise: a page, a field, a notice, a card, a phone number to tap, a refusal shown kindly. Hides: CSS, headers,
languages, tokens, accessibility. It knows no office: who stands at the head of a page is told to `chrome` by the
composition root (`kontaktstelle.urls`).
"""
