"""What a cell of text may hold, and what the cells of a row must say together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from directory.districts import telephones
from directory.lists.importing.entries import Entry
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula, shown_text
from directory.lists.importing.townships import KnownDistrict

LONGEST = {"name": 80, "address": 200, "phone": 30, "head_name": 60, "filing_number": 60, "office": 80}
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?[Ee]\+\d+")
#: Codes of the same place before it became a district (GB/T 2260: 宁河县 until 2015, 户县 until 2016) stay valid.
FORMER_CODES = {"120221": "120117", "610125": "610118"}


def text_parser(name: str) -> Callable[[Value], str | None]:
    def parse(value: Value) -> str | None:
        refuse_formula(value)
        # A person's name is spread over its column; a blank in another text belongs to it.
        text = clean_text(value) if name == "head_name" else shown_text(value)
        if is_nothing(text):
            return None
        _refuse_lost_digits(value, text)
        if len(text) > LONGEST[name]:
            raise BadCell("too_long", _("最多 %(most)d 个字，请写短一些") % {"most": LONGEST[name]})
        return text

    return parse


def _refuse_lost_digits(value: Value, text: str) -> None:
    """A spreadsheet keeps fifteen digits of a number, and makes a day of what looks like one."""
    if isinstance(value, (dt.date, dt.time, dt.timedelta)):
        raise BadCell("date_stored", _("这一格被存成了日期或时间，请把这一列设为文本后重新填写"))
    is_lost = isinstance(value, (int, float)) and ("e" in text or "." in text or abs(value) >= 10**15)
    if is_lost or _SCIENTIFIC.fullmatch(text):
        raise BadCell("number_lost", _("这一格被存成了数字，末尾几位可能已经丢失；请把这一列设为文本后重新填写"))


def check_numeric(entry: Entry, name: str, value: Value) -> bool:
    """Warn of a number or a code that stands in the file as a quantity; whether it does."""
    if name not in entry.values or not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    message = _("这一格存成了数字，开头的 0 可能丢了，请对照原件；把这一列设为文本再填就不会变")
    code = "phone_odd" if name == "phone" else "number_cell"
    entry.add(name, entry.values[name], code, message, is_warning=True)
    return True


def check_phone(entry: Entry, value: Value, of_head: Value) -> None:
    """Warn of a number nobody can dial. A person's column may hold the house's line; no mobile is taken from it."""
    if not check_numeric(entry, "phone", value) and not telephones.can_be_dialled(entry.values.get("phone", "12345")):
        message = _("这不像能拨通的电话号码，请核对；会照原样公开")
        entry.add("phone", entry.values["phone"], "phone_odd", message, is_warning=True)
    personal = shown_text(of_head)
    entry.has_private_phone = telephones.has_mobile(personal)
    if not entry.has_private_phone and telephones.can_be_dialled(personal) and len(personal) <= LONGEST["phone"]:
        entry.values.setdefault("phone", personal)


def check_together(entry: Entry) -> None:
    places, inclusive = entry.values.get("places"), entry.values.get("inclusive_places")
    if places is not None and inclusive is not None and inclusive > places:
        message = _("普惠托位数（%(inclusive)d）不能多于托位数（%(places)d），请核对")
        message %= {"inclusive": inclusive, "places": places}
        entry.add("inclusive_places", str(inclusive), "inclusive_over_places", message)
    code = entry.values.get("credit_code")
    if code and entry.district:
        _check_registrar(entry, code, entry.district)


def _check_registrar(entry: Entry, code: str, district: KnownDistrict) -> None:
    """Warn, not fail: registration may be at the level of the city or province (区级以上)."""
    region = FORMER_CODES.get(code[2:8], code[2:8])
    above = {district.code[:4] + "00", district.code[:2] + "0000", "100000"}
    if region != district.code and region not in above:
        message = _("统一社会信用代码的登记机关（%(region)s）不在%(district)s（%(own)s），请核对是不是本区的机构")
        message %= {"region": region, "district": district.name, "own": district.code}
        entry.add("credit_code", code, "registrar_elsewhere", message, is_warning=True)
