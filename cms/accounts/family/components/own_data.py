"""What the accounts export of a user and their family, in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext as _

from cms.accounts.enums import ConsentDecision, Sex
from cms.accounts.family.components.purposes import purpose_words
from cms.core.display.wording import full_date, whole_moment
from cms.core.runtime.kernel_ports import DataLine, DataSection


def describe(data: dict[str, Any]) -> list[DataSection]:
    """Account, children, who may fetch, consents, who looked, messages."""
    account = data["account"]
    return [
        DataSection(
            _("账号"),
            (DataLine(account["display_name"] or _("我"), _facts(account, phone=_("手机号"), since=_("注册时间"))),),
        ),
        DataSection(_("宝宝"), tuple(_child(row) for row in data["children"])),
        DataSection(
            _("可接走的人"),
            tuple(
                DataLine(row["name"], _facts(row, relation=_("和宝宝的关系"), phone=_("手机号")))
                for row in data["pickup_persons"]
            ),
        ),
        DataSection(
            _("同意记录"),
            tuple(
                DataLine(
                    str(ConsentDecision(row["decision"]).label),
                    _facts(row, child=_("宝宝"), version=_("版本"), at=_("时间")),
                )
                for row in data["consents"]
            ),
        ),
        DataSection(
            _("谁看过宝宝的资料"),
            tuple(
                DataLine(row["place"], ((_("为什么"), purpose_words(row["purpose"])), *_facts(row, at=_("时间"))))
                for row in data["looked_at"]
            ),
        ),
        DataSection(
            _("消息"),
            tuple(DataLine(row["title"], _facts(row, body=_("内容"), at=_("时间"))) for row in data["messages"]),
        ),
    ]


def _child(row: dict[str, str]) -> DataLine:
    return DataLine(
        row["nickname"],
        (
            (_("出生日期"), full_date(dt.date.fromisoformat(row["birth_date"]))),
            (_("性别"), str(Sex(row["sex"]).label) if row["sex"] else ""),
            (_("过敏"), row["allergies"]),
            (_("照护提醒"), row["care_notes"]),
        ),
    )


def _facts(row: dict[str, str], **headings: str) -> tuple[tuple[str, str], ...]:
    """(heading, words) of these fields; moments are written as people read them."""
    return tuple(
        (heading, whole_moment(row[name]) if name in ("at", "since") else row[name])
        for name, heading in headings.items()
    )
