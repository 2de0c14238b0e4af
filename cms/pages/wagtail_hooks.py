"""How the admin looks."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from wagtail import hooks
from wagtail.admin.menu import MenuItem


@hooks.register("insert_global_admin_css")
def add_admin_colours() -> SafeString:
    """The site's jade and its readable Chinese type in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_help_menu")
def hide_help_in_english(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """What is new in Wagtail and its English guide are no help to an editor here; an empty menu is not shown."""
    menu_items.clear()
