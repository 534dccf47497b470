"""One accent colour per office: what it needs to be readable, and the stylesheet made of it.

An office chooses a colour; it must be readable as text on the paper of the light theme. The dark theme gets the same
hue, lightened until it is readable there. A colour that fails is refused with a sentence that says what to do.
"""

import colorsys
import re

from kontaktstelle.refusal import StepRefused

WHITE, INK = "#ffffff", "#14110e"
# The papers of site.css: what text in the accent colour stands on.
LIGHT_GROUNDS = ("#faf6ef", "#fffdfa", "#f2ebe0")
DARK_GROUNDS = ("#1a1714", "#24201b", "#2e2922")
ENOUGH = 4.5
DANGER_HUE = (345 / 360, 15 / 360)
VIVID = 0.5
_HEX = re.compile(r"#[0-9a-fA-F]{6}\Z")
_STEP = 0.02

_Channels = tuple[float, float, float]


class ColourRefused(StepRefused):
    """The colour cannot be read."""

    sentence = "Diese Farbe ist auf unserem Hintergrund nicht gut zu lesen. Bitte wählen Sie eine dunklere."


def check(colour: str) -> None:
    """Refuse an accent that cannot be read or looks like danger.

    Raises:
        ColourRefused: with the reason and what to do.
    """
    if not _HEX.match(colour):
        raise ColourRefused("Bitte geben Sie die Farbe als #RRGGBB an, zum Beispiel #1c5a6e.")
    weakest = min(contrast(colour, ground) for ground in LIGHT_GROUNDS)
    if weakest < ENOUGH:
        written = f"{weakest:.1f}".replace(".", ",")
        raise ColourRefused(
            f"Diese Farbe ist zu hell: Ihr Kontrast auf dem Hintergrund ist {written} zu 1, nötig sind 4,5 zu 1. "
            f"Gut zu lesen wäre zum Beispiel {_until_readable(colour, LIGHT_GROUNDS, darker=True)}."
        )
    hue, _lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    if saturation > VIVID and (hue > DANGER_HUE[0] or hue < DANGER_HUE[1]):
        raise ColourRefused(
            "Rot steht auf diesen Seiten nur für Gefahr. Bitte wählen Sie einen anderen Farbton."
        )


def said_of(colour: str) -> str:
    """Say in a sentence how well an accent can be read on the weakest of the light papers.

    Raises:
        ColourRefused: it cannot.
    """
    check(colour)
    weakest = min(contrast(colour, ground) for ground in LIGHT_GROUNDS)
    written = f"{weakest:.1f}".replace(".", ",")
    return f"Gut zu lesen: Der Kontrast auf dem Hintergrund ist {written} zu 1, nötig sind 4,5 zu 1. Im dunklen Modus wird der Ton aufgehellt."


def stylesheet(colour: str) -> str:
    """Return the tokens of an accent for both themes, as CSS; "" for a colour that `check` refuses."""
    try:
        check(colour)
    except ColourRefused:
        return ""
    strong = _shifted(colour, -0.09)
    dark = _until_readable(colour, DARK_GROUNDS, darker=False)
    dark_strong = _shifted(dark, 0.1)
    light = f"--accent:{colour};--accent-strong:{strong};--accent-soft:{_mixed(colour, '#faf6ef', 0.1)};--on-accent:{WHITE}"
    night = f"--accent:{dark};--accent-strong:{dark_strong};--accent-soft:{_mixed(dark, '#1a1714', 0.16)};--on-accent:{INK}"
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme: dark){{:root{{{night}}}}}\n"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, 1 to 21."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _channels(colour: str) -> _Channels:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _hex(channels: _Channels) -> str:
    return "#" + "".join(f"{round(min(max(channel, 0.0), 1.0) * 255):02x}" for channel in channels)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - WCAG's own numbers


def _shifted(colour: str, by: float) -> str:
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    return _hex(colorsys.hls_to_rgb(hue, min(max(lightness + by, 0.0), 1.0), saturation))


def _mixed(colour: str, ground: str, share: float) -> str:
    front, back = _channels(colour), _channels(ground)
    return _hex(
        (
            front[0] * share + back[0] * (1 - share),
            front[1] * share + back[1] * (1 - share),
            front[2] * share + back[2] * (1 - share),
        )
    )


def _until_readable(colour: str, grounds: tuple[str, ...], *, darker: bool) -> str:
    shade = colour
    while min(contrast(shade, ground) for ground in grounds) < ENOUGH:
        shifted = _shifted(shade, -_STEP if darker else _STEP)
        if shifted == shade:
            break
        shade = shifted
    return shade
