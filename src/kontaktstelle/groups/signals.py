"""News that apps above may listen to."""

from django.dispatch import Signal

# Sent inside the transaction of a step that changed what the public may see. Arguments: `groups` (list of Group).
listing_changed = Signal()
# Sent inside the transaction in which a group takes its leave. Arguments: `group`, `by` (Staff), `at`.
group_dissolved = Signal()
