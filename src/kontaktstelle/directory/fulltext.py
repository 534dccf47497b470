"""Full text over what entries show: exact folded words. FTS5 on SQLite, a GIN index on PostgreSQL.

The words come folded from `topics.folding`, so both databases index the same tokens and find the same entries.
"""

import re
from collections.abc import Sequence

from django.db import connection

TABLE = "directory_text"
# PostgreSQL refuses words of more than 2,046 bytes; nobody looks for one of more letters than this.
LONGEST_WORD = 100
# Letters to Python, marks to SQLite (New Tai Lue, Vedic signs): it would read such a word as two.
_NO_LETTERS_IN_SQLITE = re.compile("[\u19b0-\u19c0\u19c8\u19c9\u1cf2\u1cf3]")

CREATE = {
    "sqlite": [f"CREATE VIRTUAL TABLE {TABLE} USING fts5(words, detail=none, columnsize=0)"],
    "postgresql": [
        f"CREATE TABLE {TABLE} (entry bigint PRIMARY KEY, words tsvector NOT NULL)",
        f"CREATE INDEX {TABLE}_words ON {TABLE} USING gin (words)",
    ],
}


def add(entries: Sequence[tuple[int, str]]) -> None:
    """Index entries by their folded words."""
    if not entries:
        return
    statement = (
        f"INSERT INTO {TABLE} (rowid, words) VALUES (%s, %s)"
        if connection.vendor == "sqlite"
        else f"INSERT INTO {TABLE} (entry, words) VALUES (%s, array_to_tsvector(string_to_array(%s, ' ')))"
    )
    with connection.cursor() as cursor:
        cursor.executemany(statement, [(number, _indexed(words) or "-") for number, words in entries])


def remove(entries: Sequence[int]) -> None:
    """Take entries out of the index."""
    column = "rowid" if connection.vendor == "sqlite" else "entry"
    with connection.cursor() as cursor:
        cursor.executemany(f"DELETE FROM {TABLE} WHERE {column} = %s", [(number,) for number in entries])


def clear() -> None:
    """Empty the index."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {TABLE}")


def statement(word: str) -> tuple[str, list[str]]:
    """Return SQL that names each `entry` whose text has exactly this folded word, which `is_indexed`, and its values."""
    if connection.vendor == "sqlite":
        sql, value = f"SELECT rowid AS entry FROM {TABLE} WHERE {TABLE} MATCH %s", f'"{word}"'
    else:
        sql, value = f"SELECT entry FROM {TABLE} WHERE words @@ %s::tsquery", f"'{word}'"
    return sql, [value]


def having(word: str, limit: int) -> list[int]:
    """Return at most `limit` entries whose text has exactly this folded word."""
    if not is_indexed(word):
        return []
    sql, values = statement(word)
    with connection.cursor() as cursor:
        cursor.execute(f"{sql} LIMIT %s", [*values, limit])
        return [row[0] for row in cursor.fetchall()]


def is_indexed(word: str) -> bool:
    """Say whether entries can be found by a word."""
    return len(word) <= LONGEST_WORD and (word.isascii() or not _NO_LETTERS_IN_SQLITE.search(word))


def _indexed(words: str) -> str:
    return " ".join(word for word in words.split(" ") if is_indexed(word))
