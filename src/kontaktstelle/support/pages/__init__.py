"""The public page of a date for helpers."""
