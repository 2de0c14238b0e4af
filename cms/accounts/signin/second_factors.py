"""Second factors: allauth keeps and computes them, with its secrets encrypted."""

from __future__ import annotations

from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter, get_adapter
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.utils.translation import gettext as _

from cms.accounts.models import User
from cms.accounts.signin import allauth_internals
from cms.core.security.crypto import decrypt, encrypt

CONTEXT = "mfa.secret"
PERIOD = 30
#: One step to either side: people type the code while it changes, and phones' clocks are a little off.
TOLERANCE = 1
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class EncryptingAdapter(DefaultMFAAdapter):
    """Secrets of authenticator apps and recovery codes are ciphertext in the database."""

    def encrypt(self, text: str) -> str:
        """Seal with the site's key ring."""
        return encrypt(text, context=CONTEXT)

    def decrypt(self, encrypted_text: str) -> str:
        """Undo ``encrypt``."""
        return decrypt(encrypted_text, context=CONTEXT)

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """Passkeys hang on the host name; browsers want `localhost`, not an IP address, on a developer's machine."""
        host = allauth_internals.current_request().get_host()
        return {"id": host.partition(":")[0], "name": settings.MFA_TOTP_ISSUER}

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # allauth's own name
        """What a passkey is called until its owner calls it something else."""
        count = Authenticator.objects.filter(user_id=user.pk, type=type).count()
        return _("通行密钥 %(number)s") % {"number": count + 1}


def is_enrolled(user: User | AnonymousUser) -> bool:
    """Whether the user has a second factor; recovery codes alone are none."""
    return Authenticator.objects.filter(user_id=user.pk, type__in=FACTORS).exists()


def authenticators_of(user: User) -> list[Authenticator]:
    """All the user's factors, the oldest first."""
    return list(Authenticator.objects.filter(user=user).order_by("pk"))


def totp_secret(authenticator: Authenticator) -> str:
    """The shared secret in clear."""
    return get_adapter().decrypt(authenticator.data["secret"])


def totp_counter(seconds: float) -> int:
    """The number of the half minute."""
    return int(seconds) // PERIOD


def totp_code(secret: str, counter: int) -> str:
    """The six digits of a half minute (RFC 6238)."""
    return allauth_internals.hotp_code(secret, counter)
