"""The pages that no story comes by: each is looked over like all the others."""

from __future__ import annotations

from tests.journeys import world
from tests.journeys.steps import signing_in
from tests.journeys.visitor import Visitor

PUBLIC = (
    "/policies/",
    "/guides/",
    "/notices/",
    "/institutions/refusals/",
    "/districts/jianxi/",
    "/districts/xigong/",
    "/institutions/?demonstration=1",
    "/institutions/?edit=1",
    "/institutions/?age=34&date={day}&from=14:00&to=17:00&show=all",
    "/site-map/",
    "/privacy/",
    "/children-privacy/",
    "/accessibility/",
    "/offline/",
    "/offline/form/",
    "/dev/inbox/",
)
MINE = (
    "/me/",
    "/me/bookings/?view=past",
    "/me/children/",
    "/me/family/",
    "/me/family/join/",
    "/me/pickup/",
    "/me/privacy/",
    "/me/privacy/data/",
    "/me/privacy/account/",
    "/classes/mine/",
    "/sign-out/",
)
WORKBENCH = (
    "/workbench/settings/classes/",
    "/workbench/settings/hours/",
    "/workbench/settings/regular/",
    "/workbench/settings/products/",
    "/workbench/settings/policy/",
    "/workbench/settings/people/",
    "/workbench/settings/profile/",
    "/staff/security/",
    "/staff/security/passkeys/add/",
    "/staff/security/password/",
)


def test_every_public_page(parent: Visitor) -> None:
    for path in PUBLIC:
        parent.open(path.format(day=world.next_weekday()))


def test_an_article_of_each_kind(parent: Visitor) -> None:
    for index in ("/policies/", "/guides/", "/notices/"):
        parent.open(index)
        parent.page.locator("main .rows a, main .card a, main h3 a").first.click()
        parent.look()


def test_every_page_of_a_parent(parent: Visitor) -> None:
    parent.open("/me/")
    signing_in.signs_in_by_phone(parent, world.PARENT)
    for path in MINE:
        parent.open(path)


def test_every_page_of_a_manager(tablet: Visitor) -> None:
    tablet.open("/workbench/week/")
    signing_in.signs_in_with_password(tablet, world.MANAGER, world.PASSWORD)
    for path in WORKBENCH:
        tablet.open(path)
    tablet.open(f"/workbench/days/{world.today()}/")
    tablet.open(f"/workbench/days/{world.today()}/end/")
    # The card of a child who is in, and its record put right.
    tablet.open("/workbench/")
    row = tablet.page.locator("li.kid").filter(has_text="在园").first
    card = row.locator("a.kid__name").get_attribute("href")
    for path in (card, f"{card}correct/"):
        tablet.open(path)
