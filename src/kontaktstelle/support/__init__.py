"""Begleitung of groups: what was talked about, what is next, and quiet signs that a group may need somebody soon.

Promise: `log.note` and the steps beside it; `coming.due` says what is next and for whom; `signs.standing` says in words why
somebody should look at a group; `figures` counts. Hides: the notes, sealed, read by those who counsel, and gone after a
while; the counts stay. Money is elsewhere: this app and `funding` know nothing of each other (import-linter).
"""
