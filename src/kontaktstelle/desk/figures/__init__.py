"""Zahlen at the desk: what the year has brought so far beside the year before, each figure with its meaning and its tables."""
