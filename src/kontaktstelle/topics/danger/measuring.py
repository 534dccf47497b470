"""How well danger and need are recognised in utterances judged by hand."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from kontaktstelle.topics import folding
from kontaktstelle.topics.tree import rows

from .recognising import recognise
from .rules import KINDS

Report = dict[str, dict[str, int]]


def measure(path: Path) -> Report:
    """Return how many utterances are judged rightly, by class, form and language.

    The file has `class, form, language, utterance`; acute classes are right if danger is recognised (whichever kind),
    all others if it is not; `need` and `kind` say in addition whether a need is recognised and the kind of danger is right.

    Returns:
        Per name ("acute", "acute: suicide", "calm: de", "need", …) how many are `right` and `of` how many.
    """
    report: Report = defaultdict(lambda: {"right": 0, "of": 0})
    for judged, forms, language, text in rows(path):
        alarm = recognise(folding.words(text), text)
        acute = judged in KINDS
        for name in _names("acute" if acute else "calm", judged, forms, language):
            report[name]["right"] += bool(alarm.kind) == acute
            report[name]["of"] += 1
        if acute and alarm.kind:
            report["kind"]["right"] += alarm.kind == judged
            report["kind"]["of"] += 1
        if not acute:
            report["need" if judged == "need" else "no need"]["right"] += alarm.need == (judged == "need")
            report["need" if judged == "need" else "no need"]["of"] += 1
    return dict(sorted(report.items()))


def _names(group: str, judged: str, forms: str, language: str) -> Iterator[str]:
    yield group
    yield f"{group}: {judged}"
    yield f"{group}: {language}"
    for form in forms.split(","):
        yield f"{group}, {form.strip()}"
