"""The public page on which a contact person decides what is shown, and takes it back: it shows by GET, acts by POST.

No account, no cookie, no script; whoever holds the link sees what would be public of the group, and nobody's name.
"""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from kontaktstelle.groups.entry import consents
from kontaktstelle.groups.entry.models import ContactConsent
from kontaktstelle.groups.lifecycle import ConsentStatus
from kontaktstelle.groups.visibility import CHANNELS, OPENABLE
from kontaktstelle.organisation.models import ContactPoint
from kontaktstelle.organisation.tenancy import acting_for
from kontaktstelle.refusal import StepRefused
from kontaktstelle.relay import signed_links
from kontaktstelle.ui import chrome, tokens

PURPOSE = "einwilligung"
GONE, REFUSED = 410, 409


@dataclass(frozen=True, slots=True)
class Asked:
    """One field as the page asks about it, or shows what holds of it."""

    key: str
    label: str
    value: str
    channels: tuple[tuple[str, str, bool], ...]
    now: str


@require_http_methods(["GET", "HEAD", "POST"])
def consent(request: HttpRequest, token: str) -> HttpResponse:
    """Ask field by field what may be seen where; or say what holds and let it be withdrawn."""
    now = timezone.now()
    linked = signed_links.read(token, consents.PURPOSE, at=now)
    if linked is None:
        return _over(request)
    slug = ContactPoint.objects.filter(pk=linked.contact_point).values_list("slug", flat=True).first()
    chrome.show_office(request, slug or "")
    with acting_for(linked.contact_point):
        row = consents.by_number(linked.row)
        # Whose address the office has erased is nobody's any more.
        if row is None or row.person is None or row.status in {ConsentStatus.REPLACED, ConsentStatus.ENDED}:
            return _over(request)
        said, wrong = "", ""
        if request.method == "POST" and tokens.holds(request.POST.get("marke", ""), PURPOSE):
            try:
                said = _act(request, row)
            except StepRefused as refused:
                wrong = refused.sentence
            row = consents.by_number(linked.row)
            assert row is not None  # noqa: S101 - nothing here deletes it
        elif request.method == "POST":
            wrong = "Dieses Formular war zu lange offen. Bitte wählen Sie noch einmal."
        context = {
            "group": row.group.name,
            "fields": _fields(row, request.POST.getlist("zeigen") if wrong else []),
            "holding": _holding(row),
            "status": row.status,
            "said": said,
            "wrong": wrong,
            "text": consents.TEXT,
            "version": consents.TEXT_VERSION,
        }
    return render(request, "groups/consent.html", context, status=REFUSED if wrong else 200)


def _act(request: HttpRequest, row: ContactConsent) -> str:
    now = timezone.now()
    if "widerrufen" in request.POST:
        field = request.POST["widerrufen"]
        consents.withdraw(row.pk, [field] if field in OPENABLE else [], by=None, at=now)
        return "withdrawn"
    if "nein" in request.POST:
        agreed: dict[str, list[str]] = {}
    elif "alles" in request.POST:
        agreed = row.asked
    else:
        agreed = {}
        for each in request.POST.getlist("zeigen"):
            field, _, channel = each.partition(":")
            agreed.setdefault(field, []).append(channel)
        if not agreed:
            raise NothingChosen
    answered = consents.answer(row.pk, agreed, how=consents.How.LINK, by=None, at=now)
    return str(answered.status)


class NothingChosen(StepRefused):
    """A form sent without a mark might be a slip: a refusal has a button of its own."""

    sentence = (
        "Sie haben nichts angekreuzt. Wenn wir nichts zeigen sollen, wählen Sie bitte „Nichts davon zeigen“."
    )


def _fields(row: ContactConsent, ticked: list[str]) -> list[Asked]:
    found = []
    for field, channels in row.asked.items():
        if field not in OPENABLE:
            continue
        shown = [
            consents.CHANNEL_WORDS[each]
            for each in CHANNELS
            if each != "staff" and each in row.group.visibility.get(field, ())
        ]
        offered = tuple(
            (f"{field}:{each}", consents.CHANNEL_WORDS[each], f"{field}:{each}" in ticked)
            for each in channels
            if each in CHANNELS
        )
        found.append(
            Asked(
                field,
                OPENABLE[field],
                consents.value_of(row.group, field),
                offered,
                "überall" if len(shown) == len(consents.PUBLIC_CHANNELS) else ", ".join(shown),
            )
        )
    return found


def _holding(row: ContactConsent) -> list[tuple[str, str, str, str]]:
    """Return what holds: field, its label, what stands there, where it is seen."""
    return [
        (
            field,
            OPENABLE.get(field, field),
            consents.value_of(row.group, field),
            ", ".join(consents.CHANNEL_WORDS.get(each, each) for each in channels),
        )
        for field, channels in consents.holds(row).items()
    ]


def _over(request: HttpRequest) -> HttpResponse:
    return render(request, "groups/consent_over.html", status=GONE)
