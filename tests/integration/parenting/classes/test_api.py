from __future__ import annotations

import datetime as dt
import json

import pytest
import time_machine

from cms.accounts.signin.services.tokens import issue_token
from parenting.classes.models import ClassSession, ClassSignup
from tests.factories.accounts import ChildFactory
from tests.factories.booking import NOW, hold, open_house, toddler
from tests.factories.parenting import DAY, ClassSessionFactory

pytestmark = pytest.mark.django_db
URL = "/api/v1/classes"
SHAPE = {
    "id",
    "kind",
    "title",
    "topic",
    "starts_at",
    "ends_at",
    "age_from",
    "age_to",
    "venue",
    "street",
    "organiser",
    "capacity",
    "remaining",
    "signup",
    "signup_opens_at",
    "signup_closes_at",
    "cancelled",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False):
        yield


def token_of(user) -> dict[str, str]:
    return {"X-Session-Token": issue_token(user=user, now=NOW)[0]}


def post(client, session, user, **body):
    return client.post(
        f"{URL}/{session.public_id}/signups", json.dumps(body), "application/json", headers=token_of(user)
    )


def test_list_has_the_shape_of_the_contract(client):
    session = ClassSessionFactory()

    answer = client.get(URL).json()

    assert (answer["count"], answer["page"]) == (1, 1)
    row = answer["results"][0]
    assert row.keys() == SHAPE
    assert (row["id"], row["signup"], row["remaining"]) == (session.public_id, "open", 2)
    assert row["starts_at"] == f"{DAY}T09:30:00+08:00"


def test_list_filters(client):
    activity = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY, age_from=6, age_to=12)
    parent = ClassSessionFactory()

    def ids(**query):
        return {row["id"] for row in client.get(URL, query).json()["results"]}

    assert ids(kind="parent_class") == {parent.public_id}
    assert ids(age_months=8) == {activity.public_id}
    assert ids(district=parent.district.slug) == {parent.public_id}
    assert ids(**{"from": str(DAY + dt.timedelta(days=1))}) == set()
    assert ids(**{"to": str(DAY)}) == {activity.public_id, parent.public_id}


def test_bad_filter_is_422(client):
    response = client.get(URL, {"kind": "other"})

    assert response.status_code == 422
    assert response.json()["code"] == "invalid"


def test_detail_and_absent(client):
    session = ClassSessionFactory(introduction="带一位宝宝")

    assert client.get(f"{URL}/{session.public_id}").json()["introduction"] == "带一位宝宝"
    assert client.get(f"{URL}/nothing").status_code == 404


def test_sign_up_and_cancel(client):
    session, (user, child) = ClassSessionFactory(), toddler()

    made = post(client, session, user)
    again = post(client, session, user, child=child.public_id)
    gone = [client.delete(f"{URL}/{session.public_id}/signups", headers=token_of(user)).status_code for _ in range(2)]

    assert (made.status_code, made.json()["status"]) == (201, "signed_up")
    assert (again.status_code, again.json()) == (201, made.json())
    assert gone == [204, 204]


def test_full_is_409(client):
    session = ClassSessionFactory(capacity=1)
    post(client, session, toddler()[0])

    response = post(client, session, toddler()[0])

    assert (response.status_code, response.json()["code"]) == (409, "full")


def test_two_children_without_choice_is_422(client):
    session, (user, child) = ClassSessionFactory(), toddler()
    ChildFactory(family=child.family)

    response = post(client, session, user)

    assert (response.status_code, response.json()["code"]) == (422, "child_required")


def test_two_places_are_cancelled_by_name(client):
    session, (user, child) = ClassSessionFactory(), toddler()
    second = ChildFactory(family=child.family, birth_date=child.birth_date)
    for one in (child, second):
        post(client, session, user, child=one.public_id)
    address = f"{URL}/{session.public_id}/signups"

    unnamed = client.delete(address, headers=token_of(user))
    named = [client.delete(f"{address}?child={child.public_id}", headers=token_of(user)) for _ in range(2)]

    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "child_required")
    assert [answer.status_code for answer in named] == [204, 204]
    assert list(ClassSignup.objects.filter(active=True).values_list("child_id", flat=True)) == [second.pk]


def test_elsewhere_then_is_409(client):
    user, child = toddler()
    hold(open_house(), user=user, child=child, day=DAY, starts=dt.time(9), ends=dt.time(11))
    session = ClassSessionFactory(kind=ClassSession.Kind.PARENT_CHILD_ACTIVITY)

    response = post(client, session, user)

    assert (response.status_code, response.json()["code"]) == (409, "duplicate")


@pytest.mark.parametrize("count", [1, 3])
def test_list_query_count(client, django_assert_num_queries, count):
    ClassSessionFactory.create_batch(count)
    client.get(URL)

    with django_assert_num_queries(2):
        assert client.get(URL).json()["count"] == count


def test_places_are_told_as_published(client):
    session = ClassSessionFactory()
    ClassSession.objects.update(starts_at=session.starts_at - dt.timedelta(hours=1), capacity=9)

    row = client.get(f"{URL}/{session.public_id}").json()

    assert (row["starts_at"], row["capacity"], row["remaining"]) == (f"{DAY}T09:30:00+08:00", 2, 2)


def test_stranger_is_refused(client):
    session, (user, _) = ClassSessionFactory(), toddler()
    _, strange = toddler()

    assert client.post(f"{URL}/{session.public_id}/signups").status_code == 401
    assert post(client, session, user, child=strange.public_id).status_code == 404
    assert client.delete(f"{URL}/{session.public_id}/signups", headers=token_of(user)).status_code == 404
