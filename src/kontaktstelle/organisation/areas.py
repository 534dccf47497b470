"""Responsibility: which contact point serves a place. A postcode in a list counts before the Kreis."""

from .models import ContactPoint


def responsible_for(*, postcode: str = "", kreis_key: str = "") -> ContactPoint | None:
    """Return the contact point responsible for a postcode or Kreis, or None if none of this installation is."""
    points = ContactPoint.objects.prefetch_related("sites__hours", "closings")
    if postcode and (found := points.filter(areas__postcode=postcode).order_by("pk").first()):
        return found
    if kreis_key:
        return points.filter(areas__kreis_key=kreis_key).order_by("pk").first()
    return None
