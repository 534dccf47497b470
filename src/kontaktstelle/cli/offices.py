"""What an office does at the console: close and open again, choose its colour, say what it has checked."""

import argparse
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from kontaktstelle.refusal import StepRefused

from .acting import ACTOR, day, office_of
from .printing import as_json, line

if TYPE_CHECKING:
    from kontaktstelle.network.models import RegisterRow
    from kontaktstelle.organisation.models import ContactPoint, Site

NO_COLOUR = "keine"


class SiteUnknown(StepRefused):
    """The office has no such site."""

    sentence = "Diesen Standort gibt es nicht."


def add_commands(commands: Any) -> None:
    """Add `office` with its steps."""
    office = commands.add_parser(
        "office", help="Schritte einer Kontaktstelle: schließen, öffnen, Farbe, Geprüftes bestätigen"
    )
    steps = office.add_subparsers(title="Schritte", dest="step", required=True, metavar="SCHRITT")
    close = _step(
        steps, "close", "eine Kontaktstelle oder einen Standort schließen; steht sofort auf den Seiten"
    )
    _at_an_office(close)
    close.add_argument(
        "--from",
        type=day,
        dest="first_day",
        metavar="DATUM",
        help="erster Tag, z. B. 24.12.2026 (sonst heute)",
    )
    close.add_argument(
        "--until",
        type=day,
        dest="last_day",
        metavar="DATUM",
        help="letzter Tag (sonst heute, oder der erste Tag, wenn er später liegt)",
    )
    close.add_argument("--public-note", default="", metavar="TEXT", help="Hinweis, den alle lesen können")
    close.set_defaults(run=run_close)
    reopen = _step(steps, "reopen", "eine Schließzeit zurücknehmen oder vorzeitig beenden")
    _at_an_office(reopen)
    reopen.add_argument(
        "--from", type=day, dest="day", metavar="DATUM", help="ab wann wieder geöffnet ist (sonst heute)"
    )
    reopen.set_defaults(run=run_reopen)
    accent = _step(steps, "accent", "die Akzentfarbe wählen; was nicht gut zu lesen ist, wird abgelehnt")
    accent.add_argument("slug", metavar="KÜRZEL", help="die Kontaktstelle")
    accent.add_argument("colour", metavar="FARBE", help=f"als #RRGGBB, oder „{NO_COLOUR}“")
    accent.set_defaults(run=run_accent)
    for name, what in (
        ("confirm-helpline", "Hilfetelefone und Dienste als heute geprüft bestätigen"),
        ("confirm-body", "überregionale Stellen als heute geprüft bestätigen"),
    ):
        confirm = _step(steps, name, what)
        confirm.add_argument(
            "keys", nargs="+", metavar="SCHLÜSSEL", help="wie „kontaktstelle check“ sie nennt"
        )
        confirm.add_argument(
            "--contact-point",
            metavar="KÜRZEL",
            help="welche Kontaktstelle geprüft hat (sonst die Einrichtung)",
        )
        confirm.set_defaults(run=run_confirm)


def run_close(arguments: argparse.Namespace) -> int:
    """Close an office or one of its sites."""
    from django.utils import timezone

    from kontaktstelle.organisation import closings

    office = office_of(arguments.slug)
    site = _site(office, arguments.site)
    today = timezone.localdate()
    first_day = arguments.first_day or today
    closing = closings.close(
        office,
        first_day,
        arguments.last_day or max(first_day, today),
        arguments.public_note,
        site,
        by=ACTOR,
        at=timezone.now(),
    )
    told = {
        "contact_point": office.slug,
        "site": site.name if site else None,
        "from": closing.first_day.isoformat(),
        "until": closing.last_day.isoformat(),
        "public_note": closing.public_note,
    }
    _tell(
        arguments,
        office,
        told,
        f"{_named(office, site)}: geschlossen {_days(closing.first_day, closing.last_day)}. Das steht jetzt auf den Seiten.",
        f"Zurücknehmen: kontaktstelle office reopen {office.slug}"
        + (f" --site {site.code}" if site else "")
        + (f" --from {closing.first_day:%d.%m.%Y}" if closing.first_day > today else ""),
    )
    return 0


def run_reopen(arguments: argparse.Namespace) -> int:
    """Open an office or one of its sites again."""
    from django.utils import timezone

    from kontaktstelle.organisation import closings
    from kontaktstelle.ui import formats

    office = office_of(arguments.slug)
    site = _site(office, arguments.site)
    opens = arguments.day or timezone.localdate()
    ended = closings.reopen(office, opens, site, by=ACTOR, at=timezone.now())
    told = {
        "contact_point": office.slug,
        "site": site.name if site else None,
        "open_from": opens.isoformat(),
        "ended": [
            {
                "from": closing.first_day.isoformat(),
                "until": closing.last_day.isoformat(),
                "public_note": closing.public_note,
            }
            for closing in ended
        ],
    }
    _tell(
        arguments,
        office,
        told,
        f"{_named(office, site)}: ab {formats.german_date(opens)} nicht mehr geschlossen. Das steht jetzt auf den Seiten.",
    )
    return 0


def run_accent(arguments: argparse.Namespace) -> int:
    """Give an office its colour."""
    from django.utils import timezone

    from kontaktstelle.organisation import appearance

    office = office_of(arguments.slug)
    colour = "" if arguments.colour.lower() == NO_COLOUR else arguments.colour
    before = appearance.choose_accent(office, colour, by=ACTOR, at=timezone.now())
    if arguments.json:
        as_json({"contact_point": office.slug, "accent": office.accent, "before": before})
    else:
        line(
            f"{office.name}: Akzentfarbe {office.accent or NO_COLOUR} (vorher {before or NO_COLOUR}). Das steht jetzt auf den Seiten."
        )
    return 0


def run_confirm(arguments: argparse.Namespace) -> int:
    """Say that an office has checked these rows today."""
    from django.utils import timezone

    from kontaktstelle.network import checking
    from kontaktstelle.network.models import Body, HelpLine, Service
    from kontaktstelle.ui import formats

    # `check` lists help lines and services together; to an office both are numbers it has dialled.
    registers: Sequence[type[RegisterRow]] = (
        (Body,) if arguments.step == "confirm-body" else (HelpLine, Service)
    )
    number = office_of(arguments.contact_point).pk if arguments.contact_point else 0
    rows = checking.confirm_keys(arguments.keys, registers, by=ACTOR, at=timezone.now(), contact_point=number)
    if arguments.json:
        as_json(
            {
                "checked_on": timezone.localdate().isoformat(),
                "confirmed": [{"key": row.key, "name": row.name, "register": row.label} for row in rows],
            }
        )
        return 0
    line(f"Geprüft am {formats.german_date(timezone.localdate())}:")
    for row in rows:
        ways = [*getattr(row, "numbers", []), getattr(row, "phone", ""), getattr(row, "website", "")]
        line(f"  {row.key:28} {row.name} · {', '.join(way for way in ways if way)}".rstrip(" ·"))
    return 0


def _step(steps: Any, name: str, what: str) -> Any:
    step = steps.add_parser(name, help=what, description=f"{what[0].upper()}{what[1:]}.")
    step.add_argument("--json", action="store_true", help="Ergebnis als JSON")
    return step


def _at_an_office(step: Any) -> None:
    step.add_argument("slug", metavar="KÜRZEL", help="die Kontaktstelle")
    step.add_argument(
        "--site",
        metavar="NAME",
        help="nur dieser Standort, nach Name oder Kürzel (sonst die ganze Kontaktstelle)",
    )


def _site(office: "ContactPoint", name: str | None) -> "Site | None":
    if name is None:
        return None
    sites = list(office.sites.order_by("code"))
    for site in sites:
        if name.strip().casefold() in {site.name.casefold(), site.code.casefold()}:
            return site
    known = ", ".join(f"„{site.name}“ ({site.code})" for site in sites)
    raise SiteUnknown(f"Den Standort „{name[:60]}“ gibt es hier nicht. Es gibt: {known or 'noch keinen'}.")


def _named(office: "ContactPoint", site: "Site | None") -> str:
    return f"{office.name}, {site.name}" if site else office.name


def _days(first_day: Any, last_day: Any) -> str:
    from kontaktstelle.ui import formats

    first, last = formats.german_date(first_day), formats.german_date(last_day)
    return f"am {first}" if first == last else f"von {first} bis {last}"


def _tell(arguments: argparse.Namespace, office: "ContactPoint", told: dict[str, Any], *said: str) -> None:
    """Print what was done, and what the head of the office's pages says about its hours now."""
    from django.utils import timezone

    from kontaktstelle.directory import offices
    from kontaktstelle.organisation.models import ContactPoint

    fresh = ContactPoint.objects.prefetch_related("sites__hours", "closings").get(pk=office.pk)
    there, following = offices.presence_said(fresh, timezone.now())
    if arguments.json:
        as_json({**told, "there": there, "next": following})
        return
    for sentence in said:
        line(sentence)
    shown = "; ".join(part for part in (there, following) if part)
    line(f"Im Kopf der Seiten: {shown or 'keine Sprechzeit in den nächsten zwei Monaten'}.")
