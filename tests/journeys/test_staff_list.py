"""Staff import a list with faults, publish it, and a parent books at one of its institutions."""

from __future__ import annotations

from tests.factories.lists import credit_code
from tests.journeys import world
from tests.journeys.steps import institution, parents, signing_in, staff
from tests.journeys.visitor import Visitor

NEW, OTHER = "示例·新芽托育园", "示例·青苗托育园"
USERNAME = "xinya-li"
PASSWORD = "sprout-and-river-9"
#: As one district writes its header: other names, line breaks, brackets.
HEADER = (
    "序号",
    "机构注册登记名称",
    "统一社会\n信用代码",
    "机构住所",
    "所属街道",
    "机构性质",
    "备案通过时间",
    "备案编号",
    "托位数（个）",
    "其中：普惠托位数",
    "服务形式",
)
GOOD_CODE = credit_code(number=501)


def the_list(*, code: str, places: str, inclusive: str) -> list[tuple[object, ...]]:
    """As districts publish it: a title above, a note below, two institutions."""
    second = credit_code(number=502)
    first_filing = ("营利性", "2026.9.15", "洛涧托备501")
    second_filing = ("营利性", "2026年9月20日", "洛涧托备502")
    return [
        ("涧西区3岁以下婴幼儿照护服务机构备案名单",),
        HEADER,
        (1, NEW, code, "湖北路１２号", "湖北路", *first_filing, places, inclusive, "全日制、计时托"),
        (2, OTHER, second, "天津路3号", "天津路街道办事处", *second_filing, "40个", "10", "全日托"),
        ("合计", "2家"),
    ]


def test_staff_publish_a_list_and_a_parent_books(desk: Visitor, office: Visitor, parent: Visitor) -> None:
    day = world.next_weekday()

    # Given a colleague of 妇幼保健 with a list that has faults
    staff.signs_in(desk)
    faulty = GOOD_CODE[:-1] + ("A" if GOOD_CODE[-1] != "A" else "B")
    staff.uploads(desk, the_list(code=faulty, places="-60", inclusive="20"))

    # Then each fault is told with its row, and nothing is written
    staff.reads_the_problem(desk, row=3, column="统一社会信用代码", value=faulty)
    staff.reads_the_problem(desk, row=3, column="托位数", value="-60")
    parent.open(f"/institutions/?q={NEW}")
    parent.sees("没找到")

    # When the list is mended and written, then the public search finds it
    staff.uploads(desk, the_list(code=GOOD_CODE, places="60", inclusive="20"))
    staff.writes_the_list(desk, 2)
    world.jobs_run()
    parents.searches(parent, "新芽")
    parents.finds(parent, NEW)

    # When the manager opens the one-time link, sets a password and a second factor, and fills in the settings
    link = staff.invites_the_manager(desk, NEW)
    office.open(link)
    signing_in.makes_an_account(office, username=USERNAME, password=PASSWORD)
    signing_in.sets_up_a_second_factor(office)
    institution.begins_the_setup(office)
    institution.adds_a_class(office)
    institution.keeps_the_usual_hours(office)
    institution.says_how_many_are_regular(office, 4)
    institution.asks_a_fee(office, "18")

    # Then a parent books there
    parents.opens_the_site(parent)
    parents.asks(parent, day=day)
    parents.opens_the_institution(parent, NEW)
    parents.begins_to_book(parent)
    signing_in.signs_in_by_phone(parent, world.PARENT)
    parents.finds_the_time_filled_in(parent)
    parents.holds_the_place(parent)
    parents.confirms(parent)
    parents.is_booked(parent, day=day)

    # And the institution expects the child
    institution.expects(office, "豆豆", day=day)
