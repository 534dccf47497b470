"""A list on its way in, as the desk shows it: what would happen, how its columns are read, what every problem is."""

from typing import Any
from uuid import UUID

from django.http import Http404, QueryDict

from kontaktstelle.groups import uploads
from kontaktstelle.groups.importing.fields import (
    FIELDS,
    WAYS,
    heading_of,
    is_field,
    person_field,
    person_heading,
)
from kontaktstelle.groups.importing.report import WORDS, Outcome
from kontaktstelle.groups.models import Group, UploadedList
from kontaktstelle.topics import tree

NOT_TAKEN = "-"
MOST_COLUMNS = 60
MOST_TOPICS = 40
MOST_LINES = 200
# Beyond the proposals the first words offer every topic there is; answered, the next ones do.
WORDS_WITH_ALL_TOPICS = 8
PERSONS_OFFERED = 3
# In this order: what stops the list first, what is to be looked at next.
_ORDER = (Outcome.REFUSED, Outcome.CHANGED, Outcome.NEW, Outcome.DOUBLE, Outcome.UNCHANGED, Outcome.EMPTY)


def list_of(number: UUID) -> UploadedList:
    """Return a list of the contact point being acted for.

    Raises:
        Http404: there is none, or it is gone.
    """
    row: UploadedList | None = UploadedList.objects.filter(pk=number).first()
    if row is None:
        raise Http404
    return row


def context(row: UploadedList) -> dict[str, Any]:
    """Return what the page of a list shows."""
    report = uploads.report_of(row)
    lines = report.get("lines", [])
    written = row.content_sealed is None
    refused = [line for line in lines if line["outcome"] == Outcome.REFUSED]
    counts = report.get("counts", {})
    return {
        "row": row,
        "unreadable": report.get("unreadable", ""),
        "is_written": written,
        "is_refused": bool(refused) or "unreadable" in report,
        "counts": [(WORDS[each], counts[each]) for each in _ORDER if counts.get(each)],
        "notes": report.get("notes", []),
        "refused": refused[:MOST_LINES],
        "more_refused": max(len(refused) - MOST_LINES, 0),
        "hinted": [line for line in lines if line.get("hints") and line["outcome"] != Outcome.REFUSED][:MOST_LINES],
        "changed": [line for line in lines if line["outcome"] == Outcome.CHANGED][:MOST_LINES],
        "doubles": [line for line in lines if line["outcome"] == Outcome.DOUBLE][:MOST_LINES],
        "new": [line for line in lines if line["outcome"] == Outcome.NEW][:MOST_LINES],
        "nothing_to_do": bool(lines) and not any(counts.get(each) for each in (Outcome.NEW, Outcome.CHANGED)),
        "columns": _columns(row, report),
        "topics": _topics(row, report),
        "all_topics": sorted(((topic, tree.label(topic)) for topic in tree.TOPICS), key=lambda each: each[1]),
        "words_with_all_topics": WORDS_WITH_ALL_TOPICS,
        "fields": _fields(),
        "fields_called": dict(_fields()),
        "bases": [(key, words) for key, words in Group.Basis.choices if key not in {"none", "example"}],
        "basis_on": row.basis_on.isoformat() if row.basis_on else "",
    }  # fmt: skip


def read(post: QueryDict) -> dict[str, dict[str, str]]:
    """Return how somebody wants columns and words to be read; what was left as proposed is not said."""
    columns, topics = {}, {}
    for number in range(MOST_COLUMNS):
        heading, field = post.get(f"h{number}", ""), post.get(f"f{number}", "")
        if heading and (is_field(field) or field == NOT_TAKEN) and field != post.get(f"p{number}", ""):
            columns[heading] = field
    for number in range(MOST_TOPICS):
        word, topic = post.get(f"w{number}", ""), post.get(f"t{number}", "")
        if word and (topic in tree.TOPICS or topic == NOT_TAKEN):
            topics[word] = topic
    return {"columns": columns, "topics": topics}


def _columns(row: UploadedList, report: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """Return heading, field as read now, and whether nobody could place it."""
    read_as = [(heading, field, False) for heading, field in report.get("columns", {}).items()]
    said = row.mapping.get("columns", {})
    read_as += [(each, NOT_TAKEN, False) for each, field in said.items() if field == NOT_TAKEN]
    unknown = [(heading, NOT_TAKEN, True) for heading in report.get("unknown_columns", [])]
    return [*unknown, *read_as][:MOST_COLUMNS]


def _topics(row: UploadedList, report: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the words nobody knows as a topic, with proposals; what was chosen stays chosen."""
    unknown = [
        {"word": each["word"], "count": each["count"], "lines": each["lines"][:5], "proposals": [(one["id"], one["label"]) for one in each["proposals"]], "chosen": ""}
        for each in report.get("unknown_topics", [])
    ]  # fmt: skip
    chosen = [
        {"word": word, "count": 0, "lines": [], "proposals": [(topic, tree.label(topic))] if topic in tree.TOPICS else [], "chosen": topic}
        for word, topic in row.mapping.get("topics", {}).items()
        if isinstance(topic, str)
    ]  # fmt: skip
    return [*unknown, *chosen][:MOST_TOPICS]


def _fields() -> list[tuple[str, str]]:
    persons = [
        (person_field(number, way), person_heading(number, way))
        for number in range(1, PERSONS_OFFERED + 1)
        for way in WAYS
    ]
    return [*((name, heading_of(name)) for name in FIELDS), *persons]
