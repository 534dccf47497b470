"""SQLite whose writers stand in one line: see `base`."""
