"""News that apps above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of a step that changed what the public may see. Arguments: `groups` (list of Group).
listing_changed = Signal()
