"""What the page of a group's contact persons reads from its forms and offers in them."""

from uuid import UUID

from django.http import Http404, QueryDict

from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address

EMPTY = Address()
CONSENTS = list(ContactPerson.Consent.choices)


class NotSure(StepRefused):
    """What cannot be undone wants a second thought."""

    sentence = "Gelöscht kommt die Person nicht zurück. Bitte bestätigen Sie das mit dem Häkchen."


def address(post: QueryDict) -> Address:
    """Return name and ways as they were typed, whole: what is too long is refused by the step and not cut here."""

    def said(name: str) -> str | None:
        return post.get(name, "").replace("\r\n", "\n").strip() or None

    return Address(said("name"), said("phone"), said("email"), said("address"), said("note"))


def check_there(group: Group, number: UUID) -> None:
    """Refuse the address of a person of another group.

    Raises:
        Http404: it is one; a person removed meanwhile is told by the step.
    """
    if ContactPerson.objects.filter(pk=number).exclude(group=group).exists():
        raise Http404
