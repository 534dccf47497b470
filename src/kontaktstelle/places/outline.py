"""The outline of a Kreis as SVG, with dots; never the only way to what it shows.

Made on the server from `data/kreise.topo.json` (© GeoBasis-DE / BKG 2016, Daten verändert). No script, no style
attributes: classes are coloured by the stylesheet, so that light, dark and print each look right.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from math import cos, radians

from .gazetteer import DATA, gazetteer

WIDTH = 640.0
MARGIN = 0.06
CREDIT = "© GeoBasis-DE / BKG 2016, Daten verändert"
Ring = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Dot:
    """A mark on the map: where, what it says, and how many things lie there."""

    lat: float
    lon: float
    label: str
    count: int = 1


def svg(kreis_key: str, dots: Sequence[Dot] = (), *, title: str) -> str:
    """Return the outline of a Kreis with its neighbours and dots as an SVG element, or "" for an unknown key.

    Args:
        kreis_key: five digits.
        dots: marks; those outside the picture are left out.
        title: what a screen reader says; the list beside the map holds the content.
    """
    outlines = _outlines()
    own = outlines.get(kreis_key)
    if own is None:
        return ""
    lons = [lon for ring in own for lon, _ in ring]
    lats = [lat for ring in own for _, lat in ring]
    squeeze = cos(radians((min(lats) + max(lats)) / 2))
    pad = max((max(lons) - min(lons)) * squeeze, max(lats) - min(lats)) * MARGIN
    left, right = min(lons) - pad / squeeze, max(lons) + pad / squeeze
    bottom, top = min(lats) - pad, max(lats) + pad
    scale = WIDTH / ((right - left) * squeeze)
    height = (top - bottom) * scale

    def point(lon: float, lat: float) -> tuple[float, float]:
        return (lon - left) * squeeze * scale, (top - lat) * scale

    def path(rings: Sequence[Ring]) -> str:
        return "".join(
            "M" + "L".join(f"{x:.0f} {y:.0f}" for x, y in (point(*corner) for corner in ring)) + "Z"
            for ring in rings
        )

    neighbours = [
        rings
        for key, rings in outlines.items()
        if key != kreis_key and _touches(rings, left, right, bottom, top)
    ]
    parts = [
        f'<svg class="map" viewBox="0 0 {WIDTH:.0f} {height:.0f}" role="img" aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg">'
    ]
    parts += [f'<path class="map-neighbour" d="{path(rings)}"/>' for rings in neighbours]
    parts.append(f'<path class="map-kreis" d="{path(own)}"/>')
    for dot in dots:
        x, y = point(dot.lon, dot.lat)
        if 0 <= x <= WIDTH and 0 <= y <= height:
            radius = min(7 + 2.2 * dot.count**0.5, 22)
            parts.append(
                f'<circle class="map-dot" cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}"><title>{escape(dot.label)}</title></circle>'
            )
    parts.append("</svg>")
    return "".join(parts)


def has_outline(kreis_key: str) -> bool:
    """Say whether there is an outline for this key."""
    return kreis_key in _outlines()


def keys() -> list[str]:
    """Return the keys of all Kreise with an outline, by name."""
    known = gazetteer().kreise
    return sorted(_outlines(), key=lambda key: known[key].name if key in known else key)


@lru_cache(maxsize=1)
def _outlines() -> dict[str, list[Ring]]:
    with (DATA / "kreise.topo.json").open(encoding="utf-8") as file:
        topology = json.load(file)
    (scale_x, scale_y), (shift_x, shift_y) = (
        topology["transform"]["scale"],
        topology["transform"]["translate"],
    )
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            points.append((x * scale_x + shift_x, y * scale_y + shift_y))
        arcs.append(points)

    def ring(numbers: Sequence[int]) -> Ring:
        corners: Ring = []
        for number in numbers:
            points = arcs[number] if number >= 0 else arcs[~number][::-1]
            corners += points[1:] if corners else points
        return corners

    outlines = {}
    for shape in topology["objects"]["gem"]["geometries"]:
        polygons = shape["arcs"] if shape["type"] == "MultiPolygon" else [shape["arcs"]]
        outlines[shape["properties"]["k"]] = [ring(numbers) for polygon in polygons for numbers in polygon]
    return outlines


def _touches(rings: Sequence[Ring], left: float, right: float, bottom: float, top: float) -> bool:
    return any(left <= lon <= right and bottom <= lat <= top for ring in rings for lon, lat in ring)
