"""Every threat on paper has a test that stands against it, and the test is there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAPER = (ROOT / "docs" / "reference" / "threats.md").read_text(encoding="utf-8")
ROWS = [line for line in PAPER.splitlines() if line.startswith("| ") and not line.startswith("| who, how")]
TESTS = [re.findall(r"`(tests/[^`]+)`", row) for row in ROWS]


def test_no_threat_is_without_a_test():
    assert ROWS
    bare = [row for row, named in zip(ROWS, TESTS, strict=True) if not named]
    assert not bare


def test_every_test_it_names_is_there():
    gone = []
    for named in TESTS:
        for each in named:
            file, _, name = each.partition("::")
            text = (ROOT / file).read_text(encoding="utf-8") if (ROOT / file).exists() else ""
            if not text or (name and f"def {name}(" not in text):
                gone.append(each)
    assert not gone, "A threat stands against nothing: its test went or was renamed."
