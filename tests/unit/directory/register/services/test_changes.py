from __future__ import annotations

import datetime as dt

import pytest

from cms.core.models import OutboxMessage
from cms.core.runtime import versions
from cms.core.web.page_cache import PUBLIC_PAGES
from directory.register.models import Institution
from directory.register.services import changes
from tests.factories.directory import InstitutionFactory

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)


def messages() -> list[tuple[str, dict]]:
    return [(row.topic, row.payload) for row in OutboxMessage.objects.order_by("pk")]


@pytest.mark.parametrize(("count", "sizes"), [(0, []), (1, [1]), (250, [250]), (251, [250, 1]), (501, [250, 250, 1])])
def test_one_message_per_batch(count: int, sizes: list[int]) -> None:
    changes.institutions_changed(institution_ids=iter(range(1, count + 1)), now=NOW)

    assert [len(payload["institutions"]) for _topic, payload in messages()] == sizes
    assert [pk for _topic, payload in messages() for pk in payload["institutions"]] == list(range(1, count + 1))


def test_the_second_change_is_a_second_message() -> None:
    for _ in range(2):
        changes.institution_changed(institution_id=7, now=NOW)

    assert messages() == [("search.index", {"institutions": [7]})] * 2
    assert {row.created_at for row in OutboxMessage.objects.all()} == {NOW}


@pytest.mark.parametrize(
    ("changed", "public", "topic"),
    [(3, 30, "search.index"), (4, 40, "search.rebuild"), (4, 41, "search.index"), (5, 41, "search.rebuild")],
)
def test_the_whole_index_is_made_again_where_that_is_less_work(
    changed: int, public: int, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "REBUILT_FROM", 4)
    first = InstitutionFactory(public=True)
    made = [Institution(district=first.district, name=f"{n}", address="路", created_at=NOW, changed_at=NOW,
                        is_public=n < public, state="active") for n in range(1, public + 5)]  # fmt: skip
    Institution.objects.bulk_create(made)

    changes.institutions_changed(institution_ids=range(1, changed + 1), now=NOW)

    assert [found for found, _payload in messages()] == [topic]


def test_pages_are_made_again(django_capture_on_commit_callbacks) -> None:
    before = versions.current(PUBLIC_PAGES)

    with django_capture_on_commit_callbacks(execute=True):
        changes.institution_changed(institution_id=7, now=NOW)

    assert versions.current(PUBLIC_PAGES) == before + 1
