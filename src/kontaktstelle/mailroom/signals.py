"""News that apps above may listen to."""

from django.dispatch import Signal

# A message came back: the server refused it for good, or took it on none of three days. Sent inside the transaction
# that marks it. Arguments: `number` (UUID of the dispatch), `about` (UUID or None), `contact_point` (number), `reason`
# (lifecycle.Reason). Mails that come back later (DSN to a VERP return path) will send the same signal: that is the seam.
bounced = Signal()
