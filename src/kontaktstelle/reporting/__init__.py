"""Counts that lead to work: where a group is missing. No rows, no persons, nothing of its own in the database."""
