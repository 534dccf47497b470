"""What may be seen where: field × channel, closed by default; and what a protected group may never show.

Fields in `ALWAYS` are what a listing is: without them there is no entry. Every other field of `OPENABLE` is shown
on a channel only if the group has opened it there. A protected group (violence, stalking, exit) shows nothing
of `WITHHELD` anywhere, whatever was opened.
"""

from collections.abc import Iterable, Mapping

CHANNELS: dict[str, str] = {
    "site": "eigene Internetseite",
    "print": "gedrucktes Verzeichnis",
    "feeds": "Schnittstellen und Landesportal",
    "partners": "andere Kontaktstellen",
    "staff": "nur Mitarbeitende",
}
ALWAYS = frozenset(
    {"name", "topics", "audience", "area", "stage", "conditions", "languages", "forms", "confirmed_on"}
)
OPENABLE: dict[str, str] = {
    "description": "Beschreibung",
    "town": "Ort",
    "venue": "Treffpunkt mit Anschrift",
    "meeting": "Tag, Uhrzeit und Termine",
    "access": "Zugang und Barrierefreiheit",
    "public_phone": "Telefon der Gruppe",
    "public_email": "E-Mail der Gruppe",
    "website": "Internetseite der Gruppe",
    "online_note": "Hinweis zum Online-Treffen",
    "founded": "Gründungsjahr",
}
WITHHELD = frozenset(
    {
        "town",
        "venue",
        "meeting",
        "access",
        "public_phone",
        "public_email",
        "website",
        "online_note",
        "founded",
    }
)
# What a contact point's own printed or online list has always shown; offered by import and by the examples.
AS_IN_A_PUBLIC_LIST: dict[str, list[str]] = {
    field: ["site", "print", "feeds", "partners"]
    for field in ("description", "town", "venue", "meeting", "access", "website", "online_note")
}


def is_open(field: str, channel: str, opened: Mapping[str, Iterable[str]], *, protected: bool) -> bool:
    """Say whether a field may be shown on a channel.

    Args:
        field: one of `ALWAYS` or `OPENABLE`.
        channel: one of `CHANNELS`; staff see everything.
        opened: the group's choice, field → channels.
        protected: the group's protection.

    Raises:
        KeyError: unknown field or channel: a new field must be placed here before it can be shown.
    """
    if channel not in CHANNELS:
        raise KeyError(channel)
    if channel == "staff":
        return True
    if protected and field in WITHHELD:
        return False
    if field in ALWAYS:
        return True
    if field not in OPENABLE:
        raise KeyError(field)
    return channel in opened.get(field, ())
