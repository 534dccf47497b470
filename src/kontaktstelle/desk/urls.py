"""Addresses of the desk. Every page has a door; `docs/reference/access.md` says who gets through."""

from django.urls import path

from kontaktstelle.organisation.access import before_sign_in, own_account

from .signin import views as signin
from .views import account, call_backs, contacts, office, staff, today

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("rueckruf/", call_backs.promise, name="call_back_promise"),
    path("rueckruf/<uuid:number>/", call_backs.opened, name="call_back"),
    path("rueckruf/<uuid:number>/versuch/", call_backs.tried, name="call_back_tried"),
    path("kontakt/", contacts.log_contact, name="log"),
    path("kontakt/passend/", contacts.match, name="log_match"),
    path("kontakt/<uuid:number>/zuruecknehmen/", contacts.undo, name="log_undo"),
    path("einladung/<str:token>/", before_sign_in(signin.invitation), name="invitation"),
    path(
        "zweiter-faktor/", own_account(signin.second_factor, without_second_factor=True), name="second_factor"
    ),
    path(
        "gesperrt/", own_account(signin.locked, opens_locked=True, without_second_factor=True), name="locked"
    ),
    path("sperren/", own_account(signin.lock_now, without_second_factor=True), name="lock"),
    path("mein-konto/", account.account, name="account"),
    path("mein-konto/name/", account.rename, name="rename"),
    path("mein-konto/sitzungen/", account.end_sessions, name="end_sessions"),
    path("stelle/", office.choose, name="choose_office"),
    path("stammdaten/", office.base_records, name="base_records"),
    path("stammdaten/mitarbeitende/", staff.members, name="staff"),
    path("stammdaten/mitarbeitende/einladen/", staff.invite, name="staff_invite"),
    path("stammdaten/mitarbeitende/<uuid:pk>/", staff.member, name="staff_member"),
    path("stammdaten/mitarbeitende/<uuid:pk>/rollen/", staff.roles, name="staff_roles"),
    path("stammdaten/mitarbeitende/<uuid:pk>/link/", staff.link, name="staff_link"),
    path("stammdaten/mitarbeitende/<uuid:pk>/sperren/", staff.lock, name="staff_lock"),
    path("stammdaten/mitarbeitende/<uuid:pk>/oeffnen/", staff.open_account, name="staff_open"),
    path("stammdaten/mitarbeitende/<uuid:pk>/sitzungen/", staff.end_sessions, name="staff_sessions"),
    path("stammdaten/mitarbeitende/<uuid:pk>/neuer-zugang/", staff.renew, name="staff_renew"),
]
