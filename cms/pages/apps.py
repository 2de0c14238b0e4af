"""The only Wagtail page models, blocks and site settings."""

from __future__ import annotations

from django.apps import AppConfig


class PagesConfig(AppConfig):
    """The only Wagtail page models, blocks and site settings."""

    name = "cms.pages"
    label = "pages"
    verbose_name = "页面"
