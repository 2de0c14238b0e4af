"""Demo people: accounts to sign in with, families with children, and parents for load."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from cms.accounts.family.queries.consents import current_text
from cms.accounts.family.services.children import ChildDetails, add_child
from cms.accounts.family.services.pickup import add_pickup_person
from cms.accounts.messaging.services.text_messages import TOPIC
from cms.accounts.models import Child, Consent, Family, FamilyMember, PickupPerson, SessionToken, User
from cms.accounts.phone import is_demo_number, phone_index
from cms.accounts.signin.queries.sessions import token_hash
from cms.accounts.signin.services.sign_in import ensure_account
from cms.accounts.signin.services.tokens import TOKEN_LIFE
from cms.core.calendar.times import age_in_months, local_date
from cms.core.models import OutboxMessage
from cms.core.security.codes import new_public_id, new_secret_token
from cms.demo.data.institutions import ALLERGIES, NICKNAMES
from cms.demo.services.staff import CAREGIVER_PHONE, MANAGER, SECOND_MANAGER, staff_accounts, with_password
from directory.districts.models import District

PARENT_PHONE, SECOND_PARENT_PHONE = "10000000001", "10000000004"
FAMILY_PHONES, LOAD_PHONES = 10000100000, 10010000000
FAMILIES = 48
NO_PASSWORD = "!"  # noqa: S105 - Django's word for none
BATCH = 500


@dataclass(frozen=True, slots=True)
class DemoFamily:
    """A guardian and the child they book for."""

    user: User
    child: Child


def make_parent(*, phone: str, details: ChildDetails, now: dt.datetime) -> DemoFamily:
    """A parent with one child, by the same services as everybody; made once."""
    user = ensure_account(phone=phone, now=now)
    child = Child.objects.filter(family__members__user=user).order_by("pk").first()
    if child is None:
        child = add_child(user=user, details=details, consent_version=current_text().version, now=now)
    return DemoFamily(user, child)


def make_lasting_parent(*, phone: str, details: ChildDetails, now: dt.datetime) -> DemoFamily:
    """A parent whose child stays of the age meant for it, so that a demo kept for months has children of each class."""
    family = make_parent(phone=phone, details=details, now=now)
    today = local_date(now)
    if age_in_months(family.child.birth_date, today) > age_in_months(details.birth_date, today):
        family.child.birth_date = details.birth_date
        family.child.save(update_fields=["birth_date"])
    return family


def make_demo_parent(*, now: dt.datetime) -> DemoFamily:
    """The parent of the demo accounts: a child of 17 months, and two people who may fetch it."""
    details = ChildDetails("豆豆", birth_date(local_date(now), 17), "boy", "花生过敏", "午睡要抱着小毯子")
    family = make_parent(phone=PARENT_PHONE, details=details, now=now)
    if not PickupPerson.objects.filter(family=family.child.family_id).exists():
        for name, relation, phone in (("示例妈妈", "妈妈", PARENT_PHONE), ("示例外婆", "外婆", "10000000003")):
            add_pickup_person(user=family.user, name=name, relation=relation, phone=phone, is_adult=True, now=now)
    return family


def make_families(*, now: dt.datetime) -> list[DemoFamily]:
    """Families with children of 7 to 33 months, in a fixed order."""
    today = local_date(now)
    made = []
    for number in range(FAMILIES):
        months = 7 + (number * 5) % 27
        details = ChildDetails(
            NICKNAMES[number % len(NICKNAMES)],
            birth_date(today, months, number % 20),
            ("girl", "boy")[number % 2],
            ALLERGIES[number % len(ALLERGIES)],
        )
        made.append(make_lasting_parent(phone=str(FAMILY_PHONES + number), details=details, now=now))
    return made


def birth_date(today: dt.date, months: int, days: int = 3) -> dt.date:
    """A birth date of a child that has completed ``months`` months since some days."""
    year, month0 = divmod(today.year * 12 + today.month - 1 - months, 12)
    return dt.date(year, month0 + 1, min(today.day, 28)) - dt.timedelta(days=days)


def make_second_parent(*, now: dt.datetime) -> DemoFamily:
    """A family that has nothing to do with the first."""
    details = ChildDetails("团团", birth_date(local_date(now), 26), "girl")
    return make_parent(phone=SECOND_PARENT_PHONE, details=details, now=now)


def accounts(district: District) -> dict[str, dict[str, str]]:
    """Who can sign in; the codes stand in the developer inbox."""
    return {
        "parent": {"phone": PARENT_PHONE},
        "manager": with_password(MANAGER),
        "caregiver": {"phone": CAREGIVER_PHONE},
        **staff_accounts(district),
        "second_parent": {"phone": SECOND_PARENT_PHONE},
        "second_manager": with_password(SECOND_MANAGER),
    }


def make_load_parents(*, count: int, now: dt.datetime) -> list[str]:
    """``count`` parents for load, each with one child of 18–30 months; returns a fresh session token for each.

    Written in batches past the services, which would take minutes for thousands; the rows are the same.
    """
    tokens: list[str] = []
    dice = random.Random(count)  # noqa: S311 - sample data
    for start in range(0, count, BATCH):
        with transaction.atomic():
            tokens += _load_batch(range(start, min(start + BATCH, count)), dice, now=now)
    return tokens


def _load_batch(numbers: Iterable[int], dice: random.Random, *, now: dt.datetime) -> list[str]:
    phones = [str(LOAD_PHONES + number) for number in numbers]
    hashes = {phone: phone_index(phone) for phone in phones}
    known = dict(User.objects.filter(phone_hash__in=hashes.values()).values_list("phone_hash", "pk"))
    new = [phone for phone in phones if hashes[phone] not in known]
    users = User.objects.bulk_create(
        User(username=f"p-{new_public_id()}", phone=phone, phone_hash=hashes[phone], password=NO_PASSWORD)
        for phone in new
    )
    families = Family.objects.bulk_create(Family(created_at=now) for _ in users)
    pairs = list(zip(users, families, strict=True))
    FamilyMember.objects.bulk_create(
        FamilyMember(family=family, user=user, role=FamilyMember.Role.GUARDIAN, joined_at=now) for user, family in pairs
    )
    today, text = local_date(now), current_text()
    children = Child.objects.bulk_create(
        Child(
            family=family,
            nickname=dice.choice(NICKNAMES),
            birth_date=birth_date(today, dice.randrange(18, 30), dice.randrange(1, 20)),
            created_at=now,
        )
        for _user, family in pairs
    )
    Consent.objects.bulk_create(
        Consent(family=f, child=c, user=u, text=text, decision=Consent.Decision.GIVEN, decided_at=now)
        for (u, f), c in zip(pairs, children, strict=True)
    )
    ids = known | {user.phone_hash: user.pk for user in users if user.phone_hash}
    tokens = {hashes[phone]: new_secret_token() for phone in phones}
    SessionToken.objects.bulk_create(
        SessionToken(
            user_id=ids[index], token_hash=token_hash(token), label="load", created_at=now, expires_at=now + TOKEN_LIFE
        )
        for index, token in tokens.items()
    )
    return list(tokens.values())


def drop_texts() -> int:
    """No text message is sent or printed for what the demo made; the messages in the site stay. Returns how many."""
    numbers = User.objects.filter(username__startswith="p-", phone_hash__isnull=False)
    waiting = OutboxMessage.objects.filter(topic=TOPIC, done_at__isnull=True, gave_up_at__isnull=True)
    demo = {user.pk for user in numbers.iterator() if is_demo_number(user.phone)}
    mine = [message.pk for message in waiting if message.payload.get("user") in demo]
    OutboxMessage.objects.filter(pk__in=mine).delete()
    return len(mine)
