"""Checking a row before it is written, with words people understand instead of the constraints' names."""

from __future__ import annotations

from typing import Any, TypeVar

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from cms.core.errors import InvalidInput, Refused
from cms.core.saving import check_and_save

Row = TypeVar("Row", bound=models.Model)
POSITION_WORDS = _("纬度和经度要么都填，要么都不填；纬度 -90 到 90，经度 -180 到 180。")
#: Constraint → (field the remedy belongs to, words). A constraint without an entry keeps Django's own sentence.
WORDS: dict[str, tuple[str, Promise]] = {
    "authorisation_one_live": ("", _("这家机构已有一条有效的备案或许可，请先结束那一条。")),
    "authorisation_until_after_from": ("until_date", _("有效期应晚于通过日期。")),
    "title_one_live_a_kind": ("", _("这家机构已有一项有效的同类称号，请先结束那一项。")),
    "title_until_after_from": ("until_date", _("有效期应晚于认定日期。")),
    "institution_name_address_once": ("name", _("同一地址已有同名机构。")),
    "institution_inclusive_within_places": ("inclusive_places", _("普惠托位不能多于托位。")),
    "institution_position_whole": ("latitude", POSITION_WORDS),
    "district_centre_whole": ("centre_latitude", POSITION_WORDS),
    "township_centre_whole": ("centre_latitude", POSITION_WORDS),
    "institution_rectification_until_after_from": ("rectification_until_date", _("整改期限应晚于开始日期。")),
    "class_group_name_once": ("name", _("已有同名的班，请换一个班名。")),
    "class_group_within_standard": (
        "places",
        _("托位数超出国家标准：乳儿班最多 10，托小班最多 15，托大班最多 20，混合编班最多 18，至少 1。"),
    ),
    "opening_rule_once_a_weekday": ("weekday", _("这一天已经填过开放时间。")),
    "opening_rule_closes_after_opening": ("closes", _("关门时间应晚于开门时间。")),
    "care_product_ends_after_start": ("ends", _("结束时间应晚于开始时间。")),
    "care_product_part_only_half_day": ("part", _("半日托请选上午或下午，其他方式不用选。")),
    "care_product_block_only_temporary": (
        "block_minutes",
        _("临时托请填每段分钟数（至少 15），其他方式不用填。"),
    ),
    "care_product_once": ("", _("同样方式、时间和普惠类别的收费已经有了，请修改原来的那一条。")),
    "product_fee_once_a_day": ("from_date", _("这一天起的收费已经有了，请改那一条，或换一天。")),
    "closing_day_part_once": ("date", _("这一天已经登记为休息日。")),
    "rule_level_has_its_area": ("area", _("省写代码前两位，市写前四位，不选区；区的规定请选区；全国的都留空。")),
    "rule_until_after_from": ("valid_until", _("有效期至不能早于施行日期。")),
    "rule_has_text": ("text", _("请写一句说明。")),
    "policy_document_has_title": ("title", _("请写文件名。")),
    "policy_document_plan_has_district": ("district", _("实施方案要选是哪个区的。")),
    "policy_document_one_plan": ("is_plan", _("本区已有一份实施方案。")),
    "township_name_once_a_district": ("name", _("本区已有同名的街道或镇。")),
    "district_staff_once": ("user", _("这位工作人员已在该部门。")),
    "staff_invite_used_or_taken_back": ("", _("用过的邀请收不回，收回的邀请不能再用。")),
    "staff_invite_closed_names_nobody": ("", _("用过或收回的邀请不再留姓名和链接。")),
    "district_staff_site_editor_once": ("user", _("这个账号已经是网站编辑。")),
    "district_staff_of_a_district_or_the_site": ("department", _("网站编辑不属于任何区；其他部门要选区。")),
    "office_once_a_district": ("department", _("本区已有这个部门。")),
    "office_register_by_health": ("keeps_register", _("只有妇幼保健和卫健可以登记机构和备案。")),
    "office_rules_by_health": ("keeps_rules", _("只有妇幼保健和卫健可以改规定、街道和日历。")),
    "office_staff_by_health": ("appoints_staff", _("只有妇幼保健和卫健可以管工作人员。")),
    "office_health_commission_appoints": ("appoints_staff", _("卫健总要能管工作人员，否则没有人能改权限。")),
    "institution_member_once": ("user", _("这位人员已在该机构。")),
}


class StakeChanged(Refused):
    """Other bookings would be touched than those that the person saw."""

    code = "changed"
    message = _("刚刚预约有变化，请再看一遍下面的数字。")


def words_of_constraint(name: str, fallback: ValidationError) -> tuple[str, Promise | str]:
    """(field, sentence) of a broken constraint."""
    if name in WORDS:
        return WORDS[name]
    return "", "；".join(fallback.messages)


def broken_constraints(instance: models.Model, exclude: set[str] | None = None) -> dict[str, str]:
    """Field (or ``__all__``) → words, for every constraint of the model that the instance breaks."""
    found: dict[str, str] = {}
    for constraint in instance._meta.constraints:
        try:
            constraint.validate(type(instance), instance, exclude=exclude)
        except ValidationError as error:
            field, words = words_of_constraint(constraint.name, error)
            found.setdefault(field or NON_FIELD_ERRORS, str(words))
    return found


def check(instance: models.Model) -> None:
    """Raise ``InvalidInput`` with a message per field if the row can't be saved."""
    fields: dict[str, str] = {}
    try:
        instance.full_clean(validate_constraints=False)
    except ValidationError as error:
        fields = {name: " ".join(messages) for name, messages in error.message_dict.items()}
    if not fields:
        fields = broken_constraints(instance)
    if fields:
        raise InvalidInput(next(iter(fields.values())), fields=fields)


def save_checked(row: models.Model) -> None:
    """Save the row; raise ``InvalidInput`` if it can't be, also where an equal one is being saved by somebody else."""
    check_and_save(row, check)


def lock_row(row: Row) -> Row:
    """The row as it now is; nobody else changes it until the transaction ends."""
    # Not FOR UPDATE: rows that refer to it would wait for us at their commit while we wait for theirs.
    return type(row)._default_manager.select_for_update(no_key=True).get(pk=row.pk)


def assign(instance: models.Model, values: dict[str, Any]) -> None:
    """Set attributes; a name that is not a field of the model is a mistake of the caller."""
    known = {field.name for field in instance._meta.concrete_fields}
    unknown = values.keys() - known
    if unknown:
        raise TypeError(f"not fields of {type(instance).__name__}: {sorted(unknown)}")
    for name, value in values.items():
        setattr(instance, name, value)
