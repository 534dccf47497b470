"""HTML as plain words, in one pass and in time that grows with the length alone. Nothing is loaded, nothing is run."""

import html
import re

LONGEST = 400_000
# What stands in these is no text of the message.
DROPPED = frozenset(
    "script style head title template noscript object embed iframe svg math select audio video canvas".split()
)
BREAKS = frozenset(
    "p div br tr li ul ol table h1 h2 h3 h4 h5 h6 blockquote section article header footer pre hr dd dt".split()
)
_TAG = re.compile(r"</?([A-Za-z][A-Za-z0-9:]{0,30})")
_TO_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_BLANKS = re.compile(r"[ \t\r\n\f]+")


def as_text(markup: str) -> str:
    """Return the words of HTML; comments, scripts, styles and pictures are left out.

    Args:
        markup: HTML, well-formed or not; only the first `LONGEST` characters are read.
    """
    markup = markup[:LONGEST]
    lower = markup.translate(_TO_LOWER)
    out: list[str] = []
    here = 0
    while here < len(markup):
        start = markup.find("<", here)
        if start < 0:
            out.append(_BLANKS.sub(" ", markup[here:]))
            break
        out.append(_BLANKS.sub(" ", markup[here:start]))
        following = _after_tag(markup, lower, start, out)
        if following is None:
            break
        here = following
    lines = html.unescape("".join(out)).split("\n")
    return "\n".join(line.strip() for line in lines)


def _after_tag(markup: str, lower: str, start: int, out: list[str]) -> int | None:
    """Return where the text goes on after what begins at `start`, or None if it never ends."""
    if markup.startswith("<!--", start):
        return _past(markup, "-->", start + 4)
    if markup.startswith(("<!", "<?"), start):
        return _past(markup, ">", start)
    tag = _TAG.match(markup, start)
    if tag is None:
        out.append("<")
        return start + 1
    end = _past(markup, ">", tag.end())
    name, is_closing = lower[tag.start(1) : tag.end(1)], markup[start + 1] == "/"
    if name in BREAKS:
        out.append("\n")
    if name in DROPPED and not is_closing and end is not None:
        close = lower.find(f"</{name}", end)
        return close if close >= 0 else None
    return end


def _past(markup: str, sign: str, start: int) -> int | None:
    found = markup.find(sign, start)
    return found + len(sign) if found >= 0 else None
