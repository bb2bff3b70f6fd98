"""All doors, and the page of the demonstration."""

from django.urls import include, path

from safelight.config.urls import everything

urlpatterns = [*everything.urlpatterns, path("", include("safelight.config.demo.page"))]
handler404 = everything.handler404
handler500 = everything.handler500
