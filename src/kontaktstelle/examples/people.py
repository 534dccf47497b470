"""Contact persons of example groups: plainly invented people, their ways back sealed in `relay` like real ones."""

from collections.abc import Iterator
from datetime import date, timedelta

from kontaktstelle.groups.models import ContactPerson, Group
from kontaktstelle.relay.models import Party

from .chance import chance, happens, one_of
from .identity import row_id
from .plan import Planned

FIRST = (
    "Ada",
    "Ben",
    "Carla",
    "David",
    "Elif",
    "Finn",
    "Greta",
    "Hanna",
    "Igor",
    "Jana",
    "Kemal",
    "Lena",
    "Mira",
    "Nils",
    "Olga",
    "Paul",
    "Rosa",
    "Samir",
    "Thea",
    "Uwe",
    "Vera",
    "Wanda",
    "Yusuf",
    "Zoe",
)
# Names nobody bears: nobody real is meant, and a leak would stand out.
LAST = (
    "Amselgrund",
    "Birkenlicht",
    "Drosselquell",
    "Eibenruh",
    "Farnwiese",
    "Ginsterhall",
    "Heidelaub",
    "Immensteg",
    "Krokusfeld",
    "Lindenklang",
    "Moosbrunnwald",
    "Nelkenborn",
    "Otterbachtal",
    "Primelhain",
    "Quittenrain",
    "Rapsblütner",
    "Sanddornau",
    "Tannenzeil",
    "Ulmenschatt",
    "Veilchenbrink",
    "Wiesenknopp",
    "Zaunrübner",
)
# Numbers the Bundesnetzagentur keeps free for films and books; 0221 4710 is the offices', 069 90009 the groups'.
PRIVATE_NUMBERS = ("030 23125", "040 66969", "089 99998")
NUMBERS_IN_A_BLOCK = 1000
SECOND_PERSON = 0.4
HAS_PHONE, HAS_EMAIL, HAS_ADDRESS, HAS_NOTE = 0.92, 0.7, 0.25, 0.15
NOTES = (
    "am besten abends erreichbar",
    "bitte nicht auf den Anrufbeantworter sprechen",
    "nur per E-Mail",
    "möchte im Herbst aufhören",
)
MOST_YEARS_KNOWN = 4


class Phonebook:
    """Gives out private telephone numbers reserved for fiction, each once."""

    def __init__(self) -> None:
        self._given = 0

    def next_number(self) -> str:
        """Return the next number.

        Raises:
            IndexError: more people than reserved numbers.
        """
        block, rest = divmod(self._given, NUMBERS_IN_A_BLOCK)
        self._given += 1
        return f"{PRIVATE_NUMBERS[block]} {rest:03}"


def persons(
    group: Group, planned: Planned, phones: Phonebook, *, on: date
) -> Iterator[tuple[ContactPerson, Party]]:
    """Yield the contact persons of a group with their sealed parties; a fellowship keeps no names."""
    if planned.fellowship:
        return
    about = (group.contact_point.slug, planned.number)
    for position in range(1, 3 if happens(SECOND_PERSON, *about, "second person") else 2):
        party = _party(group, about, position, phones, on=on)
        yield (
            ContactPerson(
                id=row_id("contact person", *about, position),
                contact_point=group.contact_point,
                group=group,
                party=party.pk,
                position=position,
                consent=ContactPerson.Consent.INTERNAL if group.listed else ContactPerson.Consent.UNCLEAR,
            ),
            party,
        )


def _party(group: Group, about: tuple[object, ...], position: int, phones: Phonebook, *, on: date) -> Party:
    who = (*about, "person", position)
    first, last = one_of(FIRST, *who, "first"), one_of(LAST, *who, "last")
    number = row_id("party", *about, position)
    known_for = timedelta(days=chance(*who, "known").randrange(1, 365 * MOST_YEARS_KNOWN))
    party = Party(id=number, contact_point=group.contact_point, registered_on=on - known_for)
    party.name = f"{first} {last}"
    phone = phones.next_number()
    if happens(HAS_PHONE, *who, "phone"):
        party.phone = phone
    if happens(HAS_EMAIL, *who, "email") or party.phone is None:
        party.email = f"{first}.{last}.{phone[-3:]}@example.org".lower().translate(
            str.maketrans("äöü", "aou")
        )
    if happens(HAS_ADDRESS, *who, "address"):
        party.address = (
            f"Am Beispielanger {chance(*who, 'house').randrange(1, 90)}, {group.postcode} {group.town}".strip(
                " ,"
            )
        )
    if happens(HAS_NOTE, *who, "note"):
        party.note = one_of(NOTES, *who, "which note")
    return party
