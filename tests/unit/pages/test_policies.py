"""The policy pages of the plans, and what the districts hear of them."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.pages.models import PolicyIndexPage, PolicyPage
from cms.pages.queries import policy_cards
from cms.pages.services.policies import setup_policies
from directory.districts.models import Rule
from directory.districts.ports import PolicyCard
from directory.districts.services.setup import setup_districts
from tests.factories.directory import DistrictFactory, PolicyDocumentFactory, RuleFactory
from tests.factories.pages import make_policy, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture
def index() -> PolicyIndexPage:
    setup_districts()
    make_site()
    return PolicyIndexPage.objects.get()


def plan(slug: str) -> PolicyPage:
    return PolicyPage.objects.get(district__slug=slug)


def test_pages_say_what_their_texts_say_and_nothing_else(index: PolicyIndexPage) -> None:
    found = {
        page.district.slug: (page.issuer, page.document_number, page.adoption, page.disclosure, page.state.value)
        for page in PolicyPage.objects.live()
    }

    assert found == {
        "jianxi": ("", "", "区政府同意", "unstated", "unknown"),
        "hongqi": (
            "新乡市红旗区人民政府办公室",
            "红政办〔2022〕34号",
            "区政府第 11 次常务会议",
            "unstated",
            "in_force",
        ),
        "huyi": ("", "", "", "unstated", "unknown"),
        "xigong": ("", "", "", "unstated", "draft"),
        "ninghe": ("天津市宁河区人民政府办公室", "", "区人民政府第 120 次常务会议", "proactive", "in_force"),
    }
    assert {page.district.slug: page.issued_date for page in PolicyPage.objects.exclude(issued_date=None)} == {
        "hongqi": dt.date(2022, 11, 15),
        "ninghe": dt.date(2021, 12, 3),
    }
    assert {page.district.slug: page.validity_years for page in PolicyPage.objects.exclude(validity_years=None)} == {
        "jianxi": 5,
        "xigong": 5,
    }
    assert all(page.summary and page.document.is_plan and page.title == page.document.title for page in index_pages())
    assert [page.slug for page in index_pages()] == [f"plan-{slug}" for slug in found]


def index_pages() -> list[PolicyPage]:
    return list(PolicyPage.objects.order_by("path"))


def test_second_run_changes_nothing_and_editors_keep_their_words(index: PolicyIndexPage) -> None:
    page = plan("jianxi")
    page.title = "我们的方案"
    page.save_revision().publish()
    plan("huyi").unpublish()
    moved = plan("ninghe")
    moved.slug = "ninghe-2021"
    moved.save_revision().publish()
    before = list(PolicyPage.objects.order_by("pk").values())

    assert setup_policies(index) == 0

    assert list(PolicyPage.objects.order_by("pk").values()) == before


def test_page_with_the_slug_of_a_plan_is_left_alone(index: PolicyIndexPage) -> None:
    PolicyPage.objects.filter(district__slug="huyi").update(document=None)

    assert setup_policies(index) == 0


def test_removed_page_is_made_again_and_counted(index: PolicyIndexPage) -> None:
    plan("huyi").delete()

    assert setup_policies(index) == 1
    assert plan("huyi").live


def test_plan_that_staff_have_put_in_force_is_no_draft(index: PolicyIndexPage) -> None:
    plan("xigong").delete()
    Rule.objects.filter(state="draft").update(state="in_force")

    setup_policies(index)

    assert plan("xigong").state == PolicyPage.State.UNKNOWN


def test_plan_of_a_district_nobody_has_described_gets_no_page(index: PolicyIndexPage) -> None:
    rule = RuleFactory(document=PolicyDocumentFactory())

    assert setup_policies(index) == 0
    assert not PolicyPage.objects.filter(document=rule.document).exists()


def test_site_without_a_list_of_policies_is_set_up_all_the_same() -> None:
    setup_districts()
    make_site()
    PolicyIndexPage.objects.get().delete()
    other = make_site().get_children().get(slug="policies")
    other.delete()

    assert make_site().get_children().filter(slug="policies").exists()
    assert PolicyPage.objects.count() == 5


def test_cards_say_what_published_pages_say() -> None:
    make_site()
    page = make_policy(
        document=PolicyDocumentFactory(),
        title="方案",
        issuer="区政府",
        document_number="1号",
        issued_date=dt.date(2022, 11, 15),
        validity_years=5,
    )
    draft = make_policy(document=PolicyDocumentFactory(district=DistrictFactory()), stage="draft")
    taken = make_policy(document=PolicyDocumentFactory(), district=DistrictFactory(), stage="draft")
    homeless = make_policy(document=PolicyDocumentFactory(), district=None, stage="draft")
    nation = make_policy(document=PolicyDocumentFactory(district=None, is_plan=False))
    hers = make_policy(document=PolicyDocumentFactory(district=None, is_plan=False), district=DistrictFactory())
    hidden = make_policy(document=PolicyDocumentFactory(district=DistrictFactory()), live=False)
    make_policy()

    all_of_them = (page, draft, taken, homeless, nation, hers, hidden)
    found = policy_cards([each.document_id for each in all_of_them])

    assert set(found) == {page.document_id, draft.document_id, nation.document_id}
    assert found[page.document_id] == PolicyCard(
        url=page.url,
        title="方案",
        state="现行有效",
        is_draft=False,
        issuer="区政府",
        number="1号",
        issued_date=dt.date(2022, 11, 15),
        expires_date=dt.date(2027, 11, 15),
    )
    assert (found[draft.document_id].is_draft, found[draft.document_id].state) == (True, "征求意见稿")
    assert set(policy_cards([page.document_id])) == {page.document_id}
