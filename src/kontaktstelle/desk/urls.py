"""Addresses of the desk. Every page has a door; `docs/reference/access.md` says who gets through."""

from django.urls import path

from kontaktstelle.organisation.access import before_sign_in, own_account

from .signin import views as signin
from .views import (
    account,
    arrangements,
    call_backs,
    contacts,
    enquiries,
    hand_over,
    leaflets,
    looking_through,
    office,
    referrals,
    staff,
    today,
)

app_name = "desk"
urlpatterns = [
    path("", today.today, name="today"),
    path("heute/mit-namen/", today.with_people, name="today_with_people"),
    path("heute/gesammelt/<uuid:group>/", today.ask_collected, name="ask_collected"),
    path("heute/durchsehen/<uuid:intake>/", looking_through.suspect, name="suspect"),
    path("heute/durchsehen/<uuid:intake>/echt/", looking_through.is_real, name="suspect_real"),
    path(
        "heute/durchsehen/<uuid:intake>/werbung/", looking_through.is_advertising, name="suspect_advertising"
    ),
    path("uebergabe/", hand_over.overview, name="hand_over"),
    path("uebergabe/notiz/", hand_over.leave_note, name="hand_over_note"),
    path("uebergabe/notiz/<uuid:note>/gelesen/", hand_over.mark_read, name="hand_over_read"),
    path("uebergabe/abwesend/", hand_over.go_away, name="go_away"),
    path("uebergabe/abwesend/<int:absence>/zurueck/", hand_over.come_back, name="come_back"),
    path("uebergabe/alles/", hand_over.hand_all, name="hand_all"),
    path("rueckruf/", call_backs.promise, name="promise"),
    path("rueckruf/<uuid:call_back>/", call_backs.call_back, name="call_back"),
    path("rueckruf/<uuid:call_back>/versuch/", call_backs.attempt, name="attempt"),
    path("rueckruf/<uuid:call_back>/erledigt/", call_backs.done, name="call_back_done"),
    path("rueckruf/<uuid:call_back>/beenden/", call_backs.give_up, name="call_back_give_up"),
    path("rueckruf/<uuid:call_back>/wieder/", call_backs.promise_again, name="promise_again"),
    path("anrufer/", call_backs.caller, name="caller"),
    path("merkzettel/", leaflets.leaflet_page, name="leaflet"),
    path("kontakt/<uuid:contact>/anfrage/", enquiries.from_contact, name="enquiry_from_contact"),
    path("kontakt/<uuid:contact>/krise/", enquiries.crisis, name="crisis"),
    path("anfragen/", enquiries.enquiries, name="enquiries"),
    path("anfragen/notiz/<uuid:note>/", enquiries.rewrite_note, name="note"),
    path("anfragen/<slug:enquiry>/", enquiries.enquiry, name="enquiry"),
    path("anfragen/<slug:enquiry>/aufnehmen/", enquiries.take_up, name="enquiry_take_up"),
    path("anfragen/<slug:enquiry>/warten/", enquiries.wait, name="enquiry_wait"),
    path("anfragen/<slug:enquiry>/erledigen/", enquiries.close, name="enquiry_close"),
    path("anfragen/<slug:enquiry>/zustaendig/", enquiries.cover, name="enquiry_cover"),
    path("anfragen/<slug:enquiry>/antwort/", enquiries.answer, name="enquiry_answer"),
    path("anfragen/<slug:enquiry>/notiz/", enquiries.write_note, name="enquiry_note"),
    path("anfragen/<slug:enquiry>/erreichbar/", enquiries.way_back, name="enquiry_way_back"),
    path("anfragen/<slug:enquiry>/weiter/", enquiries.go_on, name="enquiry_go_on"),
    path("anfragen/<slug:enquiry>/klaerung/", referrals.clear, name="clearing"),
    path("anfragen/<slug:enquiry>/vermitteln/", referrals.refer, name="refer"),
    path("vermittlung/<uuid:referral>/", referrals.show, name="referral"),
    path("vermittlung/<uuid:referral>/mitteilen/", referrals.tell, name="referral_tell"),
    path("vermittlung/<uuid:referral>/einwilligung/", referrals.consent, name="referral_consent"),
    path("vermittlung/<uuid:referral>/fragen/", referrals.ask, name="referral_ask"),
    path("vermittlung/<uuid:referral>/link/", referrals.send_link, name="referral_link"),
    path("vermittlung/<uuid:referral>/ziffern/", referrals.digits, name="referral_digits"),
    path("vermittlung/<uuid:referral>/zusage/", referrals.accept, name="referral_accept"),
    path("vermittlung/<uuid:referral>/absage/", referrals.decline, name="referral_decline"),
    path("vermittlung/<uuid:referral>/kontakt/", referrals.in_contact, name="referral_in_contact"),
    path("vermittlung/<uuid:referral>/ergebnis/", referrals.outcome, name="referral_outcome"),
    path("vermittlung/<uuid:referral>/widerruf/", referrals.withdraw, name="referral_withdraw"),
    path(
        "vermittlung/<uuid:referral>/bescheid/", referrals.told_of_withdrawal, name="referral_withdrawal_told"
    ),
    path("vermittlung/<uuid:referral>/beenden/", referrals.end, name="referral_end"),
    path("vermittlung/<uuid:referral>/nachfragen/", referrals.ask_later, name="referral_ask_later"),
    path(
        "vermittlung/<uuid:referral>/nicht-nachfragen/",
        referrals.take_back_follow_up,
        name="referral_follow_up_withdrawn",
    ),
    path("absprache/<slug:group>/", arrangements.arrangement, name="arrangement"),
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
