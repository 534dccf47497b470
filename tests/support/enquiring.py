"""Writing to the office, reading with a code, answering as a group: as browsers do it, form by form, without JavaScript."""

import re
from html import unescape
from html.parser import HTMLParser

from support.visiting import text_of

HERE = {"origin": "http://testserver"}


class _Forms(HTMLParser):
    """Reads the forms of a page: address, and what each field would send."""

    def __init__(self):
        super().__init__()
        self.forms = []
        self._area = None

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "form":
            self.forms.append({"action": attributes.get("action", ""), "fields": {}, "buttons": {}})
        elif self.forms and tag == "input" and attributes.get("name"):
            if attributes.get("type") != "checkbox" or "checked" in attributes:
                self.forms[-1]["fields"][attributes["name"]] = attributes.get("value", "")
        elif self.forms and tag == "textarea":
            self._area = attributes.get("name")
        elif self.forms and tag == "button" and attributes.get("name"):
            self.forms[-1]["buttons"][attributes["name"]] = attributes.get("value", "")

    def handle_data(self, data):
        if self._area:
            self.forms[-1]["fields"][self._area] = self.forms[-1]["fields"].get(self._area, "") + data

    def handle_endtag(self, tag):
        if tag == "textarea":
            if self._area:
                self.forms[-1]["fields"].setdefault(self._area, "")
            self._area = None


def forms_of(answer):
    parser = _Forms()
    parser.feed(text_of(answer))
    return parser.forms


def form_with(answer, field):
    """Return the first form of a page that has this field and a place to write or a button of its own."""
    return next(form for form in forms_of(answer) if field in form["fields"] or field in form["buttons"])


def send(client, form, at="", **typed):
    """Send a form as it stands, with what somebody typed."""
    return client.post(form["action"] or at, form["fields"] | typed, headers=HERE)


def write(client, path, text, **typed):
    """Open the page, wait a moment, write."""
    form = form_with(client.get(path), "nachricht")
    return send(client, form, at=path, nachricht=text, **typed)


def code_in(answer):
    """Return the code the thank-you page shows."""
    return unescape(re.search(r'class="receipt"[^>]*>([^<]+)<', text_of(answer))[1]).strip()


def open_with(client, code):
    return client.post("/antwort/", {"code": code}, headers=HERE)


def reply(client, page, text, number=0, **more):
    """Answer on the page of one's messages; `number` counts the channels."""
    replies = [
        form
        for form in forms_of(page)
        if "kanal" in form["fields"] and "text" in form["fields"] and "freigeben" not in form["fields"]
    ]
    return send(client, replies[number], text=text, **more)
