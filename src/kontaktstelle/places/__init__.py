"""Orte: German postcodes and place names to coordinates and Kreis, offline.

Promise: `find(text)` (a postcode, a town, a district, a Kreis; says when a name is ambiguous or only near),
`in_words(words)` (a place named in a sentence), `kreis_name`, `kreis_centre`, `outline.svg`. Hides: spellings,
gaps of the data, "which Neustadt?". Data: GeoNames (CC BY 4.0); Kreis outlines © GeoBasis-DE / BKG 2016, Daten verändert.
"""

from .finding import Finding, Place, find, in_words, kreis_centre, kreis_name

__all__ = ["Finding", "Place", "find", "in_words", "kreis_centre", "kreis_name"]
