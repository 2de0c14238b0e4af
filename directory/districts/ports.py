"""What upper apps answer to the districts: which one is the site's own, and what is known of policy documents."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.auth.models import Group
from django.http import HttpRequest

from cms.core.runtime.ports import ManyPort, Port


@dataclass(frozen=True, slots=True)
class PolicyCard:
    """What the policy page of a document says of it; ``state`` in words."""

    url: str
    title: str
    state: str
    is_draft: bool
    issuer: str
    number: str
    issued_date: dt.date | None
    expires_date: dt.date | None


#: The key under which ``office_permissions`` gives what every office may read.
READS = "reads"

#: Right of an office (or ``READS``) → permissions of the app's own models, as `app.codename`.
office_permissions: ManyPort[Mapping[str, tuple[str, ...]]] = ManyPort(
    "districts.office_permissions", asks="Which permissions of upper apps follow from an office's rights?"
)
#: (the office's group, its rights) → the app gives or takes what is no permission of a model; idempotent.
office_rights: ManyPort[Callable[[Group, frozenset[str]], None]] = ManyPort(
    "districts.office_rights", asks="What else follows from an office's rights?"
)


@dataclass(frozen=True, slots=True)
class RuleReach:
    """How many institutions lie where a rule holds, and how many of them have a mode that it does not name."""

    institutions: int
    outside: int


#: Keys of documents → what their published pages say; a document without a page is left out.
PolicyCards = Callable[[Collection[int]], dict[int, PolicyCard]]
policy_cards: Port[PolicyCards] = Port(
    "districts.policy_cards", asks="What do the policy pages of these documents say?"
)
#: A rule, saved or not → the institutions that it reaches.
rule_reach: Port[Callable[[Any], RuleReach]] = Port(
    "districts.rule_reach", asks="Which institutions does a rule reach?"
)
#: The slug of the site's own district for a request, "" if the site has none.
site_district: Port[Callable[[HttpRequest], str]] = Port(
    "districts.site_district", asks="Which district does this site speak of?"
)
