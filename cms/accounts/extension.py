"""What upper apps tell the accounts: who works where. They register in `AppConfig.ready()`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Posts:
    """A user's work on this site, as far as signing in depends on it.

    ``caregiver_needs_factor`` is the setting of an institution that wants a second factor of its caregivers too.
    """

    district_staff: bool = False
    manager: bool = False
    caregiver: bool = False
    caregiver_needs_factor: bool = False

    @property
    def needs_second_factor(self) -> bool:
        """Whether a password or a code alone must not open the work pages."""
        return self.district_staff or self.manager or (self.caregiver and self.caregiver_needs_factor)

    @property
    def any(self) -> bool:
        """Whether the user works here at all."""
        return self.district_staff or self.manager or self.caregiver


PostsProvider = Callable[[Any], Posts]

_provider: list[PostsProvider] = []


def register_posts(provider: PostsProvider) -> None:
    """The directory knows institutions and districts; there is one provider."""
    _provider[:] = [provider]


def posts_of(user: Any) -> Posts:
    """The posts of a signed-in user. A superuser counts as district staff."""
    posts = _provider[0](user) if _provider else Posts()
    if getattr(user, "is_superuser", False):
        return Posts(True, posts.manager, posts.caregiver, posts.caregiver_needs_factor)
    return posts
