"""Addresses of the demo."""

from __future__ import annotations

from django.urls import path

from cms.demo import views

app_name = "demo"

# /dev/
urlpatterns = [path("inbox/", views.inbox, name="inbox")]
