"""Public addresses of an enquiry; German only. Secrets stand in addresses of groups' links alone, never words or codes."""

from django.urls import path

from .pages import for_groups, reading, writing

app_name = "enquiries"
urlpatterns = [
    path("nachricht/", writing.anybody, name="write"),
    path("nachricht/an/<slug:office>/", writing.to_office, name="write_to_office"),
    path("nachricht/<slug:slug>/", writing.about_group, name="write_about_group"),
    path("antwort/", reading.read, name="read"),
    path("antwort/schreiben/", reading.write, name="reply"),
    path("antwort/beenden/", reading.end, name="end"),
    path("antwort/<slug:token>/", for_groups.answer, name="group_answer"),
    path("post/<slug:token>/", for_groups.post, name="post"),
    path("post/<slug:token>/schreiben/", for_groups.write, name="group_reply"),
    path("post/<slug:token>/beenden/", for_groups.end, name="group_end"),
]
