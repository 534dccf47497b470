"""Visiting the pages as a browser does: a form from our own page, nothing kept between visits."""

from pathlib import Path

from django.conf import settings
from django.test import Client

from kontaktstelle.directory import help as shown_help
from kontaktstelle.directory import offices
from kontaktstelle.ui import chrome
from kontaktstelle.ui.tokens import form_token


def forget():
    """Forget what pages keep in memory for some seconds."""
    chrome.forget()
    offices._serving.clear()
    shown_help.forget_cached()


def visitor():
    """Return a browser that shows faults as pages, as the server does."""
    if "whitenoise.middleware.WhiteNoiseMiddleware" in settings.MIDDLEWARE:
        Path(settings.STATIC_ROOT).mkdir(
            parents=True, exist_ok=True
        )  # WhiteNoise warns of a folder that is not there
    return Client(raise_request_exception=False)


def ask(client, words, **more):
    """Send the search form."""
    return client.post(
        "/suche",
        {"marke": form_token("suche"), "worte": words, **more},
        headers={"origin": "http://testserver"},
    )


def text_of(answer):
    """Return the bytes of an answer as text."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return content.decode("utf-8", errors="replace")


def alarms(monkeypatch, **by_word):
    """Let these words alarm, whatever the rules of danger say at the time: what follows from an alarm is tested here."""
    from kontaktstelle.topics import danger

    def recognise(words, text):
        kind = next((kind for word, kind in by_word.items() if word in words), "")
        return danger.Alarm(kind="" if kind == "need" else kind, need=kind == "need")

    monkeypatch.setattr(danger, "recognise", recognise)
