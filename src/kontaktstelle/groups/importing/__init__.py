"""Import of an office's list of groups, CSV or XLSX as it is.

Promise: `import_file` reports line by line what it does or would do and writes all or nothing; `undo` takes an import
back exactly. Hides: encodings, separators, what spreadsheets do to postcodes and dates, spellings of headings,
persons hidden in prose, finding groups again without doubles.
"""

from .importing import import_file
from .mapping import read_mapping
from .report import Line, Outcome, Report
from .undoing import last_run, undo

__all__ = ["Line", "Outcome", "Report", "import_file", "last_run", "read_mapping", "undo"]
