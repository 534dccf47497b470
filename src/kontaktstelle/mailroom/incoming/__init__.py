"""Incoming post: one message that somebody wrote to the office is read; nothing of it is kept here.

Promise: `reading.read` turns a file (.eml, .msg, .txt) into an `Incoming` – words, who wrote, names of attachments – or
refuses with a sentence; `mailbox` lists, opens and marks what waits in a mailbox of the office.
Hides: MIME, character sets, Outlook's files, HTML, IMAP. Whatever comes is hostile until it is text: sizes, depths and
counts are bounded before anything is parsed, attachments are named and never decoded, markup becomes plain words.
"""
