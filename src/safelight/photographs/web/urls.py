"""Addresses of visits, slates and the record."""

from safelight.photographs.web import record_urls, visit_urls

app_name = "photographs"
urlpatterns = [*visit_urls.urlpatterns, *record_urls.urlpatterns]
