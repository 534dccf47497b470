"""The public pages of a group that keeps its own entry: no account, no cookie, no script needed."""
