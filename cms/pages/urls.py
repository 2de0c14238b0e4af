"""Addresses that are about the whole site: its map, search engines, and no connection."""

from __future__ import annotations

from django.urls import path

from cms.pages import views

app_name = "pages"

urlpatterns = [
    path("site-map/", views.site_map, name="site-map"),
    path("offline/", views.offline, name="offline"),
    path("offline/form/", views.offline_form, name="offline-form"),
    path("offline/workbench/", views.offline_workbench, name="offline-workbench"),
    path("offline/workbench/form/", views.offline_workbench_form, name="offline-workbench-form"),
    path("robots.txt", views.robots, name="robots"),
    path("sitemap.xml", views.sitemap_xml, name="sitemap"),
    path("sw.js", views.service_worker, name="service-worker"),
]
