"""Users, families, children and what they allowed."""

from __future__ import annotations

import datetime as dt
from typing import Any

import factory
from django.utils import timezone

from cms.accounts.models import Child, Consent, ConsentText, Family, FamilyMember, Message, PickupPerson, User
from cms.accounts.phone import phone_index
from cms.core.security.codes import new_public_id

PASSWORD = "correct-horse-battery"


class UserFactory(factory.django.DjangoModelFactory):
    """A parent with their own mobile number; `phone=""` for none."""

    class Meta:
        model = User

    username = factory.Sequence(lambda n: f"user-{n}")
    phone = factory.Sequence(lambda n: f"138{n:08d}")
    phone_hash = factory.LazyAttribute(lambda o: phone_index(o.phone) if o.phone else None)
    password = "!unusable"


class StaffUserFactory(UserFactory):
    """A user with a username and the password `PASSWORD`, without a number and without a post."""

    phone = ""
    password = factory.django.Password(PASSWORD)


class FamilyFactory(factory.django.DjangoModelFactory):
    """A family without members; `FamilyMemberFactory` brings its own."""

    class Meta:
        model = Family

    created_at = factory.LazyFunction(timezone.now)


class FamilyMemberFactory(factory.django.DjangoModelFactory):
    """A guardian; `role="carer"` for another adult."""

    class Meta:
        model = FamilyMember

    family = factory.SubFactory(FamilyFactory)
    user = factory.SubFactory(UserFactory)
    role = FamilyMember.Role.GUARDIAN
    joined_at = factory.LazyFunction(timezone.now)


class ChildFactory(factory.django.DjangoModelFactory):
    """A child of about 20 months; give `birth_date` where the age matters."""

    class Meta:
        model = Child

    family = factory.SubFactory(FamilyFactory)
    nickname = factory.Sequence(lambda n: f"豆豆{n}")
    birth_date = factory.LazyFunction(lambda: timezone.localdate() - dt.timedelta(days=610))
    created_at = factory.LazyFunction(timezone.now)


class PickupPersonFactory(factory.django.DjangoModelFactory):
    """Somebody who may fetch the children."""

    class Meta:
        model = PickupPerson

    family = factory.SubFactory(FamilyFactory)
    name = factory.Sequence(lambda n: f"王阿姨{n}")
    relation = "外婆"
    phone = factory.Sequence(lambda n: f"139{n:08d}")
    created_at = factory.LazyFunction(timezone.now)


class ConsentTextFactory(factory.django.DjangoModelFactory):
    """A published text about children's data."""

    class Meta:
        model = ConsentText

    kind = ConsentText.Kind.CHILD_DATA
    version = factory.Sequence(lambda n: f"test-{n}")
    title = "儿童个人信息保护规则与监护人同意书"
    text = "测试文本"
    text_hash = factory.Sequence(lambda n: f"{n:064d}")
    published_at = factory.LazyFunction(timezone.now)


class ConsentFactory(factory.django.DjangoModelFactory):
    """A guardian's yes."""

    class Meta:
        model = Consent

    family = factory.SubFactory(FamilyFactory)
    text = factory.SubFactory(ConsentTextFactory)
    decision = Consent.Decision.GIVEN
    decided_at = factory.LazyFunction(timezone.now)


class MessageFactory(factory.django.DjangoModelFactory):
    """An unread message."""

    class Meta:
        model = Message

    public_id = factory.LazyFunction(new_public_id)
    user = factory.SubFactory(UserFactory)
    kind = "booking_confirmed"
    key = factory.Sequence(lambda n: f"message-{n}")
    title = "预约成功"
    body = "示例·小满托育园"
    link = "/me/"
    created_at = factory.LazyFunction(timezone.now)


def parent_with_child(**child: Any) -> tuple[User, Child]:
    """A guardian and a child of the same family."""
    member = FamilyMemberFactory()
    return member.user, ChildFactory(family=member.family, **child)
