"""Public pages of an enquiry: write, read and answer with a code, answer as a group. No session, no cookie, no script."""
