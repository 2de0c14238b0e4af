"""Blocks for doing something: steps, questions, tables, whom to ask."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class StepBlock(blocks.StructBlock):
    """One step."""

    title = blocks.CharBlock(label=_("做什么"))
    text = blocks.TextBlock(label=_("说明"), required=False)


class StepsBlock(blocks.StructBlock):
    """What to do, in order."""

    steps = blocks.ListBlock(StepBlock(label=_("一步")), label=_("步骤"), min_num=2)

    class Meta:
        label = _("办事步骤")
        icon = "list-ol"
        template = "blocks/steps.html"
        description = _("按先后写清每一步")
        preview_value = {
            "steps": [
                {"title": "选机构和时间", "text": "在「找托育」里看谁有空位。"},
                {"title": "确认预约", "text": "收到短信就约好了。"},
            ]
        }


class QuestionBlock(blocks.StructBlock):
    """One question with its answer."""

    question = blocks.CharBlock(label=_("问"))
    answer = blocks.RichTextBlock(label=_("答"), features=["bold", "ol", "ul", "link"])


class QuestionsBlock(blocks.StructBlock):
    """Questions that open on a tap, without JavaScript."""

    questions = blocks.ListBlock(QuestionBlock(label=_("一问一答")), label=_("问答"), min_num=1)

    class Meta:
        label = _("问答")
        icon = "help"
        template = "blocks/questions.html"
        description = _("点开才看得到答案的问答")
        preview_value = {"questions": [{"question": "几个月可以送托？", "answer": "<p>满 6 个月，不满 3 周岁。</p>"}]}


class TableRowBlock(blocks.StructBlock):
    """Two or three cells."""

    first = blocks.CharBlock(label=_("第一列"))
    second = blocks.CharBlock(label=_("第二列"))
    third = blocks.CharBlock(label=_("第三列"), required=False)


class TableBlock(blocks.StructBlock):
    """A small table of two or three columns: more do not fit a phone."""

    caption = blocks.CharBlock(label=_("表名"))
    head = TableRowBlock(label=_("表头"))
    rows = blocks.ListBlock(TableRowBlock(label=_("一行")), label=_("行"), min_num=1)

    class Meta:
        label = _("小表格")
        icon = "table"
        template = "blocks/table.html"
        description = _("两列或三列的表，手机上也看得清")
        preview_value = {
            "caption": "班级怎么分",
            "head": {"first": "班", "second": "月龄", "third": "每位保育人员照看"},
            "rows": [
                {"first": "乳儿班", "second": "6–12 个月", "third": "3 人"},
                {"first": "托小班", "second": "12–24 个月", "third": "5 人"},
            ],
        }


class ContactBlock(blocks.StructBlock):
    """Whom to ask."""

    name = blocks.CharBlock(label=_("部门"), help_text=_("写部门或职务，不写个人姓名"))
    phone = blocks.CharBlock(label=_("电话"), required=False)
    hours = blocks.CharBlock(label=_("时间"), required=False)
    address = blocks.CharBlock(label=_("地址"), required=False)

    class Meta:
        label = _("联系方式")
        icon = "mail"
        template = "blocks/contact.html"
        description = _("有事找谁：部门、电话、时间、地址")
        preview_value = {"name": "区妇幼保健院 儿保科", "phone": "", "hours": "工作日 8:30–17:30", "address": ""}


class LinkBlock(blocks.StructBlock):
    """A page of this site, or an address elsewhere."""

    page = blocks.PageChooserBlock(label=_("本站页面"), required=False)
    url = blocks.RegexBlock(
        regex=r"^(/[^/]|/$|https?://)",
        label=_("或网址"),
        required=False,
        help_text=_("本站以 / 开头，外站以 https:// 开头"),
        error_messages={"invalid": _("本站地址以 / 开头，外站以 https:// 开头")},
    )
    title = blocks.CharBlock(label=_("文字"))
    note = blocks.CharBlock(label=_("说明"), required=False)


class LinksBlock(blocks.StructBlock):
    """Where to go on."""

    links = blocks.ListBlock(LinkBlock(label=_("链接")), label=_("链接"), min_num=1)

    class Meta:
        label = _("相关链接")
        icon = "link"
        template = "blocks/links.html"
        description = _("几行可点的链接")
        preview_value = {"links": [{"page": None, "url": "/institutions/", "title": "找托育", "note": "看谁有空位"}]}
