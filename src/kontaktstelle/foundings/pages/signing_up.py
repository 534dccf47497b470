"""The form in which people put themselves on a list, read once for both pages that have it."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest

from kontaktstelle.enquiries.pages import visitors
from kontaktstelle.foundings import by_themselves
from kontaktstelle.foundings.by_themselves import Myself
from kontaktstelle.refusal import StepRefused
from kontaktstelle.ui import tokens

TRAP = "webseite"


class FormTooOld(StepRefused):
    """The form is not one of ours any more."""

    sentence = "Diese Seite war schon lange offen. Was Sie geschrieben haben, steht noch da. Bitte schicken Sie es noch einmal ab."


TOO_OLD = FormTooOld.sentence


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


def key_of(request: HttpRequest, purpose: str) -> UUID:
    """Return the key under which this form counts once.

    Raises:
        FormTooOld: it was not made here, or lay open too long.
    """
    key = visitors.key_of(request, purpose)
    if key is None:
        raise FormTooOld
    return key


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
