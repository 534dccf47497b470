"""Public pages of foundings: stay or leave, answer an invitation, come along, be told. No session, no cookie, no script."""
