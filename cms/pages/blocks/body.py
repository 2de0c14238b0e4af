"""The body of every page with text."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from cms.pages.blocks.media import FilesBlock, PictureBlock
from cms.pages.blocks.service import ContactBlock, LinksBlock, QuestionsBlock, StepsBlock, TableBlock
from cms.pages.blocks.text import TEXT_FEATURES, HeadingBlock, NoticeBlock, ParagraphBlock, QuoteBlock


class BodyBlock(blocks.StreamBlock):
    """What an editor can put into a page, most used first."""

    paragraph = ParagraphBlock(features=TEXT_FEATURES, group=_("文字"))
    heading = HeadingBlock(group=_("文字"))
    notice = NoticeBlock(group=_("文字"))
    quote = QuoteBlock(group=_("文字"))
    steps = StepsBlock(group=_("办事"))
    questions = QuestionsBlock(group=_("办事"))
    table = TableBlock(group=_("办事"))
    contact = ContactBlock(group=_("办事"))
    links = LinksBlock(group=_("办事"))
    picture = PictureBlock(group=_("图片和文件"))
    files = FilesBlock(group=_("图片和文件"))
