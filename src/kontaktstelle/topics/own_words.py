"""Words of the office: what people of a region call a thing, and to which topics it leads. One indexed look-up per search."""

from collections.abc import Sequence
from datetime import datetime
from difflib import get_close_matches
from typing import Any

from django.db import DatabaseError, transaction

from kontaktstelle.organisation import earlier, rights
from kontaktstelle.organisation.models import Staff
from kontaktstelle.organisation.rights import Right
from kontaktstelle.organisation.tenancy import current
from kontaktstelle.privacy import trail
from kontaktstelle.refusal import StepRefused

from . import folding, model, resolving
from .models import OfficeWord
from .tree import TOPICS

MOST_TOPICS = 3
MOST_WORDS = 4
# A word further back in a long text is not what somebody calls their trouble by.
MOST_READ = 60
SHORTEST = 2
MOST_OF_AN_OFFICE = 500
_KIND = "office-word"


class WordUnfit(StepRefused):
    """A word that would lead everybody astray, or is none."""

    sentence = "Dieses Wort geht nicht."


class TopicUnknown(StepRefused):
    """No topic of this name."""

    sentence = "Dieses Thema gibt es nicht. Bitte wählen Sie eines aus der Liste."


def understand(text: str) -> resolving.Understanding:
    """Understand what somebody typed: the offices' own words first, then what the programme has learnt."""
    return resolving.resolve(text, called=meant(text))


def meant(text: str) -> tuple[str, ...]:
    """Return the topics the offices' own words in a text lead to, the longest word first; one query, none for nothing."""
    words = folding.words(text)[:MOST_READ]
    if not words:
        return ()
    said = {
        " ".join(words[start : start + length])
        for length in range(1, MOST_WORDS + 1)
        for start in range(len(words) - length + 1)
    }
    try:
        found = list(OfficeWord.objects.filter(folded__in=said).values_list("folded", "topics"))
    except DatabaseError:
        return ()  # what the programme has learnt needs no database, and help must stand on the page
    found.sort(key=lambda row: (-row[0].count(" "), -len(row[0]), row[0]))
    return tuple(dict.fromkeys(topic for _, topics in found for topic in topics if topic in TOPICS))


def words_of_office() -> list[OfficeWord]:
    """Return the words of the office being acted for."""
    return list(OfficeWord.objects.filter(contact_point=current()))


@transaction.atomic
def lead(word: str, topics: Sequence[str], *, by: Staff, at: datetime) -> OfficeWord:
    """Let a word lead to topics from now on; a word that is there already leads to these instead.

    Args:
        word: as people say it, up to four words.
        topics: one to three ids.
        by: who.
        at: when.

    Raises:
        rights.NotAllowed, WordUnfit, TopicUnknown: as they say.
    """
    rights.check(by, Right.KEEP_REGISTER, current())
    word, folded = " ".join(word.split()), " ".join(folding.words(word))
    chosen = list(dict.fromkeys(topics))
    if not chosen or len(chosen) > MOST_TOPICS or any(topic not in TOPICS for topic in chosen):
        raise TopicUnknown
    _check(word, folded)
    was = _state(folded)
    row, _ = OfficeWord.objects.update_or_create(
        contact_point_id=current(),
        folded=folded,
        defaults={"word": word, "topics": chosen, "added_at": at},
    )
    _kept("office-word.leads", folded, was, by=by, at=at)
    return row


@transaction.atomic
def forget(word: str, *, by: Staff, at: datetime) -> None:
    """Let a word lead nowhere again; safe to do twice.

    Args:
        word: as it is stored folded, or as it is said.
        by: who.
        at: when.
    """
    rights.check(by, Right.KEEP_REGISTER, current())
    folded = " ".join(folding.words(word))
    was = _state(folded)
    OfficeWord.objects.filter(contact_point=current(), folded=folded).delete()
    _kept("office-word.forgotten", folded, was, by=by, at=at)


@transaction.atomic
def take_back_word(word: str, *, by: Staff, at: datetime) -> None:
    """Take the last change of a word back.

    Raises:
        earlier.NothingToTakeBack, earlier.ChangedMeanwhile: as they say.
    """
    rights.check(by, Right.KEEP_REGISTER, current())
    folded = " ".join(folding.words(word))
    now = _state(folded)
    state = now | earlier.take(_KIND, folded, now, at=at)
    if state["topics"]:
        OfficeWord.objects.update_or_create(
            contact_point_id=current(),
            folded=folded,
            defaults={"word": state["word"], "topics": state["topics"], "added_at": at},
        )
    else:
        OfficeWord.objects.filter(contact_point=current(), folded=folded).delete()
    _told("office-word.taken-back", folded, by=by, at=at)


def topic_called(label: str) -> str:
    """Return the id of the topic somebody named.

    Raises:
        TopicUnknown: there is none; the sentence names near ones.
    """
    by_label = {topic.label.casefold(): topic.id for topic in TOPICS.values()}
    wanted = " ".join(label.split()).casefold()
    if wanted in by_label:
        return by_label[wanted]
    near = [TOPICS[by_label[each]].label for each in get_close_matches(wanted, by_label, n=2)]
    near = near or [TOPICS[topic.id].label for topic in resolving.resolve(label).topics[:2]]
    perhaps = f" Gemeint vielleicht: {' oder '.join(f'„{each}“' for each in near)}?" if near else ""
    raise TopicUnknown(f"Das Thema „{label[:60]}“ gibt es nicht.{perhaps}")


def _check(word: str, folded: str) -> None:
    parts = folded.split()
    room = OfficeWord._meta.get_field("word").max_length or 0  # noqa: SLF001 - Django's public meta interface
    if not parts or len(folded) < SHORTEST or len(word) > room or not word.isprintable():
        raise WordUnfit("Bitte geben Sie ein Wort ein, das jemand so sagt: zwei bis sechzig Zeichen.")
    if len(parts) > MOST_WORDS:
        raise WordUnfit(f"Höchstens {MOST_WORDS} Wörter. Längere Sätze versteht das Programm von selbst.")
    everyday = model.load().function_words | resolving.CALLS_FOR_A_GROUP | resolving.SPEAKS
    if all(part in everyday for part in parts):
        raise WordUnfit(
            f"„{word}“ sagt fast jeder. Wer es sagt, käme immer zu diesem Thema, auch wenn es um anderes geht."
        )
    if OfficeWord.objects.filter(contact_point=current()).count() >= MOST_OF_AN_OFFICE:
        raise WordUnfit(f"Mehr als {MOST_OF_AN_OFFICE} eigene Wörter führt eine Stelle nicht.")


def _state(folded: str) -> dict[str, Any]:
    row = OfficeWord.objects.filter(contact_point=current(), folded=folded).first()
    return {"word": row.word, "topics": row.topics} if row else {"word": "", "topics": []}


def _kept(action: str, folded: str, was: dict[str, Any], *, by: Staff, at: datetime) -> None:
    if earlier.keep(_KIND, folded, was, _state(folded), by=by, at=at) is not None:
        _told(action, folded, by=by, at=at)


def _told(action: str, folded: str, *, by: Staff, at: datetime) -> None:
    trail.record(
        str(by.pk),
        action,
        object_type="topics.officeword",
        object_id=folded,
        at=at,
        contact_point=current(),
        fields=["topics"],
    )
