"""The form of an office: what the public reads of it, and the rights that make sense for its department."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm

from cms.core.calendar.times import local_date
from directory.districts.enums import Department, OfficeRight
from directory.districts.forms.staff import StaffForm
from directory.districts.models import Office
from directory.districts.models.offices import HEALTH
from directory.districts.queries.offices import leads_guidance
from directory.districts.queries.rules import rule_book

FOR_HEALTH = (OfficeRight.KEEPS_REGISTER, OfficeRight.KEEPS_RULES, OfficeRight.APPOINTS_STAFF)


class OfficeForm(StaffForm):
    """A right that the department can't have, or can't lose, is not asked for."""

    class Meta(WagtailAdminModelForm.Meta):
        model = Office
        fields: ClassVar = ["name", "duty", "phone", *OfficeRight.values]
        help_texts: ClassVar = {
            "name": _("家长看到的名称，例如「区卫生健康委」。不写就叫部门的名称"),
            "duty": _("一句话，公开在本区的页面上。只写部门的职责，不写姓名"),
            "phone": _("办公室的固定电话，带区号。手机号是个人的，不公开"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department = self.instance.department
        if department not in HEALTH:
            for right in FOR_HEALTH:
                del self.fields[right]
        if department == Department.HEALTH_COMMISSION:
            del self.fields[OfficeRight.APPOINTS_STAFF]
        if leads_guidance(self.instance, rule_book(self.instance.district, local_date(timezone.now()))):
            words = _("本区的规定由这个部门牵头育儿指导，不勾也可以发布")
            self.fields[OfficeRight.POSTS_CLASSES].help_text = words
