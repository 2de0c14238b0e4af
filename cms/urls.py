"""Every address of the site, in the order in which they are tried; Wagtail's pages come last."""

from __future__ import annotations

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path
from django.views.static import serve
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from cms.api import api, unknown_call
from cms.core.web import views as core
from cms.core.web.staff_admin import guarded_admin
from cms.pages.views import guard_pages
from directory.site.views.districts import district_detail

handler500 = core.server_error

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", core.healthz, name="healthz"),
    path("readyz", core.readyz, name="readyz"),
    path("metrics", core.metrics_page, name="metrics"),
    path("display/<str:mode>/", core.set_display, name="display"),
    path("api/v1/", api.urls),
    path("api/<path:rest>", unknown_call),
    path("", include("cms.accounts.signin.urls")),
    path("me/", include("cms.me.urls")),
    path("workbench/", include("cms.workbench.urls")),
    path("institutions/", include("directory.urls")),
    path("districts/<slug:slug>/", district_detail, name="district-detail"),
    path("booking/", include("booking.urls")),
    path("classes/", include("parenting.urls")),
    path("", include("cms.pages.urls")),
    path("admin/", include(guarded_admin(wagtailadmin_urls, guard_pages))),
    path("documents/", include(wagtaildocs_urls)),
]

if settings.DEMO_INSTALLED:
    urlpatterns.insert(0, path("dev/", include("cms.demo.urls")))

if settings.SERVE_MEDIA:
    # Pictures only: who may read a document is asked under documents/.
    for folder in ("images", "original_images"):
        root = settings.MEDIA_ROOT / folder
        urlpatterns.append(path(f"media/{folder}/<path:path>", serve, {"document_root": root}))

urlpatterns.append(path("", include(wagtail_urls)))
