"""What an office does beside its talks: Öffentlichkeitsarbeit, Fortbildungen, Gremien, Kooperation, own rooms.

Promise: `log.note` and the steps beside it, `quick.read` for a line like „3 Beiträge“, `sheet` for CSV in and out, `figures` for
the yearly report. Kinds are data (`kinds.tsv`), versioned by year and never recoded. No record is of a person.
"""
