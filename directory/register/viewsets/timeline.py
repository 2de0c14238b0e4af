"""One history of an institution in the admin, with what happened to its filings, titles, profile, rules and classes."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.models import ModelLogEntry

from directory.districts.components.history import EntryWords, data_of, entry_words, field_named
from directory.districts.viewsets.history import ChangesHistoryView
from directory.register.models import (
    Authorisation,
    CareProduct,
    ClassGroup,
    Institution,
    InstitutionMember,
    ProductFee,
)
from directory.register.ports import TimelinePart
from directory.register.queries.memberships import called_in
from directory.register.queries.timeline import parts_by_content_type, people_of_timeline, timeline_of

#: What acts of the register wrote beside their changes: key → its label and the words of its values.
FACTS: dict[str, tuple[str | Promise, dict[Any, Any]]] = {
    "role": (_("身份"), dict(InstitutionMember.Role.choices)),
    "kind": (_("整改期间"), dict(Institution.Rectification.choices)),
    "needed": (_("保育人员登录要第二步验证"), {True: _("要"), False: _("不要")}),
    "group": (_("班"), {}),
    "import": (_("怎么来的"), {True: _("导入名单")}),
}


class InstitutionTimelineView(ChangesHistoryView):
    """Everything that happened to the institution."""

    page_title = _("全部经过")

    @cached_property
    def parts(self) -> dict[int, TimelinePart]:
        return parts_by_content_type()

    @cached_property
    def timeline(self) -> QuerySet[ModelLogEntry]:
        return timeline_of(self.object.pk)

    @cached_property
    def members(self) -> dict[int, str]:
        return called_in(self.object.pk)

    def entries(self) -> QuerySet[ModelLogEntry]:
        return self.timeline.all()

    def words(self, entry: ModelLogEntry, who: str) -> EntryWords:
        part, data = self.parts[entry.content_type_id], data_of(entry)
        facts = [
            (str(label), str(words.get(data[key], data[key]))) for key, (label, words) in FACTS.items() if key in data
        ]
        if "member" in data:
            facts.append((gettext("姓名"), self.members.get(data["member"], gettext("已注销的人员"))))
        return entry_words(entry, who=who, row=part.about(entry.label), facts=facts, elsewhere=_hanging_field)

    def people(self, users: set[int]) -> dict[int, str]:
        return people_of_timeline(self.object, users)


#: What lists call the columns of a filing.
OF_LISTS = {"filing_number": "number", "filed_date": "from_date", "published": "published_at"}


def _hanging_field(name: str) -> Any:
    """The field of what hangs on an institution: imports and the first release wrote no model beside the name."""
    models = (Authorisation, ClassGroup, CareProduct, ProductFee)
    found = (field_named(model, OF_LISTS.get(name, name)) for model in models)
    return next((field for field in found if field is not None), None)
