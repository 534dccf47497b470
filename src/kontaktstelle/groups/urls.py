"""Public addresses for groups that keep their own entry; German only. The secret of a link stands in its address alone."""

from django.urls import path

from .pages import asking_for_link, own

app_name = "groups"
urlpatterns = [
    path("gruppe-pflegen/", asking_for_link.ask, name="ask_for_link"),
    path("gruppe-pflegen/code/", asking_for_link.enter_code, name="enter_code"),
    path("gruppe-pflegen/<slug:slug>/", asking_for_link.ask, name="ask_for_link_of"),
    path("angaben/<slug:token>/", own.show, name="own_page"),
    path("angaben/<slug:token>/stimmt/", own.confirm, name="own_confirm"),
    path("angaben/<slug:token>/termin/", own.one_date, name="own_date"),
    path("angaben/<slug:token>/pause/", own.rest, name="own_pause"),
    path("angaben/<slug:token>/aendern/", own.propose, name="own_propose"),
    path("angaben/<slug:token>/person/", own.person, name="own_person"),
    path("angaben/<slug:token>/beenden/", own.end, name="own_end"),
]
