"""A parent's own pages: the overview, and what each app brings below `me/`."""

from __future__ import annotations

from django.urls import include, path

from cms.me.views import home

app_name = "me"

# /me/
urlpatterns = [
    path("", home.home, name="home"),
    path("", include("cms.accounts.family.urls")),
    path("", include("cms.accounts.messaging.urls")),
    path("", include("cms.accounts.signin.me_urls")),
    path("", include("booking.flow.me_urls")),
]
