"""What allauth has no page for: taking up an invitation, setting up the second factor, the lock, leaving."""

import json
from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.internal import flows
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import views as passkeys
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm
from allauth.mfa.webauthn.internal import auth
from allauth.mfa.webauthn.internal.flows import add_authenticator, reauthenticate
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone

from kontaktstelle.desk import locking
from kontaktstelle.organisation import staff_steps
from kontaktstelle.organisation.access import has_second_factor, signed_in
from kontaktstelle.organisation.models import Staff
from kontaktstelle.ui import chrome

from .adapters import SecondFactors
from .forms import InvitationForm

FORGET_ALL = '"cache", "cookies", "storage"'
GONE = 410


def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """Show and take up an invitation."""
    now = timezone.now()
    try:
        member = staff_steps.look_up(token, at=now).staff
    except staff_steps.LinkUnusable as refused:
        return render(request, "desk/link_unusable.html", {"sentence": refused.sentence}, status=GONE)
    if member.contact_point:
        chrome.show_office(request, member.contact_point.slug)
    form = InvitationForm(request.POST or None, member=member, initial={"name": member.name})
    if request.method == "POST" and form.is_valid():
        password = "" if form.cleaned_data["credential"] else form.cleaned_data["password"]
        member = staff_steps.take_up(token, name=form.cleaned_data["name"], password=password or None, at=now)
        _sign_in(request, member)
        if form.cleaned_data["credential"]:
            add_authenticator(
                request,
                name=SecondFactors().generate_authenticator_name(member, Authenticator.Type.WEBAUTHN),
                credential=form.cleaned_data["credential"],
            )
            return HttpResponseRedirect(reverse("mfa_view_recovery_codes"))
        return HttpResponseRedirect(reverse("desk:today"))
    options = {"creation_options": auth.begin_registration(member, passwordless=True)}
    return render(request, "desk/invitation.html", {"form": form, "member": member, "js_data": options})


def second_factor(request: HttpRequest) -> HttpResponse:
    """Say what the second factor is for, and let it be chosen."""
    staff = _staff(request)
    if has_second_factor(staff):
        return HttpResponseRedirect(reverse("desk:today"))
    return render(request, "desk/second_factor.html", {"staff": staff})


def locked(request: HttpRequest) -> HttpResponse:
    """Show the lock, and open it for the right password or passkey."""
    staff = _staff(request)
    back = locking.safe_way(request.POST.get("weiter", "") or request.GET.get("weiter", ""))
    if not locking.is_locked(request, timezone.now()):
        return HttpResponseRedirect(back)
    draft = request.POST.get("entwurf", "")
    error = ""
    if request.method == "POST":
        error = _unlocked_by(request, staff)
        if not error:
            locking.unlock(request)
            fields = locking.fields_of(draft)
            if fields:
                return render(request, "desk/go_on.html", {"back": back, "fields": fields})
            return HttpResponseRedirect(back)
    return locking.lock_page(request, back=back, draft=draft, error=error)


def lock_now(request: HttpRequest) -> HttpResponse:
    """Lock the desk by hand."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    locking.lock(request)
    return HttpResponseRedirect(reverse("desk:locked"))


def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; the browser forgets what it kept."""
    if request.method != "POST":
        if signed_in(request) is None:
            return HttpResponseRedirect(reverse("account_login"))
        return render(request, "account/logout.html")
    flows.logout.logout(request)
    response = render(request, "desk/signed_out.html")
    response.headers["Clear-Site-Data"] = FORGET_ALL
    return response


def remove_passkey(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a passkey, unless it is the last second factor."""
    found = Authenticator.objects.filter(
        pk=pk, user=_staff(request), type=Authenticator.Type.WEBAUTHN
    ).first()
    if found is not None and not SecondFactors().can_delete_authenticator(found):
        return render(request, "desk/last_factor.html", status=409)
    response: HttpResponse = passkeys.remove_webauthn(request, pk=pk)
    return response


def to_account(request: HttpRequest) -> HttpResponse:  # noqa: ARG001 - Django's signature
    """Go to the page about oneself, which shows all factors."""
    return HttpResponseRedirect(reverse("desk:account"))


def _sign_in(request: HttpRequest, member: Staff) -> None:
    get_adapter().login(request, member)
    # Whoever has just set their password need not type it once more to set up the second factor.
    record_authentication(request, member, method="password", reauthenticated=True)


def _unlocked_by(request: HttpRequest, staff: Staff) -> str:
    """Return "" if what was sent opens the lock, else what is wrong in a sentence."""
    if request.POST.get("credential"):
        form = ReauthenticateWebAuthnForm(_credential(request), user=staff)
        if form.is_valid():
            reauthenticate(request, form.cleaned_data["credential"])
            return ""
        return "Der Passkey passt nicht. Bitte versuchen Sie es noch einmal."
    try:
        known: Any = get_adapter().reauthenticate(staff, request.POST.get("password", ""))
    except ValidationError as error:
        return str(error.messages[0])
    return "" if known else "Das Passwort stimmt nicht."


def _credential(request: HttpRequest) -> dict[str, str]:
    try:
        json.loads(request.POST["credential"])
    except ValueError:
        return {"credential": "{}"}
    return {"credential": request.POST["credential"]}


def _staff(request: HttpRequest) -> Staff:
    staff: Staff = request.staff  # type: ignore[attr-defined]
    return staff
