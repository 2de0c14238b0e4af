"""From bytes to sheets: what kind of file it is, recognised by its content and compared with its name."""

from __future__ import annotations

import codecs
from pathlib import PurePath

from django.utils.translation import gettext as _

from directory.lists.importing.delimited import read_delimited
from directory.lists.importing.problems import UnreadableFile
from directory.lists.importing.sheets import MOST_BYTES, Book
from directory.lists.importing.workbooks import read_workbook

WORKBOOK_ENDINGS = frozenset({".xlsx", ".xlsm"})
TEXT_ENDINGS = frozenset({".csv", ".txt", ".tsv", ".tab"})
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_OTHER_KINDS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "PDF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"{\\rtf", "RTF"),
    (b"\x1f\x8b", "gzip"),
)


def read_file(content: bytes, name: str) -> Book:
    """The sheets of an uploaded file. Raises ``UnreadableFile``: empty, too_large, renamed, locked, broken."""
    ending = PurePath(name).suffix.lower()
    if not content.strip(b"\x00 \t\r\n" + codecs.BOM_UTF8):
        raise UnreadableFile("empty", _("文件是空的，请选有内容的名单。"))
    if len(content) > MOST_BYTES:
        most = MOST_BYTES // (1024 * 1024)
        raise UnreadableFile("too_large", _("文件超过 %(most)d MB，请删去图片，或分成几个文件上传。") % {"most": most})
    if content.startswith(_OLD_OFFICE):
        raise _old_office(content)
    if content.startswith(_ZIP) or content.startswith(b"PK\x05\x06"):
        return _workbook(content, ending)
    _refuse_other_kinds(content)
    if ending in WORKBOOK_ENDINGS:
        raise UnreadableFile(
            "renamed",
            _("文件名是 %(ending)s，内容却不是 Excel 工作簿，请重新另存为 .xlsx 再上传。") % {"ending": ending},
        )
    if ending == ".xls":
        raise UnreadableFile("renamed", _("这不是真正的 Excel 文件，请用 Excel 打开后另存为 .xlsx 再上传。"))
    return read_delimited(content)


def _workbook(content: bytes, ending: str) -> Book:
    book = read_workbook(content)
    if ending in TEXT_ENDINGS or ending == ".xls":
        raise UnreadableFile(
            "renamed",
            _("文件名是 %(ending)s，内容却是 Excel 工作簿，请把文件名改成 .xlsx 再上传。") % {"ending": ending},
        )
    return book


def _old_office(content: bytes) -> UnreadableFile:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableFile("locked", _("这个文件设了密码，请取消密码后再上传。"))
    return UnreadableFile("renamed", _("这是旧版 Excel 文件（.xls），请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"))


def _refuse_other_kinds(content: bytes) -> None:
    for start, kind in _OTHER_KINDS:
        if content.startswith(start):
            raise UnreadableFile(
                "renamed", _("这是 %(kind)s 文件，不是名单表格，请上传 .xlsx 或 .csv。") % {"kind": kind}
            )
    head = content[:1000].lstrip(codecs.BOM_UTF8 + b" \t\r\n").lower()
    if head.startswith((b"<", b"mime-version:")):
        raise UnreadableFile("renamed", _("这是网页格式的文件，不是真正的表格，请用 Excel 打开后另存为 .xlsx 再上传。"))
