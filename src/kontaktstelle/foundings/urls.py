"""Public addresses of foundings; German only. A secret stands in addresses of mails and posters, never a word or a place."""

from django.urls import path

from .pages import invitations, joining, lists, telling

app_name = "foundings"
urlpatterns = [
    path("liste/<slug:token>/", lists.standing, name="list"),
    path("einladung/<slug:token>/", invitations.answer, name="invitation"),
    path("mitmachen/<slug:token>/", joining.join, name="join"),
    path("bescheid/", telling.tell, name="tell"),
]
