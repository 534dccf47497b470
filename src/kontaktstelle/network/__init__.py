"""Hilfesystem: help lines, supra-regional bodies and the services of the help network that fit.

Promise: `helplines.lines_for(kinds, …)` always has somebody to call, `bodies.bodies_for(topics, land)`,
`need.need_answer(…)`; what is shown says where it comes from and when an office last checked it.
Hides: the data files, sources, hours, checking. Anybody above may call it; it knows nothing of groups or seekers.
"""
