"""Signing in with the account of the Träger (OpenID Connect), where the settings name a server; off by default.

It replaces the password, never the second factor nor the invitation: whoever has no account here gets none, and who
they are is known by the address their own server vouches for. Nothing of what that server tells is kept.
"""

from typing import Any

from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.providers.openid_connect import views
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path

from kontaktstelle.organisation import staff_steps
from kontaktstelle.organisation.access import before_sign_in
from kontaktstelle.organisation.models import Staff

FORBIDDEN = 403


class Carrier(DefaultSocialAccountAdapter):  # type: ignore[misc]
    """Connects an account of the Träger to somebody who works here already."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:  # noqa: ARG002 - allauth's signature
        """Never."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Find who it is by their verified address; refuse everybody else, and whoever has not taken up their invitation."""
        sociallogin.account.extra_data = {}
        if sociallogin.is_existing:
            if not staff_steps.has_access(sociallogin.user):
                raise ImmediateHttpResponse(_unknown_here(request))
            sociallogin.account.save(update_fields=["extra_data"])
            return
        addresses = [each.email.lower() for each in sociallogin.email_addresses if each.verified]
        member = Staff.objects.filter(email__in=addresses, is_active=True).first()
        if member is None or not staff_steps.has_access(member):
            raise ImmediateHttpResponse(_unknown_here(request))
        sociallogin.connect(request, member)

    def on_authentication_error(self, request: HttpRequest, provider: Any, **_: Any) -> None:  # noqa: ARG002 - allauth's signature
        """Say that it did not work, and nothing of why."""
        raise ImmediateHttpResponse(_unknown_here(request))

    def send_notification_mail(self, *arguments: Any, **named: Any) -> None:
        """Send none."""


def _unknown_here(request: HttpRequest) -> HttpResponse:
    return render(request, "desk/unknown_here.html", status=FORBIDDEN)


urlpatterns = [
    path("traeger/<slug:provider_id>/", before_sign_in(views.login), name="openid_connect_login"),
    path(
        "traeger/<slug:provider_id>/zurueck/", before_sign_in(views.callback), name="openid_connect_callback"
    ),
]
