"""Forms of the workbench: bad input is told at its field."""

from __future__ import annotations

import datetime as dt

import pytest

from booking.places.models import BookingPolicy
from cms.workbench.forms.classes import ClassGroupForm
from cms.workbench.forms.hours import WeekForm
from cms.workbench.forms.money import YuanField, yuan_text
from cms.workbench.forms.policy import PolicyForm
from cms.workbench.forms.products import ProductForm
from cms.workbench.forms.profile import PhoneForm
from cms.workbench.forms.reasons import ReasonForm
from directory.register.models import CareProduct

MONDAY = {"open_0": "on", "opens_0": "08:00", "closes_0": "18:00"}


@pytest.mark.parametrize(
    ("text", "fen"), [("54", 5400), ("54.5", 5450), (" 54.50 元", 5450), ("1,200", 120000), ("0", 0)]
)
def test_yuan_becomes_fen(text: str, fen: int) -> None:
    assert YuanField().clean(text) == fen


@pytest.mark.parametrize("text", ["-1", "5.555", "五十", "1e9", "99999999"])
def test_odd_money_is_refused(text: str) -> None:
    field = YuanField()

    with pytest.raises(Exception, match="金额"):
        field.clean(text)


@pytest.mark.parametrize(("fen", "text"), [(5400, "54"), (5450, "54.50"), (5, "0.05"), (None, "")])
def test_fen_become_the_text_of_the_input(fen: int | None, text: str) -> None:
    assert yuan_text(fen) == text


def test_class_over_the_standard_is_told_with_its_limit() -> None:
    form = ClassGroupForm({"kind": "infant", "name": "一班", "places": "12", "caregivers": "3"}, is_new=True)

    assert not form.is_valid()
    assert form.errors["places"] == ["乳儿班最多 10 个托位"]


def test_empty_class_form_names_each_field() -> None:
    form = ClassGroupForm({}, is_new=True)

    assert not form.is_valid()
    assert [problem.message for problem in form.problems] == ["请选班型", "请填班名", "请填托位", "请填当班保育人员"]


@pytest.mark.parametrize(
    ("changes", "field", "words"),
    [
        ({"closes_0": "08:00"}, "closes_0", "周一的关门时间应晚于开门时间"),
        ({"opens_0": ""}, "opens_0", "请填周一的开门和关门时间"),
        ({"opens_0": "08:10"}, "opens_0", "周一的时间请取 30 分钟的整数倍"),
        ({"opens_0": "早上"}, "opens_0", "时间请写成 8:30"),
        ({"open_0": ""}, "open_0", "请至少选一天开放。这个班不开了，请到班级里改成不开"),
    ],
)
def test_week_form_tells_what_is_wrong(changes: dict[str, str], field: str, words: str) -> None:
    form = WeekForm({**MONDAY, **changes}, rules=[], raster=30)

    assert not form.is_valid()
    assert form.errors[field] == [words]


def test_week_form_proposes_the_usual_week() -> None:
    rows = WeekForm(rules=[], raster=30).rows

    assert [row.open.initial for row in rows] == [True] * 5 + [False] * 2
    assert rows[0].opens.initial == dt.time(8)


def test_closed_days_are_left_out() -> None:
    form = WeekForm({**MONDAY, "opens_1": "09:00", "closes_1": "10:00"}, rules=[], raster=30)

    assert form.is_valid()
    assert list(form.hours) == [0]


def test_product_form_asks_only_what_the_mode_has() -> None:
    assert "part" in ProductForm(mode="half_day").fields
    assert "block_minutes" in ProductForm(mode="temporary").fields
    assert set(ProductForm(mode="hourly").fields).isdisjoint({"part", "block_minutes", "active", "fee"})
    assert list(ProductForm(mode="hourly", product=CareProduct(mode="hourly")).fields) == [
        "starts", "ends", "inclusive", "active",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [({"ends": "08:00"}, "ends"), ({"starts": "08:10"}, "starts"), ({"ends": "09:00"}, "block_minutes")],
)
def test_product_form_tells_what_is_wrong(changes: dict[str, str], field: str) -> None:
    data = {"starts": "08:00", "ends": "12:00", "block_minutes": "120", **changes}

    form = ProductForm(data, mode="temporary")

    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_policy_form_keeps_to_the_raster() -> None:
    policy = BookingPolicy()
    data = {name: getattr(policy, name) for name in PolicyForm.base_fields} | {"step_minutes": 15}

    form = PolicyForm(data, policy=policy)

    assert not form.is_valid()
    assert form.errors["step_minutes"] == ["请取 30 分钟的整数倍"]


def test_reason_needs_words_only_for_another() -> None:
    assert ReasonForm({"reason": "那个时间段人手不够"}).is_valid()
    assert ReasonForm({"reason": "other"}).errors["words"] == ["请写下原因，家长会看到"]


@pytest.mark.parametrize(("text", "good"), [("0379-65500000", True), ("", True), ("找园长", False)])
def test_public_phone(text: str, good: bool) -> None:
    assert PhoneForm({"phone": text}).is_valid() is good
