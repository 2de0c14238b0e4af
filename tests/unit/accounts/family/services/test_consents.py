"""Consents: asked again when the text changes, refused, withdrawn."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.accounts.family.queries.consents import children_to_ask_again, current_text
from cms.accounts.family.services import children as service
from cms.accounts.family.services import consents
from cms.accounts.family.services.children import ChildDetails
from cms.accounts.models import Consent, ConsentText
from tests.factories.accounts import (
    ChildFactory,
    UserFactory,
    parent_with_child,
)

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2026, 11, 23, 2, 0, tzinfo=dt.UTC)
DOUDOU = ChildDetails("豆豆", dt.date(2025, 6, 3), "girl", "花生", "抱着毯子睡")


@pytest.fixture(autouse=True)
def version() -> str:
    return consents.publish_consent_texts(NOW).version


def test_publish_consent_texts_is_idempotent(version: str) -> None:
    again = consents.publish_consent_texts(NOW + dt.timedelta(days=1))

    assert (again.version, again.published_at) == (version, NOW)
    assert len(again.text_hash) == 64


def test_other_words_of_the_owner_are_the_next_version_and_so_are_the_old_ones_again(version: str, settings) -> None:
    first = settings.OWNER_WORDS
    later = [NOW + dt.timedelta(days=number) for number in (1, 2, 3)]

    settings.OWNER_WORDS = first | {"phone": "0379-1234 5678"}
    second = consents.publish_consent_texts(later[0])
    same = consents.publish_consent_texts(later[1])
    settings.OWNER_WORDS = first
    third = consents.publish_consent_texts(later[2])

    versions = [version, second.version, same.version, third.version]
    assert versions == ["2026-12.1", "2026-12.2", "2026-12.2", "2026-12.3"]
    assert ["先打电话给我们：0379-1234 5678（" in row.text for row in (second, third)] == [True, False]
    assert current_text() == third


def test_text_that_the_owner_published_stays_in_force(version: str) -> None:
    own = consents.publish_text(kind="child-data", version="owner", title="t", text="x", now=NOW + dt.timedelta(days=1))

    consents.publish_consent_texts(NOW + dt.timedelta(days=2))

    assert current_text() == own


def test_changed_text_asks_again_and_is_answered_once(version: str) -> None:
    user = UserFactory()
    child = service.add_child(user=user, details=DOUDOU, consent_version=version, now=NOW)
    later = NOW + dt.timedelta(days=1)
    text = consents.publish_text(kind="child-data", version="2027-01", title="t", text="x", now=later)
    assert children_to_ask_again(child.family, text) == [child]

    consents.renew_consent(user=user, version="2027-01", now=later)

    assert children_to_ask_again(child.family, text) == []
    assert consents.renew_consent(user=user, version="2027-01", now=later) == []


def test_refusal_of_a_text_no_longer_in_force_is_refused(version: str) -> None:
    with pytest.raises(consents.TextChanged):
        consents.refuse_consent(user=UserFactory(), version="2019-01", now=NOW)


def test_refusal_is_written_down(version: str) -> None:
    user = UserFactory()

    consents.refuse_consent(user=user, version=version, now=NOW)

    assert Consent.objects.get().decision == Consent.Decision.REFUSED


def test_renewed_consent_is_the_childs_and_asks_only_children_of_the_family(version: str) -> None:
    user, child = parent_with_child()
    second = ChildFactory(family=child.family)
    parent_with_child()
    text = ConsentText.objects.get()

    rows = consents.renew_consent(user=user, version=version, now=NOW)

    assert [(row.child, row.user, row.text, row.decision, row.decided_at) for row in rows] == [
        (child, user, text, "given", NOW),
        (second, user, text, "given", NOW),
    ]


def test_refused_text_is_asked_again(version: str) -> None:
    user, child = parent_with_child()
    consents.refuse_consent(user=user, version=version, now=NOW)

    assert children_to_ask_again(child.family, ConsentText.objects.get()) == [child]
