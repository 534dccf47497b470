"""Aktivitäten at the desk: enter quickly, look through by month, change, take back, lists in and out."""
