"""Gründungen at the desk: the overview, the card of one founding with its next step on top, its list, its papers."""
