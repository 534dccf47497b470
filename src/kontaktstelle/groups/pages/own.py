"""A group's own page. Opening it changes nothing: buttons act, each in a form of its own."""

from collections.abc import Callable
from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from kontaktstelle.groups.checking import ValuesUnfit
from kontaktstelle.groups.models import OwnPageKey, YearlyUpdate
from kontaktstelle.groups.own_page import keys, live, proposals, shown
from kontaktstelle.groups.visibility import OPENABLE
from kontaktstelle.groups.yearly import asking
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay.parties import Address
from kontaktstelle.ui import chrome, tokens

PURPOSE = "angaben"
GONE, REFUSED = 410, 409
_TEXTS = [name for name in proposals.FIELDS if name != "visibility"]
# Of a protected group even its own page tells neither place nor time: links are forwarded.
_TOLD_OF_PROTECTED = frozenset({"name", "description"})
_WAITS = "Danke. Ihre Kontaktstelle sieht das durch; öffentlich ändert sich bis dahin nichts."


@require_safe
def show(request: HttpRequest, token: str) -> HttpResponse:
    """Show a group its own page."""
    key = keys.opened_by_link(token, at=timezone.now())
    return _over(request) if key is None else _page(request, key, token)


@require_POST
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Say that everything is right: one click."""

    def step(key: OwnPageKey) -> str:
        asking.confirm(key.group, YearlyUpdate.How.LINK, by=live.BY_GROUP, at=timezone.now())
        return "Danke. Wir haben vermerkt, dass heute alles stimmt. Mehr ist nicht zu tun."

    return _taken(request, token, "stimmt", step)


@require_POST
def one_date(request: HttpRequest, token: str) -> HttpResponse:
    """Say of one date that it falls out, or takes place elsewhere."""

    def step(key: OwnPageKey) -> str:
        now, what, on = timezone.now(), request.POST.get("was", ""), _day(request.POST.get("tag", ""))
        if what == "raum":
            is_public = live.use_room(key.group, on, request.POST.get("raum", ""), at=now)
        else:
            is_public = (live.take_place if what == "doch" else live.cancel)(key.group, on, at=now)
        return "Das steht jetzt so im Verzeichnis." if is_public else _WAITS

    return _taken(request, token, "termine", step)


@require_POST
def rest(request: HttpRequest, token: str) -> HttpResponse:
    """Pause, take nobody new, or be back."""

    def step(key: OwnPageKey) -> str:
        now, what, until = timezone.now(), request.POST.get("was", ""), _day(request.POST.get("bis", ""))
        if what == "zurueck":
            live.come_back(key.group, at=now)
            return "Schön, dass Sie wieder da sind. Das steht jetzt so im Verzeichnis."
        (live.pause if what == "pause" else live.stop_intake)(key.group, until, at=now)
        return "Das steht jetzt so im Verzeichnis."

    return _taken(request, token, "pause", step)


@require_POST
def propose(request: HttpRequest, token: str) -> HttpResponse:
    """Propose changes of fields, and say the rest in words."""

    def step(key: OwnPageKey) -> str:
        now, words = timezone.now(), request.POST.get("worte", "")
        values: dict[str, object] = {
            name: request.POST[name].replace("\r\n", "\n").strip() for name in _TEXTS if name in request.POST
        }
        if "sichtbar-gezeigt" in request.POST:
            values["visibility"] = {
                name: [
                    each for each in shown.PUBLIC_CHANNELS if each in request.POST.getlist(f"sichtbar-{name}")
                ]
                for name in OPENABLE
            }
        made = proposals.propose(key.group, values, at=now)
        if words.strip():
            proposals.say_words(key.group, words, at=now)
        elif not made:
            raise proposals.NothingSaid("Hier ist nichts anders als vorher. Es ist nichts verschickt.")
        return _WAITS

    return _taken(request, token, "aendern", step)


@require_POST
def person(request: HttpRequest, token: str) -> HttpResponse:
    """Name a new contact person, correct the own record, or ask to be removed."""

    def step(key: OwnPageKey) -> str:
        now, what = timezone.now(), request.POST.get("was", "")
        if what == "neu":
            proposals.new_person(key.group, _address(request, "neu"), at=now)
            return "Danke. Bevor wir etwas ändern, rufen wir die bisherige Ansprechperson an. Das dauert mindestens zwei Tage."
        if key.person is None:
            raise proposals.NothingSaid("Dieser Link gehört zu keiner Person. Bitte rufen Sie uns an.")
        if what == "loeschen":
            proposals.ask_removal(key.person, at=now)
            return (
                "Danke. Wir löschen Ihre Angaben und melden uns, wenn die Gruppe dann niemanden mehr hätte."
            )
        if proposals.own_record(key.person, _address(request, "ich"), at=now) is None:
            raise proposals.NothingSaid("Hier ist nichts anders als vorher. Es ist nichts verschickt.")
        return "Danke. Wir rufen Sie unter der bisherigen Nummer an und ändern es dann."

    return _taken(request, token, "personen", step)


@require_POST
def end(request: HttpRequest, token: str) -> HttpResponse:
    """End the link at once."""
    key = keys.opened_by_link(token, at=timezone.now())
    if key is not None and tokens.holds(request.POST.get("marke", ""), PURPOSE):
        keys.end(key, at=timezone.now())
    return _over(request)


def _taken(request: HttpRequest, token: str, where: str, step: Callable[[OwnPageKey], str]) -> HttpResponse:
    key = keys.opened_by_link(token, at=timezone.now())
    if key is None:
        return _over(request)
    if not tokens.holds(request.POST.get("marke", ""), PURPOSE):
        wrong = (
            "Die Seite war zu lange offen. Bitte schicken Sie es noch einmal ab; Ihre Eingabe steht noch da."
        )
        return _page(request, key, token, where=where, wrong=wrong, status=REFUSED)
    try:
        with acting_for(key.contact_point_id):
            done = step(key)
    except StepRefused as refused:
        problems = refused.problems if isinstance(refused, ValuesUnfit) else {}
        return _page(
            request, key, token, where=where, wrong=refused.sentence if not problems else "", problems=problems, status=REFUSED
        )  # fmt: skip
    return _page(request, key, token, where=where, done=done)


def _page(
    request: HttpRequest,
    key: OwnPageKey,
    token: str,
    *,
    where: str = "",
    done: str = "",
    wrong: str = "",
    problems: dict[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    slug = ContactPoint.objects.filter(pk=key.contact_point_id).values_list("slug", flat=True).first()
    chrome.show_office(request, slug or "")
    with acting_for(key.contact_point_id):
        page = shown.page(key, at=timezone.now())
    refused = bool(wrong or problems)
    context = {
        "page": page,
        "token": token,
        "where": where,
        "done": done,
        "wrong": wrong or " ".join((problems or {}).values()),
        "problems": problems or {},
        "typed": request.POST if refused else {},
        "texts": [
            (name, proposals.FIELDS[name], getattr(page.group, name))
            for name in _TEXTS
            if not page.group.protected or name in _TOLD_OF_PROTECTED
        ],
        "channels": shown.PUBLIC_CHANNELS,
    }
    return render(request, "groups/own_page.html", context, status=status)


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "groups/own_page_over.html", status=GONE)


def _address(request: HttpRequest, of: str) -> Address:
    typed = {
        way: request.POST.get(f"{of}-{way}", "").strip() for way in ("name", "phone", "email", "address")
    }
    return Address(**{way: text or None for way, text in typed.items()})


def _day(text: str) -> date | None:
    """Return a day as a date field sends it, or as people write it; None for nothing.

    Raises:
        live.DayUnfit: it is no day.
    """
    text = text.strip()
    if not text:
        return None
    try:
        if "." in text:
            day, month, year = (int(part) for part in text.split("."))
            return date(year, month, day)
        return date.fromisoformat(text)
    except ValueError as error:
        raise live.DayUnfit from error
