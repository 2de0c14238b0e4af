"""Rules and the documents they stand in, in the admin: saving first shows what it alters."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column

from cms.core.calendar.times import local_date
from cms.core.errors import Refused
from directory.districts.components.rule_preview import PreviewWords, preview_words, reach_words
from directory.districts.forms.rules import PolicyDocumentForm, RuleForm
from directory.districts.models import PolicyDocument, Rule
from directory.districts.queries.rules import drafts_of, rules_of_document
from directory.districts.services import rules
from directory.districts.viewsets.acts import Act, Stake, Words
from directory.districts.viewsets.scoped import DistrictViewSet, SavingCreateView, SavingEditView


class PreviewFirst:
    """Mixed into the views of a rule: what was not shown yet is shown instead of being saved."""

    preview: PreviewWords | None = None
    in_the_way: Rule | None = None

    def refuse(self, form: Any, refusal: Refused) -> HttpResponse:
        """The page leads to the rule that has to end first."""
        self.in_the_way = refusal.extra.get("rule")
        answer: HttpResponse = super().refuse(form, refusal)  # type: ignore[misc]  # mixed into a create or edit view
        return answer

    def form_valid(self, form: Any) -> HttpResponse:
        if form.is_confirmed:
            return super().form_valid(form)  # type: ignore[misc]  # mixed into a create or edit view
        view: Any = self
        instance = view.object if view.object is not None and view.object.pk else None
        try:
            shown = rules.preview_rule(values=form.values(), rule=instance)
        except Refused as refusal:
            return view.refuse(form, refusal)
        self.preview = preview_words(shown, local_date(timezone.now()))
        form.data = form.data.copy()
        form.data["confirmed"] = form.digest
        view.form = form
        return view.render_to_response(view.get_context_data(form=form))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)  # type: ignore[misc]  # as above
        context["preview"] = self.preview
        context["in_the_way"] = self.in_the_way
        context["submit_button_label"] = _("确认保存") if self.preview else _("下一步：看看会改变什么")
        return context


class RuleCreateView(PreviewFirst, SavingCreateView):
    """Enters a rule."""


class RuleEditView(PreviewFirst, SavingEditView):
    """Corrects a rule."""


def _remove(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    rules.remove_rule(rule=instance, now=now, actor=actor)


def _put_in_force(*, instance: Any, data: dict[str, Any], actor: Any, now: Any, request: Any) -> None:
    rules.put_in_force(document=instance, now=now, actor=actor)


def _drafts_stake(document: PolicyDocument, now: Any) -> Stake:
    """The rules that would hold, each with how far it reaches."""
    drafts = drafts_of(document)
    lines: list[Words] = [gettext("会转为施行的规定：%(count)d 条") % {"count": len(drafts)}]
    for rule in drafts:
        lines.append("：".join([rule.name, "；".join([rule.text, *reach_words(rule)])]))
    return Stake("-".join(str(rule.pk) for rule in drafts), lines, [], changed=_("规定刚刚有变化，请再看一遍。"))


class RuleViewSet(DistrictViewSet):
    """What holds in the district, each with its document."""

    model = Rule
    name = "rules"
    icon = "list-ul"
    menu_label = _("规定与指标")
    menu_order = 110
    related = ("district", "document")
    add_view_class = RuleCreateView
    edit_view_class = RuleEditView
    create_template_name = "districts/admin/rule_create.html"
    edit_template_name = "districts/admin/rule_edit.html"
    list_display = (
        "__str__",
        Column("district", label=_("区")),
        Column("text", label=_("说明")),
        Column("get_state_display", label=_("状态")),
        Column("document", label=_("依据的文件")),
    )
    list_filter = ("district", "state", "kind")
    search_fields = ("label", "text", "quote")
    ordering = ("district__position", "pk")
    acts = (
        Act(
            "remove",
            _("删除"),
            _("登记错了才删除；规定有变化请直接修改，或写上有效期至。"),
            "districts.delete_rule",
            _remove,
            deletes_row=True,
        ),
    )

    def form_class_for(self, *, for_update: bool) -> type:
        return RuleForm

    def save(self, *, form: Any, instance: Rule | None, actor: Any, now: Any) -> Rule:
        return rules.save_rule(values=form.values(), rule=instance, now=now, actor=actor)


class PolicyDocumentViewSet(DistrictViewSet):
    """How documents are cited; what they are worth is on their policy pages."""

    model = PolicyDocument
    name = "policy-documents"
    icon = "doc-full"
    menu_label = _("依据的文件")
    menu_order = 115
    related = ("district",)
    list_display = ("title", Column("number", label=_("文号")), Column("district", label=_("区")))
    list_filter = ("district",)
    search_fields = ("title", "number")
    ordering = ("district__position", "pk")
    acts = (
        Act(
            "in-force",
            _("规定转为施行"),
            _("文件正式印发后用：把它的征求意见稿规定全部转为施行。请先把政策文件页的文件性质改为「正式文件」并发布。"),
            "districts.change_rule",
            _put_in_force,
            stake=_drafts_stake,
        ),
    )

    def summary(self, instance: PolicyDocument) -> list[tuple[str, str]]:
        """The rules that cite the document: a new title or address changes their source too."""
        cited = rules_of_document(instance.pk)
        words = "；".join(f"{rule.name}（{rule.get_state_display()}）" for rule in cited)
        count = gettext("%(count)d 条，改了文件名、文号或网址，它们的出处一起改") % {"count": len(cited)}
        return [(gettext("引用它的规定"), count if cited else gettext("还没有")), *([("", words)] if words else [])]

    def form_class_for(self, *, for_update: bool) -> type:
        return PolicyDocumentForm

    def save(self, *, form: Any, instance: PolicyDocument | None, actor: Any, now: Any) -> PolicyDocument:
        return rules.save_document(values=form.values(), document=instance, actor=actor)
