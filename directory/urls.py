"""Addresses of the public directory, all under `institutions/`."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView

from directory.register import views as invites
from directory.site.views import detail, institution_list, refusals

app_name = "directory"

# /institutions/
urlpatterns = [
    path("", institution_list.institution_list, name="institution-list"),
    path("refusals/", refusals.refusal_list, name="refusal-list"),
    path("districts/<slug:slug>/", RedirectView.as_view(pattern_name="district-detail", permanent=True)),
    path("invites/<str:token>/", invites.invite, name="invite"),
    path("<slug:public_id>/", detail.institution_detail, name="institution-detail"),
]
