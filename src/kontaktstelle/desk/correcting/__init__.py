"""A contact that was logged: correct its coding, say its real day, only count it, say to which enquiry it belongs."""
