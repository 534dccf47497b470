"""Lists of groups in and out: upload, mapping and preview, one button that writes; the list as a download."""

from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import list_pages, progress, typed
from kontaktstelle.desk.pages import page
from kontaktstelle.desk.steps import REFUSED, staff_of, take
from kontaktstelle.groups import exporting, uploads
from kontaktstelle.organisation.access import door
from kontaktstelle.organisation.rights import Right
from kontaktstelle.refusal import StepRefused

KINDS = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
}


@door(Right.EDIT_GROUP)
def upload(request: HttpRequest) -> HttpResponse:
    """Take a list in; its page shows what would happen."""
    if request.method != "POST":
        return _upload_page(request)
    sent = request.FILES.get("liste")
    try:
        row = uploads.receive(
            sent.read() if sent is not None else b"",
            (sent.name or "") if sent is not None else "",
            by=staff_of(request),
            at=timezone.now(),
            number=typed.key(request.POST) or uuid4(),
        )
    except StepRefused as refused:
        return _upload_page(request, wrong=refused.sentence)
    return _examined(request, row.pk)


@door(Right.EDIT_GROUP)
def uploaded(request: HttpRequest, uploaded: UUID) -> HttpResponse:
    """Show what would happen with a list, or note how it is to be read and try again."""
    row = list_pages.list_of(uploaded)
    if request.method != "POST":
        return _page(request, uploaded)
    try:
        uploads.set_reading(
            row,
            list_pages.read(request.POST),
            basis=request.POST.get("basis", ""),
            basis_on=typed.day(request.POST.get("basis_on", "")),
            by=staff_of(request),
            at=timezone.now(),
        )
    except StepRefused as refused:
        return _page(request, uploaded, wrong=refused.sentence)
    return _examined(request, uploaded)


@door(Right.EDIT_GROUP)
def write(request: HttpRequest, uploaded: UUID) -> HttpResponse:
    """Write a list: all of it, or nothing."""
    row, staff = list_pages.list_of(uploaded), staff_of(request)
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    back = reverse("desk:group_uploaded", args=[uploaded])
    if uploads.is_long(row):
        return progress.told(  # type: ignore[return-value]
            request,
            lambda tell: uploads.write(row, by=staff, at=timezone.now(), progress=tell),
            heading="Die Liste wird geschrieben",
            back=back,
        )
    try:
        uploads.write(row, by=staff, at=timezone.now())
    except StepRefused as refused:
        return _page(request, uploaded, wrong=refused.sentence)
    return HttpResponseRedirect(back)


@door(Right.EDIT_GROUP)
def put_away(request: HttpRequest, uploaded: UUID) -> HttpResponse:
    """Let a list go."""
    row = list_pages.list_of(uploaded)
    return take(
        request,
        lambda: uploads.put_away(row, by=staff_of(request), at=timezone.now()),
        back=reverse("desk:group_import"),
        said="Die Liste ist weggelegt. Geschrieben wurde nichts.",
        again=lambda refused: _page(request, uploaded, wrong=refused.sentence),
    )


@door(Right.EDIT_GROUP)
def take_back(request: HttpRequest) -> HttpResponse:
    """Take the last import back."""
    return take(
        request,
        lambda: uploads.take_back(by=staff_of(request), at=timezone.now()),
        back=reverse("desk:group_import"),
        said="Der Import ist zurückgenommen. Alles steht, wie es vorher stand.",
        again=lambda refused: _upload_page(request, wrong=refused.sentence),
    )


@door(Right.EDIT_GROUP)
def export(request: HttpRequest) -> HttpResponse:
    """Give the office's list out, without persons."""
    if request.method != "POST":
        return page(request, "desk/group_export.html", {})
    kind = request.POST.get("kind", "")
    kind = kind if kind in KINDS else "xlsx"
    office = request.contact_point  # type: ignore[attr-defined]
    content = exporting.export_for(office, kind, by=staff_of(request), at=timezone.now())
    answer = HttpResponse(content, content_type=KINDS[kind])
    answer.headers["Content-Disposition"] = f'attachment; filename="gruppen-{timezone.localdate()}.{kind}"'
    return answer


def _examined(request: HttpRequest, number: UUID) -> HttpResponse:
    row, staff = list_pages.list_of(number), staff_of(request)
    back = reverse("desk:group_uploaded", args=[number])
    if uploads.is_long(row):
        told: HttpResponseBase = progress.told(
            request,
            lambda tell: uploads.examine(row, by=staff, at=timezone.now(), progress=tell),
            heading="Die Liste wird gelesen",
            back=back,
        )
        return told  # type: ignore[return-value]
    try:
        uploads.examine(row, by=staff, at=timezone.now())
    except StepRefused as refused:
        return _upload_page(request, wrong=refused.sentence)
    return HttpResponseRedirect(back)


def _upload_page(request: HttpRequest, *, wrong: str = "") -> HttpResponse:
    context = {"wrong": wrong, "last": uploads.last(), "most": uploads.MOST_BYTES // 1024 // 1024}
    return page(request, "desk/group_import.html", context, status=REFUSED if wrong else 200)


def _page(request: HttpRequest, number: UUID, *, wrong: str = "") -> HttpResponse:
    context = list_pages.context(list_pages.list_of(number)) | {"wrong": wrong}
    return page(request, "desk/group_uploaded.html", context, status=REFUSED if wrong else 200)
