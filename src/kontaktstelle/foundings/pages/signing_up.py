"""The form in which people put themselves on a list, read once for both pages that have it."""

from typing import Any

from django.http import HttpRequest

from kontaktstelle.foundings import by_themselves
from kontaktstelle.foundings.by_themselves import Myself
from kontaktstelle.ui import tokens

TRAP = "webseite"
TOO_OLD = "Diese Seite war schon lange offen. Was Sie geschrieben haben, steht noch da. Bitte schicken Sie es noch einmal ab."


def typed(request: HttpRequest) -> Myself:
    """Return what stands in the form, so that nothing typed is ever lost."""
    said = request.POST

    def line(name: str) -> str:
        return " ".join(said.get(name, "").split())[: by_themselves.LONGEST]

    return Myself(
        name=line("name"),
        email=line("email"),
        phone=line("telefon"),
        address=line("anschrift"),
        way=said.get("weg", ""),
        who=said.get("als", ""),
        agrees="einverstanden" in said,
    )


def offered(purpose: str) -> dict[str, Any]:
    """Return what the form offers."""
    return {
        "marke": tokens.own_token(purpose),
        "reached": by_themselves.WAYS,
        "whos": by_themselves.WHOS,
        "longest": by_themselves.LONGEST,
    }


def fell_into_trap(request: HttpRequest) -> bool:
    """Say whether a program filled what people do not see."""
    return bool(request.POST.get(TRAP, "").strip())
