"""Aufnahme ins Verzeichnis: what an office asks of a group, what it decided, what contact persons agreed to, and the end.

`criteria` and `decisions` say whether a group is listed, `consents` and `campaign` what of its people may be seen, `certificate`
that it is listed, `farewell` how it leaves.
"""
