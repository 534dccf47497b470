"""The search form: text turned into values, nothing refused. What cannot be read is simply not narrowed by."""

from dataclasses import dataclass, field

from django.http import QueryDict

from kontaktstelle.topics import tree

from .search import DEFAULT_RADIUS_KM, Filters

LONGEST_WORDS = 400
LONGEST_PLACE = 120
RADII = (10, 25, 50, 100)
FORMS = ("in_person", "online")
LANGUAGES = ("tr", "ru", "uk", "ar", "pl", "en")
MOST_TOPICS = 6


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody asked for, as typed and as chosen."""

    words: str = ""
    too_long: bool = False
    place: str = ""
    radius: int = DEFAULT_RADIUS_KM
    topics: tuple[str, ...] = ()
    filters: Filters = field(default_factory=Filters)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked."""
        return not self.words and not self.topics

    @property
    def is_narrowed(self) -> bool:
        """Whether a filter or another radius was chosen."""
        return self.filters != Filters() or self.radius != DEFAULT_RADIUS_KM


def read(data: QueryDict, *, with_words: bool) -> Search:
    """Read a search.

    Args:
        data: of a form or an address.
        with_words: whether words are taken; never from an address, where they would stay in histories and logs.
    """
    words = " ".join(data.get("worte", "").split()) if with_words else ""
    radius = data.get("umkreis", "")
    topics = tuple(topic for topic in dict.fromkeys(data.getlist("thema")) if topic in tree.TOPICS)[
        :MOST_TOPICS
    ]
    audience, form, language = data.get("fuer", ""), data.get("form", ""), data.get("sprache", "")
    return Search(
        words=words[:LONGEST_WORDS],
        too_long=len(words) > LONGEST_WORDS,
        place=" ".join(data.get("ort", "").split())[:LONGEST_PLACE],
        radius=int(radius) if radius in map(str, RADII) else DEFAULT_RADIUS_KM,
        topics=() if words else topics,
        filters=Filters(
            audience=audience if audience in tree.AUDIENCES else "",
            young="jung" in data,
            form=form if form in FORMS else "",
            language=language if language in LANGUAGES else "",
            step_free="stufenlos" in data,
            takes_new="neue" in data,
        ),
    )
