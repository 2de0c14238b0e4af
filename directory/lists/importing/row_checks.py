"""What a cell of text may hold, and what the cells of a row must say together."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.utils.translation import gettext as _

from directory.lists.importing.entries import Entry
from directory.lists.importing.problems import BadCell
from directory.lists.importing.text import Value, clean_text, is_nothing, refuse_formula, shown_text
from directory.lists.importing.townships import KnownDistrict

LONGEST = {"name": 80, "address": 200, "phone": 30, "head_name": 40, "filing_number": 60, "office": 80}
#: Codes of the same place before it became a district (GB/T 2260: 宁河县 until 2015, 户县 until 2016) stay valid.
FORMER_CODES = {"120221": "120117", "610125": "610118"}


def text_parser(name: str) -> Callable[[Value], str | None]:
    def parse(value: Value) -> str | None:
        refuse_formula(value)
        # A person's name is spread over its column; a blank in another text belongs to it.
        text = clean_text(value) if name == "head_name" else shown_text(value)
        if is_nothing(text):
            return None
        if isinstance(value, float) and ("e" in text or "." in text):
            raise BadCell("number_lost", _("这一格被存成了数字，末尾几位可能已经丢失；请把这一列设为文本后重新填写"))
        if re.fullmatch(r"\d\.\d+[Ee]\+\d+", text):
            raise BadCell("number_lost", _("这一格被存成了数字，末尾几位可能已经丢失；请把这一列设为文本后重新填写"))
        if len(text) > LONGEST[name]:
            raise BadCell("too_long", _("最多 %(most)d 个字，请写短一些") % {"most": LONGEST[name]})
        return text

    return parse


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
