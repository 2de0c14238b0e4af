"""What we use of Django without its promise; one of these fails when an upgrade has moved it."""

from __future__ import annotations

import re
import threading
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist
from django.db import transaction
from django.db.models.signals import post_init, pre_init
from django.http import HttpResponse
from django.test import RequestFactory
from django.utils.log import log_response
from django.utils.translation import get_language, override, trans_real

from cms.accounts.models import Family, FamilyMember
from cms.core.models import CacheVersion, JobRun
from cms.core.runtime import django_internals
from directory.register.models import InstitutionProfile
from tests.factories.accounts import FamilyFactory, FamilyMemberFactory, UserFactory

pytestmark = pytest.mark.django_db
APPS = ("cms", "directory", "booking", "parenting")
PRIVATE = re.compile(
    r"\._state\b|\._has_been_logged\b|\._active\b|\.run_on_commit\b|\.savepoint_ids\b|\.from_db\(|\._store\b|\b_catalog\b"
    r"|\.std(?:out|err)\._"
)


def pending() -> list:
    return list(django_internals.pending_commit_callbacks())


@pytest.mark.django_db(transaction=True)
def test_pending_commit_callbacks_are_those_of_the_open_transaction() -> None:
    first, second = (lambda: None), (lambda: None)

    with transaction.atomic():
        before = pending()
        transaction.on_commit(first)
        transaction.on_commit(second)
        inside = pending()

    assert (before, inside, pending()) == ([], [first, second], [])


@pytest.mark.django_db(transaction=True)
def test_pending_commit_callbacks_leave_out_what_a_savepoint_undid() -> None:
    outer, inner, undone = (lambda: None), (lambda: None), (lambda: None)

    with transaction.atomic():
        transaction.on_commit(outer)
        with transaction.atomic():
            transaction.on_commit(undone)
            transaction.set_rollback(True)
        with transaction.atomic():
            transaction.on_commit(inner)
            within = pending()
        after = pending()

    assert within == [outer, inner]
    assert after == [outer]


@pytest.mark.parametrize("names", [("id", "name"), ("name", "id")])
def test_made_instance_is_a_saved_row_with_the_rest_deferred(names: tuple[str, ...], django_assert_num_queries) -> None:
    row = CacheVersion.objects.create(name="public", version=7)
    values = {"id": row.pk, "name": "public"}

    made = django_internals.instance_maker(CacheVersion, *names)([values[name] for name in names])

    with django_assert_num_queries(0):
        assert (made, made.name, made._state.adding) == (row, "public", False)
    with django_assert_num_queries(1):
        assert made.version == 7


@pytest.mark.parametrize("names", [("id", "nam"), ("id", "id")])
def test_columns_that_do_not_exist_or_come_twice_are_refused(names: tuple[str, ...]) -> None:
    with pytest.raises(FieldDoesNotExist):
        django_internals.instance_maker(CacheVersion, *names)


def test_made_directly_means_that_no_signal_would_have_been_heard() -> None:
    heard = {
        model.__name__
        for model in apps.get_models()
        if model.__module__.split(".")[0] in APPS and (pre_init.has_listeners(model) or post_init.has_listeners(model))
    }

    # Pictures, whose fields read their sizes; nothing makes them from plain SQL.
    assert heard == {"CustomImage", "CustomRendition"}


def test_model_with_an_init_of_its_own_is_made_by_it() -> None:
    begun: list[InstitutionProfile] = []

    def note(instance: InstitutionProfile, **_signal: object) -> None:
        begun.append(instance)

    post_init.connect(note, sender=InstitutionProfile)
    try:
        made = django_internals.instance_maker(InstitutionProfile, "introduction", "id")(["for a test", 3])
    finally:
        post_init.disconnect(note, sender=InstitutionProfile)

    assert (begun, made.pk, made.introduction, made._state.adding) == ([made], 3, "for a test", False)


def test_model_made_by_django_alone_is_made_directly() -> None:
    begun: list[CacheVersion] = []

    def note(instance: CacheVersion, **_signal: object) -> None:
        begun.append(instance)

    make = django_internals.instance_maker(CacheVersion, "name", "id")
    post_init.connect(note, sender=CacheVersion)
    try:
        made = make(["public", 3])
    finally:
        post_init.disconnect(note, sender=CacheVersion)

    assert (begun, made.pk, made.name) == ([], 3, "public")


def test_language_is_that_of_the_thread() -> None:
    other: list[str | None] = []

    with override("en"):
        thread = threading.Thread(target=lambda: other.append(get_language()))
        thread.start()
        thread.join()
        inside = get_language()

    assert (inside, other, get_language()) == ("en", ["zh-hans"], "zh-hans")


def test_site_starts_with_the_language_in_the_thread() -> None:
    assert type(trans_real._active) is threading.local


def test_answer_marked_as_logged_is_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    request = RequestFactory().get("/x/")
    marked, other = HttpResponse(status=409), HttpResponse(status=404)

    django_internals.mark_as_logged(marked)
    for response in (marked, other):
        log_response("%s", response.reason_phrase, response=response, request=request)

    assert [record.getMessage() for record in caplog.records] == ["Not Found"]


def test_mark_as_saved_makes_save_an_update() -> None:
    row = JobRun.objects.create(name="a", next_due_at="2026-11-23T02:00:00Z")
    copy = JobRun(pk=row.pk, name="b", next_due_at="2026-11-23T02:00:00Z")

    django_internals.mark_as_saved(copy)
    copy.save(force_update=True)

    assert [row.name for row in JobRun.objects.all()] == ["b"]
    assert (copy._state.adding, copy._state.db) == (False, "default")


def test_cached_relation_needs_no_query(django_assert_num_queries) -> None:
    user = UserFactory()
    member = FamilyMemberFactory(user=user)
    again = type(user).objects.get(pk=user.pk)
    assert django_internals.has_cached_relation(again, "family_member") is False

    django_internals.cache_relation(again, "family_member", member)

    with django_assert_num_queries(0):
        assert django_internals.has_cached_relation(again, "family_member") is True
        assert (django_internals.cached_relation(again, "family_member"), again.family_member) == (member, member)


def test_absence_of_a_relation_is_cached_too(django_assert_num_queries) -> None:
    user = UserFactory()

    django_internals.cache_relation(user, "family_member", None)

    with django_assert_num_queries(0), pytest.raises(FamilyMember.DoesNotExist):
        _ = user.family_member
    assert django_internals.cached_relation(user, "family_member") is None


def test_relation_not_known_is_no_answer() -> None:
    with pytest.raises(KeyError):
        django_internals.cached_relation(UserFactory(), "family_member")


def test_forgotten_relation_is_read_again(django_assert_num_queries) -> None:
    member = FamilyMemberFactory()
    other = FamilyFactory()
    FamilyMember.objects.filter(pk=member.pk).update(family=other)
    member.family_id = other.pk

    django_internals.forget_relation(member, "family")
    django_internals.forget_relation(member, "family")

    with django_assert_num_queries(1):
        assert member.family == other
    assert Family.objects.count() == 2


def test_internals_are_used_nowhere_else() -> None:
    found = set()
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).rglob("*.py")):
            if "migrations" not in path.parts and PRIVATE.search(path.read_text()):
                found.add(path.relative_to(settings.BASE_DIR).as_posix())

    assert found == {"cms/core/runtime/django_internals.py"}
