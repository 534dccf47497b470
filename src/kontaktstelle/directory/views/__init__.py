"""Pages of the Wegweiser: each view opens a door, takes one step, shows a page."""
