"""Who works where: Träger, contact points, sites, Sprechzeiten, closing days, responsibility, staff.

Promise: which contact point serves a place, when somebody next reads or answers there, and that confidential
rows are never touched outside a contact point (`tenancy`). Hides: holidays, areas, closings, sign-in.
"""
