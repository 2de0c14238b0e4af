from __future__ import annotations

import pytest
from django.test import RequestFactory
from wagtail.admin.views.pages.bulk_actions.publish import PublishBulkAction

from cms.pages.models import PolicyNotPublic, PolicyPage
from tests.factories.accounts import UserFactory
from tests.factories.pages import make_policy, make_site

pytestmark = pytest.mark.django_db


def test_bulk_publishing_what_is_not_for_disclosure_is_refused():
    make_site()
    page = make_policy(disclosure="on_request", live=False)
    page.save_revision()
    page.has_unpublished_changes = True
    page.save()

    with pytest.raises(PolicyNotPublic):
        PublishBulkAction.execute_action([page], user=UserFactory(is_superuser=True))

    assert PolicyPage.objects.get(pk=page.pk).live is False


@pytest.mark.parametrize("model", ["home", "policy"])
def test_preview_renders_the_page_and_is_never_cached(model):
    home = make_site()
    page = home if model == "home" else make_policy()
    visit, preview = RequestFactory().get("/"), RequestFactory().get("/")

    answer = page.make_preview_request(RequestFactory().get("/"), page.default_preview_mode)
    page.serve(visit)
    page.serve_preview(preview, page.default_preview_mode)

    assert answer.status_code == 200
    assert [hasattr(request, "page_cache_policy") for request in (visit, preview)] == [True, False]


@pytest.mark.parametrize("name", PolicyPage.body.field.stream_block.child_blocks)
def test_every_block_has_words_and_a_preview(name):
    block = PolicyPage.body.field.stream_block.child_blocks[name]

    assert all((block.meta.label, block.meta.description, block.is_previewable, block.get_template()))
