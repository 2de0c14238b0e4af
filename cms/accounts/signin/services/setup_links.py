"""One-time links by which a work account gets its password and second factor, the first time or after a loss.

The link carries 256 random bits and is stored as a hash; it works once and for three days. Whether the caller may make
one for this user, and the entry in the history, are the caller's business.
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cms.accounts.models import SetupLink, User
from cms.accounts.signin.queries.sessions import token_hash
from cms.accounts.signin.services.second_factor import remove_all_factors
from cms.accounts.signin.services.staff_sign_in import require_good_password
from cms.accounts.signin.services.tokens import revoke_everything
from cms.core.errors import NotFound
from cms.core.security.codes import new_secret_token

SETUP_LINK_DAYS = 3


class SetupLinkGone(NotFound):
    """Used, replaced by a newer one, run out or never made: all look the same from outside."""

    code = "setup_link_gone"
    message = _("这个链接已经用过、过期或被新的链接取代了。请让给您开通账号的人再发一个。")


@transaction.atomic
def issue_setup_link(*, user: User, now: dt.datetime, replaces_factor: bool = True) -> str:
    """A new link's token, which can't be had again; an older link of the user stops working.

    Until it is used, password, second factor and sessions stay as they are. Address: `accounts:setup-link`.
    """
    lock_user(user)
    token = new_secret_token()
    SetupLink.objects.update_or_create(
        user=user,
        defaults={
            "token_hash": token_hash(token),
            "replaces_factor": replaces_factor,
            "created_at": now,
            "expires_at": now + dt.timedelta(days=SETUP_LINK_DAYS),
            "used_at": None,
        },
    )
    return token


@transaction.atomic
def reset_account(*, user: User, now: dt.datetime, replaces_factor: bool = True) -> str:
    """Put the password out of use at once (with ``replaces_factor`` the second factors too), end all sessions.

    Returns the token of the link by which the user begins again.
    """
    user = lock_user(user)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _close_ways(user, replaces_factor=replaces_factor)
    return issue_setup_link(user=user, now=now, replaces_factor=replaces_factor)


def read_setup_link(*, token: str, now: dt.datetime) -> SetupLink:
    """The open link of a token with its user. Raises ``SetupLinkGone``, for a closed account too."""
    link = SetupLink.objects.select_related("user").filter(token_hash=token_hash(token)).first()
    if link is None or link.used_at is not None or link.expires_at <= now or not link.user.is_active:
        raise SetupLinkGone
    return link


def set_up_by(*, token: str, user: User) -> bool:
    """Whether the user has used this very link."""
    return SetupLink.objects.filter(token_hash=token_hash(token), user=user, used_at__isnull=False).exists()


@transaction.atomic
def use_setup_link(*, token: str, password: str, now: dt.datetime) -> User:
    """Set the password by the link and end all sessions; the second factor is set up next.

    Raises ``SetupLinkGone`` and ``NewPasswordInvalid``; a refused password leaves the link as it is.
    """
    user = lock_user(read_setup_link(token=token, now=now).user)
    link = read_setup_link(token=token, now=now)  # as it is now: of two who use it at once, one is late
    require_good_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    _close_ways(user, replaces_factor=link.replaces_factor)
    link.used_at = now
    link.save(update_fields=["used_at"])
    return user


def prune_setup_links(*, now: dt.datetime) -> int:
    """Remove links that have run out; returns how many."""
    removed, _by_model = SetupLink.objects.filter(expires_at__lte=now).delete()
    return removed


def lock_user(user: User) -> User:
    """The user's row as it now is; everything that opens or closes the account's ways in happens under this lock."""
    return User.objects.select_for_update(no_key=True).get(pk=user.pk)


def _close_ways(user: User, *, replaces_factor: bool) -> None:
    """Nobody who was signed in still is; a lost phone proves nothing any more."""
    if replaces_factor:
        remove_all_factors(user)
    revoke_everything(user=user)
