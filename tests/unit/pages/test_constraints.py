"""What the database itself refuses of policy pages, notices and guides."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from tests.constraints import refuses
from tests.factories.pages import make_guide, make_notice, make_policy, make_site

pytestmark = pytest.mark.django_db
JAN = dt.date(2026, 1, 2)


def change(make: Callable[[], Any], **values: Any) -> Callable[[], None]:
    """Past the forms and ``full_clean`` of Wagtail, which refuse it earlier."""

    def act() -> None:
        page = make()
        type(page).objects.filter(pk=page.pk).update(**values)

    return act


BREAKS = [
    (
        "policy_effective_after_issue",
        change(make_policy, issued_date=JAN, effective_date=JAN - dt.timedelta(days=1)),
    ),
    ("policy_validity_at_least_a_year", change(make_policy, validity_years=0)),
    ("policy_validity_at_most_a_century", change(make_policy, validity_years=101)),
    ("guide_months_in_order", change(make_guide, month_from=12, month_to=12)),
    ("guide_months_in_order", change(make_guide, month_to=73)),
    ("guide_domain_known", change(make_guide, domain="cooking")),
    (
        "notice_objections_after_notice",
        change(make_notice, notice_date=JAN, objections_until=JAN - dt.timedelta(days=1)),
    ),
    ("notice_kind_known", change(make_notice, kind="rumour")),
    ("notice_department_known", change(make_notice, department="site_editor")),
    ("guide_department_known", change(make_guide, department="site_editor")),
    ("policy_department_known", change(make_policy, department="site_editor")),
]


@pytest.mark.parametrize(("name", "act"), BREAKS)
def test_database_refuses(name: str, act: Callable[[], None]) -> None:
    make_site()

    refuses(name, act)


def test_days_that_are_not_said_are_no_contradiction() -> None:
    make_site()
    change(make_policy, issued_date=JAN, effective_date=None)()
    change(make_policy, issued_date=None, effective_date=JAN)()
    change(make_notice, notice_date=JAN, objections_until=JAN)()
