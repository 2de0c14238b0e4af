"""Giving a place back for one of two children: the one that is named, and nobody by a guess."""

from __future__ import annotations

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from parenting.classes.models import ClassSession, ClassSignup
from parenting.classes.services.signups import sign_up
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, toddler
from tests.factories.parenting import ClassSessionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def twins(client: Client) -> tuple[ClassSession, list]:
    """Both in one class, and their parent signed in."""
    session, (user, child) = ClassSessionFactory(capacity=3), toddler(nickname="大毛")
    both = [child, ChildFactory(family=child.family, birth_date=child.birth_date, nickname="二毛")]
    for one in both:
        sign_up(user=user, session=session.public_id, child=one.public_id, now=NOW)
    client.force_login(user)
    return session, both


def active() -> list[str]:
    return [signup.child.nickname for signup in ClassSignup.objects.filter(active=True).order_by("pk")]


def test_cancelling_for_one_twin_twice_answers_the_same_and_keeps_the_other(client: Client) -> None:
    session, (first, _second) = twins(client)
    address = reverse("parenting:signup-cancel", args=[session.public_id])

    answers = [client.post(address, {"child": first.public_id}).url for _ in range(2)]

    assert answers[0] == answers[1]
    assert active() == ["二毛"]


def test_twins_of_whom_none_is_named_are_both_kept_and_none_is_asked_about(client: Client) -> None:
    session, _both = twins(client)

    page = client.post(reverse("parenting:signup-cancel", args=[session.public_id])).content.decode()

    assert "大毛" not in page
    assert "二毛" not in page
    assert active() == ["大毛", "二毛"]
