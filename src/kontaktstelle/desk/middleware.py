"""Sessions, sign-in and CSRF run under the desk's addresses and nowhere else: public pages touch no session, set no cookie.

One middleware in the settings; inside it, in this order: session, who is signed in, CSRF, allauth. Before a view runs
it must have a door (`organisation.access`): a page without one does not open. A locked desk opens only what may.
"""

from collections.abc import Callable
from typing import Any

from allauth.account.middleware import AccountMiddleware
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import CsrfViewMiddleware

from kontaktstelle.organisation.access import Door
from kontaktstelle.ui.middleware import PERMISSIONS

from . import locking

PASSKEYS_ALLOWED = PERMISSIONS.replace(
    "publickey-credentials-get=()", "publickey-credentials-get=(self), publickey-credentials-create=(self)"
)
# Not `no-referrer`, as on public pages: browsers would then send `Origin: null` and no form of ours could be told from
# a foreign one. Only our own server is told; it logs no addresses.
REFERRER = "same-origin"
NUL = "\0"
REFUSAL_PAGE = "desk/refusal.html"
_Answer = Callable[[HttpRequest], HttpResponse]


class OnlyAtTheDesk:
    """Wraps answers to the desk's addresses in what signing in needs; passes all others by."""

    def __init__(self, get_response: _Answer) -> None:
        self.public = get_response
        self.accounts = AccountMiddleware(get_response)
        self.csrf = CsrfViewMiddleware(self.accounts)
        self.at_the_desk: Any = SessionMiddleware(AuthenticationMiddleware(self.csrf))

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer."""
        if not is_desk(request):
            return self.public(request)
        request.refusal_page = REFUSAL_PAGE  # type: ignore[attr-defined]
        response: HttpResponse = self.at_the_desk(request)
        response.headers["Permissions-Policy"] = PASSKEYS_ALLOWED
        response.headers["Referrer-Policy"] = REFERRER
        response.headers["Cache-Control"] = "no-store"
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], arguments: Any, named: Any
    ) -> HttpResponse | None:
        """Check the form's token, that the page has a door, and that the desk is not locked."""
        if not is_desk(request):
            return None
        _leave_out_nul(request)
        door = getattr(view, "door", None)
        if not isinstance(door, Door):
            raise Http404
        refused: HttpResponse | None = self.csrf.process_view(request, view, arguments, named)
        return refused or locking.answer_if_locked(request, door)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Let allauth ask for the password once more where a step needs it."""
        if not is_desk(request):
            return None
        answer: HttpResponse | None = self.accounts.process_exception(request, exception)
        return answer


def _leave_out_nul(request: HttpRequest) -> None:
    """Take the one character out of what was sent that no database of ours keeps and nobody can type."""
    for name in ("GET", "POST"):
        sent: QueryDict = getattr(request, name)
        if any(NUL in value for values in sent.lists() for value in [values[0], *map(str, values[1])]):
            kept = QueryDict(mutable=True)
            for field, values in sent.lists():
                kept.setlist(field.replace(NUL, ""), [str(value).replace(NUL, "") for value in values])
            setattr(request, name, kept)


def is_desk(request: HttpRequest) -> bool:
    """Say whether an address belongs to the desk."""
    return request.path_info.startswith(settings.DESK_PREFIX)
