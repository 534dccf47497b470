"""What the forms of the Posteingang say. A message travels in the page and comes back with it; the server keeps none."""

from django.core.files.uploadedfile import UploadedFile
from django.http import QueryDict

from kontaktstelle.mailroom.incoming import message, reading
from kontaktstelle.mailroom.incoming.message import Incoming
from kontaktstelle.refusal import StepRefused

from . import typed

LONGEST_PASTED = 60_000
PERSON = ("name", "email", "phone")


class NothingBrought(StepRefused):
    """Neither text nor a file."""

    sentence = "Bitte fügen Sie den Text einer Nachricht ein oder wählen Sie eine Datei."


def message_of(pasted: str, file: "UploadedFile[bytes] | None") -> Incoming:
    """Return the message that was brought: a file counts before pasted text.

    Raises:
        NothingBrought: as its sentence says; and what `reading.read` refuses.
    """
    if file is not None:
        return reading.read(file.name or "", file.read())
    if not pasted.strip():
        raise NothingBrought
    return message.pasted(pasted)


def shown_again(post: QueryDict) -> Incoming:
    """Return the message as the page held it, so that a refused form loses nothing."""
    return Incoming(
        text=message.clean(post.get("nachricht", "")[: message.LONGEST_TEXT]),
        subject=message.one_line(post.get("betreff", "")),
        attachments=tuple(message.one_line(name) for name in post.getlist("anhang")[: message.MOST_NAMED]),
        is_mail="mail_sicher" in post,
        is_cut="gekuerzt" in post,
    )


def person_shown(post: QueryDict, read: Incoming) -> dict[str, str]:
    """Return the way back as the form shows it: as typed, or as the message claims."""
    if "nachricht" in post:
        return {name: post.get(name, "")[: typed.MOST_TYPED] for name in PERSON}
    return {"name": read.sender_name, "email": read.sender_address, "phone": ""}
