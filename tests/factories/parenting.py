"""Class sessions, published through the real service unless ``published`` is False."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from factory.django import DjangoModelFactory

from cms.core.calendar.times import at
from parenting.classes.models import ClassSession
from parenting.classes.services.publishing import apply_session
from tests.factories.booking import NOW, TODAY
from tests.factories.directory import DistrictFactory

#: A Saturday.
DAY = TODAY + dt.timedelta(days=5)


class ClassSessionFactory(DjangoModelFactory):
    """A 家长课堂 for 12–24 months with two places, open for sign-up now."""

    class Meta:
        model = ClassSession
        skip_postgeneration_save = True

    district = factory.SubFactory(DistrictFactory)
    kind = ClassSession.Kind.PARENT_CLASS
    topic = ClassSession.Topic.FEEDING
    title = factory.Sequence(lambda n: f"示例课堂{n}")
    age_from = 12
    age_to = 24
    organiser = "示例区妇幼保健院"
    venue = "示例社区党群服务中心"
    starts_at = at(DAY, dt.time(9, 30))
    ends_at = at(DAY, dt.time(10, 30))
    capacity = 2
    signup_opens_at = NOW - dt.timedelta(days=1)
    signup_closes_at = at(DAY, dt.time(8))
    live = True

    @factory.post_generation
    def published(self: Any, create: bool, extracted: bool | None, **kwargs: Any) -> None:
        if create and extracted is not False:
            apply_session(session=self, now=NOW)
