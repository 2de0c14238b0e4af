"""Addresses of parenting: classes, all under `classes/`."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [path("", include("parenting.classes.urls"))]
