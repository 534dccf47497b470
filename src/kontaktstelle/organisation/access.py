"""The door: the one way into a page of the desk. Without a door a page does not open (`desk.middleware`).

`@door(Right.X)` lets in whoever is signed in, active, has set up the second factor their rights ask for, and holds
the right at the office they work for; it sets `request.staff`, `request.contact_point` and `request.roles` and opens
that office's rows for the view. A page that is forbidden looks like one that is not there. `@own_account` is the
door to pages about oneself, `@before_sign_in` to the few that come before.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.mfa.models import Authenticator
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from . import rights, tenancy
from .models import ContactPoint, Staff
from .rights import Right

View = Callable[..., HttpResponse]
OFFICE_KEY = "office"
SECOND_FACTORS = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]


@dataclass(frozen=True, slots=True)
class Door:
    """What a page asks for before it opens; read by tests and by the middleware.

    `right` is None for pages about oneself and before sign-in; `opens_locked` are pages that open while the desk is
    locked; `fresh` pages want the password or passkey once more if that was not just now.
    """

    right: Right | None = None
    signed_in: bool = True
    opens_locked: bool = False
    fresh: bool = False


def door(right: Right, *, fresh: bool = False) -> Callable[[View], View]:
    """Open a view of the desk to whoever holds the right."""

    def with_door(view: View) -> View:
        @wraps(view)
        def behind_door(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
            staff = signed_in(request)
            if staff is None:
                return to_sign_in(request)
            if rights.needs_second_factor(staff) and not has_second_factor(staff):
                return HttpResponseRedirect(reverse("desk:second_factor"))
            office = office_of(request, staff)
            roles = rights.roles_of(staff, office) if office else frozenset()
            if office is None or not rights.TABLE[right] & roles:
                raise Http404
            if fresh:
                raise_if_reauthentication_required(request, app="kontaktstelle.desk")
            request.staff, request.contact_point, request.roles = staff, office, roles  # type: ignore[attr-defined]
            request.office_slug = office.slug  # type: ignore[attr-defined]
            with tenancy.acting_for(office):
                return _sealed_off(view(request, *arguments, **named))

        behind_door.door = Door(right, fresh=fresh)  # type: ignore[attr-defined]
        return behind_door

    return with_door


def own_account(view: View, *, opens_locked: bool = False, without_second_factor: bool = False) -> View:
    """Open a view about oneself to whoever is signed in.

    Args:
        view: the view.
        opens_locked: also while the desk is locked.
        without_second_factor: also before the second factor is set up.
    """

    @wraps(view)
    def behind_door(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        staff = signed_in(request)
        if staff is None:
            return to_sign_in(request)
        if not without_second_factor and rights.needs_second_factor(staff) and not has_second_factor(staff):
            return HttpResponseRedirect(reverse("desk:second_factor"))
        office = office_of(request, staff)
        roles = rights.roles_of(staff, office) if office else frozenset()
        request.staff, request.contact_point, request.roles = staff, office, roles  # type: ignore[attr-defined]
        request.office_slug = office.slug if office else ""  # type: ignore[attr-defined]
        return _sealed_off(view(request, *arguments, **named))

    behind_door.door = Door(opens_locked=opens_locked)  # type: ignore[attr-defined]
    return behind_door


def before_sign_in(view: View) -> View:
    """Open a view to everybody: signing in, taking up an invitation."""

    @wraps(view)
    def behind_door(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        return _sealed_off(view(request, *arguments, **named))

    behind_door.door = Door(signed_in=False, opens_locked=True)  # type: ignore[attr-defined]
    return behind_door


def signed_in(request: HttpRequest) -> Staff | None:
    """Return who is signed in and active, or None."""
    user = request.user
    return user if isinstance(user, Staff) and user.is_active else None


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """Return the way to the sign-in page, and back to this page afterwards."""
    back = request.get_full_path() if request.method in {"GET", "HEAD"} else reverse("desk:today")
    return redirect_to_login(back, str(settings.LOGIN_URL))


def has_second_factor(staff: Staff) -> bool:
    """Say whether somebody has set up a passkey or an authenticator app."""
    return bool(is_mfa_enabled(staff, SECOND_FACTORS))


def office_of(request: HttpRequest, staff: Staff) -> ContactPoint | None:
    """Return the office somebody is working for: the one chosen, else their own, else the first they have a post at."""
    offices = offices_of(staff)
    for number in (request.session.get(OFFICE_KEY), staff.contact_point_id):
        for office in offices:
            if office.pk == number:
                return office
    return offices[0] if offices else None


def offices_of(staff: Staff) -> list[ContactPoint]:
    """Return the offices somebody has a post at, in the order they were set up."""
    offices = ContactPoint.objects.filter(posts__staff=staff).distinct()
    return list(offices.select_related("traeger").order_by("pk"))


def _sealed_off(response: HttpResponse) -> HttpResponse:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex, noarchive"
    patch_vary_headers(response, ["Cookie"])
    return response
