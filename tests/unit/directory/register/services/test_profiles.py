from __future__ import annotations

import pytest

from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.models import InstitutionProfile
from directory.register.queries.profiles import profile_of, profiles
from directory.register.services.profiles import save_profile_draft
from tests.factories.accounts import StaffUserFactory
from tests.factories.directory import InstitutionFactory, InstitutionProfileFactory

pytestmark = pytest.mark.django_db


def test_a_draft_changes_nothing_that_parents_see() -> None:
    profile = InstitutionProfileFactory(introduction="旧")
    actor = StaffUserFactory()

    draft = save_profile_draft(institution=profile.institution, introduction="新", actor=actor)

    profile.refresh_from_db()
    assert (profile.introduction, profile.latest_revision, draft.user) == ("旧", draft, actor)
    assert draft.as_object().introduction == "新"


def test_the_second_draft_follows_the_first() -> None:
    profile = InstitutionProfileFactory(introduction="旧")
    for text in ("一稿", "二稿"):
        save_profile_draft(institution=profile.institution, introduction=text, actor=StaffUserFactory())

    profile.refresh_from_db()
    assert profile.get_latest_revision_as_object().introduction == "二稿"
    assert [revision.as_object().introduction for revision in profile.revisions.order_by("pk")] == ["一稿", "二稿"]


def test_an_institution_without_a_profile_gets_one() -> None:
    institution = InstitutionFactory()
    other = InstitutionProfileFactory()
    before = profile_of(institution)

    save_profile_draft(institution=institution, introduction="新", actor=StaffUserFactory())

    made = profile_of(institution)
    assert (before, made.introduction, made.get_latest_revision_as_object().introduction) == (None, "", "新")
    assert set(profiles()) == {other, made}
    assert InstitutionProfile.objects.count() == 2


@pytest.mark.parametrize("act", ["publish", "unpublish"])
def test_what_is_published_or_taken_down_is_seen_at_once(django_capture_on_commit_callbacks, act: str) -> None:
    profile = InstitutionProfileFactory(introduction="旧")
    draft = save_profile_draft(institution=profile.institution, introduction="新", actor=StaffUserFactory())
    before = versions.current(PUBLIC_PAGES)

    with django_capture_on_commit_callbacks(execute=True):
        draft.publish() if act == "publish" else InstitutionProfile.objects.get().unpublish()

    assert versions.current(PUBLIC_PAGES) == before + 1
