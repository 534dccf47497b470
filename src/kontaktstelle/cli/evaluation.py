"""How well words are understood: on a file of queries, on phrases set aside, on utterances of danger set aside.

`measure` returns every figure the documentation prints; nothing here changes anything. Phrases are set aside by kind and
by language in `FOLDS` parts: the model learns from the others and has never seen them.
"""

from collections import defaultdict
from typing import Any

from kontaktstelle.topics import bank, resolving, tree
from kontaktstelle.topics.bank import Phrase
from kontaktstelle.topics.danger.rules import KINDS
from kontaktstelle.topics.languages import SPOKEN_IN

from .printing import Progress, line

FOLDS = 5
FIRST = 3
SPOKEN_LANGUAGES = frozenset(SPOKEN_IN.values())
Figure = dict[str, Any]


def measure(queries: list[dict[str, Any]], *, set_aside: bool) -> dict[str, Any]:
    """Return all figures.

    Args:
        queries: as in `queries_dev.jsonl`: query, relevant (topic_id, grade, audience), crisis, optionally place.
        set_aside: also learn several times and judge phrases never seen.
    """
    report: dict[str, Any] = {}
    if queries:
        report["queries"] = _of_queries(queries)
    report["danger_set_aside"] = _danger_set_aside()
    if set_aside:
        report["phrases_set_aside"] = _phrases_set_aside()
    return report


def show(report: dict[str, Any]) -> None:
    """Print the figures as tables a person reads."""
    for section, figures in report.items():
        line(f"\n{section}")
        for name, figure in figures.items():
            if isinstance(figure, dict) and "share" in figure:
                line(f"  {name:52} {figure['share']:.3f}   ({figure['right']} von {figure['of']})")
            elif isinstance(figure, list):
                for each in figure:
                    line(f"    – {name}: {each}")
            else:
                line(f"  {name:52} {figure}")


def _figure(right: int, of: int) -> Figure:
    return {"share": round(right / of, 4) if of else 1.0, "right": right, "of": of}


def _of_queries(queries: list[dict[str, Any]]) -> dict[str, Any]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    missed: list[str] = []
    told_for_nothing: list[str] = []
    wrong_alarms: dict[str, list[str]] = {"near miss": [], "other": []}

    def count(name: str, right: bool) -> None:
        counts[name][0] += right
        counts[name][1] += 1

    for each in queries:
        understood = resolving.resolve(each["query"])
        first = [topic.id for topic in understood.topics[:FIRST]]
        relevant = {answer["topic_id"]: answer for answer in each["relevant"]}
        exact = {topic for topic, answer in relevant.items() if answer["grade"] == 2}  # noqa: PLR2004 - grade 2 is exactly right
        wanted = {answer["audience"] for answer in each["relevant"] if answer.get("audience")}
        if relevant:
            right = any(topic in relevant for topic in first)
            count("right topic among the first three", right)
            if not right:
                missed.append(each["query"])
            count("a right group among the first three", _right_group(each, understood, relevant))
        elif understood.is_sure and not each["crisis"]:
            told_for_nothing.append(each["query"])
        if exact:
            count("exactly right topic among the first three", any(topic in exact for topic in first))
        if wanted:
            count("audience", bool(wanted & set(understood.audience)))
        if each["crisis"]:
            count("acute danger recognised", bool(understood.danger))
        elif understood.danger:
            wrong_alarms["near miss" if "near-miss" in each.get("phenomenon", []) else "other"].append(
                each["query"]
            )
    result: dict[str, Any] = {name: _figure(*pair) for name, pair in counts.items()}
    result["not understood"] = missed
    result["understood though there is no topic"] = told_for_nothing
    result["false alarms among near misses"] = wrong_alarms["near miss"]
    result["false alarms among the others"] = wrong_alarms["other"]
    return result


def _right_group(
    query: dict[str, Any], understood: resolving.Understanding, relevant: dict[str, Any]
) -> bool:
    """Say whether a group of a right topic is among the first three found, with one stub per topic where there is no group."""
    from kontaktstelle import places
    from kontaktstelle.directory import search

    finding = places.find(query["place"]) if query.get("place") else None
    place = finding.place if finding else understood.place
    point = search.Near(place.lat, place.lon) if place else None
    groups = [entry.topics for hit, entry in search.answer(understood, near=point, limit=FIRST)]
    # The stubs: a topic no group of the installation has stands after what was found, in the order of understanding.
    stubs = [[topic.id] for topic in understood.topics]
    return any(topic in relevant for topics in (groups + stubs)[:FIRST] for topic in topics)


def _danger_set_aside() -> dict[str, Any]:
    """Judge the recognition of danger on utterances set aside before its rules were written."""
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for kind, _form, language, text in tree.rows(tree.DATA / "danger" / "held_out.tsv"):
        understood = resolving.resolve(text)
        if kind in KINDS:
            for name in (
                "acute danger recognised",
                f"acute danger recognised: {kind}",
                f"acute danger recognised: {language}",
            ):
                counts[name][0] += bool(understood.danger)
                counts[name][1] += 1
            if understood.danger:
                counts["of those, the kind is right"][0] += understood.danger == kind
                counts["of those, the kind is right"][1] += 1
        else:
            for name in ("false alarms", f"false alarms: {kind}", f"false alarms: {language}"):
                counts[name][0] += bool(understood.danger)
                counts[name][1] += 1
            if kind == "need":
                counts["need recognised"][0] += understood.need
                counts["need recognised"][1] += 1
    return {name: _figure(*pair) for name, pair in sorted(counts.items())}


def _phrases_set_aside() -> dict[str, Any]:
    """Learn from four fifths of the bank at a time and judge the fifth set aside, by kind and language."""
    from kontaktstelle.topics import model
    from kontaktstelle.topics.learning.training import learn

    known = bank.phrases()
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    progress = Progress("Lernen ohne die zurückgelegten Phrasen")
    original = model.load
    try:
        for part in range(FOLDS):
            aside = [phrase for number, phrase in enumerate(known) if number % FOLDS == part]
            learnt = learn(
                [phrase for number, phrase in enumerate(known) if number % FOLDS != part], bank.vocabulary()
            )
            model.load = lambda learnt=learnt: learnt  # type: ignore[assignment]
            for phrase in aside:
                _judge(phrase, counts)
            progress(part + 1, FOLDS)
    finally:
        model.load = original
    return {name: _figure(*pair) for name, pair in sorted(counts.items())}


def _judge(phrase: Phrase, counts: dict[str, list[int]]) -> None:
    understood = resolving.resolve(phrase.text)
    first = [topic.id for topic in understood.topics[:FIRST]]
    if not phrase.exact:
        right = not understood.is_sure
        names = [f"nothing: {phrase.kind}"]
    else:
        # The language somebody writes in is no answer to what troubles them, unless they ask for it.
        right = any(
            topic in phrase.exact or (phrase.answers(topic) and topic not in SPOKEN_LANGUAGES)
            for topic in first
        )
        names = ["all", f"kind: {phrase.kind}", f"language: {phrase.language}"]
    for name in names:
        counts[name][0] += right
        counts[name][1] += 1
