"""Danger in what somebody writes on the site: looked for as in the search, wherever in a message it stands."""

from kontaktstelle.topics import danger, folding

# Half of each stretch is shared with the next: the end of a long letter counts too.
STRETCH = 60


def kind_of(text: str) -> str:
    """Return the kind of acute danger a text alarms about, as `directory.help.urgent` knows it; "" for none."""
    typed = text.split()
    for start in range(0, max(len(typed), 1), STRETCH // 2):
        stretch = " ".join(typed[start : start + STRETCH])
        if kind := danger.recognise(folding.words(stretch), stretch).kind:
            return kind
        if start + STRETCH >= len(typed):
            break
    return ""
