"""A group's own page: opened by link or code, what changes at once, what waits for staff, and what the page shows."""
