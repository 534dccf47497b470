"""All addresses, and who tells the lower apps what only the upper ones know."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from kontaktstelle.directory import callings, counting, offices
from kontaktstelle.directory.urls import plain
from kontaktstelle.foundings import told_outside
from kontaktstelle.reporting import searches
from kontaktstelle.ui import chrome

urlpatterns = [
    path("schreibtisch/", include("kontaktstelle.desk.urls")),
    path("schreibtisch/anmelden/", include("kontaktstelle.desk.signin.urls")),
    path("", include((plain, "plain"))),
    path("", include("kontaktstelle.groups.entry.urls")),
    path("", include("kontaktstelle.enquiries.urls")),
    path("", include("kontaktstelle.support.urls")),
    path("", include("kontaktstelle.funding.urls")),
    path("", include("kontaktstelle.groups.urls")),
    path("", include("kontaktstelle.foundings.urls")),
    *i18n_patterns(path("", include("kontaktstelle.directory.urls")), prefix_default_language=False),
]

handler400 = "kontaktstelle.ui.refusals.bad_request"
handler403 = "kontaktstelle.ui.refusals.forbidden"
handler404 = "kontaktstelle.ui.refusals.not_found"
handler500 = "kontaktstelle.ui.refusals.broken"

chrome.offices_come_from(offices.head_of)
callings.come_from(told_outside.calls)
counting.told_to(searches.count)
