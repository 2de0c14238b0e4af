"""What parenting adds to the Wagtail admin."""

from __future__ import annotations

from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.log_actions import LogActionRegistry
from wagtail.snippets.models import register_snippet

from parenting.classes.views import staff
from parenting.classes.viewsets import ClassSessionViewSet

register_snippet(ClassSessionViewSet)


@hooks.register("register_admin_urls")
def register_session_pages() -> list[URLPattern]:
    """Attendance and cancelling stand beside the snippet's own pages."""
    return [
        path("classes/<slug:public_id>/attendance/", staff.attendance_list, name="parenting_attendance"),
        path("classes/<slug:public_id>/attendance/call/", staff.call, name="parenting_call"),
        path("classes/<slug:public_id>/attendance/note/", staff.note, name="parenting_note"),
        path("classes/<slug:public_id>/attendance/mark/", staff.mark, name="parenting_mark"),
        path("classes/<slug:public_id>/cancel/", staff.cancel, name="parenting_cancel"),
    ]


@hooks.register("register_log_actions")
def register_words(actions: LogActionRegistry) -> None:
    """Words of the history for acts that Wagtail does not know."""
    actions.register_action("parenting.cancel", _("取消课堂"), _("取消了课堂"))
    actions.register_action("parenting.note", _("记现场来的家庭和备注"), _("记了现场来的家庭和备注"))
