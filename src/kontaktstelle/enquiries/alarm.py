"""Danger in what somebody writes on the site: looked for as in the search, wherever in a message it stands."""

from kontaktstelle.topics import danger, folding

# Half of each stretch is shared with the next: the end of a long letter counts too.
STRETCH = 60


def kind_of(text: str, *, in_reply: bool = False) -> str:
    """Return the kind of acute danger a text alarms about, as `directory.help.urgent` knows it; "" for none.

    Args:
        text: what was written.
        in_reply: it answers us. What was learnt knows first words and takes thanks ("Danke, ich komme am Dienstag") for a
            farewell; here it needs a rule beside it, or every other answer would let a referral rest.
    """
    typed = text.split()
    for start in range(0, max(len(typed), 1), STRETCH // 2):
        stretch = " ".join(typed[start : start + STRETCH])
        found = danger.recognise(folding.words(stretch), stretch)
        if found.kind and not (in_reply and found.reason.startswith("learnt")):
            return found.kind
        if start + STRETCH >= len(typed):
            break
    return ""
