"""How the admin looks."""

from __future__ import annotations

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.log_actions import LogActionRegistry, LogFormatter
from wagtail.models import Page
from wagtail.models.audit_log import BaseLogEntry
from wagtail.query import PageQuerySet

from cms.pages.queries import PUBLICATION_REFUSED, foreign_pages


@hooks.register("insert_global_admin_css")
def add_admin_colours() -> SafeString:
    """The site's jade and its readable Chinese type in the admin."""
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("register_log_actions", order=100)
def name_creation(actions: LogActionRegistry) -> None:
    """After Wagtail's own words: its catalogue of documents has 「创建时间」 for what was done."""
    actions.choices[:] = [choice for choice in actions.choices if choice[0] != "wagtail.create"]
    actions.register_action("wagtail.create", _("新建"), _("新建"))


@hooks.register("register_log_actions")
def name_refused_publication(actions: LogActionRegistry) -> None:
    """In the history of what was to be published."""

    @actions.register_action(PUBLICATION_REFUSED)
    class RefusedPublication(LogFormatter):
        label = _("没有按时发布")

        def format_message(self, log_entry: BaseLogEntry) -> str:
            """With the rule in words."""
            return gettext("没有按时发布：%(reason)s") % {"reason": log_entry.data.get("reason", "")}


@hooks.register("construct_explorer_page_queryset")
def list_own_pages(parent: Page, pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """A list of pages leaves out those of other districts."""
    return pages.exclude(pk__in=foreign_pages(request.user).values("pk"))


@hooks.register("construct_page_chooser_queryset")
def choose_own_pages(pages: PageQuerySet, request: HttpRequest) -> PageQuerySet:
    """The same where a page is chosen."""
    return pages.exclude(pk__in=foreign_pages(request.user).values("pk"))


@hooks.register("construct_reports_menu")
def hide_page_types(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """How often a type of page is used is a developer's question, and the report names them as code does."""
    menu_items[:] = [item for item in menu_items if item.name != "page-types-usage"]


@hooks.register("construct_help_menu")
def hide_help_in_english(request: HttpRequest, menu_items: list[MenuItem]) -> None:
    """What is new in Wagtail and its English guide are no help to an editor here; an empty menu is not shown."""
    menu_items.clear()
