"""Addresses of booking, all under `booking/`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("booking.flow.urls"))]
