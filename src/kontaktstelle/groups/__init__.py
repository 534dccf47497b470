"""Selbsthilfegruppen: the group's record, what is public of it, its rhythm, its stages, import and export.

Promise: `listing.list_group`, `lifecycle.move`, `public.shape` (what may be shown where), `importing.import_file`,
`exporting.export_csv`, `rhythm.read`. Hides: drafts, bases of publication, visibility rules, damaged spreadsheets.
Private addresses are in `relay`; groups hold numbers.
"""
