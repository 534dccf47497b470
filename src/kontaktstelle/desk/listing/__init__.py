"""Aufnahme, Einwilligung, Abschied at the desk: who is listed and why, what people agreed to, how a group ends."""
