"""The one program for operators: `kontaktstelle`. German help, `--json` on whatever prints results.

Each module adds its commands to the parser; what they do lives in the apps. An expected refusal is printed as one
sentence and ends with status 2; anything unexpected names its class and place, never what somebody typed.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from typing import Any

ENDED_WELL, FOUND_SOMETHING, REFUSED = 0, 1, 2


class _GermanHelp(argparse.HelpFormatter):
    def add_usage(self, usage: str | None, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "Aufruf: " if prefix is None else prefix)


class _German(argparse.ArgumentParser):
    """argparse speaks English; operators read German."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{"formatter_class": _GermanHelp, **options, "add_help": False})
        self._positionals.title, self._optionals.title = "Angaben", "Optionen"
        self.add_argument("-h", "--help", action="help", help="diese Hilfe zeigen")

    def error(self, message: str) -> None:  # type: ignore[override]
        """Say in German what is wrong with the call."""
        for english, german in (
            ("the following arguments are required:", "Es fehlt:"),
            ("unrecognized arguments:", "Unbekannt:"),
            ("invalid choice:", "gibt es nicht:"),
            ("choose from", "möglich sind"),
            ("expected one argument", "braucht einen Wert"),
            ("expected at least one argument", "braucht mindestens einen Wert"),
            ("invalid int value:", "ist keine ganze Zahl:"),
            ("invalid float value:", "ist keine Zahl:"),
            ("argument ", ""),
        ):
            message = message.replace(english, german)
        sys.stderr.write(f"{message}\nHilfe: {self.prog} --help\n")
        raise SystemExit(REFUSED)


def parser() -> argparse.ArgumentParser:
    """Return the parser of all commands."""
    from . import (
        asking,
        backups,
        benchmarks,
        documents,
        emergencies,
        folders,
        groups_files,
        key_papers,
        nights,
        note_coding,
        offices,
        post,
        replaying,
        running,
        simulating,
        staff,
        trails,
    )

    program = _German(
        prog="kontaktstelle",
        description="Software für Selbsthilfekontaktstellen. Ort der Daten: KONTAKTSTELLE_DATA (sonst ./var).",
    )
    commands = program.add_subparsers(
        title="Befehle", dest="command", required=True, metavar="BEFEHL", parser_class=_German
    )
    for module in (
        running,
        backups,
        key_papers,
        nights,
        trails,
        emergencies,
        folders,
        offices,
        staff,
        post,
        replaying,
        asking,
        groups_files,
        note_coding,
        simulating,
        benchmarks,
        documents,
    ):
        module.add_commands(commands)
    return program


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kontaktstelle.settings")
    import django
    from django.core.exceptions import ImproperlyConfigured
    from django.db import OperationalError, ProgrammingError

    from kontaktstelle.privacy.keys import KeyUnavailable
    from kontaktstelle.refusal import StepRefused

    try:
        django.setup()
        chosen = parser().parse_args(arguments)
        return int(chosen.run(chosen))
    except (StepRefused, ImproperlyConfigured, KeyUnavailable) as refused:
        sys.stderr.write(f"{refused}\n".encode("utf-8", "replace").decode())
    except (FileNotFoundError, IsADirectoryError, PermissionError) as unreadable:
        sys.stderr.write(f"{_unreadable(unreadable)}\n")
    except UnicodeDecodeError:
        sys.stderr.write("Die Datei ist kein Text in UTF-8.\n")
    except (OperationalError, ProgrammingError) as error:
        if any(
            sign in str(error) for sign in ("no such table", "does not exist", "unable to open database file")
        ):
            sys.stderr.write("Diese Einrichtung ist noch nicht angelegt. Bitte zuerst: kontaktstelle setup\n")
        else:
            sys.stderr.write(f"Die Datenbank antwortet nicht ({type(error).__name__}).\n")
    except BrokenPipeError:
        # Whoever read the answers has seen enough (`| head`); Python must not complain of it once more at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ENDED_WELL
    except KeyboardInterrupt:
        return 130
    return REFUSED


def _unreadable(error: OSError) -> str:
    if isinstance(error, FileNotFoundError):
        return f"Die Datei {error.filename} gibt es nicht."
    if isinstance(error, IsADirectoryError):
        return f"{error.filename} ist ein Ordner, keine Datei."
    return f"Die Datei {error.filename} darf dieser Benutzer nicht öffnen."
