"""Words of the office: what people here call a thing, and which topic they mean."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import take, told
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused
from kontaktstelle.topics import own_words, tree

FORGOTTEN = "forgotten_word"


@door(Right.KEEP_REGISTER)
def words(request: HttpRequest) -> HttpResponse:
    """List the office's own words; add one, let one go, take that back."""
    if request.method != "POST":
        return _page(request)
    said, who = request.POST, told(request)
    word = said.get("word", "")
    if said.get("schritt") == "entfernen":
        # Only to offer the way back on the next page; the word itself is no secret.
        request.session[FORGOTTEN] = word[:80]
        return take(
            request,
            lambda: own_words.forget(word, **who),
            back=reverse("desk:words"),
            said="Das Wort führt nirgends mehr hin.",
            again=lambda refused: _page(request, refused),
        )
    if said.get("schritt") == "zurueck":
        return take(
            request,
            lambda: own_words.take_back_word(word, **who),
            back=reverse("desk:words"),
            said="Zurückgenommen.",
            again=lambda refused: _page(request, refused),
        )
    return take(
        request,
        lambda: own_words.lead(
            word, [own_words.topic_called(label) for label in said.getlist("topic") if label.strip()], **who
        ),
        back=reverse("desk:words"),
        said="Das Wort führt ab jetzt zu diesem Thema.",
        again=lambda refused: _page(request, refused),
    )


def _page(request: HttpRequest, refused: StepRefused | None = None) -> HttpResponse:
    sent = request.POST if refused else {}
    typed = [*(request.POST.getlist("topic") if refused else []), "", "", ""][: own_words.MOST_TOPICS]
    rows = [
        (row, [tree.label(topic) for topic in row.topics if topic in tree.TOPICS])
        for row in own_words.words_of_office()
    ]
    context = {
        "rows": rows,
        "labels": sorted(topic.label for topic in tree.TOPICS.values()),
        "word": sent.get("word", ""),
        "typed": typed,
        "wrong": refused.sentence if refused else "",
        "forgotten": request.session.pop(FORGOTTEN, "") if FORGOTTEN in request.session else "",
    }
    return page(request, "desk/words.html", context)
