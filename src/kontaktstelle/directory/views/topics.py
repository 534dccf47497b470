"""Topics: all of them by field, and one with its groups."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kontaktstelle.directory import cards, forms, search
from kontaktstelle.topics import folding, resolving, tree
from kontaktstelle.ui import formats
from kontaktstelle.ui.middleware import shown_to_all

from .search import topic_link

LIMIT = 60
RELATED_SHOWN = 8


@require_GET
@shown_to_all
def index(request: HttpRequest) -> HttpResponse:
    """Show all topics, by field, from A to Z."""
    language = formats.language()
    fields = []
    for name in sorted((name for name in tree.FIELDS if name != "field"), key=folding.fold):
        topics = sorted(
            (
                (tree.label(topic.id, language), reverse("directory:topic", args=[topic.id]))
                for topic in tree.FIELDS[name]
            ),
            key=lambda pair: folding.fold(pair[0]),
        )
        fields.append((slugify(name), _(name), topics))
    return render(request, "directory/topics.html", {"fields": fields})


@require_GET
@shown_to_all
def detail(request: HttpRequest, topic_id: str) -> HttpResponse:
    """Show a topic with its groups and the topics near it."""
    topic = tree.TOPICS.get(topic_id)
    if topic is None:
        raise Http404
    language = formats.language()
    understood = resolving.Understanding(topics=(resolving.Weighted(topic_id, 1.0),))
    answers = [
        answer
        for answer in search.answer(understood, limit=LIMIT)
        if answer[0].circle != search.Circle.RELATED
    ]
    return render(
        request,
        "directory/topic.html",
        {
            "topic": topic,
            "label": tree.label(topic_id, language),
            "asked": forms.Search(topics=(topic_id,)),
            "cards": cards.listed((entry for _hit, entry in answers), on=timezone.localdate(), level=3),
            "count": len(answers),
            "related": [
                (topic_link(other), tree.label(other, language))
                for other in topic.related[:RELATED_SHOWN]
                if other in tree.TOPICS
            ],
            "leave": topic.sensitive,
        },
    )
