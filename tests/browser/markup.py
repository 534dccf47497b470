"""Is what was served valid HTML? One run of the checker for all pages a test looked at: Java starts slowly."""

import json
import re
import subprocess
from pathlib import Path

import pytest

CHECKER = Path(__file__).parent / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"
# Nothing that pays only for a program that runs for long.
STARTED_FOR_A_MOMENT = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xss2m"]
_SEEN: list[tuple[str, str]] = []


def remember(name, html):
    """Keep the source of a page for the check at the end of the test."""
    _SEEN.append((name, html))


def faults_in(folder):
    """Return what is wrong in the HTML files of a folder."""
    told = subprocess.run(
        ["java", *STARTED_FOR_A_MOMENT, "-jar", str(CHECKER), "--format", "json", str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    return [
        f"{Path(message['url']).stem}: {message['message']} – {message.get('extract', '').strip()}"
        for message in json.loads(told.stderr)["messages"]
        if message["type"] != "info" or message.get("subType") == "warning"
    ]


@pytest.fixture(autouse=True)
def markup_is_right(tmp_path_factory):
    """Check the HTML of every page that a test remembered."""
    _SEEN.clear()
    yield
    if not _SEEN:
        return
    folder = tmp_path_factory.mktemp("seen")
    for number, (name, html) in enumerate(_SEEN):
        file = folder / f"{number:03} {re.sub('[^a-zA-Z0-9 ]', '-', name)}.html"
        file.write_text(html, encoding="utf-8")
    faults = faults_in(folder)
    assert not faults, "\n".join(faults)
