"""Staff post a class, a parent signs up and cancels, and the class is called off."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import parents, signing_in, staff
from tests.journeys.visitor import Visitor

TITLE = "第一口辅食怎么加"
REASON = "讲师生病，改到下周"


def test_staff_post_a_class_and_a_parent_signs_up(desk: Visitor, parent: Visitor) -> None:
    day = world.next_weekday(least=5)

    # Given a draft that only staff can see
    staff.signs_in(desk)
    staff.writes_a_class(desk, title=TITLE, day=day)
    staff.saves_the_draft(desk)
    preview = staff.previews(desk)
    preview.get_by_role("heading", level=1, name=TITLE).wait_for()
    preview.close()
    parent.open("/classes/")
    parent.misses(TITLE)

    # When it is published, then a parent signs up
    staff.publishes(desk)
    world.jobs_run()
    parent.open("/classes/")
    parents.signs_up(parent, TITLE)
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parents.confirms_the_sign_up(parent, child="豆豆", words=staff.day_line(day))

    # And cancels, and signs up again
    parents.cancels_the_sign_up(parent, TITLE)
    parents.signs_up_again(parent, TITLE)

    # Then staff have the child on the attendance list, in print too
    staff.opens_the_attendance_list(desk, TITLE)
    desk.sees("豆豆", "已报 1 家")
    staff.sees_the_sheet_to_print(desk, TITLE)

    # When the class is called off, then the family is told
    staff.cancels_the_class(desk, REASON)
    parents.has_a_message(parent, f"课堂取消：{staff.day_line(day)} {TITLE}", REASON)
