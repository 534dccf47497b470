"""Counted against published: which figures came back, which are listed, and what does not add up."""

from collections.abc import Mapping
from typing import Any

from kontaktstelle.cli.printing import line

from .reading import MONTHS, Plan, Wanted


def judge(
    published: Mapping[str, Any], plan: Plan, counted: Mapping[int, Mapping[str, Any]]
) -> dict[str, Any]:
    """Return the result: every eligible figure with what was counted, and everything that is not from daily work."""
    found = []
    for each in plan.wanted:
        number = _counted(each, counted)
        found.append(
            {
                "number": each.number, "area": published["figures"][each.number]["area"], "label": each.label, "year": each.year,
                "qualifier": each.qualifier, "published": each.published, "counted": number, "figure": each.figure,
                "by": each.by, "value": each.value, "back": number is not None and each.holds(number),
            }
        )  # fmt: skip
    could = [each for each in plan.listed if each["countable"]]
    return {
        "id": published.get("id", ""),
        "year": int(published["year"]),
        "eligible": len(found),
        "counted": sum(each["counted"] is not None for each in found),
        "back": sum(each["back"] for each in found),
        "all_back": all(each["back"] for each in found),
        "share_counted": round(len(found) / (len(found) + len(could)), 3) if found or could else 1.0,
        "figures": found,
        "not_from_daily_work": plan.listed,
        "does_not_add_up": plan.odd,
    }


def show(result: Mapping[str, Any]) -> None:
    """Print the result as a person reads it."""
    line(
        f"{result['id']}: {result['eligible']} zählbare Zahlen, {result['counted']} gezählt, {result['back']} kommen wieder"
    )
    for each in result["figures"]:
        line(
            f"  {'ja  ' if each['back'] else 'NEIN'} {each['label']} ({each['year']}): {_sign(each['qualifier'])}{each['published']:g}, gezählt {each['counted']}"
        )
    if result["not_from_daily_work"]:
        line("Nicht aus dem Tagewerk:")
        for each in result["not_from_daily_work"]:
            line(f"  {each['label']} ({each['value']}): {each['reason']}")
    if result["does_not_add_up"]:
        line("Die veröffentlichten Zahlen gehen nicht auf:")
        for each in result["does_not_add_up"]:
            line(f"  {each}")


def _counted(each: Wanted, counted: Mapping[int, Mapping[str, Any]]) -> float | None:
    figure = counted.get(each.year, {}).get(each.figure)
    if figure is None:
        return None
    number = figure["by"].get(each.by, {}).get(each.value, 0) if each.by else figure["value"]
    if each.is_share:
        total = counted[each.year]["contacts"]["value"]
        share = 100 * number / total if total else 0.0
        return round(share, 2) if each.qualifier != "exact" else float(round(share))
    if each.per_month:
        return float(number / MONTHS)
    return int(number)


def _sign(qualifier: str) -> str:
    return {
        "about": "rund ",
        "more_than": "über ",
        "less_than": "unter ",
        "at_least": "mindestens ",
        "at_most": "höchstens ",
    }.get(qualifier, "")
