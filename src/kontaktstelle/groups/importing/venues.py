"""Venues of an office as a list names them: found again by what the list says, made once where there is none."""

from collections import defaultdict
from collections.abc import Mapping

from kontaktstelle import places
from kontaktstelle.groups.models import Answer, Venue
from kontaktstelle.topics.folding import words

from .cells import yes_or_no

_TELLS_APART = ("name", "street", "postcode", "town")


def _key(text: str) -> str:
    return " ".join(words(text))


class VenueShelf:
    """All venues of one office, those the import will make among them (without a number until `save_new`)."""

    def __init__(self, contact_point: int) -> None:
        self._contact_point = contact_point
        self._by_name: dict[str, list[Venue]] = defaultdict(list)
        self.new: list[Venue] = []
        for venue in Venue.objects.order_by("pk"):
            self._by_name[_key(venue.name)].append(venue)

    def find(self, said: Mapping[str, str], *, town: str, current: Venue | None) -> tuple[Venue, str]:
        """Return the venue a list means, and a sentence if something about it is to be checked.

        Args:
            said: name, street, postcode, town, step_free, access, as far as the list has such columns.
            town: where the group is, for a venue whose own town is not said.
            current: the group's venue, which is preferred.
        """
        fitting = [venue for venue in self._by_name[_key(said["name"])] if self._fits(venue, said, town)]
        if current is not None and any(
            venue is current or (venue.pk and venue.pk == current.pk) for venue in fitting
        ):
            return current, _differs(current, said)
        if fitting:
            return fitting[0], _differs(fitting[0], said)
        return self._made(said, town), ""

    @staticmethod
    def _fits(venue: Venue, said: Mapping[str, str], town: str) -> bool:
        if any(_key(said[part]) != _key(getattr(venue, part)) for part in _TELLS_APART if part in said):
            return False
        return "town" in said or not venue.town or not town or _key(venue.town) == _key(town)

    def _made(self, said: Mapping[str, str], town: str) -> Venue:
        answer = yes_or_no(said.get("step_free", ""))
        venue = Venue(
            contact_point_id=self._contact_point,
            name=said["name"],
            street=said.get("street", ""),
            postcode=said.get("postcode", ""),
            town=said.get("town", town),
            step_free=Answer.UNKNOWN if answer is None else Answer.YES if answer else Answer.NO,
            access_note=said.get("access", ""),
        )
        # A postcode is finer than a town; a venue without one is where its group is.
        if (
            venue.postcode
            and (found := places.find(f"{venue.postcode} {venue.town}")).kind == "found"
            and found.place
        ):
            venue.lat, venue.lon = found.place.lat, found.place.lon
        self._by_name[_key(venue.name)].append(venue)
        self.new.append(venue)
        return venue

    def save_new(self, used: set[int]) -> list[Venue]:
        """Write the new venues that groups use (by `id` of the object) and return them."""
        made = [venue for venue in self.new if id(venue) in used]
        Venue.objects.bulk_create(made, batch_size=500)
        return made


def _differs(venue: Venue, said: Mapping[str, str]) -> str:
    answer = yes_or_no(said.get("step_free", ""))
    step_free = answer is not None and venue.step_free != (Answer.YES if answer else Answer.NO)
    access = bool(said.get("access")) and said["access"] != venue.access_note
    return (
        f"Der Treffpunkt „{venue.name[:60]}“ steht schon mit anderen Angaben zum Zugang im System; diese bleiben."
        if step_free or access
        else ""
    )
