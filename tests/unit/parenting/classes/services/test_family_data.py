"""Classes that a child, or the whole family, still goes to: they are given up before the record can go."""

from __future__ import annotations

import datetime as dt

import pytest

from cms.core.runtime.kernel_ports import DataHold, PersonalDataScope
from parenting.classes.services.personal_data import find_hold
from parenting.classes.services.signups import cancel_signup, sign_up
from tests.factories.accounts import ChildFactory, UserFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db
SECOND = dt.timedelta(seconds=1)


def scope_of(child, *, whole_family: bool = False) -> PersonalDataScope:
    return PersonalDataScope(None, child.family_id, (child.pk,), whole_family, whole_family)


def test_each_class_to_come_is_named_with_its_page_until_it_is_over():
    user, child = toddler()
    later, sooner = ClassSessionFactory(title="睡眠"), ClassSessionFactory(title="辅食添加")
    for session in (later, sooner):
        sign_up(user=user, session=session.public_id, child=child.public_id, now=NOW)
    when, both = "11月28日 周六 9:30", (later, sooner)
    links = tuple((f"{when} {session.title}", f"/classes/{session.public_id}/") for session in both)

    assert find_hold(scope_of(child), NOW) == DataHold("还报着 2 场课堂，请先取消报名：", links)
    assert find_hold(scope_of(child), later.ends_at - SECOND) is not None
    assert find_hold(scope_of(child), later.ends_at) is None


def test_place_given_back_or_of_another_child_holds_nothing():
    user, child = toddler()
    sister = ChildFactory(family=child.family, birth_date=child.birth_date)
    first, second = ClassSessionFactory(), ClassSessionFactory()
    sign_up(user=user, session=first.public_id, child=child.public_id, now=NOW)
    cancel_signup(user=user, session=first.public_id, child=child.public_id, now=NOW)
    sign_up(user=user, session=second.public_id, child=sister.public_id, now=NOW)
    sign_up(user=toddler()[0], session=second.public_id, child=None, now=NOW)

    assert find_hold(scope_of(child), NOW) is None
    assert find_hold(scope_of(child, whole_family=True), NOW).words == "还报着 1 场课堂，请先取消报名："


def test_place_of_the_adult_alone_holds_the_whole_family():
    user = UserFactory()
    made = sign_up(user=user, session=ClassSessionFactory().public_id, child=None, now=NOW)

    assert find_hold(PersonalDataScope(user, made.family_id, ()), NOW) is None
    assert find_hold(PersonalDataScope(user, made.family_id, (), True, True), NOW) is not None
    assert find_hold(PersonalDataScope(user, None, (), True, True), NOW) is None
