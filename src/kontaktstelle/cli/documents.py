"""Generated reference documents: written by `docs`, compared by `docs --check`."""

import argparse
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path
from typing import Any

from .printing import line

REFERENCE = Path("docs/reference")
KENNZAHLEN = Path("docs/fach/kennzahlen.md")


def add_commands(commands: Any) -> None:
    """Add `docs`."""
    docs = commands.add_parser("docs", help="erzeugte Teile der Dokumentation schreiben oder vergleichen")
    docs.add_argument(
        "--check", action="store_true", help="nur vergleichen; Status 1, wenn etwas veraltet ist"
    )
    docs.set_defaults(run=run_docs)


def run_docs(arguments: argparse.Namespace) -> int:
    """Write or compare."""
    stale = []
    for file, write in {
        **{REFERENCE / name: write for name, write in GENERATED.items()},
        KENNZAHLEN: figures,
    }.items():
        text = write()
        if arguments.check:
            if not file.exists() or file.read_text(encoding="utf-8") != text:
                stale.append(str(file))
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    for name in stale:
        line(f"Veraltet: {name} (neu schreiben mit „make docs“)")
    return 1 if stale else 0


def lifecycles() -> str:
    """Return every lifecycle of the code: its statuses and the moves between them, as a diagram and a table."""
    from kontaktstelle.enquiries import lifecycle as enquiries
    from kontaktstelle.foundings import lifecycle as foundings
    from kontaktstelle.funding import lifecycle as funding
    from kontaktstelle.groups import lifecycle as groups
    from kontaktstelle.mailroom import lifecycle as mailroom

    lines = ["# Lifecycles", "", "Generated from the tables in the code by `make docs`."]
    lines += _lifecycle("Group (`groups/lifecycle.py`)", "stage", groups.STEPS)
    lines += _lifecycle("Yearly question (`groups/lifecycle.py`)", "status", groups.YEARLY_STEPS)
    lines += _lifecycle("Consent of a contact person (`groups/lifecycle.py`)", "status", groups.CONSENT_STEPS)
    lines += _lifecycle("Proposal of a group (`groups/lifecycle.py`)", "status", groups.PROPOSAL_STEPS)
    lines += _lifecycle(
        "Application for funding (`funding/lifecycle.py`)", "status", funding.APPLICATION_STEPS
    )
    lines += _lifecycle("Telling of funding (`funding/lifecycle.py`)", "status", funding.TELLING_STEPS)
    lines += _lifecycle("Enquiry (`enquiries/lifecycle.py`)", "status", enquiries.ENQUIRY_STEPS)
    lines += _lifecycle("Referral (`enquiries/lifecycle.py`)", "status", enquiries.REFERRAL_STEPS)
    lines += _lifecycle("Call-back (`enquiries/lifecycle.py`)", "status", enquiries.CALL_BACK_STEPS)
    lines += _lifecycle("Founding (`foundings/lifecycle.py`)", "status", foundings.FOUNDING_STEPS)
    lines += _lifecycle("Interest (`foundings/lifecycle.py`)", "status", foundings.INTEREST_STEPS)
    lines += _lifecycle("Invitation (`foundings/lifecycle.py`)", "status", foundings.INVITATION_STEPS)
    lines += _lifecycle("Dispatch (`mailroom/lifecycle.py`)", "status", mailroom.STEPS)
    return "\n".join(lines) + "\n"


def _lifecycle(title: str, word: str, steps: Mapping[Any, AbstractSet[Any]]) -> list[str]:
    return [
        "", f"## {title}", "", "```mermaid", "stateDiagram-v2",
        *(f"    {now.name} --> {to.name}" for now, moves in steps.items() for to in sorted(moves)),
        "```", "", f"| {word} | on screen | may become |", "|---|---|---|",
        *(f"| `{now.value}` | {now.label} | {', '.join(to.label for to in sorted(moves)) or '–'} |" for now, moves in steps.items()),
    ]  # fmt: skip


def visibility() -> str:
    """Return which field of a group may be seen on which channel."""
    from kontaktstelle.groups.visibility import ALWAYS, CHANNELS, OPENABLE, WITHHELD

    lines = [
        "# What is visible where",
        "",
        "Generated from `groups/visibility.py` by `make docs`. Closed by default; a protected group never shows what is withheld.",
        "",
    ]
    lines += ["| field | meaning | channels | protected group |", "|---|---|---|---|"]
    lines += [f"| `{name}` | part of every entry | all | shown |" for name in sorted(ALWAYS)]
    lines += [
        f"| `{name}` | {label} | as opened by the group | {'never' if name in WITHHELD else 'as opened'} |"
        for name, label in OPENABLE.items()
    ]
    lines += ["", "Channels: " + ", ".join(f"`{key}` ({label})" for key, label in CHANNELS.items()) + "."]
    return "\n".join(lines) + "\n"


def retention() -> str:
    """Return what every table keeps how long, and what happens then: the concept of erasure."""
    from kontaktstelle.privacy.retention import Rule, Then, rules

    def period(rule: Rule) -> str:
        if rule.period is None:
            return "–"
        days, at_least, at_most, _ = rule.period
        return f"{days}" if at_least is None else f"{days} ({at_least}–{at_most})"

    names = {rule.label: rule.model._meta.verbose_name for rule in rules()}  # noqa: SLF001 - Django's public meta interface

    def happens(rule: Rule) -> str:
        return f"{Then(rule.then).label} {names.get(rule.goes_with, '')}".strip()

    lines = [
        "# Löschfristen",
        "",
        "Generated from the rules beside each app's models (`retention.py`) by `make docs`. A model without a rule fails the tests.",
        "What is due goes in the nightly work; `kontaktstelle nightly --preview` says what goes tomorrow.",
        "A restriction (Art. 18 DSGVO) stops every period of a matter; a new event begins it anew.",
        "",
        "| Tabelle | was | Frist in Tagen (einstellbar) | ab | dann | Grund | in Sicherungen |",
        "|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {rule.model._meta.verbose_name} `{rule.label}` | {rule.what} | {period(rule)} | {rule.since or '–'} | {happens(rule)} | {rule.ground} | {'ja' if rule.in_backup else 'nein'} |"  # noqa: SLF001 - as above
        for rule in rules()
    ]
    return "\n".join(lines) + "\n"


def figures() -> str:
    """Return what every figure of the reports means."""
    from kontaktstelle.reporting import definitions_page

    return definitions_page.write()


GENERATED: dict[str, Callable[[], str]] = {
    "lifecycles.md": lifecycles,
    "visibility.md": visibility,
    "retention.md": retention,
}
