"""Begleitung at the desk: a group's log, signs, dates for helpers, and the overview of what is next."""
