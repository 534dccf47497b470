"""Vermittlungsabsprache: how a group is asked, as a page reached from a referral."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import arrangement_form, typed
from kontaktstelle.desk.pages import page, say
from kontaktstelle.desk.steps import REFUSED, common, staff_of
from kontaktstelle.enquiries import arrangements
from kontaktstelle.enquiries.keeping import ChangedMeanwhile
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

# The referral a browser was last shown: no address joins a group with somebody who looks for one.
CAME_FROM = "referral_shown"


@door(Right.REFER)
def arrangement(request: HttpRequest, group: str) -> HttpResponse:
    """Show what was agreed with a group, or change it; changed by somebody else meanwhile, both texts stand."""
    row = arrangement_form.group_of(group)
    if request.method != "POST":
        return _page(request, group)
    try:
        said = arrangement_form.values(request.POST)
        arrangements.agree(row, said, seen=typed.version(request.POST), **common(request))
    except StepRefused as refused:
        return _page(request, group, refused)
    say(request, f"So ist es mit „{row.name}“ abgesprochen.")
    back = arrangement_form.came_from(request.session.get(CAME_FROM, ""), row)
    return HttpResponseRedirect(
        reverse("desk:referral", args=[back]) if back else reverse("desk:arrangement", args=[group])
    )


def _page(request: HttpRequest, group: str, refused: StepRefused | None = None) -> HttpResponse:
    context = arrangement_form.context(
        arrangement_form.group_of(group),
        request.POST if refused else None,
        changed=isinstance(refused, ChangedMeanwhile),
        by=staff_of(request),
        at=timezone.now(),
    )
    context |= {"wrong": refused.sentence if refused else ""}
    return page(request, "desk/arrangement.html", context, status=REFUSED if refused else 200)
