"""No way leads around the second factor, and nobody sees what is not theirs."""

from __future__ import annotations

import pytest

from tests.journeys import world
from tests.journeys.steps import signing_in
from tests.journeys.visitor import Visitor

ADMIN_DOORS = ("/admin/", "/admin/login/", "/admin/password_reset/", "/admin/institutions/", "/_util/login/")


@pytest.mark.parametrize("door", ADMIN_DOORS)
def test_every_door_of_the_admin_leads_to_the_sign_in(desk: Visitor, door: str) -> None:
    # When a stranger tries the door, then the site's own sign-in opens
    desk.open(door)
    desk.heading("工作人员登录")


def test_a_password_alone_opens_nothing(desk: Visitor) -> None:
    # Given a password without the code
    desk.open("/admin/")
    signing_in.gives_the_password(desk, world.MATERNAL_HEALTH, world.PASSWORD)

    # When each door is tried, then none opens
    for door in (*ADMIN_DOORS, "/workbench/", "/staff/security/"):
        desk.open(door)
        desk.heading("工作人员登录")

    # And a wrong code is refused in words
    desk.open("/staff/sign-in/")
    signing_in.gives_the_password(desk, world.MATERNAL_HEALTH, world.PASSWORD)
    desk.write(验证码="000000")
    desk.press("登录")
    desk.heading("第二步验证")
    desk.sees("请先看看这里")


def test_a_caregiver_reaches_today_alone(tablet: Visitor) -> None:
    # Given a caregiver, signed in with a code
    tablet.open("/sign-in/?next=/workbench/")
    signing_in.signs_in_by_phone(tablet, world.CAREGIVER)

    # Then nothing on the page leads further
    tablet.misses("周视图", "设置")

    # And what is tried all the same is refused
    tablet.allowed |= {403, 404}
    for page in ("/workbench/week/", "/workbench/settings/", "/admin/"):
        tablet.open(page)
        tablet.misses("一周空位", "托育和预约", "今天要办的事")


def test_a_parent_has_no_workbench(parent: Visitor) -> None:
    # Given a parent
    parent.open("/sign-in/?next=/workbench/")
    parent.allowed |= {403, 404}

    # When they come to the workbench after signing in, then it is not theirs
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parent.misses("在园")
