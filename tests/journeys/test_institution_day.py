"""An institution sees its children of today, checks them in, calls, and closes a day."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import given, institution, parents, signing_in
from tests.journeys.visitor import Visitor

LATE = "当当"
LATE_PHONE = "10000200003"


def test_a_caregiver_checks_a_child_in(tablet: Visitor, parent: Visitor) -> None:
    # Given the caregiver of the day, signed in with the code sent to the phone
    tablet.open("/workbench/")
    signing_in.turns_to_the_phone(tablet)
    signing_in.signs_in_by_phone(tablet, world.CAREGIVER)
    institution.sees_today(tablet)
    institution.sees_what_matters(tablet, LATE, "9:00", "牛奶过敏")

    # When the family is called, the child is checked in by mistake, comes after all, and is fetched
    institution.calls(tablet, LATE)
    institution.marks(tablet, LATE, "签到", next_act="离园", words="在园")
    institution.lifts_the_finger(tablet)
    institution.marks(tablet, LATE, "撤回签到", next_act="签到")
    institution.lifts_the_finger(tablet)
    institution.marks(tablet, LATE, "签到", next_act="离园", words="在园")
    institution.waits_until_a_second_tap_counts(tablet)
    institution.marks(tablet, LATE, "离园", words="已离园")

    # Then the family can read who looked at the number, and when
    parent.open("/me/privacy/")
    signing_in.signs_in_by_phone(parent, LATE_PHONE)
    parent.heading("隐私与儿童信息")
    parent.sees(world.BOARD)


def test_a_manager_closes_a_day(desk: Visitor, parent: Visitor) -> None:
    day = world.next_weekday()

    # Given a family that is expected that day
    given.a_booking(phone=world.PARENT, day=day)

    # When the manager, with password and second factor, closes it
    desk.open("/workbench/")
    signing_in.signs_in_with_password(desk, world.MANAGER, world.PASSWORD)
    institution.sees_today(desk)
    desk.follow("周视图")
    institution.looks_for_a_day_to_close(desk, day)
    desk.sees("豆豆")
    institution.closes_the_day(desk, day, reason="空调检修")

    # Then the family is told why, and nobody can book the day
    world.jobs_run()
    parent.open("/me/messages/")
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parents.has_a_message(parent, "机构这天不开放", "空调检修")
    parents.has_no_booking(parent)
