"""What is typed on the pages of funding, as values: sums, days, facts of a round and of a programme. Rules stand in the steps."""

import re
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import QueryDict

from kontaktstelle.desk import typed
from kontaktstelle.funding.choosing import DELIVERIES, KINDS, PURPOSES
from kontaktstelle.refusal import StepRefused

LONGEST = {"name": 160, "note": 400, "source": 300, "source_date": 10, "law": 200, "amount": 200}
_SUM = re.compile(r"(\d{1,3}(?:[. ]\d{3})+|\d{1,9})(?:,(\d{1,2}))?")


class SumUnreadable(StepRefused):
    """What was typed is no sum."""

    sentence = "Diesen Betrag lesen wir nicht. Bitte schreiben Sie ihn wie 600 oder 1.250,50."


class FactMissing(StepRefused):
    """A fact the register cannot be without."""

    sentence = "Es fehlt eine Angabe."


def cents(text: str) -> int | None:
    """Return a sum in cents: "600", "1.250,50", "600 €"; None for nothing.

    Raises:
        SumUnreadable: it is none.
    """
    text = text.replace("€", "").replace("Euro", "").strip()
    if not text:
        return None
    found = _SUM.fullmatch(text)
    if not found:
        raise SumUnreadable
    whole, part = found.groups()
    return int(re.sub(r"[. ]", "", whole)) * 100 + int((part or "0").ljust(2, "0"))


def euro(amount: int | None) -> str:
    """Return cents as people write them: "1.250,50 €"; "" for nothing."""
    if amount is None:
        return ""
    whole, part = divmod(amount, 100)
    return f"{whole:,}".replace(",", ".") + (f",{part:02d}" if part else "") + "\u00a0€"


def line(post: QueryDict, name: str) -> str:
    """Return one line as it was typed, no longer than the register takes it."""
    return " ".join(post.get(name, "").split())[: LONGEST.get(name, typed.MOST_TYPED)]


def facts_of_round(post: QueryDict) -> dict[str, Any]:
    """Return what was typed about a round.

    Raises:
        FactMissing: no source.
        contact_form.DayUnreadable: the day is none.
    """
    source = line(post, "source")
    if not source:
        raise FactMissing("Bitte nennen Sie die Quelle: Seite, Merkblatt oder Anruf, mit Datum.")
    return {
        "due_on": typed.day(post.get("due_on", "")),
        "delivery": _one_of(post, "delivery", dict(DELIVERIES), "unknown"),
        "is_final": post.get("is_final") == "1",
        "source": source,
        "note": line(post, "note"),
    }


def facts_of_new_round(post: QueryDict) -> dict[str, Any]:
    """Return what was typed about a deadline that is new.

    Raises:
        FactMissing: no source, or no year.
    """
    facts = facts_of_round(post)
    year = facts["due_on"].year if facts["due_on"] else typed.whole_number(post.get("year", ""))
    if not 2000 <= year <= 2100:  # noqa: PLR2004 - years
        raise FactMissing("Bitte nennen Sie die Frist oder, wenn es keine gibt, das Jahr.")
    return facts | {"year": year, "purpose": _one_of(post, "purpose", dict(PURPOSES), "application")}


def facts_of_programme(post: QueryDict) -> dict[str, Any]:
    """Return what was typed about a programme.

    Raises:
        FactMissing: no name, no source, or for nobody.
    """
    name, source = line(post, "name"), line(post, "source")
    if not name:
        raise FactMissing("Bitte geben Sie dem Programm einen Namen.")
    if not source:
        raise FactMissing("Bitte nennen Sie die Quelle: Seite, Merkblatt oder Anruf, mit Datum.")
    whom = post.getlist("whom")
    if not set(whom) & {"groups", "offices"}:
        raise FactMissing("Bitte sagen Sie, für wen das Programm ist.")
    return {
        "name": name, "source": source, "note": line(post, "note"), "law": line(post, "law"), "amount": line(post, "amount"),
        "kind": _one_of(post, "kind", dict(KINDS), "other"),
        "for_groups": "groups" in whom, "for_offices": "offices" in whom,
        "min_members": _count(post, "min_members"), "min_months": _count(post, "min_months"),
        "wants_account": post.get("wants_account") == "1", "wants_minutes": post.get("wants_minutes") == "1",
        "wants_own_lead": post.get("wants_own_lead") == "1",
    }  # fmt: skip


def said_in_german(unfit: ValidationError) -> StepRefused:
    """Return what the register refuses as a sentence."""
    return FactMissing(" ".join(str(each) for each in unfit.messages))


def _count(post: QueryDict, name: str) -> int | None:
    text = post.get(name, "").strip()
    if not text:
        return None
    found = typed.whole_number(text)
    if not 0 <= found <= 32767:  # noqa: PLR2004 - what the column holds
        raise FactMissing("Bitte schreiben Sie eine ganze Zahl.")
    return found or None


def _one_of(post: QueryDict, name: str, choices: Mapping[str, str], otherwise: str) -> str:
    said = post.get(name, "")
    return said if said in choices else otherwise
