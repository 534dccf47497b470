"""Addresses of the Wegweiser: pages (German; English under /en/) and what has one address in all languages."""

from django.urls import path

from .views import fixed, groups, offices, search, topics

app_name = "directory"

urlpatterns = [
    path("", search.start, name="start"),
    path("suche", search.results, name="search"),
    path("gruppe/<slug:slug>/", groups.detail, name="group"),
    path("themen/", topics.index, name="topics"),
    path("themen/<slug:topic_id>/", topics.detail, name="topic"),
    path("kreis/<slug:key>/", offices.kreis, name="kreis"),
    path("stelle/<slug:slug>/", offices.detail, name="office"),
    path("neu/", offices.new, name="new"),
    path("sofort-hilfe/", fixed.help_lines, name="help"),
    path("was-ist-selbsthilfe/", fixed.page("what_is"), name="what_is"),
    path("gruppe-gruenden/", fixed.page("founding"), name="founding"),
    path("fachleute/", fixed.page("professionals"), name="professionals"),
    path("presse/", fixed.page("press"), name="press"),
    path("junge-selbsthilfe/", fixed.page("young"), name="young"),
    path("gruppen/", fixed.page("for_groups"), name="for_groups"),
    path("barrierefreiheit/", fixed.page("accessibility"), name="accessibility"),
    path("datenschutz/", fixed.page("privacy"), name="privacy"),
    path("impressum/", fixed.page("imprint"), name="imprint"),
]

plain = [
    path("leicht/", fixed.page("easy/start"), name="easy"),
    path("leicht/was-ist-selbsthilfe/", fixed.page("easy/what_is"), name="easy_what_is"),
    path("leicht/gruppe-finden/", fixed.page("easy/search"), name="easy_search"),
    path("leicht/sofort-hilfe/", fixed.page("easy/help"), name="easy_help"),
    path("leicht/datenschutz/", fixed.page("easy/privacy"), name="easy_privacy"),
    path("gruppe/<slug:slug>/termine.ics", groups.dates, name="group_dates"),
    path("gruppe/<slug:slug>/qr.svg", groups.qr, name="group_qr"),
    path("farben/<slug:slug>.css", offices.colours, name="colours"),
    path("weg", fixed.leave, name="leave"),
    path("robots.txt", fixed.robots, name="robots"),
    path("sitemap.xml", fixed.sitemap, name="sitemap"),
    path(".well-known/security.txt", fixed.security, name="security"),
]
