"""Förderung at the desk: the calendar, who was told, a group and its applications. Nothing of a seeker, no log of support."""
