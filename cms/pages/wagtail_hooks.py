"""How the admin looks and what it says before publishing."""

from __future__ import annotations

from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks


@hooks.register("insert_global_admin_css")
def add_admin_colours() -> SafeString:
    """The site's jade and its readable Chinese type in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))
