"""Search finds what brute force finds: whoever fits is found, near ones first, and nobody twice."""

from math import asin, cos, degrees, radians, sin, sqrt

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from kontaktstelle.directory import fulltext, projection, search
from kontaktstelle.directory.models import Entry
from kontaktstelle.groups.public import PublicEntry
from kontaktstelle.topics import folding, tree
from kontaktstelle.topics.resolving import Understanding, Weighted
from support.people import A_DAY

pytestmark = pytest.mark.django_db

UNNA = (51.5348, 7.6889)
TOPICS = ("anxiety-panic", "depression", "adhd-adult", "grief")
WORDS = ("kloppeln", "segeln", "bienen", "schach")
LANGUAGES, AUDIENCES = ("de", "tr"), ("betroffene", "eltern")
PROPERTY = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def at(north_km, east_km):
    return UNNA[0] + degrees(north_km / 6371.0), UNNA[1] + degrees(east_km / 6371.0) / cos(radians(UNNA[0]))


def as_the_crow_flies(one, other):
    """The distance by the chord through the earth: another way than the one measured."""
    first, second = (
        (cos(radians(lat)) * cos(radians(lon)), cos(radians(lat)) * sin(radians(lon)), sin(radians(lat)))
        for lat, lon in (one, other)
    )
    chord = sqrt(sum((a - b) ** 2 for a, b in zip(first, second, strict=True)))
    return 2 * 6371.0 * asin(chord / 2)


subsets = lambda choices, least=0: st.lists(st.sampled_from(choices), unique=True, min_size=least)  # noqa: E731

spots = st.one_of(
    st.none(),
    st.tuples(st.integers(-40, 40), st.integers(-40, 40)),
    st.tuples(st.integers(-130, 130), st.integers(-130, 130)),
    st.tuples(st.sampled_from([300, -250]), st.integers(-200, 200)),
)
groups = st.builds(
    dict,
    topics=subsets(TOPICS),
    words=subsets(WORDS),
    spot=spots,
    audience=subsets(AUDIENCES),
    languages=subsets(LANGUAGES, 1),
    forms=subsets(("in-person", "online")),
    is_young=st.booleans(),
    step_free=st.booleans(),
    stage=st.sampled_from(["open", "full", "founding", "paused"]),
    protected=st.booleans(),
)
understandings = st.builds(
    lambda topics, words, rare: Understanding(
        topics=tuple(
            Weighted(topic, weight) for topic, weight in sorted(topics.items(), key=lambda pair: -pair[1])
        ),
        for_text=tuple(words),
        rare=frozenset(words[:rare]),
    ),
    st.dictionaries(st.sampled_from(TOPICS), st.sampled_from([0.9, 0.5, 0.25, 0.1]), max_size=3),
    subsets(WORDS),
    st.integers(0, 2),
)
filterings = st.builds(
    search.Filters,
    audience=st.sampled_from(["", "", *AUDIENCES]),
    young=st.sampled_from([False, False, True]),
    form=st.sampled_from(["", "", "online", "in_person"]),
    language=st.sampled_from(["", "", "tr"]),
    step_free=st.sampled_from([False, False, True]),
    takes_new=st.sampled_from([False, False, True]),
)
nears = st.one_of(
    st.none(), st.sampled_from([10, 25, 50, 100]).map(lambda radius: search.Near(*UNNA, radius))
)


def written(described, on):
    """Write groups into the directory and return them by the number of their entry."""
    shapes = []
    for number, each in enumerate(described):
        lat, lon = at(*each["spot"]) if each["spot"] else (None, None)
        shapes.append((None, on.pk, PublicEntry(
            slug=f"gruppe-{number}", name=f"Gruppe {number}", topics=each["topics"], audience=each["audience"], stage=each["stage"], conditions=[],
            languages=each["languages"], forms=each["forms"], office=on.slug, office_name=on.name, office_phone=on.phone, lat=lat, lon=lon,
            place_is_kreis=each["protected"], withheld=each["protected"], description=" ".join(each["words"]), is_young=each["is_young"],
            access=["step-free"] if each["step_free"] else [],
        )))  # fmt: skip
        each["at"] = (lat, lon) if lat is not None else None
    projection.write_shapes(shapes, on=A_DAY)
    numbers = dict(Entry.objects.values_list("slug", "pk"))
    return {numbers[f"gruppe-{number}"]: each for number, each in enumerate(described)}


def passes(group, filters):
    return all((
        not filters.audience or filters.audience in group["audience"],
        not filters.young or group["is_young"],
        not filters.language or filters.language in group["languages"],
        not filters.step_free or group["step_free"],
        not filters.takes_new or group["stage"] in {"open", "founding"},
        filters.form != "online" or "online" in group["forms"],
        filters.form != "in_person" or "in-person" in group["forms"] or not group["forms"],
    ))  # fmt: skip


def fits(group, understood, words=None):
    return bool({topic.id for topic in understood.topics} & set(group["topics"])) or bool(
        set(understood.for_text if words is None else words) & set(group["words"])
    )


def distance(group, near):
    return as_the_crow_flies((near.lat, near.lon), group["at"]) if near and group["at"] else None


def rank(group, understood, near):
    weights = {topic.id: topic.weight for topic in understood.topics}
    own = max((weights[topic] for topic in group["topics"] if topic in weights), default=0)
    word = next((word for word in understood.for_text if word in group["words"]), "")
    main = own and own >= 0.34 * max(weights.values())
    tier = 0 if word in understood.rare else 1 if main else 2 if own else 3
    return tier, 0 if word else 1, round(distance(group, near) or 0, 6)


class Undone:
    """One example of a property, taken back at its end."""

    def __enter__(self):
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *raised):
        transaction.set_rollback(True)
        self.atomic.__exit__(*raised)


@PROPERTY
@given(described=st.lists(groups, max_size=14), understood=understandings, filters=filterings, near=nears)
def test_nobody_who_fits_is_missing_and_nobody_else_is_there(office, described, understood, filters, near):
    with Undone():
        there = written(described, office)
        assume(
            not near
            or all(abs((distance(group, near) or 0) - near.radius_km) > 0.001 for group in there.values())
        )
        expected = {
            number
            for number, group in there.items()
            if fits(group, understood)
            and passes(group, filters)
            and (near is None or (group["at"] is not None and distance(group, near) <= near.radius_km))
        }

        hits = search.find(understood, near=near, filters=filters, limit=100)

    assert {hit.entry for hit in hits} == expected
    assert len(hits) == len(expected)
    order = [rank(there[hit.entry], understood, near) for hit in hits]
    assert order == sorted(order)
    for hit in hits:
        assert set(hit.topics) == {topic.id for topic in understood.topics} & set(there[hit.entry]["topics"])
        assert hit.distance_km is None or abs(hit.distance_km - distance(there[hit.entry], near)) < 0.001


@PROPERTY
@given(
    described=st.lists(groups, max_size=14),
    understood=understandings,
    filters=filterings,
    near=nears,
    enough=st.sampled_from([1, 3, 5]),
)
def test_wider_circles_repeat_nobody_and_leave_nobody_out_while_there_is_room(  # noqa: PLR0917 - what is drawn
    office, described, understood, filters, near, enough
):
    with Undone():
        there = written(described, office)
        assume(
            not near
            or all(
                abs((distance(group, near) or 0) - radius) > 0.001
                for group in there.values()
                for radius in (near.radius_km, 50, 100)
            )
        )
        hits = search.find(understood, near=near, filters=filters, limit=100)
        more = search.beyond(understood, hits, near=near, filters=filters, enough=enough)

    everybody = [hit.entry for hit in hits + more]
    assert len(everybody) == len(set(everybody))
    assert not more or len(everybody) <= enough
    assert all(passes(there[hit.entry], filters) for hit in more)
    circles = [hit.circle for hit in hits + more]
    assert circles == sorted(circles)
    words = understood.rare if understood.topics else understood.for_text
    fitting = {
        number: group
        for number, group in there.items()
        if passes(group, filters) and fits(group, understood, words)
    }
    if near is None:
        return
    within = {
        number
        for number, group in fitting.items()
        if group["at"] and distance(group, near) <= max(near.radius_km, 100)
    }
    anywhere = {
        number
        for number, group in fitting.items()
        if ("online" in group["forms"] and filters.form != "in_person")
        or (group["at"] is None and fits(group, understood, ()))
    }
    within |= {hit.entry for hit in hits}
    reachable = within | anywhere
    assert len(everybody) >= min(enough, len(reachable))
    if len(reachable) <= enough:
        assert reachable <= set(everybody)
    if (
        fitting
        and not reachable - {number for number, group in fitting.items() if not fits(group, understood, ())}
        and understood.topics
    ):
        assert everybody
    for hit in more:
        group = there[hit.entry]
        if hit.circle == search.Circle.WIDER:
            assert near.radius_km < distance(group, near) <= 100
        if hit.circle == search.Circle.ANYWHERE and reachable:
            assert hit.entry in anywhere
        if hit.circle == search.Circle.RELATED:
            assert set(group["topics"]) & set(
                tree.TOPICS[max(understood.topics, key=lambda topic: topic.weight).id].related
            )


@PROPERTY
@given(described=st.lists(groups, max_size=8), understood=understandings, filters=filterings)
def test_filters_are_joined_by_and(office, described, understood, filters):
    with Undone():
        written(described, office)
        together = {hit.entry for hit in search.find(understood, filters=filters, limit=100)}
        one_by_one = [
            {
                hit.entry
                for hit in search.find(
                    understood, filters=search.Filters(**{name: getattr(filters, name)}), limit=100
                )
            }
            for name in ("audience", "young", "form", "language", "step_free", "takes_new")
        ]
    assert together == set.intersection(*one_by_one)


def one(**how):
    return {
        "topics": [],
        "words": [],
        "spot": (0, 0),
        "audience": [],
        "languages": ["de"],
        "forms": ["in-person"],
        "is_young": False,
        "step_free": False,
        "stage": "open",
        "protected": False,
    } | how


GRIEF = Understanding(topics=(Weighted("grief", 0.8),))


def test_whoever_wants_to_meet_in_a_room_is_not_sent_to_a_screen(office):
    written([one(topics=["grief"], forms=["online"], spot=(200, 0))], office)

    assert search.answer(GRIEF, near=search.Near(*UNNA), filters=search.Filters(form="in_person")) == []


def test_a_group_whose_place_nobody_entered_is_still_shown(office):
    written([one(topics=["grief"], spot=None)], office)

    ((hit, entry),) = search.answer(GRIEF, near=search.Near(*UNNA))
    assert (hit.circle, hit.distance_km, entry.slug) == (search.Circle.ANYWHERE, None, "gruppe-0")


def test_the_only_group_that_names_it_is_found_however_far(office):
    written([one(words=["kloppeln"], spot=(70, 0)), one(words=["segeln"], spot=(300, 0))], office)
    near = search.Near(*UNNA, 25)

    assert [
        hit.circle
        for hit, _ in search.answer(
            Understanding(for_text=("kloppeln",), rare=frozenset({"kloppeln"})), near=near
        )
    ] == [search.Circle.WIDER]


def test_a_group_just_outside_the_circle_in_the_corner_of_the_square_is_not_called_near(office):
    written([one(topics=["grief"], spot=(24, 24))], office)

    assert search.find(GRIEF, near=search.Near(*UNNA, 25)) == []


def test_a_word_everybody_has_lifts_nobody(office):
    everybody = [one(words=["bienen"], spot=None) for _ in range(search.COMMON_WORD + 1)]
    written(everybody, office)

    assert search.find(Understanding(for_text=("bienen",)), limit=100) == []
    assert len(fulltext.having("bienen", 1000)) == search.COMMON_WORD + 1


def test_a_limit_keeps_the_best_ones(office):
    there = written([one(topics=["grief"], spot=(number, 0)) for number in range(9, 0, -1)], office)

    nearest = search.find(GRIEF, near=search.Near(*UNNA), limit=3)

    assert [there[hit.entry]["spot"][0] for hit in nearest] == [1, 2, 3]


@pytest.mark.parametrize(
    "word",
    [
        "'",
        '"',
        "a'b",
        "%",
        "_",
        "\\",
        "x'; DROP TABLE directory_entry; --",
        "",
        "a" * 5000,
        "株" * 3000,
        "xᧀy",
        "aᳲb",
    ],
)
def test_the_full_text_takes_any_word_without_falling_over(office, word):
    written([one(words=["segeln", word.replace(" ", "")])], office)

    for folded in folding.words(word):
        fulltext.having(folded, 5)
    assert len(fulltext.having("segeln", 5)) == 1


def test_both_databases_know_the_same_text(office):
    written([one(words=["Größe", "Straße", "İzmir", "страх", "العنف", "x1", "naïve"])], office)

    found = {
        word
        for word in ("grosse", "strasse", "izmir", "страх", "العنف", "x1", "naive", "gross", "x")
        if fulltext.having(word, 5)
    }
    assert found == {"grosse", "strasse", "izmir", "страх", "العنف", "x1", "naive"}
