"""Logs that cannot betray anybody: an allow-list of keys, everything else is dropped.

A line is JSON with time, level, event and numbers of things. Free text of libraries is reduced to the logger's
name; an exception to its class and the places in the code. No path (a path may name a topic), no address, no words.
"""

import json
import logging
import sys
import traceback
from datetime import UTC, datetime
from typing import Any

ALLOWED = ("event", "request", "route", "method", "status", "ms", "contact_point", "count", "port", "version")


class AllowListFormatter(logging.Formatter):
    """Formats a record from its allow-listed attributes only."""

    def format(self, record: logging.LogRecord) -> str:
        """Return one JSON line; `record.msg` is used only if it is a plain event name given by this project."""
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
        }
        if record.name.startswith("kontaktstelle") and isinstance(record.msg, str) and not record.args:
            line["event"] = record.msg[:60]
        for key in ALLOWED:
            value = record.__dict__.get(key)
            if isinstance(value, int | float) or (
                isinstance(value, str) and value.replace("-", "").replace(":", "").replace("_", "").isalnum()
            ):
                line[key] = value
        if record.exc_info and record.exc_info[0] is not None:
            line["exception"] = record.exc_info[0].__name__
            line["at"] = [
                f"{frame.name}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])
            ][-8:]
        return json.dumps(line, ensure_ascii=False)


def configure(_settings: dict[str, Any]) -> None:
    """Send every logger of the process through the allow-list (Django's `LOGGING_CONFIG`)."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(AllowListFormatter())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("kontaktstelle").setLevel(logging.INFO)
    for name in (
        "django",
        "django.request",
        "django.server",
        "django.security",
        "gunicorn.error",
        "gunicorn.access",
    ):
        logger = logging.getLogger(name)
        logger.handlers[:] = []
        logger.propagate = True
    # Django logs the path of every 404 as a warning; a path can name a topic.
    logging.getLogger("django.request").setLevel(logging.ERROR)
