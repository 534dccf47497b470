"""Bedarf at the desk: where a group is missing, what is searched for beside it, what is begun, how far the next group is."""
