"""Lists of groups in and out: `import-groups`, `export-groups`."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kontaktstelle.refusal import StepRefused

from .acting import ACTOR, day, office_of
from .printing import Progress, as_json, line

if TYPE_CHECKING:
    from kontaktstelle.organisation.models import ContactPoint

REFUSED = 2
BASES = ("existing-paper", "consent-form", "consent-link", "consent-phone", "example")


class NothingToImport(StepRefused):
    """Neither a file nor `--undo`."""

    sentence = "Bitte eine Datei angeben (CSV oder XLSX)."


def add_commands(commands: Any) -> None:
    """Add the commands."""
    from kontaktstelle.groups.exporting import REASONS

    imports = commands.add_parser("import-groups", help="eine Liste von Gruppen einlesen (CSV oder XLSX)")
    imports.add_argument(
        "file",
        metavar="DATEI",
        nargs="?",
        help="die Liste; bei --undo die Datei, deren Import zurückgenommen wird (sonst der letzte)",
    )
    imports.add_argument(
        "--contact-point", required=True, metavar="KÜRZEL", help="die Kontaktstelle, der die Gruppen gehören"
    )
    imports.add_argument(
        "--mapping",
        metavar="DATEI",
        help="Zuordnung von Spalten und Themen (JSON); wird für das nächste Mal behalten",
    )
    imports.add_argument("--dry-run", action="store_true", help="nur zeigen, was geschähe; nichts schreiben")
    imports.add_argument(
        "--basis",
        choices=BASES,
        metavar="GRUND",
        help=f"Grundlage der Veröffentlichung für Gruppen ohne eigene: {', '.join(BASES)}",
    )
    imports.add_argument(
        "--basis-on", type=day, metavar="DATUM", help="Datum der Grundlage, z. B. 2024-05-31"
    )
    imports.add_argument("--basis-by", default="", metavar="NAME", help="wer sie bestätigt")
    imports.add_argument("--undo", action="store_true", help="den letzten Import zurücknehmen")
    imports.add_argument("--json", action="store_true", help="Bericht als JSON")
    imports.set_defaults(run=run_import)
    exports = commands.add_parser(
        "export-groups", help="die Gruppen einer Kontaktstelle als CSV oder XLSX ausgeben"
    )
    exports.add_argument("--contact-point", required=True, metavar="KÜRZEL", help="die Kontaktstelle")
    exports.add_argument("--format", choices=("csv", "xlsx"), default="csv", help="Art der Datei (sonst csv)")
    exports.add_argument("--output", metavar="DATEI", help="wohin (sonst auf die Standardausgabe)")
    exports.add_argument(
        "--with-persons",
        action="store_true",
        help="auch Ansprechpersonen und interne Bemerkungen, lesbar; braucht --reason",
    )
    exports.add_argument(
        "--reason",
        default="",
        choices=REASONS,
        help="warum die Ansprechpersonen gebraucht werden; steht im Zugriffsprotokoll: "
        + ", ".join(f"{key} ({label})" for key, label in REASONS.items()),
    )
    exports.set_defaults(run=run_export)


def run_import(arguments: argparse.Namespace) -> int:
    """Import a list, or take the last import back; 2 if a line stopped it."""
    from django.utils import timezone

    from kontaktstelle.groups.importing import import_file, read_mapping
    from kontaktstelle.groups.models import Group

    office = office_of(arguments.contact_point)
    if arguments.undo:
        return _undo(office, arguments)
    if not arguments.file:
        raise NothingToImport
    report = import_file(
        Path(arguments.file),
        contact_point=office,
        by=ACTOR,
        at=timezone.now(),
        mapping=read_mapping(Path(arguments.mapping)) if arguments.mapping else None,
        dry_run=arguments.dry_run,
        progress=Progress("Import"),
        basis=Group.Basis(arguments.basis) if arguments.basis else Group.Basis.NONE,
        basis_on=arguments.basis_on,
        basis_by=arguments.basis_by,
    )
    if arguments.json:
        as_json(report.as_json())
    else:
        line(report.as_text().rstrip())
    if report.is_refused:
        sys.stderr.write("Mindestens eine Zeile wurde abgelehnt; es wurde nichts geschrieben.\n")
        return REFUSED
    return 0


def _undo(office: "ContactPoint", arguments: argparse.Namespace) -> int:
    from django.utils import timezone

    from kontaktstelle.groups.importing import last_run, undo
    from kontaktstelle.organisation.tenancy import acting_for

    with acting_for(office):
        run = undo(
            last_run(Path(arguments.file).name if arguments.file else "").pk, by=ACTOR, at=timezone.now()
        )
    if arguments.json:
        as_json({"undone": str(run.pk), "file": run.file_name, "deleted": len(run.created)})
    else:
        line(f"Der Import von {run.file_name} ist zurückgenommen.")
    return 0


def run_export(arguments: argparse.Namespace) -> int:
    """Write the office's groups to a file or to standard output."""
    from django.utils import timezone

    from kontaktstelle.groups import exporting

    office = office_of(arguments.contact_point)
    export = exporting.export_xlsx if arguments.format == "xlsx" else exporting.export_csv
    if arguments.with_persons and not arguments.reason:
        raise exporting.ReasonMissing
    known: dict[str, Any] = {
        "by": ACTOR,
        "at": timezone.now(),
        "with_persons": arguments.with_persons,
        "reason": arguments.reason,
    }
    if not arguments.output:
        export(office, sys.stdout.buffer, **known)
        sys.stdout.flush()
        return 0
    target = Path(arguments.output)
    # Beside it first: a broken export never replaces a good one.
    draft = target.with_name(f".{target.name}.teil")
    try:
        with draft.open("wb") as stream:
            draft.chmod(0o600)
            count = export(office, stream, **known)
        draft.replace(target)
    except OSError as error:
        raise StepRefused(f"Die Datei {target} lässt sich nicht schreiben.") from error
    finally:
        draft.unlink(missing_ok=True)
    line(f"{count} Gruppen stehen in {target}.")
    return 0
