"""All addresses, and who tells `ui` which office stands at the head of a page."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kontaktstelle.directory import offices
from kontaktstelle.directory.urls import plain
from kontaktstelle.ui import chrome

urlpatterns = [
    path("schreibtisch/", include("kontaktstelle.desk.urls")),
    path("schreibtisch/anmelden/", include("kontaktstelle.desk.signin.urls")),
    path("", include((plain, "plain"))),
    path("", include("kontaktstelle.enquiries.urls")),
    path("", include("kontaktstelle.support.urls")),
    *i18n_patterns(path("", include("kontaktstelle.directory.urls")), prefix_default_language=False),
]

handler400 = "kontaktstelle.ui.refusals.bad_request"
handler403 = "kontaktstelle.ui.refusals.forbidden"
handler404 = "kontaktstelle.ui.refusals.not_found"
handler500 = "kontaktstelle.ui.refusals.broken"

chrome.offices_come_from(offices.head_of)
